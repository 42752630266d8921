/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-escrow.c: operations whose authors had lost access, as they came. They stay after the decision: an operation
 * is known by its line for ever.
 */
#include "config.h"

#include "server/store/sqlite/csd-sqlite-private.h"

static bool
sqlite_put_escrow (CsdStorage *base, const CsdEscrow *escrow, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT OR REPLACE INTO _escrow (op, who, bucket, line, seq, at, grp,"
                    " n, record, is_create) VALUES (:op, :who, :bucket, :line, :seq, :at,"
                    " :grp, :n, :record, :create)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":op", escrow->op);
  csl_stmt_bind_text (stmt, ":who", escrow->user);
  csl_stmt_bind_text (stmt, ":bucket", escrow->bucket);
  csl_stmt_bind_text (stmt, ":line", escrow->line);
  csl_stmt_bind_int (stmt, ":seq", escrow->seq);
  csl_stmt_bind_text (stmt, ":at", escrow->at);
  csl_stmt_bind_text (stmt, ":grp", escrow->group);
  csl_stmt_bind_int (stmt, ":n", escrow->position);
  csl_stmt_bind_text (stmt, ":record", escrow->record);
  csl_stmt_bind_int (stmt, ":create", escrow->create ? 1 : 0);
  return csl_stmt_run (stmt, error);
}

static GPtrArray *
sqlite_list_escrow (CsdStorage *base, const char *group, const char *user, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT line FROM _escrow WHERE grp = ?1 AND who = ?2 ORDER BY n",
                    error);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text_at (stmt, 1, group);
  csl_stmt_bind_text_at (stmt, 2, user);
  while (csl_stmt_step (stmt, &step_error))
    g_ptr_array_add (lines, csl_stmt_dup_text (stmt, 0));
  if (step_error == NULL)
    return g_steal_pointer (&lines);
  g_propagate_error (error, step_error);
  return NULL;
}

static bool
sqlite_find_escrowed_create (CsdStorage *base,
                             const char *user,
                             const char *record,
                             char ret_bucket[CSD_BUCKET_SIZE],
                             GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT bucket FROM _escrow WHERE record = ?1 AND who = ?2"
                    " AND is_create = 1 ORDER BY seq DESC LIMIT 1",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, record);
  csl_stmt_bind_text_at (stmt, 2, user);
  if (!csl_stmt_step (stmt, error))
    return false;
  csl_stmt_copy_text (stmt, 0, ret_bucket, CSD_BUCKET_SIZE);
  return true;
}

static gint64
sqlite_count_escrow (CsdStorage *base)
{
  return csl_db_query_int (((CsdSqlite *) base)->db, "SELECT count (*) FROM _escrow", 0);
}

void
csd_sqlite_init_escrow (CsdStorage *base)
{
  base->put_escrow = sqlite_put_escrow;
  base->list_escrow = sqlite_list_escrow;
  base->find_escrowed_create = sqlite_find_escrowed_create;
  base->count_escrow = sqlite_count_escrow;
}
