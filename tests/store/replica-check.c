/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds in every replica's file, computed anew from its parts. */
#include "store/replica-check.h"

#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-record-table.h"

#include <string.h>

static void
read_doc (CslRecord *record, const char *doc)
{
  g_auto (CslJson) json = { 0 };
  g_autoptr (GError) error = NULL;

  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, doc, strlen (doc), &csl_json_limits_line, &error));
  g_assert_true (csl_wire_record_read (record, &json, 0, &error));
}

/* The server's version of a record with operations, from the file. */
static CslRecord *
load_shadow (CslDb *db, const CslRecordType *type, const char *id)
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
lay_anew (const CslSchema *schema, CslDb *db, const CslRecordType *type, const char *id)
{
  static const char sql[] = "SELECT \"line\", \"state\", \"seq\" FROM \"_outbox\" WHERE "
                            "\"id\" = :id AND \"laid\" = 1 "
                            "ORDER BY \"entry\"";
  CslRecord *record = load_shadow (db, type, id);
  gint64 rev = record != NULL ? record->rev : 0;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  csl_stmt_bind_text (stmt, ":id", id);
  while (csl_stmt_step (stmt, NULL)) {
    g_autoptr (CslOp) op = csl_op_parse (schema, csl_stmt_get_text (stmt, 0),
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

void
replica_check_laid (const CslSchema *schema, CslDb *db)
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
      csl_schema_lookup_type (schema, csl_stmt_get_text (stmt, 1));
    const char *id = csl_stmt_get_text (stmt, 0);
    g_autoptr (CslRecordTable) table = csl_record_table_new (db, type);
    g_autoptr (CslRecord) shown = csl_record_table_get (table, id, NULL, NULL);
    g_autoptr (CslRecord) expected = lay_anew (schema, db, type, id);

    assert_same_content (shown, expected);
  }
  g_assert_cmpint (csl_db_query_int (db, orphan_sql, -1), ==, 0);
}

static char *
write_find_rows (const CslSchema *schema)
{
  GString *sql = g_string_new ("SELECT 0");

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    g_string_append (sql, ", EXISTS (SELECT 1 FROM ");
    csl_ddl_append_name (sql, csl_schema_get_type (schema, i)->name);
    g_string_append_c (sql, ')');
  }
  return g_string_free (sql, FALSE);
}

CslStmt *
replica_check_find_rows (const CslSchema *schema, CslDb *db)
{
  CslStmt *stmt = csl_db_prepare (db, csl_schema_derive (schema, write_find_rows), NULL);

  g_assert_true (csl_stmt_step (stmt, NULL));
  return stmt;
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

void
replica_check_sums (const CslSchema *schema, CslDb *db)
{
  static const char bucket_sql[] =
    "SELECT \"bucket\", \"count\", \"sum\" FROM \"_bucket\"";
  static const char shadow_sql[] = "SELECT \"bucket\", \"hash\" FROM \"_shadow\"";
  static const char unknown_sql[] = "SELECT \"bucket\", \"hash\" FROM \"_unknown\"";
  g_autoptr (GHashTable) sums = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, bucket_sql, NULL);
  csl_auto_reset CslStmt *rows = replica_check_find_rows (schema, db);

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++)
    if (csl_stmt_get_int (rows, (int) i + 1) != 0)
      sum_type (db, csl_schema_get_type (schema, i), sums);
  sum_aside (db, shadow_sql, sums);
  sum_aside (db, unknown_sql, sums);
  while (csl_stmt_step (stmt, NULL)) {
    const guint64 *pair =
      g_hash_table_lookup (sums, GSIZE_TO_POINTER ((gsize) csl_stmt_get_int (stmt, 0)));

    g_assert_cmpint (csl_stmt_get_int (stmt, 1), ==, pair != NULL ? (gint64) pair[0] : 0);
    g_assert_cmpint (csl_stmt_get_int (stmt, 2), ==, pair != NULL ? (gint64) pair[1] : 0);
  }
}
