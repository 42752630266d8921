-- SPDX-License-Identifier: GPL-3.0-or-later
-- When an administrator has begun the ledger anew, and what was wrong with it then: gap 1 when it had been lost, lines that could not be read.
CREATE TABLE _ledger_renewed (
  n INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  head INTEGER NOT NULL,
  gap INTEGER NOT NULL,
  damaged INTEGER NOT NULL
) STRICT;
