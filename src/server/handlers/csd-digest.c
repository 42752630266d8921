/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-digest.c: the hash over all bucket sums of a user. */
#include "config.h"

#include "server/handlers/csd-digest.h"

#include "core/base/csl-error.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-sums.h"

#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (((const CsdBucketState *) a)->bucket,
                 ((const CsdBucketState *) b)->bucket);
}

/* A bucket that cannot be read is not one without rows: who compares would take out all of it. */
static bool
add_bucket (CsdCall *call, GArray *states, const char *base, guint mask, GError **error)
{
  for (guint bit = 1; bit <= mask; bit <<= 1) {
    g_autofree char *name = NULL;
    GError *local = NULL;
    CsdBucketState state = { 0 };

    if ((mask & bit) == 0)
      continue;
    name = csd_organisation_join_bucket (call->organisation, base, bit);
    if (call->storage->get_bucket (call->storage, name, &state, &local) &&
        state.count > 0)
      g_array_append_val (states, state);
    if (!csl_error_pass (&local, error))
      return false;
  }
  return true;
}

GArray *
csd_digest_list (CsdCall *call, GError **error)
{
  g_autoptr (GHashTable) buckets =
    call->storage->list_user_buckets (call->storage, call->claims.user, error);
  g_autoptr (GArray) states = NULL;
  GHashTableIter iter;
  gpointer base = NULL;
  gpointer mask = NULL;

  if (buckets == NULL)
    return NULL;
  states = g_array_new (FALSE, TRUE, sizeof (CsdBucketState));
  g_hash_table_iter_init (&iter, buckets);
  while (g_hash_table_iter_next (&iter, &base, &mask))
    if (!add_bucket (call, states, base, GPOINTER_TO_UINT (mask), error))
      return NULL;
  g_array_sort (states, compare_names);
  return g_steal_pointer (&states);
}

static void
remember (CsdCall *call, const GArray *states)
{
  CslSums *sums = csl_sums_new ();
  CsdDigest *digest = g_new0 (CsdDigest, 1);
  g_autofree char *text = NULL;

  for (guint i = 0; i < states->len; i++) {
    const CsdBucketState *state = &g_array_index (states, CsdBucketState, i);

    csl_sums_add (sums, state->bucket, state->count, state->sum);
  }
  text = csl_sums_finish (sums);
  csl_sums_free (sums);
  digest->seq = call->storage->get_head (call->storage);
  g_strlcpy (digest->sums, text, sizeof digest->sums);
  g_hash_table_replace (call->organisation->digests, g_strdup (call->claims.user),
                        digest);
}

static const CsdDigest *
get_digest (CsdCall *call)
{
  const CsdDigest *digest =
    g_hash_table_lookup (call->organisation->digests, call->claims.user);

  if (digest == NULL || digest->seq != call->storage->get_head (call->storage))
    return NULL;
  return digest;
}

bool
csd_digest_check (CsdCall *call, const char *sums, GString *out, GError **error)
{
  const CsdDigest *digest = get_digest (call);
  g_autoptr (GArray) states = NULL;

  if (digest != NULL && strcmp (digest->sums, sums) == 0)
    return true;
  states = csd_digest_list (call, error);
  if (states == NULL)
    return false;
  remember (call, states);
  if (strcmp (get_digest (call)->sums, sums) == 0)
    return true;
  for (guint i = 0; i < states->len; i++) {
    const CsdBucketState *state = &g_array_index (states, CsdBucketState, i);

    csl_pull_write_sum (out, state->bucket, state->count, state->sum);
  }
  return true;
}
