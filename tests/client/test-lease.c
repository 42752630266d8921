/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-lease.c: a share is kept as long as the server allows, whatever the clock of this computer says. */
#include "client/app/csl-lease.h"

#include <glib/gstdio.h>

#define DAY_MS (24 * 3600 * G_GINT64_CONSTANT (1000))
#define NOW_MS (20000 * DAY_MS)

static const CslLeaseTerms week = { NOW_MS, 7, 30 };

typedef struct
{
  char *folder, *path;
  CslSecret *share;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("csl-lease-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "lease", NULL);
  f->share = csl_secret_new_random (32);
  g_assert_true (csl_lease_store_sync (f->path, f->share, &week, &error));
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_true (csl_lease_remove_sync (f->path, NULL));
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_free (f->path);
  csl_secret_unref (f->share);
}

static void
assert_kept (Fixture *f, gint64 at_ms)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSecret) share = csl_lease_lookup_sync (f->path, at_ms, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (csl_secret_get_bytes (share), csl_secret_get_length (share),
                   csl_secret_get_bytes (f->share), 32);
}

static void
assert_gone (Fixture *f, gint64 at_ms, CslLeaseError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSecret) share = csl_lease_lookup_sync (f->path, at_ms, &error);

  g_assert_null (share);
  g_assert_error (error, CSL_LEASE_ERROR, (int) code);
}

static void
test_over (Fixture *f, gconstpointer data)
{
  assert_kept (f, NOW_MS);
  assert_kept (f, NOW_MS + 7 * DAY_MS);
  assert_gone (f, NOW_MS + 7 * DAY_MS + 1, CSL_LEASE_ERROR_OVER);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
  /* It does not come back with the old time. */
  assert_gone (f, NOW_MS, CSL_LEASE_ERROR_NONE);
}

static void
test_clock_back (Fixture *f, gconstpointer data)
{
  g_autofree char *seen = NULL;
  g_autofree char *after = NULL;
  gsize length = 0, after_length = 0;

  assert_kept (f, NOW_MS - 400 * DAY_MS);
  assert_kept (f, NOW_MS + 6 * DAY_MS);
  g_assert_true (g_file_get_contents (f->path, &seen, &length, NULL));
  assert_gone (f, NOW_MS + 8 * DAY_MS, CSL_LEASE_ERROR_OVER);
  /* Back to the day on which it was kept, and on from there: time goes on from the latest seen. */
  g_assert_true (g_file_set_contents (f->path, seen, (gssize) length, NULL));
  assert_kept (f, NOW_MS - 30 * DAY_MS);
  g_assert_true (g_file_get_contents (f->path, &after, &after_length, NULL));
  g_assert_cmpmem (seen, length, after, after_length);
}

/* A clock that ran ahead once, then a word of the server. */
static void
test_clock_ahead (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  assert_gone (f, NOW_MS + 4000 * DAY_MS, CSL_LEASE_ERROR_OVER);
  g_assert_true (csl_lease_store_sync (f->path, f->share, &week, &error));
  assert_kept (f, NOW_MS + DAY_MS);
}

static void
test_damaged (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  for (gsize i = 0; i < length; i++) {
    bytes[i] ^= 1;
    g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
    assert_gone (f, NOW_MS, CSL_LEASE_ERROR_NONE);
    bytes[i] ^= 1;
  }
}

static char *
dup_file (Fixture *f)
{
  char *bytes = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  return (char *) g_byte_array_free (g_byte_array_new_take ((guint8 *) bytes, length),
                                     FALSE);
}

static void
take (Fixture *f, const char *time, gint64 days)
{
  g_autofree char *text =
    g_base64_encode (csl_secret_get_bytes (f->share), csl_secret_get_length (f->share));
  CslTokens tokens = { .share = text,
                       .lease_days = days,
                       .lock_minutes = 30,
                       .time = (char *) time };
  g_autoptr (GError) error = NULL;

  g_assert_true (csl_lease_take_tokens_sync (f->path, &tokens, &error));
  g_assert_no_error (error);
}

/* NOW_MS is 2024-10-04. */
static void
test_renewing (Fixture *f, gconstpointer data)
{
  g_autofree char *first = dup_file (f);
  g_autofree char *second = NULL;

  take (f, "2024-10-04T00:30:00.000Z", 7);
  second = dup_file (f);
  g_assert_cmpmem (first, 80, second, 80);
  g_assert_cmpint (csl_lease_get_minutes (f->path), ==, 30);
  take (f, "2024-10-06T00:00:00.000Z", 7);
  assert_kept (f, NOW_MS + 9 * DAY_MS);
  take (f, "2024-10-06T00:00:00.000Z", 2);
  assert_kept (f, NOW_MS + 4 * DAY_MS);
  /* No end. */
  take (f, "2024-10-06T00:00:00.000Z", 0);
  assert_kept (f, NOW_MS + 4000 * DAY_MS);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/lease/over", test_over);
  ADD ("/lease/clock-back", test_clock_back);
  ADD ("/lease/clock-ahead", test_clock_ahead);
  ADD ("/lease/damaged", test_damaged);
  ADD ("/lease/renewing", test_renewing);
  return g_test_run ();
}
