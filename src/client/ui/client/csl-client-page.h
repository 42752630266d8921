/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslClientPage: a person: how to reach them safely, their cases, people, papers, their story. */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_CLIENT_PAGE (csl_client_page_get_type ())
G_DECLARE_FINAL_TYPE (CslClientPage, csl_client_page, CSL, CLIENT_PAGE, CslPage)

/* Floating; NULL when the client is not on this computer. */
CslPage *csl_client_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
