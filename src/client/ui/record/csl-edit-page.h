/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslEditPage: the generated form of any record type, as a page: new record or change, autosaved, saved as one act. */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_EDIT_PAGE (csl_edit_page_get_type ())
G_DECLARE_FINAL_TYPE (CslEditPage, csl_edit_page, CSL, EDIT_PAGE, CslPage)

/* @request: type and id, or type alone for a new record (of client and case_id), or draft. NULL when this computer does not hold
 * the record. */
CslPage *csl_edit_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
