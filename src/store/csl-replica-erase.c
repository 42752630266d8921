/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-erase.c: records that were erased by law (I15). More leaves than with a deleted record: also what this person
 * wrote about it.
 *
 *   done, or an offer          leaves the outbox: it is not offered again to a restored server
 *   refused, kept, a conflict  stays listed without its words, so that its author knows; also one that names the record.
 *                              What was kept for a decision is refused with that: nobody will decide about it
 *   held                       goes to the server again, which refuses it
 *   waiting                    is sent as it is; the refusal takes its words (csl_replica_redact_entry)
 *   drafts                     leave when they are about it, or name it
 */
#include "config.h"

#include "store/csl-replica-drop.h"

#define REDACT                                                                           \
  "UPDATE \"_outbox\" SET \"line\" = json_remove (json_set (\"line\","                   \
  " '$.set', json ('{}'), '$.was', json ('{}')), '$.reason'), \"title\" = NULL,"         \
  " \"laid\" = 0, \"answer\" = json_remove (\"answer\", '$.d')"

static bool
run_with_text (CslReplica *self,
               const char *sql,
               const char *name,
               const char *text,
               GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, name, text);
  if (!csl_stmt_run (stmt, error))
    return false;
  self->purge_due |= csl_db_get_changes (self->db) > 0;
  return true;
}

bool
csl_replica_redact_entry (CslReplica *self, const char *op, GError **error)
{
  return run_with_text (self, REDACT " WHERE \"op\" = :op", ":op", op, error);
}

#define SETTLED                                                                          \
  "\"state\" NOT IN ('queued', 'sent', 'held', 'acked')"                                 \
  " AND (\"id\" = :id OR instr (\"line\", :id) > 0)"

/* Is it a new record that only names the erased one, then it leaves the lists too. */
static bool
redact_settled (CslReplica *self, const char *id, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, REDACT " WHERE " SETTLED " RETURNING \"id\", \"type\"",
                    error);
  guint n = 0;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  if (!csl_replica_lay_returned (self, stmt, &n, error))
    return false;
  self->purge_due |= n > 0;
  return true;
}

static bool
erase_entries (CslReplica *self, const char *id, GError **error)
{
  static const char *const sql[] = {
    "DELETE FROM \"_outbox\" WHERE \"id\" = :id AND (\"state\" = 'acked' OR"
    " (\"offer\" = 1 AND \"state\" NOT IN ('queued', 'sent', 'held')))",
    "UPDATE \"_outbox\" SET \"state\" = 'rejected', \"answer\" ="
    " json_object ('op', \"op\", 'n', \"answer\" ->> '$.n', 'r', 'rejected', 'code',"
    " 'erased', 'msg', 'This record was erased by law.') WHERE \"state\" = 'escrow' "
    "AND " SETTLED,
    "UPDATE \"_outbox\" SET \"state\" = 'queued', \"held_by\" = NULL"
    " WHERE \"id\" = :id AND \"state\" = 'held'",
    "UPDATE \"_outbox\" SET \"laid\" = 0 WHERE \"id\" = :id",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    if (!run_with_text (self, sql[i], ":id", id, error))
      return false;
  return redact_settled (self, id, error);
}

static GPtrArray *
list_drafts (CslReplica *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (g_free);
  GError *local = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT \"id\" FROM \"form_draft\" WHERE \"entity_id\" = :id"
                    " OR instr (\"form_data\", :id) > 0",
                    error);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":id", id);
  while (csl_stmt_step (stmt, &local))
    g_ptr_array_add (drafts, csl_stmt_dup_text (stmt, 0));
  if (local == NULL)
    return g_steal_pointer (&drafts);
  g_propagate_error (error, local);
  return NULL;
}

static bool
erase_drafts (CslReplica *self, const char *id, GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, "form_draft");
  g_autoptr (GPtrArray) drafts = NULL;

  if (type == NULL)
    return true;
  drafts = list_drafts (self, id, error);
  if (drafts == NULL)
    return false;
  self->purge_due |= drafts->len > 0;
  for (guint i = 0; i < drafts->len; i++)
    if (!csl_replica_remove_row (self, type, g_ptr_array_index (drafts, i), error))
      return false;
  return true;
}

bool
csl_replica_erase_record (CslReplica *self,
                          const char *type_name,
                          const char *id,
                          GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, type_name);

  if (!erase_entries (self, id, error) || !erase_drafts (self, id, error))
    return false;
  /* With nothing laid over it any more, the row that an own restore shows goes here. */
  if (type != NULL)
    return csl_replica_lay (self, type, id, error);
  g_hash_table_remove (self->laid, id);
  return true;
}
