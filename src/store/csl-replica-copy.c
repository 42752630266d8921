/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-replica-copy.c: unsent work out of a replica, and into another one of the same person.
 *
 * What is taken in is an operation of this replica from then on: laid over the records, numbered and sent with the
 * others. Its id is the one it was written under, so that it has one effect however often, and from
 * wherever, it is sent (I3, I22).
 */
#include "config.h"

#include "store/csl-replica-copy.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-time.h"
#include "core/wire/csl-op.h"
#include "store/csl-replica-drafts.h"
#include "store/csl-replica-private.h"
#include "store/csl-sealed.h"

#include <string.h>

bool
csl_replica_copy_work (CslReplica *self, CslWorkCopy *ret_copy, GError **error)
{
  static const char sql[] =
    "SELECT \"line\" FROM \"_outbox\" WHERE \"state\" IN ('queued', 'sent', 'held', "
    "'rejected') ORDER BY \"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  const CslRecordType *type = csl_schema_lookup_type (self->schema, CSL_DRAFT_TYPE);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) drafts = g_ptr_array_new_with_free_func (g_free);
  GError *local = NULL;

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &local))
    g_ptr_array_add (lines, csl_stmt_dup_text (stmt, 0));
  if (!csl_error_pass (&local, error))
    return false;
  if (type != NULL &&
      !csl_drafts_list (csl_replica_get_table (self, type), drafts, error))
    return false;
  *ret_copy = (CslWorkCopy){
    .organisation = g_strdup (self->identity.organisation),
    .user = g_strdup (self->identity.user),
    .device = g_strdup (self->identity.device),
    .inc = g_strdup (self->identity.inc),
    .epoch = g_strdup (self->identity.epoch),
    .at = csl_instant_format (csl_env_wall_ms (self->env), NULL),
    .lines = g_steal_pointer (&lines),
    .drafts = g_steal_pointer (&drafts),
  };
  return true;
}

/* -- taking in -- */

/* One line with what the outbox says beside it. A line of a newer program need not be understood to be sent. */
typedef struct
{
  const char *text;                  /* (unowned) */
  char *op, *group, *id, *type_name; /* (owned) */
  const CslRecordType *type;         /* (unowned) (nullable) */
  CslAct act;
} Line;

static void
line_clear (Line *line)
{
  g_free (line->op);
  g_free (line->group);
  g_free (line->id);
  g_free (line->type_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

static bool
line_read (Line *ret_line, CslReplica *self, const char *text, GError **error)
{
  g_autoptr (CslOp) op = csl_op_parse (self->schema, text, strlen (text), NULL, NULL);
  g_auto (CslJson) json = { 0 };

  *ret_line = (Line){ .text = text, .act = op != NULL ? op->act : CSL_ACT_UPDATE };
  csl_json_init (&json);
  if (!csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, error))
    return false;
  ret_line->op = csl_json_member_dup_string (&json, 0, "op");
  ret_line->group = csl_json_member_dup_string (&json, 0, "g");
  ret_line->id = csl_json_member_dup_string (&json, 0, "id");
  ret_line->type_name = csl_json_member_dup_string (&json, 0, "k");
  if (ret_line->op == NULL || ret_line->group == NULL || ret_line->id == NULL ||
      ret_line->type_name == NULL) {
    g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_DAMAGED,
                         "A line of the copy is no operation");
    return false;
  }
  /* Without an operation that can be read nothing can be laid over anything. */
  if (op != NULL)
    ret_line->type = op->type;
  return true;
}

static bool
is_known (CslReplica *self, const char *op, bool *ret_known, GError **error)
{
  static const char sql[] = "SELECT 1 FROM \"_outbox\" WHERE \"op\" = :op";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  GError *local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":op", op);
  *ret_known = csl_stmt_step (stmt, &local);
  return csl_error_pass (&local, error);
}

/* It counts as sent once: the server may know the line already, as it was written, and no other may come under its id. */
static bool
insert (CslReplica *self, const Line *line, GError **error)
{
  return csl_replica_insert_line (self,
                                  &(CslNewLine){ .op = line->op,
                                                 .group = line->group,
                                                 .type = line->type_name,
                                                 .id = line->id,
                                                 .bucket = "",
                                                 .act = line->act,
                                                 .text = line->text,
                                                 .saved_ms = csl_env_wall_ms (self->env),
                                                 .tries = 1,
                                                 .laid = line->type != NULL },
                                  error);
}

/* What the list calls it, and which bucket it leaves with: known once the operation is laid over the record. */
static bool
describe (CslReplica *self, const Line *line, GError **error)
{
  static const char sql[] = "UPDATE \"_outbox\" SET \"title\" = :title, \"bucket\" = "
                            ":bucket WHERE \"op\" = :op";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  CslRowInfo info;
  GError *local = NULL;
  g_autoptr (CslRecord) record =
    csl_record_table_get (csl_replica_get_table (self, line->type), line->id, &info,
                          &local);
  g_autofree char *title = record != NULL ? csl_record_dup_title (record) : NULL;
  g_autofree char *bucket =
    record != NULL ? csl_record_dup_bucket (record, self->identity.organisation) : NULL;

  if (!csl_error_pass (&local, error))
    return false;
  if (stmt == NULL || record == NULL)
    return stmt != NULL;
  csl_stmt_bind_text (stmt, ":title", title);
  csl_stmt_bind_text (stmt, ":bucket", bucket != NULL ? bucket : "");
  csl_stmt_bind_text (stmt, ":op", line->op);
  return csl_stmt_run (stmt, error);
}

static bool
take_line (CslReplica *self, const char *text, CslTakenIn *taken, GError **error)
{
  g_auto (Line) line = { 0 };
  bool known = false;

  if (!line_read (&line, self, text, error) || !is_known (self, line.op, &known, error))
    return false;
  if (known) {
    taken->n_known++;
    return true;
  }
  taken->n_new++;
  if (line.type == NULL)
    return insert (self, &line, error);
  return csl_replica_keep_shadow (self, line.type, line.id, error) &&
         insert (self, &line, error) &&
         csl_replica_lay (self, line.type, line.id, error) &&
         describe (self, &line, error);
}

static bool
take_draft (CslReplica *self, const char *line, CslTakenIn *taken, GError **error)
{
  bool is_new = false;

  if (!csl_replica_take_draft (self, line, &is_new, error))
    return false;
  taken->n_drafts += is_new;
  return true;
}

static bool
check_author (CslReplica *self, const CslWorkCopy *copy, GError **error)
{
  if (strcmp (copy->organisation, self->identity.organisation) == 0 &&
      strcmp (copy->user, self->identity.user) == 0)
    return true;
  g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_OTHERS,
                       "The copy is somebody else's work");
  return false;
}

bool
csl_replica_take_in (CslReplica *self,
                     const CslWorkCopy *copy,
                     CslTakenIn *ret_taken,
                     GError **error)
{
  CslTakenIn taken = { 0 };
  bool done = true;

  if (!check_author (self, copy, error) || !csl_replica_begin (self, error))
    return false;
  for (guint i = 0; done && i < copy->lines->len; i++)
    done = take_line (self, copy->lines->pdata[i], &taken, error);
  for (guint i = 0; done && copy->drafts != NULL && i < copy->drafts->len; i++)
    done = take_draft (self, copy->drafts->pdata[i], &taken, error);
  if (!csl_replica_end (self, done, error))
    return false;
  *ret_taken = taken;
  return true;
}
