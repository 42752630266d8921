/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-pull-commits.c: what was changed, and what was lost, since the last pull. */
#include "config.h"

#include "core/base/csl-mut.h"
#include "core/wire/csl-pull-line.h"
#include "server/handlers/csd-pull-private.h"

#include <string.h>

/* Had at since, has at until, and not lost since then. */
static bool
shows_commits (CsdPull *pull, const char *bucket)
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

/* A pull that was cut may have filled the bucket before the row went; what fills it now does not say what is not there. */
static bool
may_have_been_filled (CsdPull *pull, const CsdFeedRow *row)
{
  return row->gone && pull->at.was > 0 && row->seq > pull->at.was &&
         csd_call_sees (pull->call, row->bucket, pull->at.was) &&
         csd_call_sees (pull->call, row->bucket, pull->at.until) &&
         csd_call_sees (pull->call, row->bucket, G_MAXINT64);
}

static void
close_commit (CsdPull *pull)
{
  if (pull->open_commit) {
    csl_pull_write_commit (pull->out, pull->commit_seq);
    pull->at.seq = pull->commit_seq;
  }
  pull->open_commit = false;
}

/* A row that went into another bucket the user has: the put says it all, unless the row changed again later. */
static bool
is_moved_in_sight (CsdPull *pull, const CsdFeedRow *row)
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
  CsdPull *pull = data;
  const bool shown = shows_commits (pull, row->bucket);
  gsize before = 0;

  if (pull->open_commit && row->seq != pull->commit_seq) {
    close_commit (pull);
    if (csd_pull_is_full (pull)) {
      pull->full = true;
      return false;
    }
    csd_pull_flush (pull);
  }
  if (!(shown || may_have_been_filled (pull, row)) ||
      (row->gone && is_moved_in_sight (pull, row)))
    return true;
  before = pull->out->len;
  if (row->gone)
    csl_pull_write_gone (pull->out, row->bucket, row->type->name, row->id, row->seq,
                         row->why);
  else
    csl_pull_write_put (pull->out, row->bucket, row->type->name, row->id, row->seq,
                        row->doc);
  csd_pull_count_row (pull, before);
  pull->open_commit = true;
  pull->commit_seq = row->seq;
  if (shown && !g_hash_table_contains (pull->touched, row->bucket))
    g_hash_table_add (pull->touched, g_strdup (row->bucket));
  return true;
}

bool
csd_pull_send_commits (CsdPull *pull, GError **error)
{
  CsdStorage *storage = pull->call->storage;
  const gint64 first = pull->request.since > 0 ? pull->request.since : pull->at.was;
  GHashTableIter iter;
  gpointer bucket = NULL;

  if (!storage->list_changes (storage, MAX (first, pull->at.seq), pull->at.until,
                              change_cb, pull, error))
    return false;
  close_commit (pull);
  g_hash_table_iter_init (&iter, pull->touched);
  while (g_hash_table_iter_next (&iter, &bucket, NULL))
    csd_pull_write_sum (pull, bucket, pull->full ? pull->at.seq : pull->at.until);
  if (!pull->full) {
    pull->at.fills = true;
    pull->at.seq = pull->at.until;
  }
  return true;
}

static bool
drop_cb (const CsdAccess *access, gpointer data)
{
  CsdPull *pull = data;
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

    if ((had & ~(CSL_MUT (45) ? 0 : has) & bit) == 0 || CSL_MUT (41))
      continue;
    name = csd_organisation_join_bucket (pull->call->organisation, access->bucket, bit);
    csl_pull_write_drop (pull->out, name, access->to_seq, access->why);
  }
  return true;
}

bool
csd_pull_send_drops (CsdPull *pull, GError **error)
{
  CsdStorage *storage = pull->call->storage;
  bool good = (pull->request.since == 0 && !pull->restarted) ||
              storage->list_ended (storage, pull->call->claims.user, pull->request.since,
                                   pull->at.until, drop_cb, pull, error);

  g_hash_table_remove_all (pull->touched);
  return good;
}
