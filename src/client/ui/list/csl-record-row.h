/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordRow: one record of any type as a line: title, what its list fields say, states.
 * CslFoundRow: the same where records of many clients stand together: it names the client. */
#pragma once

#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_RECORD_ROW (csl_record_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (CslRecordRow, csl_record_row, CSL, RECORD_ROW, CslRow)

struct _CslRecordRowClass
{
  CslRowClass parent_class;
  gboolean names_client; /* the second line begins with the client */
};

#define CSL_TYPE_FOUND_ROW (csl_found_row_get_type ())
G_DECLARE_FINAL_TYPE (CslFoundRow, csl_found_row, CSL, FOUND_ROW, CslRecordRow)

G_END_DECLS
