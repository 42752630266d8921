/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslTaskRow: a task as a line, ticked off in place. */
#pragma once

#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_TASK_ROW (csl_task_row_get_type ())
G_DECLARE_FINAL_TYPE (CslTaskRow, csl_task_row, CSL, TASK_ROW, CslRow)

G_END_DECLS
