/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A replica and the server it talks to. */
#include "store-fixture.h"

#include "core/base/csl-id.h"
#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-record-table.h"
#include "store/csl-replica-repair.h"

#include <string.h>

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  CslReplicaIdentity identity = { .organisation = TEST_ORGANISATION,
                                  .user = TEST_USER,
                                  .device = TEST_DEVICE };
  g_autoptr (GError) error = NULL;

  self->folder = test_folder_new ();
  self->path = g_build_filename (self->folder, "replica.db", NULL);
  self->schema = csl_schema_new_builtin ();
  self->note = csl_schema_lookup_type (self->schema, "note");
  self->client = csl_schema_lookup_type (self->schema, "client");
  self->case_type = csl_schema_lookup_type (self->schema, "case");
  test_env_init (&self->env, 1);
  self->replica = csl_replica_create (self->path, test_key, self->schema, &identity,
                                      &self->env.env, &error);
  g_assert_no_error (error);
  self->model = model_new (self->schema);
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->replica, csl_replica_free);
  model_free (self->model);
  csl_schema_unref (self->schema);
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

/* -- Checking everything ---------------------------------------------------------------- */

typedef struct
{
  CslRecord *record; /* (owned) (nullable): result of laying anew */
} Laid;

static void
read_doc (CslRecord *record, const char *doc)
{
  g_auto (CslJson) json = { 0 };
  g_autoptr (GError) error = NULL;

  csl_json_init (&json);
  test_assert (csl_json_scan (&json, doc, strlen (doc), &csl_json_limits_line, &error),
               error);
  test_assert (csl_wire_record_read (record, &json, 0, &error), error);
}

/* The server's version of a record with operations, from the file. */
static CslRecord *
load_shadow (Fixture *self, CslDb *db, const CslRecordType *type, const char *id)
{
  static const char sql[] = "SELECT \"doc\", \"rev\" FROM \"_shadow\" WHERE \"id\" = :id";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);
  CslRecord *record;

  csl_stmt_bind_text (stmt, ":id", id);
  if (!csl_stmt_step (stmt, NULL))
    return NULL;
  record = csl_record_new (type, id);
  record->rev = csl_stmt_get_int (stmt, 1);
  read_doc (record, csl_stmt_get_text (stmt, 0));
  return record;
}

static CslRecord *
lay_anew (Fixture *self, CslDb *db, const CslRecordType *type, const char *id)
{
  static const char sql[] = "SELECT \"line\", \"state\", \"seq\" FROM \"_outbox\" WHERE "
                            "\"id\" = :id AND \"laid\" = 1 "
                            "ORDER BY \"entry\"";
  CslRecord *record = load_shadow (self, db, type, id);
  gint64 rev = record != NULL ? record->rev : 0;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  csl_stmt_bind_text (stmt, ":id", id);
  while (csl_stmt_step (stmt, NULL)) {
    g_autoptr (CslOp) op = csl_op_parse (self->schema, csl_stmt_get_text (stmt, 0),
                                         csl_stmt_get_size (stmt, 0), NULL, NULL);
    CslOutboxState state;

    g_assert_true (csl_outbox_state_from_string (csl_stmt_get_text (stmt, 1), &state));
    g_assert_true (csl_outbox_state_overlays (state));
    /* What the server's version contains is not laid over it again. */
    if (state == CSL_OUTBOX_ACKED)
      g_assert_cmpint (csl_stmt_get_int (stmt, 2), >, rev);
    record = csl_op_apply (record, op);
  }
  return record;
}

/* Fields a person can set are equal; the provisional ones of the server are not compared. */
static void
assert_same_content (const CslRecord *a, const CslRecord *b)
{
  if (a == NULL || b == NULL) {
    g_assert_true (a == NULL && b == NULL);
    return;
  }
  for (guint i = 0; i < a->type->n_fields; i++)
    if ((a->type->fields[i].flags & CSL_FIELD_SERVER) == 0)
      g_assert_true (csl_value_equal (&a->values[i], &b->values[i]));
}

/* I9 */
static void
check_laid (Fixture *self, CslDb *db)
{
  static const char sql[] =
    "SELECT DISTINCT \"id\", \"type\" FROM \"_outbox\" WHERE \"laid\" = 1 AND "
    "\"id\" NOT IN (SELECT \"id\" FROM \"_outbox\" WHERE \"laid\" = 1 AND \"state\" = "
    "'conflict')";
  static const char orphan_sql[] =
    "SELECT count (*) FROM \"_shadow\" WHERE \"id\" NOT IN "
    "(SELECT \"id\" FROM \"_outbox\" WHERE \"laid\" = 1)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  while (csl_stmt_step (stmt, NULL)) {
    const CslRecordType *type =
      csl_schema_lookup_type (self->schema, csl_stmt_get_text (stmt, 1));
    const char *id = csl_stmt_get_text (stmt, 0);
    g_autoptr (CslRecordTable) table = csl_record_table_new (db, type);
    g_autoptr (CslRecord) shown = csl_record_table_get (table, id, NULL, NULL);
    g_autoptr (CslRecord) expected = lay_anew (self, db, type, id);

    assert_same_content (shown, expected);
  }
  g_assert_cmpint (csl_db_query_int (db, orphan_sql, -1), ==, 0);
}

static void
add_to_sum (GHashTable *sums, gint64 bucket, guint64 hash)
{
  guint64 *pair = g_hash_table_lookup (sums, GSIZE_TO_POINTER ((gsize) bucket));

  if (pair == NULL) {
    pair = g_new0 (guint64, 2);
    g_hash_table_insert (sums, GSIZE_TO_POINTER ((gsize) bucket), pair);
  }
  pair[0]++;
  pair[1] += hash;
}

static bool
is_laid (CslDb *db, const char *id)
{
  static const char sql[] =
    "SELECT 1 FROM \"_outbox\" WHERE \"id\" = :id AND \"laid\" = 1";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_step (stmt, NULL);
}

static void
sum_type (CslDb *db, const CslRecordType *type, GHashTable *sums)
{
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (CslStmt) stmt = NULL;

  csl_record_table_append_columns (sql, type, NULL);
  g_string_append (sql, " FROM ");
  csl_ddl_append_name (sql, type->name);
  stmt = csl_db_prepare_once (db, sql->str, NULL);
  while (csl_stmt_step (stmt, NULL)) {
    CslRowInfo info;
    g_autoptr (CslRecord) record = csl_record_table_read (type, stmt, 0, &info);

    if (type->local || is_laid (db, record->id))
      continue;
    g_assert_cmpint (record->rev, >, 0);
    g_assert_cmpuint (csl_wire_record_hash (record), ==, info.hash);
    add_to_sum (sums, info.bucket, info.hash);
  }
}

static void
sum_aside (CslDb *db, const char *sql, GHashTable *sums)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  while (csl_stmt_step (stmt, NULL))
    add_to_sum (sums, csl_stmt_get_int (stmt, 0), (guint64) csl_stmt_get_int (stmt, 1));
}

/* R7 */
static void
check_sums (Fixture *self, CslDb *db)
{
  static const char bucket_sql[] =
    "SELECT \"bucket\", \"count\", \"sum\" FROM \"_bucket\"";
  static const char shadow_sql[] = "SELECT \"bucket\", \"hash\" FROM \"_shadow\"";
  static const char unknown_sql[] = "SELECT \"bucket\", \"hash\" FROM \"_unknown\"";
  g_autoptr (GHashTable) sums = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, bucket_sql, NULL);

  for (guint i = 0; i < csl_schema_get_n_types (self->schema); i++)
    sum_type (db, csl_schema_get_type (self->schema, i), sums);
  sum_aside (db, shadow_sql, sums);
  sum_aside (db, unknown_sql, sums);
  while (csl_stmt_step (stmt, NULL)) {
    const guint64 *pair =
      g_hash_table_lookup (sums, GSIZE_TO_POINTER ((gsize) csl_stmt_get_int (stmt, 0)));

    g_assert_cmpint (csl_stmt_get_int (stmt, 1), ==, pair != NULL ? (gint64) pair[0] : 0);
    g_assert_cmpint (csl_stmt_get_int (stmt, 2), ==, pair != NULL ? (gint64) pair[1] : 0);
  }
}

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
  check_laid (self, db);
  check_sums (self, db);
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
