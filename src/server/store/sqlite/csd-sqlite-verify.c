/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-verify.c: proof that feed, typed tables and sums say the same. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

#include <string.h>

typedef struct
{
  gint64 count;
  guint64 sum;
} Total;

static void find (GPtrArray *findings, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
find (GPtrArray *findings, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (findings, g_strdup_vprintf (format, args));
  va_end (args);
}

/* One live row of the feed against its typed row. */
static bool
verify_row (CsdSqlite *self, CslStmt *stmt, GPtrArray *findings, GError **error)
{
  const char *name = csl_stmt_get_text (stmt, 0);
  const char *id = csl_stmt_get_text (stmt, 1);
  const CslRecordType *type = csl_schema_lookup_type (self->schema, name);
  g_autoptr (CslRecord) record = NULL;
  g_autoptr (GString) doc = g_string_new (NULL);
  GError *get_error = NULL;

  if (type == NULL || self->tables[type->position] == NULL) {
    find (findings, "%s %s: the type is not known", name, id);
    return true;
  }
  record = csl_record_table_get (self->tables[type->position], id, NULL, &get_error);
  if (!csl_error_pass (&get_error, error))
    return false;
  if (record == NULL) {
    find (findings, "%s %s: in the feed, not in its table", name, id);
    return true;
  }
  record->rev = csl_stmt_get_int (stmt, 3);
  csl_wire_record_write (record, doc);
  if (strcmp (doc->str, csl_stmt_get_text (stmt, 5)) != 0)
    find (findings, "%s %s: table and feed differ", name, id);
  if (csl_wire_record_hash (record) != (guint64) csl_stmt_get_int (stmt, 4))
    find (findings, "%s %s: the hash is wrong", name, id);
  return true;
}

static bool
verify_counts (CsdSqlite *self, GHashTable *counts, GPtrArray *findings, GError **error)
{
  for (guint i = 0; i < csl_schema_get_n_types (self->schema); i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);
    gint64 expected = GPOINTER_TO_SIZE (g_hash_table_lookup (counts, type->name));
    g_autoptr (GString) sql = g_string_new ("SELECT count (*) FROM ");
    g_autoptr (CslStmt) stmt = NULL;

    if (type->local)
      continue;
    csl_ddl_append_name (sql, type->name);
    stmt = csl_db_prepare_once (self->db, sql->str, error);
    if (stmt == NULL || !csl_stmt_step (stmt, error))
      return false;
    if (csl_stmt_get_int (stmt, 0) != expected)
      find (findings,
            "%s: %" G_GINT64_FORMAT " rows in the table, %" G_GINT64_FORMAT
            " in the feed",
            type->name, csl_stmt_get_int (stmt, 0), expected);
  }
  return true;
}

static bool
verify_sums (CsdSqlite *self, GHashTable *totals, GPtrArray *findings, GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "SELECT bucket, name, count, sum FROM _bucket", error);

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &step_error)) {
    gint64 key = csl_stmt_get_int (stmt, 0);
    const Total *total = g_hash_table_lookup (totals, &key);
    const Total none = { 0 };

    if (total == NULL)
      total = &none;
    if (total->count != csl_stmt_get_int (stmt, 2) ||
        total->sum != (guint64) csl_stmt_get_int (stmt, 3))
      find (findings, "bucket %s: the sum is not that of its rows",
            csl_stmt_get_text (stmt, 1));
  }
  return csl_error_pass (&step_error, error);
}

static void
add_total (GHashTable *totals, gint64 bucket, guint64 hash)
{
  Total *total = g_hash_table_lookup (totals, &bucket);

  if (total == NULL) {
    total = g_new0 (Total, 1);
    g_hash_table_insert (totals, g_memdup2 (&bucket, sizeof bucket), total);
  }
  total->count++;
  total->sum += hash;
}

static bool
sqlite_verify (CsdStorage *base, GPtrArray *findings, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  g_autoptr (GHashTable) counts =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) totals =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT type, id, bucket, seq, hash, doc FROM _rec WHERE state = 0",
                    error);

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &step_error)) {
    const char *type = csl_stmt_get_text (stmt, 0);
    gsize count = GPOINTER_TO_SIZE (g_hash_table_lookup (counts, type));

    g_hash_table_replace (counts, g_strdup (type), GSIZE_TO_POINTER (count + 1));
    add_total (totals, csl_stmt_get_int (stmt, 2), (guint64) csl_stmt_get_int (stmt, 4));
    if (!verify_row (self, stmt, findings, error))
      return false;
  }
  if (!csl_error_pass (&step_error, error))
    return false;
  return verify_counts (self, counts, findings, error) &&
         verify_sums (self, totals, findings, error);
}

void
csd_sqlite_init_verify (CsdStorage *base)
{
  base->verify = sqlite_verify;
}
