/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslDb: one connection to one SQLite file, used by one thread at a time.
 *
 * Always: WAL, synchronous=FULL, secure_delete, trusted_schema=OFF, cell_size_check, defensive mode, a busy timeout,
 * and an authorizer that refuses ATTACH and DETACH. With a key the file is encrypted (AEGIS-256, the 32 bytes are
 * the key, no derivation). After a disk failure or damage the connection refuses everything with the same error:
 * nothing is written on top of an unknown state.
 */
#pragma once

#include "store/csl-stmt.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CSL_DB_KEY_SIZE 32

typedef enum {
  CSL_DB_CREATE = 1 << 0,    /* make a new file (mode 0600); EXISTS if there is one */
  CSL_DB_READ_ONLY = 1 << 1, /* query_only; the file must exist */
  CSL_DB_FOREIGN_KEYS =
    1 << 2, /* enforce references (server; a replica may hold half of a pair) */
} CslDbFlags;

typedef struct _CslDb CslDb;

/* @key: 32 bytes, or NULL for a plain file. WRONG_KEY, MISSING, EXISTS, DAMAGED, READ_ONLY, FULL, BUSY, IO. */
CslDb *csl_db_open (const char *path, const guint8 *key, CslDbFlags flags, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_db_free (CslDb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslDb, csl_db_free)
const char *csl_db_get_path (const CslDb *self);
/* It refuses everything: the file must be opened anew. */
bool csl_db_has_failed (const CslDb *self);
/* Is the file well again? Reads it whole by another connection, and writes nothing. */
bool csl_db_check_file (const CslDb *self, GError **error);

/* A statement out of the connection's cache, ready to bind; @sql must be a static text: its address is the key.
 * Borrowed; reset it when done (csl_auto_reset). One use at a time. */
CslStmt *csl_db_prepare (CslDb *self, const char *sql, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* A statement for generated SQL; the caller frees it before the connection. */
CslStmt *csl_db_prepare_once (CslDb *self, const char *sql, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Runs a script without parameters (migrations, generated tables). */
bool csl_db_execute (CslDb *self, const char *sql, GError **error);

/* BEGIN IMMEDIATE … COMMIT. When commit returns TRUE the work is on the disk. A failed commit has rolled back. */
bool csl_db_begin (CslDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csl_db_commit (CslDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csl_db_rollback (CslDb *self);
/* For work that can be done again: commit does not wait for the disk. After a power cut the work may be gone, with
 * everything that was committed after it, never without; the next commit of a plain transaction makes it durable. */
bool csl_db_begin_relaxed (CslDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csl_db_is_in_transaction (const CslDb *self);
/* BEGIN (deferred): one snapshot for several reads. End with csl_db_rollback(). */
bool csl_db_begin_read (CslDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Nested pieces of a transaction, innermost first. Rolling back undoes the piece and ends it. */
bool csl_db_savepoint (CslDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csl_db_release (CslDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csl_db_rollback_savepoint (CslDb *self);

gint64 csl_db_get_last_rowid (const CslDb *self);
int csl_db_get_changes (const CslDb *self);
/* First column of the first row of a static query without parameters; @fallback when there is none. */
gint64 csl_db_query_int (CslDb *self, const char *sql, gint64 fallback);

gint64 csl_db_get_version (CslDb *self); /* PRAGMA user_version */
/* Grows when another connection has committed. */
gint64 csl_db_get_data_version (CslDb *self);
/* Runs the numbered migrations NNNN-*.sql of @resource below @folder that are missing, one transaction each.
 * NEWER when the file has a higher number than the newest script; nothing is changed then. */
bool csl_db_migrate (CslDb *self,
                     GResource *resource,
                     const char *folder,
                     GError **error);
/* Number of the newest script. */
gint64 csl_db_newest_version (GResource *resource, const char *folder);

/* Writes the WAL back and empties it: erased content is gone from the disk afterwards. BUSY with readers about. */
bool csl_db_truncate_wal (CslDb *self, GError **error);
/* Whole-file check; DAMAGED with the first finding. */
bool csl_db_check (CslDb *self, GError **error);
/* Copies the database, with the same key, into a new file. */
bool csl_db_back_up (CslDb *self, const char *path, GError **error);

G_END_DECLS
