/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-lock.c: deriving the shares of a device's key from the secret of its organisation. */
#include "config.h"

#include "server/auth/csd-lock.h"

#include "core/base/csl-time.h"

#include <sodium.h>
#include <string.h>

static char *
derive (const CsdLockPolicy *policy, const char *purpose, const CsdSession *session)
{
  g_autofree char *text =
    g_strdup_printf ("%s\n%s\n%s", purpose, session->user, session->device);
  guint8 share[crypto_auth_hmacsha256_BYTES];
  char *encoded;

  crypto_auth_hmacsha256 (share, (const guint8 *) text, strlen (text), policy->secret);
  encoded = g_base64_encode (share, sizeof share);
  sodium_memzero (share, sizeof share);
  return encoded;
}

bool
csd_lock_fill_tokens (CsdAuth *self,
                      const CsdAuthOutcome *outcome,
                      bool recovery,
                      CslTokens *tokens)
{
  CsdLockPolicy policy;
  bool found;

  csd_registry_lock (self->registry);
  found = self->registry->get_lock (self->registry, outcome->session.organisation,
                                    &policy, NULL);
  csd_registry_unlock (self->registry);
  if (!found)
    return false;
  tokens->lock_minutes = policy.lock_minutes;
  tokens->time = csl_instant_format (csl_env_wall_ms (self->env), NULL);
  tokens->share = derive (&policy, "share", &outcome->session);
  tokens->lease_days = policy.lease_days;
  if (recovery && policy.may_recover)
    tokens->recovery_share = derive (&policy, "recovery", &outcome->session);
  sodium_memzero (&policy, sizeof policy);
  return true;
}
