/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-buckets.c: buckets with their running sums, kept in memory and written once for each commit. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

static CsdBucket *
remember (CsdSqlite *self, CslStmt *stmt)
{
  CsdBucket *bucket = g_new0 (CsdBucket, 1);

  bucket->key = csl_stmt_get_int (stmt, 0);
  bucket->name = csl_stmt_dup_text (stmt, 1);
  bucket->count = csl_stmt_get_int (stmt, 2);
  bucket->sum = (guint64) csl_stmt_get_int (stmt, 3);
  bucket->bytes = csl_stmt_get_int (stmt, 4);
  bucket->seq = csl_stmt_get_int (stmt, 5);
  g_hash_table_insert (self->buckets, bucket->name, bucket);
  g_hash_table_insert (self->bucket_keys, &bucket->key, bucket);
  return bucket;
}

static CsdBucket *
make (CsdSqlite *self, const char *name, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "INSERT INTO _bucket (name, count, sum, bytes, seq) VALUES (:name, 0, 0, 0, 0)"
    " RETURNING bucket, name, count, sum, bytes, seq",
    error);
  CsdBucketUndo undo = { .made = true };

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":name", name);
  if (!csl_stmt_step (stmt, error))
    return NULL;
  undo.bucket = remember (self, stmt);
  g_array_append_val (self->undo, undo);
  return undo.bucket;
}

/* NULL without @error: there is none, and @make is FALSE. */
CsdBucket *
csd_sqlite_bucket (CsdSqlite *self, const char *name, bool may_make, GError **error)
{
  CsdBucket *bucket = g_hash_table_lookup (self->buckets, name);
  GError *step_error = NULL;

  if (bucket != NULL)
    return bucket;
  {
    csl_auto_reset CslStmt *stmt = csl_db_prepare (
      self->db,
      "SELECT bucket, name, count, sum, bytes, seq FROM _bucket WHERE name = :name",
      error);

    if (stmt == NULL)
      return NULL;
    csl_stmt_bind_text (stmt, ":name", name);
    if (csl_stmt_step (stmt, &step_error))
      return remember (self, stmt);
  }
  if (!csl_error_pass (&step_error, error))
    return NULL;
  return may_make ? make (self, name, error) : NULL;
}

CsdBucket *
csd_sqlite_bucket_by_key (CsdSqlite *self, gint64 key, GError **error)
{
  CsdBucket *bucket = g_hash_table_lookup (self->bucket_keys, &key);
  csl_auto_reset CslStmt *stmt = NULL;

  if (bucket != NULL)
    return bucket;
  stmt = csl_db_prepare (
    self->db,
    "SELECT bucket, name, count, sum, bytes, seq FROM _bucket WHERE bucket = :key",
    error);
  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_int (stmt, ":key", key);
  if (csl_stmt_step (stmt, error))
    return remember (self, stmt);
  if (error != NULL && *error == NULL)
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED,
                         "A row is in a bucket that is not there");
  return NULL;
}

void
csd_sqlite_bucket_add (CsdSqlite *self,
                       CsdBucket *bucket,
                       int count,
                       gint64 bytes,
                       guint64 sum)
{
  CsdBucketUndo undo = { .bucket = bucket,
                         .count = bucket->count,
                         .bytes = bucket->bytes,
                         .seq = bucket->seq,
                         .sum = bucket->sum };

  g_array_append_val (self->undo, undo);
  bucket->count += count;
  bucket->bytes += bytes;
  bucket->sum += sum;
  bucket->seq = self->seq;
  if (!bucket->dirty)
    g_ptr_array_add (self->dirty, bucket);
  bucket->dirty = true;
}

/* Back to what was at the savepoint, newest change first. */
void
csd_sqlite_buckets_undo (CsdSqlite *self)
{
  for (guint i = self->undo->len; i > 0; i--) {
    CsdBucketUndo *undo = &g_array_index (self->undo, CsdBucketUndo, i - 1);
    CsdBucket *bucket = undo->bucket;

    if (undo->made) {
      g_ptr_array_remove (self->dirty, bucket);
      g_hash_table_remove (self->bucket_keys, &bucket->key);
      g_hash_table_remove (self->buckets, bucket->name);
      continue;
    }
    bucket->count = undo->count;
    bucket->bytes = undo->bytes;
    bucket->seq = undo->seq;
    bucket->sum = undo->sum;
  }
  g_array_set_size (self->undo, 0);
}

void
csd_sqlite_buckets_forget (CsdSqlite *self)
{
  g_ptr_array_set_size (self->dirty, 0);
  g_hash_table_remove_all (self->bucket_keys);
  g_hash_table_remove_all (self->buckets);
}

static bool
write_bucket (CsdSqlite *self, const CsdBucket *bucket, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "UPDATE _bucket SET count = ?1, sum = ?2, bytes = ?3, seq = ?4"
                    " WHERE bucket = ?5",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, bucket->count);
  csl_stmt_bind_int_at (stmt, 2, (gint64) bucket->sum);
  csl_stmt_bind_int_at (stmt, 3, bucket->bytes);
  csl_stmt_bind_int_at (stmt, 4, bucket->seq);
  csl_stmt_bind_int_at (stmt, 5, bucket->key);
  return csl_stmt_run (stmt, error);
}

bool
csd_sqlite_buckets_flush (CsdSqlite *self, GError **error)
{
  for (guint i = 0; i < self->dirty->len; i++) {
    CsdBucket *bucket = g_ptr_array_index (self->dirty, i);

    if (bucket->dirty && !write_bucket (self, bucket, error))
      return false;
    bucket->dirty = false;
  }
  g_ptr_array_set_size (self->dirty, 0);
  return true;
}
