/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-correct.c: what a person changes on a record after a change of it was refused.
 *
 * The refused operation keeps its place in the outbox, in front of what was written later and waits for it. So a field
 * that a later one sets, too, is not corrected there: the newest words go behind the older ones.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-scan.h"
#include "core/outbox/csl-outbox.h"
#include "store/csl-replica-private.h"

#include <string.h>

/* The number a line is sent with may have more digits. */
#define NUMBER_ROOM 32

typedef struct
{
  gint64 entry;  /* 0: nothing was refused */
  CslOp *op;     /* (owned) */
  CslAnswer why; /* (owned) */
} Refused;

static void
refused_clear (Refused *self)
{
  g_clear_pointer (&self->op, csl_op_free);
  csl_answer_clear (&self->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Refused, refused_clear)

bool
csl_replica_check_line (const char *line, GError **error)
{
  if (strlen (line) + NUMBER_ROOM <= csl_json_limits_line.max_bytes)
    return true;
  g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID,
                       "The change is too large to be sent");
  return false;
}

/* An error of a step, or only its end? */
static bool
is_end (GError *local, GError **error)
{
  return csl_error_pass (&local, error);
}

static CslOp *
parse (CslReplica *self, CslStmt *stmt, int column, GError **error)
{
  return csl_op_parse (self->schema, csl_stmt_get_text (stmt, column),
                       csl_stmt_get_size (stmt, column), NULL, error);
}

static bool
find_refused (CslReplica *self, const char *id, Refused *ret_refused, GError **error)
{
  static const char sql[] =
    "SELECT \"entry\", \"line\", \"answer\" FROM \"_outbox\" WHERE \"id\" = :id AND "
    "\"state\" = 'rejected' ORDER BY \"entry\" DESC LIMIT 1";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  GError *local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  if (!csl_stmt_step (stmt, &local))
    return is_end (local, error);
  /* An answer that cannot be read blames no field, and so every one. */
  if (!csl_stmt_is_null (stmt, 2) &&
      !csl_answer_parse (&ret_refused->why, csl_stmt_get_text (stmt, 2),
                         csl_stmt_get_size (stmt, 2), NULL))
    csl_answer_clear (&ret_refused->why);
  ret_refused->op = parse (self, stmt, 1, error);
  ret_refused->entry = csl_stmt_get_int (stmt, 0);
  return ret_refused->op != NULL;
}

/* What was written about the record behind the entry and is still laid over it. */
static GPtrArray *
list_later (CslReplica *self, const char *id, gint64 entry, GError **error)
{
  static const char sql[] =
    "SELECT \"line\" FROM \"_outbox\" WHERE \"id\" = :id AND \"entry\" > :entry AND "
    "\"laid\" = 1 ORDER BY \"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GPtrArray) later =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_op_free);
  GError *local = NULL;

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_int (stmt, ":entry", entry);
  while (csl_stmt_step (stmt, &local)) {
    CslOp *op = parse (self, stmt, 0, error);

    if (op == NULL)
      return NULL;
    g_ptr_array_add (later, op);
  }
  return is_end (local, error) ? g_steal_pointer (&later) : NULL;
}

static bool
write_refused (CslReplica *self, const Refused *refused, gint64 now_ms, GError **error)
{
  static const char sql[] = "UPDATE \"_outbox\" SET \"line\" = :line, "
                            "\"saved_ms\" = :saved WHERE \"entry\" = :entry";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autofree char *line = csl_op_print (refused->op);

  if (stmt == NULL || !csl_replica_check_line (line, error))
    return false;
  csl_stmt_bind_text (stmt, ":line", line);
  csl_stmt_bind_int (stmt, ":saved", now_ms);
  csl_stmt_bind_int (stmt, ":entry", refused->entry);
  return csl_stmt_run (stmt, error);
}

bool
csl_replica_correct (CslReplica *self,
                     CslOp *op,
                     gint64 now_ms,
                     bool *ret_done,
                     GError **error)
{
  g_auto (Refused) refused = { 0 };
  g_autoptr (GPtrArray) later = NULL;
  bool renewed = false;

  if (!find_refused (self, op->id, &refused, error))
    return false;
  if (refused.entry == 0)
    return true;
  later = list_later (self, op->id, refused.entry, error);
  if (later == NULL)
    return false;
  if (!csl_op_correct (refused.op, op, later, &refused.why))
    return true;
  if (!write_refused (self, &refused, now_ms, error) ||
      !csl_replica_renew_rejected (self, refused.entry, &renewed, error))
    return false;
  *ret_done = renewed && op->set->len == 0;
  return true;
}
