/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox without its storage: making operations from what a person changed, laying pending operations
 * over the server's version, and the states of an entry.
 *
 *   queued ──push──► sent ──ok/merged──► acked ──record's rev ≥ seq and backup──► (removed)
 *     ▲               │ ├──held────────► held ──(cause fixed)──► queued
 *     └──cut/5xx──────┘ ├──rejected────► rejected ┐
 *                       ├──conflict────► conflict ├─ stay until the person closes them
 *                       └──escrow──────► escrow   ┘
 * Only an explicit per-operation verdict leaves "sent"; nothing here removes a typed word.
 */
#pragma once

#include "core/wire/csl-answer.h"
#include "core/wire/csl-op.h"

G_BEGIN_DECLS

typedef enum {
  CSL_OUTBOX_QUEUED,
  CSL_OUTBOX_SENT,
  CSL_OUTBOX_ACKED,
  CSL_OUTBOX_HELD,
  CSL_OUTBOX_REJECTED,
  CSL_OUTBOX_CONFLICT,
  CSL_OUTBOX_ESCROW,
  CSL_OUTBOX_WITHDRAWN, /* explicitly given up by its author; the line is kept */
} CslOutboxState;

const char *csl_outbox_state_to_string (CslOutboxState state);
bool csl_outbox_state_from_string (const char *text, CslOutboxState *ret_state);
/* Still laid over the server's version? (queued, sent, acked, held, rejected: yes; conflict, escrow, withdrawn: no) */
bool csl_outbox_state_overlays (CslOutboxState state);
/* State after a verdict; anything but a per-operation verdict gives QUEUED back for SENT. */
CslOutboxState csl_outbox_next_state (CslOutboxState state, const CslAnswer *answer);

/* The operation that turns @before into @after (either may be NULL: create / delete), with base = before->rev.
 * NULL when nothing differs. Server fields are left out. Ids, n, group and times are filled by the caller. */
CslOp *csl_op_from_change (const CslRecord *before, const CslRecord *after)
  G_GNUC_WARN_UNUSED_RESULT;
/* The base @op may have: its own, or a lower one when an operation of @own (CslOp, of this replica on the record) hides from
 * its author what @server, the server's version under @seen, has. */
gint64 csl_op_find_base (const CslOp *op,
                         const CslRecord *seen,
                         const CslRecord *server,
                         const GPtrArray *own);
/* Applies one operation locally. Takes @record, the version under it (NULL: none); gives it back changed, or a new
 * one, or NULL (deleted, or an update of what is gone). */
CslRecord *csl_op_apply (CslRecord *record, const CslOp *op) G_GNUC_WARN_UNUSED_RESULT;
/* May @newer be folded into the queued, never-sent @older (same record, updates, not notes' finals)? Does it. */
bool csl_op_squash (CslOp *older, const CslOp *newer);
/* Puts what the author changes now into the @refused operation on the same record, refused for the reason in @why. What
 * operations of @later (CslOp, written between the two) set, too, is left in @newer. */
bool csl_op_correct (CslOp *refused,
                     CslOp *newer,
                     const GPtrArray *later,
                     const CslAnswer *why);

G_END_DECLS
