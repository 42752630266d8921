/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a script. */
#pragma once

#include "sim/whole/csl-sim-client.h"
#include "sim/whole/csl-sim-plan.h"

G_BEGIN_DECLS

void csl_sim_steps_take (CslSimWorld *world,
                         CslSimClient **clients,
                         const CslSimStep *step);
/* Accounts that were disabled are not any more. */
void csl_sim_steps_enable_all (CslSimWorld *world);

G_END_DECLS
