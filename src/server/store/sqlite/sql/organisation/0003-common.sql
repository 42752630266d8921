-- SPDX-License-Identifier: GPL-3.0-or-later
-- The newest commit that every restore has kept; 0: there was none.
ALTER TABLE _head ADD COLUMN common INTEGER NOT NULL DEFAULT 0;
