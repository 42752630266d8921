/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A replica and the server it talks to. */
#include "store-fixture.h"

#include "core/base/csl-id.h"
#include "store/csl-ddl.h"
#include "store/csl-replica-repair.h"
#include "store/replica-check.h"

#include <string.h>

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();

  fixture_set_up_with (self, schema, schema);
}

void
fixture_set_up_with (Fixture *self, CslSchema *schema, CslSchema *server_schema)
{
  CslReplicaIdentity identity = { .organisation = TEST_ORGANISATION,
                                  .user = TEST_USER,
                                  .device = TEST_DEVICE };
  g_autoptr (GError) error = NULL;

  self->folder = test_folder_new ();
  self->path = g_build_filename (self->folder, "replica.db", NULL);
  self->schema = csl_schema_ref (schema);
  self->server_schema = csl_schema_ref (server_schema);
  self->note = csl_schema_lookup_type (self->schema, "note");
  self->client = csl_schema_lookup_type (self->schema, "client");
  self->case_type = csl_schema_lookup_type (self->schema, "case");
  test_env_init (&self->env, 1);
  self->replica = csl_replica_create (self->path, test_key, self->schema, &identity,
                                      &self->env.env, &error);
  g_assert_no_error (error);
  self->model = model_new (self->server_schema);
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->replica, csl_replica_free);
  model_free (self->model);
  csl_schema_unref (self->schema);
  csl_schema_unref (self->server_schema);
  test_env_clear (&self->env);
  g_free (self->path);
  test_folder_remove (self->folder);
}

void
fixture_reopen (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  csl_replica_free (self->replica);
  self->replica =
    csl_replica_open (self->path, test_key, self->schema, &self->env.env, &error);
  g_assert_no_error (error);
}

CslReader *
fixture_open_reader (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  CslReader *reader = csl_reader_open (self->path, test_key, self->schema, &error);

  g_assert_no_error (error);
  return reader;
}

static CslRecord *
new_record (Fixture *self, const CslRecordType *type)
{
  CslId id = csl_id_new (&self->env.env);

  return csl_record_new (type, id.text);
}

CslRecord *
fixture_note (Fixture *self, const char *content)
{
  CslRecord *record = new_record (self, self->note);

  csl_record_set_text (record, "client", TEST_CLIENT);
  csl_record_set_text (record, "case", TEST_CASE);
  csl_record_set_text (record, "content", content);
  csl_record_set_text (record, "author", TEST_USER);
  csl_record_set_text (record, "occurred_at", "2026-11-20T15:30:00.000Z[Europe/London]");
  return record;
}

CslRecord *
fixture_client (Fixture *self, const char *first_name, const char *last_name)
{
  CslRecord *record = new_record (self, self->client);

  csl_record_set_text (record, "first_name", first_name);
  csl_record_set_text (record, "last_name", last_name);
  return record;
}

CslRecord *
fixture_case (Fixture *self, const char *client, const char *title)
{
  CslRecord *record = new_record (self, self->case_type);

  csl_record_set_text (record, "client", client);
  csl_record_set_text (record, "title", title);
  csl_record_set_text (record, "status", "new");
  return record;
}

void
fixture_save (Fixture *self, const CslRecord *before, const CslRecord *after)
{
  CslReplicaChange change = { before, after };
  g_autoptr (GError) error = NULL;

  test_assert (csl_replica_commit (self->replica, &change, 1, NULL, &error), error);
}

CslRecord *
fixture_get (Fixture *self, const CslRecordType *type, const char *id)
{
  g_autoptr (CslReader) reader = fixture_open_reader (self);
  g_autoptr (GError) error = NULL;
  CslRecord *record = csl_reader_get (reader, type, id, &error);

  g_assert_no_error (error);
  return record;
}

guint
fixture_push (Fixture *self)
{
  guint total = 0;

  for (guint rounds = 0; rounds < 50; rounds++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GArray) answers = NULL;
    g_autoptr (GString) body = NULL;
    guint n = 0;

    body = csl_replica_take_batch (self->replica, 500, 1 << 20, &n, &error);
    g_assert_no_error (error);
    if (n == 0)
      return total;
    total += n;
    answers = model_push (self->model, body->str);
    test_assert (csl_replica_apply_answers (self->replica,
                                            (const CslAnswer *) answers->data,
                                            answers->len, NULL, &error),
                 error);
    test_assert (csl_replica_unsend (self->replica, &error), error);
  }
  g_assert_not_reached ();
}

void
fixture_pull (Fixture *self)
{
  for (guint pages = 0; pages < 10000; pages++) {
    g_autoptr (GString) text = model_pull (self->model, self->replica);
    g_auto (CslPageResult) result = { 0 };
    g_autoptr (GError) error = NULL;

    test_assert (csl_replica_apply_page (self->replica, text->str, text->len, &result,
                                         &error),
                 error);
    g_assert_cmpuint (result.bad_buckets->len, ==, 0);
    if (result.done)
      return;
    g_assert_true (result.more);
  }
  g_assert_not_reached ();
}

void
fixture_damage (Fixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = csl_db_open (self->path, test_key, 0, &error);

  test_assert (csl_db_execute (db, sql, &error), error);
}

guint
fixture_repair (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) manifest = model_manifest (self->model, TEST_NOTES);
  g_autoptr (GPtrArray) keys = NULL;
  g_autoptr (GString) fetched = NULL;
  g_auto (CslPageResult) result = { 0 };

  keys = csl_replica_apply_manifest (self->replica, TEST_NOTES, manifest->str,
                                     manifest->len, &error);
  g_assert_no_error (error);
  fetched = model_fetch (self->model, keys);
  test_assert (csl_replica_apply_fetch (self->replica, fetched->str, fetched->len,
                                        &result, &error),
               error);
  return keys->len;
}

CslOutboxCounts
fixture_count (Fixture *self)
{
  CslOutboxCounts counts;
  g_autoptr (GError) error = NULL;

  test_assert (csl_replica_count_outbox (self->replica, &counts, &error), error);
  return counts;
}

void
fixture_index (Fixture *self)
{
  bool more = true;

  while (more) {
    g_autoptr (GError) error = NULL;

    test_assert (csl_replica_index_slice (self->replica, 50, &more, &error), error);
  }
}

gint64
fixture_query_int (Fixture *self, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = csl_db_open (self->path, test_key, CSL_DB_READ_ONLY, &error);

  g_assert_no_error (error);
  return csl_db_query_int (db, sql, -1);
}

gint64
fixture_find_entry (Fixture *self, const char *id)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT min (\"entry\") FROM \"_outbox\" WHERE \"id\" = '%s'", id);

  return fixture_query_int (self, sql);
}

char *
fixture_dup_lines (Fixture *self)
{
  static const char sql[] =
    "SELECT \"line\" FROM \"_outbox\" WHERE \"state\" <> 'acked' ORDER BY \"entry\"";
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = csl_db_open (self->path, test_key, CSL_DB_READ_ONLY, &error);
  csl_auto_reset CslStmt *stmt = NULL;
  GString *lines = g_string_new (NULL);

  g_assert_no_error (error);
  stmt = csl_db_prepare (db, sql, &error);
  g_assert_no_error (error);
  while (csl_stmt_step (stmt, &error))
    g_string_append_printf (lines, "%s\n", csl_stmt_get_text (stmt, 0));
  g_assert_no_error (error);
  return g_string_free (lines, FALSE);
}

/* -- Checking everything ---------------------------------------------------------------- */

/* The full-text indexes say the same as the rows they speak of. */
static void
check_search (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = csl_db_open (self->path, test_key, 0, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < csl_schema_get_n_types (self->schema); i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);
    g_autofree char *name = csl_ddl_dup_search_name (type);
    g_autofree char *sql = NULL;

    if (!csl_record_type_is_searchable (type))
      continue;
    sql =
      g_strdup_printf ("INSERT INTO \"%s\" (\"%s\", rank) VALUES ('integrity-check', 1)",
                       name, name);
    test_assert (csl_db_execute (db, sql, &error), error);
  }
}

void
fixture_check_rows (Fixture *self)
{
  static const char orphan_sql[] =
    "SELECT count (*) FROM \"_stale\" WHERE \"type\" = 'note' AND \"order\" NOT IN "
    "(SELECT \"_order\" FROM \"note\" WHERE \"_row\" <= (SELECT \"row\" FROM "
    "\"_search\" WHERE \"type\" = 'note'))";
  g_autoptr (GError) error = NULL;
  g_autoptr (CslDb) db = csl_db_open (self->path, test_key, CSL_DB_READ_ONLY, &error);

  g_assert_no_error (error);
  replica_check_laid (self->schema, db);
  replica_check_sums (self->schema, db);
  g_assert_cmpint (csl_db_query_int (db, orphan_sql, -1), ==, 0);
}

void
fixture_check (Fixture *self)
{
  fixture_index (self);
  g_assert_cmpint (fixture_query_int (self, "SELECT count (*) FROM \"_stale\""), ==, 0);
  check_search (self);
  fixture_check_rows (self);
}
