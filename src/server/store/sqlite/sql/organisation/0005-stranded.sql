-- SPDX-License-Identifier: GPL-3.0-or-later
-- Kept work is decided group by group, and what builds on a record that was only kept is kept too.
ALTER TABLE _escrow ADD COLUMN grp TEXT NOT NULL DEFAULT '';
ALTER TABLE _escrow ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE _escrow ADD COLUMN record TEXT NOT NULL DEFAULT '';
ALTER TABLE _escrow ADD COLUMN is_create INTEGER NOT NULL DEFAULT 0;
UPDATE _escrow SET grp = coalesce (line ->> '$.g', ''), n = coalesce (line ->> '$.gn[0]', 0),
  record = coalesce (line ->> '$.id', ''), is_create = coalesce (line ->> '$.act', '') = 'create';
CREATE INDEX _escrow_group ON _escrow (grp, who);
CREATE INDEX _escrow_record ON _escrow (record, who) WHERE is_create = 1;

-- Who took over work that is in the history under its author's name.
ALTER TABLE _hist ADD COLUMN accepted_by TEXT;
