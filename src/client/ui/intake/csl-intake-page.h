/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslIntakePage: a new client and a first case on one page, top to bottom (S-13). */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_INTAKE_PAGE (csl_intake_page_get_type ())
G_DECLARE_FINAL_TYPE (CslIntakePage, csl_intake_page, CSL, INTAKE_PAGE, CslPage)

/* With request->id (an existing client): the generic edit page instead. */
CslPage *csl_intake_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
