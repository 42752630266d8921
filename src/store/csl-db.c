/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections. What every one of them is set to is in configure(); the sticky failure is in csl_db_fail(). */
#include "config.h"

#include "store/csl-db.h"

#include "core/base/csl-mut.h"
#include "store/csl-db-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

struct _CslDb
{
  sqlite3 *handle;        /* (owned) */
  char *path;             /* (owned) */
  GHashTable *statements; /* (owned) static SQL address → CslStmt */
  GError *failure;        /* (owned) (nullable) set once, then for good */
  guint8 key[CSL_DB_KEY_SIZE];
  bool has_key;
  bool relaxed; /* the open transaction need not wait for the disk */
};

/* A file that cannot be opened: because it is not there, may not be written, or the disk is at fault? */
static CslStoreError
classify_cantopen (CslDb *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  if (g_access (self->path, F_OK) != 0 && errno == ENOENT)
    return CSL_STORE_ERROR_MISSING;
  if (g_access (self->path, W_OK) != 0 || g_access (folder, W_OK) != 0)
    return CSL_STORE_ERROR_READ_ONLY;
  return CSL_STORE_ERROR_IO;
}

static CslStoreError
classify (CslDb *self, int code)
{
  switch (code & 0xff) {
  case SQLITE_NOTADB:
    return CSL_STORE_ERROR_WRONG_KEY;
  case SQLITE_CORRUPT:
    return CSL_STORE_ERROR_DAMAGED;
  case SQLITE_FULL:
    return CSL_STORE_ERROR_FULL;
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return CSL_STORE_ERROR_READ_ONLY;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return CSL_STORE_ERROR_BUSY;
  case SQLITE_CANTOPEN:
    return classify_cantopen (self);
  case SQLITE_IOERR:
    return CSL_STORE_ERROR_IO;
  default:
    return CSL_STORE_ERROR_INVALID;
  }
}

sqlite3 *
csl_db_get_handle (CslDb *self)
{
  return self->handle;
}

bool
csl_db_is_usable (CslDb *self, GError **error)
{
  if (self->failure == NULL)
    return true;
  if (error != NULL)
    *error = g_error_copy (self->failure);
  return false;
}

bool
csl_db_fail (CslDb *self, int code, GError **error)
{
  g_autoptr (GError) failure = NULL;
  CslStoreError reason = classify (self, code);

  failure = g_error_new (CSL_STORE_ERROR, reason, "%s (%d)",
                         self->handle != NULL ? sqlite3_errmsg (self->handle)
                                              : sqlite3_errstr (code),
                         code);
  /* Nobody knows what is on the disk now: only opening again, with its recovery, may go on. */
  if (self->failure == NULL &&
      (reason == CSL_STORE_ERROR_IO || reason == CSL_STORE_ERROR_DAMAGED ||
       reason == CSL_STORE_ERROR_WRONG_KEY))
    self->failure = g_error_copy (failure);
  g_propagate_error (error, g_steal_pointer (&failure));
  return false;
}

static int
refuse_attach_cb (void *data,
                  int action,
                  const char *a,
                  const char *b,
                  const char *c,
                  const char *d)
{
  /* A second file would be written without the key. */
  return action == SQLITE_ATTACH || action == SQLITE_DETACH ? SQLITE_DENY : SQLITE_OK;
}

static bool
apply_key (CslDb *self, const guint8 *key, GError **error)
{
  guint8 raw[4 + CSL_DB_KEY_SIZE] = "raw:";
  int code;

  if (key == NULL)
    return true;
  memcpy (raw + 4, key, CSL_DB_KEY_SIZE);
  memcpy (self->key, key, CSL_DB_KEY_SIZE);
  self->has_key = true;
  code = sqlite3_exec (self->handle, "PRAGMA cipher = 'aegis'", NULL, NULL, NULL);
  if (code == SQLITE_OK)
    code = sqlite3_key (self->handle, raw, sizeof raw);
  explicit_bzero (raw, sizeof raw);
  return code == SQLITE_OK || csl_db_fail (self, code, error);
}

static bool
is_write_ahead (CslDb *self)
{
  static const char sql[] = "PRAGMA journal_mode";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self, sql, NULL);

  return stmt != NULL && csl_stmt_step (stmt, NULL) &&
         g_strcmp0 (csl_stmt_get_text (stmt, 0), "wal") == 0;
}

/* The mark of the write-ahead log stands in bytes that the cipher leaves open. Putting it back writes the first page: a
 * file that has lost it is read whole before, so that a damaged one stays as it was found. */
static bool
make_write_ahead (CslDb *self, CslDbFlags flags, GError **error)
{
  int code;

  if (is_write_ahead (self))
    return true;
  if ((flags & CSL_DB_CREATE) == 0 && !csl_db_check (self, error))
    return false;
  code = sqlite3_exec (self->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
  return code == SQLITE_OK || csl_db_fail (self, code, error);
}

static int
set_limits (CslDb *self)
{
  sqlite3_extended_result_codes (self->handle, 1);
  sqlite3_busy_timeout (self->handle, BUSY_TIMEOUT_MS);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_set_authorizer (self->handle, refuse_attach_cb, NULL);
  /* The first real read: a wrong key shows here, before anything is written. */
  return sqlite3_exec (self->handle, "SELECT count (*) FROM sqlite_schema", NULL, NULL,
                       NULL);
}

static bool
configure (CslDb *self, CslDbFlags flags, GError **error)
{
  int code = set_limits (self);

  if (code != SQLITE_OK)
    return csl_db_fail (self, code, error);
  if ((flags & CSL_DB_READ_ONLY) == 0 && !make_write_ahead (self, flags, error))
    return false;
  code = sqlite3_exec (self->handle,
                       "PRAGMA synchronous = FULL;"
                       "PRAGMA secure_delete = ON;"
                       "PRAGMA cell_size_check = ON;"
                       "PRAGMA temp_store = MEMORY;"
                       "PRAGMA cache_size = -12288;"
                       /* 16 MB: bulk work writes most pages several times. */
                       "PRAGMA wal_autocheckpoint = 4000;",
                       NULL, NULL, NULL);
  if (CSL_MUT (1))
    sqlite3_exec (self->handle, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
  if (CSL_MUT (2))
    sqlite3_exec (self->handle, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
  if (code == SQLITE_OK && (flags & CSL_DB_FOREIGN_KEYS) != 0)
    code = sqlite3_exec (self->handle, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
  if (code == SQLITE_OK && (flags & CSL_DB_READ_ONLY) != 0)
    code = sqlite3_exec (self->handle, "PRAGMA query_only = ON", NULL, NULL, NULL);
  return code == SQLITE_OK || csl_db_fail (self, code, error);
}

/* An empty file of our own, so that nobody else's is ever taken over. */
static bool
create_file (const char *path, GError **error)
{
  int fd = g_open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  int saved = errno;
  CslStoreError code = CSL_STORE_ERROR_IO;

  if (fd >= 0) {
    close (fd);
    return true;
  }
  if (saved == EEXIST)
    code = CSL_STORE_ERROR_EXISTS;
  else if (saved == EACCES || saved == EROFS || saved == EPERM)
    code = CSL_STORE_ERROR_READ_ONLY;
  else if (saved == ENOSPC || saved == EDQUOT)
    code = CSL_STORE_ERROR_FULL;
  else if (saved == ENOENT)
    code = CSL_STORE_ERROR_MISSING;
  g_set_error (error, CSL_STORE_ERROR, code, "%s", g_strerror (saved));
  return false;
}

/* SQLite would take an empty file for a new database, and a short one for no database. */
static bool
check_existing_file (const char *path, GError **error)
{
  GStatBuf info;

  if (g_stat (path, &info) != 0) {
    int saved = errno;
    CslStoreError code = CSL_STORE_ERROR_IO;

    if (saved == ENOENT || saved == ENOTDIR)
      code = CSL_STORE_ERROR_MISSING;
    else if (saved == EACCES || saved == EPERM)
      code = CSL_STORE_ERROR_READ_ONLY;
    g_set_error (error, CSL_STORE_ERROR, code, "%s", g_strerror (saved));
    return false;
  }
  if (!S_ISREG (info.st_mode) || info.st_size < 512) {
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED,
                         "The file is too short to be a database");
    return false;
  }
  return true;
}

static bool
open_handle (CslDb *self, const guint8 *key, CslDbFlags flags, GError **error)
{
  int code = sqlite3_open_v2 (self->path, &self->handle,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

  if (code != SQLITE_OK)
    return csl_db_fail (self, code, error);
  if (!apply_key (self, key, error) || !configure (self, flags, error))
    return false;
  if ((flags & CSL_DB_READ_ONLY) == 0 &&
      sqlite3_db_readonly (self->handle, "main") != 0) {
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_READ_ONLY,
                         "The database may not be written");
    return false;
  }
  return (flags & (CSL_DB_READ_ONLY | CSL_DB_CREATE)) != 0 ||
         csl_db_settle_log (self, BUSY_TIMEOUT_MS, error);
}

/**
 * csl_db_open:
 * @key: (nullable): 32 bytes, or %NULL for a plain file
 *
 * Returns: the connection, or %NULL with CSL_STORE_ERROR_WRONG_KEY, _MISSING, _EXISTS, _DAMAGED, _READ_ONLY, _FULL,
 *   _BUSY or _IO. Nothing is left behind on an error, and a file that was there is as it was.
 */
CslDb *
csl_db_open (const char *path, const guint8 *key, CslDbFlags flags, GError **error)
{
  g_autoptr (CslDb) self = NULL;
  bool create = (flags & CSL_DB_CREATE) != 0;

  g_return_val_if_fail (path != NULL, NULL);
  if (!(create ? create_file (path, error) : check_existing_file (path, error)))
    return NULL;
  self = g_new0 (CslDb, 1);
  self->path = g_strdup (path);
  self->statements =
    g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) csl_stmt_free);
  if (!open_handle (self, key, flags, error)) {
    g_clear_pointer (&self, csl_db_free);
    if (create)
      g_unlink (path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
csl_db_free (CslDb *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->statements, g_hash_table_unref);
  if (sqlite3_close (self->handle) != SQLITE_OK)
    g_critical ("A statement outlives its connection");
  explicit_bzero (self->key, sizeof self->key);
  g_clear_error (&self->failure);
  g_free (self->path);
  g_free (self);
}

bool
csl_db_has_failed (const CslDb *self)
{
  return self->failure != NULL;
}

const char *
csl_db_get_path (const CslDb *self)
{
  return self->path;
}

CslStmt *
csl_db_prepare (CslDb *self, const char *sql, GError **error)
{
  CslStmt *stmt = g_hash_table_lookup (self->statements, sql);

  if (stmt == NULL) {
    stmt = csl_stmt_new (self, sql, true, error);
    if (stmt != NULL)
      g_hash_table_insert (self->statements, (gpointer) sql, stmt);
    return stmt;
  }
  if (!csl_db_is_usable (self, error))
    return NULL;
  csl_stmt_reset (stmt);
  return stmt;
}

CslStmt *
csl_db_prepare_once (CslDb *self, const char *sql, GError **error)
{
  return csl_stmt_new (self, sql, false, error);
}

bool
csl_db_execute (CslDb *self, const char *sql, GError **error)
{
  if (!csl_db_is_usable (self, error))
    return false;
  while (*sql != '\0') {
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2 (self->handle, sql, -1, &stmt, &sql);

    while (code == SQLITE_OK && stmt != NULL &&
           (code = sqlite3_step (stmt)) == SQLITE_ROW)
      code = SQLITE_OK;
    if (code != SQLITE_OK && code != SQLITE_DONE) {
      csl_db_fail (self, code, error);
      sqlite3_finalize (stmt);
      return false;
    }
    sqlite3_finalize (stmt);
  }
  return true;
}

/* Every other transaction waits for the disk. */
static void
end_relaxed (CslDb *self)
{
  if (self->relaxed)
    sqlite3_exec (self->handle, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
  self->relaxed = false;
}

bool
csl_db_begin (CslDb *self, GError **error)
{
  return csl_db_execute (self, "BEGIN IMMEDIATE", error);
}

bool
csl_db_begin_relaxed (CslDb *self, GError **error)
{
  self->relaxed = csl_db_execute (self, "PRAGMA synchronous = NORMAL", error);
  if (self->relaxed && csl_db_begin (self, error))
    return true;
  end_relaxed (self);
  return false;
}

bool
csl_db_begin_read (CslDb *self, GError **error)
{
  return csl_db_execute (self, "BEGIN", error);
}

bool
csl_db_commit (CslDb *self, GError **error)
{
  if (csl_db_execute (self, "COMMIT", error)) {
    end_relaxed (self);
    return true;
  }
  csl_db_rollback (self);
  return false;
}

void
csl_db_rollback (CslDb *self)
{
  /* Some failures have rolled back by themselves. */
  if (csl_db_is_in_transaction (self))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  end_relaxed (self);
}

bool
csl_db_is_in_transaction (const CslDb *self)
{
  return sqlite3_get_autocommit (self->handle) == 0;
}

bool
csl_db_savepoint (CslDb *self, GError **error)
{
  static const char sql[] = "SAVEPOINT piece";
  CslStmt *stmt = csl_db_prepare (self, sql, error);

  return stmt != NULL && csl_stmt_run (stmt, error);
}

bool
csl_db_release (CslDb *self, GError **error)
{
  static const char sql[] = "RELEASE piece";
  CslStmt *stmt = csl_db_prepare (self, sql, error);

  return stmt != NULL && csl_stmt_run (stmt, error);
}

void
csl_db_rollback_savepoint (CslDb *self)
{
  if (csl_db_is_in_transaction (self))
    sqlite3_exec (self->handle, "ROLLBACK TO piece; RELEASE piece", NULL, NULL, NULL);
}

gint64
csl_db_get_last_rowid (const CslDb *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}

int
csl_db_get_changes (const CslDb *self)
{
  return sqlite3_changes (self->handle);
}

gint64
csl_db_query_int (CslDb *self, const char *sql, gint64 fallback)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self, sql, NULL);

  if (stmt == NULL || !csl_stmt_step (stmt, NULL) || csl_stmt_is_null (stmt, 0))
    return fallback;
  return csl_stmt_get_int (stmt, 0);
}

gint64
csl_db_get_version (CslDb *self)
{
  return csl_db_query_int (self, "PRAGMA user_version", -1);
}

gint64
csl_db_get_data_version (CslDb *self)
{
  return csl_db_query_int (self, "PRAGMA data_version", -1);
}

/**
 * csl_db_truncate_wal:
 *
 * What was deleted stays readable in the WAL until it has been written back and cut.
 */
bool
csl_db_truncate_wal (CslDb *self, GError **error)
{
  int code;

  if (!csl_db_is_usable (self, error))
    return false;
  code = sqlite3_wal_checkpoint_v2 (self->handle, "main", SQLITE_CHECKPOINT_TRUNCATE,
                                    NULL, NULL);
  return code == SQLITE_OK || csl_db_fail (self, code, error);
}

bool
csl_db_check (CslDb *self, GError **error)
{
  static const char sql[] = "PRAGMA quick_check (1)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self, sql, error);

  if (stmt == NULL)
    return false;
  if (!csl_stmt_step (stmt, error))
    return false;
  if (g_strcmp0 (csl_stmt_get_text (stmt, 0), "ok") == 0)
    return true;
  g_set_error (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED, "%s",
               csl_stmt_get_text (stmt, 0));
  return false;
}

bool
csl_db_check_file (const CslDb *self, GError **error)
{
  g_autoptr (CslDb) other =
    csl_db_open (self->path, self->has_key ? self->key : NULL, CSL_DB_READ_ONLY, error);

  return other != NULL && csl_db_check (other, error);
}

/**
 * csl_db_back_up:
 * @path: a file that does not exist yet
 *
 * Copies one consistent state while others read and write. On an error no file is left at @path.
 */
bool
csl_db_back_up (CslDb *self, const char *path, GError **error)
{
  g_autoptr (CslDb) copy = NULL;
  sqlite3_backup *backup;
  int code;

  if (!csl_db_is_usable (self, error))
    return false;
  copy = csl_db_open (path, self->has_key ? self->key : NULL, CSL_DB_CREATE, error);
  if (copy == NULL)
    return false;
  backup = sqlite3_backup_init (copy->handle, "main", self->handle, "main");
  if (backup != NULL) {
    sqlite3_backup_step (backup, -1);
    sqlite3_backup_finish (backup);
  }
  code = sqlite3_errcode (copy->handle);
  if (code == SQLITE_OK && csl_db_truncate_wal (copy, error))
    return true;
  if (code != SQLITE_OK)
    csl_db_fail (copy, code, error);
  g_clear_pointer (&copy, csl_db_free);
  g_unlink (path);
  return false;
}
