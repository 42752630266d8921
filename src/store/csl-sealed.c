/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sealed.c: sealed files.
 *
 *   0   8  "CSLSEAL" 0x0A
 *   8   1  version (1)
 *   9   1  kind of lock
 *  10   2  zero
 *  12  80  the lock: passphrase: operations u32, memory in KiB u32, salt 16, zero 56; public key: sealed key 80
 *  92  24  nonce
 * 116   …  XChaCha20-Poly1305 of the padded content, bytes 0–115 authenticated with it
 *   -  32  BLAKE2b of everything before
 *
 * The sum at the end protects nothing from an attacker; it tells a damaged file from a wrong passphrase, before a second
 * is spent on trying one. Numbers are big-endian.
 */
#include "config.h"

#include "store/csl-sealed.h"

#include <sodium.h>
#include <string.h>

#define VERSION     1
#define LOCK_AT     12
#define LOCK_SIZE   80
#define SALT_AT     (LOCK_AT + 8)
#define NONCE_AT    (LOCK_AT + LOCK_SIZE)
#define HEADER_SIZE (NONCE_AT + 24)
#define SUM_SIZE    32
#define TAG_SIZE    16
#define KEY_SIZE    32
#define BLOCK       4096
#define MAX_SIZE    (1024 * 1024 * 1024)

/* What a passphrase costs to try: about half a second. What a file asks for beyond the limits is refused. */
#define OPERATIONS     3
#define MEMORY_KIB     (128 * 1024)
#define MAX_OPERATIONS 16
#define MAX_MEMORY_KIB (1024 * 1024)

G_DEFINE_QUARK (csl - sealed - error - quark, csl_sealed_error)

G_STATIC_ASSERT (crypto_pwhash_SALTBYTES == 16);
G_STATIC_ASSERT (crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == HEADER_SIZE - NONCE_AT);
G_STATIC_ASSERT (crypto_aead_xchacha20poly1305_ietf_KEYBYTES == KEY_SIZE);
G_STATIC_ASSERT (crypto_aead_xchacha20poly1305_ietf_ABYTES == TAG_SIZE);
G_STATIC_ASSERT (crypto_box_SEALBYTES + KEY_SIZE == LOCK_SIZE);
G_STATIC_ASSERT (crypto_box_PUBLICKEYBYTES == CSL_SEALED_KEY_SIZE);

static const guint8 magic[8] = { 'C', 'S', 'L', 'S', 'E', 'A', 'L', '\n' };

static void
put_u32 (guint8 *at, guint32 number)
{
  guint32 big = GUINT32_TO_BE (number);

  memcpy (at, &big, sizeof big);
}

static guint32
get_u32 (const guint8 *at)
{
  guint32 big;

  memcpy (&big, at, sizeof big);
  return GUINT32_FROM_BE (big);
}

static void
start_sodium (void)
{
  if (sodium_init () < 0)
    g_error ("libsodium does not start");
}

static void
write_sum (const guint8 *file, gsize length, guint8 sum[SUM_SIZE])
{
  crypto_generichash (sum, SUM_SIZE, file, length, NULL, 0);
}

/* One passphrase has one spelling, whatever keyboard it was typed on. */
static char *
dup_normal (const char *passphrase)
{
  char *normal = g_utf8_normalize (passphrase, -1, G_NORMALIZE_NFC);

  return normal != NULL ? normal : g_strdup (passphrase);
}

static bool
derive_key (const char *passphrase,
            const guint8 *header,
            guint8 key[KEY_SIZE],
            GError **error)
{
  char *normal = dup_normal (passphrase);
  bool done = crypto_pwhash (key, KEY_SIZE, normal, strlen (normal), header + SALT_AT,
                             get_u32 (header + LOCK_AT),
                             (gsize) get_u32 (header + LOCK_AT + 4) * 1024,
                             crypto_pwhash_ALG_ARGON2ID13) == 0;

  sodium_memzero (normal, strlen (normal));
  g_free (normal);
  if (!done)
    g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_MEMORY,
                         "There is not enough memory to try the passphrase");
  return done;
}

/* -- writing -- */

/* @content, a one bit, and zeros up to a whole block. Caller frees and wipes. */
static guint8 *
pad (GBytes *content, gsize *ret_length)
{
  gsize length = g_bytes_get_size (content);
  gsize padded_length = 0;
  guint8 *padded = g_malloc0 (length + BLOCK);

  if (length > 0)
    memcpy (padded, g_bytes_get_data (content, NULL), length);
  if (sodium_pad (&padded_length, padded, length, BLOCK, length + BLOCK) != 0)
    g_error ("A block of padding does not fit into a block");
  *ret_length = padded_length;
  return padded;
}

static void
begin_header (const CslEnv *env, CslSealedLock lock, guint8 header[HEADER_SIZE])
{
  memset (header, 0, HEADER_SIZE);
  memcpy (header, magic, sizeof magic);
  header[8] = VERSION;
  header[9] = (guint8) lock;
  csl_env_random (env, header + NONCE_AT, HEADER_SIZE - NONCE_AT);
}

static GBytes *
encrypt (const guint8 header[HEADER_SIZE], const guint8 key[KEY_SIZE], GBytes *content)
{
  gsize padded_length, length;
  guint8 *padded = pad (content, &padded_length);
  guint8 *file;

  length = HEADER_SIZE + padded_length + TAG_SIZE;
  file = g_malloc (length + SUM_SIZE);
  memcpy (file, header, HEADER_SIZE);
  crypto_aead_xchacha20poly1305_ietf_encrypt (file + HEADER_SIZE, NULL, padded,
                                              padded_length, header, HEADER_SIZE, NULL,
                                              header + NONCE_AT, key);
  write_sum (file, length, file + length);
  sodium_memzero (padded, padded_length);
  g_free (padded);
  return g_bytes_new_take (file, length + SUM_SIZE);
}

/**
 * csl_sealed_write:
 * @env: where salt and nonce come from
 * @passphrase: UTF-8
 */
GBytes *
csl_sealed_write (const CslEnv *env,
                  const char *passphrase,
                  GBytes *content,
                  GError **error)
{
  guint8 header[HEADER_SIZE];
  guint8 key[KEY_SIZE];
  GBytes *file = NULL;

  start_sodium ();
  begin_header (env, CSL_SEALED_PASSPHRASE, header);
  put_u32 (header + LOCK_AT, OPERATIONS);
  put_u32 (header + LOCK_AT + 4, MEMORY_KIB);
  csl_env_random (env, header + SALT_AT, crypto_pwhash_SALTBYTES);
  if (derive_key (passphrase, header, key, error))
    file = encrypt (header, key, content);
  sodium_memzero (key, sizeof key);
  return file;
}

GBytes *
csl_sealed_write_to_key (const CslEnv *env,
                         const guint8 *public_key,
                         GBytes *content,
                         GError **error)
{
  guint8 header[HEADER_SIZE];
  guint8 key[KEY_SIZE];
  GBytes *file = NULL;

  start_sodium ();
  begin_header (env, CSL_SEALED_PUBLIC_KEY, header);
  csl_env_random (env, key, sizeof key);
  if (crypto_box_seal (header + LOCK_AT, key, sizeof key, public_key) == 0)
    file = encrypt (header, key, content);
  else
    g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_WRONG_KEY,
                         "Nothing can be sealed to this key");
  sodium_memzero (key, sizeof key);
  return file;
}

/* -- reading -- */

static bool
refuse (CslSealedError code, const char *message, GError **error)
{
  g_set_error_literal (error, CSL_SEALED_ERROR, code, message);
  return false;
}

static bool
is_whole (const guint8 *data, gsize length)
{
  guint8 sum[SUM_SIZE];

  if (length < HEADER_SIZE + BLOCK + TAG_SIZE + SUM_SIZE || length > MAX_SIZE)
    return false;
  write_sum (data, length - SUM_SIZE, sum);
  return memcmp (sum, data + length - SUM_SIZE, SUM_SIZE) == 0;
}

static bool
is_possible (const guint8 *header)
{
  guint32 operations = get_u32 (header + LOCK_AT);
  guint32 memory_kib = get_u32 (header + LOCK_AT + 4);

  if (header[9] == CSL_SEALED_PUBLIC_KEY)
    return true;
  return header[9] == CSL_SEALED_PASSPHRASE && operations >= 1 &&
         operations <= MAX_OPERATIONS && memory_kib >= 8 && memory_kib <= MAX_MEMORY_KIB;
}

/* Everything that can be said without a key. */
static bool
check (GBytes *file, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (file, &length);

  if (length < sizeof magic || memcmp (data, magic, sizeof magic) != 0)
    return refuse (CSL_SEALED_ERROR_FOREIGN, "This is not a sealed copy", error);
  /* What a newer program writes behind the version is its own matter. */
  if (length > 8 && data[8] > VERSION)
    return refuse (CSL_SEALED_ERROR_NEWER, "A newer Caseload made this sealed copy",
                   error);
  if (!is_whole (data, length) || data[8] != VERSION || !is_possible (data))
    return refuse (CSL_SEALED_ERROR_DAMAGED, "The sealed copy is damaged or cut short",
                   error);
  return true;
}

bool
csl_sealed_get_lock (GBytes *file, CslSealedLock *ret_lock, GError **error)
{
  if (!check (file, error))
    return false;
  *ret_lock = (CslSealedLock) ((const guint8 *) g_bytes_get_data (file, NULL))[9];
  return true;
}

static bool
check_lock (GBytes *file, CslSealedLock wanted, GError **error)
{
  CslSealedLock lock;

  if (!csl_sealed_get_lock (file, &lock, error))
    return false;
  return lock == wanted ||
         refuse (CSL_SEALED_ERROR_LOCK,
                 lock == CSL_SEALED_PASSPHRASE
                   ? "This file is locked with a passphrase, not with a key"
                   : "This file is locked with the organisation's key",
                 error);
}

static void
wipe (gpointer data)
{
  GByteArray *bytes = data;

  sodium_memzero (bytes->data, bytes->len);
  g_byte_array_unref (bytes);
}

static GBytes *
decrypt (GBytes *file, const guint8 key[KEY_SIZE], GError **error)
{
  gsize length, content_length = 0;
  const guint8 *data = g_bytes_get_data (file, &length);
  gsize sealed_length = length - HEADER_SIZE - SUM_SIZE;
  GByteArray *content = g_byte_array_new ();

  g_byte_array_set_size (content, (guint) (sealed_length - TAG_SIZE));
  if (crypto_aead_xchacha20poly1305_ietf_decrypt (content->data, NULL, NULL,
                                                  data + HEADER_SIZE, sealed_length, data,
                                                  HEADER_SIZE, data + NONCE_AT,
                                                  key) == 0 &&
      sodium_unpad (&content_length, content->data, content->len, BLOCK) == 0)
    return g_bytes_new_with_free_func (content->data, content_length, wipe, content);
  wipe (content);
  refuse (CSL_SEALED_ERROR_WRONG_KEY,
          "This passphrase or key does not open the sealed copy", error);
  return NULL;
}

GBytes *
csl_sealed_read (const char *passphrase, GBytes *file, GError **error)
{
  guint8 key[KEY_SIZE];
  GBytes *content = NULL;

  start_sodium ();
  if (!check_lock (file, CSL_SEALED_PASSPHRASE, error))
    return NULL;
  if (derive_key (passphrase, g_bytes_get_data (file, NULL), key, error))
    content = decrypt (file, key, error);
  sodium_memzero (key, sizeof key);
  return content;
}

GBytes *
csl_sealed_read_with_key (const guint8 *public_key,
                          const guint8 *private_key,
                          GBytes *file,
                          GError **error)
{
  guint8 key[KEY_SIZE];
  const guint8 *data = g_bytes_get_data (file, NULL);
  GBytes *content = NULL;

  start_sodium ();
  if (!check_lock (file, CSL_SEALED_PUBLIC_KEY, error))
    return NULL;
  if (crypto_box_seal_open (key, data + LOCK_AT, LOCK_SIZE, public_key, private_key) == 0)
    content = decrypt (file, key, error);
  else
    refuse (CSL_SEALED_ERROR_WRONG_KEY, "This key does not open the file", error);
  sodium_memzero (key, sizeof key);
  return content;
}
