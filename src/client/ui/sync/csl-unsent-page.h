/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslUnsentPage: everything that has not reached the server yet (S-34), as a page of its own. */
#pragma once

#include "client/ui/shell/csl-page.h"

G_BEGIN_DECLS

#define CSL_TYPE_UNSENT_PAGE (csl_unsent_page_get_type ())
G_DECLARE_FINAL_TYPE (CslUnsentPage, csl_unsent_page, CSL, UNSENT_PAGE, CslPage)

CslPage *csl_unsent_page_new (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
