/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person does: one act, one transaction, one outbox group. */
#pragma once

#include "store/csl-replica.h"

G_BEGIN_DECLS

/* @before: what the person was looking at (NULL: a new record); @after: as it should be (NULL: deleted). */
typedef struct
{
  const CslRecord *before, *after; /* (unowned) */
} CslReplicaChange;

typedef struct
{
  const char *zone;     /* (nullable) IANA zone for the instant of the operation */
  const char *reason;   /* (nullable) goes on every operation that changes a record */
  const char *resolves; /* (nullable) id of the sync_conflict this settles */
  const char *
    fixes; /* (nullable) op id of the refused operation this repairs: that one is closed, held ones wait anew */
  bool
    squash; /* may be folded into the newest waiting operation on the same record if that was never sent */
} CslReplicaAct;

/* Durable when it returns TRUE (R1). Records of local types are written without an operation. Changes that change
 * nothing are left out. FULL, READ_ONLY, BUSY, IO, DAMAGED: nothing was written. */
bool csl_replica_commit (CslReplica *self,
                         const CslReplicaChange *changes,
                         guint n_changes,
                         const CslReplicaAct *act,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
