/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Committing what a person did (R1): operations, shadows and rows in one durable transaction. */
#include "config.h"

#include "store/csl-replica-edit.h"

#include "core/base/csl-id.h"
#include "core/base/csl-time.h"
#include "core/outbox/csl-outbox.h"
#include "store/csl-replica-private.h"

#include <string.h>

typedef struct
{
  CslReplica *replica; /* (unowned) */
  const CslReplicaAct *act;
  gint64 now_ms, mono_ms;
  char *wall; /* (owned) */
  CslId group;
} Commit;

static const CslRecord *
subject (const CslReplicaChange *change)
{
  return change->after != NULL ? change->after : change->before;
}

static void
complete_operation (Commit *self, CslOp *op, guint position, guint size)
{
  const CslReplicaAct *act = self->act;
  CslId id = csl_id_new (self->replica->env);

  g_strlcpy (op->op, id.text, sizeof op->op);
  g_strlcpy (op->group, self->group.text, sizeof op->group);
  g_strlcpy (op->by, self->replica->identity.user, sizeof op->by);
  op->group_position = position;
  op->group_size = size;
  op->schema = csl_schema_get_version (self->replica->schema);
  op->mono = self->mono_ms;
  g_free (op->wall);
  op->wall = g_strdup (self->wall);
  g_free (op->reason);
  op->reason = g_strdup (act->reason);
  /* The conflict is settled by the operation on the record it is about, not by the one that closes it. */
  if (act->resolves != NULL && strcmp (op->type->name, "sync_conflict") != 0)
    g_strlcpy (op->resolves, act->resolves, sizeof op->resolves);
  if (act->fixes != NULL)
    g_strlcpy (op->fixes, act->fixes, sizeof op->fixes);
}

static char *
dup_bucket (CslReplica *self, const CslRecord *record)
{
  char *bucket = csl_record_dup_bucket (record, self->identity.organisation);

  return bucket != NULL ? bucket : g_strdup ("");
}

static bool
insert_line (Commit *self, CslOp *op, const CslRecord *record, GError **error)
{
  g_autofree char *title = csl_record_dup_title (record);
  g_autofree char *bucket = dup_bucket (self->replica, record);
  g_autofree char *text = NULL;

  op->n = 1; /* the real number is put in when it is sent */
  text = csl_op_print (op);
  return csl_replica_check_line (text, error) &&
         csl_replica_insert_line (self->replica,
                                  &(CslNewLine){ .op = op->op,
                                                 .group = op->group,
                                                 .type = op->type->name,
                                                 .id = op->id,
                                                 .bucket = bucket,
                                                 .act = op->act,
                                                 .title = title,
                                                 .text = text,
                                                 .saved_ms = self->now_ms,
                                                 .laid = true },
                                  error);
}

/* Folds @op into the newest operation on the same record, if that one waits and was never sent. */
static bool
try_squash (Commit *self, const CslOp *op, bool *ret_done, GError **error)
{
  static const char find_sql[] =
    "SELECT \"entry\", \"line\", \"state\", \"tries\", (SELECT count (*) FROM "
    "\"_outbox\" AS g "
    "WHERE g.\"group\" = o.\"group\") FROM \"_outbox\" AS o WHERE \"id\" = :id "
    "ORDER BY \"entry\" DESC LIMIT 1";
  static const char update_sql[] = "UPDATE \"_outbox\" SET \"line\" = :line, "
                                   "\"saved_ms\" = :saved WHERE \"entry\" = :entry";
  csl_auto_reset CslStmt *find = csl_db_prepare (self->replica->db, find_sql, error);
  csl_auto_reset CslStmt *update = csl_db_prepare (self->replica->db, update_sql, error);
  g_autoptr (GError) local = NULL;
  g_autoptr (CslOp) older = NULL;
  g_autofree char *line = NULL;

  if (find == NULL || update == NULL)
    return false;
  csl_stmt_bind_text (find, ":id", op->id);
  if (!csl_stmt_step (find, &local)) {
    if (local == NULL)
      return true;
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  if (strcmp (csl_stmt_get_text (find, 2), "queued") != 0 ||
      csl_stmt_get_int (find, 3) != 0 || csl_stmt_get_int (find, 4) != 1)
    return true;
  older = csl_op_parse (self->replica->schema, csl_stmt_get_text (find, 1),
                        csl_stmt_get_size (find, 1), NULL, error);
  if (older == NULL)
    return false;
  if (!csl_op_squash (older, op))
    return true;
  line = csl_op_print (older);
  /* Together they are too large: each for itself then. */
  *ret_done = csl_replica_check_line (line, NULL);
  if (!*ret_done)
    return true;
  csl_stmt_bind_text (update, ":line", line);
  csl_stmt_bind_int (update, ":saved", self->now_ms);
  csl_stmt_bind_int (update, ":entry", csl_stmt_get_int (find, 0));
  return csl_stmt_run (update, error);
}

/* An id is created once; what comes again was deleted in between. */
static bool
was_written (Commit *self, const char *id)
{
  static const char sql[] = "SELECT 1 FROM \"_outbox\" WHERE \"id\" = :id AND "
                            "\"state\" NOT IN ('rejected', 'withdrawn') LIMIT 1";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->replica->db, sql, NULL);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_step (stmt, NULL);
}

static bool
write_operation (Commit *self,
                 CslOp *op,
                 const CslReplicaChange *change,
                 bool alone,
                 GError **error)
{
  const CslRecord *record = subject (change);
  bool squashed = false;

  /* Who settles a difference has seen both sides. */
  if (change->before != NULL && self->act->resolves == NULL &&
      !csl_replica_lower_base (self->replica, op, change->before, error))
    return false;
  if (alone && self->act->fixes == NULL && self->act->resolves == NULL &&
      !csl_replica_correct (self->replica, op, self->now_ms, &squashed, error))
    return false;
  if (!squashed && alone && self->act->squash && !try_squash (self, op, &squashed, error))
    return false;
  if (op->act == CSL_ACT_CREATE && was_written (self, op->id))
    op->act = CSL_ACT_RESTORE;
  if (!csl_replica_keep_shadow (self->replica, record->type, record->id, error))
    return false;
  return (squashed || insert_line (self, op, record, error)) &&
         csl_replica_lay (self->replica, record->type, record->id, error);
}

static bool
write_local (Commit *self, const CslReplicaChange *change, GError **error)
{
  const CslRecord *record = subject (change);

  if (change->after == NULL)
    return csl_replica_remove_row (self->replica, record->type, record->id, error);
  return csl_replica_write_row (self->replica, record, 0, 0, error);
}

/* The refused operation that this act repairs needs no more attention; what waited for it is tried again once the
 * repair was applied. */
static bool
close_fixed (Commit *self, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'withdrawn', \"laid\" = 0 "
    "WHERE \"op\" = :op AND \"state\" = 'rejected' RETURNING \"type\", \"id\"";
  csl_auto_reset CslStmt *stmt = NULL;
  g_autoptr (GError) local = NULL;
  const CslRecordType *type;
  g_autofree char *id = NULL;

  if (self->act->fixes == NULL)
    return true;
  stmt = csl_db_prepare (self->replica->db, sql, error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":op", self->act->fixes);
  if (!csl_stmt_step (stmt, &local)) {
    if (local == NULL)
      return true;
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  type = csl_schema_lookup_type (self->replica->schema, csl_stmt_get_text (stmt, 0));
  id = csl_stmt_dup_text (stmt, 1);
  csl_stmt_reset (stmt);
  return type == NULL || csl_replica_lay (self->replica, type, id, error);
}

static bool
write_changes (Commit *self,
               const CslReplicaChange *changes,
               guint n_changes,
               GError **error)
{
  g_autoptr (GPtrArray) ops =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_op_free);
  guint n_ops = 0, position = 0;

  for (guint i = 0; i < n_changes; i++) {
    const CslRecordType *type = subject (&changes[i])->type;
    CslOp *op = type->local ? NULL
                            : csl_op_from_change (changes[i].before, changes[i].after);

    g_ptr_array_add (ops, op);
    if (op != NULL)
      n_ops++;
  }
  for (guint i = 0; i < n_changes; i++) {
    CslOp *op = g_ptr_array_index (ops, i);

    if (subject (&changes[i])->type->local) {
      if (!write_local (self, &changes[i], error))
        return false;
    } else if (op != NULL) {
      complete_operation (self, op, ++position, n_ops);
      if (!write_operation (self, op, &changes[i], n_ops == 1, error))
        return false;
    }
  }
  return close_fixed (self, error);
}

/**
 * csl_replica_commit:
 *
 * Writes one act of a person. When it returns %TRUE the act is on the disk and will reach the server whatever
 * happens to this process.
 */
bool
csl_replica_commit (CslReplica *self,
                    const CslReplicaChange *changes,
                    guint n_changes,
                    const CslReplicaAct *act,
                    GError **error)
{
  static const CslReplicaAct nothing_said = { 0 };
  g_autofree char *wall = NULL;
  Commit commit = {
    .replica = self,
    .act = act != NULL ? act : &nothing_said,
    .now_ms = csl_env_wall_ms (self->env),
    .mono_ms = csl_env_mono_ms (self->env),
    .group = csl_id_new (self->env),
  };

  wall = csl_instant_format (commit.now_ms, commit.act->zone);
  commit.wall = wall;
  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self, write_changes (&commit, changes, n_changes, error),
                          error);
}
