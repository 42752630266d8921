/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslCaseRow: a case as a line: who, what about, how it stands. */
#pragma once

#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_CASE_ROW (csl_case_row_get_type ())
G_DECLARE_FINAL_TYPE (CslCaseRow, csl_case_row, CSL, CASE_ROW, CslRow)

G_END_DECLS
