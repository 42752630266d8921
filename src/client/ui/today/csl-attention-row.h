/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslAttentionRow: something that waits for the worker's decision: a difference, a refused
 * change, a draft. */
#pragma once

#include "client/ui/shell/csl-row.h"

G_BEGIN_DECLS

#define CSL_TYPE_ATTENTION_ROW (csl_attention_row_get_type ())
G_DECLARE_FINAL_TYPE (CslAttentionRow, csl_attention_row, CSL, ATTENTION_ROW, CslRow)

/* Everything that waits, differences first: a live GListModel. */
GListModel *csl_attention_list (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
