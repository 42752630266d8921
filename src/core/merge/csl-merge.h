/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three-way merge of one update operation into the current record, field group by field group.
 *
 * For each merge group G touched by the operation (cur = current values, curRev = newest stamp in G):
 *   curRev <= op.base, or cur = op.set   → take op.set
 *   cur = op.was                         → take op.set
 *   set kinds, object lists              → per element
 *   policy first                         → keep cur
 *   else                                 → keep cur, difference (was, cur, mine)
 * Never machine-merges prose. Pure: no I/O, no clock. (I16, I17, I18)
 */
#pragma once

#include "core/wire/csl-op.h"

G_BEGIN_DECLS

typedef struct
{
  guint field;
  gint64 server_rev;
  CslValue was, server, mine;
} CslDifference;

typedef struct
{
  GArray *changed;     /* of guint: fields whose value in the record changed */
  GArray *differences; /* of CslDifference: kept for a person to decide */
  bool merged; /* the record now differs from what the operation alone would have given */
} CslMergeResult;

void csl_merge_result_init (CslMergeResult *self);
void csl_merge_result_clear (CslMergeResult *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslMergeResult, csl_merge_result_clear)

/* @record: current content, changed in place. @frev: stamp of the commit that last changed each field
 * (type->n_fields entries). @op: an update (or restore) of the same record. */
void csl_merge (CslRecord *record,
                const gint64 *frev,
                const CslOp *op,
                CslMergeResult *result);

G_END_DECLS
