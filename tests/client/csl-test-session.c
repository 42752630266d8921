/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csl-test-session.h"

#include "client/app/csl-session-private.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-env-system.h"
#include "store/csl-replica-pull.h"

#include <glib/gstdio.h>

#define ORGANISATION "01976b1e-0000-7abc-8def-000000000001"
#define USER         "01976b1e-0000-7abc-8def-000000000002"
#define DEVICE       "01976b1e-0000-7abc-8def-000000000003"
#define CENTRE       "01976b1e-0000-7abc-8def-000000000006"
#define CLIENT       "01976b1e-0000-7abc-8def-000000000005"
#define CASE         "01976b1e-0000-7abc-8def-000000000004"
#define EPOCH        "01976b1e-0000-7abc-8def-000000000009"

static const guint8 key[CSL_DB_KEY_SIZE] = "thirty-two bytes for a test only";

static void
write_put (GString *page, const char *bucket, const CslRecord *record)
{
  g_autoptr (GString) doc = g_string_new (NULL);

  csl_wire_record_write (record, doc);
  csl_pull_write_put (page, bucket, record->type->name, record->id, record->rev,
                      doc->str);
}

static CslRecord *
make (const CslSchema *schema, const char *type, const char *id)
{
  CslRecord *record = csl_record_new (csl_schema_lookup_type (schema, type), id);

  record->rev = 1;
  return record;
}

static void
write_directory (GString *page, const CslSchema *schema)
{
  g_autoptr (CslRecord) user = make (schema, "user", USER);
  g_autoptr (CslRecord) centre = make (schema, "centre", CENTRE);
  g_autoptr (CslRecord) membership =
    make (schema, "membership", "01976b1e-0000-7abc-8def-000000000007");

  csl_record_set_text (user, "username", "dana");
  csl_record_set_text (user, "email", "dana@agency.example");
  csl_record_set_text (user, "first_name", "Dana");
  csl_record_set_text (user, "last_name", "Whitfield");
  csl_record_set_bool (user, "is_active", true);
  csl_record_set_text (centre, "name", "Foundry Street");
  csl_record_set_text (centre, "code", "FOU");
  csl_record_set_text (membership, "user", USER);
  csl_record_set_text (membership, "organisation", ORGANISATION);
  csl_record_set_text (membership, "centre", CENTRE);
  csl_record_set_text (membership, "role", "caseworker");
  csl_record_set_text (membership, "status", "active");
  csl_record_set_bool (membership, "is_primary", true);
  write_put (page, "a:" ORGANISATION, centre);
  write_put (page, "a:" ORGANISATION, user);
  write_put (page, "a:" ORGANISATION, membership);
}

static void
make_work (CslTestSession *test, const CslSchema *schema)
{
  test->client = make (schema, "client", CLIENT);
  csl_record_set_text (test->client, "first_name", "Amina");
  csl_record_set_text (test->client, "last_name", "Rahman");
  csl_record_set_text (test->client, "phone_primary", "0117 496 0101");
  csl_record_set_text (test->client, "centre", CENTRE);
  csl_record_set_text (test->client, "address_line1", "14 Quay Street");
  test->other_case = make (schema, "case", CASE);
  csl_record_set_text (test->other_case, "title", "Rent arrears");
  csl_record_set_text (test->other_case, "client", CLIENT);
  csl_record_set_text (test->other_case, "centre", CENTRE);
  csl_record_set_text (test->other_case, "case_type", "housing");
  csl_record_set_text (test->other_case, "status", "in_progress");
  csl_record_set_text (test->other_case, "priority", "high");
  csl_record_set_text (test->other_case, "advisor", USER);
}

/* -- a page, on the database thread -- */

typedef struct
{
  gint64 until;
  const char *lines;
} Page;

static bool
apply (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  const Page *page = data;
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (CslPageResult) result = { 0 };

  csl_pull_write_head (text, EPOCH, csl_replica_get_identity (replica)->since,
                       page->until, 1, 0, "2026-11-21T09:00:00.000Z");
  g_string_append (text, page->lines);
  csl_pull_write_done (text, page->until);
  if (!csl_replica_apply_page (replica, text->str, text->len, &result, error))
    return false;
  for (guint i = 0; i < result.changed_types->len; i++)
    csl_type_set_add (&changes->types, result.changed_types->pdata[i]);
  return true;
}

void
csl_test_session_receive (CslTestSession *test, gint64 until, const char *lines)
{
  Page page = { until, lines };
  g_autoptr (GError) error = NULL;
  bool applied =
    csl_vault_run (test->session->vault, CSL_VAULT_PRIORITY_SYNC, apply, &page, &error);

  g_assert_no_error (error);
  g_assert_true (applied);
  csl_session_flush (test->session);
}

static void
receive_all (CslTestSession *test, const CslSchema *schema)
{
  g_autoptr (GString) lines = g_string_new (NULL);

  csl_pull_write_open (lines, "a:" ORGANISATION, 3, 1000, true);
  write_directory (lines, schema);
  csl_pull_write_open (lines, "p:" CLIENT, 1, 300, true);
  write_put (lines, "p:" CLIENT, test->client);
  csl_pull_write_open (lines, "c:" CASE, 1, 300, true);
  write_put (lines, "c:" CASE, test->other_case);
  csl_test_session_receive (test, 1, lines->str);
}

static void
open_replica (CslSessionParts *parts, const char *path, bool is_new)
{
  const CslReplicaIdentity identity = { .organisation = ORGANISATION,
                                        .user = USER,
                                        .device = DEVICE };
  g_autoptr (GError) error = NULL;

  parts->replica =
    is_new ? csl_replica_create (path, key, parts->schema, &identity, parts->env, &error)
           : csl_replica_open (path, key, parts->schema, parts->env, &error);
  g_assert_no_error (error);
  parts->reader = csl_reader_open (path, key, parts->schema, &error);
  g_assert_no_error (error);
}

void
csl_test_session_init (CslTestSession *test, const char *folder)
{
  g_auto (CslSessionParts) parts = { .lock = -1 };
  g_autofree char *path = NULL;
  g_autoptr (CslSecret) device_key = csl_secret_new (key, sizeof key);
  g_autoptr (GError) error = NULL;

  *test = (CslTestSession){ 0 };
  test->folder = folder != NULL ? g_strdup (folder)
                                : g_dir_make_tmp ("session-XXXXXX", &error);
  path = g_build_filename (test->folder, "replica.db", NULL);
  parts.env = csl_env_system ();
  parts.schema = csl_schema_new_builtin ();
  parts.database = csl_worker_new ("test-database");
  test->database = g_object_ref (parts.database);
  parts.server = g_strdup ("https://localhost:1");
  parts.username = g_strdup ("dana");
  parts.display_name = g_strdup ("Dana Whitfield");
  parts.organisation_name = g_strdup ("Agency");
  parts.offline = true;
  parts.credentials = csl_credentials_new (DEVICE, device_key, NULL);
  g_strlcpy (parts.organisation, ORGANISATION, sizeof parts.organisation);
  g_strlcpy (parts.user, USER, sizeof parts.user);
  make_work (test, parts.schema);
  open_replica (&parts, path, folder == NULL);
  test->session = csl_session_new (&parts, &error);
  g_assert_no_error (error);
  if (folder == NULL)
    receive_all (test, csl_session_get_schema (test->session));
}

static void
do_nothing (gpointer data)
{
}

/* However long the disk takes: until the database has nothing to do and the main loop nothing to tell. */
void
csl_test_session_settle (CslTestSession *test)
{
  do {
    while (g_main_context_iteration (NULL, FALSE))
      ;
    csl_worker_run_sync (test->database, G_MAXINT, do_nothing, NULL);
  } while (g_main_context_pending (NULL));
  csl_session_flush (test->session);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (csl_session_save_finish (CSL_SESSION (source), result, &error));
  g_assert_no_error (error);
  *(bool *) data = true;
}

void
csl_test_session_save (CslTestSession *test, const CslEdit *edit)
{
  bool saved = false;

  csl_session_save_async (test->session, edit, NULL, saved_cb, &saved);
  while (!saved)
    g_main_context_iteration (NULL, TRUE);
  csl_session_flush (test->session);
}

void
csl_test_session_close (CslTestSession *test)
{
  csl_test_session_settle (test);
  /* Their types are the session's. */
  g_clear_pointer (&test->client, csl_record_free);
  g_clear_pointer (&test->other_case, csl_record_free);
  g_assert_finalize_object (test->session);
  test->session = NULL;
  g_clear_object (&test->database);
}

void
csl_test_session_clear (CslTestSession *test)
{
  GDir *dir = NULL;
  const char *name = NULL;

  if (test->session != NULL)
    csl_test_session_close (test);
  dir = g_dir_open (test->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (test->folder, name, NULL);
    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_dir_close (dir);
  g_rmdir (test->folder);
  g_clear_pointer (&test->folder, g_free);
}
