/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The script of one history: what is wrong with the network, and a list of steps. A seed gives a script; so does a file.
 * Each step draws its own chances from its own number, so that leaving one out changes nothing about the others' own
 * choices: that is how a failure is made short. */
#pragma once

#include "sim/whole/csl-sim-world.h"

G_BEGIN_DECLS

#define CSL_SIM_DEVICES      5
#define CSL_SIM_OLDER_DEVICE 3

typedef enum {
  CSL_SIM_STEP_ACT, /* up to four acts of the person */
  CSL_SIM_STEP_SYNC,
  CSL_SIM_STEP_ACCESS,  /* the manager gives and takes access */
  CSL_SIM_STEP_RESTART, /* the program */
  CSL_SIM_STEP_CRASH,   /* the program, at the n-th operation on its disk */
  CSL_SIM_STEP_TROUBLE, /* its disk is full, or fails */
  CSL_SIM_STEP_SERVER_RESTART,
  CSL_SIM_STEP_SERVER_CRASH, /* while this device syncs */
  CSL_SIM_STEP_SERVER_TROUBLE,
  CSL_SIM_STEP_BACK_UP,
  CSL_SIM_STEP_RESTORE,
  CSL_SIM_STEP_COPY,       /* the replica's file is kept */
  CSL_SIM_STEP_REWIND,     /* and put back */
  CSL_SIM_STEP_TOMBSTONES, /* the server forgets them all */
  CSL_SIM_STEP_PAUSE,      /* up to a minute */
  CSL_SIM_STEP_EXPIRE,     /* twenty minutes: tokens end */
  CSL_SIM_STEP_CLOCK,      /* of the device: jumps, goes back, stands still */
  CSL_SIM_STEP_SERVER_CLOCK,
  CSL_SIM_STEP_DISABLE, /* the account; or enables it again */
  CSL_SIM_STEP_FORGET,  /* the keyring loses the newest refresh token */
  CSL_SIM_STEP_FLIP,    /* one bit of the replica's file, and back */
  CSL_SIM_STEP_PLANT,   /* a row of the replica differs from what it should be */
  CSL_SIM_STEP_HALF,    /* of an act is refused, and mended later */
  CSL_SIM_STEP_ALONE,   /* with a network, and its own clock to wake it */
  CSL_SIM_STEP_QUARREL, /* over one title */
  CSL_SIM_STEP_AMID,    /* a sync the server is put back */
  CSL_SIM_STEP_MOVE,    /* a case to another centre */
  CSL_SIM_STEP_ERASE,   /* a person, by law */
  CSL_SIM_STEP_AUDIT, /* what the program does when nobody touches it: it reads its file */
  CSL_SIM_STEP_UPGRADE, /* the older program becomes the newest one */
  CSL_SIM_N_VERBS,
} CslSimVerb;

typedef struct
{
  CslSimVerb verb;
  guint device;
  guint64 number;
} CslSimStep;

typedef struct
{
  guint64 seed;
  gint64 page_bytes; /* of the server */
  bool older;        /* one device has an older program: CSL_SIM_OLDER_DEVICE */
  CslSimFaults faults;
  GArray *steps; /* (owned) of CslSimStep */
  char *world;   /* (owned) (nullable): see csl-sim-worlds.h; in the place of steps */
} CslSimPlan;

const char *csl_sim_verb_get_name (CslSimVerb verb);
/* @only: (nullable) comma-separated names of verbs and network faults; others do not happen. @rough: more restores, more
 * copies put back, smaller pages. */
CslSimPlan *csl_sim_plan_new (guint64 seed, const char *only, bool rough);
/* A history that was thought out. */
CslSimPlan *csl_sim_plan_new_world (guint64 seed, const char *name);
/* A plan without the steps from @first on, @n of them. */
CslSimPlan *csl_sim_plan_without (const CslSimPlan *self, guint first, guint n);
CslSimPlan *csl_sim_plan_copy (const CslSimPlan *self);
/* As text, and back; NULL when it is none. */
char *csl_sim_plan_print (const CslSimPlan *self);
CslSimPlan *csl_sim_plan_parse (const char *text);
void csl_sim_plan_free (CslSimPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSimPlan, csl_sim_plan_free)

G_END_DECLS
