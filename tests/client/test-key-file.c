/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-key-file.c: slots, wrong PINs, broken files, and that an interrupted change leaves the old file or the new one. */
#include "client/app/csl-key-file.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder, *path;
  CslSecret *keyring, *pin, *other_pin, *share, *key;
} Fixture;

static CslSecret *
text (const char *words)
{
  return csl_secret_new ((const guint8 *) words, strlen (words));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("csl-key-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "keys", NULL);
  f->keyring = csl_secret_new_random (CSL_KEY_SIZE);
  f->share = csl_secret_new_random (CSL_KEY_SIZE);
  f->key = csl_secret_new_random (CSL_KEY_SIZE);
  f->pin = text ("blue kettle");
  f->other_pin = text ("blue kettles");
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->path);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->path);
  g_free (f->folder);
  csl_secret_unref (f->keyring);
  csl_secret_unref (f->pin);
  csl_secret_unref (f->other_pin);
  csl_secret_unref (f->share);
  csl_secret_unref (f->key);
}

static void
wrap (Fixture *f, CslKeySlot slot, CslSecret *pin, CslSecret *share)
{
  const CslKeyFactors factors = { f->keyring, pin, share };
  g_autoptr (GError) error = NULL;
  bool done = csl_key_file_wrap_sync (f->path, slot, &factors, f->key, &error);

  g_assert_no_error (error);
  g_assert_true (done);
}

static void
assert_opens (Fixture *f, CslKeySlot slot, CslSecret *pin, CslSecret *share)
{
  const CslKeyFactors factors = { f->keyring, pin, share };
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSecret) key = csl_key_file_unwrap_sync (f->path, slot, &factors, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (csl_secret_get_bytes (key), csl_secret_get_length (key),
                   csl_secret_get_bytes (f->key), CSL_KEY_SIZE);
}

static void
assert_refused (Fixture *f,
                CslKeySlot slot,
                CslSecret *pin,
                CslSecret *share,
                CslKeyFileError code)
{
  const CslKeyFactors factors = { f->keyring, pin, share };
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSecret) key = csl_key_file_unwrap_sync (f->path, slot, &factors, &error);

  g_assert_null (key);
  g_assert_error (error, CSL_KEY_FILE_ERROR, (int) code);
}

static void
test_slots (Fixture *f, gconstpointer data)
{
  assert_refused (f, CSL_KEY_SLOT_PIN, f->pin, NULL, CSL_KEY_FILE_ERROR_MISSING);
  wrap (f, CSL_KEY_SLOT_PIN, f->pin, NULL);
  assert_opens (f, CSL_KEY_SLOT_PIN, f->pin, NULL);
  assert_refused (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share, CSL_KEY_FILE_ERROR_EMPTY);
  wrap (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share);
  assert_opens (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share);
  /* A new PIN ends the old one and leaves the other slot alone. */
  wrap (f, CSL_KEY_SLOT_PIN, f->other_pin, NULL);
  assert_opens (f, CSL_KEY_SLOT_PIN, f->other_pin, NULL);
  assert_refused (f, CSL_KEY_SLOT_PIN, f->pin, NULL, CSL_KEY_FILE_ERROR_WRONG);
  assert_opens (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share);
  g_assert_true (csl_key_file_empty_slot_sync (f->path, CSL_KEY_SLOT_RECOVERY, NULL));
  assert_refused (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share, CSL_KEY_FILE_ERROR_EMPTY);
  assert_opens (f, CSL_KEY_SLOT_PIN, f->other_pin, NULL);
}

/* Each factor counts. */
static void
test_factors (Fixture *f, gconstpointer data)
{
  g_autoptr (CslSecret) other = csl_secret_new_random (CSL_KEY_SIZE);
  CslSecret *keyring = f->keyring;

  wrap (f, CSL_KEY_SLOT_PIN, f->pin, f->share);
  g_assert_true (csl_key_file_needs_share (f->path, CSL_KEY_SLOT_PIN));
  assert_opens (f, CSL_KEY_SLOT_PIN, f->pin, f->share);
  assert_refused (f, CSL_KEY_SLOT_PIN, f->pin, NULL, CSL_KEY_FILE_ERROR_SHARE);
  assert_refused (f, CSL_KEY_SLOT_PIN, f->pin, other, CSL_KEY_FILE_ERROR_WRONG);
  f->keyring = other;
  assert_refused (f, CSL_KEY_SLOT_PIN, f->pin, f->share, CSL_KEY_FILE_ERROR_WRONG);
  f->keyring = keyring;
}

/* No byte of the file may change unnoticed, and the other slot still opens. */
static void
test_damage (Fixture *f, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize length = 0;

  wrap (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share);
  wrap (f, CSL_KEY_SLOT_PIN, f->pin, NULL);
  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  g_assert_cmpuint (length, ==, 240);
  for (gsize i = 8; i < length; i++) {
    const CslKeySlot hit = i < 8 + 116 ? CSL_KEY_SLOT_PIN : CSL_KEY_SLOT_RECOVERY;

    bytes[i] ^= 0x10;
    g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
    assert_refused (f, hit, hit == CSL_KEY_SLOT_PIN ? f->pin : NULL,
                    hit == CSL_KEY_SLOT_PIN ? NULL : f->share,
                    CSL_KEY_FILE_ERROR_DAMAGED);
    g_assert_true (csl_key_file_has_slot (f->path, 1 - hit));
    bytes[i] ^= 0x10;
  }
  bytes[8] ^= 0x10;
  g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
  assert_opens (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share);
  g_assert_true (g_file_set_contents (f->path, bytes, 100, NULL));
  assert_refused (f, CSL_KEY_SLOT_PIN, f->pin, NULL, CSL_KEY_FILE_ERROR_DAMAGED);
  bytes[7] = 9;
  g_assert_true (g_file_set_contents (f->path, bytes, (gssize) length, NULL));
  assert_refused (f, CSL_KEY_SLOT_PIN, f->pin, NULL, CSL_KEY_FILE_ERROR_NEWER);
}

/* Killed anywhere while the PIN changes: the old one or the new one opens, and the recovery slot does. */
static void
test_killed (Fixture *f, gconstpointer data)
{
  wrap (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share);
  for (guint i = 0; i < 12; i++) {
    const CslKeyFactors old_pin = { f->keyring, f->pin, NULL };
    const CslKeyFactors new_pin = { f->keyring, f->other_pin, NULL };
    g_autoptr (CslSecret) with_old = NULL;
    g_autoptr (CslSecret) with_new = NULL;
    pid_t child;

    wrap (f, CSL_KEY_SLOT_PIN, f->pin, NULL);
    child = fork ();
    if (child == 0) {
      bool done =
        csl_key_file_wrap_sync (f->path, CSL_KEY_SLOT_PIN, &new_pin, f->key, NULL);

      _exit (done ? 0 : 1);
    }
    g_usleep (i * 60 * 1000);
    kill (child, SIGKILL);
    g_assert_cmpint (waitpid (child, NULL, 0), ==, child);
    with_old = csl_key_file_unwrap_sync (f->path, CSL_KEY_SLOT_PIN, &old_pin, NULL);
    with_new = csl_key_file_unwrap_sync (f->path, CSL_KEY_SLOT_PIN, &new_pin, NULL);
    g_assert_true ((with_old != NULL) != (with_new != NULL));
    assert_opens (f, CSL_KEY_SLOT_RECOVERY, NULL, f->share);
  }
}

static void
remove_rest (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (f->folder, name, NULL);

    if (strcmp (path, f->path) != 0)
      g_unlink (path);
  }
}

static void
test_killed_and_tidied (Fixture *f, gconstpointer data)
{
  test_killed (f, data);
  remove_rest (f);
}

static void
test_destroyed (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  wrap (f, CSL_KEY_SLOT_PIN, f->pin, NULL);
  g_assert_true (csl_key_file_destroy_sync (f->path, &error));
  g_assert_no_error (error);
  g_assert_false (csl_key_file_exists (f->path));
  g_assert_true (csl_key_file_destroy_sync (f->path, &error));
}

/* What an unlock costs, as a line of the log: the whole of it may take 0.7 s. */
static void
test_time (Fixture *f, gconstpointer data)
{
  gint64 start;

  wrap (f, CSL_KEY_SLOT_PIN, f->pin, f->share);
  start = g_get_monotonic_time ();
  assert_opens (f, CSL_KEY_SLOT_PIN, f->pin, f->share);
  g_test_message ("a PIN is tried in %.0f ms",
                  (double) (g_get_monotonic_time () - start) / 1000);
}

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/key-file/slots", test_slots);
  ADD ("/key-file/factors", test_factors);
  ADD ("/key-file/damage", test_damage);
  ADD ("/key-file/killed", test_killed_and_tidied);
  ADD ("/key-file/destroyed", test_destroyed);
  ADD ("/key-file/time", test_time);
  return g_test_run ();
}
