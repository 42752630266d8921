/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts out of a replica, for a computer that must give up its copy. */
#pragma once

#include "store/csl-replica.h"

G_BEGIN_DECLS

/* A head line and every draft as a line {"t":"draft","id":…,"set":{…}}; NULL without @error: there are none. */
GString *csl_replica_copy_drafts (CslReplica *self, guint *ret_n, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
