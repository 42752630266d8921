/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-withdraw.c: what its author gives up, and what cannot stand without it.
 *
 *   create client ── refused, given up          withdrawn
 *   create case (of that client) ── held    ┐
 *   update case ── held                     ├── withdrawn with it, in whole groups
 *   create note (in that case) ── queued    ┘
 *
 * The server holds what builds on a record that was never made, for ever if nobody makes it. So it is given up
 * together; every line stays listed, with its text, until the person closes it (I2). A record whose create goes again,
 * corrected or under another id of an operation, and one that the server has all the same, takes nothing with it.
 */
#include "config.h"

#include "store/csl-replica-outbox.h"
#include "store/csl-replica-private.h"

/* Records that nobody makes any more (ids and type names, alternating). */
static GPtrArray *
list_unmade (CslReplica *self, GError **error)
{
  static const char sql[] =
    "SELECT DISTINCT w.\"id\", w.\"type\" FROM \"_outbox\" AS w WHERE "
    "w.\"state\" = 'withdrawn' AND w.\"act\" = 0 AND NOT EXISTS (SELECT 1 FROM "
    "\"_outbox\" AS c WHERE c.\"id\" = w.\"id\" AND c.\"act\" IN (0, 3) AND "
    "c.\"state\" <> 'withdrawn')";
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  G_STATIC_ASSERT (CSL_ACT_CREATE == 0 && CSL_ACT_RESTORE == 3);
  if (stmt == NULL)
    return NULL;
  while (csl_stmt_step (stmt, &local)) {
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 0));
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 1));
  }
  if (local == NULL)
    return g_steal_pointer (&records);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* What changes that record or refers to it. What is on its way comes back as held, and follows then. */
static bool
give_up_dependents (CslReplica *self, const char *id, guint *ret_n, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'withdrawn', \"laid\" = 0 WHERE "
    "\"state\" IN ('queued', 'held', 'rejected') AND \"group\" IN (SELECT \"group\" FROM "
    "\"_outbox\" WHERE \"state\" IN ('queued', 'held', 'rejected') AND "
    "(\"id\" = :id OR instr (\"line\" -> '$.set', :id) > 0)) RETURNING \"id\", \"type\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_replica_lay_returned (self, stmt, ret_n, error);
}

static bool
withdraw_round (CslReplica *self, guint *ret_n, GError **error)
{
  g_autoptr (GPtrArray) unmade = list_unmade (self, error);

  if (unmade == NULL)
    return false;
  for (guint i = 0; i + 1 < unmade->len; i += 2) {
    const CslRecordType *type =
      csl_schema_lookup_type (self->schema, unmade->pdata[i + 1]);
    g_autoptr (CslRecord) made = NULL;

    if (type == NULL)
      continue;
    if (!csl_replica_get_server_version (self, type, unmade->pdata[i], &made, error) ||
        (made == NULL && !give_up_dependents (self, unmade->pdata[i], ret_n, error)))
      return false;
  }
  return true;
}

bool
csl_replica_withdraw_dependents (CslReplica *self, GError **error)
{
  guint n;

  /* What was given up may itself have made something. */
  do {
    n = 0;
    if (!withdraw_round (self, &n, error))
      return false;
  } while (n > 0);
  return true;
}

static bool
withdraw_group (CslReplica *self, gint64 n, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'withdrawn', \"laid\" = 0 "
    "WHERE \"state\" IN ('queued', 'held', 'rejected') AND \"group\" = "
    "(SELECT \"group\" FROM \"_outbox\" WHERE \"entry\" = :entry) RETURNING \"id\", "
    "\"type\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  guint n_given_up = 0;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":entry", n);
  if (!csl_replica_lay_returned (self, stmt, &n_given_up, error))
    return false;
  if (n_given_up > 0)
    return csl_replica_withdraw_dependents (self, error);
  g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID,
                       "No such entry in that state");
  return false;
}

bool
csl_replica_withdraw (CslReplica *self, gint64 n, GError **error)
{
  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self, withdraw_group (self, n, error), error);
}
