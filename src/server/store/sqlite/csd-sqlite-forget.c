/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-forget.c: tombstones are kept for a time and then forgotten, some at a time.
 *
 * Commits have numbers and no times. Once a day the head is noted; a commit that was there on a day is at least as old as
 * that day. A clock that was wrong only forgets too early or too late: whoever is behind the horizon compares buckets and
 * loses nothing.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

static bool
note_day (CsdSqlite *self, gint64 day, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT OR IGNORE INTO _day (day, head) SELECT :day, head FROM _head",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":day", day);
  return csl_stmt_run (stmt, error);
}

/* *ret_seq: the newest commit that was there on @day, 0 when none is known. */
static bool
find_commit (CsdSqlite *self, gint64 day, gint64 *ret_seq, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "SELECT max (head) FROM _day WHERE day <= :day", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":day", day);
  if (!csl_stmt_step (stmt, error))
    return false;
  *ret_seq = csl_stmt_get_int (stmt, 0);
  return true;
}

/* Takes *seq back so far that about @max_gone tombstones are up to it; those of one commit go together. */
static bool
limit_work (CsdSqlite *self, guint max_gone, gint64 *seq, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT seq, (SELECT min (seq) FROM _gone) FROM _gone"
                    " WHERE seq <= :seq ORDER BY seq, n LIMIT 1 OFFSET :max",
                    error);
  GError *step_error = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":seq", *seq);
  csl_stmt_bind_int (stmt, ":max", max_gone);
  if (csl_stmt_step (stmt, &step_error)) {
    gint64 beyond = csl_stmt_get_int (stmt, 0);

    *seq = beyond > csl_stmt_get_int (stmt, 1) ? beyond - 1 : beyond;
  }
  return csl_error_pass (&step_error, error);
}

static bool
forget_days (CsdSqlite *self, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "DELETE FROM _day WHERE head < :seq", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":seq", self->horizon);
  return csl_stmt_run (stmt, error);
}

static bool
forget (CsdSqlite *self, gint64 day, gint64 keep_days, guint max_gone, GError **error)
{
  gint64 seq = 0;

  if (!note_day (self, day, error) || !find_commit (self, day - keep_days, &seq, error) ||
      !limit_work (self, max_gone, &seq, error))
    return false;
  if (seq <= self->horizon)
    return true;
  return self->base.raise_horizon (&self->base, seq, error) && forget_days (self, error);
}

static bool
sqlite_forget (CsdStorage *base,
               gint64 day,
               gint64 keep_days,
               guint max_gone,
               GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  gint64 horizon = self->horizon;

  if (!csl_db_begin (self->db, error))
    return false;
  if (!forget (self, day, keep_days, max_gone, error)) {
    csl_db_rollback (self->db);
    self->horizon = horizon;
    return false;
  }
  if (csl_db_commit (self->db, error))
    return true;
  self->horizon = horizon;
  return false;
}

void
csd_sqlite_init_forget (CsdStorage *base)
{
  base->forget = sqlite_forget;
}
