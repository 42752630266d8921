/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-pull.c: POST /v1/sync/pull: one page.
 *
 *   head · drops (first page) · commits in (since, until] with their sums · fills with their sums · done | page
 *
 * Everything is found by number: intervals of access that began or ended after `since`, rows with a seq after it. Nothing
 * is proportional to what is stored, except the fills themselves. `resume` says where to go on:
 *   {"until":…,"seq":…}                         in the commits, after seq
 *   {"until":…,"from":…,"key":…,"bit":…,"rank":…,"id":…}   in the fills: interval, bucket behind a bit, row
 */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-pull-request.h"
#include "server/handlers/csd-call.h"
#include "server/handlers/csd-digest.h"

#include <string.h>

#define MIN_PAGE   1
#define MAX_PAGE   (8 * 1024 * 1024)
#define FLUSH_SIZE (64 * 1024)

typedef struct
{
  gint64 until;
  gint64 seq;       /* commits up to here were sent */
  bool fills;       /* the commits are done */
  gint64 from, key; /* interval */
  guint bit;        /* 0: the interval is done */
  gint64 rank;
  char id[40];
} Position;

typedef struct
{
  CsdCall *call; /* (unowned) */
  CslPullRequest request;
  Position at;
  gint64 head;
  GString *out;        /* (owned) */
  GHashTable *seen;    /* (owned) bucket → GINT_TO_POINTER (1 hidden, 2 shown) */
  GHashTable *touched; /* (owned) set of buckets with lines in this page */
  gint64 max_bytes, deadline_ms;
  guint lines;      /* since the last look at the clock */
  gsize page_bytes; /* of rows so far */
  bool full;        /* the page ends here */
  bool
    restarted; /* a pull that was begun cannot go on: the replica may hold what it brought */
  bool open_commit; /* lines of at.seq were sent, its commit line not yet */
  gint64 commit_seq;
  /* of the interval being filled */
  const CsdAccess *access; /* (unowned) */
} Pull;

static void
flush (Pull *pull)
{
  if (pull->out->len >= FLUSH_SIZE)
    csd_response_flush (pull->call->response, pull->out);
}

/* Is the page as large, or as late, as it may be? */
static bool
is_full (Pull *pull)
{
  if (pull->page_bytes == 0)
    return false;
  if ((gint64) pull->page_bytes >= pull->max_bytes)
    return true;
  if (++pull->lines % 64 != 0)
    return false;
  return csl_env_mono_ms (pull->call->server->env) >= pull->deadline_ms;
}

static void
count_row (Pull *pull, gsize before)
{
  pull->page_bytes += pull->out->len - before;
}

/* Had at since, has at until, and not lost since then. */
static bool
shows_commits (Pull *pull, const char *bucket)
{
  gpointer known = g_hash_table_lookup (pull->seen, bucket);
  bool shown = false;

  if (known != NULL)
    return GPOINTER_TO_INT (known) == 2;
  shown = csd_call_sees (pull->call, bucket, pull->request.since) &&
          csd_call_sees (pull->call, bucket, pull->at.until) &&
          csd_call_sees (pull->call, bucket, G_MAXINT64);
  g_hash_table_insert (pull->seen, g_strdup (bucket), GINT_TO_POINTER (shown ? 2 : 1));
  return shown;
}

static void
close_commit (Pull *pull)
{
  if (pull->open_commit) {
    csl_pull_write_commit (pull->out, pull->commit_seq);
    pull->at.seq = pull->commit_seq;
  }
  pull->open_commit = false;
}

/* A row that went into another bucket the user has: the put says it all, unless the row changed again later. */
static bool
is_moved_in_sight (Pull *pull, const CsdFeedRow *row)
{
  CsdStorage *storage = pull->call->storage;
  g_auto (CsdStored) stored = { 0 };

  return strcmp (row->why, "mv") == 0 &&
         storage->load (storage, row->id, &stored, NULL) &&
         stored.rev <= pull->at.until && !stored.deleted &&
         csd_call_sees (pull->call, stored.bucket, pull->at.until);
}

static bool
change_cb (const CsdFeedRow *row, gpointer data)
{
  Pull *pull = data;
  gsize before = 0;

  if (pull->open_commit && row->seq != pull->commit_seq) {
    close_commit (pull);
    if (is_full (pull)) {
      pull->full = true;
      return false;
    }
    flush (pull);
  }
  if (!shows_commits (pull, row->bucket) || (row->gone && is_moved_in_sight (pull, row)))
    return true;
  before = pull->out->len;
  if (row->gone)
    csl_pull_write_gone (pull->out, row->bucket, row->type->name, row->id, row->seq,
                         row->why);
  else
    csl_pull_write_put (pull->out, row->bucket, row->type->name, row->id, row->seq,
                        row->doc);
  count_row (pull, before);
  pull->open_commit = true;
  pull->commit_seq = row->seq;
  if (!g_hash_table_contains (pull->touched, row->bucket))
    g_hash_table_add (pull->touched, g_strdup (row->bucket));
  return true;
}

static void
write_sum (Pull *pull, const char *bucket, gint64 position)
{
  CsdBucketState state;

  if (pull->call->storage->get_bucket (pull->call->storage, bucket, &state, NULL) &&
      state.seq <= position)
    csl_pull_write_sum (pull->out, bucket, state.count, state.sum);
}

static bool
send_commits (Pull *pull, GError **error)
{
  CsdStorage *storage = pull->call->storage;
  GHashTableIter iter;
  gpointer bucket = NULL;

  if (!storage->list_changes (storage, MAX (pull->request.since, pull->at.seq),
                              pull->at.until, change_cb, pull, error))
    return false;
  close_commit (pull);
  g_hash_table_iter_init (&iter, pull->touched);
  while (g_hash_table_iter_next (&iter, &bucket, NULL))
    write_sum (pull, bucket, pull->full ? pull->at.seq : pull->at.until);
  if (!pull->full) {
    pull->at.fills = true;
    pull->at.seq = pull->at.until;
  }
  return true;
}

static bool
drop_cb (const CsdAccess *access, gpointer data)
{
  Pull *pull = data;
  CsdStorage *storage = pull->call->storage;
  const char *user = pull->call->claims.user;
  guint had = storage->get_access (storage, user, access->bucket, pull->request.since);
  guint has = storage->get_access (storage, user, access->bucket, pull->at.until);

  if (pull->restarted)
    had |= access->mask;
  /* Several intervals of one bucket may have ended: the last one speaks. */
  if (had == 0 || g_hash_table_contains (pull->touched, access->bucket))
    return true;
  g_hash_table_add (pull->touched, g_strdup (access->bucket));
  for (guint bit = 1u << pull->call->organisation->n_tiers; bit > 0; bit >>= 1) {
    g_autofree char *name = NULL;

    if ((had & ~has & bit) == 0)
      continue;
    name = csd_organisation_join_bucket (pull->call->organisation, access->bucket, bit);
    csl_pull_write_drop (pull->out, name, access->to_seq, access->why);
  }
  return true;
}

static bool
send_drops (Pull *pull, GError **error)
{
  CsdStorage *storage = pull->call->storage;
  bool good = (pull->request.since == 0 && !pull->restarted) ||
              storage->list_ended (storage, pull->call->claims.user, pull->request.since,
                                   pull->at.until, drop_cb, pull, error);

  g_hash_table_remove_all (pull->touched);
  return good;
}

typedef struct
{
  Pull *pull;         /* (unowned) */
  const char *bucket; /* (unowned) */
} Fill;

static bool
fill_row_cb (const CsdFeedRow *row, gpointer data)
{
  Fill *fill = data;
  Pull *pull = fill->pull;
  gsize before = 0;

  if (is_full (pull)) {
    pull->full = true;
    return false;
  }
  before = pull->out->len;
  csl_pull_write_put (pull->out, fill->bucket, row->type->name, row->id, row->seq,
                      row->doc);
  count_row (pull, before);
  pull->at.rank = row->type->rank;
  g_strlcpy (pull->at.id, row->id, sizeof pull->at.id);
  flush (pull);
  return true;
}

/* Sends the bucket behind one bit from where the position stands. */
static bool
fill_bucket (Pull *pull, guint bit, GError **error)
{
  CsdStorage *storage = pull->call->storage;
  g_autofree char *name =
    csd_organisation_join_bucket (pull->call->organisation, pull->access->bucket, bit);
  Fill fill = { pull, name };
  CsdBucketState state = { 0 };

  pull->at.bit = bit;
  if (!storage->get_bucket (storage, name, &state, NULL) || state.count == 0)
    return true;
  csl_pull_write_open (pull->out, name, state.count, state.bytes, true);
  if (!storage->list_bucket (storage, name, pull->at.rank, pull->at.id, fill_row_cb,
                             &fill, error))
    return false;
  if (!pull->full)
    write_sum (pull, name, pull->at.until);
  return true;
}

typedef struct
{
  Pull *pull; /* (unowned) */
  GError *error;
} Fills;

static bool
begun_cb (const CsdAccess *access, gpointer data)
{
  Fills *fills = data;
  Pull *pull = fills->pull;
  CsdStorage *storage = pull->call->storage;
  const char *user = pull->call->claims.user;
  guint had = 0;
  guint has = storage->get_access (storage, user, access->bucket, G_MAXINT64);
  bool resumed = access->from_seq == pull->at.from && access->key == pull->at.key;

  if (access->to_seq != 0 && access->to_seq <= pull->at.until)
    return true;
  if (pull->request.since > 0)
    had = storage->get_access (storage, user, access->bucket, pull->request.since);
  pull->access = access;
  for (guint bit = 1; bit <= 1u << pull->call->organisation->n_tiers; bit <<= 1) {
    if ((access->mask & has & ~had & bit) == 0 || (resumed && bit < pull->at.bit))
      continue;
    if (!resumed || bit != pull->at.bit) {
      pull->at.rank = -1;
      *pull->at.id = '\0';
    }
    pull->at.from = access->from_seq;
    pull->at.key = access->key;
    if (!fill_bucket (pull, bit, &fills->error) || pull->full)
      return false;
  }
  return true;
}

static bool
send_fills (Pull *pull, GError **error)
{
  CsdStorage *storage = pull->call->storage;
  Fills fills = { .pull = pull };
  /* The interval of the position itself comes again: `after` is exclusive. */
  bool good = storage->list_begun (storage, pull->call->claims.user, pull->request.since,
                                   pull->at.until, pull->at.from, pull->at.key - 1,
                                   begun_cb, &fills, error);

  if (fills.error == NULL)
    return good;
  g_propagate_error (error, fills.error);
  return false;
}

static void
write_resume (Pull *pull)
{
  g_autoptr (GString) resume = g_string_new ("{");
  const Position *at = &pull->at;

  csl_json_write_member_int (resume, "until", at->until);
  csl_json_write_member_int (resume, "seq", at->seq);
  csl_json_write_member_int (resume, "fills", at->fills ? 1 : 0);
  csl_json_write_member_int (resume, "from", at->from);
  csl_json_write_member_int (resume, "key", at->key);
  csl_json_write_member_int (resume, "bit", at->bit);
  csl_json_write_member_int (resume, "rank", at->rank);
  csl_json_write_member_string (resume, "id", at->id);
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
has_lost_access (Pull *pull, gint64 until)
{
  CsdStorage *storage = pull->call->storage;
  bool lost = false;

  return !storage->list_ended (storage, pull->call->claims.user, until, pull->head,
                               ended_cb, &lost, NULL) ||
         lost;
}

/* A position of another history, beyond the head, or from before access was lost starts again from `since`. */
static void
read_resume (Pull *pull)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *id = NULL;
  gint64 until = 0;
  Position *at = &pull->at;

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
  if (until < pull->request.since || until > pull->head ||
      until < pull->call->storage->get_horizon (pull->call->storage) ||
      has_lost_access (pull, until))
    return;
  pull->restarted = false;
  at->until = until;
  at->seq = csl_json_member_int (&json, 0, "seq", 0);
  at->fills = csl_json_member_int (&json, 0, "fills", 0) == 1;
  at->from = MAX (csl_json_member_int (&json, 0, "from", 0), 0);
  at->key = MAX (csl_json_member_int (&json, 0, "key", 0), 0);
  at->bit = (guint) csl_json_member_int (&json, 0, "bit", 0);
  at->rank = csl_json_member_int (&json, 0, "rank", -1);
  id = csl_json_member_dup_string (&json, 0, "id");
  g_strlcpy (at->id, id != NULL ? id : "", sizeof at->id);
}

static bool
is_first_page (const Pull *pull)
{
  return !pull->at.fills && pull->at.seq == 0;
}

static bool
send_page (Pull *pull, GError **error)
{
  csd_call_write_head (pull->call, pull->out, pull->request.since, pull->at.until);
  if (is_first_page (pull) && !send_drops (pull, error))
    return false;
  /* Whoever had nothing gets everything by filling. */
  if (pull->request.since == 0)
    pull->at.fills = true;
  if (!pull->at.fills && !send_commits (pull, error))
    return false;
  if (!pull->full && !send_fills (pull, error))
    return false;
  if (pull->full)
    write_resume (pull);
  else
    csl_pull_write_done (pull->out, pull->at.until);
  return true;
}

/* Nothing has happened since: one comparison, unless the replica's sums are not the server's. */
static bool
send_nothing_new (Pull *pull, GError **error)
{
  csd_call_write_head (pull->call, pull->out, pull->request.since, pull->head);
  if (pull->request.sums != NULL && *pull->request.sums != '\0' &&
      !csd_digest_check (pull->call, pull->request.sums, pull->out, error))
    return false;
  csl_pull_write_done (pull->out, pull->head);
  return true;
}

static bool
answer (Pull *pull, GError **error)
{
  CsdStorage *storage = pull->call->storage;

  if (pull->request.since > 0 && pull->request.since < storage->get_horizon (storage)) {
    csd_call_write_head (pull->call, pull->out, pull->request.since, pull->head);
    csl_pull_write_reconcile (pull->out, pull->head);
    return true;
  }
  if (pull->request.since == pull->head && pull->request.resume == NULL)
    return send_nothing_new (pull, error);
  return send_page (pull, error);
}

static bool
check_request (Pull *pull)
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
run (Pull *pull)
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
  read_resume (pull);
  csd_response_begin (call->response, 200, CSD_TYPE_NDJSON);
  if (call->storage->begin_read (call->storage, &error)) {
    /* A failure in the middle leaves the page without its last line: the client takes it for cut. */
    if (!answer (pull, &error))
      g_warning ("A pull failed: %s", error->message);
    call->storage->end_read (call->storage);
  }
  csd_response_flush (call->response, pull->out);
}

void
csd_call_pull (CsdCall *call)
{
  Pull pull = { .call = call,
                .head = call->storage->get_head (call->storage),
                .out = g_string_sized_new (FLUSH_SIZE + 4096),
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
