/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-lock.c: the worker's PIN, and closing for the lock page.
 *
 * Choosing the first PIN moves the key of the replica out of the keyring. Each step leaves something
 * that opens the replica:
 *
 *   1 the keyring gets its part of the wrapping key     the key in the keyring opens it
 *   2 account.ini names the device                      the same
 *   3 the recovery slot is written                      the same: no PIN slot yet
 *   4 the PIN slot is written, and read back            the PIN
 *   5 the key leaves the keyring                        the PIN
 */
#include "client/app/csl-account-private.h"
#include "client/app/csl-attempts.h"
#include "client/app/csl-key-file.h"
#include "client/app/csl-lease.h"
#include "client/app/csl-session-private.h"
#include "client/app/csl-task.h"
#include "store/csl-env-system.h"

#include <sodium.h>
#include <string.h>

#define PLACE_SETTING "place"

typedef struct
{
  CslSecret *old_pin; /* (owned) (nullable) */
  CslSecret *pin;     /* (owned) */
} Choice;

static void
choice_free (gpointer data)
{
  Choice *self = data;

  g_clear_pointer (&self->old_pin, csl_secret_unref);
  csl_secret_unref (self->pin);
  g_free (self);
}

static CslSecret *
ref_recovery (CslSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->parts.recovery != NULL ? csl_secret_ref (self->parts.recovery) : NULL;
}

/* -- the steps -- */

/* The keyring's part: made only where there is nothing yet that an old one would be needed for. */
static CslSecret *
get_keyring_part (CslAccount *account, GError **error)
{
  g_autofree char *path = csl_account_dup_keys_path (account);
  GError *raw = NULL;
  CslSecret *part =
    csl_keyring_lookup_sync (account->id, CSL_KEYRING_LOCK_SECRET, NULL, &raw);

  if (part == NULL &&
      g_error_matches (raw, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_MISSING) &&
      !csl_key_file_exists (path)) {
    g_clear_error (&raw);
    part = csl_secret_new_random (CSL_KEY_SIZE);
    if (!csl_keyring_store_sync (account->id, CSL_KEYRING_LOCK_SECRET, part, NULL, &raw))
      g_clear_pointer (&part, csl_secret_unref);
  }
  if (part == NULL)
    csl_account_propagate_error (error, raw);
  return part;
}

static bool
propagate (GError **error, GError *raw)
{
  if (raw != NULL)
    csl_account_propagate_error (error, raw);
  return raw == NULL;
}

static bool
wrap_recovery (CslAccount *account,
               CslSecret *part,
               CslSecret *recovery,
               CslSecret *key,
               GError **error)
{
  g_autofree char *path = csl_account_dup_keys_path (account);
  CslKeyFactors factors = { .keyring = part, .share = recovery };
  GError *raw = NULL;

  if (recovery != NULL && !csl_key_file_has_slot (path, CSL_KEY_SLOT_RECOVERY) &&
      !csl_key_file_wrap_sync (path, CSL_KEY_SLOT_RECOVERY, &factors, key, &raw))
    return propagate (error, raw);
  return true;
}

/* Written, and read back before anything relies on it. */
static bool
wrap_pin (CslAccount *account,
          CslSecret *part,
          CslSecret *pin,
          CslSecret *key,
          GError **error)
{
  g_autofree char *path = csl_account_dup_keys_path (account);
  g_autofree char *lease = csl_account_dup_lease_path (account);
  g_autoptr (CslSecret) share =
    csl_lease_lookup_sync (lease, csl_env_wall_ms (csl_env_system ()), NULL);
  CslKeyFactors factors = { .keyring = part, .pin = pin, .share = share };
  g_autoptr (CslSecret) read_back = NULL;
  GError *raw = NULL;

  if (csl_key_file_wrap_sync (path, CSL_KEY_SLOT_PIN, &factors, key, &raw))
    read_back = csl_key_file_unwrap_sync (path, CSL_KEY_SLOT_PIN, &factors, &raw);
  if (read_back != NULL && sodium_memcmp (csl_secret_get_bytes (read_back),
                                          csl_secret_get_bytes (key), CSL_KEY_SIZE) != 0)
    g_set_error (&raw, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_KEYS_DAMAGED,
                 "the wrapped key does not come back");
  return propagate (error, raw);
}

static bool
check_old_pin (CslAccount *account, CslSecret *part, CslSecret *pin, GError **error)
{
  g_autofree char *path = csl_account_dup_keys_path (account);
  g_autofree char *attempts = csl_account_dup_attempts_path (account);
  g_autofree char *lease = csl_account_dup_lease_path (account);
  const gint64 now = csl_env_wall_ms (csl_env_system ());
  g_autoptr (CslSecret) share = csl_lease_lookup_sync (lease, now, NULL);
  CslKeyFactors factors = { .keyring = part, .pin = pin, .share = share };
  g_autoptr (CslSecret) key = NULL;
  GError *raw = NULL;

  if (csl_attempts_get_wait_ms (attempts, now) > 0 || !csl_attempts_add (attempts, now)) {
    g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WAIT, "too many wrong PINs");
    return false;
  }
  key = csl_key_file_unwrap_sync (path, CSL_KEY_SLOT_PIN, &factors, &raw);
  if (key != NULL)
    csl_attempts_clear (attempts);
  return propagate (error, raw);
}

static bool
name_device (CslSession *self, CslAccount *account, GError **error)
{
  g_free (account->device);
  account->device = g_strdup (csl_credentials_get_device (self->parts.credentials));
  return csl_account_store (account, error);
}

static bool
set_pin (CslSession *self, const Choice *choice, GError **error)
{
  CslAccount *account = self->parts.account;
  g_autoptr (CslSecret) part = get_keyring_part (account, error);
  g_autoptr (CslSecret) recovery = ref_recovery (self);
  GError *raw = NULL;

  if (part == NULL)
    return false;
  if (csl_account_has_pin (account) &&
      !check_old_pin (account, part, choice->old_pin, error))
    return false;
  if (!name_device (self, account, error) ||
      !wrap_recovery (account, part, recovery, self->parts.key, error) ||
      !wrap_pin (account, part, choice->pin, self->parts.key, error))
    return false;
  csl_keyring_clear_sync (account->id, CSL_KEYRING_REPLICA_KEY, NULL, &raw);
  return propagate (error, raw);
}

static void
set_pin_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  bool done = set_pin (source, data, &error);

  csl_task_answer (task, done, error);
}

void
csl_session_take_recovery (CslSession *self, const CslTokens *tokens)
{
  CslAccount *account = self->parts.account;
  g_autofree char *path = account != NULL ? csl_account_dup_keys_path (account) : NULL;
  g_autoptr (CslSecret) share = csl_lease_decode_share (tokens->recovery_share);
  g_autoptr (CslSecret) part = NULL;
  g_autoptr (GError) error = NULL;

  if (account == NULL)
    return;
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->parts.recovery, csl_secret_unref);
  self->parts.recovery = share != NULL ? csl_secret_ref (share) : NULL;
  g_mutex_unlock (&self->lock);
  if (!csl_account_has_pin (account))
    return;
  if (share == NULL && csl_key_file_has_slot (path, CSL_KEY_SLOT_RECOVERY)) {
    if (!csl_key_file_empty_slot_sync (path, CSL_KEY_SLOT_RECOVERY, &error))
      g_debug ("the recovery slot stays: %s", error->message);
    return;
  }
  part = get_keyring_part (account, &error);
  if (part != NULL && !wrap_recovery (account, part, share, self->parts.key, &error))
    g_debug ("no recovery slot: %s", error->message);
}

/* -- public -- */

bool
csl_session_has_pin (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), false);
  return self->parts.account == NULL || csl_account_has_pin (self->parts.account);
}

bool
csl_session_may_recover (CslSession *self)
{
  g_autoptr (CslSecret) recovery = NULL;

  g_return_val_if_fail (CSL_IS_SESSION (self), false);
  recovery = ref_recovery (self);
  return recovery != NULL ||
         (self->parts.account != NULL && csl_account_may_recover (self->parts.account));
}

const char *
csl_session_get_account_id (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  return self->parts.account != NULL ? csl_account_get_id (self->parts.account) : NULL;
}

const char *
csl_session_get_username (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  return self->parts.username;
}

guint
csl_session_get_lock_minutes (CslSession *self)
{
  g_autofree char *lease = NULL;

  g_return_val_if_fail (CSL_IS_SESSION (self), 0);
  if (self->parts.account == NULL)
    return 0;
  lease = csl_account_dup_lease_path (self->parts.account);
  return (guint) csl_lease_get_minutes (lease);
}

void
csl_session_set_pin_async (CslSession *self,
                           const char *old_pin,
                           const char *pin,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Choice *choice;

  g_return_if_fail (CSL_IS_SESSION (self) && self->parts.account != NULL && pin != NULL);
  g_return_if_fail (old_pin != NULL || !csl_session_has_pin (self));
  choice = g_new0 (Choice, 1);
  choice->pin = csl_secret_new ((const guint8 *) pin, strlen (pin));
  if (old_pin != NULL)
    choice->old_pin = csl_secret_new ((const guint8 *) old_pin, strlen (old_pin));
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_session_set_pin_async);
  g_task_set_task_data (task, choice, choice_free);
  /* A thread of its own: the keyring may wait for the person, and saving must not. */
  g_task_run_in_thread (task, set_pin_cb);
}

gboolean
csl_session_set_pin_finish (CslSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static bool
keep_place (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_replica_put_setting (replica, PLACE_SETTING, data != NULL ? data : "",
                                  error);
}

void
csl_session_close_sync (CslSession *self, const char *place)
{
  g_return_if_fail (CSL_IS_SESSION (self));
  /* After the drafts that were written just before; without it the worker only comes back to the first page. */
  csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON, keep_place, (gpointer) place,
                 NULL);
  csl_session_stop (self);
}

char *
csl_session_take_place (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  if (self->place != NULL)
    csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_PERSON, keep_place, NULL, NULL,
                         NULL, NULL);
  return g_steal_pointer (&self->place);
}

void
csl_session_read_place (CslSession *self)
{
  self->place = csl_replica_dup_setting (self->parts.replica, PLACE_SETTING);
  if (self->place != NULL && *self->place == '\0')
    g_clear_pointer (&self->place, g_free);
}
