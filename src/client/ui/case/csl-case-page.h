/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslCasePage: the workspace of a case: who and what at the top, below it the story, the facts,
 * the people, the plan and what is to do. */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_CASE_PAGE (csl_case_page_get_type ())
G_DECLARE_FINAL_TYPE (CslCasePage, csl_case_page, CSL, CASE_PAGE, CslPage)

/* Floating; NULL when the case is not on this computer. */
CslPage *csl_case_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
