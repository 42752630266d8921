/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-feed.c: reading the feed: changes by commit, buckets by rank, manifests. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

static bool
emit_row (CsdSqlite *self,
          CslStmt *stmt,
          CsdFeedFunc func,
          gpointer data,
          bool *ret_go_on,
          GError **error)
{
  CsdFeedRow row = { .gone = csl_stmt_get_int (stmt, 0) != 0,
                     .seq = csl_stmt_get_int (stmt, 1),
                     .type =
                       csl_schema_lookup_type (self->schema, csl_stmt_get_text (stmt, 2)),
                     .id = csl_stmt_get_text (stmt, 3),
                     .doc = csl_stmt_get_text (stmt, 5),
                     .why = csl_stmt_get_text (stmt, 6) };
  CsdBucket *bucket = csd_sqlite_bucket_by_key (self, csl_stmt_get_int (stmt, 4), error);

  if (bucket == NULL)
    return false;
  row.bucket = bucket->name;
  /* Types of a later version that was rolled back are left out. */
  *ret_go_on = row.type == NULL || func (&row, data);
  return true;
}

static bool
emit_rows (CsdSqlite *self,
           CslStmt *stmt,
           CsdFeedFunc func,
           gpointer data,
           GError **error)
{
  GError *step_error = NULL;
  bool go_on = true;

  while (go_on && csl_stmt_step (stmt, &step_error))
    if (!emit_row (self, stmt, func, data, &go_on, error))
      return false;
  return csl_error_pass (&step_error, error);
}

bool
csd_sqlite_feed_list_names (CsdSqlite *self,
                            CslStmt *stmt,
                            CsdRowFunc func,
                            gpointer data,
                            GError **error)
{
  GError *step_error = NULL;

  while (csl_stmt_step (stmt, &step_error)) {
    CsdStored stored = {
      .type = csl_schema_lookup_type (self->schema, csl_stmt_get_text (stmt, 0)),
      .rev = csl_stmt_get_int (stmt, 2),
      .hash = (guint64) csl_stmt_get_int (stmt, 3),
    };

    csl_stmt_copy_text (stmt, 1, stored.id, sizeof stored.id);
    if (stored.type != NULL && !func (&stored, data))
      return true;
  }
  return csl_error_pass (&step_error, error);
}

static bool
sqlite_list_changes (CsdStorage *base,
                     gint64 since,
                     gint64 until,
                     CsdFeedFunc func,
                     gpointer data,
                     GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT 0, seq AS s, type, id, bucket, doc, NULL, n AS i FROM _rec"
                    " WHERE state = 0 AND seq > ?1 AND seq <= ?2"
                    " UNION ALL SELECT 1, seq, type, id, bucket, NULL, why, n FROM _gone"
                    " WHERE seq > ?1 AND seq <= ?2 ORDER BY s, i",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, since);
  csl_stmt_bind_int_at (stmt, 2, until);
  return emit_rows (self, stmt, func, data, error);
}

static bool
sqlite_list_bucket (CsdStorage *base,
                    const char *bucket,
                    gint64 after_rank,
                    const char *after_id,
                    CsdFeedFunc func,
                    gpointer data,
                    GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  CsdBucket *row = csd_sqlite_bucket (self, bucket, false, error);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT 0, seq, type, id, bucket, doc, NULL FROM _rec"
                    " WHERE state = 0 AND bucket = ?1 AND (rank, id) > (?2, ?3)"
                    " ORDER BY rank, id",
                    error);

  if (row == NULL || stmt == NULL)
    return row == NULL && (error == NULL || *error == NULL);
  csl_stmt_bind_int_at (stmt, 1, row->key);
  csl_stmt_bind_int_at (stmt, 2, after_rank);
  csl_stmt_bind_text_at (stmt, 3, after_id != NULL ? after_id : "");
  return emit_rows (self, stmt, func, data, error);
}

static bool
sqlite_list_manifest (CsdStorage *base,
                      const char *bucket,
                      CsdRowFunc func,
                      gpointer data,
                      GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  CsdBucket *row = csd_sqlite_bucket (self, bucket, false, error);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT type, id, seq, hash FROM _rec WHERE state = 0 AND bucket = "
                    "?1 ORDER BY type, id",
                    error);

  if (row == NULL || stmt == NULL)
    return row == NULL && (error == NULL || *error == NULL);
  csl_stmt_bind_int_at (stmt, 1, row->key);
  return csd_sqlite_feed_list_names (self, stmt, func, data, error);
}

static bool
sqlite_get_bucket (CsdStorage *base,
                   const char *bucket,
                   CsdBucketState *ret_state,
                   GError **error)
{
  CsdBucket *row = csd_sqlite_bucket ((CsdSqlite *) base, bucket, false, error);

  if (row == NULL)
    return false;
  g_strlcpy (ret_state->bucket, bucket, sizeof ret_state->bucket);
  ret_state->count = row->count;
  ret_state->bytes = row->bytes;
  ret_state->seq = row->seq;
  ret_state->sum = row->sum;
  return true;
}

void
csd_sqlite_init_feed (CsdStorage *base)
{
  base->list_changes = sqlite_list_changes;
  base->list_bucket = sqlite_list_bucket;
  base->list_manifest = sqlite_list_manifest;
  base->get_bucket = sqlite_get_bucket;
}
