/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planted defects. The simulator proves with them that it would have found the real thing: it is built from these sources
 * with CSL_SIM, plants one defect by its number, and has to fail. In the programs every one of them is the constant
 * false, and nothing is left of it. What each number means: tests/sim/csl-sim-defects.c.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#ifdef CSL_SIM
/* The one that is planted; 0: none. */
extern guint csl_mut;
#define CSL_MUT(n) (csl_mut == (n))
#else
#define CSL_MUT(n) false
#endif
