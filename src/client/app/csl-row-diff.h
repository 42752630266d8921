/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The difference between two lists of row keys, as few changes for a list model. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* At @position of the list as it is when the hunks before have been applied, @removed keys go
 * and @added come: those at the same position of the new list. */
typedef struct
{
  guint position, removed, added;
} CslRowHunk;

/* Array of CslRowHunk from left to right; no key occurs twice in a list. What moved is removed
 * and added; what stayed in order is not touched. */
GArray *csl_row_diff (const gint64 *before,
                      guint n_before,
                      const gint64 *after,
                      guint n_after) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
