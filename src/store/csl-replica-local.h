/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What never leaves this computer: records of local types (drafts), and the history seen last. */
#pragma once

#include "store/csl-replica.h"

G_BEGIN_DECLS

/* @record's type must be local. Creates or replaces; durable when it returns TRUE. */
bool csl_replica_put_local (CslReplica *self, const CslRecord *record, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
bool csl_replica_delete_local (CslReplica *self,
                               const char *type,
                               const char *id,
                               GError **error);

/* The answer of POST /v1/sync/history, kept for reading without a network; it goes when the record's bucket goes. */
bool csl_replica_put_history (CslReplica *self,
                              const char *type,
                              const char *id,
                              const char *text,
                              GError **error);

G_END_DECLS
