/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-head.c: the one row that says how far the history of the organisation has come, and its named counters. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

bool
csd_sqlite_head_insert (CsdSqlite *self, const char *epoch, GError **error)
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


bool
csd_sqlite_head_load (CsdSqlite *self, bool *ret_found, GError **error)
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
  if (!csl_error_pass (&step_error, error))
    return false;
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

bool
csd_sqlite_head_raise (CsdSqlite *self, GError **error)
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

bool
csd_sqlite_run_with_seq (CsdSqlite *self, const char *sql, gint64 seq, GError **error)
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

  if (!csd_sqlite_run_with_seq (self, "DELETE FROM _gone WHERE seq <= :seq", seq,
                                error) ||
      !csd_sqlite_run_with_seq (self, "UPDATE _head SET horizon = :seq", seq, error))
    return false;
  self->horizon = seq;
  return true;
}

static bool
sqlite_set_safe_seq (CsdStorage *base, gint64 seq, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;

  if (!csd_sqlite_run_with_seq (self, "UPDATE _head SET safe_seq = :seq", seq, error))
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

void
csd_sqlite_init_head (CsdStorage *base)
{
  base->get_head = sqlite_get_head;
  base->get_horizon = sqlite_get_horizon;
  base->get_safe_seq = sqlite_get_safe_seq;
  base->get_epoch = sqlite_get_epoch;
  base->get_restored = sqlite_get_restored;
  base->get_common = sqlite_get_common;
  base->raise_horizon = sqlite_raise_horizon;
  base->set_safe_seq = sqlite_set_safe_seq;
  base->next_number = sqlite_next_number;
}
