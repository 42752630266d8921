/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-pull.c: POST /v1/sync/pull: one page.
 *
 *   head · drops (first page) · commits in (since, until] with their sums · fills with their sums · done | page
 *
 * Everything is found by number: intervals of access that began or ended after `since`, rows with a seq after it. Nothing
 * is proportional to what is stored, except the fills themselves.
 */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "core/base/csl-mut.h"
#include "core/wire/csl-pull-line.h"
#include "server/handlers/csd-digest.h"
#include "server/handlers/csd-pull-private.h"

#include <string.h>

#define MIN_PAGE   1
#define MAX_PAGE   (8 * 1024 * 1024)
#define PAGE_SPACE (68 * 1024)

static bool
is_first_page (const CsdPull *pull)
{
  return !pull->at.fills && pull->at.seq == 0;
}

static bool
send_page (CsdPull *pull, GError **error)
{
  csd_call_write_head (pull->call, pull->out, pull->request.since, pull->at.until);
  if (is_first_page (pull) && !csd_pull_send_drops (pull, error))
    return false;
  /* Whoever had nothing gets everything by filling, and what went since a pull that was cut. */
  if (pull->request.since == 0 && pull->at.was == 0)
    pull->at.fills = true;
  if (!pull->at.fills && !csd_pull_send_commits (pull, error))
    return false;
  if (!pull->full && !csd_pull_send_fills (pull, error))
    return false;
  if (pull->full)
    csd_pull_write_resume (pull);
  else
    csl_pull_write_done (pull->out, pull->at.until);
  return true;
}

/* Nothing has happened since: one comparison, unless the replica's sums are not the server's. */
static bool
send_nothing_new (CsdPull *pull, GError **error)
{
  csd_call_write_head (pull->call, pull->out, pull->request.since, pull->head);
  if (pull->request.sums != NULL && *pull->request.sums != '\0' &&
      !csd_digest_check (pull->call, pull->request.sums, pull->out, error))
    return false;
  csl_pull_write_done (pull->out, pull->head);
  return true;
}

static bool
answer (CsdPull *pull, GError **error)
{
  CsdStorage *storage = pull->call->storage;

  if (pull->request.since > 0 && !CSL_MUT (42) &&
      pull->request.since < storage->get_horizon (storage)) {
    csd_call_write_head (pull->call, pull->out, pull->request.since, pull->head);
    csl_pull_write_reconcile (pull->out, pull->head);
    return true;
  }
  if (pull->request.since == pull->head && pull->request.resume == NULL)
    return send_nothing_new (pull, error);
  return send_page (pull, error);
}

static bool
check_request (CsdPull *pull)
{
  CsdCall *call = pull->call;

  if (!csl_pull_request_parse (&pull->request, call->body, call->length, NULL)) {
    csd_response_error (call->response, 400, "bad_request", "This is no pull request.");
    return false;
  }
  if (pull->request.schema < CSD_SCHEMA_MIN) {
    csd_response_error (call->response, 426, "upgrade",
                        "This version of Caseload is too old.");
    return false;
  }
  if (g_strcmp0 (pull->request.device, call->claims.device) != 0) {
    csd_response_error (call->response, 403, "device", "The token is another device's.");
    return false;
  }
  if (pull->request.epoch != NULL && *pull->request.epoch != '\0' &&
      strcmp (pull->request.epoch, call->storage->get_epoch (call->storage)) != 0) {
    csd_response_begin (call->response, 200, CSD_TYPE_NDJSON);
    csl_pull_write_epoch (pull->out, call->storage->get_epoch (call->storage));
    csd_response_flush (call->response, pull->out);
    return false;
  }
  if (pull->request.since < 0 || pull->request.since > pull->head) {
    csd_response_error (call->response, 400, "since", "The server has not come so far.");
    return false;
  }
  return true;
}

static void
run (CsdPull *pull)
{
  CsdCall *call = pull->call;
  const CsdServerConfig *config = &call->server->config;
  g_autofree char *now = csd_call_dup_now (call->server);
  g_autoptr (GError) error = NULL;

  pull->max_bytes = pull->request.max_bytes > 0
                      ? CLAMP (pull->request.max_bytes, MIN_PAGE, MAX_PAGE)
                      : config->page_bytes;
  pull->deadline_ms = csl_env_mono_ms (call->server->env) + config->page_ms;
  call->storage->note_device (call->storage, call->claims.device, call->claims.user,
                              pull->request.acked != 0 ? pull->request.acked
                                                       : pull->request.since,
                              pull->request.unsent, now);
  if (!call->storage->begin_read (call->storage, &error)) {
    csd_call_fail (call->response, error);
    return;
  }
  csd_pull_read_resume (pull);
  csd_response_begin (call->response, 200, CSD_TYPE_NDJSON);
  /* A failure in the middle leaves the page without its last line: the client takes it for cut. */
  if (!answer (pull, &error))
    g_warning ("A pull failed: %s", error->message);
  call->storage->end_read (call->storage);
  csd_response_flush (call->response, pull->out);
}

void
csd_call_pull (CsdCall *call)
{
  CsdPull pull = { .call = call,
                   .head = call->storage->get_head (call->storage),
                   .out = g_string_sized_new (PAGE_SPACE),
                   .seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                   .touched =
                     g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };

  if (check_request (&pull))
    run (&pull);
  csl_pull_request_clear (&pull.request);
  g_hash_table_unref (pull.seen);
  g_hash_table_unref (pull.touched);
  g_string_free (pull.out, TRUE);
}
