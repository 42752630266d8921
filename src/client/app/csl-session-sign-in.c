/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-sign-in.c: the password again, after the server asked for it. Local work goes on all the
 * while, and nothing that waits is touched. */
#include "client/app/csl-account-private.h"
#include "client/app/csl-kept-tokens.h"
#include "client/app/csl-removal.h"
#include "client/app/csl-session-private.h"
#include "client/app/csl-task.h"

#include <sodium.h>
#include <string.h>

static void
wipe (gpointer data)
{
  char *password = data;

  sodium_memzero (password, strlen (password));
  g_free (password);
}

static bool
store_tokens (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  return csl_kept_tokens_put (replica, data, true, error);
}

static bool
take_order (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_removal_take_order (replica, data, error);
}

/* A computer that has no tokens any more hears of its removal here. */
static void
look_for_order (CslSession *self, const CslExchangeReply *reply)
{
  if (reply->order != NULL && csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON,
                                             take_order, reply->order, NULL))
    csl_session_note_removal (self);
}

static bool
sign_in (CslSession *self,
         const char *password,
         GCancellable *cancellable,
         GError **error)
{
  /* Whose records these are is known: nobody of the same name in another organisation is meant. */
  CslSignIn form = { .organisation = self->parts.organisation,
                     .username = self->parts.username,
                     .password = password,
                     .device_name = g_get_host_name () };
  g_auto (CslExchangeReply) reply = { 0 };
  g_auto (CslTokens) tokens = { 0 };
  GError *raw = NULL;
  CslTransport *transport = csl_session_get_demand_transport (self, &raw);

  if (transport == NULL ||
      !csl_credentials_sign_in (self->parts.credentials, &form, transport, &tokens,
                                &reply, cancellable, &raw)) {
    look_for_order (self, &reply);
    csl_account_propagate_sign_in_error (error, raw, &reply);
    return false;
  }
  if (g_strcmp0 (tokens.user, self->parts.user) != 0) {
    csl_credentials_forget (self->parts.credentials);
    g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_SERVER,
                 "the server knows somebody else by this name");
    return false;
  }
  csl_credentials_take_lease (self->parts.credentials, &tokens);
  if (csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON, store_tokens, &tokens,
                     &raw)) {
    csl_session_take_recovery (self, &tokens);
    return true;
  }
  csl_account_propagate_error (error, raw);
  return false;
}

/* On the network thread. */
static void
sign_in_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  bool done = sign_in (source, data, cancellable, &error);

  csl_task_answer (task, done, error);
}

void
csl_session_sign_in_again_async (CslSession *self,
                                 const char *password,
                                 GAsyncReadyCallback callback,
                                 gpointer data)
{
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self) && password != NULL);
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_session_sign_in_again_async);
  g_task_set_task_data (task, g_strdup (password), wipe);
  csl_session_queue_network (self, task, sign_in_cb);
}

gboolean
csl_session_sign_in_again_finish (CslSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (self->driver != NULL)
    csl_sync_driver_signed_in (self->driver);
  return TRUE;
}

/* -- signing out -- */

static bool
nothing_cb (const char *line, gsize length, gpointer data, GError **error)
{
  return true;
}

/* On the network thread. Without a network the server forgets the session when it grows old. */
static void
sign_out_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const CslExchange request = { .method = "POST", .path = "/v1/auth/sign-out" };
  g_auto (CslExchangeReply) reply = { 0 };
  CslTransport *transport = csl_session_get_demand_transport (source, NULL);

  if (transport != NULL)
    (void) transport->exchange (transport, &request, &reply, nothing_cb, NULL,
                                cancellable, NULL);
  g_task_return_boolean (task, TRUE);
}

void
csl_session_sign_out_async (CslSession *self, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self));
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_session_sign_out_async);
  csl_session_queue_network (self, task, sign_out_cb);
}

void
csl_session_sign_out_finish (CslSession *self, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, self));
  (void) g_task_propagate_boolean (G_TASK (result), NULL);
}
