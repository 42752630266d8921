-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a full-text index says of a row whose text changed since: it can only be taken out as it was put in.
CREATE TABLE "_stale" (
  "type" TEXT NOT NULL,
  "order" INTEGER NOT NULL, -- _order of the row
  "texts" TEXT NOT NULL,    -- array of the indexed columns
  PRIMARY KEY ("type", "order")
) STRICT, WITHOUT ROWID;
