-- SPDX-License-Identifier: GPL-3.0-or-later
-- The head the last backup was put back with; 0: never. Records up to it may be behind what devices still have.
ALTER TABLE _head ADD COLUMN restored INTEGER NOT NULL DEFAULT 0;
