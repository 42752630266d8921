/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the disk format and the machine allow: the same rows written by bare statements out of memory. */
#pragma once

#include "core/schema/csl-schema.h"

G_BEGIN_DECLS

/* Milliseconds to put @n_notes in order into new encrypted tables of a replica, in one transaction, and then into their
 * full-text index. No protocol, no hashes, no bookkeeping. */
double bench_limit_insert (const CslSchema *schema,
                           const char *folder,
                           guint n_cases,
                           guint n_notes,
                           double *ret_busy_ms);
/* Milliseconds to change @n_edits notes in tables like the server's, with a row of history and a row for the operation
 * each, 500 in a transaction. */
double bench_limit_push (const CslSchema *schema, const char *folder, guint n_edits);
/* Milliseconds until a small write is on the disk; the median of some. */
double bench_limit_fsync (const char *folder);

G_END_DECLS
