/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-plan.c: scripts from seeds and files. */
#include "sim/whole/csl-sim-plan.h"

#include <string.h>

#define STEPS 50
#define RARE  100 /* weights below that */

static const struct
{
  const char *name;
  guint weight;
  guint per_mille; /* of seeds that know it at all */
} verbs[CSL_SIM_N_VERBS] = {
  [CSL_SIM_STEP_ACT] = { "act", 340, 1000 },
  [CSL_SIM_STEP_SYNC] = { "sync", 340, 1000 },
  [CSL_SIM_STEP_ACCESS] = { "access", 60, 700 },
  [CSL_SIM_STEP_RESTART] = { "restart", 12, 400 },
  [CSL_SIM_STEP_CRASH] = { "crash", 45, 450 },
  [CSL_SIM_STEP_TROUBLE] = { "trouble", 30, 300 },
  [CSL_SIM_STEP_SERVER_RESTART] = { "server-restart", 8, 250 },
  [CSL_SIM_STEP_SERVER_CRASH] = { "server-crash", 20, 400 },
  [CSL_SIM_STEP_SERVER_TROUBLE] = { "server-trouble", 20, 250 },
  [CSL_SIM_STEP_BACK_UP] = { "back-up", 25, 400 },
  [CSL_SIM_STEP_RESTORE] = { "restore", 30, 400 },
  [CSL_SIM_STEP_COPY] = { "copy", 25, 300 },
  [CSL_SIM_STEP_REWIND] = { "rewind", 30, 300 },
  [CSL_SIM_STEP_TOMBSTONES] = { "tombstones", 40, 350 },
  [CSL_SIM_STEP_PAUSE] = { "pause", 30, 800 },
  [CSL_SIM_STEP_EXPIRE] = { "expire", 15, 400 },
  [CSL_SIM_STEP_CLOCK] = { "clock", 20, 300 },
  [CSL_SIM_STEP_SERVER_CLOCK] = { "server-clock", 10, 150 },
  [CSL_SIM_STEP_DISABLE] = { "disable", 15, 200 },
  [CSL_SIM_STEP_FORGET] = { "forget", 10, 150 },
  [CSL_SIM_STEP_FLIP] = { "flip", 12, 200 },
  [CSL_SIM_STEP_PLANT] = { "plant", 40, 350 },
  [CSL_SIM_STEP_HALF] = { "half", 40, 400 },
  [CSL_SIM_STEP_ALONE] = { "alone", 30, 400 },
  [CSL_SIM_STEP_QUARREL] = { "quarrel", 300, 300 },
  [CSL_SIM_STEP_AMID] = { "amid", 24, 250 },
  [CSL_SIM_STEP_MOVE] = { "move", 30, 300 },
  [CSL_SIM_STEP_ERASE] = { "erase", 30, 300 },
  [CSL_SIM_STEP_AUDIT] = { "audit", 20, 300 },
  [CSL_SIM_STEP_UPGRADE] = { "upgrade", 0, 0 }, /* at most once: see make_older() */
};

static const struct
{
  const char *name;
  gsize offset;
  guint most; /* of a thousand */
} faults[] = {
  { "drop", G_STRUCT_OFFSET (CslSimFaults, drop), 250 },
  { "repeat", G_STRUCT_OFFSET (CslSimFaults, repeat), 300 },
  { "late", G_STRUCT_OFFSET (CslSimFaults, late), 300 },
  { "lose-reply", G_STRUCT_OFFSET (CslSimFaults, lose_reply), 250 },
  { "cut", G_STRUCT_OFFSET (CslSimFaults, cut), 250 },
  { "garbage", G_STRUCT_OFFSET (CslSimFaults, garbage), 100 },
  { "portal", G_STRUCT_OFFSET (CslSimFaults, portal), 60 },
  { "401", G_STRUCT_OFFSET (CslSimFaults, expired), 60 },
  { "429", G_STRUCT_OFFSET (CslSimFaults, limited), 60 },
  { "500", G_STRUCT_OFFSET (CslSimFaults, broken), 60 },
  { "503", G_STRUCT_OFFSET (CslSimFaults, busy), 100 },
  { "lists", G_STRUCT_OFFSET (CslSimFaults, lists), 700 },
};

const char *
csl_sim_verb_get_name (CslSimVerb verb)
{
  return verbs[verb].name;
}

static guint64
next_number (guint64 *state)
{
  guint64 z = *state += 0x9e3779b97f4a7c15u;

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static guint
pick (guint64 *state, guint n)
{
  return (guint) ((next_number (state) >> 32) * n >> 32);
}

/* @only: (nullable): these and no others, or, behind a dash, all but these. */
static bool
is_wanted (const char *only, const char *name)
{
  const bool all_but = only != NULL && *only == '-';
  g_auto (GStrv) names = only != NULL ? g_strsplit (only + all_but, ",", -1) : NULL;

  return names == NULL || g_strv_contains ((const char *const *) names, name) != all_but;
}

/* Swarm: every seed knows some of the faults, some of them badly. */
static void
roll_faults (CslSimPlan *self, guint64 *state, const char *only)
{
  bool quiet = pick (state, 5) == 0;

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    bool known = pick (state, 2) == 0;
    guint chance = pick (state, faults[i].most) + 1;

    if (known && !quiet && is_wanted (only, faults[i].name))
      G_STRUCT_MEMBER (guint, &self->faults, faults[i].offset) = chance;
  }
}

/* @rough: what is rare is not. */
static guint
roll_weights (guint64 *state,
              const char *only,
              bool rough,
              guint weights[CSL_SIM_N_VERBS])
{
  guint total = 0;
  bool known = false;

  for (guint i = 0; i < CSL_SIM_N_VERBS; i++) {
    /* A copy without its return, or the other way round, is nothing. */
    bool paired = i == CSL_SIM_STEP_RESTORE || i == CSL_SIM_STEP_REWIND;
    bool rolled = i != CSL_SIM_STEP_UPGRADE &&
                  pick (state, 1000) < verbs[i].per_mille * (rough ? 2 : 1);
    bool always = i == CSL_SIM_STEP_ACT || i == CSL_SIM_STEP_SYNC;

    known = paired ? known : rolled;
    weights[i] = 0;
    if ((known && is_wanted (only, verbs[i].name)) || always)
      weights[i] = verbs[i].weight * (rough && verbs[i].weight < RARE ? 2 : 1);
    total += weights[i];
  }
  return total;
}

static void
add_step (CslSimPlan *self, guint64 *state, const guint *weights, guint total)
{
  CslSimStep step = { 0 };
  guint roll = pick (state, total);

  while (roll >= weights[step.verb])
    roll -= weights[step.verb++];
  step.device = pick (state, CSL_SIM_DEVICES);
  step.number = next_number (state);
  g_array_append_val (self->steps, step);
}

/* In a third of the seeds one device has an older program; in most of these it is brought up to date one day. */
static void
make_older (CslSimPlan *self, guint64 *state, const char *only)
{
  CslSimStep step = { CSL_SIM_STEP_UPGRADE, CSL_SIM_OLDER_DEVICE, 0 };
  guint day = STEPS / 3 + pick (state, STEPS);

  self->older = pick (state, 3) == 0 && is_wanted (only, "older");
  if (self->older && day < STEPS)
    g_array_insert_val (self->steps, day, step);
}

static CslSimPlan *
plan_new (guint64 seed)
{
  CslSimPlan *self = g_new0 (CslSimPlan, 1);

  self->seed = seed;
  self->page_bytes = 2 * 1024 * 1024;
  self->steps = g_array_new (FALSE, FALSE, sizeof (CslSimStep));
  return self;
}

CslSimPlan *
csl_sim_plan_new (guint64 seed, const char *only, bool rough)
{
  CslSimPlan *self = plan_new (seed);
  guint64 state = seed;
  guint weights[CSL_SIM_N_VERBS];
  guint total;

  roll_faults (self, &state, only);
  if (pick (&state, 3) < (rough ? 2 : 1))
    self->page_bytes = 300 + pick (&state, 4000);
  total = roll_weights (&state, only, rough, weights);
  for (guint i = 0; i < STEPS; i++)
    add_step (self, &state, weights, total);
  make_older (self, &state, only);
  return self;
}

CslSimPlan *
csl_sim_plan_new_world (guint64 seed, const char *name)
{
  CslSimPlan *self = plan_new (seed);

  self->world = g_strdup (name);
  return self;
}

CslSimPlan *
csl_sim_plan_copy (const CslSimPlan *self)
{
  CslSimPlan *copy = plan_new (self->seed);

  copy->faults = self->faults;
  copy->world = g_strdup (self->world);
  copy->page_bytes = self->page_bytes;
  copy->older = self->older;
  g_array_append_vals (copy->steps, self->steps->data, self->steps->len);
  return copy;
}

CslSimPlan *
csl_sim_plan_without (const CslSimPlan *self, guint first, guint n)
{
  CslSimPlan *copy = csl_sim_plan_copy (self);

  g_array_remove_range (copy->steps, first, MIN (n, copy->steps->len - first));
  return copy;
}

char *
csl_sim_plan_print (const CslSimPlan *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "seed %" G_GUINT64_FORMAT "\n", self->seed);
  g_string_append_printf (text, "page %" G_GINT64_FORMAT "\n", self->page_bytes);
  if (self->older)
    g_string_append (text, "older 1\n");
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    guint chance = G_STRUCT_MEMBER (guint, &self->faults, faults[i].offset);

    if (chance > 0)
      g_string_append_printf (text, "fault %s %u\n", faults[i].name, chance);
  }
  for (guint i = 0; i < self->steps->len; i++) {
    const CslSimStep *step = &g_array_index (self->steps, CslSimStep, i);

    g_string_append_printf (text, "%s %u %" G_GINT64_MODIFIER "x\n",
                            verbs[step->verb].name, step->device, step->number);
  }
  return g_string_free (text, FALSE);
}

static bool
parse_fault (CslSimPlan *self, char **words)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    if (strcmp (faults[i].name, words[1]) == 0) {
      G_STRUCT_MEMBER (guint, &self->faults, faults[i].offset) =
        (guint) g_ascii_strtoull (words[2], NULL, 10);
      return true;
    }
  return false;
}

static bool
parse_step (CslSimPlan *self, char **words)
{
  for (guint i = 0; i < CSL_SIM_N_VERBS; i++)
    if (strcmp (verbs[i].name, words[0]) == 0) {
      CslSimStep step = { i, (guint) g_ascii_strtoull (words[1], NULL, 10),
                          g_ascii_strtoull (words[2], NULL, 16) };

      g_array_append_val (self->steps, step);
      return step.device < CSL_SIM_DEVICES;
    }
  return false;
}

static bool
parse_line (CslSimPlan *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  guint n = g_strv_length (words);

  if (*line == '\0' || *line == '#')
    return true;
  if (n == 2 && strcmp (words[0], "seed") == 0)
    self->seed = g_ascii_strtoull (words[1], NULL, 10);
  else if (n == 2 && strcmp (words[0], "page") == 0)
    self->page_bytes = g_ascii_strtoll (words[1], NULL, 10);
  else if (n == 2 && strcmp (words[0], "older") == 0)
    self->older = strcmp (words[1], "1") == 0;
  else if (n == 3 && strcmp (words[0], "fault") == 0)
    return parse_fault (self, words);
  else
    return n == 3 && parse_step (self, words);
  return true;
}

CslSimPlan *
csl_sim_plan_parse (const char *text)
{
  g_autoptr (CslSimPlan) self = plan_new (0);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!parse_line (self, lines[i]))
      return NULL;
  return g_steal_pointer (&self);
}

void
csl_sim_plan_free (CslSimPlan *self)
{
  g_array_unref (self->steps);
  g_free (self->world);
  g_free (self);
}
