/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslTimelineRow: one thing that happened, in plain words, under its day. */
#pragma once

#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_TIMELINE_ROW (csl_timeline_row_get_type ())
G_DECLARE_FINAL_TYPE (CslTimelineRow, csl_timeline_row, CSL, TIMELINE_ROW, CslRow)

G_END_DECLS
