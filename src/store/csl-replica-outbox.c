/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: listing, taking batches, what a person does with an entry. Answers are in csl-replica-answers.c.
 *
 * Numbers: the server wants n dense from 1 within an incarnation, counted over operations it has not answered yet. So
 * numbers are given when a batch is taken: last answered + 1, + 2, … in order of writing. An operation the
 * server has answered before (held) keeps its number.
 */
#include "config.h"

#include "store/csl-replica-outbox.h"

#include "core/base/csl-error.h"
#include "core/base/csl-id.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-pull-request.h"
#include "store/csl-replica-private.h"

#include <string.h>

void
csl_outbox_entry_free (CslOutboxEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->type_name);
  g_free (entry->line);
  g_free (entry->title);
  g_free (entry->code);
  g_free (entry->field);
  g_free (entry->message);
  g_free (entry->decision);
  g_free (entry->decided_by);
  g_free (entry->decision_reason);
  g_free (entry);
}

/* -- Listing --------------------------------------------------------------------------- */

static void
read_answer (CslOutboxEntry *entry, const char *text)
{
  g_auto (CslAnswer) answer = { 0 };

  if (text == NULL || !csl_answer_parse (&answer, text, strlen (text), NULL))
    return;
  entry->code = g_steal_pointer (&answer.code);
  entry->field = g_steal_pointer (&answer.field);
  entry->message = g_steal_pointer (&answer.message);
  g_strlcpy (entry->conflict, answer.conflict, sizeof entry->conflict);
}

static CslOutboxEntry *
read_entry (CslReplica *self, CslStmt *stmt)
{
  CslOutboxEntry *entry = g_new0 (CslOutboxEntry, 1);

  entry->n = csl_stmt_get_int (stmt, 0);
  csl_stmt_copy_text (stmt, 1, entry->op, sizeof entry->op);
  csl_stmt_copy_text (stmt, 2, entry->group, sizeof entry->group);
  csl_stmt_copy_text (stmt, 3, entry->id, sizeof entry->id);
  entry->type_name = csl_stmt_dup_text (stmt, 4);
  entry->type = csl_schema_lookup_type (self->schema, entry->type_name);
  csl_outbox_state_from_string (csl_stmt_get_text (stmt, 5), &entry->state);
  entry->tries = (guint) csl_stmt_get_int (stmt, 6);
  entry->saved_ms = csl_stmt_get_int (stmt, 7);
  entry->title = csl_stmt_dup_text (stmt, 8);
  entry->line = csl_stmt_dup_text (stmt, 9);
  read_answer (entry, csl_stmt_get_text (stmt, 10));
  entry->held_by = csl_stmt_get_int (stmt, 11);
  entry->acked_seq = csl_stmt_get_int (stmt, 12);
  return entry;
}

/* The answer to what is with a manager lies among the person's own records. */
static bool
read_decision (CslReplica *self, CslOutboxEntry *entry, GError **error)
{
  static const char sql[] = "SELECT \"state\", \"decided_by\", \"reason\" FROM "
                            "\"stranded_answer\" WHERE \"bundle\" = :group";
  g_autoptr (GError) local = NULL;
  csl_auto_reset CslStmt *stmt = NULL;

  if (entry->state != CSL_OUTBOX_ESCROW ||
      csl_schema_lookup_type (self->schema, "stranded_answer") == NULL)
    return true;
  stmt = csl_db_prepare (self->db, sql, error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":group", entry->group);
  if (csl_stmt_step (stmt, &local)) {
    entry->decision = csl_stmt_dup_text (stmt, 0);
    entry->decided_by = csl_stmt_dup_text (stmt, 1);
    entry->decision_reason = csl_stmt_dup_text (stmt, 2);
  }
  return csl_error_pass (&local, error);
}

GPtrArray *
csl_replica_list_outbox (CslReplica *self, GError **error)
{
  static const char sql[] =
    "SELECT \"entry\", \"op\", \"group\", \"id\", \"type\", \"state\", \"tries\", "
    "\"saved_ms\", "
    "\"title\", \"line\", \"answer\", \"held_by\", \"seq\" FROM \"_outbox\" "
    "WHERE \"state\" <> 'acked' ORDER BY \"entry\"";
  g_autoptr (GPtrArray) entries =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_outbox_entry_free);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return NULL;
  while (csl_stmt_step (stmt, &local))
    g_ptr_array_add (entries, read_entry (self, stmt));
  if (!csl_error_pass (&local, error))
    return NULL;
  for (guint i = 0; i < entries->len; i++)
    if (!read_decision (self, entries->pdata[i], error))
      return NULL;
  return g_steal_pointer (&entries);
}

static guint *
count_place (CslOutboxCounts *counts, CslOutboxState state)
{
  switch (state) {
  case CSL_OUTBOX_QUEUED:
    return &counts->queued;
  case CSL_OUTBOX_SENT:
    return &counts->sent;
  case CSL_OUTBOX_ACKED:
    return &counts->acked;
  case CSL_OUTBOX_HELD:
    return &counts->held;
  case CSL_OUTBOX_REJECTED:
    return &counts->rejected;
  case CSL_OUTBOX_CONFLICT:
    return &counts->conflict;
  case CSL_OUTBOX_ESCROW:
    return &counts->escrow;
  case CSL_OUTBOX_WITHDRAWN:
    return &counts->withdrawn;
  }
  g_assert_not_reached ();
}

bool
csl_replica_count_outbox (CslReplica *self, CslOutboxCounts *ret_counts, GError **error)
{
  static const char sql[] =
    "SELECT \"state\", count (*) FROM \"_outbox\" GROUP BY \"state\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;
  CslOutboxCounts counts = { 0 };

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &local)) {
    CslOutboxState state;

    if (csl_outbox_state_from_string (csl_stmt_get_text (stmt, 0), &state))
      *count_place (&counts, state) = (guint) csl_stmt_get_int (stmt, 1);
  }
  if (!csl_error_pass (&local, error))
    return false;
  *ret_counts = counts;
  return true;
}

/* -- Taking a batch -------------------------------------------------------------------- */

static bool
mark_sent (CslReplica *self, gint64 entry, gint64 n, GError **error)
{
  static const char sql[] = "UPDATE \"_outbox\" SET \"state\" = 'sent', \"n\" = :n, "
                            "\"tries\" = \"tries\" + 1 WHERE \"entry\" = :entry";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":n", n);
  csl_stmt_bind_int (stmt, ":entry", entry);
  return csl_stmt_run (stmt, error);
}

typedef struct
{
  GString *body;
  guint n_ops;
  gint64 next_n;
  /* The group being collected: taken as a whole or not at all. */
  char group[40];
  gsize group_start;
  GArray *entries; /* (owned) of gint64 pairs: entry, n */
  guint group_ops; /* entries that belong to the open group */
  gint64 group_n;  /* next_n before it */
} Batch;

static void
undo_group (Batch *batch)
{
  g_string_truncate (batch->body, batch->group_start);
  g_array_set_size (batch->entries, batch->entries->len - 2 * batch->group_ops);
  batch->n_ops -= batch->group_ops;
  batch->next_n = batch->group_n;
  batch->group_ops = 0;
}

static void
open_group (Batch *batch, const char *group)
{
  g_strlcpy (batch->group, group, sizeof batch->group);
  batch->group_start = batch->body->len;
  batch->group_n = batch->next_n;
  batch->group_ops = 0;
}

/* Columns: entry, group, n, answered, line. FALSE without @error: the batch is full. */
static bool
add_to_batch (Batch *batch, CslStmt *stmt, guint max_ops, gsize max_bytes, GError **error)
{
  gint64 pair[2];
  bool first;

  if (strcmp (batch->group, csl_stmt_get_text (stmt, 1)) != 0)
    open_group (batch, csl_stmt_get_text (stmt, 1));
  pair[0] = csl_stmt_get_int (stmt, 0);
  pair[1] = csl_stmt_get_int (stmt, 3) != 0 ? csl_stmt_get_int (stmt, 2)
                                            : batch->next_n++;
  if (!csl_op_line_append (batch->body, csl_stmt_get_text (stmt, 4), "n", pair[1], error))
    return false;
  g_string_append_c (batch->body, '\n');
  g_array_append_vals (batch->entries, pair, 2);
  batch->n_ops++;
  batch->group_ops++;
  /* A group larger than the limits goes alone: it can never be smaller. */
  first = batch->n_ops == batch->group_ops;
  if (first || (batch->n_ops <= max_ops && batch->body->len <= max_bytes))
    return true;
  undo_group (batch);
  return false;
}

static GString *
push_head (CslReplica *self)
{
  CslPushHead head = {
    .device = self->identity.device,
    .inc = self->identity.inc,
    .epoch = self->identity.epoch,
  };
  g_autofree char *text = csl_push_head_print (&head);
  GString *body = g_string_new (text);

  g_string_append_c (body, '\n');
  return body;
}

static bool
fill_batch (CslReplica *self,
            Batch *batch,
            guint max_ops,
            gsize max_bytes,
            GError **error)
{
  static const char sql[] =
    "SELECT \"entry\", \"group\", \"n\", \"answered\", \"line\" FROM \"_outbox\" "
    "WHERE \"state\" = 'queued' ORDER BY \"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &local) &&
         add_to_batch (batch, stmt, max_ops, max_bytes, &local))
    continue;
  csl_stmt_reset (stmt);
  if (!csl_error_pass (&local, error))
    return false;
  for (guint i = 0; i + 1 < batch->entries->len; i += 2)
    if (!mark_sent (self, g_array_index (batch->entries, gint64, i),
                    g_array_index (batch->entries, gint64, i + 1), error))
      return false;
  return true;
}

/**
 * csl_replica_take_batch:
 *
 * Marks the operations as sent before they are: should the process die now, they wait again when the replica is opened.
 * What is still marked from the batch before got no answer that could be kept, and goes again.
 */
GString *
csl_replica_take_batch (CslReplica *self,
                        guint max_ops,
                        gsize max_bytes,
                        guint *ret_n_ops,
                        GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GString) body = push_head (self);
  Batch batch = { .body = body, .next_n = self->last_n + 1, .entries = entries };

  if (!csl_replica_begin (self, error) ||
      !csl_replica_end (self,
                        csl_replica_unsend (self, error) &&
                          fill_batch (self, &batch, max_ops, max_bytes, error),
                        error))
    return NULL;
  *ret_n_ops = batch.n_ops;
  if (batch.n_ops == 0)
    g_string_truncate (body, 0);
  return g_steal_pointer (&body);
}

bool
csl_replica_unsend (CslReplica *self, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'queued' WHERE \"state\" = 'sent'";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  return CSL_MUT (6) || (stmt != NULL && csl_stmt_run (stmt, error));
}

/* -- What a person does ---------------------------------------------------------------- */

/* Lays every record of the list (ids and type names, alternating) anew. */
static bool
lay_all (CslReplica *self, const GPtrArray *records, GError **error)
{
  for (guint i = 0; i + 1 < records->len; i += 2) {
    const char *id = g_ptr_array_index (records, i);
    const CslRecordType *type =
      csl_schema_lookup_type (self->schema, g_ptr_array_index (records, i + 1));

    if (type != NULL && !csl_replica_lay (self, type, id, error))
      return false;
  }
  return true;
}

/* Runs a statement over the entry @n that returns (id, type) of the records it touched, and lays them anew. */
static bool
act_on_entry (CslReplica *self, const char *sql, gint64 n, bool *ret_any, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":entry", n);
  while (csl_stmt_step (stmt, &local)) {
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 0));
    g_ptr_array_add (records, csl_stmt_dup_text (stmt, 1));
  }
  *ret_any = records->len > 0;
  return csl_error_pass (&local, error) && lay_all (self, records, error);
}

static bool
require (bool any, GError **error)
{
  if (!any)
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID,
                         "No such entry in that state");
  return any;
}

/* The answer "rejected" is final for an operation id: the same words go again under new ids. */
static bool
renew_operation (CslReplica *self,
                 gint64 entry,
                 const char *group,
                 guint position,
                 guint size,
                 GError **error)
{
  static const char get_sql[] =
    "SELECT \"line\" FROM \"_outbox\" WHERE \"entry\" = :entry";
  static const char put_sql[] =
    "UPDATE \"_outbox\" SET \"op\" = :op, \"group\" = :group, \"line\" = :line, "
    "\"state\" = 'queued', \"answered\" = 0, \"tries\" = 0, \"answer\" = NULL "
    "WHERE \"entry\" = :entry";
  csl_auto_reset CslStmt *get = csl_db_prepare (self->db, get_sql, error);
  csl_auto_reset CslStmt *put = csl_db_prepare (self->db, put_sql, error);
  g_autoptr (CslOp) op = NULL;
  g_autofree char *line = NULL;
  CslId id = csl_id_new (self->env);

  if (get == NULL || put == NULL)
    return false;
  csl_stmt_bind_int (get, ":entry", entry);
  if (!csl_stmt_step (get, error))
    return false;
  op = csl_op_parse (self->schema, csl_stmt_get_text (get, 0), csl_stmt_get_size (get, 0),
                     NULL, error);
  if (op == NULL)
    return false;
  g_strlcpy (op->fixes, op->op, sizeof op->fixes);
  g_strlcpy (op->op, id.text, sizeof op->op);
  g_strlcpy (op->group, group, sizeof op->group);
  /* Some of the group may have been closed, or was answered otherwise: a group with a hole is never answered. */
  op->group_position = position;
  op->group_size = size;
  line = csl_op_print (op);
  csl_stmt_bind_text (put, ":op", op->op);
  csl_stmt_bind_text (put, ":group", group);
  csl_stmt_bind_text (put, ":line", line);
  csl_stmt_bind_int (put, ":entry", entry);
  return csl_stmt_run (put, error);
}

/* What waits goes again behind the repair, in the order it was written: were it sent only after the repair is known to be
 * applied, what was written later about the same record would overtake it. */
static bool
requeue_all_held (CslReplica *self, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'queued', \"held_by\" = NULL "
    "WHERE \"state\" = 'held'";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  return stmt != NULL && csl_stmt_run (stmt, error);
}

bool
csl_replica_renew_rejected (CslReplica *self, gint64 n, bool *ret_any, GError **error)
{
  static const char sql[] =
    "SELECT \"entry\" FROM \"_outbox\" WHERE \"state\" = 'rejected' AND \"group\" = "
    "(SELECT \"group\" FROM \"_outbox\" WHERE \"entry\" = :entry AND \"state\" = "
    "'rejected') "
    "ORDER BY \"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) local = NULL;
  CslId group = csl_id_new (self->env);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":entry", n);
  while (csl_stmt_step (stmt, &local)) {
    gint64 entry = csl_stmt_get_int (stmt, 0);

    g_array_append_val (entries, entry);
  }
  if (!csl_error_pass (&local, error))
    return false;
  for (guint i = 0; i < entries->len; i++)
    if (!renew_operation (self, g_array_index (entries, gint64, i), group.text, i + 1,
                          entries->len, error))
      return false;
  *ret_any = entries->len > 0;
  return entries->len == 0 || CSL_MUT (8) || requeue_all_held (self, error);
}

static bool
requeue_held (CslReplica *self, gint64 n, bool *ret_any, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'queued', \"held_by\" = NULL WHERE \"state\" = "
    "'held' "
    "AND \"group\" = (SELECT \"group\" FROM \"_outbox\" WHERE \"entry\" = :entry) "
    "RETURNING \"id\", \"type\"";

  return act_on_entry (self, sql, n, ret_any, error);
}

bool
csl_replica_retry (CslReplica *self, gint64 n, GError **error)
{
  bool rejected = false, held = false;

  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self,
                          csl_replica_renew_rejected (self, n, &rejected, error) &&
                            requeue_held (self, n, &held, error) &&
                            require (rejected || held, error),
                          error);
}

bool
csl_replica_close (CslReplica *self, gint64 n, GError **error)
{
  static const char sql[] = "DELETE FROM \"_outbox\" WHERE \"entry\" = :entry "
                            "AND \"state\" IN ('rejected', 'conflict', 'escrow', "
                            "'withdrawn') RETURNING \"id\", \"type\"";
  bool any = false;

  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self,
                          act_on_entry (self, sql, n, &any, error) &&
                            require (any, error),
                          error);
}
