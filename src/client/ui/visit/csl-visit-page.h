/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslVisitPage: home visit mode (S-36): one calm page from check-in to check-out. */
#pragma once

#include "client/app/csl-visit-sheet.h"
#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_VISIT_PAGE (csl_visit_page_get_type ())
G_DECLARE_FINAL_TYPE (CslVisitPage, csl_visit_page, CSL, VISIT_PAGE, CslPage)

/* @request: appointment, or id of a visit that is going on, or client (and case_id), or draft. NULL when this computer does not
 * hold the client. */
CslPage *csl_visit_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
