/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-account-unlock.c: opening a replica whose key is wrapped: with the PIN alone, with the PIN and the password when
 * the server's share is no longer here, or with the password and a new PIN when the old one is forgotten.
 *
 * As with csl-account-open.c nothing on the disk is lost when it fails: the replica and its wrapped key stay.
 */
#include "client/app/csl-account-private.h"
#include "client/app/csl-attempts.h"
#include "client/app/csl-kept-tokens.h"
#include "client/app/csl-key-file.h"
#include "client/app/csl-lease.h"
#include "client/app/csl-task.h"
#include "core/base/csl-error.h"
#include "store/csl-env-system.h"

#include <sodium.h>
#include <string.h>

typedef struct
{
  CslSecret *pin;      /* (owned) (nullable): as it is now */
  CslSecret *new_pin;  /* (owned) (nullable): in place of a forgotten one */
  CslSecret *password; /* (owned) (nullable): text with its NUL */
  CslSessionParts parts;

  CslTokens tokens;   /* after a password */
  CslSecret *keyring; /* (owned) (nullable): the keyring's part of the key */
} Unlock;

static CslSecret *
take_text (const char *text, bool with_end)
{
  return text != NULL ? csl_secret_new ((const guint8 *) text, strlen (text) + with_end)
                      : NULL;
}

static void
unlock_free (gpointer data)
{
  Unlock *self = data;

  csl_session_parts_clear (&self->parts);
  csl_tokens_clear (&self->tokens);
  g_clear_pointer (&self->pin, csl_secret_unref);
  g_clear_pointer (&self->new_pin, csl_secret_unref);
  g_clear_pointer (&self->password, csl_secret_unref);
  g_clear_pointer (&self->keyring, csl_secret_unref);
  g_free (self);
}

static bool
fail (GError **error, CslAccountError code, const char *message)
{
  g_set_error_literal (error, CSL_ACCOUNT_ERROR, (int) code, message);
  return false;
}

/* -- states -- */

bool
csl_account_has_pin (CslAccount *self)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (CSL_IS_ACCOUNT (self), false);
  path = csl_account_dup_keys_path (self);
  /* A file that is no key file any more is damage to be told, not a replica without a PIN. */
  return csl_key_file_has_slot (path, CSL_KEY_SLOT_PIN) ||
         (csl_key_file_exists (path) &&
          !csl_key_file_has_slot (path, CSL_KEY_SLOT_RECOVERY));
}

bool
csl_account_may_recover (CslAccount *self)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (CSL_IS_ACCOUNT (self), false);
  path = csl_account_dup_keys_path (self);
  return csl_key_file_has_slot (path, CSL_KEY_SLOT_RECOVERY);
}

guint
csl_account_get_wait_s (CslAccount *self)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (CSL_IS_ACCOUNT (self), 0);
  path = csl_account_dup_attempts_path (self);
  return (
    guint) ((csl_attempts_get_wait_ms (path, csl_env_wall_ms (csl_env_system ())) + 999) /
            1000);
}

/* -- with the server -- */

static CslSecret *
look_up_device_key (CslAccount *self, GCancellable *cancellable, GError **error)
{
  GError *raw = NULL;
  CslSecret *key =
    csl_keyring_lookup_sync (self->id, CSL_KEYRING_DEVICE_KEY, cancellable, &raw);

  if (key == NULL)
    csl_account_propagate_error (error, raw);
  return key;
}

/* The device is the one that the replica knows: its shares belong to it. */
static bool
ask_server (CslAccount *self, Unlock *unlock, GCancellable *cancellable, GError **error)
{
  g_autoptr (CslSecret) key = look_up_device_key (self, cancellable, error);
  CslAccountServer server = { .address = self->server,
                              .ca_file = self->ca_file,
                              .schema = unlock->parts.schema,
                              .sign_in = { .organisation = self->organisation,
                                           .username = self->username,
                                           .device_name = g_get_host_name () } };

  if (key == NULL)
    return false;
  server.sign_in.password = (const char *) csl_secret_get_bytes (unlock->password);
  unlock->parts.credentials = csl_credentials_new (self->device, key, NULL);
  if (!csl_account_ask_server (&server, unlock->parts.credentials, &unlock->tokens,
                               cancellable, error))
    return false;
  if (g_strcmp0 (unlock->tokens.user, self->user) != 0)
    return fail (error, CSL_ACCOUNT_ERROR_SERVER,
                 "the server knows somebody else by this name");
  return csl_account_take_lease (self, &unlock->tokens, error);
}

/* -- the key -- */

/* What the server gave just now counts whatever the clock of this computer says. */
static CslSecret *
look_up_share (CslAccount *self, Unlock *unlock, GError **error)
{
  g_autofree char *keys = csl_account_dup_keys_path (self);
  g_autofree char *lease = csl_account_dup_lease_path (self);
  CslSecret *share = csl_lease_decode_share (unlock->tokens.share);

  if (share != NULL || !csl_key_file_needs_share (keys, CSL_KEY_SLOT_PIN))
    return share;
  share = csl_lease_lookup_sync (lease, csl_env_wall_ms (csl_env_system ()), NULL);
  if (share == NULL)
    fail (error, CSL_ACCOUNT_ERROR_LEASE_OVER, "the server's share is not here");
  return share;
}

static CslSecret *
unwrap (CslAccount *self, CslKeySlot slot, const CslKeyFactors *factors, GError **error)
{
  g_autofree char *path = csl_account_dup_keys_path (self);
  g_autoptr (GError) raw = NULL;
  CslSecret *key = csl_key_file_unwrap_sync (path, slot, factors, &raw);

  if (key != NULL)
    return key;
  if (g_error_matches (raw, CSL_KEY_FILE_ERROR, CSL_KEY_FILE_ERROR_WRONG) &&
      slot == CSL_KEY_SLOT_RECOVERY)
    fail (error, CSL_ACCOUNT_ERROR_WRONG_KEY, raw->message);
  else
    csl_account_propagate_error (error, g_steal_pointer (&raw));
  return NULL;
}

static CslSecret *
open_with_pin (CslAccount *self, Unlock *unlock, GError **error)
{
  g_autofree char *attempts = csl_account_dup_attempts_path (self);
  const gint64 now = csl_env_wall_ms (csl_env_system ());
  g_autoptr (CslSecret) share = NULL;
  GError *raw = NULL;
  CslKeyFactors factors = { .keyring = unlock->keyring, .pin = unlock->pin };
  CslSecret *key;

  if (csl_attempts_get_wait_ms (attempts, now) > 0) {
    fail (error, CSL_ACCOUNT_ERROR_WAIT, "too many wrong PINs");
    return NULL;
  }
  share = look_up_share (self, unlock, &raw);
  if (!csl_error_pass (&raw, error))
    return NULL;
  if (!csl_attempts_add (attempts, now)) {
    fail (error, CSL_ACCOUNT_ERROR_DISK, "the try cannot be counted");
    return NULL;
  }
  factors.share = share;
  key = unwrap (self, CSL_KEY_SLOT_PIN, &factors, error);
  if (key != NULL)
    csl_attempts_clear (attempts);
  return key;
}

static CslSecret *
open_forgotten (CslAccount *self, Unlock *unlock, GError **error)
{
  g_autoptr (CslSecret) share = csl_lease_decode_share (unlock->tokens.recovery_share);
  CslKeyFactors factors = { .keyring = unlock->keyring, .share = share };

  if (share == NULL || !csl_account_may_recover (self)) {
    fail (error, CSL_ACCOUNT_ERROR_NO_RECOVERY, "a forgotten PIN cannot be replaced");
    return NULL;
  }
  return unwrap (self, CSL_KEY_SLOT_RECOVERY, &factors, error);
}

/* The PIN slot again: after a new PIN, or to take in a share that came later. */
static bool
wrap_again (CslAccount *self, Unlock *unlock, CslSecret *key, GError **error)
{
  g_autofree char *keys = csl_account_dup_keys_path (self);
  g_autofree char *lease = csl_account_dup_lease_path (self);
  g_autoptr (CslSecret) share = csl_lease_decode_share (unlock->tokens.share);
  CslKeyFactors factors = { .keyring = unlock->keyring,
                            .pin = unlock->new_pin != NULL ? unlock->new_pin
                                                           : unlock->pin };
  GError *raw = NULL;

  if (share == NULL)
    share = csl_lease_lookup_sync (lease, csl_env_wall_ms (csl_env_system ()), NULL);
  factors.share = share;

  if (csl_key_file_wrap_sync (keys, CSL_KEY_SLOT_PIN, &factors, key, &raw))
    return true;
  csl_account_propagate_error (error, raw);
  return false;
}

static bool
wants_wrapping (CslAccount *self)
{
  g_autofree char *keys = csl_account_dup_keys_path (self);
  g_autofree char *lease = csl_account_dup_lease_path (self);

  return !csl_key_file_needs_share (keys, CSL_KEY_SLOT_PIN) &&
         g_file_test (lease, G_FILE_TEST_EXISTS);
}

static void
tidy_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CslAccount *self = source;

  csl_keyring_clear_sync (self->id, CSL_KEYRING_REPLICA_KEY, NULL, NULL);
  g_task_return_boolean (task, TRUE);
}

/* What an interrupted move of the key left in the keyring. Nobody waits for it; next time will do, too. */
static void
tidy (CslAccount *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, tidy);
  g_task_run_in_thread (task, tidy_cb);
}

/* -- all of it -- */

static bool
open_parts (CslAccount *self, Unlock *unlock, CslSecret *key, GError **error)
{
  CslSessionParts *parts = &unlock->parts;
  GError *raw = NULL;

  if (!csl_account_open_with_key (self, key, parts, NULL, error))
    return false;
  if (unlock->tokens.refresh_token == NULL)
    return true;
  if (csl_kept_tokens_put (parts->replica, &unlock->tokens, true, &raw)) {
    parts->recovery = csl_lease_decode_share (unlock->tokens.recovery_share);
    return true;
  }
  csl_account_propagate_error (error, raw);
  return false;
}

static bool
finish_keys (CslAccount *self, Unlock *unlock, CslSecret *key, GError **error)
{
  g_autofree char *attempts = csl_account_dup_attempts_path (self);

  if (unlock->new_pin != NULL) {
    if (!wrap_again (self, unlock, key, error))
      return false;
    csl_attempts_clear (attempts);
  } else if (wants_wrapping (self) && !wrap_again (self, unlock, key, error))
    return false;
  return true;
}

static bool
unlock_account (CslAccount *self,
                Unlock *unlock,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (CslSecret) key = NULL;
  GError *raw = NULL;

  unlock->parts.env = csl_env_system ();
  unlock->parts.schema = csl_account_ref_schema ();
  unlock->keyring =
    csl_keyring_lookup_sync (self->id, CSL_KEYRING_LOCK_SECRET, cancellable, &raw);
  if (unlock->keyring == NULL) {
    csl_account_propagate_error (error, raw);
    return false;
  }
  if (csl_secret_get_length (unlock->keyring) != CSL_KEY_SIZE)
    return fail (error, CSL_ACCOUNT_ERROR_WRONG_KEY, "the keyring holds something else");
  if (unlock->password != NULL && !ask_server (self, unlock, cancellable, error))
    return false;
  key = unlock->new_pin != NULL ? open_forgotten (self, unlock, error)
                                : open_with_pin (self, unlock, error);
  return key != NULL && open_parts (self, unlock, key, error) &&
         finish_keys (self, unlock, key, error);
}

/* On the database thread. */
static void
unlock_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  bool done = unlock_account (source, data, cancellable, &error);

  csl_task_answer (task, done, error);
}

/**
 * csl_account_unlock_async:
 * @factors: the PIN; or PIN and password, which begins a new lease; or password and new PIN. Copied.
 *
 * Opens a replica whose key is wrapped. Only with a password is the network used.
 */
void
csl_account_unlock_async (CslAccount *self,
                          const CslUnlockFactors *factors,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  Unlock *unlock;
  GTask *task;

  g_return_if_fail (CSL_IS_ACCOUNT (self));
  g_return_if_fail ((factors->pin != NULL) != (factors->new_pin != NULL));
  unlock = g_new0 (Unlock, 1);
  unlock->parts.lock = -1;
  unlock->pin = take_text (factors->pin, false);
  unlock->new_pin = take_text (factors->new_pin, false);
  unlock->password = take_text (factors->password, true);
  unlock->parts.database = csl_worker_new ("csl-database");
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, csl_account_unlock_async);
  g_task_set_task_data (task, unlock, unlock_free);
  csl_worker_queue (unlock->parts.database, G_PRIORITY_DEFAULT, task, unlock_cb);
}

CslSession *
csl_account_unlock_finish (CslAccount *self, GAsyncResult *result, GError **error)
{
  Unlock *unlock;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  unlock = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  tidy (self);
  return csl_session_new (&unlock->parts, error);
}
