/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-pull-fills.c: the buckets that a replica does not have yet, as they are. */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/wire/csl-pull-line.h"
#include "server/handlers/csd-pull-private.h"

#include <string.h>

typedef struct
{
  CsdPull *pull;      /* (unowned) */
  const char *bucket; /* (unowned) */
} Fill;

static bool
fill_row_cb (const CsdFeedRow *row, gpointer data)
{
  Fill *fill = data;
  CsdPull *pull = fill->pull;
  gsize before = 0;

  if (csd_pull_is_full (pull)) {
    pull->full = true;
    return false;
  }
  before = pull->out->len;
  csl_pull_write_put (pull->out, fill->bucket, row->type->name, row->id, row->seq,
                      row->doc);
  csd_pull_count_row (pull, before);
  pull->at.rank = row->type->rank;
  g_strlcpy (pull->at.id, row->id, sizeof pull->at.id);
  csd_pull_flush (pull);
  return true;
}

/* Sends the bucket behind one bit from where the position stands. */
static bool
fill_bucket (CsdPull *pull, guint bit, GError **error)
{
  CsdStorage *storage = pull->call->storage;
  g_autofree char *name =
    csd_organisation_join_bucket (pull->call->organisation, pull->access->bucket, bit);
  Fill fill = { pull, name };
  CsdBucketState state = { 0 };
  GError *local = NULL;

  pull->at.bit = bit;
  if (!storage->get_bucket (storage, name, &state, &local) || state.count == 0)
    return csl_error_pass (&local, error);
  csl_pull_write_open (pull->out, name, state.count, state.bytes, true);
  if (!storage->list_bucket (storage, name, pull->at.rank, pull->at.id, fill_row_cb,
                             &fill, error))
    return false;
  if (!pull->full)
    csd_pull_write_sum (pull, name, pull->at.until);
  return true;
}

typedef struct
{
  CsdPull *pull; /* (unowned) */
  GError *error;
} Fills;

static bool
begun_cb (const CsdAccess *access, gpointer data)
{
  Fills *fills = data;
  CsdPull *pull = fills->pull;
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

bool
csd_pull_send_fills (CsdPull *pull, GError **error)
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
