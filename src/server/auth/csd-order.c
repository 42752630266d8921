/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-order.c: signing orders. Every organisation has an Ed25519 key of its own, derived from one secret of the server:
 * a device of one organisation takes no orders of another.
 */
#include "config.h"

#include "server/auth/csd-order.h"

#include "core/base/csl-time.h"

#include <sodium.h>
#include <string.h>

typedef struct
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 private_key[crypto_sign_SECRETKEYBYTES];
} OrderKey;

static void
derive (OrderKey *key, const CsdSecrets *secrets, const char *organisation)
{
  g_autofree char *name = g_strconcat ("caseload-order-key\n", organisation, NULL);
  guint8 seed[crypto_sign_SEEDBYTES];

  crypto_generichash (seed, sizeof seed, (const guint8 *) name, strlen (name),
                      secrets->order_key, sizeof secrets->order_key);
  crypto_sign_seed_keypair (key->public_key, key->private_key, seed);
  sodium_memzero (seed, sizeof seed);
}

char *
csd_order_dup_key (const CsdSecrets *secrets, const char *organisation)
{
  OrderKey key;

  derive (&key, secrets, organisation);
  sodium_memzero (key.private_key, sizeof key.private_key);
  return g_base64_encode (key.public_key, sizeof key.public_key);
}

static char *
dup_signature (const CsdSecrets *secrets, const CslOrder *order)
{
  g_autofree char *text = csl_order_dup_signed_text (order);
  guint8 signature[crypto_sign_BYTES];
  OrderKey key;

  derive (&key, secrets, order->organisation);
  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text),
                        key.private_key);
  sodium_memzero (&key, sizeof key);
  return g_base64_encode (signature, sizeof signature);
}

char *
csd_order_dup_wipe (const CsdSecrets *secrets,
                    const CsdDevice *device,
                    const CsdRecoveryKey *recovery,
                    gint64 now_ms)
{
  g_auto (CslOrder) order = {
    .kind = g_strdup ("wipe"),
    .organisation = g_strdup (device->organisation),
    .device = g_strdup (device->id),
    .user = g_strdup (device->user),
    .counter = device->counter,
    .time = csl_instant_format (now_ms, NULL),
    .recovery_key = g_base64_encode (recovery->public_key, sizeof recovery->public_key),
  };

  order.signature = dup_signature (secrets, &order);
  return csl_order_print (&order);
}
