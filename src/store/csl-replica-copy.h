/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unsent work out of a replica, and into another one of the same person (docs/sealed-copy.md). */
#pragma once

#include "core/wire/csl-work-copy.h"
#include "store/csl-replica.h"

G_BEGIN_DECLS

/* What the server has not answered, what it refused and nobody has corrected, and drafts; name is left NULL. @ret_copy:
 * uninitialised memory. Nothing changes here. */
bool csl_replica_copy_work (CslReplica *self, CslWorkCopy *ret_copy, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  guint n_new;    /* wait here now, under their own ids */
  guint n_known;  /* were here already */
  guint n_drafts; /* drafts that were not, or not as new */
} CslTakenIn;

/* Puts the operations behind what waits here, in one transaction. CSL_SEALED_ERROR_OTHERS when they are somebody else's;
 * nothing has changed after an error. */
bool csl_replica_take_in (CslReplica *self,
                          const CslWorkCopy *copy,
                          CslTakenIn *ret_taken,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
