/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buckets that leave (R6, I12): rows, full-text entries, shadows, unknown records, history. What the worker wrote
 * and has not delivered stays in the outbox: it is the worker's own text. */
#include "config.h"

#include "store/csl-replica-drop.h"

#include "core/base/csl-error.h"
#include "core/base/csl-mut.h"

#include <string.h>

static bool
run_for_bucket (CslReplica *self,
                const char *sql,
                const CslBucket *bucket,
                GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":bucket", bucket->bucket);
  return csl_stmt_run (stmt, error);
}

/* Ids of the rows of one type in the bucket, as the full-text index is ordered: it writes them in one go then. */
static GPtrArray *
list_ids (CslReplica *self,
          const CslRecordType *type,
          const CslBucket *bucket,
          GError **error)
{
  g_autoptr (GString) sql = g_string_new ("SELECT \"id\" FROM ");
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CslStmt) stmt = NULL;
  g_autoptr (GError) local = NULL;

  csl_ddl_append_name (sql, type->name);
  g_string_append (sql, " WHERE \"_bucket\" = ? ORDER BY \"_order\"");
  stmt = csl_db_prepare_once (self->db, sql->str, error);
  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_int_at (stmt, 1, bucket->bucket);
  while (csl_stmt_step (stmt, &local))
    g_ptr_array_add (ids, csl_stmt_dup_text (stmt, 0));
  if (local == NULL)
    return g_steal_pointer (&ids);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static bool
remove_rows (CslReplica *self, const CslBucket *bucket, GError **error)
{
  for (guint i = 0; i < self->n_types; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);
    g_autoptr (GPtrArray) ids = NULL;

    if (type->local)
      continue;
    ids = list_ids (self, type, bucket, error);
    if (ids == NULL)
      return false;
    for (guint j = 0; j < ids->len; j++)
      if (!csl_replica_remove_row (self, type, g_ptr_array_index (ids, j), error))
        return false;
  }
  return true;
}

/* Operations on records of this bucket: where the server has them, or where the newest operation puts them. */
static bool
detach_operations (CslReplica *self, const CslBucket *bucket, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"laid\" = 0 WHERE \"laid\" = 1 AND \"id\" IN ("
    "SELECT \"id\" FROM \"_shadow\" WHERE \"bucket\" = :bucket UNION "
    "SELECT o.\"id\" FROM \"_outbox\" AS o WHERE o.\"bucket\" = :name AND o.\"entry\" = "
    "(SELECT max (n.\"entry\") FROM \"_outbox\" AS n WHERE n.\"id\" = o.\"id\" AND "
    "n.\"laid\" = 1) "
    "AND NOT EXISTS (SELECT 1 FROM \"_shadow\" AS s WHERE s.\"id\" = o.\"id\")) "
    "RETURNING \"id\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":name", bucket->name);
  csl_stmt_bind_int (stmt, ":bucket", bucket->bucket);
  while (csl_stmt_step (stmt, &local))
    g_hash_table_remove (self->laid, csl_stmt_get_text (stmt, 0));
  return csl_error_pass (&local, error);
}

/* Offers of what others wrote (csl-replica-epoch.c): once answered they are only kept in case the server is put back again,
 * and nobody here is their author. */
static bool
forget_offers (CslReplica *self, const CslBucket *bucket, GError **error)
{
  static const char sql[] =
    "DELETE FROM \"_outbox\" WHERE \"offer\" = 1 AND "
    "\"state\" NOT IN ('queued', 'sent', 'held') AND (\"bucket\" = :name OR \"id\" IN "
    "(SELECT \"id\" FROM \"_shadow\" WHERE \"bucket\" = :bucket))";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":name", bucket->name);
  csl_stmt_bind_int (stmt, ":bucket", bucket->bucket);
  return csl_stmt_run (stmt, error);
}

bool
csl_replica_drop_bucket (CslReplica *self, CslBucket *bucket, GError **error)
{
  static const char shadow_sql[] = "DELETE FROM \"_shadow\" WHERE \"bucket\" = :bucket";
  static const char unknown_sql[] = "DELETE FROM \"_unknown\" WHERE \"bucket\" = :bucket";
  static const char history_sql[] = "DELETE FROM \"_history\" WHERE \"bucket\" = :bucket";

  if (!csl_replica_strip_bucket (self, bucket, error) ||
      !detach_operations (self, bucket, error) || !forget_offers (self, bucket, error) ||
      !(CSL_MUT (18) || remove_rows (self, bucket, error)) ||
      !(CSL_MUT (17) || run_for_bucket (self, shadow_sql, bucket, error)) ||
      !run_for_bucket (self, unknown_sql, bucket, error) ||
      !run_for_bucket (self, history_sql, bucket, error))
    return false;
  bucket->state = CSL_BUCKET_NOT_HELD;
  bucket->count = 0;
  bucket->sum = 0;
  bucket->dirty = true;
  return true;
}

bool
csl_replica_attach_bucket (CslReplica *self, CslBucket *bucket, GError **error)
{
  static const char sql[] = "SELECT DISTINCT \"id\", \"type\" FROM \"_outbox\" WHERE "
                            "\"bucket\" = :name AND \"laid\" = 0 "
                            "AND (\"act\" <> 0 OR \"gone\" = 0) "
                            "AND \"state\" IN ('queued', 'sent', 'held', 'rejected')";
  static const char lay_sql[] =
    "UPDATE \"_outbox\" SET \"laid\" = 1 WHERE \"bucket\" = :name AND \"laid\" = 0 "
    "AND (\"act\" <> 0 OR \"gone\" = 0) AND \"state\" IN ('queued', 'sent', 'held', "
    "'rejected')";
  csl_auto_reset CslStmt *list = csl_db_prepare (self->db, sql, error);
  csl_auto_reset CslStmt *lay = csl_db_prepare (self->db, lay_sql, error);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;

  if (list == NULL || lay == NULL)
    return false;
  csl_stmt_bind_text (list, ":name", bucket->name);
  while (csl_stmt_step (list, &local)) {
    g_ptr_array_add (records, csl_stmt_dup_text (list, 0));
    g_ptr_array_add (records, csl_stmt_dup_text (list, 1));
  }
  if (!csl_error_pass (&local, error))
    return false;
  csl_stmt_bind_text (lay, ":name", bucket->name);
  if (records->len == 0)
    return true;
  if (!csl_stmt_run (lay, error))
    return false;
  for (guint i = 0; i < records->len; i += 2) {
    const CslRecordType *type =
      csl_schema_lookup_type (self->schema, g_ptr_array_index (records, i + 1));
    const char *id = g_ptr_array_index (records, i);

    if (type != NULL && (!csl_replica_keep_shadow (self, type, id, error) ||
                         !csl_replica_lay (self, type, id, error)))
      return false;
  }
  return true;
}

/* For list_missing(), in place of a bucket's number. */
#define NOT_FILLING 0
#define NOT_HELD    -1

/* Ids and type names, alternating. */
static GPtrArray *
list_missing (CslReplica *self, gint64 bucket, gint64 seq, GError **error)
{
  static const char sql[] = "SELECT DISTINCT o.\"id\", o.\"type\" FROM \"_outbox\" AS o "
                            "LEFT JOIN \"_bucket\" AS b ON b.\"name\" = o.\"bucket\" "
                            "WHERE o.\"state\" IN ('acked', 'conflict') AND o.\"laid\" = "
                            "1 AND " CSL_REPLICA_ANSWERED_REV
                            " <= :seq AND o.\"id\" NOT IN "
                            "(SELECT \"id\" FROM \"_shadow\") AND "
                            "CASE :bucket WHEN 0 THEN coalesce (b.\"state\", 0) <> 1 "
                            "WHEN -1 THEN coalesce (b.\"state\", 0) = 0 "
                            "ELSE b.\"bucket\" = :bucket END";
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_int (stmt, ":seq", seq);
  csl_stmt_bind_int (stmt, ":bucket", bucket);
  while (csl_stmt_step (stmt, &local)) {
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 0));
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 1));
  }
  if (local == NULL)
    return g_steal_pointer (&records);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

static bool
let_go_missing (CslReplica *self, gint64 bucket, gint64 seq, GError **error)
{
  g_autoptr (GPtrArray) records = NULL;

  /* The states of this very page count. */
  if (!csl_replica_save_buckets (self, error))
    return false;
  records = list_missing (self, bucket, seq, error);
  if (records == NULL)
    return false;
  for (guint i = 0; i < records->len; i += 2) {
    const CslRecordType *type =
      csl_schema_lookup_type (self->schema, g_ptr_array_index (records, i + 1));
    const char *id = g_ptr_array_index (records, i);

    if (!csl_replica_let_go (self, id, seq, error) ||
        (type != NULL && !csl_replica_lay (self, type, id, error)))
      return false;
  }
  return true;
}

bool
csl_replica_let_go_missing (CslReplica *self,
                            const CslBucket *filled,
                            gint64 seq,
                            GError **error)
{
  return let_go_missing (self, filled != NULL ? filled->bucket : NOT_FILLING, seq, error);
}

bool
csl_replica_let_go_unheld (CslReplica *self, gint64 seq, GError **error)
{
  return let_go_missing (self, NOT_HELD, seq, error);
}

void
csl_replica_purge_wal (CslReplica *self)
{
  g_autoptr (GError) error = NULL;

  /* Somebody is reading: the next page tries again, and closing does it in any case. */
  self->purge_due = !csl_db_truncate_wal (self->db, &error);
  if (self->purge_due)
    g_debug ("WAL not emptied: %s", error->message);
}

bool
csl_replica_forget_safe (CslReplica *self, GError **error)
{
  static const char sql[] =
    "DELETE FROM \"_outbox\" WHERE \"state\" = 'acked' AND \"laid\" = 0 "
    "AND \"seq\" <= :safe";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":safe", self->identity.safe_seq);
  return csl_stmt_run (stmt, error);
}
