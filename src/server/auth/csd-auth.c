/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-auth.c: signing in, staying signed in, signing out.
 *
 * A session is a family of refresh tokens, numbered by generation. Only the newest one and the one before are ever
 * accepted:
 *
 *   newest           → the next generation becomes the newest, not yet used
 *   the one before,
 *     newest unused  → the newest again: the answer was lost on its way
 *     newest used    → somebody else has a copy: the family is revoked
 *   older            → revoked likewise
 */
#include "config.h"

#include "server/auth/csd-auth.h"

#include "core/base/csl-id.h"
#include "server/auth/csd-auth-attempts.h"
#include "server/auth/csd-order.h"

#include <sodium.h>
#include <string.h>

#define FAMILY_MS (90 * 24 * 3600 * G_GINT64_CONSTANT (1000))

static void
collect_account_cb (const CsdAccount *account, gpointer data)
{
  g_array_append_vals (data, account, 1);
}

/* The accounts the password fits; always at least one hash is computed. */
static bool
find_fitting (CsdAuth *self, const CsdSignIn *request, GArray *fitting)
{
  g_autoptr (GArray) accounts = g_array_new (FALSE, TRUE, sizeof (CsdAccount));
  bool good = false;

  csd_registry_lock (self->registry);
  good = self->registry->find_accounts (self->registry, request->organisation,
                                        request->username, collect_account_cb, accounts,
                                        NULL);
  csd_registry_unlock (self->registry);
  if (accounts->len == 0)
    csd_password_verify (self->dummy_hash, request->password);
  for (guint i = 0; i < accounts->len; i++) {
    const CsdAccount *account = &g_array_index (accounts, CsdAccount, i);

    if (csd_password_verify (account->hash, request->password))
      g_array_append_vals (fitting, account, 1);
  }
  return good;
}

static void
start_session (CsdAuth *self, const CsdSignIn *request, CsdAuthOutcome *ret)
{
  CslId id = csl_id_new (self->env);

  memset (&ret->session, 0, sizeof ret->session);
  g_strlcpy (ret->session.id, id.text, sizeof ret->session.id);
  g_strlcpy (ret->session.user, ret->account.user, sizeof ret->session.user);
  g_strlcpy (ret->session.organisation, ret->account.organisation,
             sizeof ret->session.organisation);
  g_strlcpy (ret->session.device, request->device.id, sizeof ret->session.device);
  ret->session.created_ms = csl_env_wall_ms (self->env);
  ret->session.generation = 1;
}

/* With the lock held: what the answer says about the device and the organisation's keys. */
static bool
look_up (CsdAuth *self, const char *device, CsdAuthOutcome *ret)
{
  CsdRegistry *registry = self->registry;
  g_autoptr (GError) error = NULL;

  if (!registry->find_organisation (registry, ret->account.organisation,
                                    &ret->organisation, NULL) ||
      !registry->find_device (registry, device, ret->account.user, &ret->device, NULL))
    return false;
  registry->find_recovery_key (registry, ret->account.organisation, &ret->recovery,
                               &error);
  return error == NULL;
}

/* With the lock held: what a device that is not enrolled is told. */
static CsdAuthResult
explain_device (CsdAuth *self, const CsdDevice *device, CsdAuthOutcome *ret)
{
  if (device->status == CSD_DEVICE_SUSPENDED)
    return CSD_AUTH_SUSPENDED;
  if (device->status != CSD_DEVICE_WIPE_PENDING ||
      !self->registry->find_recovery_key (self->registry, device->organisation,
                                          &ret->recovery, NULL))
    return CSD_AUTH_EXPIRED;
  ret->order = csd_order_dup_wipe (self->secrets, device, &ret->recovery,
                                   csl_env_wall_ms (self->env));
  return CSD_AUTH_WIPE;
}

static CsdAuthResult
refuse_device (CsdAuth *self, const CsdSignIn *request, CsdAuthOutcome *ret)
{
  CsdAuthResult result = CSD_AUTH_FAILED;

  if (!self->registry->find_device (self->registry, request->device.id, ret->account.user,
                                    &ret->device, NULL))
    return CSD_AUTH_FAILED;
  result = explain_device (self, &ret->device, ret);
  return result == CSD_AUTH_EXPIRED ? CSD_AUTH_LOCKED : result;
}

static CsdAuthResult
register_session (CsdAuth *self, const CsdSignIn *request, CsdAuthOutcome *ret)
{
  CsdRegistry *registry = self->registry;
  g_autoptr (GError) error = NULL;
  CsdDevice device = request->device;

  g_strlcpy (device.user, ret->account.user, sizeof device.user);
  g_strlcpy (device.organisation, ret->account.organisation, sizeof device.organisation);
  if (!registry->put_device (registry, &device, csl_env_wall_ms (self->env), &error))
    return error != NULL ? CSD_AUTH_FAILED : refuse_device (self, request, ret);
  start_session (self, request, ret);
  /* The password may have been changed while it was being hashed: then every session of the old one has ended. */
  if (!registry->add_session (registry, &ret->session, ret->account.hash, &error))
    return error != NULL ? CSD_AUTH_FAILED : CSD_AUTH_CREDENTIALS;
  return look_up (self, request->device.id, ret) ? CSD_AUTH_OK : CSD_AUTH_FAILED;
}

CsdAuthResult
csd_auth_sign_in (CsdAuth *self, const CsdSignIn *request, CsdAuthOutcome *ret)
{
  g_autoptr (GArray) fitting = g_array_new (FALSE, TRUE, sizeof (CsdAccount));
  char key[CSD_ATTEMPTS_KEY_SIZE];
  CsdAuthResult result = CSD_AUTH_FAILED;

  csd_attempts_make_key (request->username, request->remote, key);
  if (!csd_attempts_may_try (self, key, &ret->retry_s))
    return CSD_AUTH_WAIT;
  if (!find_fitting (self, request, fitting))
    return CSD_AUTH_FAILED;
  if (fitting->len == 0)
    return CSD_AUTH_CREDENTIALS;
  if (fitting->len > 1)
    return CSD_AUTH_AMBIGUOUS;
  ret->account = g_array_index (fitting, CsdAccount, 0);
  if (ret->account.disabled)
    return CSD_AUTH_LOCKED;
  csd_attempts_forget (self, key);
  csd_registry_lock (self->registry);
  result = register_session (self, request, ret);
  csd_registry_unlock (self->registry);
  return result;
}

static bool
is_over (CsdAuth *self, const CsdSession *session)
{
  return session->revoked || session->disabled ||
         session->device_status != CSD_DEVICE_ENROLLED ||
         csl_env_wall_ms (self->env) - session->created_ms > FAMILY_MS;
}

/* With the lock held. */
static CsdAuthResult
advance (CsdAuth *self, CsdSession *session, gint64 generation)
{
  if (generation == session->generation) {
    session->generation++;
    session->used = false;
  } else if (generation == session->generation - 1 && !session->used) {
    return CSD_AUTH_OK;
  } else {
    session->revoked = true;
  }
  if (!self->registry->update_session (self->registry, session, NULL))
    return CSD_AUTH_FAILED;
  return session->revoked ? CSD_AUTH_REUSED : CSD_AUTH_OK;
}

/* With the lock held. */
static CsdAuthResult
explain_session (CsdAuth *self, CsdAuthOutcome *ret)
{
  CsdRegistry *registry = self->registry;

  if (!registry->find_device (registry, ret->session.device, ret->session.user,
                              &ret->device, NULL))
    return CSD_AUTH_EXPIRED;
  return explain_device (self, &ret->device, ret);
}

static CsdAuthResult
refresh_locked (CsdAuth *self,
                const char *token,
                const char *device,
                const char *signature,
                CsdAuthOutcome *ret)
{
  CsdRegistry *registry = self->registry;
  g_autoptr (GError) error = NULL;
  char id[40];
  gint64 generation = 0;
  CsdAuthResult result = CSD_AUTH_OK;

  if (!csd_refresh_verify (self->secrets, token, id, &generation))
    return CSD_AUTH_EXPIRED;
  if (!registry->find_session (registry, id, &ret->session, &error))
    return error != NULL ? CSD_AUTH_FAILED : CSD_AUTH_EXPIRED;
  if (ret->session.device_status == CSD_DEVICE_ENROLLED &&
      (is_over (self, &ret->session) || generation > ret->session.generation))
    return CSD_AUTH_EXPIRED;
  if (strcmp (device, ret->session.device) != 0 ||
      !csd_refresh_check_signature (ret->session.device_key, device, token, signature))
    return CSD_AUTH_SIGNATURE;
  if (ret->session.device_status != CSD_DEVICE_ENROLLED)
    return explain_session (self, ret);
  result = advance (self, &ret->session, generation);
  if (result != CSD_AUTH_OK)
    return result;
  if (!registry->find_account (registry, ret->session.user, &ret->account, NULL) ||
      !look_up (self, device, ret))
    return CSD_AUTH_FAILED;
  return CSD_AUTH_OK;
}

CsdAuthResult
csd_auth_refresh (CsdAuth *self,
                  const char *token,
                  const char *device,
                  const char *signature,
                  CsdAuthOutcome *ret)
{
  CsdAuthResult result = CSD_AUTH_FAILED;

  csd_registry_lock (self->registry);
  result = refresh_locked (self, token, device, signature, ret);
  csd_registry_unlock (self->registry);
  return result;
}

static void
name_owner (CsdClaims *claims, const CsdSession *session)
{
  g_strlcpy (claims->user, session->user, sizeof claims->user);
  g_strlcpy (claims->organisation, session->organisation, sizeof claims->organisation);
  g_strlcpy (claims->device, session->device, sizeof claims->device);
}

bool
csd_auth_check (CsdAuth *self, const char *token, CsdClaims *ret_claims)
{
  CsdSession session;
  bool good = false;

  if (!csd_token_verify (self->secrets, token, csl_env_wall_ms (self->env) / 1000,
                         ret_claims))
    return false;
  csd_registry_lock (self->registry);
  good =
    self->registry->find_session (self->registry, ret_claims->session, &session, NULL) &&
    !is_over (self, &session);
  if (good && !session.used && ret_claims->generation == session.generation) {
    session.used = true;
    good = self->registry->update_session (self->registry, &session, NULL);
  }
  csd_registry_unlock (self->registry);
  if (good)
    name_owner (ret_claims, &session);
  return good;
}

CsdAuthResult
csd_auth_explain (CsdAuth *self, const char *token, CsdAuthOutcome *ret)
{
  CsdAuthResult result = CSD_AUTH_EXPIRED;
  CsdClaims claims;

  if (!csd_token_verify (self->secrets, token, csl_env_wall_ms (self->env) / 1000,
                         &claims))
    return CSD_AUTH_EXPIRED;
  csd_registry_lock (self->registry);
  if (self->registry->find_session (self->registry, claims.session, &ret->session, NULL))
    result = explain_session (self, ret);
  csd_registry_unlock (self->registry);
  return result;
}

bool
csd_auth_check_device (CsdAuth *self,
                       const char *device,
                       const char *user,
                       const char *text,
                       const char *signature,
                       CsdDevice *ret_device)
{
  guint8 bytes[crypto_sign_BYTES];
  gsize length = 0;
  bool found = false;

  csd_registry_lock (self->registry);
  found = self->registry->find_device (self->registry, device, user, ret_device, NULL);
  csd_registry_unlock (self->registry);
  return found &&
         sodium_base642bin (bytes, sizeof bytes, signature, strlen (signature), NULL,
                            &length, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length == sizeof bytes &&
         crypto_sign_verify_detached (bytes, (const guint8 *) text, strlen (text),
                                      ret_device->public_key) == 0;
}

bool
csd_auth_sign_out (CsdAuth *self, const char *session_id)
{
  CsdSession session;
  bool done = false;

  csd_registry_lock (self->registry);
  if (self->registry->find_session (self->registry, session_id, &session, NULL)) {
    session.revoked = true;
    done = self->registry->update_session (self->registry, &session, NULL);
  }
  csd_registry_unlock (self->registry);
  return done;
}

bool
csd_auth_is_open (CsdAuth *self, const char *session_id)
{
  CsdSession session;
  bool open = false;

  csd_registry_lock (self->registry);
  open = self->registry->find_session (self->registry, session_id, &session, NULL) &&
         !is_over (self, &session);
  csd_registry_unlock (self->registry);
  return open;
}

/* Braked like signing in, and together with it: a token in the wrong hands must not be a way to try passwords. */
static CsdAuthResult
check_old_password (CsdAuth *self,
                    const CsdAccount *account,
                    const CsdPasswordChange *change,
                    guint *ret_retry_s)
{
  char key[CSD_ATTEMPTS_KEY_SIZE];

  csd_attempts_make_key (account->username, change->remote, key);
  if (!csd_attempts_may_try (self, key, ret_retry_s))
    return CSD_AUTH_WAIT;
  if (!csd_password_verify (account->hash, change->old_password))
    return CSD_AUTH_CREDENTIALS;
  csd_attempts_forget (self, key);
  return CSD_AUTH_OK;
}

/* The account may have been blocked, or given another password, while this one was being hashed. */
static CsdAuthResult
keep_password (CsdAuth *self,
               const CsdClaims *claims,
               const char *hash,
               CsdAuthOutcome *ret)
{
  CsdRegistry *registry = self->registry;
  g_autoptr (GError) error = NULL;
  bool done = false;

  ret->ended = g_ptr_array_new_with_free_func (g_free);
  csd_registry_lock (self->registry);
  done =
    registry->change_hash (registry, claims->user, ret->account.hash, hash, &error) &&
    registry->revoke_sessions (registry, claims->user, claims->session, ret->ended,
                               &error);
  csd_registry_unlock (self->registry);
  if (error != NULL)
    return CSD_AUTH_FAILED;
  return done ? CSD_AUTH_OK : CSD_AUTH_CREDENTIALS;
}

CsdAuthResult
csd_auth_change_password (CsdAuth *self,
                          const CsdClaims *claims,
                          const CsdPasswordChange *change,
                          CsdAuthOutcome *ret)
{
  CsdAuthResult result = CSD_AUTH_FAILED;
  char hash[CSD_PASSWORD_HASH_SIZE];
  bool found = false;

  csd_registry_lock (self->registry);
  found =
    self->registry->find_account (self->registry, claims->user, &ret->account, NULL);
  csd_registry_unlock (self->registry);
  if (!found)
    return CSD_AUTH_FAILED;
  result = check_old_password (self, &ret->account, change, &ret->retry_s);
  if (result != CSD_AUTH_OK)
    return result;
  ret->message = csd_password_refuse (change->new_password, ret->account.username);
  if (ret->message != NULL)
    return CSD_AUTH_WEAK;
  if (!csd_password_hash (change->new_password, &self->cost, hash))
    return CSD_AUTH_FAILED;
  return keep_password (self, claims, hash, ret);
}

void
csd_auth_outcome_clear (CsdAuthOutcome *outcome)
{
  g_clear_pointer (&outcome->ended, g_ptr_array_unref);
  g_clear_pointer (&outcome->order, g_free);
  csd_recovery_key_clear (&outcome->recovery);
}
