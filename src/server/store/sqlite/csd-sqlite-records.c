/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-records.c: one record in the feed, in its typed table and in the sums, always together (S3). */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

#include <string.h>

static void
read_stored (CsdSqlite *self, CslStmt *stmt, CsdStored *stored)
{
  int state = (int) csl_stmt_get_int (stmt, 6);

  memset (stored, 0, sizeof *stored);
  stored->key = csl_stmt_get_int (stmt, 0);
  stored->type = csl_schema_lookup_type (self->schema, csl_stmt_get_text (stmt, 1));
  stored->old_bucket = csl_stmt_get_int (stmt, 2);
  stored->rev = csl_stmt_get_int (stmt, 3);
  stored->created_rev = csl_stmt_get_int (stmt, 4);
  stored->hash = stored->old_hash = (guint64) csl_stmt_get_int (stmt, 5);
  stored->deleted = stored->old_deleted = state != CSD_STATE_LIVE;
  stored->erased = state == CSD_STATE_ERASED;
  stored->row = csl_stmt_get_int (stmt, 7);
  stored->old_size = csl_stmt_get_size (stmt, 8);
  stored->doc = csl_stmt_dup_text (stmt, 8);
  stored->frev = csl_stmt_dup_text (stmt, 9);
}

static bool
sqlite_load (CsdStorage *base, const char *id, CsdStored *ret_stored, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT key, type, bucket, seq, created, hash, state, row, doc, frev"
                    " FROM _rec WHERE id = ?1",
                    error);
  CsdBucket *bucket = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, id);
  if (!csl_stmt_step (stmt, error))
    return false;
  read_stored (self, stmt, ret_stored);
  g_strlcpy (ret_stored->id, id, sizeof ret_stored->id);
  bucket = csd_sqlite_bucket_by_key (self, ret_stored->old_bucket, error);
  if (bucket == NULL || ret_stored->type == NULL) {
    csd_stored_clear (ret_stored);
    if (bucket != NULL)
      g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_NEWER,
                           "A record is of a type this server does not know");
    return false;
  }
  g_strlcpy (ret_stored->bucket, bucket->name, sizeof ret_stored->bucket);
  return true;
}

/* The typed row: there while the record is, gone when it is deleted. */
static bool
store_typed (CsdSqlite *self,
             CsdStored *stored,
             const CslRecord *record,
             gint64 bucket,
             GError **error)
{
  CslRecordTable *table = self->tables[stored->type->position];
  CslRowInfo info = { .row = stored->row, .bucket = bucket, .hash = stored->hash };
  bool was_there = stored->key != 0 && !stored->old_deleted;

  if (stored->deleted)
    return !was_there || csl_record_table_delete (table, stored->row, error);
  if (was_there)
    return csl_record_table_update (table, record, &info, error);
  info.row = 0;
  if (!csl_record_table_insert (table, record, &info, error))
    return false;
  stored->row = info.row;
  return true;
}

static int
state_of (const CsdStored *stored)
{
  if (stored->erased)
    return CSD_STATE_ERASED;
  return stored->deleted ? CSD_STATE_DELETED : CSD_STATE_LIVE;
}

static bool
add_gone (CsdSqlite *self,
          const CsdStored *stored,
          gint64 bucket,
          const char *why,
          GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT INTO _gone (seq, n, bucket, type, id, why)"
                    " VALUES (:seq, :n, :bucket, :type, :id, :why)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":seq", self->seq);
  csl_stmt_bind_int (stmt, ":n", ++self->n);
  csl_stmt_bind_int (stmt, ":bucket", bucket);
  csl_stmt_bind_text (stmt, ":type", stored->type->name);
  csl_stmt_bind_text (stmt, ":id", stored->id);
  csl_stmt_bind_text (stmt, ":why", why);
  return csl_stmt_run (stmt, error);
}

/* Takes the row out of the bucket it was in, and leaves a tombstone there when it does not stay. */
static bool
leave_bucket (CsdSqlite *self, CsdStored *stored, const CsdBucket *to, GError **error)
{
  CsdBucket *old = NULL;

  if (stored->key == 0 || stored->old_deleted)
    return true;
  old = csd_sqlite_bucket_by_key (self, stored->old_bucket, error);
  if (old == NULL)
    return false;
  csd_sqlite_bucket_add (self, old, -1, -(gint64) stored->old_size, -stored->old_hash);
  if (stored->erased)
    return add_gone (self, stored, old->key, "erase", error);
  if (stored->deleted)
    return add_gone (self, stored, old->key, "del", error);
  return old == to || add_gone (self, stored, old->key, "mv", error);
}

static bool
write_feed (CsdSqlite *self, CsdStored *stored, const CsdBucket *bucket, GError **error)
{
  bool is_new = stored->key == 0;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    is_new
      ? "INSERT INTO _rec (bucket, seq, n, hash, state, row, doc, frev, id, type, rank,"
        " created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
      : "UPDATE _rec SET bucket = ?1, seq = ?2, n = ?3, hash = ?4, state = ?5, row = ?6,"
        " doc = ?7, frev = ?8 WHERE key = ?9",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, bucket->key);
  csl_stmt_bind_int_at (stmt, 2, self->seq);
  csl_stmt_bind_int_at (stmt, 3, ++self->n);
  csl_stmt_bind_int_at (stmt, 4, (gint64) stored->hash);
  csl_stmt_bind_int_at (stmt, 5, state_of (stored));
  csl_stmt_bind_int_at (stmt, 6, stored->row);
  csl_stmt_bind_text_at (stmt, 7, stored->doc);
  csl_stmt_bind_text_at (stmt, 8, stored->frev);
  if (is_new) {
    csl_stmt_bind_text_at (stmt, 9, stored->id);
    csl_stmt_bind_text_at (stmt, 10, stored->type->name);
    csl_stmt_bind_int_at (stmt, 11, stored->type->rank);
    csl_stmt_bind_int_at (stmt, 12, stored->created_rev);
  } else {
    csl_stmt_bind_int_at (stmt, 9, stored->key);
  }
  if (!csl_stmt_run (stmt, error))
    return false;
  if (is_new)
    stored->key = csl_db_get_last_rowid (self->db);
  return true;
}

static void
make_content (CsdSqlite *self, CsdStored *stored, const CslRecord *record)
{
  g_free (stored->doc);
  stored->doc = NULL;
  stored->hash = 0;
  if (record == NULL)
    return;
  g_string_truncate (self->text, 0);
  csl_wire_record_write (record, self->text);
  stored->doc = g_strndup (self->text->str, self->text->len);
  stored->hash = csl_wire_record_hash (record);
}

static bool
sqlite_store (CsdStorage *base,
              CsdStored *stored,
              const CslRecord *record,
              GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  CsdBucket *bucket = csd_sqlite_bucket (self, stored->bucket, true, error);

  g_return_val_if_fail (self->seq > 0, false);
  g_return_val_if_fail (record == NULL || record->rev == self->seq, false);
  if (bucket == NULL)
    return false;
  stored->rev = self->seq;
  if (stored->key == 0)
    stored->created_rev = self->seq;
  make_content (self, stored, record);
  if (!leave_bucket (self, stored, bucket, error) ||
      !store_typed (self, stored, record, bucket->key, error) ||
      !write_feed (self, stored, bucket, error))
    return false;
  stored->old_size = stored->doc != NULL ? strlen (stored->doc) : 0;
  stored->old_bucket = bucket->key;
  stored->old_hash = stored->hash;
  stored->old_deleted = stored->deleted;
  if (!stored->deleted)
    csd_sqlite_bucket_add (self, bucket, 1, (gint64) stored->old_size, stored->hash);
  return true;
}

static bool
sqlite_is_taken (CsdStorage *base,
                 const CslField *field,
                 const CslRecord *record,
                 bool *ret_taken,
                 GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  g_autoptr (GString) sql = g_string_new ("SELECT id FROM ");
  g_autoptr (CslStmt) stmt = NULL;
  GError *step_error = NULL;

  csl_ddl_append_name (sql, record->type->name);
  g_string_append (sql, " WHERE ");
  csl_ddl_append_name (sql, field->name);
  g_string_append (sql, " = :value AND id <> :id LIMIT 1");
  stmt = csl_db_prepare_once (self->db, sql->str, error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_value (stmt, ":value", &record->values[field->index]);
  csl_stmt_bind_text (stmt, ":id", record->id);
  *ret_taken = csl_stmt_step (stmt, &step_error);
  return csl_error_pass (&step_error, error);
}

static bool
sqlite_exists (CsdStorage *base,
               const CslRecordType *type,
               const char *id,
               GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT 1 FROM _rec WHERE id = ?1 AND type = ?2 AND state < 2",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, id);
  csl_stmt_bind_text_at (stmt, 2, type->name);
  return csl_stmt_step (stmt, error);
}

void
csd_sqlite_init_records (CsdStorage *base)
{
  base->load = sqlite_load;
  base->store = sqlite_store;
  base->is_taken = sqlite_is_taken;
  base->exists = sqlite_exists;
}
