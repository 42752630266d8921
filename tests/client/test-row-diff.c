/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-row-diff.c: the difference of two lists, applied, gives the new one with few changes. */
#include "client/app/csl-row-diff.h"

#include <string.h>

static GArray *
read_keys (const char *text)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (const char *c = text; *c != '\0'; c++) {
    gint64 key = *c;

    g_array_append_val (keys, key);
  }
  return keys;
}

/* Applies the hunks to @list; returns how many rows they touched. */
static guint
apply (GArray *list, const GArray *hunks, const GArray *after)
{
  guint touched = 0;

  for (guint i = 0; i < hunks->len; i++) {
    const CslRowHunk *hunk = &g_array_index (hunks, CslRowHunk, i);

    g_assert_cmpuint (hunk->position + hunk->removed, <=, list->len);
    if (hunk->removed > 0)
      g_array_remove_range (list, hunk->position, hunk->removed);
    if (hunk->added > 0)
      g_array_insert_vals (list, hunk->position,
                           &g_array_index (after, gint64, hunk->position), hunk->added);
    touched += hunk->removed + hunk->added;
  }
  g_assert_cmpmem (list->data, list->len * sizeof (gint64), after->data,
                   after->len * sizeof (gint64));
  return touched;
}

static guint
measure (GArray *before, GArray *after, guint *ret_hunks)
{
  g_autoptr (GArray) hunks = csl_row_diff ((gint64 *) (gpointer) before->data,
                                           before->len, (gint64 *) (gpointer) after->data,
                                           after->len);

  *ret_hunks = hunks->len;
  return apply (before, hunks, after);
}

typedef struct
{
  const char *before, *after;
  guint hunks, touched;
} Case;

static const Case cases[] = {
  { "", "", 0, 0 },
  { "abc", "abc", 0, 0 },
  { "", "abc", 1, 3 },
  { "abc", "", 1, 3 },
  { "bc", "abc", 1, 1 },
  { "abc", "ab", 1, 1 },
  { "abcdef", "abXdef", 1, 2 },
  { "abcdef", "fabcde", 2, 2 },
  { "abcdef", "bcdefa", 2, 2 },
  { "abcdefgh", "aXbcdfgYh", 3, 3 },
  { "abc", "xyz", 1, 6 },
  { "abcd", "dcba", 2, 6 },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GArray) before = read_keys (cases[i].before);
    g_autoptr (GArray) after = read_keys (cases[i].after);
    guint hunks;

    g_test_message ("%s → %s", cases[i].before, cases[i].after);
    g_assert_cmpuint (measure (before, after, &hunks), ==, cases[i].touched);
    g_assert_cmpuint (hunks, ==, cases[i].hunks);
  }
}

static GArray *
random_keys (void)
{
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (gint64 key = 0; key < 300; key++)
    if (g_test_rand_bit ())
      g_array_insert_val (keys, (guint) g_test_rand_int_range (0, (gint32) keys->len + 1),
                          key);
  return keys;
}

static void
test_random (void)
{
  for (guint i = 0; i < 300; i++) {
    g_autoptr (GArray) before = random_keys ();
    g_autoptr (GArray) after = random_keys ();
    guint hunks;

    measure (before, after, &hunks);
    g_assert_cmpuint (hunks, <=, 64);
  }
}

/* One row of a hundred thousand moves to the front. */
static void
test_long_list (void)
{
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 moved = 70000;
  guint hunks;

  g_array_append_val (after, moved);
  for (gint64 key = 0; key < 100000; key++) {
    g_array_append_val (before, key);
    if (key != moved)
      g_array_append_val (after, key);
  }
  g_assert_cmpuint (measure (before, after, &hunks), ==, 2);
  g_assert_cmpuint (hunks, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/row-diff/cases", test_cases);
  g_test_add_func ("/client/row-diff/random", test_random);
  g_test_add_func ("/client/row-diff/long-list", test_long_list);
  return g_test_run ();
}
