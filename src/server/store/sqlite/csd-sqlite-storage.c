/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-storage.c: opening an organisation's file, its transactions and its counter.
 *
 *   begin      BEGIN IMMEDIATE, seq = head + 1
 *   commit     sums, device notes, then `head = head + 1` last, COMMIT, then the files beside it
 *   savepoint  changed sums are remembered, so that rolling back restores the copies in memory too (S4)
 */
#include "config.h"

#include "core/base/csl-id.h"
#include "core/base/csl-mut.h"
#include "server/store/sqlite/csd-sqlite-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

GResource *csd_server_sql_get_resource (void);

#define MIGRATIONS "/org/caseload/Caseload/server/sql/organisation"

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
load_head (CsdSqlite *self, bool *ret_found, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT epoch, head, horizon, safe_seq, restored, common, ledger,"
                    " ledger_gap FROM _head",
                    error);
  GError *step_error = NULL;

  if (stmt == NULL)
    return false;
  *ret_found = csl_stmt_step (stmt, &step_error);
  if (step_error != NULL) {
    g_propagate_error (error, step_error);
    return false;
  }
  if (*ret_found) {
    csl_stmt_copy_text (stmt, 0, self->epoch, sizeof self->epoch);
    self->head = csl_stmt_get_int (stmt, 1);
    self->horizon = csl_stmt_get_int (stmt, 2);
    self->safe_seq = csl_stmt_get_int (stmt, 3);
    self->restored = csl_stmt_get_int (stmt, 4);
    self->common = csl_stmt_get_int (stmt, 5);
    self->in_ledger = csl_stmt_get_int (stmt, 6);
    self->gap = csl_stmt_get_int (stmt, 7);
  }
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
  if (!load_head (self, &found, NULL) || !csd_sqlite_withhold_load (self, NULL))
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

/* Written after the commit and never synced: it may lag behind the database, never lead it. */
static void
write_epoch_file (CsdSqlite *self)
{
  char text[96];
  int length = g_snprintf (text, sizeof text, "%s %020" G_GINT64_FORMAT "\n", self->epoch,
                           self->head);

  if (self->epoch_file >= 0 && pwrite (self->epoch_file, text, length, 0) != length)
    g_debug ("The file beside the database cannot be written");
}

static bool
raise_head (CsdSqlite *self, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "UPDATE _head SET head = :seq WHERE head = :seq - 1",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":seq", self->seq);
  if (!csl_stmt_run (stmt, error))
    return false;
  if (csl_db_get_changes (self->db) == 1)
    return true;
  g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED,
                       "The counter of the organisation is not where it was");
  return false;
}

static bool
sqlite_commit (CsdStorage *base, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  if (csd_sqlite_buckets_flush (self, error) && csd_sqlite_flush_notes (self, error) &&
      csd_sqlite_ledger_prepare (self, error) && raise_head (self, error) &&
      csl_db_commit (self->db, error)) {
    self->head = self->seq;
    csd_sqlite_ledger_write (self);
    forget_transaction (self);
    write_epoch_file (self);
    /* Somebody who reads just now only delays it. */
    if (self->purge_due && !self->base.empty_log (&self->base, NULL))
      g_debug ("What was erased is in the log still");
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

static gint64
sqlite_get_head (CsdStorage *base)
{
  return ((CsdSqlite *) base)->head;
}

static gint64
sqlite_get_horizon (CsdStorage *base)
{
  return ((CsdSqlite *) base)->horizon;
}

static gint64
sqlite_get_safe_seq (CsdStorage *base)
{
  return ((CsdSqlite *) base)->safe_seq;
}

static const char *
sqlite_get_epoch (CsdStorage *base)
{
  return ((CsdSqlite *) base)->epoch;
}

static gint64
sqlite_get_restored (CsdStorage *base)
{
  return ((CsdSqlite *) base)->restored;
}

static gint64
sqlite_get_common (CsdStorage *base)
{
  return ((CsdSqlite *) base)->common;
}

static bool
run_with_seq (CsdSqlite *self, const char *sql, gint64 seq, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":seq", seq);
  return csl_stmt_run (stmt, error);
}

static bool
sqlite_raise_horizon (CsdStorage *base, gint64 seq, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  if (!run_with_seq (self, "DELETE FROM _gone WHERE seq <= :seq", seq, error) ||
      !run_with_seq (self, "UPDATE _head SET horizon = :seq", seq, error))
    return false;
  self->horizon = seq;
  return true;
}

static bool
sqlite_set_safe_seq (CsdStorage *base, gint64 seq, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  if (!run_with_seq (self, "UPDATE _head SET safe_seq = :seq", seq, error))
    return false;
  self->safe_seq = seq;
  return true;
}

static bool
sqlite_next_number (CsdStorage *base,
                    const char *counter,
                    gint64 *ret_number,
                    GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "INSERT INTO _number (name, next) VALUES (:name, 2)"
    " ON CONFLICT (name) DO UPDATE SET next = next + 1 RETURNING next - 1",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":name", counter);
  if (!csl_stmt_step (stmt, error))
    return false;
  *ret_number = csl_stmt_get_int (stmt, 0);
  return true;
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

  if (self->tables != NULL)
    for (guint i = 0; i < csl_schema_get_n_types (self->schema); i++)
      g_clear_pointer (&self->tables[i], csl_record_table_free);
  g_free (self->tables);
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
insert_head (CsdSqlite *self, const char *epoch, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT INTO _head (one, epoch, head, horizon, safe_seq)"
                    " VALUES (1, :epoch, 0, 0, 0)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":epoch", epoch);
  if (!csl_stmt_run (stmt, error))
    return false;
  g_strlcpy (self->epoch, epoch, sizeof self->epoch);
  return true;
}

/* A new history in the database. */
static bool
renew_epoch (CsdSqlite *self,
             const char *epoch,
             const CsdLedgerView *view,
             GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "UPDATE _head SET epoch = :epoch, restored = :restored, common = :common,"
    " ledger = :restored, ledger_gap = :gap",
    error);

  if (stmt == NULL)
    return false;
  self->restored = MAX (self->head, 1);
  self->common = self->common > 0 ? MIN (self->common, self->restored) : self->restored;
  if (view->lost)
    self->gap = self->restored;
  csl_stmt_bind_int (stmt, ":restored", self->restored);
  csl_stmt_bind_int (stmt, ":common", self->common);
  csl_stmt_bind_int (stmt, ":gap", self->gap);
  csl_stmt_bind_text (stmt, ":epoch", epoch);
  if (!csl_stmt_run (stmt, error))
    return false;
  g_strlcpy (self->epoch, epoch, sizeof self->epoch);
  return true;
}

/* The history of this place and the highest head it has ever had; 0 and nothing when that cannot be read. */
static gint64
read_epoch_file (const char *path, char ret_epoch[40])
{
  g_autofree char *text = NULL;
  gsize length = 0;

  *ret_epoch = '\0';
  if (!g_file_get_contents (path, &text, &length, NULL) || length < 38)
    return 0;
  g_strlcpy (ret_epoch, text, 37);
  return g_ascii_strtoll (text + 37, NULL, 10);
}

/* Is the database older than what this place has told? Also when it was restored once more from the same backup: then
 * its head is no lower, but its history is one that was left. */
static bool
is_restored (const CsdSqlite *self, const char *epoch, gint64 highest)
{
  if (CSL_MUT (31))
    return false;
  return highest > self->head ||
         (!CSL_MUT (32) && *epoch != '\0' && strcmp (epoch, self->epoch) != 0);
}

/* A new history: in the ledger first, since a section without lines does no harm; then, in one transaction, in the database,
 * with what the ledger says has ended meanwhile. */
static bool
restore (CsdSqlite *self, const CsdLedgerView *view, GError **error)
{
  const bool replay = view->replay;
  g_autofree char *parent = g_strdup (self->epoch);
  CslId id = csl_id_new (self->env);
  gint64 seq = 0;

  if (!csd_sqlite_ledger_begin (self, id.text, parent, self->head, error) ||
      !(replay ? sqlite_begin (&self->base, &seq, error)
               : csl_db_begin (self->db, error)))
    return false;
  if (renew_epoch (self, id.text, view, error) &&
      (!replay || csd_sqlite_ledger_replay (self, view, error)))
    return replay ? sqlite_commit (&self->base, error) : csl_db_commit (self->db, error);
  sqlite_rollback (&self->base);
  return false;
}

/* The first opening of a new file, or of one from before there were ledgers. */
static bool
begin_ledger (CsdSqlite *self, bool found, GError **error)
{
  CslId id = csl_id_new (self->env);

  if (!found && !insert_head (self, id.text, error))
    return false;
  return csd_sqlite_ledger_begin (self, self->epoch, "-", self->head, error) &&
         run_with_seq (self, "UPDATE _head SET ledger = max (:seq, 1)", self->head,
                       error);
}

static char *
dup_epoch_path (const char *path)
{
  g_autofree char *beside = g_strdup (path);

  if (g_str_has_suffix (beside, ".db"))
    beside[strlen (beside) - 3] = '\0';
  return g_strconcat (beside, ".epoch", NULL);
}

static bool
check_epoch (CsdSqlite *self, const char *path, GError **error)
{
  g_autofree char *file = dup_epoch_path (path);
  CsdLedgerView view;
  char epoch[40];
  gint64 highest = 0;
  bool found = false;
  bool good = true;

  /* The files first: another program may be committing just now. */
  highest = read_epoch_file (file, epoch);
  self->ledger = csd_ledger_open (path, error);
  if (self->ledger == NULL || !load_head (self, &found, error))
    return false;
  self->data_version = csl_db_get_data_version (self->db);
  csd_sqlite_ledger_look (self, &view);
  self->rebuilt = view.lost;
  /* Neither file, and there have been both: the database alone was put into a new place. */
  if (found &&
      (is_restored (self, epoch, highest) || view.ahead || (view.lost && *epoch == '\0')))
    good = restore (self, &view, error);
  else if (!view.known)
    good = begin_ledger (self, found, error);
  if (good && view.behind)
    good = csd_sqlite_ledger_repair (self, view.lost ? 0 : view.done, error);
  csd_ledger_forget_lines (self->ledger);
  if (!good || !csd_sqlite_withhold_load (self, error))
    return false;
  self->epoch_file = g_open (file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  write_epoch_file (self);
  return true;
}

static bool
is_marked (CsdSqlite *self, const char *fingerprint)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "SELECT 1 FROM _tables WHERE fingerprint = :fingerprint",
                    NULL);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":fingerprint", fingerprint);
  return csl_stmt_step (stmt, NULL);
}

static bool
mark (CsdSqlite *self, const char *fingerprint, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT INTO _tables (one, fingerprint) VALUES (1, :fingerprint)"
                    " ON CONFLICT (one) DO UPDATE SET fingerprint = excluded.fingerprint",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":fingerprint", fingerprint);
  return csl_stmt_run (stmt, error);
}

/* The generated tables, in one transaction with the mark that they are as this program wants them. */
static bool
upgrade_tables (CsdSqlite *self, GError **error)
{
  const char *wanted = csl_ddl_get_fingerprint (self->schema, CSL_SIDE_SERVER);

  if (is_marked (self, wanted))
    return true;
  if (!csl_db_begin (self->db, error))
    return false;
  if (csl_ddl_upgrade (self->db, self->schema, CSL_SIDE_SERVER, NULL, error) &&
      mark (self, wanted, error))
    return csl_db_commit (self->db, error);
  csl_db_rollback (self->db);
  return false;
}

static bool
open_tables (CsdSqlite *self, GError **error)
{
  guint n = csl_schema_get_n_types (self->schema);

  /* Fewer checkpoints: each one waits for the disk. Room for all that one push changes: what does not fit is written
   * before its time, and again. */
  if (!csl_db_execute (self->db,
                       "PRAGMA wal_autocheckpoint = 8000;"
                       "PRAGMA cache_size = -32768",
                       error))
    return false;
  if (!csl_db_migrate (self->db, csd_server_sql_get_resource (), MIGRATIONS, error) ||
      !upgrade_tables (self, error))
    return false;
  self->tables = g_new0 (CslRecordTable *, n);
  for (guint i = 0; i < n; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);

    if (!type->local)
      self->tables[i] = csl_record_table_new (self->db, type);
  }
  return true;
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
  base->refresh = sqlite_refresh;
  base->begin = sqlite_begin;
  base->commit = sqlite_commit;
  base->rollback = sqlite_rollback;
  base->savepoint = sqlite_savepoint;
  base->release = sqlite_release;
  base->rollback_savepoint = sqlite_rollback_savepoint;
  base->begin_read = sqlite_begin_read;
  base->end_read = sqlite_end_read;
  base->get_head = sqlite_get_head;
  base->get_horizon = sqlite_get_horizon;
  base->get_safe_seq = sqlite_get_safe_seq;
  base->get_epoch = sqlite_get_epoch;
  base->get_restored = sqlite_get_restored;
  base->get_common = sqlite_get_common;
  base->raise_horizon = sqlite_raise_horizon;
  base->set_safe_seq = sqlite_set_safe_seq;
  base->next_number = sqlite_next_number;
  base->back_up = sqlite_back_up;
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
  if (self->db == NULL || !open_tables (self, error) ||
      !check_epoch (self, path, error)) {
    sqlite_free (&self->base);
    return NULL;
  }
  return &self->base;
}
