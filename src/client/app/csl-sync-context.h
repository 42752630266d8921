/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSyncContext: what performing the engine's actions needs and learns. Used by the driver and its
 * action files only, on the sync thread. */
#pragma once

#include "client/app/csl-credentials.h"
#include "client/app/csl-vault.h"
#include "core/base/csl-env.h"
#include "core/sync/csl-sync.h"
#include "core/wire/csl-transport.h"
#include "store/csl-replica-outbox.h"
#include "store/csl-replica-pull.h"

G_BEGIN_DECLS

typedef struct
{
  /* from outside */
  const CslEnv *env;           /* (unowned) */
  CslVault *vault;             /* (owned) */
  CslTransport *transport;     /* (unowned) */
  CslCredentials *credentials; /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  guint schema_version;
  /* May a pull go on with the next page? FALSE: something else wants to happen. */
  bool (*may_go_on) (gpointer data);
  void (*arrived) (gpointer data); /* (nullable): a first sync began, or a page came */
  gpointer data;
  /* learned */
  gint64 page_bytes, push_ops, push_bytes; /* limits of the server */
  gint64 max_bytes;       /* of the next page: halved by a cut, doubled by a success */
  GPtrArray *bad_buckets; /* (owned) of char*: to repair */
  bool other_epoch;       /* an answer was refused because it is of another history */
  CslOutboxCounts counts; /* after the last action */
  gint64 clock_difference_s;
  gint64 rows_expected, rows_received; /* of a first sync; 0: not known */
  bool first_sync;
  bool removed;       /* the organisation ordered this copy to go */
  bool order_refused; /* an order came that is not to be obeyed */
} CslSyncContext;

/* Performs one action; the outcome is OK or FAILED. */
CslSyncEvent csl_sync_context_perform (CslSyncContext *self, const CslSyncAction *action);
/* Reads counts; operations that could be sent now. */
guint csl_sync_context_count (CslSyncContext *self);

/* One file each. */
CslSyncEvent csl_sync_context_push (CslSyncContext *self, guint max_ops);
CslSyncEvent csl_sync_context_pull (CslSyncContext *self);
CslSyncEvent csl_sync_context_repair (CslSyncContext *self);
CslSyncEvent csl_sync_context_reconcile (CslSyncContext *self);

/* For those files. */
bool csl_sync_context_exchange (CslSyncContext *self,
                                const CslExchange *request,
                                CslExchangeReply *reply,
                                CslLineFunc on_line,
                                gpointer data,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* POSTs @body (takes) and collects the answer's lines. */
bool csl_sync_context_fetch_text (CslSyncContext *self,
                                  const char *path,
                                  GString *body,
                                  GString *text,
                                  CslExchangeReply *reply,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
CslReplicaIdentity csl_sync_context_get_identity (CslSyncContext *self);
CslSyncEvent csl_sync_context_ok (CslSyncContext *self);
CslSyncEvent csl_sync_context_failed (const GError *error, const CslExchangeReply *reply);

G_END_DECLS
