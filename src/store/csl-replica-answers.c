/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's answers (diagram: core/outbox/csl-outbox.h). Only a verdict on one operation moves that operation out of
 * "sent"; everything else makes it wait again. */
#include "config.h"

#include "core/base/csl-mut.h"
#include "core/outbox/csl-outbox.h"
#include "store/csl-replica-drop.h"
#include "store/csl-replica-outbox.h"
#include "store/csl-replica-private.h"

#include <string.h>

static bool
run_plain (CslReplica *self, const char *sql, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  return stmt != NULL && csl_stmt_run (stmt, error);
}

static bool
set_last_n (CslReplica *self, gint64 n, GError **error)
{
  self->last_n = n;
  return csl_replica_set_meta_int (self, "last_n", n, error);
}

/* The entry @n that others wait for; 0 when there is none any more. The number may be one of an earlier incarnation: what is
 * acknowledged under the same number is not what they wait for. */
static gint64
entry_of_n (CslReplica *self, gint64 n)
{
  static const char sql[] =
    "SELECT \"entry\" FROM \"_outbox\" WHERE \"n\" = :n AND \"answered\" = 1 "
    "AND \"state\" <> 'acked'";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, NULL);

  if (stmt == NULL)
    return 0;
  csl_stmt_bind_int (stmt, ":n", n);
  return csl_stmt_step (stmt, NULL) ? csl_stmt_get_int (stmt, 0) : 0;
}

typedef struct
{
  char id[40], fixes[40];
  const CslRecordType *type; /* (nullable) */
  CslOutboxState state;
  bool offer;
  bool makes; /* the record, or makes it anew */
  bool laid;
  bool held; /* the bucket it was written into */
} Entry;

/* FALSE without @error: nobody knows that operation any more. */
static bool
find_entry (CslReplica *self, const char *op, Entry *ret_entry, GError **error)
{
  static const char sql[] = "SELECT \"id\", \"type\", \"state\", \"act\", "
                            "coalesce (\"line\" ->> '$.fixes', ''), \"offer\", "
                            "\"bucket\", \"laid\" FROM \"_outbox\" WHERE \"op\" = :op";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  const CslBucket *bucket;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":op", op);
  if (!csl_stmt_step (stmt, error))
    return false;
  bucket = g_hash_table_lookup (self->buckets, csl_stmt_get_text (stmt, 6));
  ret_entry->held = bucket != NULL && bucket->state != CSL_BUCKET_NOT_HELD;
  csl_stmt_copy_text (stmt, 0, ret_entry->id, sizeof ret_entry->id);
  ret_entry->type = csl_schema_lookup_type (self->schema, csl_stmt_get_text (stmt, 1));
  ret_entry->offer = csl_stmt_get_int (stmt, 5) != 0;
  ret_entry->laid = csl_stmt_get_int (stmt, 7) != 0;
  ret_entry->makes = ret_entry->offer || csl_stmt_get_int (stmt, 3) == CSL_ACT_CREATE;
  csl_stmt_copy_text (stmt, 4, ret_entry->fixes, sizeof ret_entry->fixes);
  return csl_outbox_state_from_string (csl_stmt_get_text (stmt, 2), &ret_entry->state);
}

static bool
write_entry (CslReplica *self,
             const CslAnswer *answer,
             CslOutboxState state,
             bool laid,
             GError **error)
{
  static const char sql[] = "UPDATE \"_outbox\" SET \"state\" = :state, \"laid\" = "
                            "\"laid\" AND :laid AND (:rev = 0 OR :rev > \"gone\"), "
                            "\"answered\" = 1, "
                            "\"n\" = :n, \"answer\" = :answer, \"held_by\" = :held, "
                            "\"seq\" = :seq WHERE \"op\" = :op";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autofree char *text = csl_answer_print (answer);
  gint64 held_by = answer->held_by > 0 ? entry_of_n (self, answer->held_by) : 0;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":state", csl_outbox_state_to_string (state));
  csl_stmt_bind_int (stmt, ":laid", laid);
  csl_stmt_bind_int (stmt, ":n", answer->n);
  csl_stmt_bind_text (stmt, ":answer", text);
  if (held_by > 0)
    csl_stmt_bind_int (stmt, ":held", held_by);
  csl_stmt_bind_int (stmt, ":seq", answer->seq);
  csl_stmt_bind_int (stmt, ":rev", answer->rev);
  csl_stmt_bind_text (stmt, ":op", answer->op);
  return csl_stmt_run (stmt, error);
}

/* Something that was wrong has been put right: whatever waited for it is tried again. */
static bool
release_held (CslReplica *self, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" SET \"state\" = 'queued', \"held_by\" = NULL "
    "WHERE \"state\" = 'held'";

  return run_plain (self, sql, error);
}

/* What waits for something that has been applied meanwhile: its cause waited itself, and went without a repair of its
 * own. */
static bool
release_overtaken (CslReplica *self, GError **error)
{
  static const char sql[] =
    "UPDATE \"_outbox\" AS \"h\" SET \"state\" = 'queued', \"held_by\" = NULL "
    "WHERE \"state\" = 'held' AND \"held_by\" IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM \"_outbox\" AS \"c\" WHERE \"c\".\"entry\" = \"h\".\"held_by\" "
    "AND \"c\".\"state\" <> 'acked')";

  return run_plain (self, sql, error);
}

/* An offer to restore somebody else's work that the server does not want, or decides about elsewhere, or whose file was
 * dropped meanwhile: nobody here wrote it, nobody must read about it (I12). One of a file that the restored server does not
 * know yet is shown until a pull says who may see it: csl_replica_forget_unheld(). */
static bool
is_over (const Entry *entry, CslOutboxState state)
{
  return entry->offer && (state == CSL_OUTBOX_REJECTED || state == CSL_OUTBOX_ESCROW ||
                          (!entry->held && !entry->laid && state != CSL_OUTBOX_HELD));
}

static bool
forget_offer (CslReplica *self, const CslAnswer *answer, GError **error)
{
  static const char sql[] = "DELETE FROM \"_outbox\" WHERE \"op\" = :op";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":op", answer->op);
  self->purge_due = true;
  return csl_stmt_run (stmt, error);
}

/* The line does not go to the server again as it is, and what others wrote in it is not this person's to keep: the file, or
 * the record, went while the line was on its way (I12). */
static bool
is_to_strip (const Entry *entry, const CslAnswer *answer, CslOutboxState state)
{
  if (entry->offer)
    return false;
  return state == CSL_OUTBOX_ESCROW ||
         (state == CSL_OUTBOX_REJECTED &&
          (!entry->held || g_strcmp0 (answer->code, "missing") == 0));
}

/* A conflict that names what was not taken has taken the rest: it is seen until the record comes. */
static bool
stays_laid (const CslAnswer *answer, CslOutboxState state)
{
  if (answer->verdict == CSL_VERDICT_CONFLICT)
    return answer->d != NULL || CSL_MUT (5);
  return csl_outbox_state_overlays (state) && answer->verdict != CSL_VERDICT_REDIRECT;
}

static bool
apply_verdict (CslReplica *self, const CslAnswer *answer, GError **error)
{
  g_autoptr (GError) local = NULL;
  CslOutboxState state;
  Entry entry;
  bool ok;

  if (answer->n > self->last_n && !set_last_n (self, answer->n, error))
    return false;
  if (!find_entry (self, answer->op, &entry, &local)) {
    if (local == NULL)
      return true;
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  /* What its author gave up meanwhile may have been applied all the same: then it is acknowledged. */
  if (entry.state != CSL_OUTBOX_WITHDRAWN && entry.state != CSL_OUTBOX_SENT &&
      entry.state != CSL_OUTBOX_QUEUED)
    return true;
  state = csl_outbox_next_state (CSL_OUTBOX_SENT, answer);
  if (entry.state == CSL_OUTBOX_WITHDRAWN &&
      (state == CSL_OUTBOX_REJECTED || state == CSL_OUTBOX_HELD))
    return true;
  if (is_over (&entry, state))
    ok = forget_offer (self, answer, error);
  else
    ok = write_entry (self, answer, state, stays_laid (answer, state), error);
  if (ok && is_to_strip (&entry, answer, state))
    ok = csl_replica_strip_entry (self, answer->op, error);
  if (ok && (state == CSL_OUTBOX_REJECTED || state == CSL_OUTBOX_HELD))
    ok = csl_replica_redact_answered (self, answer->op, error);
  if (ok && entry.makes && g_strcmp0 (answer->code, "erased") == 0)
    ok = csl_replica_erase_refused (self, entry.type, entry.id, error);
  if (ok && state == CSL_OUTBOX_ACKED && entry.fixes[0] != '\0')
    ok = release_held (self, error);
  return ok &&
         (entry.type == NULL || csl_replica_lay (self, entry.type, entry.id, error));
}

static bool
apply_answer (CslReplica *self, const CslAnswer *answer, bool *ret_resend, GError **error)
{
  switch (answer->verdict) {
  case CSL_VERDICT_OK:
  case CSL_VERDICT_MERGED:
  case CSL_VERDICT_CONFLICT:
  case CSL_VERDICT_REJECTED:
  case CSL_VERDICT_HELD:
  case CSL_VERDICT_ESCROW:
  case CSL_VERDICT_REDIRECT:
    return apply_verdict (self, answer, error);
  case CSL_VERDICT_GAP:
    *ret_resend = true;
    return (CSL_MUT (9) || set_last_n (self, answer->last_n, error)) &&
           csl_replica_unsend (self, error);
  case CSL_VERDICT_DEVICE_REWOUND:
    *ret_resend = true;
    return (CSL_MUT (10) || csl_replica_renew_incarnation (self, error)) &&
           csl_replica_unsend (self, error);
  case CSL_VERDICT_BUSY:
  case CSL_VERDICT_EPOCH:
    return csl_replica_unsend (self, error);
  }
  g_assert_not_reached ();
}

/* The operations that were sent with @op, as one act, and wait for their answers. A set; NULL on an error. */
static GHashTable *
list_sent_group (CslReplica *self, const char *op, GError **error)
{
  static const char sql[] =
    "SELECT \"op\" FROM \"_outbox\" WHERE \"state\" = 'sent' AND \"group\" = "
    "(SELECT \"group\" FROM \"_outbox\" WHERE \"op\" = :op)";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GHashTable) ops =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":op", op);
  while (csl_stmt_step (stmt, &local))
    g_hash_table_add (ops, csl_stmt_dup_text (stmt, 0));
  if (local == NULL)
    return g_steal_pointer (&ops);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* How many of the answers are of whole acts. An exchange may be cut within one, and nobody must see half of it (I5): what
 * is left out here is answered again. */
static bool
count_whole (CslReplica *self,
             const CslAnswer *answers,
             guint n_answers,
             guint *ret_n,
             GError **error)
{
  g_autoptr (GHashTable) ops = NULL;
  guint first = n_answers, answered = 0;

  *ret_n = n_answers;
  if (n_answers == 0)
    return true;
  ops = list_sent_group (self, answers[n_answers - 1].op, error);
  if (ops == NULL)
    return false;
  for (guint i = n_answers; i-- > 0;)
    if (g_hash_table_contains (ops, answers[i].op)) {
      first = i;
      answered++;
    }
  if (answered < g_hash_table_size (ops))
    *ret_n = first;
  return true;
}

bool
csl_replica_apply_answers (CslReplica *self,
                           const CslAnswer *answers,
                           guint n_answers,
                           bool *ret_resend,
                           GError **error)
{
  bool resend = false, ok;
  guint n;

  if (!csl_replica_begin (self, error))
    return false;
  ok = count_whole (self, answers, n_answers, &n, error);
  for (guint i = 0; ok && i < n; i++)
    ok = apply_answer (self, &answers[i], &resend, error);
  ok = ok && (CSL_MUT (7) || release_overtaken (self, error)) &&
       csl_replica_withdraw_dependents (self, error) &&
       csl_replica_forget_safe (self, error);
  if (!csl_replica_end (self, ok, error))
    return false;
  if (self->purge_due)
    csl_replica_purge_wal (self);
  if (ret_resend != NULL)
    *ret_resend = resend;
  return true;
}
