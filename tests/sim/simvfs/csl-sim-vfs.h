/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite on simulated disks (csl-sim-disk.h), below the encryption. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Once per process: every connection that is opened from now on, and whose path is on a simulated disk, lives there. */
void csl_sim_vfs_install (void);
/* What SQLite takes for chance from now on; and no clock. Before each history. */
void csl_sim_vfs_reseed (guint64 seed);

G_END_DECLS
