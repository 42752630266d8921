/* SPDX-License-Identifier: GPL-3.0-or-later */
/* caseload-sim: plays seeded histories of the whole system – real engine, real replicas, real server core – with every
 * fault it knows, and says which seed breaks which promise.
 *
 *   caseload-sim --seed 17            that one; a failure is made short and printed as a script
 *   caseload-sim --seed 1 --seeds 100 a row of them
 *   caseload-sim --replay FILE        a script
 *   caseload-sim --world NAME         one that was thought out (csl-sim-worlds.c)
 *   caseload-sim --mut-table          plants every defect and says how many seeds it took to find it
 */
#include "sim/whole/csl-sim-defects.h"
#include "sim/whole/csl-sim-run.h"
#include "sim/whole/csl-sim-worlds.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  gint64 seed, seeds, budget_s;
  gint64 played;
  char *only, *replay, *except, *world; /* (owned) (nullable) */
  int defect, least;
  gboolean trace, table, digest, counts, no_shrink, check_counts, fresh, rough;
} Options;

static void
print_failure (const CslSimOutcome *outcome)
{
  g_print ("FAILED %s\n", outcome->message);
}

static void
print_counts (const CslSimTally *tally)
{
  for (guint i = 0; i < CSL_SIM_N_COUNTS; i++)
    g_print ("%-24s %" G_GUINT64_FORMAT "\n", csl_sim_count_get_name (i),
             tally->counts[i]);
}

/* What never happened was not tested. @except: (nullable) names of what need not happen. */
static bool
is_covered (const CslSimTally *tally, const char *except)
{
  g_auto (GStrv) names = g_strsplit (except != NULL ? except : "", ",", -1);
  bool good = true;

  for (guint i = 0; i < CSL_SIM_N_COUNTS; i++)
    if (tally->counts[i] == 0 &&
        !g_strv_contains ((const char *const *) names, csl_sim_count_get_name (i))) {
      g_print ("FAILED coverage: %s never happened\n", csl_sim_count_get_name (i));
      good = false;
    }
  return good;
}

static void
make_short (const CslSimRun *run, const CslSimPlan *plan, const CslSimOutcome *failure)
{
  g_autoptr (CslSimPlan) best = csl_sim_run_shrink (run, plan, failure);
  g_autofree char *text = csl_sim_plan_print (best);

  g_print ("# the shortest script found, %u of %u steps:\n%s", best->steps->len,
           plan->steps->len, text);
}

static bool
play_seeds (const CslSimRun *run, Options *options, CslSimTally *tally)
{
  guint64 seed = (guint64) options->seed;
  guint64 end = seed + (guint64) options->seeds;
  guint failures = 0;

  while (seed < end && g_get_monotonic_time () < run->until_us) {
    CslSimOutcome outcome;

    csl_sim_run_seeds (run, seed, end - seed, &outcome);
    options->played += (gint64) outcome.played;
    csl_sim_tally_add (tally, &outcome.tally);
    if (options->seeds == 1 || options->digest)
      g_print ("digest %s\n", outcome.digest);
    if (!outcome.failed)
      break;
    failures++;
    print_failure (&outcome);
    if (!options->no_shrink) {
      g_autoptr (CslSimPlan) plan =
        csl_sim_plan_new (outcome.seed, run->only, run->rough);

      make_short (run, plan, &outcome);
    }
    seed = outcome.seed + 1;
  }
  return failures == 0;
}

static bool
replay (const CslSimRun *run, const Options *options, CslSimTally *tally)
{
  g_autoptr (CslSimPlan) plan = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  CslSimOutcome outcome;

  if (!g_file_get_contents (options->replay, &text, NULL, &error)) {
    g_printerr ("caseload-sim: %s\n", error->message);
    return false;
  }
  plan = csl_sim_plan_parse (text);
  if (plan == NULL) {
    g_printerr ("caseload-sim: %s is no script\n", options->replay);
    return false;
  }
  csl_sim_run_plan (run, plan, &outcome);
  csl_sim_tally_add (tally, &outcome.tally);
  if (outcome.failed)
    print_failure (&outcome);
  return !outcome.failed;
}

static bool
play_world_once (const CslSimRun *run, guint64 seed, const char *name, CslSimTally *tally)
{
  g_autoptr (CslSimPlan) plan = csl_sim_plan_new_world (seed, name);
  CslSimOutcome outcome;

  csl_sim_run_plan (run, plan, &outcome);
  csl_sim_tally_add (tally, &outcome.tally);
  if (outcome.failed)
    print_failure (&outcome);
  return !outcome.failed;
}

static bool
play_world (const CslSimRun *run, Options *options, CslSimTally *tally)
{
  bool good = true;

  if (csl_sim_worlds_lookup (options->world) == NULL) {
    g_printerr ("caseload-sim: there is no world %s\n", options->world);
    return false;
  }
  for (gint64 i = 0; good && i < options->seeds; i++) {
    good = play_world_once (run, (guint64) (options->seed + i), options->world, tally);
    options->played++;
  }
  return good;
}

static bool
play_what_was_asked (const CslSimRun *run, Options *options, CslSimTally *tally)
{
  if (options->replay != NULL)
    return replay (run, options, tally);
  if (options->world != NULL)
    return play_world (run, options, tally);
  return play_seeds (run, options, tally);
}

static bool
play_all (const CslSimRun *run, Options *options)
{
  gint64 start_us = g_get_monotonic_time ();
  CslSimTally tally = { 0 };
  bool good = play_what_was_asked (run, options, &tally);
  double seconds = (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC;

  if (options->replay == NULL && options->seeds > 1)
    g_print ("# %" G_GINT64_FORMAT " histories held in %.1f s: %.1f a second\n",
             options->played, seconds, (double) options->played / seconds);
  if (options->counts)
    print_counts (&tally);
  return good && (!options->check_counts || is_covered (&tally, options->except));
}

/* The first seed that fails with the defect, and does not without it. */
static bool
hunt (const CslSimRun *run, const Options *options, guint defect, CslSimOutcome *ret)
{
  CslSimRun planted = *run;
  CslSimRun sound = *run;
  guint64 first = (guint64) options->seed;
  guint64 end = first + (guint64) options->seeds;

  planted.defect = defect;
  planted.silent = sound.silent = true;
  sound.defect = 0;
  for (guint64 seed = first; seed < end; seed = ret->seed + 1) {
    CslSimOutcome control;

    csl_sim_run_seeds (&planted, seed, end - seed, ret);
    if (!ret->failed)
      break;
    csl_sim_run_seeds (&sound, ret->seed, 1, &control);
    if (!control.failed)
      return true;
  }
  return false;
}

/* One line per defect: seeds needed, and what gave it away. */
static bool
print_table (const CslSimRun *run, const Options *options)
{
  guint n;
  const CslSimDefect *defects = csl_sim_defects_list (&n);
  guint found = 0;

  for (guint i = 0; i < n; i++) {
    CslSimOutcome outcome = { 0 };
    bool good;

    if (run->defect != 0 && run->defect != defects[i].number)
      continue;
    good = hunt (run, options, defects[i].number, &outcome);
    found += good;
    g_print ("%2u %-8s %-62s %s %4" G_GUINT64_FORMAT "  %.*s\n", defects[i].number,
             defects[i].area, defects[i].what, good ? "found" : "NOT  ",
             good ? outcome.seed - (guint64) options->seed + 1 : (guint64) options->seeds,
             good ? (int) strcspn (outcome.message, ":") : 0, outcome.message);
  }
  g_print ("# %u of %u found within %" G_GINT64_FORMAT " seeds each\n", found, n,
           options->seeds);
  /* Seldom in so few seeds is not never: --seeds says how many. */
  return found >= (guint) options->least;
}

static bool
read_options (Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "First seed", "N" },
    { "seeds", 0, 0, G_OPTION_ARG_INT64, &options->seeds, "How many", "N" },
    { "budget", 0, 0, G_OPTION_ARG_INT64, &options->budget_s,
      "Begin no history after so many seconds", "S" },
    { "faults", 0, 0, G_OPTION_ARG_STRING, &options->only,
      "Only these, or behind a dash all but these", "LIST" },
    { "mut", 0, 0, G_OPTION_ARG_INT, &options->defect, "Plant a defect", "K" },
    { "digest", 0, 0, G_OPTION_ARG_NONE, &options->digest,
      "Print what the last history comes to", NULL },
    { "mut-table", 0, 0, G_OPTION_ARG_NONE, &options->table, "Plant each defect", NULL },
    { "least", 0, 0, G_OPTION_ARG_INT, &options->least,
      "Of the table: how many must be found", "N" },
    { "trace", 0, 0, G_OPTION_ARG_NONE, &options->trace, "Print every step", NULL },
    { "counts", 0, 0, G_OPTION_ARG_NONE, &options->counts, "Print what happened", NULL },
    { "coverage", 0, 0, G_OPTION_ARG_NONE, &options->check_counts,
      "Fail when something never happened", NULL },
    { "except", 0, 0, G_OPTION_ARG_STRING, &options->except,
      "What need not happen for --coverage", "LIST" },
    { "rough", 0, 0, G_OPTION_ARG_NONE, &options->rough,
      "More restores, more copies put back, smaller pages", NULL },
    { "fresh", 0, 0, G_OPTION_ARG_NONE, &options->fresh,
      "Compare every device with a new one, not one in two histories", NULL },
    { "no-shrink", 0, 0, G_OPTION_ARG_NONE, &options->no_shrink,
      "Leave failing scripts as they are", NULL },
    { "world", 0, 0, G_OPTION_ARG_STRING, &options->world,
      "Play a history that was thought out", "NAME" },
    { "replay", 0, 0, G_OPTION_ARG_FILENAME, &options->replay, "Play a script", "FILE" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, argc, argv, &error))
    return true;
  g_printerr ("caseload-sim: %s\n", error->message);
  return false;
}

int
main (int argc, char **argv)
{
  Options options = { .seed = 1, .seeds = 1 };
  CslSimTemplate *template;
  CslSimRun run = { 0 };
  bool good;

  setlocale (LC_ALL, "");
  if (!read_options (&options, &argc, &argv))
    return EXIT_FAILURE;
  template = csl_sim_template_new ();
  template->thorough = options.fresh;
  run = (CslSimRun){ .template = template,
                     .only = options.only,
                     .defect = (guint) options.defect,
                     .rough = options.rough,
                     .trace = options.trace,
                     .until_us = options.budget_s > 0
                                   ? g_get_monotonic_time () +
                                       options.budget_s * G_USEC_PER_SEC
                                   : G_MAXINT64 };
  good = options.table ? print_table (&run, &options) : play_all (&run, &options);
  csl_sim_template_free (template);
  g_free (options.only);
  g_free (options.replay);
  g_free (options.except);
  g_free (options.world);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
