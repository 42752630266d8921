/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-session.c: signing in, working and syncing through the real session, over TLS, with the real
 * server core behind it. */
#include "client/app/csl-account.h"
#include "client/app/csl-keyring.h"
#include "client/csl-test-server.h"
#include "client/csl-test-tls.h"
#include "core/base/csl-time.h"
#include "core/schema/csl-query.h"
#include "server/csd-test-agency.h"
#include "store/csl-db.h"
#include "store/csl-env-system.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define WAIT_US (20 * G_USEC_PER_SEC)

static CslTestTls *tls;

typedef struct
{
  CsdTestAgency agency;
  CslTestServer *server;
  char *folder;        /* of accounts */
  CslSession *session; /* (nullable) */
  GError *error;
  bool done;
} Fixture;

/* -- a server -- */

static char *
dup_header (const char *head, const char *name)
{
  const char *found = strstr (head, name);
  const char *end;

  if (found == NULL)
    return NULL;
  found += strlen (name);
  end = strstr (found, "\r\n");
  return g_strndup (found, (gsize) (end - found));
}

static GBytes *
handle (const char *head, GBytes *body, gpointer data)
{
  Fixture *fixture = data;
  g_auto (GStrv) words = g_strsplit (head, " ", 3);
  g_autofree char *authorization = dup_header (head, "Authorization: ");
  g_autoptr (GString) text = g_string_new (NULL);
  CsdRequest request = { .method = words[0],
                         .path = words[1],
                         .authorization = authorization,
                         .body = body,
                         .remote = "192.0.2.1" };
  CsdResponse response;
  char *answer;

  csd_test_ask (fixture->agency.server, &request, &response, text);
  answer = g_strdup_printf (
    "HTTP/1.1 %u X\r\nContent-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
    response.status != 0 ? response.status : 404,
    response.content_type != NULL ? response.content_type : CSD_TYPE_JSON, text->len,
    text->str);
  return g_bytes_new_take (answer, strlen (answer));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  csd_test_agency_init (&fixture->agency, true);
  fixture->agency.now_ms = csl_env_wall_ms (csl_env_system ());
  fixture->server = csl_test_server_new (tls->good);
  csl_test_server_set_handler (fixture->server, handle, fixture);
  fixture->folder = g_dir_make_tmp ("csl-accounts-XXXXXX", NULL);
}

/* -- waiting -- */

typedef bool (*Condition) (Fixture *fixture);

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_until (Fixture *fixture, Condition condition)
{
  gint64 end = g_get_monotonic_time () + WAIT_US;
  guint tick = g_timeout_add (20, tick_cb, NULL);

  while (!condition (fixture)) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_main_context_iteration (NULL, TRUE);
  }
  g_source_remove (tick);
}

static bool
is_gone (Fixture *fixture)
{
  return fixture->session == NULL;
}

/* Threads may be letting go of it a moment longer. */
static void
close_session (Fixture *fixture)
{
  if (fixture->session == NULL)
    return;
  g_object_add_weak_pointer (G_OBJECT (fixture->session), (gpointer *) &fixture->session);
  g_object_unref (fixture->session);
  wait_until (fixture, is_gone);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close_session (fixture);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  csl_test_server_free (fixture->server);
  csd_test_agency_clear (&fixture->agency);
  g_clear_error (&fixture->error);
  g_free (fixture->folder);
}

static bool
is_done (Fixture *fixture)
{
  return fixture->done;
}

static bool
is_up_to_date (Fixture *fixture)
{
  CslSyncInfo *info = csl_session_get_sync_info (fixture->session);

  return csl_sync_info_get_status (info) == CSL_SYNC_STATUS_UP_TO_DATE &&
         csl_sync_info_get_waiting (info) == 0;
}

static bool
is_offline (Fixture *fixture)
{
  return csl_sync_info_get_status (csl_session_get_sync_info (fixture->session)) ==
         CSL_SYNC_STATUS_OFFLINE;
}

/* -- accounts -- */

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->session = csl_account_sign_in_finish (result, &fixture->error);
  fixture->done = true;
}

static void
sign_in (Fixture *fixture, const char *username, const char *password)
{
  g_clear_error (&fixture->error);
  fixture->done = false;
  csl_account_sign_in_async (fixture->folder,
                             csl_test_server_get_address (fixture->server), username,
                             password, tls->authority, NULL, signed_in_cb, fixture);
  wait_until (fixture, is_done);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  fixture->session =
    csl_account_open_finish (CSL_ACCOUNT (source), result, &fixture->error);
  fixture->done = true;
}

static CslAccount *
get_account (Fixture *fixture)
{
  g_autoptr (GListModel) accounts = csl_account_list (fixture->folder);

  g_assert_cmpuint (g_list_model_get_n_items (accounts), ==, 1);
  return g_list_model_get_item (accounts, 0);
}

static void
open_account (Fixture *fixture)
{
  g_autoptr (CslAccount) account = get_account (fixture);

  g_clear_error (&fixture->error);
  fixture->done = false;
  csl_account_open_async (account, NULL, opened_cb, fixture);
  wait_until (fixture, is_done);
}

static char *
dup_replica_path (Fixture *fixture)
{
  g_autoptr (CslAccount) account = get_account (fixture);

  return g_build_filename (fixture->folder, csl_account_get_id (account), "replica.db",
                           NULL);
}

/* -- work -- */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  csl_session_save_finish (CSL_SESSION (source), result, &fixture->error);
  fixture->done = true;
}

static void
save (Fixture *fixture, const CslRecord *before, const CslRecord *after)
{
  g_autoptr (CslEdit) edit = csl_edit_new ();
  g_autoptr (CslProblems) problems = NULL;

  csl_edit_add (edit, before, after);
  problems = csl_session_check (fixture->session, edit);
  g_assert_cmpuint (csl_problems_get_size (problems), ==, 0);
  fixture->done = false;
  csl_session_save_async (fixture->session, edit, NULL, saved_cb, fixture);
  wait_until (fixture, is_done);
  g_assert_no_error (fixture->error);
}

static CslRecord *
new_client (Fixture *fixture, const char *first_name)
{
  CslRecord *client = csl_session_new_record (fixture->session, "client");

  csl_record_set_text (client, "first_name", first_name);
  csl_record_set_text (client, "last_name", "Rahman");
  return client;
}

static GListModel *
list_clients (Fixture *fixture)
{
  g_autoptr (CslQuery) query = csl_query_new (
    csl_schema_lookup_type (csl_session_get_schema (fixture->session), "client"));

  return csl_session_list (fixture->session, query);
}

static void
test_sign_in_work_and_come_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) client = NULL;
  g_autoptr (GListModel) clients = NULL;
  g_autofree char *id = NULL;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  g_assert_no_error (fixture->error);
  g_assert_nonnull (csl_session_get_user (fixture->session));
  g_assert_cmpstr (csl_session_get_organisation_name (fixture->session), ==,
                   "Riverside Advice");
  wait_until (fixture, is_up_to_date);
  g_assert_true (csl_session_may (fixture->session, "clients", CSL_ACTION_CREATE));
  g_assert_false (csl_session_may (fixture->session, "assignments", CSL_ACTION_ASSIGN));
  client = new_client (fixture, "Amina");
  g_assert_cmpstr (csl_record_get_text (client, "centre"), ==, fixture->agency.centre_a);
  id = g_strdup (client->id);
  clients = list_clients (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (clients), ==, 0);
  save (fixture, NULL, client);
  /* In the list by the time "saved" is said. */
  g_assert_cmpuint (g_list_model_get_n_items (clients), ==, 1);
  wait_until (fixture, is_up_to_date);
  {
    g_autoptr (CslRecordItem) item = g_list_model_get_item (clients, 0);

    g_assert_cmpstr (csl_record_item_get_title (item), ==, "Amina Rahman");
    g_assert_cmpuint (csl_record_item_get_state (item), ==, CSL_RECORD_STATE_SYNCED);
    g_assert_nonnull (csl_record_item_get_text (item, "client_reference"));
  }
  g_clear_object (&clients);
  close_session (fixture);
  open_account (fixture);
  g_assert_no_error (fixture->error);
  {
    g_autoptr (CslRecordItem) item = csl_session_lookup (fixture->session, "client", id);

    g_assert_nonnull (item);
  }
  wait_until (fixture, is_up_to_date);
}

static void
drafted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  csl_session_put_draft_finish (CSL_SESSION (source), result, &fixture->error);
  fixture->done = true;
}

/* Without a network everything works, waits, is listed in words, and goes out later. */
static void
test_offline (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) client = NULL;
  g_autoptr (GListModel) outbox = NULL;
  g_autoptr (CslRecord) draft = NULL;
  g_autoptr (CslRecord) found = NULL;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  wait_until (fixture, is_up_to_date);
  csl_test_server_set_unplugged (fixture->server, true);
  client = new_client (fixture, "Maria");
  save (fixture, NULL, client);
  g_assert_cmpuint (csl_sync_info_get_waiting (
                      csl_session_get_sync_info (fixture->session)),
                    ==, 1);
  wait_until (fixture, is_offline);
  g_assert_nonnull (
    strstr (csl_sync_info_get_sentence (csl_session_get_sync_info (fixture->session)),
            "1 change on this computer only"));
  outbox = csl_session_list_outbox (fixture->session);
  while (g_list_model_get_n_items (outbox) == 0)
    g_main_context_iteration (NULL, TRUE);
  {
    g_autoptr (CslOutboxItem) item = g_list_model_get_item (outbox, 0);
    g_autofree char *text = csl_outbox_item_dup_text (item);

    g_assert_cmpstr (csl_outbox_item_get_title (item), ==, "Client · Maria Rahman");
    g_assert_nonnull (strstr (text, "First name: Maria\n"));
  }
  draft = csl_session_new_record (fixture->session, "form_draft");
  csl_record_set_text (draft, "form_type", "note");
  csl_record_set_text (draft, "entity_type", "client");
  csl_record_set_text (draft, "entity_id", client->id);
  csl_record_set_text (draft, "form_data", "half a sentence");
  fixture->done = false;
  csl_session_put_draft_async (fixture->session, draft, drafted_cb, fixture);
  wait_until (fixture, is_done);
  g_assert_no_error (fixture->error);
  close_session (fixture);
  open_account (fixture);
  g_assert_no_error (fixture->error);
  found = csl_session_lookup_draft (fixture->session, "note", "client", client->id);
  g_assert_nonnull (found);
  g_assert_cmpstr (csl_record_get_text (found, "form_data"), ==, "half a sentence");
  csl_test_server_set_unplugged (fixture->server, false);
  csl_session_sync_now (fixture->session);
  wait_until (fixture, is_up_to_date);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GPtrArray) entries = NULL;
  bool complete;

  entries = csl_session_load_history_finish (CSL_SESSION (source), result, &complete,
                                             &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (entries->len, >, 0);
  {
    const CslHistoryEntry *entry = entries->pdata[0];

    g_assert_cmpstr (entry->field, ==, "preferred_name");
    g_assert_cmpstr (entry->now, ==, "Mo");
    g_assert_cmpint (entry->unsent, ==, !complete);
  }
  fixture->done = true;
}

static void
load_history (Fixture *fixture, const char *id)
{
  fixture->done = false;
  csl_session_load_history_async (fixture->session, "client", id, NULL, loaded_cb,
                                  fixture);
  wait_until (fixture, is_done);
}

static void
test_history (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) client = NULL;
  g_autoptr (CslRecordItem) item = NULL;
  g_autoptr (CslRecord) after = NULL;
  guint revision;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  wait_until (fixture, is_up_to_date);
  client = new_client (fixture, "Mohammed");
  save (fixture, NULL, client);
  wait_until (fixture, is_up_to_date);
  item = csl_session_lookup (fixture->session, "client", client->id);
  revision = csl_record_item_get_revision (item);
  csl_test_server_set_unplugged (fixture->server, true);
  after = csl_record_copy (csl_record_item_get_record (item));
  csl_record_set_text (after, "preferred_name", "Mo");
  save (fixture, csl_record_item_get_record (item), after);
  /* The item a page holds is renewed. */
  g_assert_cmpuint (csl_record_item_get_revision (item), >, revision);
  g_assert_cmpstr (csl_record_item_get_text (item, "preferred_name"), ==, "Mo");
  g_assert_cmpuint (csl_record_item_get_state (item), ==, CSL_RECORD_STATE_WAITING);
  load_history (fixture, client->id);
  csl_test_server_set_unplugged (fixture->server, false);
  csl_session_sync_now (fixture->session);
  wait_until (fixture, is_up_to_date);
  load_history (fixture, client->id);
}

/* -- what can be wrong -- */

static void
assert_refused (Fixture *fixture, CslAccountError code)
{
  g_assert_null (fixture->session);
  g_assert_error (fixture->error, CSL_ACCOUNT_ERROR, (int) code);
}

static void
test_sign_in_refused (Fixture *fixture, gconstpointer data)
{
  sign_in (fixture, "amina", "wrong password");
  assert_refused (fixture, CSL_ACCOUNT_ERROR_WRONG_PASSWORD);
  sign_in (fixture, "nobody", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_WRONG_PASSWORD);
  csl_test_server_set_unplugged (fixture->server, true);
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_UNREACHABLE);
  csl_test_server_set_unplugged (fixture->server, false);
  csl_test_server_put_text (fixture->server, "/v1/auth/sign-in", "200 OK", "text/html",
                            "<html>Welcome");
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_SERVER);
  csl_test_server_put_text (fixture->server, "/v1/auth/sign-in", "429 Slow down",
                            "application/json", "{\"code\":\"busy\"}");
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_LOCKED);
  /* Nothing was left behind. */
  {
    g_autoptr (GListModel) accounts = csl_account_list (fixture->folder);

    g_assert_cmpuint (g_list_model_get_n_items (accounts), ==, 0);
  }
}

static void
test_in_use (Fixture *fixture, gconstpointer data)
{
  CslSession *first;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  first = g_steal_pointer (&fixture->session);
  open_account (fixture);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_IN_USE);
  fixture->session = first;
  close_session (fixture);
  open_account (fixture);
  g_assert_no_error (fixture->error);
}

static char *
digest_replica (Fixture *fixture)
{
  g_autofree char *path = dup_replica_path (fixture);
  g_autofree char *content = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) content, length);
}

/* A replica without its key is never made anew, not even by signing in. */
static void
test_key_missing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslAccount) account = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  wait_until (fixture, is_up_to_date);
  close_session (fixture);
  before = digest_replica (fixture);
  account = get_account (fixture);
  g_assert_true (csl_keyring_clear_sync (csl_account_get_id (account),
                                         CSL_KEYRING_REPLICA_KEY, NULL, NULL));
  open_account (fixture);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_KEY_MISSING);
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_KEY_MISSING);
  after = digest_replica (fixture);
  g_assert_cmpstr (before, ==, after);
}

static void
test_wrong_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslSecret) other = csl_secret_new_random (CSL_DB_KEY_SIZE);
  g_autoptr (CslAccount) account = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  close_session (fixture);
  before = digest_replica (fixture);
  account = get_account (fixture);
  g_assert_true (csl_keyring_store_sync (csl_account_get_id (account),
                                         CSL_KEYRING_REPLICA_KEY, other, NULL, NULL));
  open_account (fixture);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_WRONG_KEY);
  after = digest_replica (fixture);
  g_assert_cmpstr (before, ==, after);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslAccount) account = NULL;
  g_autoptr (CslSecret) key = NULL;
  g_autoptr (CslDb) db = NULL;
  g_autofree char *path = NULL;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  close_session (fixture);
  account = get_account (fixture);
  path = dup_replica_path (fixture);
  key = csl_keyring_lookup_sync (csl_account_get_id (account), CSL_KEYRING_REPLICA_KEY,
                                 NULL, NULL);
  db = csl_db_open (path, csl_secret_get_bytes (key), 0, NULL);
  g_assert_true (csl_db_execute (db, "PRAGMA user_version = 99999", NULL));
  g_clear_pointer (&db, csl_db_free);
  open_account (fixture);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_NEWER);
}

static void
flip_byte (Fixture *fixture, long offset)
{
  g_autofree char *path = dup_replica_path (fixture);
  int file = open (path, O_RDWR);
  char byte;

  g_assert_cmpint (pread (file, &byte, 1, offset), ==, 1);
  byte ^= 0x40;
  g_assert_cmpint (pwrite (file, &byte, 1, offset), ==, 1);
  close (file);
}

static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  wait_until (fixture, is_up_to_date);
  close_session (fixture);
  flip_byte (fixture, 2000);
  before = digest_replica (fixture);
  open_account (fixture);
  g_assert_null (fixture->session);
  g_assert_true (
    g_error_matches (fixture->error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_DAMAGED) ||
    g_error_matches (fixture->error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_KEY));
  after = digest_replica (fixture);
  g_assert_cmpstr (before, ==, after);
}

/* The folder of accounts cannot be made, because a file is in its place. */
static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_free (fixture->folder);
  fixture->folder = g_strdup (file);
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_DISK);
}

static void
signed_in_again_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  csl_session_sign_in_again_finish (CSL_SESSION (source), result, &fixture->error);
  fixture->done = true;
}

static bool
is_signed_out (Fixture *fixture)
{
  return csl_sync_info_get_status (csl_session_get_sync_info (fixture->session)) ==
         CSL_SYNC_STATUS_SIGN_IN;
}

static void
sign_in_again (Fixture *fixture, const char *password)
{
  g_clear_error (&fixture->error);
  fixture->done = false;
  csl_session_sign_in_again_async (fixture->session, password, signed_in_again_cb,
                                   fixture);
  wait_until (fixture, is_done);
}

/* The administrator ends the sessions; work goes on, and goes out after the password. */
static void
test_sign_in_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslRecord) client = NULL;

  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  wait_until (fixture, is_up_to_date);
  g_assert_true (csd_server_set_password (fixture->agency.server, "riverside", "amina",
                                          CSD_TEST_PASSWORD, false, NULL));
  client = new_client (fixture, "Rosa");
  save (fixture, NULL, client);
  wait_until (fixture, is_signed_out);
  g_assert_cmpuint (csl_sync_info_get_waiting (
                      csl_session_get_sync_info (fixture->session)),
                    ==, 1);
  sign_in_again (fixture, "wrong");
  g_assert_error (fixture->error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_PASSWORD);
  sign_in_again (fixture, CSD_TEST_PASSWORD);
  g_assert_no_error (fixture->error);
  wait_until (fixture, is_up_to_date);
}

/* -- one name in two organisations -- */

#define OTHER_PASSWORD "heron on the weir"

static void
add_other_organisation (Fixture *fixture, const char *password)
{
  CsdTestAgency *agency = &fixture->agency;
  char organisation[40], centre[40], person[40];
  const CsdTestPlace place = { agency->server, agency->schema, &agency->env,
                               organisation };

  g_assert_true (csd_server_add_organisation (agency->server, "lakeside",
                                              "Lakeside Advice", organisation, NULL));
  csd_test_add_centre (&place, "C", "C", centre);
  csd_test_add_person (&place, "amina", "caseworker", centre, person);
  g_assert_true (
    csd_server_set_password (agency->server, "lakeside", "amina", password, false, NULL));
}

static void
assert_signed_in (Fixture *fixture, const char *organisation, guint n_accounts)
{
  g_autoptr (GListModel) accounts = csl_account_list (fixture->folder);

  g_assert_no_error (fixture->error);
  g_assert_cmpstr (csl_session_get_organisation_name (fixture->session), ==,
                   organisation);
  g_assert_cmpuint (g_list_model_get_n_items (accounts), ==, n_accounts);
  wait_until (fixture, is_up_to_date);
  close_session (fixture);
}

/* Who leaves the organisation out is told apart by the password; each comes back to records of their own. */
static void
test_namesakes (Fixture *fixture, gconstpointer data)
{
  add_other_organisation (fixture, OTHER_PASSWORD);
  for (guint round = 0; round < 2; round++) {
    sign_in (fixture, "amina", CSD_TEST_PASSWORD);
    assert_signed_in (fixture, "Riverside Advice", 1 + round);
    sign_in (fixture, "amina", OTHER_PASSWORD);
    assert_signed_in (fixture, "Lakeside Advice", 2);
  }
  sign_in (fixture, "Lakeside/amina", OTHER_PASSWORD);
  assert_signed_in (fixture, "Lakeside Advice", 2);
  sign_in (fixture, "lakeside/amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_WRONG_PASSWORD);
}

static GBytes *
read_lease (Fixture *fixture)
{
  g_autoptr (CslAccount) account = get_account (fixture);
  g_autofree char *path =
    g_build_filename (fixture->folder, csl_account_get_id (account), "lease", NULL);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, length);
}

/* The password of the other organisation, typed where the first one is asked for again: the server is told whose records they
 * are, and no share comes with it that nobody could open them with. */
static void
test_namesake_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  add_other_organisation (fixture, OTHER_PASSWORD);
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  wait_until (fixture, is_up_to_date);
  before = read_lease (fixture);
  g_assert_true (csd_server_set_password (fixture->agency.server, "riverside", "amina",
                                          CSD_TEST_PASSWORD, false, NULL));
  csl_session_sync_now (fixture->session);
  wait_until (fixture, is_signed_out);
  sign_in_again (fixture, OTHER_PASSWORD);
  g_assert_error (fixture->error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_PASSWORD);
  after = read_lease (fixture);
  g_assert_cmpmem (g_bytes_get_data (before, NULL), g_bytes_get_size (before),
                   g_bytes_get_data (after, NULL), g_bytes_get_size (after));
  sign_in_again (fixture, CSD_TEST_PASSWORD);
  g_assert_no_error (fixture->error);
  wait_until (fixture, is_up_to_date);
}

static void
pin_set_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  csl_session_set_pin_finish (CSL_SESSION (source), result, &fixture->error);
  fixture->done = true;
}

/* A locked replica is no obstacle for somebody else of that name. */
static void
test_locked_namesake (Fixture *fixture, gconstpointer data)
{
  add_other_organisation (fixture, OTHER_PASSWORD);
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  fixture->done = false;
  csl_session_set_pin_async (fixture->session, NULL, "harbour 27", pin_set_cb, fixture);
  wait_until (fixture, is_done);
  assert_signed_in (fixture, "Riverside Advice", 1);
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_PIN_NEEDED);
  sign_in (fixture, "amina", "something else");
  assert_refused (fixture, CSL_ACCOUNT_ERROR_WRONG_PASSWORD);
  csl_test_server_set_unplugged (fixture->server, true);
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_PIN_NEEDED);
  csl_test_server_set_unplugged (fixture->server, false);
  sign_in (fixture, "amina", OTHER_PASSWORD);
  assert_signed_in (fixture, "Lakeside Advice", 2);
}

/* The same password, too: only the organisation's name tells. */
static void
test_twins (Fixture *fixture, gconstpointer data)
{
  add_other_organisation (fixture, CSD_TEST_PASSWORD);
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  assert_refused (fixture, CSL_ACCOUNT_ERROR_AMBIGUOUS);
  sign_in (fixture, "riverside/amina", CSD_TEST_PASSWORD);
  assert_signed_in (fixture, "Riverside Advice", 1);
  sign_in (fixture, "lakeside/amina", CSD_TEST_PASSWORD);
  g_assert_no_error (fixture->error);
  wait_until (fixture, is_up_to_date);
  /* It was typed once, and is not asked for again. */
  sign_in_again (fixture, CSD_TEST_PASSWORD);
  assert_signed_in (fixture, "Lakeside Advice", 2);
}

/* Somebody of the same name and password comes later: whose records these are is known, though nobody typed the organisation. */
static void
test_later_twin (Fixture *fixture, gconstpointer data)
{
  sign_in (fixture, "amina", CSD_TEST_PASSWORD);
  g_assert_no_error (fixture->error);
  wait_until (fixture, is_up_to_date);
  add_other_organisation (fixture, CSD_TEST_PASSWORD);
  sign_in_again (fixture, CSD_TEST_PASSWORD);
  assert_signed_in (fixture, "Riverside Advice", 1);
}

#define ADD(path, func)                                                                  \
  g_test_add ("/e2e/session/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *keyring = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  keyring = g_build_filename (g_get_tmp_dir (), "t.keyring", NULL);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "pw", TRUE);
  tls = csl_test_tls_new ();
  ADD ("sign-in-work-and-come-back", test_sign_in_work_and_come_back);
  ADD ("offline", test_offline);
  ADD ("history", test_history);
  ADD ("sign-in-refused", test_sign_in_refused);
  ADD ("in-use", test_in_use);
  ADD ("wrong-key", test_wrong_key);
  ADD ("newer", test_newer);
  ADD ("damaged", test_damaged);
  ADD ("no-folder", test_no_folder);
  ADD ("sign-in-again", test_sign_in_again);
  ADD ("key-missing", test_key_missing);
  ADD ("namesakes", test_namesakes);
  ADD ("namesake-again", test_namesake_again);
  ADD ("locked-namesake", test_locked_namesake);
  ADD ("twins", test_twins);
  ADD ("later-twin", test_later_twin);
  status = g_test_run ();
  csl_test_tls_free (tls);
  return status;
}
