/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-token.c: making and checking tokens. Comparisons are libsodium's, in constant time. */
#include "config.h"

#include "server/auth/csd-token.h"

#include "core/base/csl-id.h"

#include <sodium.h>
#include <string.h>

#define VERSION   "2."
#define MAX_TOKEN 512
#define ID_BYTES  16
/* session, then generation and expiry as 8 bytes each: it travels with every request */
#define CLAIMS_BYTES (ID_BYTES + 16)
#define MAC_TEXT     44 /* base64 of a MAC, with NUL */

static void
append_base64 (GString *out, gconstpointer data, gsize length)
{
  gsize size =
    sodium_base64_ENCODED_LEN (length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  g_autofree char *text = g_malloc (size);

  sodium_bin2base64 (text, size, data, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  g_string_append (out, text);
}

static bool
read_base64 (const char *text,
             gsize length,
             guint8 *buffer,
             gsize size,
             gsize *ret_length)
{
  return sodium_base642bin (buffer, size, text, length, NULL, ret_length, NULL,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

static void
append_mac (GString *out, const guint8 key[CSD_KEY_SIZE])
{
  guint8 mac[crypto_auth_hmacsha256_BYTES];

  crypto_auth_hmacsha256 (mac, (const guint8 *) out->str, out->len, key);
  g_string_append_c (out, '.');
  append_base64 (out, mac, sizeof mac);
}

/* Splits @token at its last dot and checks the MAC behind it; *ret_length: of what was authenticated. */
static bool
check_mac (const char *token, const guint8 key[CSD_KEY_SIZE], gsize *ret_length)
{
  const char *dot = strlen (token) <= MAX_TOKEN ? strrchr (token, '.') : NULL;
  guint8 mac[crypto_auth_hmacsha256_BYTES];
  gsize length = 0;

  if (dot == NULL || strlen (dot + 1) >= MAC_TEXT ||
      !read_base64 (dot + 1, strlen (dot + 1), mac, sizeof mac, &length) ||
      length != sizeof mac)
    return false;
  *ret_length = (gsize) (dot - token);
  return crypto_auth_hmacsha256_verify (mac, (const guint8 *) token, *ret_length, key) ==
         0;
}

/* The 16 bytes of an id: a third of its text. */
static void
pack_id (guint8 *bytes, const char *id)
{
  gsize length = 0;

  if (sodium_hex2bin (bytes, ID_BYTES, id, strlen (id), "-", &length, NULL) != 0 ||
      length != ID_BYTES)
    g_error ("%s is no id", id);
}

static void
unpack_id (char id[40], const guint8 *bytes)
{
  char hex[2 * ID_BYTES + 1];

  sodium_bin2hex (hex, sizeof hex, bytes, ID_BYTES);
  g_snprintf (id, 40, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
              hex + 20);
}

static void
pack_number (guint8 *bytes, gint64 number)
{
  guint64 big = GUINT64_TO_BE ((guint64) number);

  memcpy (bytes, &big, sizeof big);
}

static gint64
unpack_number (const guint8 *bytes)
{
  guint64 big = 0;

  memcpy (&big, bytes, sizeof big);
  return (gint64) GUINT64_FROM_BE (big);
}

char *
csd_token_print (const CsdSecrets *secrets, const CsdClaims *claims)
{
  GString *token = g_string_new (VERSION);
  guint8 bytes[CLAIMS_BYTES];

  pack_id (bytes, claims->session);
  pack_number (bytes + ID_BYTES, claims->generation);
  pack_number (bytes + ID_BYTES + 8, claims->expires_s);
  append_base64 (token, bytes, sizeof bytes);
  append_mac (token, secrets->access_key);
  return g_string_free (token, FALSE);
}

static void
read_claims (const guint8 bytes[CLAIMS_BYTES], CsdClaims *claims)
{
  *claims = (CsdClaims){ 0 };
  unpack_id (claims->session, bytes);
  claims->generation = unpack_number (bytes + ID_BYTES);
  claims->expires_s = unpack_number (bytes + ID_BYTES + 8);
}

bool
csd_token_verify (const CsdSecrets *secrets,
                  const char *token,
                  gint64 now_s,
                  CsdClaims *ret_claims)
{
  const gsize start = strlen (VERSION);
  guint8 bytes[CLAIMS_BYTES];
  gsize length = 0;
  gsize decoded = 0;

  if (!check_mac (token, secrets->access_key, &length) || length < start ||
      strncmp (token, VERSION, start) != 0 ||
      !read_base64 (token + start, length - start, bytes, sizeof bytes, &decoded) ||
      decoded != sizeof bytes)
    return false;
  read_claims (bytes, ret_claims);
  return ret_claims->expires_s > now_s;
}

char *
csd_refresh_print (const CsdSecrets *secrets, const char *session, gint64 generation)
{
  GString *token = g_string_new (NULL);

  g_string_append_printf (token, "%s.%" G_GINT64_FORMAT, session, generation);
  append_mac (token, secrets->refresh_key);
  return g_string_free (token, FALSE);
}

bool
csd_refresh_verify (const CsdSecrets *secrets,
                    const char *token,
                    char ret_session[40],
                    gint64 *ret_generation)
{
  gsize length = 0;
  const char *dot = NULL;
  g_autofree char *number = NULL;

  if (!check_mac (token, secrets->refresh_key, &length))
    return false;
  dot = memchr (token, '.', length);
  if (dot == NULL || dot - token != CSL_ID_LENGTH)
    return false;
  g_strlcpy (ret_session, token, CSL_ID_LENGTH + 1);
  number = g_strndup (dot + 1, length - (gsize) (dot + 1 - token));
  return g_ascii_string_to_signed (number, 10, 1, G_MAXINT64, ret_generation, NULL);
}

bool
csd_refresh_check_signature (const guint8 device_key[32],
                             const char *device,
                             const char *token,
                             const char *signature)
{
  g_autofree char *text = g_strconcat ("refresh\n", device, "\n", token, NULL);
  guint8 raw[crypto_sign_BYTES];
  gsize length = 0;

  if (sodium_base642bin (raw, sizeof raw, signature, strlen (signature), NULL, &length,
                         NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
      length != sizeof raw)
    return false;
  return crypto_sign_verify_detached (raw, (const guint8 *) text, strlen (text),
                                      device_key) == 0;
}
