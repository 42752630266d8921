/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far the removal of a worker's copy has come. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct
{
  char *organisation; /* (owned) (nullable) name */
  guint entries;      /* that were sealed */
  bool destroyed;     /* nothing readable is left */
  bool sent;          /* the sealed entries are at the server */
  bool finished;      /* and it knows that the copy is gone; the folder is gone, too */
} CslRemovalState;

void csl_removal_state_clear (CslRemovalState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslRemovalState, csl_removal_state_clear)
void csl_removal_state_free (CslRemovalState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslRemovalState, csl_removal_state_free)

G_END_DECLS
