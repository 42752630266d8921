/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-keyring.c: secrets in the file backend and in a real keyring on a bus of its own. Each case
 * is a process of its own: libsecret chooses its backend once. */
#include "client/app/csl-device-key.h"
#include "client/app/csl-keyring.h"
#include "csl-test-keyring.h"

#include <libsecret/secret.h>
#include <sodium.h>
#include <string.h>

#define ACCOUNT "01976b1e-1111-7abc-8def-000000000001"

static CslSecret *
lookup (CslKeyringPurpose purpose, GError **error)
{
  return csl_keyring_lookup_sync (ACCOUNT, purpose, NULL, error);
}

static void
assert_missing (CslKeyringPurpose purpose)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (lookup (purpose, &error));
  g_assert_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_MISSING);
}

static void
assert_holds (CslKeyringPurpose purpose, CslSecret *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSecret) found = lookup (purpose, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (csl_secret_get_bytes (found), csl_secret_get_length (found),
                   csl_secret_get_bytes (wanted), csl_secret_get_length (wanted));
}

static void
put (CslKeyringPurpose purpose, CslSecret *secret)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (csl_keyring_store_sync (ACCOUNT, purpose, secret, NULL, &error));
  g_assert_no_error (error);
}

/* What every backend does. */
static void
check_round_trip (void)
{
  g_autoptr (CslSecret) first = csl_secret_new_random (32);
  g_autoptr (CslSecret) second = csl_secret_new_random (32);
  g_autoptr (CslSecret) device = csl_device_key_new ();

  assert_missing (CSL_KEYRING_REPLICA_KEY);
  put (CSL_KEYRING_REPLICA_KEY, first);
  assert_holds (CSL_KEYRING_REPLICA_KEY, first);
  assert_missing (CSL_KEYRING_DEVICE_KEY);
  put (CSL_KEYRING_DEVICE_KEY, device);
  put (CSL_KEYRING_REPLICA_KEY, second);
  assert_holds (CSL_KEYRING_REPLICA_KEY, second);
  assert_holds (CSL_KEYRING_DEVICE_KEY, device);
  g_assert_true (csl_keyring_clear_sync (ACCOUNT, CSL_KEYRING_REPLICA_KEY, NULL, NULL));
  assert_missing (CSL_KEYRING_REPLICA_KEY);
  assert_holds (CSL_KEYRING_DEVICE_KEY, device);
  g_assert_true (csl_keyring_clear_sync (ACCOUNT, CSL_KEYRING_REPLICA_KEY, NULL, NULL));
}

/* Who leaves a computer leaves no secret there. */
static void
check_clear_all (void)
{
  g_autoptr (CslSecret) secret = csl_secret_new_random (32);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < CSL_KEYRING_N_PURPOSES; i++)
    put (i, secret);
  g_assert_true (csl_keyring_clear_all_sync (ACCOUNT, NULL, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < CSL_KEYRING_N_PURPOSES; i++)
    assert_missing (i);
  g_assert_true (csl_keyring_clear_all_sync (ACCOUNT, NULL, &error));
}

static void
test_file_inner (void)
{
  csl_test_keyring_use_file ("one");
  check_round_trip ();
}

/* Another master password opens nothing and is no error: it must read as "missing". */
static void
test_file_other_password_inner (void)
{
  csl_test_keyring_use_file ("two");
  assert_missing (CSL_KEYRING_DEVICE_KEY);
}

static void
test_file (void)
{
  g_test_trap_subprocess ("/client/keyring/file/subprocess/one", 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_subprocess ("/client/keyring/file/subprocess/two", 0, 0);
  g_test_trap_assert_passed ();
}

/* Newer versions of libsecret also warn of what they return as an error. */
static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  return g_strcmp0 (domain, "libsecret") != 0;
}

static void
test_no_service_inner (void)
{
  g_autoptr (CslSecret) secret = csl_secret_new_random (32);
  g_autoptr (GError) error = NULL;

  g_test_log_set_fatal_handler (is_fatal, NULL);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_assert_null (lookup (CSL_KEYRING_REPLICA_KEY, &error));
  g_assert_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_NO_SERVICE);
  g_clear_error (&error);
  g_assert_false (
    csl_keyring_store_sync (ACCOUNT, CSL_KEYRING_REPLICA_KEY, secret, NULL, &error));
  g_assert_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_NO_SERVICE);
  g_clear_error (&error);
  g_assert_false (csl_keyring_clear_all_sync (ACCOUNT, NULL, &error));
  g_assert_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_NO_SERVICE);
}

static void
test_no_service (void)
{
  g_test_trap_subprocess ("/client/keyring/no-service/subprocess", 0, 0);
  g_test_trap_assert_passed ();
}

static void
unlock_daemon (void)
{
  g_autoptr (GSubprocess) daemon = NULL;
  g_autoptr (GError) error = NULL;

  daemon = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                               G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                               G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                             &error, "gnome-keyring-daemon", "--unlock",
                             "--components=secrets", NULL);
  g_assert_no_error (error);
  g_assert_true (
    g_subprocess_communicate_utf8 (daemon, "test-password", NULL, NULL, NULL, &error));
}

static void
lock_collection (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretService) service =
    secret_service_get_sync (SECRET_SERVICE_NONE, NULL, &error);
  g_autoptr (SecretCollection) collection =
    secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                      SECRET_COLLECTION_NONE, NULL, &error);
  g_autoptr (GList) all = g_list_prepend (NULL, collection);

  g_assert_no_error (error);
  g_assert_cmpint (secret_service_lock_sync (service, all, NULL, NULL, &error), ==, 1);
}

/* One daemon for all: a round trip, then locked with nobody there to unlock it. */
static void
test_real_inner (void)
{
  g_autoptr (CslSecret) secret = csl_secret_new_random (32);
  g_autoptr (GError) error = NULL;

  unlock_daemon ();
  check_round_trip ();
  check_clear_all ();
  put (CSL_KEYRING_REPLICA_KEY, secret);
  lock_collection ();
  g_assert_null (lookup (CSL_KEYRING_REPLICA_KEY, &error));
  g_assert_error (error, CSL_KEYRING_ERROR, CSL_KEYRING_ERROR_LOCKED);
}

/* A keyring nobody has ever opened. */
static void
test_never_opened_inner (void)
{
  g_autoptr (CslSecret) secret = csl_secret_new_random (32);
  g_autoptr (GError) error = NULL;

  g_assert_false (
    csl_keyring_store_sync (ACCOUNT, CSL_KEYRING_REPLICA_KEY, secret, NULL, &error));
  g_assert_true (error->domain == CSL_KEYRING_ERROR &&
                 error->code != CSL_KEYRING_ERROR_MISSING);
}

/* Runs one case of this program on a session bus with folders of its own. */
static void
run_on_own_bus (const char *path)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_dir_make_tmp ("csl-bus-XXXXXX", NULL);
  /* Its lines on stdout are not TAP; what failed is on stderr. */
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "HOME", folder, TRUE);
  /* Without a screen the question for the password is answered with no at once. */
  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  child = g_subprocess_launcher_spawn (launcher, &error, "dbus-run-session", "--", self,
                                       "--GTestSubprocess", "-p", path, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (child, NULL, &error));
}

static void
test_real (void)
{
  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS)) {
    g_test_skip ("in a sandbox secrets come from the portal and a file");
    return;
  }
  run_on_own_bus ("/client/keyring/real/subprocess");
}

static void
test_never_opened (void)
{
  run_on_own_bus ("/client/keyring/never-opened/subprocess");
}

static void
test_device_key_signs (void)
{
  g_autoptr (CslSecret) key = csl_device_key_new ();
  g_autofree char *public_text = csl_device_key_dup_public (key);
  g_autofree char *signature_text = csl_device_key_sign_refresh (key, ACCOUNT, "r1");
  const char *message = "refresh\n" ACCOUNT "\nr1";
  gsize public_length, signature_length;
  g_autofree guint8 *public_key = g_base64_decode (public_text, &public_length);
  g_autofree guint8 *signature = g_base64_decode (signature_text, &signature_length);

  g_assert_cmpuint (public_length, ==, crypto_sign_PUBLICKEYBYTES);
  g_assert_cmpuint (signature_length, ==, crypto_sign_BYTES);
  g_assert_cmpint (crypto_sign_verify_detached (signature, (const guint8 *) message,
                                                strlen (message), public_key),
                   ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/keyring/file", test_file);
  g_test_add_func ("/client/keyring/file/subprocess/one", test_file_inner);
  g_test_add_func ("/client/keyring/file/subprocess/two", test_file_other_password_inner);
  g_test_add_func ("/client/keyring/no-service", test_no_service);
  g_test_add_func ("/client/keyring/no-service/subprocess", test_no_service_inner);
  g_test_add_func ("/client/keyring/real", test_real);
  g_test_add_func ("/client/keyring/real/subprocess", test_real_inner);
  g_test_add_func ("/client/keyring/never-opened", test_never_opened);
  g_test_add_func ("/client/keyring/never-opened/subprocess", test_never_opened_inner);
  g_test_add_func ("/client/keyring/device-key-signs", test_device_key_signs);
  return g_test_run ();
}
