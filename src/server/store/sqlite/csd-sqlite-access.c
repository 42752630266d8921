/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-access.c: who sees which bucket, as intervals of commits. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

gint64
csd_sqlite_user (CsdSqlite *self, const char *id, bool make, GError **error)
{
  gint64 number = GPOINTER_TO_SIZE (g_hash_table_lookup (self->users, id));
  csl_auto_reset CslStmt *stmt = NULL;

  if (number != 0)
    return number;
  stmt = csl_db_prepare (self->db,
                         make ? "INSERT INTO _who (id) VALUES (:id) ON CONFLICT (id)"
                                " DO UPDATE SET id = id RETURNING who"
                              : "SELECT who FROM _who WHERE id = :id",
                         error);
  if (stmt == NULL)
    return 0;
  csl_stmt_bind_text (stmt, ":id", id);
  if (!csl_stmt_step (stmt, error))
    return 0;
  number = csl_stmt_get_int (stmt, 0);
  g_hash_table_insert (self->users, g_strdup (id), GSIZE_TO_POINTER (number));
  return number;
}

static guint
access_now (CsdSqlite *self, gint64 who, gint64 bucket)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT mask FROM _access WHERE bucket = ?1 AND who = ?2 AND to_seq IS NULL", NULL);

  if (stmt == NULL)
    return 0;
  csl_stmt_bind_int_at (stmt, 1, bucket);
  csl_stmt_bind_int_at (stmt, 2, who);
  return csl_stmt_step (stmt, NULL) ? (guint) csl_stmt_get_int (stmt, 0) : 0;
}

static guint
access_at (CsdSqlite *self, gint64 who, gint64 bucket, gint64 seq)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT mask FROM _access WHERE who = ?1 AND bucket = ?2 AND from_seq <= ?3"
    " AND (to_seq IS NULL OR to_seq > ?3) ORDER BY from_seq DESC LIMIT 1",
    NULL);

  if (stmt == NULL)
    return 0;
  csl_stmt_bind_int_at (stmt, 1, who);
  csl_stmt_bind_int_at (stmt, 2, bucket);
  csl_stmt_bind_int_at (stmt, 3, seq);
  return csl_stmt_step (stmt, NULL) ? (guint) csl_stmt_get_int (stmt, 0) : 0;
}

/* A failing read gives 0: no access. */
static guint
sqlite_get_access (CsdStorage *base, const char *user, const char *bucket, gint64 seq)
{
  CsdSqlite *self = (CsdSqlite *) base;
  gint64 who = csd_sqlite_user (self, user, false, NULL);
  CsdBucket *row = csd_sqlite_bucket (self, bucket, false, NULL);

  if (who == 0 || row == NULL)
    return 0;
  return seq == G_MAXINT64 ? access_now (self, who, row->key)
                           : access_at (self, who, row->key, seq);
}

static bool
sqlite_had_access (CsdStorage *base, const char *user, const char *bucket)
{
  CsdSqlite *self = (CsdSqlite *) base;
  gint64 who = csd_sqlite_user (self, user, false, NULL);
  CsdBucket *row = csd_sqlite_bucket (self, bucket, false, NULL);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT 1 FROM _access WHERE who = :who AND bucket = :bucket LIMIT 1",
                    NULL);

  if (who == 0 || row == NULL || stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":who", who);
  csl_stmt_bind_int (stmt, ":bucket", row->key);
  return csl_stmt_step (stmt, NULL);
}

/* An interval that began in this same commit was never seen by anybody: it is taken back. */
static bool
close_interval (CsdSqlite *self,
                gint64 who,
                gint64 bucket,
                const char *why,
                GError **error)
{
  csl_auto_reset CslStmt *forget = csl_db_prepare (
    self->db,
    "DELETE FROM _access WHERE who = :who AND from_seq = :seq AND bucket = :bucket",
    error);
  csl_auto_reset CslStmt *close =
    csl_db_prepare (self->db,
                    "UPDATE _access SET to_seq = :seq, why = :why WHERE bucket = :bucket"
                    " AND who = :who AND to_seq IS NULL",
                    error);

  if (forget == NULL || close == NULL)
    return false;
  csl_stmt_bind_int (forget, ":who", who);
  csl_stmt_bind_int (forget, ":seq", self->seq);
  csl_stmt_bind_int (forget, ":bucket", bucket);
  if (!csl_stmt_run (forget, error))
    return false;
  csl_stmt_bind_int (close, ":who", who);
  csl_stmt_bind_int (close, ":seq", self->seq);
  csl_stmt_bind_int (close, ":bucket", bucket);
  csl_stmt_bind_text (close, ":why", why);
  return csl_stmt_run (close, error);
}

/* When the commit has closed an interval with the same mask, it goes on as if nothing had been. */
static bool
reopen_interval (CsdSqlite *self,
                 gint64 who,
                 gint64 bucket,
                 guint mask,
                 bool *ret_done,
                 GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "UPDATE _access SET to_seq = NULL WHERE who = :who AND bucket = :bucket"
    " AND to_seq = :seq AND mask = :mask",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":who", who);
  csl_stmt_bind_int (stmt, ":bucket", bucket);
  csl_stmt_bind_int (stmt, ":seq", self->seq);
  csl_stmt_bind_int (stmt, ":mask", mask);
  if (!csl_stmt_run (stmt, error))
    return false;
  *ret_done = csl_db_get_changes (self->db) > 0;
  return true;
}

static bool
open_interval (CsdSqlite *self,
               gint64 who,
               gint64 bucket,
               guint mask,
               const char *why,
               GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT INTO _access (who, from_seq, bucket, mask, to_seq, why)"
                    " VALUES (?1, ?2, ?3, ?4, NULL, ?5)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, who);
  csl_stmt_bind_int_at (stmt, 2, self->seq);
  csl_stmt_bind_int_at (stmt, 3, bucket);
  csl_stmt_bind_int_at (stmt, 4, mask);
  csl_stmt_bind_text_at (stmt, 5, why);
  return csl_stmt_run (stmt, error);
}

static bool
sqlite_set_access (CsdStorage *base,
                   const char *user,
                   const char *bucket,
                   guint mask,
                   const char *why,
                   GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  CsdBucket *row = csd_sqlite_bucket (self, bucket, true, error);
  gint64 who = row != NULL ? csd_sqlite_user (self, user, true, error) : 0;
  guint now = 0;
  bool done = false;

  g_return_val_if_fail (self->seq > 0, false);
  if (who == 0)
    return false;
  now = access_now (self, who, row->key);
  if (now == mask)
    return true;
  if (now != 0 && !close_interval (self, who, row->key, why, error))
    return false;
  if (now != 0 || row->seq != 0)
    csd_sqlite_ledger_touch (self, who, row->key);
  if (mask == 0)
    return true;
  /* A new bucket has no earlier interval to go on with. */
  if (row->seq != 0 && !reopen_interval (self, who, row->key, mask, &done, error))
    return false;
  return done || open_interval (self, who, row->key, mask, why, error);
}

static GHashTable *
read_masks (CslStmt *stmt, GError **error)
{
  GHashTable *masks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GError *step_error = NULL;

  while (csl_stmt_step (stmt, &step_error))
    g_hash_table_insert (masks, csl_stmt_dup_text (stmt, 0),
                         GUINT_TO_POINTER ((guint) csl_stmt_get_int (stmt, 1)));
  if (step_error == NULL)
    return masks;
  g_propagate_error (error, step_error);
  g_hash_table_unref (masks);
  return NULL;
}

static GHashTable *
sqlite_list_bucket_users (CsdStorage *base, const char *bucket, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  CsdBucket *row = csd_sqlite_bucket (self, bucket, false, NULL);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT w.id, a.mask FROM _access a JOIN _who w ON w.who = a.who"
                    " WHERE a.bucket = ?1 AND a.to_seq IS NULL",
                    error);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_int_at (stmt, 1, row != NULL ? row->key : 0);
  return read_masks (stmt, error);
}

static GHashTable *
sqlite_list_user_buckets (CsdStorage *base, const char *user, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT b.name, a.mask FROM _access a JOIN _bucket b ON b.bucket = a.bucket"
    " WHERE a.who = ?1 AND a.to_seq IS NULL",
    error);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_int_at (stmt, 1, csd_sqlite_user (self, user, false, NULL));
  return read_masks (stmt, error);
}

static bool
list_intervals (CsdSqlite *self,
                CslStmt *stmt,
                CsdAccessFunc func,
                gpointer data,
                GError **error)
{
  GError *step_error = NULL;

  while (csl_stmt_step (stmt, &step_error)) {
    CsdAccess access = { .from_seq = csl_stmt_get_int (stmt, 0),
                         .key = csl_stmt_get_int (stmt, 1),
                         .mask = (guint) csl_stmt_get_int (stmt, 2),
                         .to_seq = csl_stmt_get_int (stmt, 3) };
    CsdBucket *bucket = csd_sqlite_bucket_by_key (self, access.key, error);

    if (bucket == NULL)
      return false;
    g_strlcpy (access.bucket, bucket->name, sizeof access.bucket);
    csl_stmt_copy_text (stmt, 4, access.why, sizeof access.why);
    if (!func (&access, data))
      return true;
  }
  return csl_error_pass (&step_error, error);
}

static bool
sqlite_list_begun (CsdStorage *base,
                   const char *user,
                   gint64 since,
                   gint64 until,
                   gint64 after_seq,
                   gint64 after_key,
                   CsdAccessFunc func,
                   gpointer data,
                   GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT from_seq, bucket, mask, to_seq, why FROM _access"
                    " INDEXED BY _access_begun WHERE who = :who AND from_seq > :since "
                    "AND from_seq <= :until"
                    " AND (from_seq, bucket) > (:after_seq, :after_key)"
                    " ORDER BY from_seq, bucket",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":who", csd_sqlite_user (self, user, false, NULL));
  csl_stmt_bind_int (stmt, ":since", since);
  csl_stmt_bind_int (stmt, ":until", until);
  csl_stmt_bind_int (stmt, ":after_seq", after_seq);
  csl_stmt_bind_int (stmt, ":after_key", after_key);
  return list_intervals (self, stmt, func, data, error);
}

static bool
sqlite_list_ended (CsdStorage *base,
                   const char *user,
                   gint64 since,
                   gint64 until,
                   CsdAccessFunc func,
                   gpointer data,
                   GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT from_seq, bucket, mask, to_seq, why FROM _access"
    " INDEXED BY _access_ended WHERE who = :who AND to_seq > :since AND to_seq <= :until"
    " ORDER BY to_seq, bucket",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":who", csd_sqlite_user (self, user, false, NULL));
  csl_stmt_bind_int (stmt, ":since", since);
  csl_stmt_bind_int (stmt, ":until", until);
  return list_intervals (self, stmt, func, data, error);
}

void
csd_sqlite_init_access (CsdStorage *base)
{
  base->get_access = sqlite_get_access;
  base->had_access = sqlite_had_access;
  base->set_access = sqlite_set_access;
  base->list_bucket_users = sqlite_list_bucket_users;
  base->list_user_buckets = sqlite_list_user_buckets;
  base->list_begun = sqlite_list_begun;
  base->list_ended = sqlite_list_ended;
}
