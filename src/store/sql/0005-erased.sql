-- SPDX-License-Identifier: GPL-3.0-or-later
-- Operations that wait, in the file of somebody who was erased by law: a refusal takes their words, whatever it says. A
-- restored server may know nothing of the record.
ALTER TABLE "_outbox" ADD COLUMN "erased" INTEGER NOT NULL DEFAULT 0;
