/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was set aside, when its worker's records leave this computer: keys and records go, unsent work only where it is sealed. */
#include "client/app/csl-account.h"
#include "client/app/csl-aside.h"
#include "client/app/csl-keyring.h"
#include "csl-test-keyring.h"
#include "store/csl-sealed.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define ORGANISATION "01976b1e-0000-7abc-8def-00000000000a"
#define USER         "01976b1e-0000-7abc-8def-00000000000b"
#define OTHER_USER   "01976b1e-0000-7abc-8def-00000000000c"
#define ACCOUNT      "01976b1e-2222-7abc-8def-000000000001"
#define OLD          "01976b1e-1111-7abc-8def-000000000001"
#define CANARY       "the heron in the blue kitchen"

typedef struct
{
  char *folder; /* (owned): of all accounts */
  guint8 public_key[crypto_box_PUBLICKEYBYTES];
  guint8 private_key[crypto_box_SECRETKEYBYTES];
  char *recovery_key; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("csl-aside-XXXXXX", NULL);
  crypto_box_keypair (fixture->public_key, fixture->private_key);
  fixture->recovery_key =
    g_base64_encode (fixture->public_key, sizeof fixture->public_key);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    remove_tree (inner);
  }
  (void) g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->recovery_key);
}

static void
put_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
put_key (const char *account)
{
  g_autoptr (CslSecret) key = csl_secret_new_random (32);
  g_autoptr (GError) error = NULL;

  g_assert_true (
    csl_keyring_store_sync (account, CSL_KEYRING_LOCK_SECRET, key, NULL, &error));
  g_assert_no_error (error);
}

static bool
has_key (const char *account)
{
  g_autoptr (CslSecret) key =
    csl_keyring_lookup_sync (account, CSL_KEYRING_LOCK_SECRET, NULL, NULL);

  return key != NULL;
}

static void
fill_work (CslWorkCopy *work)
{
  *work = (CslWorkCopy){ .organisation = g_strdup (ORGANISATION),
                         .user = g_strdup (USER),
                         .device = g_strdup (ACCOUNT),
                         .inc = g_strdup (ACCOUNT),
                         .at = g_strdup ("2026-11-21T10:00:00.000Z"),
                         .lines = g_ptr_array_new_with_free_func (g_free),
                         .drafts = g_ptr_array_new_with_free_func (g_free) };
  g_ptr_array_add (work->drafts, g_strdup ("{\"t\":\"draft\",\"id\":\"" ACCOUNT
                                           "\",\"set\":{\"form_data\":\"" CANARY "\"}}"));
}

/* As starting again does: everything is noted before the folder gets its name. */
static char *
set_aside (Fixture *fixture, const char *account, const char *user, bool safe, bool seals)
{
  g_autofree char *folder = g_build_filename (fixture->folder, account, NULL);
  char *path = g_strconcat (folder, CSL_ASIDE_MARK, "2026-11-21", NULL);
  const CslAsideNote note = { ORGANISATION, user, safe };
  g_auto (CslWorkCopy) work = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  put_file (folder, "replica.db", CANARY);
  put_file (folder, "keys", "wrapped");
  put_key (account);
  fill_work (&work);
  g_assert_true (csl_aside_write_note (folder, &note, &work,
                                       seals ? fixture->recovery_key : NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_rename (folder, path), ==, 0);
  return path;
}

static GPtrArray *
list (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, ACCOUNT, NULL);

  return csl_aside_list (folder, ORGANISATION, USER);
}

static void
assert_files (const char *folder, guint n)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint found = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    found++;
  g_assert_cmpuint (found, ==, n);
}

static void
assert_sealed (Fixture *fixture, const char *folder)
{
  guint entries = 0;
  g_autoptr (GBytes) box = csl_aside_load_sealed (folder, &entries);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = NULL;

  g_assert_nonnull (box);
  g_assert_cmpuint (entries, ==, 1);
  content =
    csl_sealed_read_with_key (fixture->public_key, fixture->private_key, box, &error);
  g_assert_no_error (error);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (content, NULL),
                                  (gssize) g_bytes_get_size (content), CANARY));
}

/* Unsent work is safe once it is sealed; without the organisation's key it is not. */
static void
test_note (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sealed = set_aside (fixture, OLD, USER, false, true);
  g_autofree char *bare = set_aside (fixture, ACCOUNT "-2", USER, false, false);
  g_autofree char *other = set_aside (fixture, ACCOUNT "-3", OTHER_USER, true, false);
  g_autoptr (GPtrArray) mine = list (fixture);
  guint entries = 0;

  g_assert_cmpuint (mine->len, ==, 2);
  g_assert_true (csl_aside_is_safe (sealed));
  assert_sealed (fixture, sealed);
  g_assert_false (csl_aside_is_safe (bare));
  g_assert_null (csl_aside_load_sealed (bare, &entries));
  g_assert_true (csl_aside_is_safe (other));
}

/* May be cut anywhere and done again. */
static void
test_destroy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = set_aside (fixture, OLD, USER, false, true);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++) {
    g_assert_true (csl_aside_destroy (path, CSL_ASIDE_KEEP_SEALED, NULL, &error));
    g_assert_no_error (error);
    assert_files (path, 2);
    assert_sealed (fixture, path);
    g_assert_false (has_key (OLD));
  }
  for (guint i = 0; i < 2; i++) {
    g_assert_true (csl_aside_destroy (path, CSL_ASIDE_ALL, NULL, &error));
    g_assert_no_error (error);
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  }
}

/* A person has put a copy of the folder back under its old name. */
static void
test_put_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = set_aside (fixture, OLD, USER, true, false);
  g_autofree char *back = g_build_filename (fixture->folder, OLD, NULL);

  g_assert_cmpint (g_mkdir (back, 0700), ==, 0);
  g_assert_true (csl_aside_destroy (path, CSL_ASIDE_ALL, NULL, NULL));
  g_assert_true (has_key (OLD));
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  bool *done = data;

  g_assert_true (csl_account_remove_finish (CSL_ACCOUNT (source), result, &error));
  g_assert_no_error (error);
  *done = true;
}

static CslAccount *
make_account (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, ACCOUNT, NULL);
  g_autoptr (GListModel) accounts = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  put_file (
    folder, "account.ini",
    "[account]\nserver=https://127.0.0.1:9\nusername=amina\norganisation=" ORGANISATION
    "\nuser=" USER "\n");
  accounts = csl_account_list (fixture->folder);
  g_assert_cmpuint (g_list_model_get_n_items (accounts), ==, 1);
  return g_list_model_get_item (accounts, 0);
}

static void
remove_account (Fixture *fixture, CslAccount *account)
{
  g_autofree char *folder = g_build_filename (fixture->folder, ACCOUNT, NULL);
  bool done = false;

  csl_account_remove_async (account, removed_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  CslAsides **asides = data;

  *asides = csl_account_find_asides_finish (CSL_ACCOUNT (source), result);
}

/* What somebody who signs out is told of before. */
static void
assert_found (CslAccount *account, guint n_leaving, const char *staying)
{
  g_autoptr (CslAsides) asides = NULL;

  csl_account_find_asides_async (account, found_cb, &asides);
  while (asides == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (asides->n_leaving, ==, n_leaving);
  g_assert_cmpuint (g_strv_length (asides->staying), ==, 1);
  g_assert_cmpstr (asides->staying[0], ==, staying);
}

/* Nobody ordered it: what would be lost stays. */
static void
test_sign_out (Fixture *fixture, gconstpointer data)
{
  g_autofree char *sealed = set_aside (fixture, OLD, USER, false, true);
  g_autofree char *copied = set_aside (fixture, ACCOUNT "-2", USER, true, false);
  g_autofree char *unsafe = set_aside (fixture, ACCOUNT "-3", USER, false, false);
  g_autofree char *other = set_aside (fixture, ACCOUNT "-4", OTHER_USER, true, false);
  g_autoptr (CslAccount) account = make_account (fixture);

  assert_found (account, 2, unsafe);
  remove_account (fixture, account);
  /* What is only sealed is no copy any more. */
  assert_found (account, 0, unsafe);
  assert_files (sealed, 2);
  assert_sealed (fixture, sealed);
  g_assert_false (has_key (OLD));
  g_assert_false (g_file_test (copied, G_FILE_TEST_EXISTS));
  g_assert_false (has_key (ACCOUNT "-2"));
  assert_files (unsafe, 3);
  g_assert_true (has_key (ACCOUNT "-3"));
  assert_files (other, 3);
  g_assert_true (has_key (ACCOUNT "-4"));
}

int
main (int argc, char **argv)
{
  csl_test_keyring_use_file ("one");
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/aside/note", test_note);
  ADD ("/aside/destroy", test_destroy);
  ADD ("/aside/put-back", test_put_back);
  ADD ("/aside/sign-out", test_sign_out);
  return g_test_run ();
}
