/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-pull-page.c: how full a page is, and where the next one goes on. `resume` says the latter:
 *   {"until":…,"seq":…}                                    in the commits, after seq
 *   {"until":…,"from":…,"key":…,"bit":…,"rank":…,"id":…}   in the fills: interval, bucket behind a bit, row
 *
 * Both may have "was": a pull until there was cut, and could not go on.
 */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/wire/csl-pull-line.h"
#include "server/handlers/csd-pull-private.h"

#include <string.h>

#define FLUSH_SIZE (64 * 1024)

void
csd_pull_flush (CsdPull *pull)
{
  if (pull->out->len >= FLUSH_SIZE)
    csd_response_flush (pull->call->response, pull->out);
}

bool
csd_pull_is_full (CsdPull *pull)
{
  if (pull->page_bytes == 0)
    return false;
  if ((gint64) pull->page_bytes >= pull->max_bytes)
    return true;
  if (++pull->lines % 64 != 0)
    return false;
  return csl_env_mono_ms (pull->call->server->env) >= pull->deadline_ms;
}

void
csd_pull_count_row (CsdPull *pull, gsize before)
{
  pull->page_bytes += pull->out->len - before;
}

void
csd_pull_write_sum (CsdPull *pull, const char *bucket, gint64 position)
{
  CsdBucketState state;

  if (pull->call->storage->get_bucket (pull->call->storage, bucket, &state, NULL) &&
      state.seq <= position)
    csl_pull_write_sum (pull->out, bucket, state.count, state.sum);
}

void
csd_pull_write_resume (CsdPull *pull)
{
  g_autoptr (GString) resume = g_string_new ("{");
  const CsdPullPosition *at = &pull->at;

  csl_json_write_member_int (resume, "until", at->until);
  csl_json_write_member_int (resume, "seq", at->seq);
  csl_json_write_member_int (resume, "fills", at->fills ? 1 : 0);
  csl_json_write_member_int (resume, "from", at->from);
  csl_json_write_member_int (resume, "key", at->key);
  csl_json_write_member_int (resume, "bit", at->bit);
  csl_json_write_member_int (resume, "rank", at->rank);
  csl_json_write_member_string (resume, "id", at->id);
  if (at->was > 0)
    csl_json_write_member_int (resume, "was", at->was);
  g_string_append_c (resume, '}');
  csl_pull_write_page (pull->out, resume->str);
}

static bool
ended_cb (const CsdAccess *access, gpointer data)
{
  *(bool *) data = true;
  return false;
}

/* What was lost since a pull began may come back before its end: the next pull would take it for had all along. */
static bool
has_lost_access (CsdPull *pull, gint64 until)
{
  CsdStorage *storage = pull->call->storage;
  bool lost = false;

  return !storage->list_ended (storage, pull->call->claims.user, until, pull->head,
                               ended_cb, &lost, NULL) ||
         lost;
}

void
csd_pull_read_resume (CsdPull *pull)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *id = NULL;
  gint64 until = 0;
  CsdPullPosition *at = &pull->at;

  at->until = pull->head;
  at->rank = -1;
  pull->restarted = pull->request.resume != NULL;
  csl_json_init (&json);
  if (pull->request.resume == NULL ||
      !csl_json_scan (&json, pull->request.resume, strlen (pull->request.resume),
                      &csl_json_limits_request, NULL) ||
      csl_json_token (&json, 0)->kind != CSL_JSON_OBJECT)
    return;
  until = csl_json_member_int (&json, 0, "until", -1);
  if (until < pull->request.since || until > pull->head)
    return;
  at->was = until;
  if (until < pull->call->storage->get_horizon (pull->call->storage) ||
      has_lost_access (pull, until))
    return;
  pull->restarted = false;
  at->until = until;
  at->was = csl_json_member_int (&json, 0, "was", 0);
  at->seq = csl_json_member_int (&json, 0, "seq", 0);
  at->fills = csl_json_member_int (&json, 0, "fills", 0) == 1;
  at->from = MAX (csl_json_member_int (&json, 0, "from", 0), 0);
  at->key = MAX (csl_json_member_int (&json, 0, "key", 0), 0);
  at->bit = (guint) csl_json_member_int (&json, 0, "bit", 0);
  at->rank = csl_json_member_int (&json, 0, "rank", -1);
  id = csl_json_member_dup_string (&json, 0, "id");
  g_strlcpy (at->id, id != NULL ? id : "", sizeof at->id);
}
