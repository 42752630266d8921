/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordPage: any record to read, with Edit and History. */
#pragma once

#include "client/ui/shell/csl-page-table.h"

G_BEGIN_DECLS

#define CSL_TYPE_RECORD_PAGE (csl_record_page_get_type ())
G_DECLARE_FINAL_TYPE (CslRecordPage, csl_record_page, CSL, RECORD_PAGE, CslPage)

/* Floating; NULL when the record is not on this computer. */
CslPage *csl_record_page_new (CslSession *session, const CslPageRequest *request)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
