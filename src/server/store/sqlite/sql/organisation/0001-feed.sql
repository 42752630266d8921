-- SPDX-License-Identifier: GPL-3.0-or-later
-- The fixed tables of one organisation. The typed tables are generated from the record types.

-- One row. head is raised as the last statement of every writing transaction.
CREATE TABLE _head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch TEXT NOT NULL,
  head INTEGER NOT NULL,
  horizon INTEGER NOT NULL,
  safe_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE _bucket (
  bucket INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  count INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT;

-- The feed: every record once, in its canonical wire form. n orders the rows of one commit.
CREATE TABLE _rec (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  rank INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  created INTEGER NOT NULL,
  hash INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  row INTEGER NOT NULL,
  doc TEXT,
  frev TEXT
) STRICT;
CREATE INDEX _rec_seq ON _rec (seq, n) WHERE state = 0;
CREATE INDEX _rec_fill ON _rec (bucket, rank, id) WHERE state = 0;

-- Rows that left a bucket.
CREATE TABLE _gone (
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE _hist (
  rec INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  op TEXT,
  device TEXT,
  act TEXT NOT NULL,
  fields TEXT,
  PRIMARY KEY (rec, seq, n)
) STRICT, WITHOUT ROWID;

-- Every operation that was answered. state: 0 done, 1 refused, 2 held.
CREATE TABLE _op (
  op TEXT PRIMARY KEY,
  hash INTEGER NOT NULL,
  device TEXT NOT NULL,
  inc TEXT NOT NULL,
  n INTEGER NOT NULL,
  who TEXT NOT NULL,
  record TEXT NOT NULL,
  seq INTEGER NOT NULL,
  is_create INTEGER NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
  answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX _op_failed ON _op (record, device) WHERE state > 0 AND is_create = 1;

CREATE TABLE _device (
  device TEXT NOT NULL,
  inc TEXT NOT NULL,
  who TEXT NOT NULL,
  last_n INTEGER NOT NULL,
  PRIMARY KEY (device, inc)
) STRICT, WITHOUT ROWID;

CREATE TABLE _device_state (
  device TEXT PRIMARY KEY,
  who TEXT NOT NULL,
  acked INTEGER NOT NULL,
  unsent INTEGER NOT NULL,
  last_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE _who (
  who INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

-- Who sees which bucket, from which commit to which (to_seq NULL: still).
CREATE TABLE _access (
  who INTEGER NOT NULL,
  from_seq INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  mask INTEGER NOT NULL,
  to_seq INTEGER,
  why TEXT NOT NULL,
  PRIMARY KEY (who, bucket, from_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX _access_begun ON _access (who, from_seq, bucket);
CREATE INDEX _access_open ON _access (bucket, who) WHERE to_seq IS NULL;
CREATE INDEX _access_ended ON _access (who, to_seq) WHERE to_seq IS NOT NULL;

-- Work for buckets its author has lost: kept for a supervisor.
CREATE TABLE _escrow (
  op TEXT PRIMARY KEY,
  who TEXT NOT NULL,
  bucket TEXT NOT NULL,
  line TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE _number (
  name TEXT PRIMARY KEY,
  next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
