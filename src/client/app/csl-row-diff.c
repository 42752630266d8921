/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-row-diff.c: what changed between two lists of row keys.
 *
 * Both ends that are alike are left out; in the middle, the longest run of keys that are in both
 * lists in the same order stays (longest increasing subsequence of old positions, n log n), so
 * that a list view keeps its rows, its selection and its place.
 */
#include "client/app/csl-row-diff.h"

/* More hunks than this cost a list view more than one wide change. */
#define MAX_HUNKS 64
#define NOWHERE   G_MAXUINT

typedef struct
{
  const gint64 *before, *after;
  guint n_before, n_after;
} Lists;

/* Old position of each new key, NOWHERE for new ones. */
static guint *
find_old_positions (const Lists *lists)
{
  g_autoptr (GHashTable) positions = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint *old = g_new (guint, lists->n_after + 1);
  gpointer found;

  for (guint i = 0; i < lists->n_before; i++)
    g_hash_table_insert (positions, (gpointer) &lists->before[i], GUINT_TO_POINTER (i));
  for (guint i = 0; i < lists->n_after; i++)
    old[i] = g_hash_table_lookup_extended (positions, &lists->after[i], NULL, &found)
               ? GPOINTER_TO_UINT (found)
               : NOWHERE;
  return old;
}

/* Where in @tails (new positions, their old positions ascending) @value belongs. */
static guint
find_tail (const guint *old, const guint *tails, guint n_tails, guint value)
{
  guint low = 0, high = n_tails;

  while (low < high) {
    guint middle = (low + high) / 2;

    if (old[tails[middle]] < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Leaves in @old only the positions of keys that stay. */
static void
keep_longest_run (guint *old, guint n)
{
  g_autofree guint *tails = g_new (guint, n + 1);
  g_autofree guint *previous = g_new (guint, n + 1);
  g_autofree guint8 *stays = g_new0 (guint8, n + 1);
  guint n_tails = 0;

  for (guint i = 0; i < n; i++) {
    if (old[i] == NOWHERE)
      continue;
    guint at = find_tail (old, tails, n_tails, old[i]);

    previous[i] = at > 0 ? tails[at - 1] : NOWHERE;
    tails[at] = i;
    if (at == n_tails)
      n_tails++;
  }
  for (guint i = n_tails > 0 ? tails[n_tails - 1] : NOWHERE; i != NOWHERE;
       i = previous[i])
    stays[i] = 1;
  for (guint i = 0; i < n; i++)
    if (!stays[i])
      old[i] = NOWHERE;
}

static void
add_hunk (GArray *hunks, guint position, guint removed, guint added)
{
  CslRowHunk hunk = { position, removed, added };

  if (removed > 0 || added > 0)
    g_array_append_val (hunks, hunk);
}

static void
collect_hunks (const Lists *lists, const guint *old, guint offset, GArray *hunks)
{
  guint next_old = 0, start = 0;

  for (guint i = 0; i < lists->n_after; i++) {
    if (old[i] == NOWHERE)
      continue;
    add_hunk (hunks, offset + start, old[i] - next_old, i - start);
    next_old = old[i] + 1;
    start = i + 1;
  }
  add_hunk (hunks, offset + start, lists->n_before - next_old, lists->n_after - start);
}

/* Leaves out what both lists begin and end with; returns the length of the common beginning. */
static guint
trim (Lists *lists)
{
  guint start = 0;

  while (start < lists->n_before && start < lists->n_after &&
         lists->before[start] == lists->after[start])
    start++;
  lists->before += start;
  lists->after += start;
  lists->n_before -= start;
  lists->n_after -= start;
  while (lists->n_before > 0 && lists->n_after > 0 &&
         lists->before[lists->n_before - 1] == lists->after[lists->n_after - 1]) {
    lists->n_before--;
    lists->n_after--;
  }
  return start;
}

GArray *
csl_row_diff (const gint64 *before, guint n_before, const gint64 *after, guint n_after)
{
  GArray *hunks = g_array_new (FALSE, FALSE, sizeof (CslRowHunk));
  Lists lists = { before, after, n_before, n_after };
  guint offset = trim (&lists);

  if (lists.n_before > 0 && lists.n_after > 0) {
    g_autofree guint *old = find_old_positions (&lists);

    keep_longest_run (old, lists.n_after);
    collect_hunks (&lists, old, offset, hunks);
    if (hunks->len <= MAX_HUNKS)
      return hunks;
    g_array_set_size (hunks, 0);
  }
  add_hunk (hunks, offset, lists.n_before, lists.n_after);
  return hunks;
}
