/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the buckets of one organisation were at every commit that was the newest one for a while: count and sum. A
 * replica that says it is at commit S has exactly that, or it lost, invented or skipped something (I7, I8). */
#pragma once

#include "store/csl-db.h"

G_BEGIN_DECLS

typedef struct _CslSimModel CslSimModel;

CslSimModel *csl_sim_model_new (void);
void csl_sim_model_free (CslSimModel *self);
/* Takes in what @db, the server's file, says now. Another epoch forgets everything before. Returns NULL, or what is
 * wrong (owned). */
char *csl_sim_model_observe (CslSimModel *self, CslDb *db);
gint64 csl_sim_model_get_head (const CslSimModel *self);
const char *csl_sim_model_get_epoch (const CslSimModel *self);
/* FALSE: @seq was never the newest commit, as far as was seen. */
bool csl_sim_model_knows (const CslSimModel *self, gint64 seq);
/* Of @bucket at @seq; zero when there was none. */
void csl_sim_model_lookup (const CslSimModel *self,
                           const char *bucket,
                           gint64 seq,
                           gint64 *ret_count,
                           gint64 *ret_sum);

G_END_DECLS
