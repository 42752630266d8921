/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-push.c: POST /v1/sync/push, and unsent work that comes as a file instead.
 *
 * Lines are taken group by group. Each group is one piece of a commit: kept whole or undone whole. Adjacent groups
 * share a commit, up to a number of operations and a time; answers are written when their commit is on the disk.
 *
 *   n ≤ last_n, not known       → device_rewound, stop
 *   n ≤ last_n, held under another number → the same: this number is another operation's
 *   n > last_n + 1              → gap, stop
 *
 * The numbers of a file say nothing: the server has given its lines others, of a row of their own. What is in it has the
 * same effect as a push, once.
 */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "core/base/csl-mut.h"
#include "core/wire/csl-pull-request.h"
#include "server/handlers/csd-incarnation.h"
#include "server/handlers/csd-push-group.h"

#include <string.h>

/* A whole push of the usual size: pages that many operations change are written once. */
#define COMMIT_OPS   500
#define COMMIT_MS    250
#define BUSY_RETRY_S 2

typedef struct
{
  CsdPushWork work;
  CsdPushBody body;
  CslPushHead head;
  gint64 last_n;
  bool from_file;
  bool in_commit;
  guint n_ops; /* of the open commit */
  gint64 started_ms;
  CslAnswer stop; /* refusal of the whole rest */
  bool stopped;
} Push;

static void
stop (Push *push, CslVerdict verdict)
{
  push->stopped = true;
  push->stop.verdict = verdict;
  push->stop.last_n = push->last_n;
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

/* FALSE: the push stops here. */
static bool
check_number (Push *push, const CsdPushLine *line, gint64 *last_n)
{
  gint64 n = csd_push_line_get_identity (line)->n;

  if (push->from_file)
    *last_n = MAX (*last_n, n);
  else if ((!line->known || line->moved) && n <= *last_n && !CSL_MUT (34))
    stop (push, CSL_VERDICT_DEVICE_REWOUND);
  else if (!line->known && n > *last_n + 1)
    stop (push, CSL_VERDICT_GAP);
  else if (n == *last_n + 1)
    *last_n = n;
  return !push->stopped;
}

static bool
begin_commit (Push *push, GError **error)
{
  if (push->in_commit)
    return true;
  if (!csd_commit_begin (&push->work.commit, push->work.call->organisation, error)) {
    csd_commit_clear (&push->work.commit);
    return false;
  }
  push->in_commit = true;
  push->n_ops = 0;
  push->started_ms = csl_env_mono_ms (push->work.call->server->env);
  return true;
}

/* Makes the open commit durable and sends its answers. */
static bool
finish_commit (Push *push, GError **error)
{
  CsdStorage *storage = push->work.call->storage;

  if (!push->in_commit)
    return true;
  push->in_commit = false;
  if (!storage->set_last_n (storage, push->work.call->claims.device, push->work.inc,
                            push->work.call->claims.user, push->last_n, error)) {
    csd_commit_abandon (&push->work.commit);
    csd_commit_clear (&push->work.commit);
    return false;
  }
  if (!csd_commit_finish (&push->work.commit, error)) {
    csd_commit_clear (&push->work.commit);
    return false;
  }
  csd_response_flush (push->work.call->response, push->work.answers);
  csd_server_announce (push->work.call->server, &push->work.commit);
  csd_commit_clear (&push->work.commit);
  return true;
}

static bool
take_group (Push *push, GPtrArray *lines, GError **error)
{
  gint64 last_n = push->last_n;

  if (!csd_push_group_look_up (&push->work, lines, error))
    return false;
  if (csd_push_group_repeat (&push->work, lines,
                             push->from_file ? G_MAXINT64 : push->last_n))
    return true;
  for (guint i = 0; i < lines->len; i++)
    if (!check_number (push, g_ptr_array_index (lines, i), &last_n))
      return true;
  if (!begin_commit (push, error) || !csd_push_group_run (&push->work, lines, error))
    return false;
  push->last_n = last_n;
  push->n_ops += lines->len;
  if (CSL_MUT (46) &&
      ((CsdPushLine *) lines->pdata[0])->answer.verdict == CSL_VERDICT_REJECTED)
    push->body.next = push->body.end;
  if (push->n_ops < COMMIT_OPS &&
      csl_env_mono_ms (push->work.call->server->env) - push->started_ms < COMMIT_MS)
    return true;
  return finish_commit (push, error);
}

static void
run (Push *push)
{
  g_autoptr (GError) error = NULL;
  guint bad_line = 0;

  while (error == NULL && !push->stopped) {
    g_autoptr (GPtrArray) lines = csd_push_body_next_group (&push->body, &bad_line);

    if (lines == NULL)
      break;
    (void) take_group (push, lines, &error);
  }
  if (error == NULL)
    (void) finish_commit (push, &error);
  if (error != NULL) {
    g_warning ("A push could not be kept: %s", error->message);
    if (push->in_commit) {
      csd_commit_abandon (&push->work.commit);
      csd_commit_clear (&push->work.commit);
    }
    push->in_commit = false;
    g_string_truncate (push->work.answers, 0);
    stop (push, CSL_VERDICT_BUSY);
    push->stop.retry_s = BUSY_RETRY_S;
  }
  csd_response_flush (push->work.call->response, push->work.answers);
  if (bad_line != 0 && push->work.call->response->written == 0 && !push->stopped) {
    push->work.call->response->status = 0;
    refuse_line (push->work.call->response, bad_line);
  }
}

static bool
read_head (Push *push)
{
  CsdCall *call = push->work.call;
  const char *text = NULL;
  gsize length = 0;

  if (!csd_push_body_next_text (&push->body, &text, &length) ||
      !csl_push_head_parse (&push->head, text, length, NULL) || push->head.inc == NULL ||
      push->head.device == NULL || csd_incarnation_is_of_copies (push->head.inc)) {
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

/* An epoch that is not ours: nothing may be applied. */
static bool
is_of_other_epoch (const Push *push)
{
  const char *epoch = push->work.call->storage->get_epoch (push->work.call->storage);

  return push->head.epoch != NULL && *push->head.epoch != '\0' &&
         strcmp (push->head.epoch, epoch) != 0;
}

static void
write_stop (Push *push)
{
  g_autofree char *text = csl_answer_print (&push->stop);

  csd_response_write (push->work.call->response, text, strlen (text));
  csd_response_write (push->work.call->response, "\n", 1);
}

static void
answer (Push *push)
{
  CsdStorage *storage = push->work.call->storage;

  push->work.inc = push->head.inc;
  push->work.answers = g_string_new (NULL);
  push->last_n =
    storage->get_last_n (storage, push->work.call->claims.device, push->head.inc);
  csd_response_begin (push->work.call->response, 200, CSD_TYPE_NDJSON);
  if (is_of_other_epoch (push)) {
    stop (push, CSL_VERDICT_EPOCH);
    g_strlcpy (push->stop.epoch, storage->get_epoch (storage), sizeof push->stop.epoch);
  } else {
    run (push);
  }
  if (push->stopped)
    write_stop (push);
  g_string_free (push->work.answers, TRUE);
}

void
csd_call_push (CsdCall *call)
{
  Push push = { .work = { .call = call },
                .body = { .schema = call->server->schema,
                          .next = call->body,
                          .end = call->body + call->length } };

  if (read_head (&push))
    answer (&push);
  csl_push_head_clear (&push.head);
}

void
csd_call_push_file (CsdCall *call, const char *inc)
{
  Push push = { .work = { .call = call, .inc = inc },
                .from_file = true,
                .last_n =
                  call->storage->get_last_n (call->storage, call->claims.device, inc),
                .body = { .schema = call->server->schema,
                          .next = call->body,
                          .end = call->body + call->length } };

  push.work.answers = g_string_new (NULL);
  csd_response_begin (call->response, 200, CSD_TYPE_NDJSON);
  run (&push);
  if (push.stopped)
    write_stop (&push);
  g_string_free (push.work.answers, TRUE);
}
