/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-token.c: making and checking tokens. Comparisons are libsodium's, in constant time. */
#include "config.h"

#include "server/auth/csd-token.h"

#include "core/base/csl-id.h"
#include "core/base/csl-json-write.h"

#include <sodium.h>
#include <string.h>

#define HEADER    "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define MAX_TOKEN 2048
#define MAC_TEXT  44 /* base64 of a MAC, with NUL */

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

char *
csd_token_print (const CsdSecrets *secrets, const CsdClaims *claims)
{
  g_autoptr (GString) payload = g_string_new ("{");
  GString *token = g_string_new (NULL);

  csl_json_write_member_string (payload, "sid", claims->session);
  csl_json_write_member_string (payload, "sub", claims->user);
  csl_json_write_member_string (payload, "org", claims->organisation);
  csl_json_write_member_string (payload, "dev", claims->device);
  csl_json_write_member_int (payload, "gen", claims->generation);
  csl_json_write_member_int (payload, "exp", claims->expires_s);
  g_string_append_c (payload, '}');
  append_base64 (token, HEADER, strlen (HEADER));
  g_string_append_c (token, '.');
  append_base64 (token, payload->str, payload->len);
  append_mac (token, secrets->access_key);
  return g_string_free (token, FALSE);
}

static bool
read_claim (const CslJson *json, const char *name, char buffer[40])
{
  g_autofree char *text = csl_json_member_dup_string (json, 0, name);

  return text != NULL && g_strlcpy (buffer, text, 40) < 40;
}

static bool
read_claims (const char *payload, gsize length, CsdClaims *claims)
{
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (!csl_json_scan (&json, payload, length, &csl_json_limits_request, NULL) ||
      csl_json_token (&json, 0)->kind != CSL_JSON_OBJECT)
    return false;
  memset (claims, 0, sizeof *claims);
  claims->generation = csl_json_member_int (&json, 0, "gen", -1);
  claims->expires_s = csl_json_member_int (&json, 0, "exp", 0);
  return read_claim (&json, "sid", claims->session) &&
         read_claim (&json, "sub", claims->user) &&
         read_claim (&json, "org", claims->organisation) &&
         read_claim (&json, "dev", claims->device);
}

bool
csd_token_verify (const CsdSecrets *secrets,
                  const char *token,
                  gint64 now_s,
                  CsdClaims *ret_claims)
{
  gsize length = 0;
  gsize decoded = 0;
  const char *dot = NULL;
  guint8 payload[MAX_TOKEN];

  if (!check_mac (token, secrets->access_key, &length))
    return false;
  dot = memchr (token, '.', length);
  if (dot == NULL || !read_base64 (dot + 1, length - (gsize) (dot + 1 - token), payload,
                                   sizeof payload, &decoded))
    return false;
  return read_claims ((const char *) payload, decoded, ret_claims) &&
         ret_claims->expires_s > now_s;
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
