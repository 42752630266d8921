/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One history from a script: the steps with their faults, then quiet, then everything is checked. */
#pragma once

#include "sim/whole/csl-sim-client.h"
#include "sim/whole/csl-sim-plan.h"

G_BEGIN_DECLS

/* A world with its devices, all closed; every history starts from a copy of it. */
typedef struct
{
  CslSchema *schema, *older_schema;       /* (owned) */
  CslSimWorld *world;                     /* (owned) */
  CslSimClient *devices[CSL_SIM_DEVICES]; /* (owned) */
  CslSimClient *blanks[CSL_SIM_PEOPLE];   /* (owned): signed in, never synced */
  CslSimClient
    *older; /* (owned): in the place of CSL_SIM_OLDER_DEVICE, with an older program */
  bool thorough; /* at the end, every device is compared with a new one */
} CslSimTemplate;

CslSimTemplate *csl_sim_template_new (void);
void csl_sim_template_free (CslSimTemplate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSimTemplate, csl_sim_template_free)

/* Adds to @tally. @ret_digest: over everything that was said and kept. */
void csl_sim_story_play (const CslSimTemplate *template,
                         const CslSimPlan *plan,
                         bool trace,
                         CslSimTally *tally,
                         char ret_digest[65]);

G_END_DECLS
