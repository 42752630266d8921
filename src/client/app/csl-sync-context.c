/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync-context.c: performs the small actions of the sync engine and shares what the larger ones
 * need (csl-sync-push.c, csl-sync-pull.c, csl-sync-repair.c).
 *
 * Straight-line code on the sync thread: the network is waited for here, the database by handing
 * work to the vault. Nothing here decides what comes next; that is the engine's matter.
 */
#define G_LOG_DOMAIN "csl-sync"

#include "client/app/csl-sync-context.h"

#include "client/app/csl-kept-tokens.h"
#include "client/app/csl-removal.h"
#include "store/csl-store-error.h"

#include <string.h>

#define PROTOCOL_VERSION 1

static CslSyncFailure
failure_from_net (int code)
{
  switch ((CslNetError) code) {
  case CSL_NET_ERROR_OFFLINE:
  case CSL_NET_ERROR_GARBAGE: /* a hotel's page is no network */
    return CSL_SYNC_FAILURE_OFFLINE;
  case CSL_NET_ERROR_CERTIFICATE:
    return CSL_SYNC_FAILURE_CERTIFICATE;
  case CSL_NET_ERROR_UNAUTHORIZED:
    return CSL_SYNC_FAILURE_UNAUTHORIZED;
  case CSL_NET_ERROR_REFUSED:
    return CSL_SYNC_FAILURE_REFUSED;
  case CSL_NET_ERROR_TOO_LARGE:
    return CSL_SYNC_FAILURE_TOO_LARGE;
  case CSL_NET_ERROR_TIMEOUT:
  case CSL_NET_ERROR_CUT:
  case CSL_NET_ERROR_BUSY:
    break;
  }
  return CSL_SYNC_FAILURE_TRANSIENT;
}

static CslSyncFailure
failure_from_store (int code)
{
  switch ((CslStoreError) code) {
  case CSL_STORE_ERROR_BUSY:
    return CSL_SYNC_FAILURE_TRANSIENT;
  case CSL_STORE_ERROR_INVALID:
    return CSL_SYNC_FAILURE_REFUSED;
  case CSL_STORE_ERROR_WRONG_KEY:
  case CSL_STORE_ERROR_MISSING:
  case CSL_STORE_ERROR_EXISTS:
  case CSL_STORE_ERROR_NEWER:
  case CSL_STORE_ERROR_DAMAGED:
  case CSL_STORE_ERROR_FULL:
  case CSL_STORE_ERROR_READ_ONLY:
  case CSL_STORE_ERROR_IO:
    break;
  }
  return CSL_SYNC_FAILURE_STORE;
}

CslSyncEvent
csl_sync_context_failed (const GError *error, const CslExchangeReply *reply)
{
  CslSyncEvent event = { .kind = CSL_SYNC_EVENT_FAILED,
                         .failure = CSL_SYNC_FAILURE_TRANSIENT };

  if (error->domain == CSL_NET_ERROR)
    event.failure = failure_from_net (error->code);
  else if (error->domain == CSL_STORE_ERROR)
    event.failure = failure_from_store (error->code);
  if (reply != NULL)
    event.retry_after_ms = reply->retry_after_s * 1000;
  return event;
}

static bool
count (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_replica_count_outbox (replica, data, error);
}

guint
csl_sync_context_count (CslSyncContext *self)
{
  CslOutboxCounts counts = { 0 };

  if (csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, count, &counts, NULL))
    self->counts = counts;
  /* Between two pushes nothing is on its way: answers that could not be kept leave it marked so. */
  return self->counts.queued + self->counts.sent;
}

CslSyncEvent
csl_sync_context_ok (CslSyncContext *self)
{
  return (CslSyncEvent){ .kind = CSL_SYNC_EVENT_OK,
                         .queued = csl_sync_context_count (self) };
}

static bool
copy_identity (CslReplica *replica,
               gpointer data,
               CslVaultChanges *changes,
               GError **error)
{
  *(CslReplicaIdentity *) data = *csl_replica_get_identity (replica);
  return true;
}

CslReplicaIdentity
csl_sync_context_get_identity (CslSyncContext *self)
{
  CslReplicaIdentity identity = { 0 };

  csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, copy_identity, &identity, NULL);
  return identity;
}

/* -- orders -- */

static bool
take_order (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_removal_take_order (replica, data, error);
}

/* Whatever was asked for: a refusal may carry the order to remove this copy. */
static void
look_for_order (CslSyncContext *self, const CslExchangeReply *reply)
{
  g_autoptr (GError) error = NULL;

  if (reply->order == NULL || self->removed)
    return;
  self->removed = csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, take_order,
                                 reply->order, &error);
  if (self->removed || self->order_refused)
    return;
  self->order_refused = true;
  g_warning ("An order to remove the records from this computer was ignored: %s",
             error->message);
}

bool
csl_sync_context_exchange (CslSyncContext *self,
                           const CslExchange *request,
                           CslExchangeReply *reply,
                           CslLineFunc on_line,
                           gpointer data,
                           GError **error)
{
  bool done = self->transport->exchange (self->transport, request, reply, on_line, data,
                                         self->cancellable, error);

  if (reply->server_time_ms != 0)
    self->clock_difference_s = (csl_env_wall_ms (self->env) - reply->server_time_ms) /
                               1000;
  if (!done)
    look_for_order (self, reply);
  return done;
}

static bool
collect_line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  GString *text = data;

  g_string_append_len (text, line, (gssize) length);
  g_string_append_c (text, '\n');
  return true;
}

bool
csl_sync_context_fetch_text (CslSyncContext *self,
                             const char *path,
                             GString *body,
                             GString *text,
                             CslExchangeReply *reply,
                             GError **error)
{
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (body);
  CslExchange request = { .method = "POST", .path = path, .body = bytes };

  return csl_sync_context_exchange (self, &request, reply, collect_line_cb, text, error);
}

/* -- hello -- */

static bool
hello_line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  csl_hello_clear (data);
  return csl_hello_parse (data, line, length, error);
}

static bool
ask_hello (CslSyncContext *self, CslHello *hello, CslExchangeReply *reply, GError **error)
{
  CslExchange request = { .method = "GET", .path = "/v1/sync/hello" };

  if (!csl_sync_context_exchange (self, &request, reply, hello_line_cb, hello, error))
    return false;
  if (hello->epoch == NULL || hello->protocol_min > PROTOCOL_VERSION ||
      hello->protocol_max < PROTOCOL_VERSION) {
    g_set_error (error, CSL_NET_ERROR, CSL_NET_ERROR_REFUSED,
                 "the server speaks another protocol");
    return false;
  }
  self->page_bytes = hello->page_bytes;
  self->push_ops = hello->push_ops;
  self->push_bytes = hello->push_bytes;
  return true;
}

static CslSyncEvent
perform_hello (CslSyncContext *self)
{
  g_auto (CslHello) hello = { 0 };
  g_auto (CslExchangeReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  CslReplicaIdentity identity = csl_sync_context_get_identity (self);
  CslSyncEvent event;

  if (!ask_hello (self, &hello, &reply, &error))
    return csl_sync_context_failed (error, &reply);
  if (g_strcmp0 (hello.order, "relogin") == 0) {
    csl_credentials_forget (self->credentials);
    return (CslSyncEvent){ .kind = CSL_SYNC_EVENT_FAILED,
                           .failure = CSL_SYNC_FAILURE_UNAUTHORIZED };
  }
  event = csl_sync_context_ok (self);
  event.head = hello.head;
  event.epoch_changed = *identity.epoch != '\0' &&
                        strcmp (identity.epoch, hello.epoch) != 0;
  /* One that was begun before the program ended is begun again. */
  event.reconcile = g_strcmp0 (hello.order, "reconcile") == 0 || identity.reconcile;
  return event;
}

/* -- refresh -- */

static bool
store_tokens (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  return csl_kept_tokens_put (replica, data, false, error);
}

static CslSyncEvent
perform_refresh (CslSyncContext *self)
{
  g_autoptr (GError) error = NULL;
  g_auto (CslTokens) tokens = { 0 };
  g_auto (CslExchangeReply) reply = { 0 };

  if (!csl_credentials_refresh (self->credentials, self->transport, &tokens, &reply,
                                self->cancellable, &error)) {
    look_for_order (self, &reply);
    return csl_sync_context_failed (error, &reply);
  }
  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, store_tokens, &tokens,
                      &error))
    return csl_sync_context_failed (error, NULL);
  return csl_sync_context_ok (self);
}

/* -- another history -- */

static bool
change_epoch (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  const CslHello *hello = data;

  changes->outbox = true;
  csl_type_set_add_all (&changes->types);
  return csl_replica_change_epoch (replica, hello->epoch, hello->epoch_head, error);
}

static CslSyncEvent
perform_reoffer (CslSyncContext *self)
{
  g_auto (CslHello) hello = { 0 };
  g_auto (CslExchangeReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  CslReplicaIdentity identity = csl_sync_context_get_identity (self);

  if (!ask_hello (self, &hello, &reply, &error))
    return csl_sync_context_failed (error, &reply);
  /* Done before, and cut before it was told. */
  if (strcmp (identity.epoch, hello.epoch) == 0)
    return csl_sync_context_ok (self);
  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, change_epoch, &hello, &error))
    return csl_sync_context_failed (error, NULL);
  return csl_sync_context_ok (self);
}

static CslSyncEvent
perform (CslSyncContext *self, const CslSyncAction *action)
{
  g_autofree char *access = NULL;

  if (action->kind != CSL_SYNC_ACTION_REFRESH) {
    access = csl_credentials_dup_access (self->credentials);
    /* The answer is known without asking. */
    if (access == NULL)
      return (CslSyncEvent){ .kind = CSL_SYNC_EVENT_FAILED,
                             .failure = CSL_SYNC_FAILURE_UNAUTHORIZED };
  }
  switch (action->kind) {
  case CSL_SYNC_ACTION_HELLO:
    return perform_hello (self);
  case CSL_SYNC_ACTION_REFRESH:
    return perform_refresh (self);
  case CSL_SYNC_ACTION_PUSH:
    return csl_sync_context_push (self, action->max_ops);
  case CSL_SYNC_ACTION_PULL:
    return csl_sync_context_pull (self);
  case CSL_SYNC_ACTION_REPAIR:
    return csl_sync_context_repair (self);
  case CSL_SYNC_ACTION_REOFFER:
    return perform_reoffer (self);
  case CSL_SYNC_ACTION_RECONCILE:
    return csl_sync_context_reconcile (self);
  case CSL_SYNC_ACTION_NONE:
  case CSL_SYNC_ACTION_WAIT:
    break;
  }
  g_assert_not_reached ();
}

CslSyncEvent
csl_sync_context_perform (CslSyncContext *self, const CslSyncAction *action)
{
  CslSyncEvent event = { .kind = CSL_SYNC_EVENT_FAILED,
                         .failure = CSL_SYNC_FAILURE_UNAUTHORIZED };

  if (!self->removed) {
    CslSyncEvent came = perform (self, action);

    if (!self->removed)
      event = came;
  }
  return event;
}
