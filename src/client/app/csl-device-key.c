/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-device-key.c: the Ed25519 key of this installation. */
#include "client/app/csl-device-key.h"

#include <sodium.h>
#include <string.h>

CslSecret *
csl_device_key_new (void)
{
  g_autoptr (CslSecret) seed = csl_secret_new_random (crypto_sign_SEEDBYTES);
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 private_key[crypto_sign_SECRETKEYBYTES];
  CslSecret *self;

  crypto_sign_seed_keypair (public_key, private_key, csl_secret_get_bytes (seed));
  self = csl_secret_new (private_key, sizeof private_key);
  sodium_memzero (private_key, sizeof private_key);
  return self;
}

char *
csl_device_key_dup_public (CslSecret *self)
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];

  g_return_val_if_fail (csl_secret_get_length (self) == crypto_sign_SECRETKEYBYTES, NULL);
  crypto_sign_ed25519_sk_to_pk (public_key, csl_secret_get_bytes (self));
  return g_base64_encode (public_key, sizeof public_key);
}

char *
csl_device_key_sign (CslSecret *self, const char *text)
{
  guint8 signature[crypto_sign_BYTES];

  g_return_val_if_fail (csl_secret_get_length (self) == crypto_sign_SECRETKEYBYTES, NULL);
  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text),
                        csl_secret_get_bytes (self));
  return g_base64_encode (signature, sizeof signature);
}

char *
csl_device_key_sign_refresh (CslSecret *self,
                             const char *device,
                             const char *refresh_token)
{
  g_autofree char *text = g_strdup_printf ("refresh\n%s\n%s", device, refresh_token);

  return csl_device_key_sign (self, text);
}
