/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histories in processes of their own, so that a failure of any kind – a violated invariant, an assertion, a crash, a
 * loop without end – ends one history and not the run. */
#pragma once

#include "sim/whole/csl-sim-story.h"

G_BEGIN_DECLS

typedef struct
{
  const CslSimTemplate *template;
  const char *only; /* (nullable) names of faults, see csl_sim_plan_new() */
  guint defect;     /* planted; 0: none */
  bool rough;       /* see csl_sim_plan_new() */
  bool trace, silent;
  gint64 until_us; /* no history begins after that (monotonic) */
} CslSimRun;

typedef struct
{
  bool failed;
  guint64 seed;
  char message[2048]; /* of the failure, in its first words the invariant */
  char checking[16];  /* what assertions were about */
  char digest[65];    /* of the last history */
  guint64 played;
  CslSimTally tally;
} CslSimOutcome;

/* Plays seeds from @first on, at most @n, until one fails. */
void csl_sim_run_seeds (const CslSimRun *run,
                        guint64 first,
                        guint64 n,
                        CslSimOutcome *ret_outcome);
void csl_sim_run_plan (const CslSimRun *run,
                       const CslSimPlan *plan,
                       CslSimOutcome *ret_outcome);
/* The shortest script found that fails in the same way as @plan. */
CslSimPlan *csl_sim_run_shrink (const CslSimRun *run,
                                const CslSimPlan *plan,
                                const CslSimOutcome *failure);

G_END_DECLS
