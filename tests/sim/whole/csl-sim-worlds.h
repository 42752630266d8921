/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histories that were thought out, not drawn: too long, or too unlikely, for a seed. */
#pragma once

#include "sim/whole/csl-sim-client.h"
#include "sim/whole/csl-sim-plan.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  /* In the place of the steps. */
  void (*play) (CslSimWorld *world, CslSimClient **clients);
  /* (nullable) when everybody is done, besides everything else that must hold then. */
  void (*check) (CslSimWorld *world, CslSimClient **clients);
} CslSimScripted;

/* (nullable) */
const CslSimScripted *csl_sim_worlds_lookup (const char *name);

/* A computer that is lost (csl-sim-world-laptop.c). */
void csl_sim_world_laptop_play (CslSimWorld *world, CslSimClient **clients);

G_END_DECLS
