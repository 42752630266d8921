/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-erase.c: records that were erased by law (I15). More leaves than with a deleted record: also what this person
 * wrote about it.
 *
 *   done, or an offer          leaves the outbox: it is not offered again to a restored server
 *   refused, kept, a conflict  stays listed without its words, so that its author knows; also one that names the record.
 *                              What was kept for a decision is refused with that: nobody will decide about it
 *   held                       goes to the server again, which refuses it
 *   waiting                    is sent as it is; the refusal takes its words (csl_replica_redact_answered)
 *   drafts                     leave when they are about it, or name it
 *
 * The record of a refused operation that names it may never have come to be: then all that was written about that record
 * loses its words, also what waits for it. A restored server may not know a record that was in the file: "missing" means
 * the same there.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-mut.h"
#include "store/csl-replica-drop.h"
#include "store/csl-replica-repair.h"

/* What was refused for another reason is refused for this one now. */
#define REDACT                                                                           \
  "UPDATE \"_outbox\" SET \"line\" = json_remove (json_set (\"line\","                   \
  " '$.set', json ('{}'), '$.was', json ('{}')), '$.reason'), \"title\" = NULL,"         \
  " \"laid\" = 0, \"answer\" = CASE \"state\" WHEN 'rejected'"                           \
  " THEN json_set (json_remove (\"answer\", '$.d'), '$.code', 'erased')"                 \
  " ELSE json_remove (\"answer\", '$.d') END"

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

/* Also of a change of a record that was refused for that before it came to be, or was in the file: the server knows nothing
 * of that record, or knows another reason. */
bool
csl_replica_redact_answered (CslReplica *self, const char *op, GError **error)
{
  static const char sql[] = REDACT
    " WHERE \"op\" = :op AND (\"answer\" ->> '$.code' = 'erased' OR \"erased\" = 1 OR "
    "EXISTS"
    " (SELECT 1 FROM \"_outbox\" AS m WHERE m.\"id\" = \"_outbox\".\"id\""
    " AND m.\"act\" = 0 AND m.\"state\" = 'rejected'"
    " AND m.\"answer\" ->> '$.code' = 'erased'))";

  G_STATIC_ASSERT (CSL_ACT_CREATE == 0);
  return CSL_MUT (48) || run_with_text (self, sql, ":op", op, error);
}

#define SETTLED                                                                          \
  "\"state\" NOT IN ('queued', 'sent', 'held', 'acked')"                                 \
  " AND (\"id\" = :id OR instr (\"line\", :id) > 0)"

/* A record of its file that the server does not know. */
#define UNKNOWN                                                                          \
  "\"state\" = 'rejected' AND \"answer\" ->> '$.code' = 'missing'"                       \
  " AND instr (\"bucket\", :id) > 0"

/* @sql returns (id, type) of each line it took the words from. */
static bool
redact_returned (CslReplica *self, const char *sql, const char *id, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  guint n = 0;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  if (!csl_replica_lay_returned (self, stmt, &n, error))
    return false;
  self->purge_due |= n > 0;
  return true;
}

/* Is it a new record that only names the erased one, then it leaves the lists too. */
static bool
redact_settled (CslReplica *self, const char *id, GError **error)
{
  return redact_returned (self,
                          REDACT " WHERE " SETTLED " OR " UNKNOWN
                                 " RETURNING \"id\", \"type\"",
                          id, error);
}

/* What waits for a record that a refused operation was to make, and that names the erased one; that is not sent again. */
static bool
redact_waiting (CslReplica *self, const char *id, GError **error)
{
  static const char sql[] = REDACT
    " WHERE \"state\" = 'held' AND \"id\" IN (SELECT \"id\" FROM \"_outbox\""
    " WHERE \"state\" = 'rejected' AND \"act\" = 0 AND instr (\"line\", :id) > 0)"
    " RETURNING \"id\", \"type\"";

  return redact_returned (self, sql, id, error);
}

/* What waits, about the record, in its file or with its name: the server may have no reason, or another one, to refuse it. */
static bool
mark_waiting (CslReplica *self, const char *id, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"erased\" = 1 WHERE \"state\" IN ('queued', 'sent', 'held')"
    " AND (\"id\" = :id OR instr (\"line\", :id) > 0 OR instr (\"bucket\", :id) > 0)";

  return run_with_text (self, sql, ":id", id, error);
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
    " WHERE \"state\" = 'held' AND (\"id\" = :id OR instr (\"line\", :id) > 0"
    " OR instr (\"bucket\", :id) > 0)",
    "UPDATE \"_outbox\" SET \"laid\" = 0 WHERE \"id\" = :id",
  };

  if (!redact_waiting (self, id, error) || !mark_waiting (self, id, error))
    return false;
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

/* -- what may have been erased while nobody told -- */

/* Names of references are looked up by their type: "ref" is one of them, else the record itself is meant. Of a file that is not
 * here any more also what waits: the server may not know its records. */
static const char asked_sql[] =
  "SELECT \"type\", NULL AS \"ref\", \"id\" FROM \"_outbox\""
  " WHERE \"state\" NOT IN ('queued', 'sent')"
  " UNION SELECT o.\"type\", j.\"key\", j.\"value\" FROM \"_outbox\" AS o,"
  " json_each (o.\"line\", '$.set') AS j"
  " WHERE o.\"state\" NOT IN ('queued', 'sent') AND j.\"type\" = 'text'"
  " UNION SELECT 'client', NULL, substr (\"bucket\", 3, 36) FROM \"_outbox\""
  " WHERE \"bucket\" GLOB 'p:*'"
  " UNION SELECT 'case', NULL, substr (\"bucket\", 3, 36) FROM \"_outbox\""
  " WHERE \"bucket\" GLOB 'c:*'"
  " UNION SELECT \"entity_type\", NULL, \"entity_id\" FROM \"form_draft\""
  " WHERE \"entity_id\" IS NOT NULL"
  " UNION SELECT d.\"entity_type\", j.\"key\", j.\"value\" FROM \"form_draft\" AS d,"
  " json_each (d.\"form_data\", '$.record') AS j"
  " WHERE json_valid (d.\"form_data\") AND j.\"type\" = 'text'";

static const CslRecordType *
find_asked (CslReplica *self, const char *type_name, const char *reference)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, type_name);
  const CslField *field = type != NULL && reference != NULL
                            ? csl_record_type_lookup_field (type, reference)
                            : NULL;

  if (reference == NULL)
    return type;
  return field != NULL ? field->target : NULL;
}

/* Whatever the server's version says is known. */
static bool
is_held (CslReplica *self, const CslRecordType *type, const char *id, GError **error)
{
  CslRowInfo info;
  gint64 rev = 0;

  return csl_record_table_find (csl_replica_get_table (self, type), id, &info, &rev,
                                error) &&
         rev > 0;
}

bool
csl_replica_erase_refused (CslReplica *self,
                           const CslRecordType *type,
                           const char *id,
                           GError **error)
{
  GError *local = NULL;

  if (CSL_MUT (48) || (type != NULL && is_held (self, type, id, &local)))
    return true;
  return csl_error_pass (&local, error) && mark_waiting (self, id, error) &&
         redact_settled (self, id, error);
}

static bool
add_asked (CslReplica *self, CslStmt *stmt, GPtrArray *keys, GError **error)
{
  const CslRecordType *type =
    find_asked (self, csl_stmt_get_text (stmt, 0),
                csl_stmt_is_null (stmt, 1) ? NULL : csl_stmt_get_text (stmt, 1));
  GError *local = NULL;
  CslRecordKey *key;

  if (type == NULL || type->local ||
      is_held (self, type, csl_stmt_get_text (stmt, 2), &local))
    return true;
  if (!csl_error_pass (&local, error))
    return false;
  key = g_new0 (CslRecordKey, 1);
  key->type = g_strdup (type->name);
  csl_stmt_copy_text (stmt, 2, key->id, sizeof key->id);
  g_ptr_array_add (keys, key);
  return true;
}

GPtrArray *
csl_replica_list_written_about (CslReplica *self, GError **error)
{
  g_autoptr (GPtrArray) keys =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_key_free);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, asked_sql, error);
  GError *local = NULL;

  if (stmt == NULL)
    return NULL;
  while (csl_stmt_step (stmt, &local))
    if (!add_asked (self, stmt, keys, error))
      return NULL;
  if (local == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, local);
  return NULL;
}
