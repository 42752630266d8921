/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslDifferencePage: two versions of the same fields, side by side with who and when; a person decides (S-35). The word
 * "conflict" is never shown. */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_DIFFERENCE_PAGE (csl_difference_page_get_type ())
G_DECLARE_FINAL_TYPE (CslDifferencePage,
                      csl_difference_page,
                      CSL,
                      DIFFERENCE_PAGE,
                      CslPage)

/* @request: id of a sync_conflict. NULL when it or its type is not on this computer. */
CslPage *csl_difference_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
