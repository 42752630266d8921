/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-push.c: POST /v1/sync/push.
 *
 * Lines are taken group by group. Each group is one piece of a commit: kept whole or undone whole. Adjacent groups
 * share a commit, up to a number of operations and a time; answers are written when their commit is on the disk.
 *
 *   line known, same body       → the stored answer again, "dup"
 *   line known, other body      → rejected op_reuse
 *   n ≤ last_n, not known       → device_rewound, stop
 *   n > last_n + 1              → gap, stop
 */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "core/wire/csl-pull-request.h"
#include "server/handlers/csd-apply.h"
#include "server/handlers/csd-call.h"
#include "store/csl-store-error.h"

#include <sodium.h>
#include <string.h>

#define COMMIT_OPS   500
#define COMMIT_MS    20
#define BUSY_RETRY_S 2
#define MAX_LINE     (1024 * 1024)

/* One line of the body. */
typedef struct
{
  const char *text; /* (unowned) */
  gsize length;
  CslOp *op;        /* (owned) (nullable): NULL when it cannot be read */
  CslOp *head;      /* (owned) (nullable): what could be read of it */
  char *problem;    /* (owned) (nullable) */
  const char *code; /* (unowned): of the refusal when op is NULL */
  guint64 hash;
  bool known;  /* the operation has been here */
  bool dup;    /* answered before, and not held */
  bool reused; /* known with another body */
  CslAnswer answer;
} Line;

typedef struct
{
  CsdCall *call; /* (unowned) */
  CslPushHead head;
  const char *next; /* (unowned): rest of the body */
  const char *end;  /* (unowned) */
  gint64 last_n;
  CsdCommit commit;
  bool in_commit;
  guint n_ops; /* of the open commit */
  gint64 started_ms;
  GString *answers; /* (owned): of the open commit */
  CslAnswer stop;   /* refusal of the whole rest */
  bool stopped;
} Push;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_clear_pointer (&line->op, csl_op_free);
  g_clear_pointer (&line->head, csl_op_free);
  g_free (line->problem);
  csl_answer_clear (&line->answer);
  g_free (line);
}

static const CslOp *
identity (const Line *line)
{
  return line->op != NULL ? line->op : line->head;
}

static void
stop (Push *push, CslVerdict verdict)
{
  push->stopped = true;
  push->stop.verdict = verdict;
  push->stop.last_n = push->last_n;
}

/* The next line of the body, without its newline. FALSE at the end. */
static bool
next_text (Push *push, const char **ret_text, gsize *ret_length)
{
  const char *newline = NULL;

  if (push->next >= push->end)
    return false;
  newline = memchr (push->next, '\n', (gsize) (push->end - push->next));
  *ret_text = push->next;
  *ret_length = (gsize) ((newline != NULL ? newline : push->end) - push->next);
  push->next = newline != NULL ? newline + 1 : push->end;
  return true;
}

/* Hash of the line without the value of its "n": the number changes with the incarnation, the operation does not. */
static guint64
hash_line (const char *text, gsize length)
{
  g_auto (CslJson) json = { 0 };
  crypto_generichash_state state;
  guint8 bytes[crypto_generichash_BYTES_MIN];
  guint64 hash = 0;
  gsize from = length;
  gsize to = length;
  guint n = 0;

  csl_json_init (&json);
  if (csl_json_scan (&json, text, length, &csl_json_limits_line, NULL) &&
      csl_json_token (&json, 0)->kind == CSL_JSON_OBJECT)
    n = csl_json_member (&json, 0, "n");
  if (n != 0) {
    from = csl_json_token (&json, n)->start;
    to = csl_json_token (&json, n)->end;
  }
  crypto_generichash_init (&state, NULL, 0, sizeof bytes);
  crypto_generichash_update (&state, (const guint8 *) text, from);
  crypto_generichash_update (&state, (const guint8 *) text + to, length - to);
  crypto_generichash_final (&state, bytes, sizeof bytes);
  memcpy (&hash, bytes, sizeof hash);
  return GUINT64_FROM_BE (hash);
}

/* NULL when not even its identity and number can be read: then the rest of the body cannot be trusted. */
static Line *
read_line (Push *push, const char *text, gsize length)
{
  Line *line = g_new0 (Line, 1);
  g_autoptr (GError) error = NULL;

  line->text = text;
  line->length = length;
  line->op = csl_op_parse (push->call->server->schema, text, length, &line->head, &error);
  if (line->op == NULL) {
    line->problem = g_strdup (error->message);
    line->code = g_error_matches (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_UNKNOWN)
                   ? "unknown_type"
                   : "invalid";
  }
  if (identity (line) == NULL || *identity (line)->op == '\0' || identity (line)->n < 1) {
    line_free (line);
    return NULL;
  }
  line->hash = hash_line (text, length);
  return line;
}

static void
refuse_places (Line *line)
{
  g_free (line->problem);
  line->problem = g_strdup ("The places in the group do not add up.");
  line->code = "group";
  if (line->op == NULL)
    return;
  g_clear_pointer (&line->head, csl_op_free);
  line->head = g_steal_pointer (&line->op);
}

static bool
has_op (const GPtrArray *lines, const char *op)
{
  for (guint i = 0; i < lines->len; i++)
    if (strcmp (identity (g_ptr_array_index (lines, i))->op, op) == 0)
      return true;
  return false;
}

/* Refuses the request when nothing of it was answered yet; else the answers end here. */
static void
refuse_line (CsdResponse *response, guint status)
{
  if (status == 413)
    csd_response_error (response, status, "too_large", "A line is too large.");
  else
    csd_response_error (response, status, "bad_request", "A line is not an operation.");
}

/* The next whole group; NULL at the end of the body, inside a group, or at a line that cannot be read: then
 * *ret_status is the status for it. */
static GPtrArray *
next_group (Push *push, guint *ret_status)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (line_free);
  const char *text = NULL;
  gsize length = 0;

  while (next_text (push, &text, &length)) {
    Line *line = length <= MAX_LINE ? read_line (push, text, length) : NULL;
    const CslOp *op = line != NULL ? identity (line) : NULL;
    const CslOp *first = NULL;

    if (line == NULL) {
      *ret_status = length <= MAX_LINE ? 400 : 413;
      return NULL;
    }
    first = lines->len > 0 ? identity (g_ptr_array_index (lines, 0)) : op;
    if (strcmp (op->group, first->group) != 0) {
      /* The group before it was never finished; this line is not to blame. */
      push->next = text;
      line_free (line);
      refuse_places (g_ptr_array_index (lines, lines->len - 1));
      return g_steal_pointer (&lines);
    }
    if (op->group_size != first->group_size || op->group_position != lines->len + 1 ||
        has_op (lines, op->op)) {
      g_ptr_array_add (lines, line);
      refuse_places (line);
      return g_steal_pointer (&lines);
    }
    g_ptr_array_add (lines, line);
    if (op->group_position == op->group_size)
      return g_steal_pointer (&lines);
  }
  return NULL;
}

static bool
find_known (Push *push, Line *line, GError **error)
{
  CsdStorage *storage = push->call->storage;
  const CslOp *op = identity (line);
  g_auto (CsdOpDone) done = { 0 };
  GError *find_error = NULL;

  if (!storage->find_op (storage, op->op, &done, &find_error)) {
    if (find_error != NULL)
      g_propagate_error (error, find_error);
    return find_error == NULL;
  }
  line->known = true;
  if (done.hash != line->hash || strcmp (done.user, push->call->claims.user) != 0) {
    line->reused = true;
    return true;
  }
  if (done.held)
    return true;
  /* An answer that cannot be read must not lead to a second effect. */
  if (!csl_answer_parse (&line->answer, done.answer, strlen (done.answer), error))
    return false;
  line->dup = true;
  line->answer.dup = true;
  line->answer.n = op->n;
  return true;
}

/* FALSE: the push stops here. */
static bool
check_number (Push *push, const Line *line, gint64 *last_n)
{
  gint64 n = identity (line)->n;

  if (!line->known && n <= *last_n)
    stop (push, CSL_VERDICT_DEVICE_REWOUND);
  else if (!line->known && n > *last_n + 1)
    stop (push, CSL_VERDICT_GAP);
  else if (n == *last_n + 1)
    *last_n = n;
  return !push->stopped;
}

static void
start_answer (Line *line)
{
  g_strlcpy (line->answer.op, identity (line)->op, sizeof line->answer.op);
  line->answer.n = identity (line)->n;
}

/* Everybody but @cause shares its fate. */
static void
answer_group (GPtrArray *lines, const Line *cause)
{
  for (guint i = 0; i < lines->len; i++) {
    Line *line = g_ptr_array_index (lines, i);

    if (line == cause || line->dup)
      continue;
    csl_answer_clear (&line->answer);
    start_answer (line);
    if (cause->answer.verdict == CSL_VERDICT_HELD) {
      line->answer.verdict = CSL_VERDICT_HELD;
      line->answer.held_by = cause->answer.held_by;
      continue;
    }
    if (cause->answer.verdict == CSL_VERDICT_ESCROW) {
      line->answer.verdict = CSL_VERDICT_ESCROW;
      continue;
    }
    csd_answer_reject (&line->answer, "group", NULL,
                       "Another change that belongs to this one was refused.");
    line->answer.held_by = cause->answer.n;
  }
}

static bool
refuse_unreadable (Line *line)
{
  if (line->op != NULL && !line->reused)
    return false;
  start_answer (line);
  if (line->reused)
    csd_answer_reject (&line->answer, "op_reuse", NULL,
                       "This number was used for another change.");
  else
    csd_answer_reject (&line->answer, line->code, NULL, line->problem);
  return true;
}

/* The operation before may have changed who may do what: people are looked up for each one. */
static bool
find_member (Push *push, CsdApply *apply, GError **error)
{
  const CsdDirectory *directory =
    csd_organisation_get_directory (push->call->organisation, error);

  apply->member = directory != NULL ? csd_directory_lookup (directory, apply->user)
                                    : NULL;
  return directory != NULL;
}

/* Applies the lines in order until one is refused. *ret_cause: that one. */
static bool
apply_lines (Push *push,
             CsdApply *apply,
             GPtrArray *lines,
             CsdOutcome *outcome,
             Line **ret_cause,
             GError **error)
{
  for (guint i = 0; i < lines->len; i++) {
    Line *line = g_ptr_array_index (lines, i);

    if (line->dup)
      continue;
    *ret_cause = line;
    if (refuse_unreadable (line))
      return true;
    csd_outcome_clear (outcome);
    if (!find_member (push, apply, error))
      return false;
    if (!csd_apply_op (apply, line->op, &line->answer, outcome, error))
      return false;
    if (outcome->refused)
      return true;
    if (outcome->conflict.record != NULL &&
        !csd_conflict_write (&outcome->conflict, &push->commit, apply->user, error))
      return false;
  }
  *ret_cause = NULL;
  return true;
}

static bool
keep_escrow (Push *push, GPtrArray *lines, const char *bucket, GError **error)
{
  CsdStorage *storage = push->call->storage;

  for (guint i = 0; i < lines->len; i++) {
    Line *line = g_ptr_array_index (lines, i);
    g_autofree char *text = g_strndup (line->text, line->length);

    if (line->dup || line->answer.verdict != CSL_VERDICT_ESCROW)
      continue;
    line->answer.seq = push->commit.seq;
    if (!storage->put_escrow (storage, identity (line)->op, push->call->claims.user,
                              bucket, text, push->commit.seq, push->commit.at, error))
      return false;
  }
  return true;
}

/* What stays of a refused group: its conflict, its escrow, its answers. */
static bool
settle_refused (Push *push,
                GPtrArray *lines,
                Line *cause,
                CsdOutcome *outcome,
                GError **error)
{
  answer_group (lines, cause);
  if (cause->answer.verdict == CSL_VERDICT_CONFLICT)
    cause->answer.seq = push->commit.seq;
  if (outcome->conflict.record != NULL &&
      !csd_conflict_write (&outcome->conflict, &push->commit, push->call->claims.user,
                           error))
    return false;
  return keep_escrow (push, lines, outcome->bucket, error);
}

static bool
remember_answers (Push *push, GPtrArray *lines, GError **error)
{
  CsdStorage *storage = push->call->storage;

  for (guint i = 0; i < lines->len; i++) {
    Line *line = g_ptr_array_index (lines, i);
    const CslOp *op = identity (line);
    g_auto (CsdOpDone) done = { .n = op->n, .seq = line->answer.seq, .hash = line->hash };
    g_autofree char *text = csl_answer_print (&line->answer);

    g_string_append (push->answers, text);
    g_string_append_c (push->answers, '\n');
    if (line->dup || line->reused)
      continue;
    g_strlcpy (done.op, op->op, sizeof done.op);
    g_strlcpy (done.device, push->call->claims.device, sizeof done.device);
    g_strlcpy (done.inc, push->head.inc, sizeof done.inc);
    g_strlcpy (done.user, push->call->claims.user, sizeof done.user);
    g_strlcpy (done.record, op->id, sizeof done.record);
    done.create = line->op != NULL && op->act == CSL_ACT_CREATE;
    done.held = line->answer.verdict == CSL_VERDICT_HELD;
    done.refused = line->answer.verdict == CSL_VERDICT_REJECTED;
    done.answer = g_steal_pointer (&text);
    if (!storage->put_op (storage, &done, error))
      return false;
  }
  return true;
}

/* Content that the tables themselves refuse is this group's fault, not the server's. */
static bool
is_content_error (const GError *error)
{
  return g_error_matches (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID);
}

static bool
run_group (Push *push, GPtrArray *lines, GError **error)
{
  CsdApply apply = { .commit = &push->commit,
                     .organisation = push->call->organisation,
                     .user = push->call->claims.user,
                     .device = push->call->claims.device,
                     .inc = push->head.inc };
  g_auto (CsdOutcome) outcome = { 0 };
  g_autoptr (GError) group_error = NULL;
  Line *cause = NULL;

  if (!csd_commit_open (&push->commit, error))
    return false;
  if (apply_lines (push, &apply, lines, &outcome, &cause, &group_error) &&
      cause == NULL && csd_commit_close (&push->commit, &group_error))
    return remember_answers (push, lines, error);
  csd_commit_undo (&push->commit);
  if (group_error != NULL && !is_content_error (group_error)) {
    g_propagate_error (error, g_steal_pointer (&group_error));
    return false;
  }
  if (group_error != NULL) {
    if (cause == NULL)
      cause = g_ptr_array_index (lines, 0);
    g_warning ("The tables refuse what validation let through: %s", group_error->message);
    csl_answer_clear (&cause->answer);
    csd_conflict_clear (&outcome.conflict);
    start_answer (cause);
    csd_answer_reject (&cause->answer, "invalid", NULL,
                       "The server cannot keep this value.");
  }
  return csd_commit_open (&push->commit, error) &&
         settle_refused (push, lines, cause, &outcome, error) &&
         csd_commit_close (&push->commit, error) && remember_answers (push, lines, error);
}

static bool
begin_commit (Push *push, GError **error)
{
  if (push->in_commit)
    return true;
  if (!csd_commit_begin (&push->commit, push->call->organisation, error)) {
    csd_commit_clear (&push->commit);
    return false;
  }
  push->in_commit = true;
  push->n_ops = 0;
  push->started_ms = csl_env_mono_ms (push->call->server->env);
  return true;
}

static void
announce (Push *push)
{
  CsdServer *server = push->call->server;
  g_auto (GStrv) users = NULL;

  if (server->committed == NULL)
    return;
  users = csd_commit_list_users (&push->commit);
  server->committed (push->call->organisation->id, push->commit.seq,
                     (const char *const *) users,
                     g_hash_table_size (push->commit.access_changed) > 0,
                     server->listener_data);
}

/* Makes the open commit durable and sends its answers. */
static bool
finish_commit (Push *push, GError **error)
{
  CsdStorage *storage = push->call->storage;

  if (!push->in_commit)
    return true;
  push->in_commit = false;
  if (!storage->set_last_n (storage, push->call->claims.device, push->head.inc,
                            push->call->claims.user, push->last_n, error)) {
    csd_commit_abandon (&push->commit);
    csd_commit_clear (&push->commit);
    return false;
  }
  if (!csd_commit_finish (&push->commit, error)) {
    csd_commit_clear (&push->commit);
    return false;
  }
  csd_response_flush (push->call->response, push->answers);
  announce (push);
  csd_commit_clear (&push->commit);
  return true;
}

static bool
look_up (Push *push, GPtrArray *lines, GError **error)
{
  for (guint i = 0; i < lines->len; i++)
    if (!find_known (push, g_ptr_array_index (lines, i), error))
      return false;
  return true;
}

/* Only answers given before: nothing has to be written. */
static bool
repeat_answers (Push *push, GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++) {
    const Line *line = g_ptr_array_index (lines, i);

    if (!line->dup || identity (line)->n > push->last_n)
      return false;
  }
  for (guint i = 0; i < lines->len; i++) {
    const Line *line = g_ptr_array_index (lines, i);
    g_autofree char *text = csl_answer_print (&line->answer);

    g_string_append (push->answers, text);
    g_string_append_c (push->answers, '\n');
  }
  return true;
}

static bool
take_group (Push *push, GPtrArray *lines, GError **error)
{
  gint64 last_n = push->last_n;

  if (!look_up (push, lines, error))
    return false;
  if (repeat_answers (push, lines))
    return true;
  for (guint i = 0; i < lines->len; i++)
    if (!check_number (push, g_ptr_array_index (lines, i), &last_n))
      return true;
  if (!begin_commit (push, error) || !run_group (push, lines, error))
    return false;
  push->last_n = last_n;
  push->n_ops += lines->len;
  if (push->n_ops < COMMIT_OPS &&
      csl_env_mono_ms (push->call->server->env) - push->started_ms < COMMIT_MS)
    return true;
  return finish_commit (push, error);
}

static void
run (Push *push)
{
  g_autoptr (GError) error = NULL;
  guint bad_line = 0;

  while (error == NULL && !push->stopped) {
    g_autoptr (GPtrArray) lines = next_group (push, &bad_line);

    if (lines == NULL)
      break;
    (void) take_group (push, lines, &error);
  }
  if (error == NULL)
    (void) finish_commit (push, &error);
  if (error != NULL) {
    g_warning ("A push could not be kept: %s", error->message);
    if (push->in_commit) {
      csd_commit_abandon (&push->commit);
      csd_commit_clear (&push->commit);
    }
    push->in_commit = false;
    g_string_truncate (push->answers, 0);
    stop (push, CSL_VERDICT_BUSY);
    push->stop.retry_s = BUSY_RETRY_S;
  }
  csd_response_flush (push->call->response, push->answers);
  if (bad_line != 0 && push->call->response->written == 0 && !push->stopped) {
    push->call->response->status = 0;
    refuse_line (push->call->response, bad_line);
  }
}

static bool
read_head (Push *push)
{
  CsdCall *call = push->call;
  const char *text = NULL;
  gsize length = 0;

  if (!next_text (push, &text, &length) ||
      !csl_push_head_parse (&push->head, text, length, NULL) || push->head.inc == NULL ||
      push->head.device == NULL) {
    csd_response_error (call->response, 400, "bad_request",
                        "The first line is not the head of a push.");
    return false;
  }
  if (strcmp (push->head.device, call->claims.device) != 0) {
    csd_response_error (call->response, 403, "device", "The token is another device's.");
    return false;
  }
  return true;
}

void
csd_call_push (CsdCall *call)
{
  Push push = { .call = call, .next = call->body, .end = call->body + call->length };

  if (!read_head (&push)) {
    csl_push_head_clear (&push.head);
    return;
  }
  push.answers = g_string_new (NULL);
  push.last_n =
    call->storage->get_last_n (call->storage, call->claims.device, push.head.inc);
  csd_response_begin (call->response, 200, CSD_TYPE_NDJSON);
  if (push.head.epoch != NULL && *push.head.epoch != '\0' &&
      strcmp (push.head.epoch, call->storage->get_epoch (call->storage)) != 0) {
    stop (&push, CSL_VERDICT_EPOCH);
    g_strlcpy (push.stop.epoch, call->storage->get_epoch (call->storage),
               sizeof push.stop.epoch);
  } else {
    run (&push);
  }
  if (push.stopped) {
    g_autofree char *text = csl_answer_print (&push.stop);

    csd_response_write (call->response, text, strlen (text));
    csd_response_write (call->response, "\n", 1);
  }
  csl_push_head_clear (&push.head);
  g_string_free (push.answers, TRUE);
}
