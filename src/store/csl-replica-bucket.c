/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The buckets of a replica: number, rows, sum (R7). In memory while open, written at the end of transactions. */
#include "config.h"

#include "core/base/csl-error.h"
#include "store/csl-replica-private.h"

#include <string.h>

static void
bucket_free (CslBucket *bucket)
{
  g_free (bucket->name);
  g_free (bucket);
}

void
csl_replica_clear_buckets (CslReplica *self)
{
  g_clear_pointer (&self->bucket_ids, g_hash_table_unref);
  g_clear_pointer (&self->buckets, g_hash_table_unref);
}

static void
keep_bucket (CslReplica *self, CslBucket *bucket)
{
  g_hash_table_insert (self->buckets, bucket->name, bucket);
  g_hash_table_insert (self->bucket_ids, &bucket->bucket, bucket);
}

bool
csl_replica_load_buckets (CslReplica *self, GError **error)
{
  static const char sql[] =
    "SELECT \"bucket\", \"name\", \"state\", \"count\", \"sum\" FROM \"_bucket\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  csl_replica_clear_buckets (self);
  self->buckets =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) bucket_free);
  self->bucket_ids = g_hash_table_new (g_int64_hash, g_int64_equal);
  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &local)) {
    CslBucket *bucket = g_new0 (CslBucket, 1);

    bucket->bucket = csl_stmt_get_int (stmt, 0);
    bucket->name = csl_stmt_dup_text (stmt, 1);
    bucket->state = (CslBucketState) csl_stmt_get_int (stmt, 2);
    bucket->count = csl_stmt_get_int (stmt, 3);
    bucket->sum = (guint64) csl_stmt_get_int (stmt, 4);
    keep_bucket (self, bucket);
  }
  return csl_error_pass (&local, error);
}

static bool
save_bucket (CslReplica *self, CslBucket *bucket, GError **error)
{
  static const char sql[] =
    "UPDATE \"_bucket\" SET \"state\" = :state, \"count\" = :count, "
    "\"sum\" = :sum WHERE \"bucket\" = :bucket";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":state", bucket->state);
  csl_stmt_bind_int (stmt, ":count", bucket->count);
  csl_stmt_bind_int (stmt, ":sum", (gint64) bucket->sum);
  csl_stmt_bind_int (stmt, ":bucket", bucket->bucket);
  if (!csl_stmt_run (stmt, error))
    return false;
  bucket->dirty = false;
  return true;
}

bool
csl_replica_save_buckets (CslReplica *self, GError **error)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->buckets);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    CslBucket *bucket = value;

    if (bucket->dirty && !save_bucket (self, bucket, error))
      return false;
  }
  return true;
}

CslBucket *
csl_replica_lookup_bucket (CslReplica *self, const char *name)
{
  return g_hash_table_lookup (self->buckets, name);
}

CslBucket *
csl_replica_ensure_bucket (CslReplica *self, const char *name, GError **error)
{
  static const char sql[] = "INSERT INTO \"_bucket\" (\"name\") VALUES (:name)";
  CslBucket *bucket = csl_replica_lookup_bucket (self, name);
  csl_auto_reset CslStmt *stmt = NULL;

  if (bucket != NULL)
    return bucket;
  stmt = csl_db_prepare (self->db, sql, error);
  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":name", name);
  if (!csl_stmt_run (stmt, error))
    return NULL;
  bucket = g_new0 (CslBucket, 1);
  bucket->bucket = csl_db_get_last_rowid (self->db);
  bucket->name = g_strdup (name);
  keep_bucket (self, bucket);
  return bucket;
}

CslBucket *
csl_replica_get_bucket_by_number (CslReplica *self, gint64 bucket)
{
  return g_hash_table_lookup (self->bucket_ids, &bucket);
}

static int
compare_buckets (gconstpointer a, gconstpointer b)
{
  const CslBucket *const *left = a;
  const CslBucket *const *right = b;

  return strcmp ((*left)->name, (*right)->name);
}

GPtrArray *
csl_replica_list_buckets (CslReplica *self)
{
  GPtrArray *buckets = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->buckets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_ptr_array_add (buckets, value);
  g_ptr_array_sort (buckets, compare_buckets);
  return buckets;
}

void
csl_bucket_add (CslBucket *bucket, guint64 hash)
{
  bucket->count++;
  bucket->sum += hash;
  bucket->dirty = true;
}

void
csl_bucket_remove (CslBucket *bucket, guint64 hash)
{
  bucket->count--;
  bucket->sum -= hash;
  bucket->dirty = true;
}
