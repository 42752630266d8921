-- SPDX-License-Identifier: GPL-3.0-or-later
-- The commit in which the record left this replica while the operation still waited: an answer that says the operation
-- was applied before that commit must not lay it over nothing for ever.
ALTER TABLE "_outbox" ADD COLUMN "gone" INTEGER NOT NULL DEFAULT 0;
