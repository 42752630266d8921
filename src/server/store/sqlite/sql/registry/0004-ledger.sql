-- SPDX-License-Identifier: GPL-3.0-or-later
-- Is there a ledger beside the database? lost: it was gone once, and nobody knows what it said.
CREATE TABLE ledger (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  lost INTEGER NOT NULL
) STRICT;
