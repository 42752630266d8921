-- SPDX-License-Identifier: GPL-3.0-or-later
-- Organisations, accounts, devices and sessions.

CREATE TABLE organisation (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  username TEXT NOT NULL,
  folded TEXT NOT NULL,
  display_name TEXT NOT NULL,
  hash TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  must_change INTEGER NOT NULL,
  UNIQUE (folded, organisation)
) STRICT, WITHOUT ROWID;

-- One computer may serve several people.
CREATE TABLE device (
  id TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES account (id),
  organisation TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  added_ms INTEGER NOT NULL,
  revoked INTEGER NOT NULL,
  PRIMARY KEY (id, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  organisation TEXT NOT NULL,
  device TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  used INTEGER NOT NULL,
  revoked INTEGER NOT NULL,
  FOREIGN KEY (device, account) REFERENCES device (id, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account) WHERE revoked = 0;

CREATE TABLE attempt (
  key TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  next_ms INTEGER NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
