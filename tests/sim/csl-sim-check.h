/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold in a simulated world; each violation ends the test with the seed and the device. */
#pragma once

#include "sim/csl-sim-client.h"

G_BEGIN_DECLS

/* After every sync of @client: I5, I10, I11. */
void csl_sim_check_running (CslSimClient *client,
                            CslSimClient **clients,
                            guint n_clients);
/* When everything has been said: L1, I1, I2, I9, I13, I16. @clients of one world. */
void csl_sim_check_quiet (CslSimWorld *world, CslSimClient **clients, guint n_clients);

G_END_DECLS
