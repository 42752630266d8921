/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks compare: rows and lines of an outbox, whoever holds them. */
#pragma once

#include "core/schema/csl-record.h"

G_BEGIN_DECLS

/* Has somebody to decide about the operations on record @id? Then they are not laid any more. @entries of CslOutboxEntry. */
bool csl_sim_is_disputed (GPtrArray *entries, const char *id);
/* L1, I13: every CslRecord of @mine is the same in @wanted and none is missing, unless @entries hold operations on it.
 * Returns: (transfer full) (nullable): the first difference, with the name of its invariant */
char *csl_sim_compare_records (const CslRecordType *type,
                               GPtrArray *mine,
                               GPtrArray *wanted,
                               GPtrArray *entries);
/* The wire lines of @entries, one below the other. */
char *csl_sim_dump_outbox (GPtrArray *entries);

G_END_DECLS
