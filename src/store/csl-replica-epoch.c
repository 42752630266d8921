/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another history: the server was restored from a backup that ends at @head (I21, docs/protocol.md part 13).
 *
 * What the server lost and this replica still has is offered again: own operations by their own ids, rows of others as
 * restore operations (csl-replica-offer.c). Nothing is removed here; the reconcile that follows compares by manifest.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-mut.h"
#include "core/outbox/csl-outbox.h"
#include "store/csl-replica-outbox.h"
#include "store/csl-replica-private.h"

#include <string.h>

static bool
run_plain (CslReplica *self, const char *sql, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  return stmt != NULL && csl_stmt_run (stmt, error);
}

/* Own operations whose commits the server no longer has, each with its whole group (a group with a hole is never answered),
 * and creates whose record went in one of these. Their records (ids, type names, alternating) go to @records. */
static bool
requeue_lost (CslReplica *self, gint64 head, GPtrArray *records, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'queued', \"laid\" = 1, \"answered\" = 0, "
    "\"answer\" = NULL WHERE (\"state\" IN ('acked', 'conflict', 'escrow', 'rejected') "
    "AND \"group\" IN (SELECT \"group\" FROM \"_outbox\" WHERE \"state\" IN "
    "('acked', 'conflict', 'escrow') AND \"seq\" > :head)) OR (\"act\" = 0 AND "
    "\"state\" = 'queued' AND \"gone\" > :head) RETURNING \"id\", \"type\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":head", head);
  while (csl_stmt_step (stmt, &local)) {
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 0));
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 1));
  }
  return csl_error_pass (&local, error);
}

/* Versions of the lost history that no row shows, because an own operation deleted it here. */
static bool
forget_hidden (CslReplica *self, gint64 head, GError **error)
{
  static const char sql[] =
    "SELECT \"id\", \"type\" FROM \"_shadow\" WHERE \"rev\" > :head";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GPtrArray) hidden = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  bool changed = false;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":head", head);
  while (csl_stmt_step (stmt, &local)) {
    g_ptr_array_add (hidden, csl_stmt_dup_text (stmt, 0));
    g_ptr_array_add (hidden, csl_stmt_dup_text (stmt, 1));
  }
  if (!csl_error_pass (&local, error))
    return false;
  for (guint i = 0; i + 1 < hidden->len; i += 2)
    if (!csl_replica_remove_version (self, g_ptr_array_index (hidden, i + 1),
                                     g_ptr_array_index (hidden, i), NULL, G_MAXINT64,
                                     &changed, error))
      return false;
  return true;
}

static bool
lay_requeued (CslReplica *self, const GPtrArray *records, GError **error)
{
  for (guint i = 0; i + 1 < records->len; i += 2) {
    const CslRecordType *type =
      csl_schema_lookup_type (self->schema, g_ptr_array_index (records, i + 1));
    const char *id = g_ptr_array_index (records, i);

    if (type != NULL && (!csl_replica_keep_shadow (self, type, id, error) ||
                         !csl_replica_lay (self, type, id, error)))
      return false;
  }
  return true;
}

/* Numbers of the lost history say nothing about what comes now. */
static bool
forget_gone (CslReplica *self, GError **error)
{
  return run_plain (self, "UPDATE \"_outbox\" SET \"gone\" = 0 WHERE \"gone\" > 0",
                    error);
}

static bool
set_cursor (CslReplica *self, const char *epoch, gint64 head, GError **error)
{
  g_strlcpy (self->identity.epoch, epoch, sizeof self->identity.epoch);
  self->identity.since = CSL_MUT (13) ? self->identity.since
                                      : MIN (self->identity.since, head);
  self->identity.safe_seq = MIN (self->identity.safe_seq, head);
  self->identity.reconcile = true;
  g_clear_pointer (&self->resume, g_free);
  return csl_replica_set_meta_text (self, "epoch", epoch, error) &&
         csl_replica_set_meta_int (self, "since", self->identity.since, error) &&
         csl_replica_set_meta_int (self, "safe_seq", self->identity.safe_seq, error) &&
         csl_replica_set_meta_int (self, "reconcile", 1, error) &&
         csl_replica_set_meta_text (self, "resume", NULL, error);
}

/* Bases above @head are commits of the lost history: under the new one the same number is somebody else's commit, and what
 * it changed would be overwritten or deleted unseen (I16). A server that has seen the line knows it with either base. */
static bool
lower_bases (CslReplica *self, gint64 head, GError **error)
{
  static const char list_sql[] =
    "SELECT \"entry\", \"line\" FROM \"_outbox\" WHERE \"line\" ->> '$.base' > :head "
    "AND \"state\" IN ('queued', 'held', 'rejected')";
  static const char put_sql[] =
    "UPDATE \"_outbox\" SET \"line\" = :line WHERE \"entry\" = :entry";
  csl_auto_reset CslStmt *list = csl_db_prepare (self->db, list_sql, error);
  csl_auto_reset CslStmt *put = csl_db_prepare (self->db, put_sql, error);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local = NULL;

  if (list == NULL || put == NULL)
    return false;
  csl_stmt_bind_int (list, ":head", head);
  while (csl_stmt_step (list, &local)) {
    gint64 entry = csl_stmt_get_int (list, 0);

    g_array_append_val (entries, entry);
    g_ptr_array_add (lines, csl_stmt_dup_text (list, 1));
  }
  if (!csl_error_pass (&local, error))
    return false;
  for (guint i = 0; i < entries->len; i++) {
    g_autoptr (GString) line = g_string_new (NULL);

    if (!csl_op_line_append (line, lines->pdata[i], "base", head, error))
      return false;
    csl_stmt_reset (put);
    csl_stmt_bind_text (put, ":line", line->str);
    csl_stmt_bind_int (put, ":entry", g_array_index (entries, gint64, i));
    if (!csl_stmt_run (put, error))
      return false;
  }
  return true;
}

static bool
change_epoch (CslReplica *self, const char *epoch, gint64 head, GError **error)
{
  static const char unsend_sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'queued' WHERE \"state\" = 'sent'";
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);

  if (!run_plain (self, unsend_sql, error) ||
      !(CSL_MUT (12) || csl_replica_renew_incarnation (self, error)) ||
      !(CSL_MUT (11) || requeue_lost (self, head, records, error)) ||
      !lower_bases (self, head, error))
    return false;
  /* A new replica has nothing to offer: it only learns the name. */
  return csl_replica_offer_lost (self, head, error) &&
         forget_hidden (self, head, error) && lay_requeued (self, records, error) &&
         forget_gone (self, error) && set_cursor (self, epoch, head, error);
}

bool
csl_replica_change_epoch (CslReplica *self,
                          const char *epoch,
                          gint64 head,
                          GError **error)
{
  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self, change_epoch (self, epoch, head, error), error);
}
