/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync-push.c: sends what waits and keeps the answers.
 *
 * Whatever happens to the exchange, the answers that came are kept in one transaction, and what
 * was not answered waits again: only an answer for an operation changes that operation.
 */
#include "client/app/csl-sync-context.h"
#include "core/wire/csl-op.h"

#include <string.h>

#define DEFAULT_PUSH_BYTES (1024 * 1024)

typedef struct
{
  guint max_ops;
  gsize max_bytes;
  GString *text; /* (owned) (nullable) */
  guint n_ops;
} Batch;

typedef struct
{
  GArray
    *answers; /* (owned) of CslAnswer: for single operations, or about the whole push */
  bool epoch_changed;
  guint busy_s;
  bool resend;
  const GString *sent; /* (unowned): the batch they answer */
} Answers;

static void
clear_answer (gpointer data)
{
  csl_answer_clear (data);
}

static void
answers_init (Answers *self)
{
  *self = (Answers){ .answers = g_array_new (FALSE, TRUE, sizeof (CslAnswer)) };
  g_array_set_clear_func (self->answers, clear_answer);
}

static bool
take_batch (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  Batch *batch = data;

  batch->text = csl_replica_take_batch (replica, batch->max_ops, batch->max_bytes,
                                        &batch->n_ops, error);
  changes->outbox = batch->text != NULL && batch->n_ops > 0;
  return batch->text != NULL;
}

/* About the whole push, in words of a later protocol. A verdict on an operation that is not understood is no such line: what
 * is answered beside it in its group must wait for it. */
static bool
is_unknown_kind (const char *line, gsize length, const GError *error)
{
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  return g_error_matches (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_UNKNOWN) &&
         csl_json_scan (&json, line, length, &csl_json_limits_line, NULL) &&
         csl_json_member (&json, 0, "r") == 0;
}

static bool
answer_line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  Answers *self = data;
  CslAnswer answer = { 0 };
  g_autoptr (GError) local = NULL;

  if (!csl_answer_parse (&answer, line, length, &local)) {
    if (is_unknown_kind (line, length, local))
      return true;
    g_propagate_error (error, g_steal_pointer (&local));
    return false;
  }
  if (answer.verdict == CSL_VERDICT_EPOCH)
    self->epoch_changed = true;
  if (answer.verdict == CSL_VERDICT_BUSY)
    self->busy_s = MAX (answer.retry_s, 1);
  if (answer.verdict == CSL_VERDICT_EPOCH || answer.verdict == CSL_VERDICT_BUSY)
    csl_answer_clear (&answer);
  else
    g_array_append_val (self->answers, answer);
  return true;
}

/* Badges and rows of what was sent may differ now. */
static void
note_types (CslReplica *replica, const GString *sent, CslVaultChanges *changes)
{
  g_auto (GStrv) lines = g_strsplit (sent->str, "\n", -1);
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  for (guint i = 1; lines[i] != NULL; i++) {
    g_autofree char *name = NULL;
    const CslRecordType *type = NULL;

    if (csl_json_scan (&json, lines[i], strlen (lines[i]), &csl_json_limits_line, NULL))
      name = csl_json_member_dup_string (&json, 0, "k");
    if (name != NULL)
      type = csl_schema_lookup_type (csl_replica_get_schema (replica), name);
    if (type != NULL)
      csl_type_set_add (&changes->types, type);
  }
}

static bool
keep_answers (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  Answers *self = data;

  if (self->answers->len > 0) {
    if (!csl_replica_apply_answers (replica,
                                    (const CslAnswer *) (gpointer) self->answers->data,
                                    self->answers->len, &self->resend, error))
      return false;
    note_types (replica, self->sent, changes);
  }
  changes->outbox = true;
  return csl_replica_unsend (replica, error);
}

/* One group that is too large for the server is answered here, so that the rest can go on. */
static void
refuse_batch (const Batch *batch, Answers *answers)
{
  g_auto (GStrv) lines = g_strsplit (batch->text->str, "\n", -1);

  for (guint i = 1; lines[i] != NULL; i++) {
    g_auto (CslJson) json = { 0 };
    g_autofree char *op = NULL;
    CslAnswer answer = { .verdict = CSL_VERDICT_REJECTED };

    csl_json_init (&json);
    if (!csl_json_scan (&json, lines[i], strlen (lines[i]), &csl_json_limits_line, NULL))
      continue;
    op = csl_json_member_dup_string (&json, 0, "op");
    g_strlcpy (answer.op, op != NULL ? op : "", sizeof answer.op);
    answer.n = csl_json_member_int (&json, 0, "n", 0);
    answer.code = g_strdup ("too_large");
    answer.message = g_strdup ("This is too long for the server.");
    g_array_append_val (answers->answers, answer);
  }
}

static CslSyncEvent
conclude (CslSyncContext *self, Answers *answers)
{
  CslSyncEvent event = csl_sync_context_ok (self);

  event.epoch_changed = answers->epoch_changed;
  if (answers->busy_s > 0 && !answers->epoch_changed) {
    event.kind = CSL_SYNC_EVENT_FAILED;
    event.failure = CSL_SYNC_FAILURE_TRANSIENT;
    event.retry_after_ms = answers->busy_s * 1000;
  }
  return event;
}

static CslSyncEvent
send_batch (CslSyncContext *self, Batch *batch, Answers *answers)
{
  g_autoptr (GBytes) body = g_bytes_new (batch->text->str, batch->text->len);
  CslExchange request = { .method = "POST", .path = "/v1/sync/push", .body = body };
  g_auto (CslExchangeReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) store_error = NULL;
  bool sent =
    csl_sync_context_exchange (self, &request, &reply, answer_line_cb, answers, &error);

  if (!sent && batch->max_ops <= 1 &&
      g_error_matches (error, CSL_NET_ERROR, CSL_NET_ERROR_TOO_LARGE)) {
    refuse_batch (batch, answers);
    sent = true;
  }
  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, keep_answers, answers,
                      &store_error))
    return csl_sync_context_failed (store_error, NULL);
  if (!sent)
    return csl_sync_context_failed (error, &reply);
  return conclude (self, answers);
}

CslSyncEvent
csl_sync_context_push (CslSyncContext *self, guint max_ops)
{
  Batch batch = {
    .max_ops = self->push_ops > 0 ? (guint) MIN (max_ops, self->push_ops) : max_ops,
    .max_bytes = self->push_bytes > 0 ? (gsize) self->push_bytes : DEFAULT_PUSH_BYTES
  };
  g_autoptr (GError) error = NULL;
  CslSyncEvent event;
  Answers answers;

  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, take_batch, &batch, &error))
    return csl_sync_context_failed (error, NULL);
  if (batch.n_ops == 0)
    event = csl_sync_context_ok (self);
  else {
    answers_init (&answers);
    answers.sent = batch.text;
    event = send_batch (self, &batch, &answers);
    g_array_unref (answers.answers);
  }
  g_string_free (batch.text, TRUE);
  return event;
}
