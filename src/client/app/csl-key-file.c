/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-key-file.c: the file of two slots that hold the wrapped key of a replica.
 *
 *   file   magic (8), slot, slot
 *   slot   state (1), needs share (1), zero (2), memory in KiB (4), passes (4), salt (16), nonce (24),
 *          the key encrypted (32 + 16), check (16); numbers big-endian
 *
 * Wrapping key = HKDF-SHA-256 (keyring's secret ‖ Argon2id (PIN, salt) ‖ share), the middle left out in
 * the recovery slot. The check tells a broken slot from a wrong PIN: it needs no secret. The
 * file is always replaced whole, so whatever interrupts, there is the old one or the new one.
 */
#include "client/app/csl-key-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define MAGIC      "CSLKEY\0\1"
#define MAGIC_SIZE 8

/* More than this no Caseload writes: a changed file must not eat the memory of the computer. */
#define MOST_MEMORY_KIB (1024 * 1024)
#define MOST_PASSES     16

typedef struct
{
  guint8 state, needs_share, zero[2];
  guint8 memory_kib[4], passes[4];
  guint8 salt[crypto_pwhash_SALTBYTES];
  guint8 nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
  guint8 box[CSL_KEY_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES];
  guint8 check[16];
} Slot;

typedef struct
{
  char magic[MAGIC_SIZE];
  Slot slots[CSL_KEY_N_SLOTS];
} File;

/* 1 + 1 + 2 + 4 + 4 + 16 + 24 + 48 + 16: no gaps. */
G_STATIC_ASSERT (sizeof (File) == MAGIC_SIZE + CSL_KEY_N_SLOTS * 116);

G_DEFINE_QUARK (csl - key - file - error - quark, csl_key_file_error)

static bool
fail (GError **error, CslKeyFileError code, const char *message)
{
  g_set_error_literal (error, CSL_KEY_FILE_ERROR, (int) code, message);
  return false;
}

static guint32
read_number (const guint8 bytes[4])
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16 | (guint32) bytes[2] << 8 |
         bytes[3];
}

static void
write_number (guint8 bytes[4], guint32 number)
{
  for (int i = 0; i < 4; i++)
    bytes[i] = (guint8) (number >> (24 - 8 * i));
}

/* -- the file -- */

static bool
read_file (const char *path, File *ret_file, GError **error)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) raw = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &bytes, &length, &raw)) {
    const bool missing = g_error_matches (raw, G_FILE_ERROR, G_FILE_ERROR_NOENT);

    return fail (error, missing ? CSL_KEY_FILE_ERROR_MISSING : CSL_KEY_FILE_ERROR_DISK,
                 raw->message);
  }
  if (length >= MAGIC_SIZE && memcmp (bytes, MAGIC, MAGIC_SIZE - 1) == 0 &&
      bytes[MAGIC_SIZE - 1] > MAGIC[MAGIC_SIZE - 1])
    return fail (error, CSL_KEY_FILE_ERROR_NEWER, "the key file is of a newer version");
  if (length != sizeof *ret_file || memcmp (bytes, MAGIC, MAGIC_SIZE) != 0)
    return fail (error, CSL_KEY_FILE_ERROR_DAMAGED, "this is no key file");
  memcpy (ret_file, bytes, sizeof *ret_file);
  return true;
}

static bool
write_file (const char *path, const File *file, GError **error)
{
  g_autoptr (GError) raw = NULL;

  if (g_file_set_contents_full (path, (const char *) file, sizeof *file,
                                G_FILE_SET_CONTENTS_CONSISTENT |
                                  G_FILE_SET_CONTENTS_DURABLE,
                                0600, &raw))
    return true;
  return fail (error, CSL_KEY_FILE_ERROR_DISK, raw->message);
}

/* A slot moved to the other place does not fit either. */
static void
make_check (const Slot *slot, guint8 place, guint8 ret_check[16])
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, 16);
  crypto_generichash_update (&state, &place, 1);
  crypto_generichash_update (&state, (const guint8 *) slot, offsetof (Slot, check));
  crypto_generichash_final (&state, ret_check, 16);
}

static bool
is_whole (const Slot *slot, guint8 place)
{
  guint8 check[16];

  make_check (slot, place, check);
  return memcmp (check, slot->check, sizeof check) == 0 &&
         read_number (slot->memory_kib) <= MOST_MEMORY_KIB &&
         read_number (slot->passes) <= MOST_PASSES;
}

static bool
read_slot (const char *path, CslKeySlot place, Slot *ret_slot, GError **error)
{
  File file;

  if (!read_file (path, &file, error))
    return false;
  *ret_slot = file.slots[place];
  if (sodium_is_zero ((const guint8 *) ret_slot, sizeof *ret_slot))
    return fail (error, CSL_KEY_FILE_ERROR_EMPTY, "the slot is empty");
  if (!is_whole (ret_slot, place))
    return fail (error, CSL_KEY_FILE_ERROR_DAMAGED, "the slot is damaged");
  return true;
}

/* -- the wrapping key -- */

/* @material: the factors one behind the other, @length bytes; the result replaces the first 32. */
static void
expand (guint8 *material, gsize length)
{
  static const char info[] = "caseload replica key\1";
  guint8 none[crypto_auth_hmacsha256_KEYBYTES] = { 0 };
  guint8 *extracted = csl_secret_allocate (crypto_auth_hmacsha256_BYTES);

  crypto_auth_hmacsha256 (extracted, material, length, none);
  crypto_auth_hmacsha256 (material, (const guint8 *) info, sizeof info - 1, extracted);
  sodium_free (extracted);
}

static bool
derive (const Slot *slot,
        const CslKeyFactors *factors,
        guint8 *ret_material,
        GError **error)
{
  guint8 *end = ret_material;

  memcpy (end, csl_secret_get_bytes (factors->keyring), CSL_KEY_SIZE);
  end += CSL_KEY_SIZE;
  if (factors->pin != NULL) {
    if (crypto_pwhash (end, CSL_KEY_SIZE,
                       (const char *) csl_secret_get_bytes (factors->pin),
                       csl_secret_get_length (factors->pin), slot->salt,
                       read_number (slot->passes),
                       (gsize) read_number (slot->memory_kib) * 1024,
                       crypto_pwhash_ALG_ARGON2ID13) != 0)
      return fail (error, CSL_KEY_FILE_ERROR_DISK, "not enough memory for the PIN");
    end += CSL_KEY_SIZE;
  }
  if (slot->needs_share != 0) {
    memcpy (end, csl_secret_get_bytes (factors->share), CSL_KEY_SIZE);
    end += CSL_KEY_SIZE;
  }
  expand (ret_material, (gsize) (end - ret_material));
  return true;
}

static bool
are_complete (const CslKeyFactors *factors, CslKeySlot slot)
{
  return factors->keyring != NULL &&
         csl_secret_get_length (factors->keyring) == CSL_KEY_SIZE &&
         (factors->pin != NULL) == (slot == CSL_KEY_SLOT_PIN) &&
         (factors->share == NULL ||
          csl_secret_get_length (factors->share) == CSL_KEY_SIZE);
}

/* -- public -- */

bool
csl_key_file_exists (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

bool
csl_key_file_has_slot (const char *path, CslKeySlot slot)
{
  File file;

  return read_file (path, &file, NULL) &&
         !sodium_is_zero ((const guint8 *) &file.slots[slot], sizeof file.slots[slot]);
}

bool
csl_key_file_needs_share (const char *path, CslKeySlot slot)
{
  Slot found;

  return read_slot (path, slot, &found, NULL) && found.needs_share != 0;
}

static bool
fill_slot (Slot *slot, const CslKeyFactors *factors, CslSecret *key, GError **error)
{
  guint8 *material = csl_secret_allocate (3 * CSL_KEY_SIZE);
  bool derived;

  *slot = (Slot){ .state = 1, .needs_share = factors->share != NULL };
  write_number (slot->memory_kib, CSL_KEY_MEMORY_KIB);
  write_number (slot->passes, CSL_KEY_PASSES);
  randombytes_buf (slot->salt, sizeof slot->salt);
  randombytes_buf (slot->nonce, sizeof slot->nonce);
  derived = derive (slot, factors, material, error);
  if (derived)
    crypto_aead_xchacha20poly1305_ietf_encrypt (slot->box, NULL,
                                                csl_secret_get_bytes (key), CSL_KEY_SIZE,
                                                (const guint8 *) slot,
                                                offsetof (Slot, nonce), NULL, slot->nonce,
                                                material);
  sodium_free (material);
  return derived;
}

/**
 * csl_key_file_wrap_sync:
 * @factors: with a share the slot needs it from now on
 * @key: CSL_KEY_SIZE bytes
 *
 * Makes the file, or puts @key into one slot of it in place of what was there. The other slot stays as it is.
 *
 * Returns: %FALSE with %CSL_KEY_FILE_ERROR_NEWER, %CSL_KEY_FILE_ERROR_DISK or, where there is another file,
 *   %CSL_KEY_FILE_ERROR_DAMAGED
 */
bool
csl_key_file_wrap_sync (const char *path,
                        CslKeySlot slot,
                        const CslKeyFactors *factors,
                        CslSecret *key,
                        GError **error)
{
  File file = { 0 };
  Slot *chosen = &file.slots[slot];

  g_return_val_if_fail (are_complete (factors, slot), false);
  g_return_val_if_fail (csl_secret_get_length (key) == CSL_KEY_SIZE, false);
  if (csl_key_file_exists (path) && !read_file (path, &file, error))
    return false;
  memcpy (file.magic, MAGIC, MAGIC_SIZE);
  if (!fill_slot (chosen, factors, key, error))
    return false;
  make_check (chosen, (guint8) slot, chosen->check);
  return write_file (path, &file, error);
}

/**
 * csl_key_file_unwrap_sync:
 *
 * Returns: (transfer full): the key; %NULL with any %CSL_KEY_FILE_ERROR
 */
CslSecret *
csl_key_file_unwrap_sync (const char *path,
                          CslKeySlot slot,
                          const CslKeyFactors *factors,
                          GError **error)
{
  Slot found;
  guint8 *material;
  CslSecret *key = NULL;

  g_return_val_if_fail (are_complete (factors, slot), NULL);
  if (!read_slot (path, slot, &found, error))
    return NULL;
  if (found.needs_share != 0 && factors->share == NULL) {
    fail (error, CSL_KEY_FILE_ERROR_SHARE, "the share of the server is not here");
    return NULL;
  }
  material = csl_secret_allocate (3 * CSL_KEY_SIZE);
  if (derive (&found, factors, material, error)) {
    guint8 *opened = csl_secret_allocate (CSL_KEY_SIZE);

    if (crypto_aead_xchacha20poly1305_ietf_decrypt (opened, NULL, NULL, found.box,
                                                    sizeof found.box,
                                                    (const guint8 *) &found,
                                                    offsetof (Slot, nonce), found.nonce,
                                                    material) == 0)
      key = csl_secret_new (opened, CSL_KEY_SIZE);
    else
      fail (error, CSL_KEY_FILE_ERROR_WRONG, "the slot does not open");
    sodium_free (opened);
  }
  sodium_free (material);
  return key;
}

/** csl_key_file_empty_slot_sync: forgets one slot; the other stays. */
bool
csl_key_file_empty_slot_sync (const char *path, CslKeySlot slot, GError **error)
{
  File file;

  if (!read_file (path, &file, error))
    return false;
  memset (&file.slots[slot], 0, sizeof file.slots[slot]);
  return write_file (path, &file, error);
}

/**
 * csl_key_file_destroy_sync:
 *
 * Overwrites the file and removes it: from then on nobody can open the replica, whatever they know. It succeeds when there is none.
 *
 * Returns: %FALSE with %CSL_KEY_FILE_ERROR_DISK
 */
bool
csl_key_file_destroy_sync (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  guint8 noise[sizeof (File)];
  int file = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  int parent;
  bool done;

  if (file < 0 && errno == ENOENT)
    return true;
  if (file < 0)
    return fail (error, CSL_KEY_FILE_ERROR_DISK, g_strerror (errno));
  randombytes_buf (noise, sizeof noise);
  done = write (file, noise, sizeof noise) == (gssize) sizeof noise && fsync (file) == 0;
  close (file);
  /* Even where it could not be overwritten it must not stay. */
  done = g_unlink (path) == 0 && done;
  parent = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  done = parent >= 0 && fsync (parent) == 0 && done;
  if (parent >= 0)
    close (parent);
  return done ||
         fail (error, CSL_KEY_FILE_ERROR_DISK, "the key file could not be destroyed");
}
