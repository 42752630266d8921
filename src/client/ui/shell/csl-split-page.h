/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSplitPage: a list page and, beside it from about 860 pixels or in front of it below, the
 * record chosen in it. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_SPLIT_PAGE (csl_split_page_get_type ())
G_DECLARE_FINAL_TYPE (CslSplitPage, csl_split_page, CSL, SPLIT_PAGE, CslPage)

/* Floating; takes the floating @list, which says by its property "is-empty" whether there is anything to choose, and its
 * title. */
CslPage *csl_split_page_new (CslSession *session, CslPage *list)
  G_GNUC_WARN_UNUSED_RESULT;
/* Shows a record in the detail pane. */
void csl_split_page_open (CslSplitPage *self, const char *type, const char *id);
/* The page in the detail pane, or NULL. */
CslPage *csl_split_page_get_detail (CslSplitPage *self);

G_END_DECLS
