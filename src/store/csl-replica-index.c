/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work in slices for idle times: filling the full-text indexes, and checking rows against their hashes. */
#include "config.h"

#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-private.h"

/* -- Full-text ------------------------------------------------------------------------- */

static void
append_search_columns (GString *sql, const CslRecordType *type)
{
  g_autoptr (GArray) fields = csl_ddl_list_search_fields (type);

  for (guint i = 0; i < fields->len; i++) {
    g_string_append (sql, ", ");
    csl_ddl_append_name (sql, type->fields[g_array_index (fields, guint, i)].name);
  }
}

/* In order of the index's own numbers: adding them out of order would cut its buffers short. */
static CslStmt *
prepare_slice (CslReplica *self, const CslRecordType *type, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("INSERT INTO ");
  g_autofree char *name = csl_ddl_dup_search_name (type);

  csl_ddl_append_name (sql, name);
  g_string_append (sql, " (\"rowid\"");
  append_search_columns (sql, type);
  g_string_append (sql, ") SELECT \"_order\"");
  append_search_columns (sql, type);
  g_string_append (sql, " FROM ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " WHERE \"_row\" > ?1 AND \"_row\" <= ?2 ORDER BY \"_order\"");
  return csl_db_prepare_once (self->db, sql->str, error);
}

/* Last row of the slice that starts after @from, and how many rows it has. */
static bool
measure_slice (CslReplica *self,
               const CslRecordType *type,
               guint max_rows,
               gint64 *ret_to,
               guint *ret_n,
               GError **error)
{
  g_autoptr (GString) sql =
    g_string_new ("SELECT max (\"_row\"), count (*) FROM (SELECT \"_row\" FROM ");
  g_autoptr (CslStmt) stmt = NULL;

  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " WHERE \"_row\" > ?1 ORDER BY \"_row\" LIMIT ?2)");
  stmt = csl_db_prepare_once (self->db, sql->str, error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, self->indexed[type->position]);
  csl_stmt_bind_int_at (stmt, 2, max_rows);
  if (!csl_stmt_step (stmt, error))
    return false;
  *ret_to = csl_stmt_get_int (stmt, 0);
  *ret_n = (guint) csl_stmt_get_int (stmt, 1);
  return true;
}

static bool
index_type (CslReplica *self,
            const CslRecordType *type,
            guint max_rows,
            guint *ret_n,
            GError **error)
{
  g_autoptr (CslStmt) insert = NULL;
  gint64 to = 0;

  if (!measure_slice (self, type, max_rows, &to, ret_n, error))
    return false;
  if (*ret_n == 0)
    return true;
  insert = prepare_slice (self, type, error);
  if (insert == NULL)
    return false;
  csl_stmt_bind_int_at (insert, 1, self->indexed[type->position]);
  csl_stmt_bind_int_at (insert, 2, to);
  if (!csl_stmt_run (insert, error))
    return false;
  self->indexed[type->position] = to;
  self->indexed_dirty[type->position] = true;
  return true;
}

static bool
index_types (CslReplica *self, guint max_rows, GError **error)
{
  guint left = max_rows;

  for (guint i = 0; i < self->n_types && left > 0; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);
    guint n = 0;

    if (!csl_record_type_is_searchable (type) ||
        self->indexed[i] >= csl_record_table_get_last_row (self->tables[i]))
      continue;
    if (!index_type (self, type, left, &n, error))
      return false;
    /* Rows above were deleted: nothing is missing. */
    if (n == 0) {
      self->indexed[i] = csl_record_table_get_last_row (self->tables[i]);
      self->indexed_dirty[i] = true;
    }
    left -= MIN (left, n);
  }
  return true;
}

static bool
has_unindexed (CslReplica *self)
{
  for (guint i = 0; i < self->n_types; i++)
    if (csl_record_type_is_searchable (csl_schema_get_type (self->schema, i)) &&
        self->indexed[i] < csl_record_table_get_last_row (self->tables[i]))
      return true;
  return false;
}

bool
csl_replica_index_slice (CslReplica *self, guint max_rows, bool *ret_more, GError **error)
{
  if (!has_unindexed (self)) {
    *ret_more = false;
    return true;
  }
  /* The mark is part of it: what a power cut takes is indexed again. */
  if (!csl_db_begin_relaxed (self->db, error) ||
      !csl_replica_end (self, index_types (self, max_rows, error), error))
    return false;
  *ret_more = has_unindexed (self);
  return true;
}

/* -- Audit ----------------------------------------------------------------------------- */

static CslStmt *
prepare_audit (CslReplica *self, const CslRecordType *type, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT ");

  csl_record_table_append_columns (sql, type, NULL);
  g_string_append (sql, " FROM ");
  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " WHERE \"_row\" > ?1 ORDER BY \"_row\" LIMIT ?2");
  return csl_db_prepare_once (self->db, sql->str, error);
}

static void
add_bad_bucket (CslReplica *self, gint64 number, GPtrArray *bad_buckets)
{
  const CslBucket *bucket = csl_replica_get_bucket_by_number (self, number);

  if (bucket != NULL &&
      !g_ptr_array_find_with_equal_func (bad_buckets, bucket->name, g_str_equal, NULL))
    g_ptr_array_add (bad_buckets, g_strdup (bucket->name));
}

static bool
audit_type (CslReplica *self,
            guint max_rows,
            GPtrArray *bad_buckets,
            guint *ret_n,
            GError **error)
{
  const CslRecordType *type = csl_schema_get_type (self->schema, self->audit_type);
  g_autoptr (CslStmt) stmt = prepare_audit (self, type, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, self->audit_row);
  csl_stmt_bind_int_at (stmt, 2, max_rows);
  while (csl_stmt_step (stmt, &local)) {
    CslRowInfo info;
    g_autoptr (CslRecord) record = csl_record_table_read (type, stmt, 0, &info);

    (*ret_n)++;
    self->audit_row = info.row;
    /* Rows with operations laid over them are not what the server sent. */
    if (record->rev > 0 && !csl_replica_is_laid (self, record->id) &&
        csl_wire_record_hash (record) != info.hash)
      add_bad_bucket (self, info.bucket, bad_buckets);
  }
  if (local == NULL)
    return true;
  g_propagate_error (error, g_steal_pointer (&local));
  return false;
}

bool
csl_replica_audit_slice (CslReplica *self,
                         guint max_rows,
                         GPtrArray *bad_buckets,
                         GError **error)
{
  guint left = max_rows;

  for (guint i = 0; i < self->n_types && left > 0; i++) {
    guint n = 0;

    if (!audit_type (self, left, bad_buckets, &n, error))
      return false;
    if (n == left)
      return true;
    left -= n;
    self->audit_type = (self->audit_type + 1) % self->n_types;
    self->audit_row = 0;
  }
  return true;
}
