/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-run.c: one process per row of histories, and making a failing script short. */
#include "sim/whole/csl-sim-run.h"

#include "core/base/csl-mut.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_SECONDS  120  /* for one history */
#define WORLD_SECONDS 1800 /* for one that was thought out */
#define MOST_ATTEMPTS 400  /* at a shorter script */

guint csl_mut;

/* Shared with the child. */
static CslSimOutcome *shared;

static void
tell_failure (const char *message)
{
  g_strlcpy (shared->message, message, sizeof shared->message);
  shared->failed = true;
  _exit (3);
}

static void
hush (void)
{
  int fd = open ("/dev/null", O_WRONLY | O_CLOEXEC);

  if (fd >= 0)
    dup2 (fd, STDERR_FILENO);
}

/* In the child. @plan: (nullable) instead of the plans of the seeds. */
static void
play (const CslSimRun *run, const CslSimPlan *plan, guint64 first, guint64 n)
{
  csl_sim_fail_func = tell_failure;
  csl_mut = run->defect;
  if (run->silent)
    hush ();
  for (guint64 seed = first; seed < first + n && g_get_monotonic_time () < run->until_us;
       seed++) {
    g_autoptr (CslSimPlan) own = plan != NULL
                                   ? csl_sim_plan_copy (plan)
                                   : csl_sim_plan_new (seed, run->only, run->rough);

    shared->seed = own->seed;
    alarm (own->world != NULL ? WORLD_SECONDS : MOST_SECONDS);
    csl_sim_story_play (run->template, own, run->trace, &shared->tally, shared->digest);
    shared->played++;
  }
  /* Not at once: in a build that watches its memory, what is left over is looked for now. */
  exit (EXIT_SUCCESS);
}

static void
explain_death (int status)
{
  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return;
  if (!shared->failed)
    g_snprintf (shared->message, sizeof shared->message,
                "died: %s %d%s%s [seed %" G_GUINT64_FORMAT "]",
                WIFSIGNALED (status) ? "signal" : "exit",
                WIFSIGNALED (status) ? WTERMSIG (status) : WEXITSTATUS (status),
                shared->checking[0] != '\0' ? " in a check of " : "", shared->checking,
                shared->seed);
  shared->failed = true;
}

static void
run_child (const CslSimRun *run,
           const CslSimPlan *plan,
           guint64 first,
           guint64 n,
           CslSimOutcome *ret_outcome)
{
  int status = 0;
  pid_t child;

  if (shared == NULL)
    shared = mmap (NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert (shared != MAP_FAILED);
  memset (shared, 0, sizeof *shared);
  csl_sim_checking = shared->checking;
  fflush (NULL);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    play (run, plan, first, n);
  while (waitpid (child, &status, 0) < 0)
    continue;
  explain_death (status);
  csl_sim_world_sweep (child);
  *ret_outcome = *shared;
}

void
csl_sim_run_seeds (const CslSimRun *run,
                   guint64 first,
                   guint64 n,
                   CslSimOutcome *ret_outcome)
{
  run_child (run, NULL, first, n, ret_outcome);
}

void
csl_sim_run_plan (const CslSimRun *run,
                  const CslSimPlan *plan,
                  CslSimOutcome *ret_outcome)
{
  run_child (run, plan, 0, 1, ret_outcome);
}

/* The same invariant, whatever the details. */
static bool
is_same_failure (const CslSimOutcome *a, const CslSimOutcome *b)
{
  gsize length = strcspn (a->message, ": ");

  return b->failed && strncmp (a->message, b->message, length) == 0;
}

/* Takes away runs of steps, halves first, then quarters, down to single ones. */
CslSimPlan *
csl_sim_run_shrink (const CslSimRun *run,
                    const CslSimPlan *plan,
                    const CslSimOutcome *failure)
{
  CslSimRun quiet = *run;
  CslSimPlan *best = csl_sim_plan_copy (plan);
  guint attempts = 0;

  quiet.trace = false;
  quiet.silent = true;
  quiet.until_us = G_MAXINT64;
  for (guint size = best->steps->len / 2; size > 0; size /= 2)
    for (guint at = 0; at < best->steps->len && attempts < MOST_ATTEMPTS;) {
      CslSimPlan *shorter = csl_sim_plan_without (best, at, size);
      CslSimOutcome outcome;

      attempts++;
      csl_sim_run_plan (&quiet, shorter, &outcome);
      if (is_same_failure (failure, &outcome)) {
        csl_sim_plan_free (best);
        best = shorter;
      } else {
        csl_sim_plan_free (shorter);
        at += size;
      }
    }
  return best;
}
