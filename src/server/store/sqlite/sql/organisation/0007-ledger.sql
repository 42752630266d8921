-- SPDX-License-Identifier: GPL-3.0-or-later
-- The newest commit that is in the ledger beside the database, and the head at which a backup was put back without one.
ALTER TABLE _head ADD COLUMN ledger INTEGER NOT NULL DEFAULT 0;
ALTER TABLE _head ADD COLUMN ledger_gap INTEGER NOT NULL DEFAULT 0;

-- Access that ended after the backup that was put back: mask is not given, whatever the records say. given: what they say.
-- by_role: it was a role that ended, not a part in that file.
CREATE TABLE _withheld (
  who INTEGER NOT NULL,
  bucket INTEGER NOT NULL,
  mask INTEGER NOT NULL,
  given INTEGER NOT NULL,
  by_role INTEGER NOT NULL,
  PRIMARY KEY (who, bucket)
) STRICT, WITHOUT ROWID;

-- Records of which a change was lost with such a history: when they are offered again they are nobody's new decision.
CREATE TABLE _changed (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE INDEX _rec_erased ON _rec (seq) WHERE state = 2;
