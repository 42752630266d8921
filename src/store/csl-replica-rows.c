/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a replica: the server's versions coming and going, with bucket sums and full-text index kept beside.
 *
 * Where the server's version of a record is:
 *   no operations on it, type known     in its row (_rev > 0)
 *   operations laid over it             in _shadow; the row is the result (csl-replica-lay.c)
 *   type unknown or content unreadable  in _unknown
 *
 * Full-text: rows up to the type's mark are indexed, rows above it are not yet. They and changed texts are brought into
 * the index in slices, when there is time (csl-replica-index.c); only words that leave are taken out at once.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-private.h"

#include <string.h>

CslRecordTable *
csl_replica_get_table (CslReplica *self, const CslRecordType *type)
{
  return self->tables[type->position];
}

/* -- Full-text index ------------------------------------------------------------------- */

static bool
is_indexed (const CslReplica *self, const CslRecordType *type, gint64 row)
{
  return row <= self->indexed[type->position];
}

/* Everything was indexed before row @row came: adding it costs little. */
static bool
index_new_row (CslReplica *self,
               const CslRecord *record,
               const CslRowInfo *info,
               GError **error)
{
  guint position = record->type->position;
  CslSearchTable *search = self->searches[position];

  if (search == NULL || self->indexed[position] < info->row - 1)
    return true;
  self->indexed[position] = info->row;
  self->indexed_dirty[position] = true;
  return csl_search_table_add (search, record, info->order, error);
}

bool
csl_replica_save_indexed (CslReplica *self, GError **error)
{
  static const char sql[] =
    "INSERT INTO \"_search\" (\"type\", \"row\") VALUES (:type, :row) "
    "ON CONFLICT (\"type\") DO UPDATE SET \"row\" = excluded.\"row\"";

  for (guint i = 0; i < self->n_types; i++) {
    csl_auto_reset CslStmt *stmt = NULL;

    if (!self->indexed_dirty[i])
      continue;
    stmt = csl_db_prepare (self->db, sql, error);
    if (stmt == NULL)
      return false;
    csl_stmt_bind_text (stmt, ":type", csl_schema_get_type (self->schema, i)->name);
    csl_stmt_bind_int (stmt, ":row", self->indexed[i]);
    if (!csl_stmt_run (stmt, error))
      return false;
    self->indexed_dirty[i] = false;
  }
  return true;
}

/* -- Rows ------------------------------------------------------------------------------ */

static bool
replace_row (CslReplica *self,
             const CslRecord *record,
             const CslRowInfo *info,
             GError **error)
{
  CslSearchTable *search = self->searches[record->type->position];

  if (search != NULL && is_indexed (self, record->type, info->row) &&
      !csl_search_table_keep (search, record, info->row, &self->has_stale, error))
    return false;
  return csl_record_table_update (csl_replica_get_table (self, record->type), record,
                                  info, error);
}

bool
csl_replica_write_row (CslReplica *self,
                       const CslRecord *record,
                       gint64 bucket,
                       guint64 hash,
                       GError **error)
{
  CslRecordTable *table = csl_replica_get_table (self, record->type);
  g_autoptr (GError) local = NULL;
  CslRowInfo info = { 0 };
  gint64 rev;

  if (csl_record_table_find (table, record->id, &info, &rev, &local)) {
    info.bucket = bucket;
    info.hash = hash;
    return replace_row (self, record, &info, error);
  }
  if (!csl_error_pass (&local, error))
    return false;
  info.bucket = bucket;
  info.hash = hash;
  return csl_record_table_insert (table, record, &info, error) &&
         index_new_row (self, record, &info, error);
}

bool
csl_replica_remove_row (CslReplica *self,
                        const CslRecordType *type,
                        const char *id,
                        GError **error)
{
  CslRecordTable *table = csl_replica_get_table (self, type);
  CslSearchTable *search = self->searches[type->position];
  g_autoptr (GError) local = NULL;
  CslRowInfo info;
  gint64 rev;

  if (!csl_record_table_find (table, id, &info, &rev, &local)) {
    if (local == NULL)
      return true;
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  /* I12: its words leave with it. */
  if (search != NULL && is_indexed (self, type, info.row) &&
      !csl_search_table_remove (search, info.row, info.order, error))
    return false;
  return csl_record_table_delete (table, info.row, error);
}

/* -- Versions kept aside: _shadow and _unknown ----------------------------------------- */

typedef struct
{
  gint64 bucket, rev;
  guint64 hash;
} Aside;

static const char shadow_find_sql[] =
  "SELECT \"bucket\", \"rev\", \"hash\" FROM \"_shadow\" WHERE \"id\" = :id AND \"type\" "
  "= :type";
static const char unknown_find_sql[] =
  "SELECT \"bucket\", \"rev\", \"hash\" FROM \"_unknown\" WHERE \"id\" = :id AND "
  "\"type\" = :type";
static const char shadow_put_sql[] = "INSERT OR REPLACE INTO \"_shadow\" (\"type\", "
                                     "\"id\", \"bucket\", \"rev\", \"hash\", \"doc\") "
                                     "VALUES (:type, :id, :bucket, :rev, :hash, :doc)";
static const char unknown_put_sql[] = "INSERT OR REPLACE INTO \"_unknown\" (\"type\", "
                                      "\"id\", \"bucket\", \"rev\", \"hash\", \"doc\") "
                                      "VALUES (:type, :id, :bucket, :rev, :hash, :doc)";
static const char shadow_delete_sql[] =
  "DELETE FROM \"_shadow\" WHERE \"id\" = :id AND \"type\" = :type";
static const char unknown_delete_sql[] =
  "DELETE FROM \"_unknown\" WHERE \"id\" = :id AND \"type\" = :type";

static bool
find_aside (CslReplica *self,
            const char *sql,
            const char *type,
            const char *id,
            Aside *ret_aside,
            GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":type", type);
  csl_stmt_bind_text (stmt, ":id", id);
  if (!csl_stmt_step (stmt, error))
    return false;
  ret_aside->bucket = csl_stmt_get_int (stmt, 0);
  ret_aside->rev = csl_stmt_get_int (stmt, 1);
  ret_aside->hash = (guint64) csl_stmt_get_int (stmt, 2);
  return true;
}

static bool
put_aside (CslReplica *self,
           const char *sql,
           const char *type,
           const CslServerVersion *version,
           GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GString) doc = g_string_new (NULL);

  if (stmt == NULL)
    return false;
  csl_wire_record_write (version->record, doc);
  csl_stmt_bind_text (stmt, ":type", type);
  csl_stmt_bind_text (stmt, ":id", version->record->id);
  csl_stmt_bind_int (stmt, ":bucket", version->bucket->bucket);
  csl_stmt_bind_int (stmt, ":rev", version->record->rev);
  csl_stmt_bind_int (stmt, ":hash", (gint64) version->hash);
  csl_stmt_bind_text (stmt, ":doc", doc->str);
  return csl_stmt_run (stmt, error);
}

static bool
delete_aside (CslReplica *self,
              const char *sql,
              const char *type,
              const char *id,
              GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":type", type);
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_run (stmt, error);
}

/* What was read of a record's past goes with its place: it is fetched again when somebody asks. */
static bool
forget_history (CslReplica *self, const char *type, const char *id, GError **error)
{
  static const char sql[] =
    "DELETE FROM \"_history\" WHERE \"id\" = :id AND \"type\" = :type";

  return delete_aside (self, sql, type, id, error);
}

/* -- The server's versions ------------------------------------------------------------- */

static void
uncount (CslReplica *self, gint64 bucket, guint64 hash)
{
  CslBucket *old = csl_replica_get_bucket_by_number (self, bucket);

  if (old != NULL)
    csl_bucket_remove (old, hash);
}

static bool
put_plain (CslReplica *self,
           const CslServerVersion *version,
           bool force,
           bool *ret_changed,
           GError **error)
{
  const CslRecord *record = version->record;
  CslRecordTable *table = csl_replica_get_table (self, record->type);
  g_autoptr (GError) local = NULL;
  CslRowInfo info = { 0 };
  gint64 rev = 0;
  bool found = csl_record_table_find (table, record->id, &info, &rev, &local);

  if (!csl_error_pass (&local, error))
    return false;
  if (found && !force && rev >= record->rev && !CSL_MUT (19)) /* R4 */
    return true;
  if (found && rev > 0)
    uncount (self, info.bucket, info.hash);
  if (found && info.bucket != version->bucket->bucket &&
      !forget_history (self, record->type->name, record->id, error))
    return false;
  csl_bucket_add (version->bucket, version->hash);
  *ret_changed = true;
  info.bucket = version->bucket->bucket;
  info.hash = version->hash;
  if (found)
    return replace_row (self, record, &info, error);
  return csl_record_table_insert (table, record, &info, error);
}

static bool
put_under_operations (CslReplica *self,
                      const CslServerVersion *version,
                      bool force,
                      bool *ret_changed,
                      GError **error)
{
  const CslRecordType *type = version->record->type;
  g_autoptr (GError) local = NULL;
  Aside old;
  bool found =
    find_aside (self, shadow_find_sql, type->name, version->record->id, &old, &local);

  if (!csl_error_pass (&local, error))
    return false;
  if (found && !force && old.rev >= version->record->rev) /* R4 */
    return true;
  if (found)
    uncount (self, old.bucket, old.hash);
  if (found && old.bucket != version->bucket->bucket &&
      !forget_history (self, type->name, version->record->id, error))
    return false;
  csl_bucket_add (version->bucket, version->hash);
  *ret_changed = true;
  return put_aside (self, shadow_put_sql, type->name, version, error) &&
         csl_replica_lay (self, type, version->record->id, error);
}

bool
csl_replica_put_version (CslReplica *self,
                         const CslServerVersion *version,
                         bool force,
                         bool *ret_changed,
                         GError **error)
{
  /* It was unreadable before, perhaps. */
  if (self->has_unknown &&
      !csl_replica_remove_unknown (self, version->record->type->name, version->record->id,
                                   NULL, force ? G_MAXINT64 : version->record->rev,
                                   ret_changed, error))
    return false;
  if (csl_replica_is_laid (self, version->record->id))
    return put_under_operations (self, version, force, ret_changed, error);
  return put_plain (self, version, force, ret_changed, error);
}

bool
csl_replica_put_unknown (CslReplica *self,
                         const char *type,
                         const CslServerVersion *version,
                         bool force,
                         bool *ret_changed,
                         GError **error)
{
  g_autoptr (GError) local = NULL;
  Aside old;
  bool found =
    find_aside (self, unknown_find_sql, type, version->record->id, &old, &local);

  if (!csl_error_pass (&local, error))
    return false;
  if (found && !force && old.rev >= version->record->rev)
    return true;
  if (found)
    uncount (self, old.bucket, old.hash);
  csl_bucket_add (version->bucket, version->hash);
  self->has_unknown = *ret_changed = true;
  return put_aside (self, unknown_put_sql, type, version, error) &&
         csl_replica_let_go (self, version->record->id, version->record->rev, error);
}

CslRecord *
csl_replica_unknown_record (CslRecordType *type,
                            const char *name,
                            const char *id,
                            const char *doc)
{
  CslRecord *record;

  memset (type, 0, sizeof *type);
  type->name = type->label = (char *) name;
  record = csl_record_new (type, id);
  record->rest = g_strdup (doc);
  return record;
}

/* May a version with @rev in bucket @held leave, when the message speaks of @bucket and @limit? */
static bool
may_leave (const CslBucket *bucket, gint64 limit, gint64 held, gint64 rev)
{
  return (bucket == NULL || bucket->bucket == held) && rev <= limit;
}

bool
csl_replica_remove_unknown (CslReplica *self,
                            const char *type,
                            const char *id,
                            const CslBucket *bucket,
                            gint64 rev,
                            bool *ret_changed,
                            GError **error)
{
  g_autoptr (GError) local = NULL;
  bool found = false;
  Aside old;

  if (!self->has_unknown)
    return true;
  found = find_aside (self, unknown_find_sql, type, id, &old, &local);
  if (!csl_error_pass (&local, error))
    return false;
  if (!found || !may_leave (bucket, rev, old.bucket, old.rev))
    return true;
  uncount (self, old.bucket, old.hash);
  *ret_changed = true;
  return delete_aside (self, unknown_delete_sql, type, id, error);
}

/* The record left at @rev: what still waits may turn out to have been applied before. A create has been in any case, only
 * its answer is missing: laid over nothing it would bring back what was deleted (I11). */
static bool
note_gone (CslReplica *self, const char *id, gint64 rev, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"gone\" = :rev, \"laid\" = \"laid\" AND NOT "
    "(\"act\" = 0 AND \"state\" IN ('queued', 'sent')) WHERE \"id\" = :id "
    "AND \"seq\" = 0 AND \"gone\" < :rev";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  G_STATIC_ASSERT (CSL_ACT_CREATE == 0);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_int (stmt, ":rev", rev);
  return csl_stmt_run (stmt, error);
}

/* The record may have been made and deleted between two pulls, so there may be no shadow; what was acknowledged up to
 * @rev is over in any case. */
static bool
remove_shadow (CslReplica *self,
               const CslRecordType *type,
               const char *id,
               const CslBucket *bucket,
               gint64 rev,
               bool *ret_changed,
               GError **error)
{
  g_autoptr (GError) local = NULL;
  Aside old;
  bool found = find_aside (self, shadow_find_sql, type->name, id, &old, &local);

  if (!csl_error_pass (&local, error))
    return false;
  if (found && !may_leave (bucket, rev, old.bucket, old.rev))
    return true;
  *ret_changed = true;
  if (found) {
    uncount (self, old.bucket, old.hash);
    if (!delete_aside (self, shadow_delete_sql, type->name, id, error) ||
        !forget_history (self, type->name, id, error))
      return false;
  }
  if (bucket != NULL && !note_gone (self, id, rev, error))
    return false;
  return csl_replica_let_go (self, id, rev, error) &&
         csl_replica_lay (self, type, id, error);
}

bool
csl_replica_remove_version (CslReplica *self,
                            const char *type_name,
                            const char *id,
                            const CslBucket *bucket,
                            gint64 rev,
                            bool *ret_changed,
                            GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, type_name);
  g_autoptr (GError) local = NULL;
  CslRowInfo info;
  gint64 row_rev;

  if (!csl_replica_remove_unknown (self, type_name, id, bucket, rev, ret_changed, error))
    return false;
  if (type == NULL)
    return true;
  if (csl_replica_is_laid (self, id))
    return remove_shadow (self, type, id, bucket, rev, ret_changed, error);
  if (!csl_record_table_find (csl_replica_get_table (self, type), id, &info, &row_rev,
                              &local))
    return csl_error_pass (&local, error);
  if (row_rev == 0 || !may_leave (bucket, rev, info.bucket, row_rev))
    return true;
  if (!CSL_MUT (20))
    uncount (self, info.bucket, info.hash);
  *ret_changed = true;
  return forget_history (self, type_name, id, error) &&
         csl_replica_remove_row (self, type, id, error);
}
