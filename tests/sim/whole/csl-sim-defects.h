/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The defects the simulator has to find, each taken from a mistake that was made somewhere. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint number;
  const char *area, *what;
} CslSimDefect;

const CslSimDefect *csl_sim_defects_list (guint *ret_n);

G_END_DECLS
