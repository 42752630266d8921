/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits in a file of the product's own kind while the power is cut again and again. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint cuts;     /* each at a random operation on the disk */
  guint edits;    /* that were promised */
  guint lost;     /* promised edits that were not there afterwards */
  guint damaged;  /* times that the file was not whole */
  guint half;     /* edits of which only a part was there */
  guint survived; /* edits that nobody was promised, and that were there */
} CslSimCuts;

/* @n cuts. Everything follows from @seed. */
void csl_sim_cuts_run (guint n, guint64 seed, CslSimCuts *ret_cuts);

G_END_DECLS
