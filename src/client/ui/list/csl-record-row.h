/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordRow: one record of any type as a line: title, what its list fields say, states. */
#pragma once

#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_RECORD_ROW (csl_record_row_get_type ())
G_DECLARE_FINAL_TYPE (CslRecordRow, csl_record_row, CSL, RECORD_ROW, CslRow)

G_END_DECLS
