-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far the history had come when a day (counted since 1970) was first looked at: the age of commits.
CREATE TABLE _day (
  day INTEGER PRIMARY KEY,
  head INTEGER NOT NULL
) STRICT;
