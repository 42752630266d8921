/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslReplica: creating, opening, what is kept about itself. The invariants are in csl-replica.h.
 *
 * What is copied into memory (identity, buckets, ids with operations) is written in the transaction that changes it
 * and read again after a rollback, so that memory and file never disagree.
 */
#include "config.h"

#include "store/csl-replica.h"

#include "core/base/csl-error.h"
#include "core/base/csl-id.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-db-private.h"
#include "store/csl-replica-outbox.h"
#include "store/csl-replica-private.h"
#include "store/csl-store-sql.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>


/* -- Settings kept in _meta ------------------------------------------------------------ */

static const char meta_get_sql[] =
  "SELECT \"value\" FROM \"_meta\" WHERE \"name\" = :name";
static const char meta_put_sql[] =
  "INSERT INTO \"_meta\" (\"name\", \"value\") VALUES (:name, :value) "
  "ON CONFLICT (\"name\") DO UPDATE SET \"value\" = excluded.\"value\"";

bool
csl_replica_set_meta_text (CslReplica *self,
                           const char *name,
                           const char *text,
                           GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, meta_put_sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":name", name);
  csl_stmt_bind_text (stmt, ":value", text);
  return csl_stmt_run (stmt, error);
}

bool
csl_replica_set_meta_int (CslReplica *self,
                          const char *name,
                          gint64 number,
                          GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, meta_put_sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":name", name);
  csl_stmt_bind_int (stmt, ":value", number);
  return csl_stmt_run (stmt, error);
}

static char *
dup_meta (CslReplica *self, const char *name)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, meta_get_sql, NULL);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":name", name);
  return csl_stmt_step (stmt, NULL) ? csl_stmt_dup_text (stmt, 0) : NULL;
}

static gint64
get_meta_int (CslReplica *self, const char *name)
{
  g_autofree char *text = dup_meta (self, name);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

static void
copy_meta (CslReplica *self, const char *name, char *buffer, gsize size)
{
  g_autofree char *text = dup_meta (self, name);

  g_strlcpy (buffer, text != NULL ? text : "", size);
}

static void
load_identity (CslReplica *self)
{
  CslReplicaIdentity *identity = &self->identity;

  copy_meta (self, "organisation", identity->organisation, sizeof identity->organisation);
  copy_meta (self, "user", identity->user, sizeof identity->user);
  copy_meta (self, "device", identity->device, sizeof identity->device);
  copy_meta (self, "inc", identity->inc, sizeof identity->inc);
  copy_meta (self, "epoch", identity->epoch, sizeof identity->epoch);
  identity->since = get_meta_int (self, "since");
  identity->safe_seq = get_meta_int (self, "safe_seq");
  identity->reconcile = get_meta_int (self, "reconcile") != 0;
  self->last_n = get_meta_int (self, "last_n");
  g_free (self->resume);
  self->resume = dup_meta (self, "resume");
}

bool
csl_replica_renew_incarnation (CslReplica *self, GError **error)
{
  static const char sql[] = "UPDATE \"_outbox\" SET \"answered\" = 0";
  csl_auto_reset CslStmt *stmt = NULL;
  CslId inc = csl_id_new (self->env);

  g_strlcpy (self->identity.inc, inc.text, sizeof self->identity.inc);
  self->last_n = 0;
  if (!csl_replica_set_meta_text (self, "inc", inc.text, error) ||
      !csl_replica_set_meta_int (self, "last_n", 0, error))
    return false;
  stmt = csl_db_prepare (self->db, sql, error);
  return stmt != NULL && csl_stmt_run (stmt, error);
}

/* -- Transactions ---------------------------------------------------------------------- */

static bool
load_indexed (CslReplica *self, GError **error)
{
  static const char sql[] = "SELECT \"row\" FROM \"_search\" WHERE \"type\" = :type";

  for (guint i = 0; i < self->n_types; i++) {
    csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
    g_autoptr (GError) local = NULL;

    if (stmt == NULL)
      return false;
    csl_stmt_bind_text (stmt, ":type", csl_schema_get_type (self->schema, i)->name);
    self->indexed[i] = csl_stmt_step (stmt, &local) ? csl_stmt_get_int (stmt, 0) : 0;
    self->indexed_dirty[i] = false;
    if (!csl_error_pass (&local, error))
      return false;
    if (!csl_record_table_reserve_rows (self->tables[i], self->indexed[i], error))
      return false;
  }
  return true;
}

static bool
load_copies (CslReplica *self, GError **error)
{
  static const char unknown_sql[] = "SELECT 1 FROM \"_unknown\" LIMIT 1";
  static const char stale_sql[] = "SELECT 1 FROM \"_stale\" LIMIT 1";

  load_identity (self);
  self->has_unknown = csl_db_query_int (self->db, unknown_sql, 0) != 0;
  self->has_stale = csl_db_query_int (self->db, stale_sql, 0) != 0;
  return csl_replica_load_buckets (self, error) && csl_replica_load_laid (self, error) &&
         load_indexed (self, error);
}

bool
csl_replica_begin (CslReplica *self, GError **error)
{
  return csl_db_begin (self->db, error);
}

bool
csl_replica_end (CslReplica *self, bool ok, GError **error)
{
  if (ok && csl_replica_save_buckets (self, error) &&
      csl_replica_save_indexed (self, error) && csl_db_commit (self->db, error))
    return true;
  csl_db_rollback (self->db);
  /* When reading fails too, the connection is done for and says so on the next use. */
  load_copies (self, NULL);
  return false;
}

/* -- Opening --------------------------------------------------------------------------- */

/* One writer per file: a lock on a file beside it, so that the database itself is not touched when it is taken. */
static bool
take_lock (CslReplica *self, const char *path, GError **error)
{
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  int saved;

  self->lock_fd = g_open (lock_path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (self->lock_fd >= 0 && flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return true;
  saved = errno;
  g_set_error (error, CSL_STORE_ERROR,
               saved == EWOULDBLOCK ? CSL_STORE_ERROR_BUSY
               : saved == EACCES || saved == EROFS || saved == EPERM
                 ? CSL_STORE_ERROR_READ_ONLY
               : saved == ENOSPC || saved == EDQUOT  ? CSL_STORE_ERROR_FULL
               : saved == ENOENT || saved == ENOTDIR ? CSL_STORE_ERROR_MISSING
                                                     : CSL_STORE_ERROR_IO,
               "%s", g_strerror (saved));
  return false;
}

static CslReplica *
new_replica (const CslSchema *schema, const CslEnv *env)
{
  CslReplica *self = g_new0 (CslReplica, 1);

  self->schema = schema;
  self->env = env;
  self->lock_fd = -1;
  return self;
}

static void
make_tables (CslReplica *self)
{
  self->n_types = csl_schema_get_n_types (self->schema);
  self->tables = g_new0 (CslRecordTable *, self->n_types);
  self->searches = g_new0 (CslSearchTable *, self->n_types);
  self->indexed = g_new0 (gint64, self->n_types);
  self->indexed_dirty = g_new0 (bool, self->n_types);
  for (guint i = 0; i < self->n_types; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);

    self->tables[i] = csl_record_table_new (self->db, type);
    if (csl_record_type_is_searchable (type))
      self->searches[i] = csl_search_table_new (self->db, type);
  }
}

/* One record of _unknown, moved into its table. Content this version cannot read either stays where it is. */
static bool
adopt_record (CslReplica *self, const CslRecordType *type, CslStmt *list, GError **error)
{
  static const char sql[] =
    "DELETE FROM \"_unknown\" WHERE \"type\" = :type AND \"id\" = :id";
  g_autoptr (CslRecord) record = csl_record_new (type, csl_stmt_get_text (list, 0));
  const char *doc = csl_stmt_get_text (list, 4);
  csl_auto_reset CslStmt *stmt = NULL;
  g_auto (CslJson) json = { 0 };

  record->rev = csl_stmt_get_int (list, 2);
  csl_json_init (&json);
  if (!csl_json_scan (&json, doc, strlen (doc), &csl_json_limits_line, NULL) ||
      !csl_wire_record_read (record, &json, 0, NULL))
    return true;
  if (!csl_replica_write_row (self, record, csl_stmt_get_int (list, 1),
                              (guint64) csl_stmt_get_int (list, 3), error))
    return false;
  stmt = csl_db_prepare (self->db, sql, error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":type", type->name);
  csl_stmt_bind_text (stmt, ":id", record->id);
  return csl_stmt_run (stmt, error);
}

static bool
adopt_type (CslReplica *self, const CslRecordType *type, GError **error)
{
  static const char sql[] = "SELECT \"id\", \"bucket\", \"rev\", \"hash\", \"doc\" "
                            "FROM \"_unknown\" WHERE \"type\" = :type AND \"id\" > :id "
                            "ORDER BY \"id\" LIMIT 1";
  char id[40] = "";

  for (;;) {
    csl_auto_reset CslStmt *list = csl_db_prepare (self->db, sql, error);
    g_autoptr (GError) local = NULL;

    if (list == NULL)
      return false;
    csl_stmt_bind_text (list, ":type", type->name);
    csl_stmt_bind_text (list, ":id", id);
    if (!csl_stmt_step (list, &local)) {
      if (local == NULL)
        return true;
      g_propagate_error (error, g_steal_pointer (&local));
      return false;
    }
    if (!adopt_record (self, type, list, error))
      return false;
    csl_stmt_copy_text (list, 0, id, sizeof id);
  }
}

/* Records that came before this version knew their type move into their tables. */
static bool
adopt_unknown (CslReplica *self, GError **error)
{
  for (guint i = 0; i < self->n_types; i++)
    if (!adopt_type (self, csl_schema_get_type (self->schema, i), error))
      return false;
  return true;
}

/* Generated tables, in one transaction with the mark that they are as this program wants them. */
static bool
upgrade_tables (CslReplica *self, GError **error)
{
  const char *wanted = csl_ddl_get_fingerprint (self->schema, CSL_SIDE_REPLICA);
  g_autofree char *present = dup_meta (self, "tables");

  if (g_strcmp0 (wanted, present) == 0)
    return load_copies (self, error);
  if (!csl_db_begin (self->db, error))
    return false;
  return csl_replica_end (
    self,
    csl_ddl_upgrade (self->db, self->schema, CSL_SIDE_REPLICA, NULL, error) &&
      load_copies (self, error) && (CSL_MUT (54) || adopt_unknown (self, error)) &&
      csl_replica_set_meta_text (self, "tables", wanted, error) &&
      csl_replica_set_meta_int (self, "schema", csl_schema_get_version (self->schema),
                                error),
    error);
}

static bool
write_identity (CslReplica *self, const CslReplicaIdentity *identity, GError **error)
{
  return csl_replica_set_meta_text (self, "organisation", identity->organisation,
                                    error) &&
         csl_replica_set_meta_text (self, "user", identity->user, error) &&
         csl_replica_set_meta_text (self, "device", identity->device, error) &&
         csl_replica_renew_incarnation (self, error);
}

static bool
fill_new (CslReplica *self, const CslReplicaIdentity *identity, GError **error)
{
  if (!csl_db_migrate (self->db, csl_store_sql_get_resource (), CSL_REPLICA_SQL_FOLDER,
                       error))
    return false;
  make_tables (self);
  if (!csl_db_begin (self->db, error))
    return false;
  if (!write_identity (self, identity, error)) {
    csl_db_rollback (self->db);
    return false;
  }
  return csl_db_commit (self->db, error) && upgrade_tables (self, error);
}

/**
 * csl_replica_create:
 *
 * Returns: (transfer full): an empty replica, or %NULL with CSL_STORE_ERROR_EXISTS, _MISSING (no such folder), _READ_ONLY,
 *   _FULL, _BUSY or _IO; then no file is left behind
 */
CslReplica *
csl_replica_create (const char *path,
                    const guint8 *key,
                    const CslSchema *schema,
                    const CslReplicaIdentity *identity,
                    const CslEnv *env,
                    GError **error)
{
  g_autoptr (CslReplica) self = new_replica (schema, env);

  g_return_val_if_fail (key != NULL, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_EXISTS,
                         "There is a replica already");
    return NULL;
  }
  if (!take_lock (self, path, error))
    return NULL;
  self->db = csl_db_open (path, key, CSL_DB_CREATE, error);
  if (self->db == NULL)
    return NULL;
  if (!fill_new (self, identity, error)) {
    g_autofree char *wal = g_strconcat (path, "-wal", NULL);

    g_clear_pointer (&self, csl_replica_free);
    g_unlink (path);
    g_unlink (wal);
    return NULL;
  }
  return g_steal_pointer (&self);
}

static bool
check_version (CslReplica *self, gint64 *ret_version, GError **error)
{
  gint64 newest =
    csl_db_newest_version (csl_store_sql_get_resource (), CSL_REPLICA_SQL_FOLDER);
  gint64 version = csl_db_get_version (self->db);
  gint64 schema = version > 0 && version <= newest ? get_meta_int (self, "schema") : 0;

  *ret_version = version;
  if (version > newest || schema > csl_schema_get_version (self->schema)) {
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_NEWER,
                         "The replica was made by a newer version");
    return false;
  }
  if (version <= 0) {
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED,
                         "The file is not a replica");
    return false;
  }
  return true;
}

/* A copy first: whatever a migration does wrong, the unsent work is still somewhere. */
static bool
migrate (CslReplica *self, gint64 version, GError **error)
{
  if (version ==
      csl_db_newest_version (csl_store_sql_get_resource (), CSL_REPLICA_SQL_FOLDER))
    return true;
  return csl_replica_copy_before (self, version + 1, error) &&
         csl_db_migrate (self->db, csl_store_sql_get_resource (), CSL_REPLICA_SQL_FOLDER,
                         error);
}

/**
 * csl_replica_open:
 *
 * Returns: (transfer full): the replica, or %NULL with CSL_STORE_ERROR_MISSING, _WRONG_KEY, _NEWER, _DAMAGED, _READ_ONLY,
 *   _FULL, _BUSY or _IO; the file is then as it was
 */
CslReplica *
csl_replica_open (const char *path,
                  const guint8 *key,
                  const CslSchema *schema,
                  const CslEnv *env,
                  GError **error)
{
  g_autoptr (CslReplica) self = new_replica (schema, env);
  gint64 version = 0;

  g_return_val_if_fail (key != NULL, NULL);
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_MISSING,
                         "There is no replica");
    return NULL;
  }
  if (!take_lock (self, path, error))
    return NULL;
  self->db = csl_db_open (path, key, 0, error);
  if (self->db == NULL || !check_version (self, &version, error) ||
      !migrate (self, version, error))
    return NULL;
  make_tables (self);
  /* Whatever was on its way when the program ended is unanswered. */
  if (!upgrade_tables (self, error) || !csl_replica_unsend (self, error))
    return NULL;
  csl_replica_find_copies (self);
  /* A power cut may have come between what left and the emptying of the log. */
  self->purge_due = true;
  return g_steal_pointer (&self);
}

void
csl_replica_free (CslReplica *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_types; i++) {
    csl_record_table_free (self->tables[i]);
    csl_search_table_free (self->searches[i]);
  }
  g_free (self->tables);
  g_free (self->searches);
  g_free (self->indexed);
  g_free (self->indexed_dirty);
  csl_replica_clear_buckets (self);
  g_clear_pointer (&self->laid, g_hash_table_unref);
  g_free (self->resume);
  csl_db_free (self->db);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self);
}

bool
csl_replica_is_usable (CslReplica *self, GError **error)
{
  return csl_db_is_usable (self->db, error);
}

const CslReplicaIdentity *
csl_replica_get_identity (const CslReplica *self)
{
  return &self->identity;
}

const CslSchema *
csl_replica_get_schema (const CslReplica *self)
{
  return self->schema;
}

/* Settings of the client share the table with the replica's own. */
char *
csl_replica_setting_name (const char *name)
{
  return g_strconcat ("setting:", name, NULL);
}

char *
csl_replica_dup_setting (CslReplica *self, const char *name)
{
  g_autofree char *full = csl_replica_setting_name (name);

  return dup_meta (self, full);
}

bool
csl_replica_put_setting (CslReplica *self,
                         const char *name,
                         const char *text,
                         GError **error)
{
  g_autofree char *full = csl_replica_setting_name (name);

  return csl_replica_begin (self, error) &&
         csl_replica_end (self, csl_replica_set_meta_text (self, full, text, error),
                          error);
}
