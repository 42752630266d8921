/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-auth-attempts.c: the brake on guessing passwords. */
#include "config.h"

#include "server/auth/csd-auth-attempts.h"

#include <sodium.h>
#include <string.h>

#define FREE_FAILURES  3
#define MAX_WAIT_S     300
#define ATTEMPT_PREFIX "attempt\n"

/* Name and address, so that nobody can lock a colleague out from elsewhere; hashed, since people type passwords into
 * the wrong field. The name as accounts are found by it, or every other spelling of it would have tries of its own. */
void
csd_attempts_make_key (const char *username,
                       const char *remote,
                       char ret_key[CSD_ATTEMPTS_KEY_SIZE])
{
  g_autofree char *name = csd_registry_fold_name (username);
  g_autofree char *text =
    g_strconcat (ATTEMPT_PREFIX, name, "\n", remote != NULL ? remote : "", NULL);
  guint8 hash[16];

  crypto_generichash (hash, sizeof hash, (const guint8 *) text, strlen (text), NULL, 0);
  sodium_bin2hex (ret_key, CSD_ATTEMPTS_KEY_SIZE, hash, sizeof hash);
}

static gint64
wait_ms (gint64 failures)
{
  if (failures < FREE_FAILURES)
    return 0;
  return 1000 *
         MIN (MAX_WAIT_S, G_GINT64_CONSTANT (1) << MIN (failures - FREE_FAILURES, 20));
}

bool
csd_attempts_may_try (CsdAuth *self, const char *key, guint *ret_retry_s)
{
  CsdAttempts attempts = { 0 };
  gint64 now = csl_env_wall_ms (self->env);
  bool may = false;

  csd_registry_lock (self->registry);
  self->registry->get_attempts (self->registry, key, &attempts, NULL);
  /* A clock that was set back must not lock anybody out for long. */
  may = attempts.next_ms <= now || attempts.next_ms > now + MAX_WAIT_S * 1000;
  if (may) {
    attempts.failures++;
    attempts.next_ms = now + wait_ms (attempts.failures);
    self->registry->set_attempts (self->registry, key, &attempts, now, NULL);
  } else {
    *ret_retry_s = (guint) ((attempts.next_ms - now + 999) / 1000);
  }
  csd_registry_unlock (self->registry);
  return may;
}

void
csd_attempts_forget (CsdAuth *self, const char *key)
{
  const CsdAttempts none = { 0 };

  csd_registry_lock (self->registry);
  self->registry->set_attempts (self->registry, key, &none, csl_env_wall_ms (self->env),
                                NULL);
  csd_registry_unlock (self->registry);
}
