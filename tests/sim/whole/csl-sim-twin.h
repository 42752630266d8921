/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of the server to which a push goes as well. */
#pragma once

#include "sim/whole/csl-sim-world.h"

G_BEGIN_DECLS

typedef struct _CslSimTwin CslSimTwin;

/* The server as it is, before it gets a request for @path. NULL: not this time. */
CslSimTwin *csl_sim_twin_new (CslSimWorld *world, const char *path);
void csl_sim_twin_free (CslSimTwin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSimTwin, csl_sim_twin_free)
/* The server took @body in: the copy comes to the same (I18). */
void csl_sim_twin_compare (CslSimTwin *self, const char *authorization, GBytes *body);

G_END_DECLS
