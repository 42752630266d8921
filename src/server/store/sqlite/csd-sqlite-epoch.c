/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-epoch.c: opening the history beside the database, its ledger and the file that says how far it has told:
 * was an older copy put back, and what follows from that (docs/adr/0012-ledger.md).
 */
#include "config.h"

#include "core/base/csl-id.h"
#include "core/base/csl-mut.h"
#include "server/store/sqlite/csd-sqlite-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

void
csd_sqlite_epoch_note (CsdSqlite *self)
{
  char text[96];
  int length = g_snprintf (text, sizeof text, "%s %020" G_GINT64_FORMAT "\n", self->epoch,
                           self->head);

  if (self->epoch_file >= 0 && pwrite (self->epoch_file, text, length, 0) != length)
    g_debug ("The file beside the database cannot be written");
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
      !(replay ? self->base.begin (&self->base, &seq, error)
               : csl_db_begin (self->db, error)))
    return false;
  if (renew_epoch (self, id.text, view, error) &&
      (!replay || csd_sqlite_ledger_replay (self, view, error)))
    return replay ? self->base.commit (&self->base, error)
                  : csl_db_commit (self->db, error);
  self->base.rollback (&self->base);
  return false;
}

/* The first opening of a new file, or of one from before there were ledgers. */
static bool
begin_ledger (CsdSqlite *self, bool found, GError **error)
{
  CslId id = csl_id_new (self->env);

  if (!found && !csd_sqlite_head_insert (self, id.text, error))
    return false;
  return csd_sqlite_ledger_begin (self, self->epoch, "-", self->head, error) &&
         csd_sqlite_run_with_seq (self, "UPDATE _head SET ledger = max (:seq, 1)",
                                  self->head, error);
}

static char *
dup_epoch_path (const char *path)
{
  g_autofree char *beside = g_strdup (path);

  if (g_str_has_suffix (beside, ".db"))
    beside[strlen (beside) - 3] = '\0';
  return g_strconcat (beside, ".epoch", NULL);
}

bool
csd_sqlite_epoch_open (CsdSqlite *self, const char *path, GError **error)
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
  if (self->ledger == NULL || !csd_sqlite_head_load (self, &found, error))
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
  csd_sqlite_epoch_note (self);
  csd_sqlite_erase_opened (self);
  return true;
}
