/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-fuzzy.c: what people type for a command, and what must not fit. */
#include "client/ui/text/csl-fuzzy.h"

static const struct
{
  const char *title, *words, *typed;
  guint level; /* 0: does not fit */
} samples[] = {
  { "New note", "write visit", "new note", CSL_FUZZY_TITLE },
  { "New note", "write visit", "NEW", CSL_FUZZY_TITLE },
  { "New note", "write visit", "note", CSL_FUZZY_TITLE },
  { "New note", "write visit", "no ne", CSL_FUZZY_TITLE },
  { "New note", "write visit", "  new  ", CSL_FUZZY_TITLE },
  { "New note", "write visit", "visit", CSL_FUZZY_WORDS },
  { "New note", "write visit", "write note", CSL_FUZZY_WORDS },
  { "New note", NULL, "nwnt", CSL_FUZZY_LETTERS },
  { "New note", NULL, "nn", 0 },
  { "New note", NULL, "ote", 0 },
  { "New note", NULL, "zzzz", 0 },
  { "New note", "write visit", "visit amina", 0 },
  { "New note", NULL, "", 0 },
  { "New note", NULL, " ", 0 },
  { "New note", NULL, "…", 0 },
  { "Préférences", NULL, "prefer", CSL_FUZZY_TITLE },
  { "Préférences", NULL, "PRÉF", CSL_FUZZY_TITLE },
  { "Ärzte", NULL, "ar", CSL_FUZZY_TITLE },
  { "Work offline, or go online again", NULL, "online", CSL_FUZZY_TITLE },
};

static void
test_samples (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
    const guint score =
      csl_fuzzy_score (samples[i].title, samples[i].words, samples[i].typed);

    g_test_message ("%s: %s: %u", samples[i].title, samples[i].typed, score);
    if (samples[i].level == 0)
      g_assert_cmpuint (score, ==, 0);
    else
      g_assert_cmpuint (score / 100 * 100, >=, samples[i].level);
    if (samples[i].level == CSL_FUZZY_WORDS)
      g_assert_cmpuint (score, <, CSL_FUZZY_TITLE);
    if (samples[i].level == CSL_FUZZY_LETTERS)
      g_assert_cmpuint (score, <, CSL_FUZZY_WORDS);
  }
}

/* The whole name before its beginning, the shorter name before the longer. */
static void
test_order (void)
{
  g_assert_cmpuint (csl_fuzzy_score ("Help", NULL, "help"), >,
                    csl_fuzzy_score ("Help with forms", NULL, "help"));
  g_assert_cmpuint (csl_fuzzy_score ("New note", NULL, "new"), >,
                    csl_fuzzy_score ("Something new", NULL, "new"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/fuzzy/samples", test_samples);
  g_test_add_func ("/ui/fuzzy/order", test_order);
  return g_test_run ();
}
