/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-key-killed.c: the key of a replica on its way from the keyring under a PIN, from one PIN under another, and under the
 * server's share as well; the program is killed before each thing it does on the disk. Whatever is left opens: with what was
 * before, or with what was to be.
 *
 * Each attempt is a process of its own, because the keyring is read once per process. */
#include "client/app/csl-account.h"
#include "client/app/csl-device-key.h"
#include "client/app/csl-keyring.h"
#include "client/app/csl-lease.h"
#include "store/csl-env-system.h"
#include "store/csl-replica.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ORGANISATION "01976b1e-0000-7abc-8def-00000000000a"
#define USER         "01976b1e-0000-7abc-8def-00000000000b"
#define DEVICE       "01976b1e-0000-7abc-8def-00000000000c"
#define ACCOUNT      "01976b1e-0000-7abc-8def-00000000000d"
#define OLD_PIN      "harbour 27"
#define NEW_PIN      "lighthouse 94"
#define NONE         "-"
/* More than any of the three does. */
#define MOST_STEPS 200

static const char *program;

/* -- in the child: what it does on the disk -- */

/* Steps that are left until it is killed; 0: it is not. */
static gint steps_left;

static void
step (void)
{
  if (g_atomic_int_get (&steps_left) > 0 && g_atomic_int_dec_and_test (&steps_left))
    raise (SIGKILL);
}

__attribute__ ((visibility ("default"))) ssize_t
write (int file, const void *bytes, size_t length)
{
  static ssize_t (*real) (int, const void *, size_t);
  struct stat info;

  if (real == NULL)
    real = (ssize_t (*) (int, const void *, size_t)) dlsym (RTLD_NEXT, "write");
  if (fstat (file, &info) == 0 && S_ISREG (info.st_mode))
    step ();
  return real (file, bytes, length);
}

__attribute__ ((visibility ("default"))) int
rename (const char *from, const char *to)
{
  static int (*real) (const char *, const char *);

  if (real == NULL)
    real = (int (*) (const char *, const char *)) dlsym (RTLD_NEXT, "rename");
  step ();
  return real (from, to);
}

__attribute__ ((visibility ("default"))) int
unlink (const char *path)
{
  static int (*real) (const char *);

  if (real == NULL)
    real = (int (*) (const char *)) dlsym (RTLD_NEXT, "unlink");
  step ();
  return real (path);
}

__attribute__ ((visibility ("default"))) int
fsync (int file)
{
  static int (*real) (int);

  if (real == NULL)
    real = (int (*) (int)) dlsym (RTLD_NEXT, "fsync");
  step ();
  return real (file);
}

/* -- in the child: a worker -- */

typedef struct
{
  CslSession *session; /* (owned) (nullable) */
  GError *error;       /* (owned) (nullable) */
  bool done;
} Worker;

static void
wait_done (Worker *worker)
{
  while (!worker->done)
    g_main_context_iteration (NULL, TRUE);
  worker->done = false;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Worker *worker = data;

  worker->session =
    csl_account_open_finish (CSL_ACCOUNT (source), result, &worker->error);
  worker->done = true;
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Worker *worker = data;

  worker->session =
    csl_account_unlock_finish (CSL_ACCOUNT (source), result, &worker->error);
  worker->done = true;
}

static CslAccount *
get_account (const char *folder)
{
  g_autoptr (GListModel) accounts = csl_account_list (folder);

  return g_list_model_get_item (accounts, 0);
}

/* @pin: NONE when there is none. */
static bool
open_session (Worker *worker, const char *folder, const char *pin)
{
  g_autoptr (CslAccount) account = get_account (folder);

  if (account == NULL)
    return false;
  if (g_str_equal (pin, NONE))
    csl_account_open_async (account, NULL, opened_cb, worker);
  else
    csl_account_unlock_async (account, &(CslUnlockFactors){ .pin = pin }, NULL,
                              unlocked_cb, worker);
  wait_done (worker);
  if (worker->error != NULL)
    g_printerr ("%s\n", worker->error->message);
  g_clear_error (&worker->error);
  return worker->session != NULL;
}

static void
pin_set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Worker *worker = data;

  csl_session_set_pin_finish (CSL_SESSION (source), result, &worker->error);
  worker->done = true;
}

static bool
set_pin (Worker *worker, const char *old_pin, const char *pin)
{
  csl_session_set_pin_async (worker->session,
                             g_str_equal (old_pin, NONE) ? NULL : old_pin, pin,
                             pin_set_cb, worker);
  wait_done (worker);
  return worker->error == NULL;
}

/* The account as signing in leaves it, without a server. */
static void
make_account (const char *folder)
{
  const CslReplicaIdentity identity = { .organisation = ORGANISATION,
                                        .user = USER,
                                        .device = DEVICE };
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  g_autoptr (CslSecret) key = csl_secret_new_random (CSL_DB_KEY_SIZE);
  g_autoptr (CslSecret) device_key = csl_device_key_new ();
  g_autofree char *own = g_build_filename (folder, ACCOUNT, NULL);
  g_autofree char *path = g_build_filename (own, "replica.db", NULL);
  g_autofree char *ini = g_build_filename (own, "account.ini", NULL);
  static const char text[] = "[account]\nserver=https://localhost:9\nusername=amina\n"
                             "organisation=" ORGANISATION "\nuser=" USER "\n";

  g_assert_cmpint (g_mkdir_with_parents (own, 0700), ==, 0);
  g_assert_true (
    csl_keyring_store_sync (ACCOUNT, CSL_KEYRING_REPLICA_KEY, key, NULL, NULL));
  g_assert_true (
    csl_keyring_store_sync (ACCOUNT, CSL_KEYRING_DEVICE_KEY, device_key, NULL, NULL));
  csl_replica_free (csl_replica_create (path, csl_secret_get_bytes (key), schema,
                                        &identity, csl_env_system (), NULL));
  g_assert_true (g_file_set_contents (ini, text, -1, NULL));
}

static void
keep_lease (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, ACCOUNT, "lease", NULL);
  g_autoptr (CslSecret) share = csl_secret_new_random (32);
  const CslLeaseTerms terms = { csl_env_wall_ms (csl_env_system ()), 7, 0 };

  g_assert_true (csl_lease_store_sync (path, share, &terms, NULL));
}

/* What the child is told: what to do, the folder, the PIN before, the PIN to be, the step before which it is killed. */
static int
be_worker (char **words)
{
  const char *job = words[0], *folder = words[1], *before = words[2], *pin = words[3];
  const gint kill_at = (gint) g_ascii_strtoll (words[4], NULL, 10);
  Worker worker = { 0 };
  bool done = true;

  if (g_str_equal (job, "make"))
    make_account (folder);
  if (g_str_equal (job, "lease"))
    keep_lease (folder);
  if (g_str_equal (job, "unlock"))
    g_atomic_int_set (&steps_left, kill_at);
  if (!g_str_equal (job, "lease"))
    done = open_session (&worker, folder, before);
  if (g_str_equal (job, "change"))
    g_atomic_int_set (&steps_left, kill_at);
  if (done && !g_str_equal (pin, NONE))
    done = set_pin (&worker, before, pin);
  g_atomic_int_set (&steps_left, 0);
  /* Not given back: a process that ends is tidy enough here. */
  return done ? 0 : 1;
}

/* -- the test -- */

/* Runs a worker on @folder; its exit status, or -1 when it was killed. */
static int
run (const char *folder,
     const char *job,
     const char *before,
     const char *pin,
     guint kill_at)
{
  g_autofree char *number = g_strdup_printf ("%u", kill_at);
  g_autofree char *keyring = g_build_filename (folder, "t.keyring", NULL);
  const char *words[] = { program, "--worker", job, folder, before, pin, number, NULL };
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  int status = 0;

  environment = g_environ_setenv (environment, "SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_spawn_sync (NULL, (char **) words, environment, G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
copy_folder (const char *from, const char *to)
{
  const char *words[] = { "cp", "-a", from, to, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

typedef struct
{
  const char *job, *before, *pin, *after;
} Move;

/* Kills it before the first step, the second and so on, each time in a fresh copy, until it comes to its end. */
static void
kill_everywhere (const char *ready, const Move *move)
{
  guint n_before = 0, n_after = 0;

  for (guint at = 1;; at++) {
    g_autofree char *copy = g_strdup_printf ("%s.%s.%u", ready, move->after, at);
    int status;

    g_assert_cmpuint (at, <, MOST_STEPS);
    copy_folder (ready, copy);
    status = run (copy, move->job, move->before, move->pin, at);
    g_assert_cmpint (status, <=, 0);
    if (run (copy, "open", move->before, NONE, 0) == 0)
      n_before++;
    else if (run (copy, "open", move->after, NONE, 0) == 0)
      n_after++;
    else
      g_error ("killed before step %u nothing opens %s any more", at, copy);
    if (status == 0)
      break;
  }
  g_test_message ("%u times as before, %u times as it was to be", n_before, n_after);
  g_assert_cmpuint (n_before, >, 1);
  if (!g_str_equal (move->before, move->after))
    g_assert_cmpuint (n_after, >, 1);
}

static char *
make_ready (void)
{
  char *folder = g_dir_make_tmp ("csl-killed-XXXXXX", NULL);

  g_assert_cmpint (run (folder, "make", NONE, NONE, 0), ==, 0);
  return folder;
}

static void
test_first_pin (void)
{
  g_autofree char *folder = make_ready ();

  kill_everywhere (folder, &(Move){ "change", NONE, NEW_PIN, NEW_PIN });
}

static void
test_other_pin (void)
{
  g_autofree char *folder = make_ready ();

  g_assert_cmpint (run (folder, "change", NONE, OLD_PIN, 0), ==, 0);
  kill_everywhere (folder, &(Move){ "change", OLD_PIN, NEW_PIN, NEW_PIN });
}

/* The server's share came after the PIN: the next unlocking takes it in. */
static void
test_share (void)
{
  g_autofree char *folder = make_ready ();

  g_assert_cmpint (run (folder, "change", NONE, OLD_PIN, 0), ==, 0);
  g_assert_cmpint (run (folder, "lease", NONE, NONE, 0), ==, 0);
  kill_everywhere (folder, &(Move){ "unlock", OLD_PIN, NONE, OLD_PIN });
}

int
main (int argc, char **argv)
{
  program = argv[0];
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "pw", TRUE);
  if (argc == 7 && g_str_equal (argv[1], "--worker"))
    return be_worker (argv + 2);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key-killed/first-pin", test_first_pin);
  g_test_add_func ("/key-killed/other-pin", test_other_pin);
  g_test_add_func ("/key-killed/share", test_share);
  return g_test_run ();
}
