-- SPDX-License-Identifier: GPL-3.0-or-later
-- Operations that offer other people's records to a restored server: a refused one is forgotten, nobody here wrote it.
ALTER TABLE "_outbox" ADD COLUMN "offer" INTEGER NOT NULL DEFAULT 0;
