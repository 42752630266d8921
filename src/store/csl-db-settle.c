/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-db-settle.c: what an earlier program left in the write-ahead log is made safe before anything is written behind it.
 *
 * When a disk refuses a sync, the system keeps what it was to write in its memory, calls it clean and never writes it.
 * A program that is started again reads it from there, finds a whole log and goes on behind it: its own syncs
 * succeed, but after a power cut the log ends at the gap, and everything behind the gap is lost (I1, I2). Written once
 * more as they are, all pages of the log have to reach the disk; whenever the power is cut meanwhile, the log ends where
 * it would have ended before.
 */
#include "config.h"

#include "store/csl-db-private.h"

/* The most that SQLite writes at once. Never the size of a page: the layer that encrypts passes on what is no page as it
 * is. */
#define PIECE_SIZE ((1 << 17) - 1)

static int
get_piece (gint64 left)
{
  int piece = (int) MIN (left, PIECE_SIZE);

  return piece > 1 && (piece & (piece - 1)) == 0 ? piece - 1 : piece;
}

static int
write_again (sqlite3_file *file, gint64 size)
{
  g_autofree char *buffer = g_malloc (PIECE_SIZE);
  int code = SQLITE_OK;

  for (gint64 at = 0; at < size && code == SQLITE_OK;) {
    int piece = get_piece (size - at);

    code = file->pMethods->xRead (file, buffer, piece, at);
    if (code == SQLITE_OK)
      code = file->pMethods->xWrite (file, buffer, piece, at);
    at += piece;
  }
  return code == SQLITE_OK ? file->pMethods->xSync (file, SQLITE_SYNC_NORMAL) : code;
}

static int
settle (sqlite3 *handle)
{
  sqlite3_file *file = NULL;
  sqlite3_int64 size = 0;
  int code =
    sqlite3_file_control (handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *) &file);

  if (code != SQLITE_OK || file == NULL || file->pMethods == NULL)
    return code;
  code = file->pMethods->xFileSize (file, &size);
  return code == SQLITE_OK && size > 0 ? write_again (file, size) : code;
}

bool
csl_db_settle_log (CslDb *self, int busy_timeout_ms, GError **error)
{
  sqlite3 *handle = csl_db_get_handle (self);
  int code;

  /* Who has the file open for writing has done this. */
  sqlite3_busy_timeout (handle, 0);
  code = sqlite3_exec (handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  sqlite3_busy_timeout (handle, busy_timeout_ms);
  if ((code & 0xff) == SQLITE_BUSY)
    return true;
  if (code == SQLITE_OK)
    code = settle (handle);
  if (code != SQLITE_OK)
    csl_db_fail (self, code, error);
  if (sqlite3_get_autocommit (handle) == 0)
    sqlite3_exec (handle, "ROLLBACK", NULL, NULL, NULL);
  return code == SQLITE_OK;
}
