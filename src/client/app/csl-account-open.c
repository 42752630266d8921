/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-account-open.c: opening an account's replica with the key of the keyring.
 *
 * Whatever is wrong, nothing on the disk changes: a replica that exists is never made anew, because
 * it may hold work that is nowhere else.
 */
#include "client/app/csl-account-private.h"
#include "client/app/csl-device-key.h"
#include "client/app/csl-kept-tokens.h"
#include "client/app/csl-task.h"
#include "store/csl-env-system.h"
#include "store/csl-store-error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

int
csl_account_lock (CslAccount *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "lock", NULL);
  int lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (lock < 0) {
    g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_DISK,
                 "cannot write in the account's folder: %s", g_strerror (errno));
    return -1;
  }
  if (flock (lock, LOCK_EX | LOCK_NB) == 0)
    return lock;
  g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_IN_USE,
               "another program has this account open");
  close (lock);
  return -1;
}

bool
csl_account_open_reader (CslAccount *self,
                         CslSecret *key,
                         CslSessionParts *parts,
                         GError **error)
{
  g_autofree char *path = csl_account_dup_replica_path (self);
  GError *raw = NULL;

  parts->reader = csl_reader_open (path, csl_secret_get_bytes (key), parts->schema, &raw);
  if (parts->reader == NULL)
    csl_account_propagate_error (error, raw);
  return parts->reader != NULL;
}

void
csl_account_fill_parts (CslAccount *self, CslSessionParts *parts)
{
  parts->folder = g_strdup (self->folder);
  parts->account = g_object_ref (self);
  parts->server = g_strdup (self->server);
  parts->ca_file = g_strdup (self->ca_file);
  parts->username = g_strdup (self->username);
  parts->display_name = g_strdup (self->display_name);
  parts->organisation_name = g_strdup (self->organisation_name);
  g_strlcpy (parts->organisation, self->organisation, sizeof parts->organisation);
  g_strlcpy (parts->user, self->user, sizeof parts->user);
}

/* Without the device's key nobody can refresh the tokens: with a new one the person signs in again. */
static bool
load_credentials (CslAccount *self,
                  CslSessionParts *parts,
                  GCancellable *cancellable,
                  GError **error)
{
  GError *raw = NULL;
  g_autoptr (CslSecret) key =
    csl_keyring_lookup_sync (self->id, CSL_KEYRING_DEVICE_KEY, cancellable, &raw);
  g_autofree char *refresh_token = NULL;

  if (key != NULL)
    refresh_token = csl_kept_tokens_dup_refresh (parts->replica);
  else if (g_error_matches (raw, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_MISSING)) {
    g_clear_error (&raw);
    key = csl_device_key_new ();
    if (!csl_keyring_store_sync (self->id, CSL_KEYRING_DEVICE_KEY, key, cancellable,
                                 &raw))
      g_clear_pointer (&key, csl_secret_unref);
  }
  if (key == NULL) {
    csl_account_propagate_error (error, raw);
    return false;
  }
  parts->credentials =
    csl_credentials_new (csl_replica_get_identity (parts->replica)->device, key,
                         refresh_token);
  return true;
}

/* Who has just signed in, for the server's share, goes on with those tokens: the ones in the replica are older. */
static bool
open_credentials (CslAccount *self,
                  CslSessionParts *parts,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autofree char *lease = csl_account_dup_lease_path (self);

  if (parts->credentials == NULL && !load_credentials (self, parts, cancellable, error))
    return false;
  csl_credentials_set_lease_path (parts->credentials, lease);
  return true;
}

static bool
open_replica (CslAccount *self, CslSecret *key, CslSessionParts *parts, GError **error)
{
  g_autofree char *path = csl_account_dup_replica_path (self);
  GError *raw = NULL;

  if (csl_secret_get_length (key) != CSL_DB_KEY_SIZE) {
    g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_KEY,
                 "the key in the keyring has a wrong length");
    return false;
  }
  parts->replica =
    csl_replica_open (path, csl_secret_get_bytes (key), parts->schema, parts->env, &raw);
  g_clear_pointer (&self->damaged_key, csl_secret_unref);
  if (g_error_matches (raw, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED))
    self->damaged_key = csl_secret_ref (key);
  if (parts->replica == NULL)
    csl_account_propagate_error (error, raw);
  return parts->replica != NULL;
}

bool
csl_account_open_parts (CslAccount *self,
                        CslSessionParts *parts,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (CslSecret) key = NULL;
  GError *raw = NULL;

  parts->env = csl_env_system ();
  parts->schema = csl_account_ref_schema ();
  if (csl_account_has_pin (self)) {
    g_set_error_literal (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_PIN_NEEDED,
                         "the key is wrapped with a PIN");
    return false;
  }
  key = csl_keyring_lookup_sync (self->id, CSL_KEYRING_REPLICA_KEY, cancellable, &raw);
  if (key == NULL) {
    csl_account_propagate_error (error, raw);
    return false;
  }
  return csl_account_open_with_key (self, key, parts, cancellable, error);
}

bool
csl_account_open_with_key (CslAccount *self,
                           CslSecret *key,
                           CslSessionParts *parts,
                           GCancellable *cancellable,
                           GError **error)
{
  parts->lock = csl_account_lock (self, error);
  if (parts->lock < 0)
    return false;
  csl_account_fill_parts (self, parts);
  parts->key = csl_secret_ref (key);
  return open_replica (self, key, parts, error) &&
         open_credentials (self, parts, cancellable, error) &&
         csl_account_open_reader (self, key, parts, error);
}

/* -- asynchronously -- */

static void
parts_free (gpointer data)
{
  csl_session_parts_clear (data);
  g_free (data);
}

/* On the database thread. */
static void
open_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  bool done = csl_account_open_parts (source, data, cancellable, &error);

  csl_task_answer (task, done, error);
}

/**
 * csl_account_open_async:
 *
 * Opens the replica; may wait for the person to unlock the keyring, never for the network.
 */
void
csl_account_open_async (CslAccount *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  CslSessionParts *parts;
  GTask *task;

  g_return_if_fail (CSL_IS_ACCOUNT (self));
  parts = g_new0 (CslSessionParts, 1);
  parts->lock = -1;
  parts->database = csl_worker_new ("csl-database");
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, csl_account_open_async);
  g_task_set_task_data (task, parts, parts_free);
  csl_worker_queue (parts->database, G_PRIORITY_DEFAULT, task, open_cb);
}

CslSession *
csl_account_open_finish (CslAccount *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return csl_session_new (g_task_get_task_data (G_TASK (result)), error);
}
