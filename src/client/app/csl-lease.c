/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-lease.c: keeping the server's share, and forgetting it in time.
 *
 *   file   magic (8), share (32), end in ms (8), latest time seen in ms (8), idle minutes (8), check (16); big-endian
 *
 * What counts as now is the latest of this computer's clock and every time seen before, those of the server among them:
 * a clock turned back makes the lease no longer. A renewal takes the server's word alone, so a clock that
 * once ran ahead does no harm for ever.
 */
#include "client/app/csl-lease.h"

#include "core/base/csl-time.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define MAGIC      "CSLLEAS\1"
#define SHARE_SIZE 32
#define DAY_MS     (24 * 3600 * G_GINT64_CONSTANT (1000))
#define HOUR_MS    (3600 * G_GINT64_CONSTANT (1000))

typedef struct
{
  char magic[8];
  guint8 share[SHARE_SIZE];
  guint8 until[8], latest[8], minutes[8];
  guint8 check[16];
} File;

G_STATIC_ASSERT (sizeof (File) == 80);

G_DEFINE_QUARK (csl - lease - error - quark, csl_lease_error)

static gint64
read_number (const guint8 bytes[8])
{
  guint64 number = 0;

  for (int i = 0; i < 8; i++)
    number = number << 8 | bytes[i];
  return (gint64) number;
}

static void
write_number (guint8 bytes[8], gint64 number)
{
  for (int i = 0; i < 8; i++)
    bytes[i] = (guint8) ((guint64) number >> (56 - 8 * i));
}

static void
make_check (const File *file, guint8 ret_check[16])
{
  crypto_generichash (ret_check, 16, (const guint8 *) file, offsetof (File, check), NULL,
                      0);
}

static bool
write_file (const char *path, File *file, GError **error)
{
  g_autoptr (GError) raw = NULL;

  make_check (file, file->check);
  if (g_file_set_contents_full (path, (const char *) file, sizeof *file,
                                G_FILE_SET_CONTENTS_CONSISTENT |
                                  G_FILE_SET_CONTENTS_DURABLE,
                                0600, &raw))
    return true;
  g_set_error_literal (error, CSL_LEASE_ERROR, CSL_LEASE_ERROR_DISK, raw->message);
  return false;
}

static bool
read_file (const char *path, File *ret_file)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;
  guint8 check[16];
  bool good = g_file_get_contents (path, &bytes, &length, NULL) &&
              length == sizeof *ret_file && memcmp (bytes, MAGIC, 8) == 0;

  if (good) {
    memcpy (ret_file, bytes, sizeof *ret_file);
    make_check (ret_file, check);
    good = memcmp (check, ret_file->check, sizeof check) == 0;
  }
  if (bytes != NULL)
    sodium_memzero (bytes, length);
  return good;
}

static gint64
end_of (const CslLeaseTerms *terms)
{
  return terms->days > 0
           ? terms->server_ms + MIN (terms->days, CSL_LEASE_MOST_DAYS) * DAY_MS
           : G_MAXINT64;
}

bool
csl_lease_store_sync (const char *path,
                      CslSecret *share,
                      const CslLeaseTerms *terms,
                      GError **error)
{
  File file = { 0 };
  bool stored;

  g_return_val_if_fail (csl_secret_get_length (share) == SHARE_SIZE, false);
  memcpy (file.magic, MAGIC, sizeof file.magic);
  memcpy (file.share, csl_secret_get_bytes (share), SHARE_SIZE);
  write_number (file.until, end_of (terms));
  write_number (file.latest, terms->server_ms);
  write_number (file.minutes, terms->minutes);
  stored = write_file (path, &file, error);
  sodium_memzero (&file, sizeof file);
  return stored;
}

CslSecret *
csl_lease_decode_share (const char *text)
{
  guint8 *bytes = csl_secret_allocate (SHARE_SIZE);
  gsize length = 0;
  CslSecret *share = NULL;

  if (text != NULL &&
      sodium_base642bin (bytes, SHARE_SIZE, text, strlen (text), NULL, &length, NULL,
                         sodium_base64_VARIANT_ORIGINAL) == 0 &&
      length == SHARE_SIZE)
    share = csl_secret_new (bytes, SHARE_SIZE);
  sodium_free (bytes);
  return share;
}

static bool
is_worth_a_write (const char *path, CslSecret *share, const CslLeaseTerms *terms)
{
  File file;
  const gint64 until = end_of (terms);
  bool same = read_file (path, &file);

  if (same) {
    const gint64 kept = read_number (file.until);

    same = memcmp (file.share, csl_secret_get_bytes (share), SHARE_SIZE) == 0 &&
           (kept == until || (kept < until && until - kept < HOUR_MS)) &&
           read_number (file.minutes) == terms->minutes;
  }
  sodium_memzero (&file, sizeof file);
  return !same;
}

bool
csl_lease_take_tokens_sync (const char *path, const CslTokens *tokens, GError **error)
{
  g_autoptr (CslSecret) share = csl_lease_decode_share (tokens->share);
  CslLeaseTerms terms = { .days = tokens->lease_days, .minutes = tokens->lock_minutes };

  if (share == NULL || tokens->time == NULL ||
      !csl_instant_parse (tokens->time, &terms.server_ms, NULL) ||
      !is_worth_a_write (path, share, &terms))
    return true;
  return csl_lease_store_sync (path, share, &terms, error);
}

CslSecret *
csl_lease_lookup_sync (const char *path, gint64 wall_ms, GError **error)
{
  File file;
  CslSecret *share = NULL;
  gint64 now;

  if (!read_file (path, &file)) {
    g_set_error_literal (error, CSL_LEASE_ERROR, CSL_LEASE_ERROR_NONE,
                         "no share of the server is kept");
    return NULL;
  }
  now = MAX (wall_ms, read_number (file.latest));
  if (now > read_number (file.until)) {
    g_set_error_literal (error, CSL_LEASE_ERROR, CSL_LEASE_ERROR_OVER,
                         "the lease of the server's share is over");
    csl_lease_remove_sync (path, NULL);
  } else {
    share = csl_secret_new (file.share, SHARE_SIZE);
    /* A time that cannot be noted is no reason to keep somebody out. */
    if (now > read_number (file.latest)) {
      write_number (file.latest, now);
      if (!write_file (path, &file, NULL))
        g_debug ("the time was not noted");
    }
  }
  sodium_memzero (&file, sizeof file);
  return share;
}

bool
csl_lease_remove_sync (const char *path, GError **error)
{
  if (g_unlink (path) == 0 || errno == ENOENT)
    return true;
  g_set_error_literal (error, CSL_LEASE_ERROR, CSL_LEASE_ERROR_DISK, g_strerror (errno));
  return false;
}

gint64
csl_lease_get_minutes (const char *path)
{
  File file;
  gint64 minutes = read_file (path, &file) ? read_number (file.minutes) : 0;

  sodium_memzero (&file, sizeof file);
  return CLAMP (minutes, 0, 24 * 60);
}
