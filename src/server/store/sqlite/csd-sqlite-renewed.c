/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-renewed.c: when a ledger was begun anew, the same in the database of an organisation and in that of the accounts.
 * The ledger says it too: `renewed <head> <gap> <damaged>`.
 */
#include "config.h"

#include "server/store/sqlite/csd-sqlite-renewed.h"

#include "core/base/csl-error.h"

static bool
insert (CslDb *db, const CsdRenewal *renewal, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db,
                    "INSERT INTO _ledger_renewed (at, head, gap, damaged)"
                    " VALUES (:at, :head, :gap, :damaged)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":at", renewal->at);
  csl_stmt_bind_int (stmt, ":head", renewal->head);
  csl_stmt_bind_int (stmt, ":gap", renewal->gap);
  csl_stmt_bind_int (stmt, ":damaged", renewal->damaged);
  return csl_stmt_run (stmt, error);
}

bool
csd_sqlite_renewed_note (CslDb *db,
                         CsdLedger *ledger,
                         const CsdRenewal *renewal,
                         GError **error)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (lines,
                   g_strdup_printf ("renewed %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                                    " %u",
                                    renewal->head, renewal->gap, renewal->damaged));
  return csd_ledger_append (ledger, lines, error) && insert (db, renewal, error);
}

bool
csd_sqlite_renewed_list (CslDb *db, CsdRenewalFunc func, gpointer data, GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db, "SELECT at, head, gap, damaged FROM _ledger_renewed ORDER BY n",
                    error);

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &step_error)) {
    CsdRenewal renewal = { .head = csl_stmt_get_int (stmt, 1),
                           .gap = csl_stmt_get_int (stmt, 2),
                           .damaged = (guint) csl_stmt_get_int (stmt, 3) };

    csl_stmt_copy_text (stmt, 0, renewal.at, sizeof renewal.at);
    func (&renewal, data);
  }
  return csl_error_pass (&step_error, error);
}
