/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hash over all bucket sums that a pull request carries as "sums" (docs/protocol.md, part 12). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CSL_SUM_LENGTH 16 /* hexadecimal digits of a sum or hash on the wire */

typedef struct _CslSums CslSums;

CslSums *csl_sums_new (void) G_GNUC_WARN_UNUSED_RESULT;
void csl_sums_free (CslSums *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSums, csl_sums_free)
/* Buckets come sorted by the bytes of their names; those without rows are left out by the callee. */
void csl_sums_add (CslSums *self, const char *bucket, gint64 count, guint64 sum);
/* 16 hexadecimal digits. Once only. */
char *csl_sums_finish (CslSums *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
