/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-storage.c: an organisation's file and its transactions.
 *
 *   begin      BEGIN IMMEDIATE, seq = head + 1
 *   commit     sums, device notes, then `head = head + 1` last, COMMIT, then the files beside it
 *   savepoint  changed sums are remembered, so that rolling back restores the copies in memory too (S4)
 */
#include "config.h"

#include "server/store/sqlite/csd-sqlite-private.h"

#include <unistd.h>

static void
forget_transaction (CsdSqlite *self)
{
  self->seq = 0;
  self->n = 0;
  g_array_set_size (self->undo, 0);
  csd_sqlite_ledger_forget (self);
}

static bool
sqlite_begin (CsdStorage *base, gint64 *ret_seq, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  if (!csl_db_begin (self->db, error))
    return false;
  if (csl_db_get_data_version (self->db) != self->data_version) {
    csl_db_rollback (self->db);
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_BUSY,
                         "Another program wrote in the same moment");
    return false;
  }
  self->seq = self->head + 1;
  self->n = 0;
  *ret_seq = self->seq;
  return true;
}

static bool
sqlite_refresh (CsdStorage *base)
{
  CsdSqlite *self = (CsdSqlite *) base;
  gint64 version = csl_db_get_data_version (self->db);
  bool found = false;

  if (version == self->data_version)
    return false;
  self->data_version = version;
  csd_sqlite_buckets_forget (self);
  g_hash_table_remove_all (self->users);
  if (!csd_sqlite_head_load (self, &found, NULL) ||
      !csd_sqlite_withhold_load (self, NULL))
    g_debug ("The head cannot be read again");
  return true;
}

static void
sqlite_rollback (CsdStorage *base)
{
  CsdSqlite *self = (CsdSqlite *) base;

  csl_db_rollback (self->db);
  csd_sqlite_buckets_forget (self);
  g_hash_table_remove_all (self->users);
  forget_transaction (self);
}

static bool
sqlite_commit (CsdStorage *base, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  if (csd_sqlite_buckets_flush (self, error) && csd_sqlite_flush_notes (self, error) &&
      csd_sqlite_ledger_prepare (self, error) && csd_sqlite_head_raise (self, error) &&
      csl_db_commit (self->db, error)) {
    self->head = self->seq;
    csd_sqlite_ledger_write (self);
    forget_transaction (self);
    csd_sqlite_epoch_note (self);
    csd_sqlite_erase_committed (self);
    return true;
  }
  sqlite_rollback (base);
  return false;
}

static bool
sqlite_savepoint (CsdStorage *base, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  g_array_set_size (self->undo, 0);
  return csl_db_savepoint (self->db, error);
}

static bool
sqlite_release (CsdStorage *base, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  g_array_set_size (self->undo, 0);
  return csl_db_release (self->db, error);
}

static void
sqlite_rollback_savepoint (CsdStorage *base)
{
  CsdSqlite *self = (CsdSqlite *) base;

  csl_db_rollback_savepoint (self->db);
  csd_sqlite_buckets_undo (self);
  g_hash_table_remove_all (self->users);
}

static bool
sqlite_begin_read (CsdStorage *base, GError **error)
{
  return csl_db_begin_read (((CsdSqlite *) base)->db, error);
}

static void
sqlite_end_read (CsdStorage *base)
{
  csl_db_rollback (((CsdSqlite *) base)->db);
}

static bool
sqlite_back_up (CsdStorage *base, const char *path, GError **error)
{
  return csl_db_back_up (((CsdSqlite *) base)->db, path, error);
}

static void
sqlite_free (CsdStorage *base)
{
  CsdSqlite *self = (CsdSqlite *) base;

  csd_sqlite_tables_clear (self);
  g_clear_pointer (&self->bucket_keys, g_hash_table_unref);
  g_clear_pointer (&self->buckets, g_hash_table_unref);
  g_clear_pointer (&self->undo, g_array_unref);
  g_clear_pointer (&self->dirty, g_ptr_array_unref);
  g_clear_pointer (&self->users, g_hash_table_unref);
  g_clear_pointer (&self->notes, g_hash_table_unref);
  g_string_free (self->text, TRUE);
  csd_sqlite_ledger_clear (self);
  g_clear_pointer (&self->db, csl_db_free);
  if (self->epoch_file >= 0)
    close (self->epoch_file);
  g_free (self);
}

static bool
sqlite_has_failed (CsdStorage *base)
{
  return csl_db_has_failed (((CsdSqlite *) base)->db);
}

static CsdStorage *
sqlite_open_again (CsdStorage *base, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  CsdStorage *again = NULL;

  if (!csl_db_check_file (self->db, error))
    return NULL;
  again = csd_sqlite_storage_open (csl_db_get_path (self->db), self->schema, self->env,
                                   false, error);
  /* A commit that the disk did not take for sure was given up. It must not come to light when the log is read anew;
   * somebody who reads just now only delays that. */
  if (again != NULL && !csl_db_truncate_wal (((CsdSqlite *) again)->db, NULL))
    g_debug ("The log of a storage that was opened again is not empty");
  return again;
}

static void
bucket_free (gpointer data)
{
  CsdBucket *bucket = data;

  g_free (bucket->name);
  g_free (bucket);
}

static void
init_functions (CsdStorage *base)
{
  base->free = sqlite_free;
  base->has_failed = sqlite_has_failed;
  base->open_again = sqlite_open_again;
  base->refresh = sqlite_refresh;
  base->begin = sqlite_begin;
  base->commit = sqlite_commit;
  base->rollback = sqlite_rollback;
  base->savepoint = sqlite_savepoint;
  base->release = sqlite_release;
  base->rollback_savepoint = sqlite_rollback_savepoint;
  base->begin_read = sqlite_begin_read;
  base->end_read = sqlite_end_read;
  base->back_up = sqlite_back_up;
  csd_sqlite_init_head (base);
  csd_sqlite_init_records (base);
  csd_sqlite_init_ops (base);
  csd_sqlite_init_escrow (base);
  csd_sqlite_init_access (base);
  csd_sqlite_init_rights (base);
  csd_sqlite_init_feed (base);
  csd_sqlite_init_forget (base);
  csd_sqlite_init_verify (base);
  csd_sqlite_init_withhold (base);
  csd_sqlite_init_ledger (base);
  csd_sqlite_init_erase (base);
}

CsdStorage *
csd_sqlite_storage_open (const char *path,
                         const CslSchema *schema,
                         const CslEnv *env,
                         bool create,
                         GError **error)
{
  CsdSqlite *self = g_new0 (CsdSqlite, 1);

  init_functions (&self->base);
  self->schema = schema;
  self->env = env;
  self->epoch_file = -1;
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, bucket_free);
  self->bucket_keys = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->dirty = g_ptr_array_new ();
  self->undo = g_array_new (FALSE, FALSE, sizeof (CsdBucketUndo));
  self->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->text = g_string_sized_new (4096);
  csd_sqlite_ledger_init (self);
  self->db = csl_db_open (path, NULL, create ? CSL_DB_CREATE : 0, error);
  if (self->db == NULL || !csd_sqlite_tables_open (self, error) ||
      !csd_sqlite_epoch_open (self, path, error)) {
    sqlite_free (&self->base);
    return NULL;
  }
  return &self->base;
}
