/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRowGroup: a titled boxed list of a few rows. Properties: "title", "empty-text" (shown when
 * there are none; without it the whole group hides), "limit" (uint: more fold behind a button). */
#pragma once

#include "client/ui/shell/csl-page-table.h"
#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_ROW_GROUP (csl_row_group_get_type ())
G_DECLARE_FINAL_TYPE (CslRowGroup, csl_row_group, CSL, ROW_GROUP, AdwBin)

/* What is listed and how. @row_type: a CslRow. */
void csl_row_group_set_model (CslRowGroup *self,
                              CslSession *session,
                              GListModel *model,
                              GType row_type);
/* Offers a button that begins a new record. The strings of @request are copied. */
void csl_row_group_set_new (CslRowGroup *self,
                            const char *label,
                            const CslPageRequest *request);

G_END_DECLS
