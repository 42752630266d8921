/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslStrandedPage: what somebody wrote who has no access any more, beside what the record says now; a person takes it over, or
 * says why not. */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_STRANDED_PAGE (csl_stranded_page_get_type ())
G_DECLARE_FINAL_TYPE (CslStrandedPage, csl_stranded_page, CSL, STRANDED_PAGE, CslPage)

/* @request: id of a stranded_work. NULL when it is not on this computer. */
CslPage *csl_stranded_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
