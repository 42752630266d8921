-- SPDX-License-Identifier: GPL-3.0-or-later
-- One row: what the generated tables were last made from. Whoever wants just these need not look at each of them.
CREATE TABLE _tables (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  fingerprint TEXT NOT NULL
) STRICT;
