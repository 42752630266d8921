/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which orders are obeyed, what is sealed, and what is left when nobody answers. */
#include "client/app/csl-account.h"
#include "client/app/csl-aside.h"
#include "client/app/csl-device-key.h"
#include "client/app/csl-removal.h"
#include "core/schema/csl-schema.h"
#include "csl-test-keyring.h"
#include "store/csl-env-system.h"
#include "store/csl-replica-edit.h"
#include "store/csl-replica-local.h"
#include "store/csl-sealed.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define ORGANISATION "01976b1e-0000-7abc-8def-00000000000a"
#define USER         "01976b1e-0000-7abc-8def-00000000000b"
#define DEVICE       "01976b1e-0000-7abc-8def-00000000000c"
#define DRAFT        "01976b1e-0000-7abc-8def-00000000000d"
#define CANARY       "the heron in the blue kitchen"

static const guint8 replica_key[CSL_DB_KEY_SIZE] = { 7 };

typedef struct
{
  char *folder;                /* (owned) */
  CslSchema *schema;           /* (owned) */
  CslReplica *replica;         /* (owned) (nullable) */
  CslCredentials *credentials; /* (owned) */
  guint8 order_public[crypto_sign_PUBLICKEYBYTES];
  guint8 order_private[crypto_sign_SECRETKEYBYTES];
  guint8 recovery_public[crypto_box_PUBLICKEYBYTES];
  guint8 recovery_private[crypto_box_SECRETKEYBYTES];
} Fixture;

static void
pin_keys (Fixture *fixture)
{
  g_autofree char *order_key =
    g_base64_encode (fixture->order_public, sizeof fixture->order_public);
  g_autofree char *recovery_key =
    g_base64_encode (fixture->recovery_public, sizeof fixture->recovery_public);
  const CslTokens tokens = { .order_key = order_key,
                             .recovery_key = recovery_key,
                             .order_counter = 2 };
  g_autoptr (GError) error = NULL;

  g_assert_true (csl_removal_pin_keys (fixture->replica, &tokens, true, &error));
  g_assert_no_error (error);
}

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  CslReplicaIdentity identity = { .organisation = ORGANISATION,
                                  .user = USER,
                                  .device = DEVICE };
  g_autoptr (CslSecret) key = csl_device_key_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("csl-removal-XXXXXX", NULL);
  path = g_build_filename (fixture->folder, "replica.db", NULL);
  fixture->schema = csl_schema_new_builtin ();
  fixture->replica = csl_replica_create (path, replica_key, fixture->schema, &identity,
                                         csl_env_system (), &error);
  g_assert_no_error (error);
  fixture->credentials = csl_credentials_new (DEVICE, key, NULL);
  crypto_sign_keypair (fixture->order_public, fixture->order_private);
  crypto_box_keypair (fixture->recovery_public, fixture->recovery_private);
  pin_keys (fixture);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_clear_pointer (&fixture->replica, csl_replica_free);
  csl_credentials_unref (fixture->credentials);
  csl_schema_unref (fixture->schema);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
    g_unlink (path);
  }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static char *
sign (const Fixture *fixture, CslOrder *order)
{
  g_autofree char *text = csl_order_dup_signed_text (order);
  guint8 signature[crypto_sign_BYTES];

  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text),
                        fixture->order_private);
  g_free (order->signature);
  order->signature = g_base64_encode (signature, sizeof signature);
  return csl_order_print (order);
}

static CslOrder
make_order (const Fixture *fixture)
{
  return (CslOrder){ .kind = g_strdup ("wipe"),
                     .organisation = g_strdup (ORGANISATION),
                     .device = g_strdup (DEVICE),
                     .user = g_strdup (USER),
                     .counter = 3,
                     .time = g_strdup ("2026-11-21T10:00:00.000Z"),
                     .recovery_key = g_base64_encode (fixture->recovery_public,
                                                      sizeof fixture->recovery_public) };
}

static void
assert_ignored (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (csl_removal_take_order (fixture->replica, text, &error));
  g_assert_true (error->domain == CSL_WIRE_ERROR);
  g_assert_false (csl_removal_is_ordered (fixture->replica));
}

static void
give_order (Fixture *fixture)
{
  g_auto (CslOrder) order = make_order (fixture);
  g_autofree char *text = sign (fixture, &order);
  g_autoptr (GError) error = NULL;

  g_assert_true (csl_removal_take_order (fixture->replica, text, &error));
  g_assert_no_error (error);
  g_assert_true (csl_removal_is_ordered (fixture->replica));
}

static void
set (char **member, const char *value)
{
  g_free (*member);
  *member = g_strdup (value);
}

static void
test_orders (Fixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "device", "user", "organisation", "kind" };
  g_auto (CslOrder) forged = make_order (fixture);
  g_autofree char *text = sign (fixture, &forged);

  assert_ignored (fixture, "{}");
  assert_ignored (fixture, "{\"kind\":\"wipe\"}");
  /* Signed, and changed afterwards. */
  forged.counter = 9;
  g_clear_pointer (&text, g_free);
  text = csl_order_print (&forged);
  assert_ignored (fixture, text);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_auto (CslOrder) order = make_order (fixture);
    char **members[] = { &order.device, &order.user, &order.organisation, &order.kind };
    g_autofree char *other = NULL;

    set (members[i], i < 3 ? DRAFT : "keep");
    other = sign (fixture, &order);
    assert_ignored (fixture, other);
  }
  /* Replayed: the tokens told of a newer counter since. */
  for (gint64 counter = 0; counter <= 2; counter++) {
    g_auto (CslOrder) order = make_order (fixture);
    g_autofree char *old = NULL;

    order.counter = counter;
    old = sign (fixture, &order);
    assert_ignored (fixture, old);
  }
  give_order (fixture);
}

/* Another key is taken with a password only. */
static void
test_pinned (Fixture *fixture, gconstpointer data)
{
  Fixture other = *fixture;
  g_autofree char *key = NULL;
  g_auto (CslOrder) order = make_order (fixture);
  g_autofree char *text = NULL;
  CslTokens tokens = { 0 };

  crypto_sign_keypair (other.order_public, other.order_private);
  key = g_base64_encode (other.order_public, sizeof other.order_public);
  tokens.order_key = key;
  g_assert_true (csl_removal_pin_keys (fixture->replica, &tokens, false, NULL));
  text = sign (&other, &order);
  assert_ignored (fixture, text);
  g_assert_true (csl_removal_pin_keys (fixture->replica, &tokens, true, NULL));
  g_assert_true (csl_removal_take_order (fixture->replica, text, NULL));
}

static void
put_draft (Fixture *fixture)
{
  g_autoptr (CslRecord) draft =
    csl_record_new (csl_schema_lookup_type (fixture->schema, "form_draft"), DRAFT);
  g_autoptr (GError) error = NULL;

  csl_record_set_text (draft, "form_type", "note");
  csl_record_set_text (draft, "form_data", CANARY);
  csl_record_set_text (draft, "user", USER);
  g_assert_true (csl_replica_put_local (fixture->replica, draft, &error));
  g_assert_no_error (error);
}

static bool
prepare (Fixture *fixture, GError **error)
{
  const CslRemovalPlace place = { .folder = fixture->folder,
                                  .server = "https://127.0.0.1:9",
                                  .organisation = "Riverside Advice",
                                  .credentials = fixture->credentials };

  return csl_removal_prepare (fixture->replica, &place, error);
}

static GBytes *
open_box (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;
  gsize length = 0;
  GBytes *content = NULL;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  file = g_bytes_new_take (bytes, length);
  content = csl_sealed_read_with_key (fixture->recovery_public, fixture->recovery_private,
                                      file, &error);
  g_assert_no_error (error);
  return content;
}

/* The server does not answer: everything readable goes. The box stays, and the certificate without which nobody can be
 * told; and so it does the next time. */
static void
test_destroy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "replica.db", NULL);
  g_autofree char *ca_file = g_build_filename (fixture->folder, "ca.pem", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (ca_file, "certificate", -1, NULL));
  put_draft (fixture);
  g_assert_false (prepare (fixture, &error));
  g_assert_error (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_VALUE);
  g_assert_false (csl_removal_is_pending (fixture->folder));
  g_clear_error (&error);
  give_order (fixture);
  /* Killed between order and journal, or asked twice. */
  for (guint i = 0; i < 2; i++) {
    g_assert_true (prepare (fixture, &error));
    g_assert_no_error (error);
  }
  g_assert_true (csl_removal_is_pending (fixture->folder));
  g_clear_pointer (&fixture->replica, csl_replica_free);
  for (guint i = 0; i < 2; i++) {
    g_auto (CslRemovalState) state = { 0 };
    g_autoptr (GBytes) content = NULL;

    csl_removal_run_sync (fixture->folder, &state, NULL);
    g_assert_cmpstr (state.organisation, ==, "Riverside Advice");
    g_assert_cmpuint (state.entries, ==, 1);
    g_assert_false (state.sent);
    g_assert_true (state.destroyed);
    g_assert_false (state.finished);
    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    g_assert_true (g_file_test (ca_file, G_FILE_TEST_EXISTS));
    content = open_box (fixture, "box-0.sealed");
    g_assert_nonnull (g_strstr_len (g_bytes_get_data (content, NULL),
                                    (gssize) g_bytes_get_size (content), CANARY));
  }
}

#define ASIDE_CANARY "seven pears on the landing"

/* Beside the account's folder, as starting again leaves it. */
static char *
set_aside (Fixture *fixture, const char *name, const char *user)
{
  g_autofree char *folder = g_strconcat (fixture->folder, name, NULL);
  g_autofree char *records = g_build_filename (folder, "replica.db", NULL);
  g_autofree char *recovery_key =
    g_base64_encode (fixture->recovery_public, sizeof fixture->recovery_public);
  char *path = g_strconcat (folder, CSL_ASIDE_MARK, "2026-11-01", NULL);
  const CslAsideNote note = { ORGANISATION, user, false };
  g_auto (CslWorkCopy) work = { .organisation = g_strdup (ORGANISATION),
                                .user = g_strdup (user),
                                .device = g_strdup (DEVICE),
                                .inc = g_strdup (DEVICE),
                                .at = g_strdup ("2026-11-01T10:00:00.000Z"),
                                .lines = g_ptr_array_new_with_free_func (g_free),
                                .drafts = g_ptr_array_new_with_free_func (g_free) };

  g_ptr_array_add (work.drafts,
                   g_strdup ("{\"t\":\"draft\",\"id\":\"" DRAFT
                             "\",\"set\":{\"form_data\":\"" ASIDE_CANARY "\"}}"));
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (records, CANARY, -1, NULL));
  g_assert_true (csl_aside_write_note (folder, &note, &work, recovery_key, NULL));
  g_assert_cmpint (g_rename (folder, path), ==, 0);
  return path;
}

/* What this person has set aside goes, too, and what was sealed then is handed in like the rest; others' stays. */
static void
test_aside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *mine = set_aside (fixture, "-1", USER);
  g_autofree char *others = set_aside (fixture, "-2", DEVICE);
  g_autoptr (GBytes) content = NULL;
  g_auto (CslRemovalState) state = { 0 };

  put_draft (fixture);
  give_order (fixture);
  g_assert_true (prepare (fixture, NULL));
  g_assert_true (g_file_test (mine, G_FILE_TEST_EXISTS));
  g_clear_pointer (&fixture->replica, csl_replica_free);
  csl_removal_run_sync (fixture->folder, &state, NULL);
  g_assert_cmpuint (state.entries, ==, 2);
  g_assert_true (state.destroyed);
  g_assert_false (state.finished);
  g_assert_false (g_file_test (mine, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (others, G_FILE_TEST_EXISTS));
  content = open_box (fixture, "box-1.sealed");
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (content, NULL),
                                  (gssize) g_bytes_get_size (content), ASIDE_CANARY));
  g_assert_true (csl_aside_destroy (others, CSL_ASIDE_ALL, NULL, NULL));
}

/* Killed after the server was told: it is not needed again, nor the certificate by which it was known. */
static void
test_told (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "removal.ini", NULL);
  g_autoptr (GKeyFile) journal = g_key_file_new ();
  g_auto (CslRemovalState) state = { 0 };
  g_autoptr (GError) error = NULL;

  give_order (fixture);
  g_assert_true (prepare (fixture, &error));
  g_clear_pointer (&fixture->replica, csl_replica_free);
  g_assert_true (g_key_file_load_from_file (journal, path, G_KEY_FILE_NONE, &error));
  g_key_file_set_string (journal, "removal", "ca_file", "/nonexistent/ca.pem");
  g_key_file_set_boolean (journal, "removal", "told", TRUE);
  g_assert_true (g_key_file_save_to_file (journal, path, &error));
  csl_removal_run_sync (fixture->folder, &state, NULL);
  g_assert_true (state.finished);
  g_assert_false (g_file_test (fixture->folder, G_FILE_TEST_EXISTS));
}

static void
came_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  CslRemovalState **state = data;

  *state = csl_account_finish_removal_finish (result, NULL);
}

/* A folder of another worker on the same computer, with the same journal and something to destroy. */
static char *
make_copy (const char *parent, const char *name, const char *journal)
{
  g_autofree char *folder = g_build_filename (parent, name, NULL);
  g_autofree char *path = g_build_filename (folder, "removal.ini", NULL);
  char *records = g_build_filename (folder, "replica.db", NULL);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, journal, -1, NULL));
  g_assert_true (g_file_set_contents (records, CANARY, -1, NULL));
  return records;
}

/* Two workers' copies: one whose server does not answer keeps nobody from destroying the other. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "removal.ini", NULL);
  g_autofree char *parent = g_dir_make_tmp ("csl-removal-XXXXXX", NULL);
  g_autofree char *journal = NULL;
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;
  g_autoptr (CslRemovalState) state = NULL;

  give_order (fixture);
  g_assert_true (prepare (fixture, NULL));
  g_assert_true (g_file_get_contents (path, &journal, NULL, NULL));
  one = make_copy (parent, "one", journal);
  other = make_copy (parent, "other", journal);
  csl_account_finish_removal_async (parent, NULL, came_cb, &state);
  while (state == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (state->finished);
  g_assert_true (state->destroyed);
  g_assert_false (g_file_test (one, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  csl_test_keyring_use_file ("one");
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
#define ADD(path, func)                                                                  \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/removal/orders", test_orders);
  ADD ("/removal/pinned", test_pinned);
  ADD ("/removal/destroy", test_destroy);
  ADD ("/removal/aside", test_aside);
  ADD ("/removal/told", test_told);
  ADD ("/removal/two", test_two);
  return g_test_run ();
}
