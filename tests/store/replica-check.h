/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds in every replica's file; a violation fails the test. */
#pragma once

#include "core/schema/csl-schema.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

/* R3 (I9): every row with operations is its shadow with the lines laid over it, in order. */
void replica_check_laid (const CslSchema *schema, CslDb *db);
/* R7: count and sum of each bucket are those of the server's versions of its rows. */
void replica_check_sums (const CslSchema *schema, CslDb *db);
/* One row: for the type at position P whether it has rows, in column P + 1. Most types are used by nobody, and need no
 * statements. Belongs to @db; reset it when done. */
CslStmt *replica_check_find_rows (const CslSchema *schema, CslDb *db);

G_END_DECLS
