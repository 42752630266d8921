/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-base.c: the base of an operation, where own operations hide what the server has (core/outbox/csl-outbox-base.c).
 *
 * Asked are all lines about the record that are still kept, also those that are answered, or given up: whoever had
 * the record open when the answer came was still looking at what the line said.
 */
#include "config.h"

#include "core/outbox/csl-outbox.h"
#include "store/csl-replica-private.h"

static GPtrArray *
list_own (CslReplica *self, const char *id, GError **error)
{
  static const char sql[] =
    "SELECT \"line\" FROM \"_outbox\" WHERE \"id\" = :id ORDER BY \"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GPtrArray) own =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_op_free);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":id", id);
  while (csl_stmt_step (stmt, &local)) {
    CslOp *op = csl_op_parse (self->schema, csl_stmt_get_text (stmt, 0),
                              csl_stmt_get_size (stmt, 0), NULL, error);

    if (op == NULL)
      return NULL;
    g_ptr_array_add (own, op);
  }
  if (local == NULL)
    return g_steal_pointer (&own);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

bool
csl_replica_lower_base (CslReplica *self,
                        CslOp *op,
                        const CslRecord *seen,
                        GError **error)
{
  g_autoptr (GPtrArray) own = list_own (self, op->id, error);
  g_autoptr (CslRecord) server = NULL;

  if (own == NULL)
    return false;
  if (own->len == 0)
    return true;
  if (!csl_replica_get_server_version (self, op->type, op->id, &server, error))
    return false;
  if (server != NULL)
    op->base = csl_op_find_base (op, seen, server, own);
  return true;
}
