-- SPDX-License-Identifier: GPL-3.0-or-later
-- The fixed tables of a replica. Tables of record types are generated beside them.

CREATE TABLE "_meta" (
  "name" TEXT PRIMARY KEY,
  "value" ANY
) STRICT, WITHOUT ROWID;

-- count and sum are over the server's versions of the rows
CREATE TABLE "_bucket" (
  "bucket" INTEGER PRIMARY KEY,
  "name" TEXT NOT NULL UNIQUE,
  "state" INTEGER NOT NULL DEFAULT 0,      -- 0 not held, 1 filling, 2 complete
  "count" INTEGER NOT NULL DEFAULT 0,
  "sum" INTEGER NOT NULL DEFAULT 0,
  "repaired_1" INTEGER NOT NULL DEFAULT 0, -- ms, the last two repairs
  "repaired_2" INTEGER NOT NULL DEFAULT 0
) STRICT;

-- every operation as its wire line; a migration never touches a line
CREATE TABLE "_outbox" (
  "entry" INTEGER PRIMARY KEY AUTOINCREMENT, -- order of writing
  "op" TEXT NOT NULL UNIQUE,
  "group" TEXT NOT NULL,
  "n" INTEGER NOT NULL DEFAULT 0,            -- number it was last sent with
  "answered" INTEGER NOT NULL DEFAULT 0,     -- the server knows it under n
  "type" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "bucket" TEXT NOT NULL,
  "act" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "laid" INTEGER NOT NULL DEFAULT 1,         -- laid over the record
  "tries" INTEGER NOT NULL DEFAULT 0,
  "saved_ms" INTEGER NOT NULL,
  "title" TEXT,
  "line" TEXT NOT NULL,
  "answer" TEXT,
  "held_by" INTEGER,                         -- entry it waits for
  "seq" INTEGER NOT NULL DEFAULT 0           -- commit of the answer
) STRICT;
CREATE INDEX "_ix_outbox.id" ON "_outbox" ("id", "entry");
CREATE INDEX "_ix_outbox.state" ON "_outbox" ("state", "entry");
CREATE INDEX "_ix_outbox.group" ON "_outbox" ("group");

-- the server's version of records that have operations laid over them
CREATE TABLE "_shadow" (
  "type" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "bucket" INTEGER NOT NULL,
  "rev" INTEGER NOT NULL,
  "hash" INTEGER NOT NULL,
  "doc" TEXT NOT NULL,
  PRIMARY KEY ("id", "type")
) STRICT, WITHOUT ROWID;
CREATE INDEX "_ix_shadow.bucket" ON "_shadow" ("bucket");

-- records this version has no table for, or cannot read
CREATE TABLE "_unknown" (
  "type" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "bucket" INTEGER NOT NULL,
  "rev" INTEGER NOT NULL,
  "hash" INTEGER NOT NULL,
  "doc" TEXT NOT NULL,
  PRIMARY KEY ("id", "type")
) STRICT, WITHOUT ROWID;
CREATE INDEX "_ix_unknown.bucket" ON "_unknown" ("bucket");

-- answers of history, for reading without a network
CREATE TABLE "_history" (
  "type" TEXT NOT NULL,
  "id" TEXT NOT NULL,
  "bucket" INTEGER NOT NULL,
  "text" TEXT NOT NULL,
  PRIMARY KEY ("id", "type")
) STRICT, WITHOUT ROWID;
CREATE INDEX "_ix_history.bucket" ON "_history" ("bucket");

-- per type: rows up to this one are in the full-text index
CREATE TABLE "_search" (
  "type" TEXT PRIMARY KEY,
  "row" INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
