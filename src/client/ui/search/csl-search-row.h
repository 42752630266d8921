/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSearchRow: one thing the search found; the first of each kind has a heading above it. */
#pragma once

#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_SEARCH_ROW (csl_search_row_get_type ())
G_DECLARE_FINAL_TYPE (CslSearchRow, csl_search_row, CSL, SEARCH_ROW, CslRow)

/* What a screen reader says for @item. */
char *csl_search_row_dup_spoken (CslSession *session, gpointer item)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
