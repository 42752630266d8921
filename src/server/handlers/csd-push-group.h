/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One group of a push: known already, kept as a piece of a commit, or refused as a whole. */
#pragma once

#include "server/handlers/csd-call.h"
#include "server/handlers/csd-commit.h"
#include "server/handlers/csd-push-body.h"

G_BEGIN_DECLS

/* What all groups of a push share. */
typedef struct
{
  CsdCall *call;    /* (unowned) */
  const char *inc;  /* (unowned): the lines are numbered in it */
  CsdCommit commit; /* must be open for csd_push_group_run() */
  GString *answers; /* (owned): of the open commit */
} CsdPushWork;

/* Marks the lines whose operations have been here, and gives the stored answers to those that were answered. */
bool csd_push_group_look_up (CsdPushWork *work, GPtrArray *lines, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Only answers given before, to numbers up to @last_n: repeats them; nothing has to be written. */
bool csd_push_group_repeat (CsdPushWork *work, GPtrArray *lines, gint64 last_n);
/* Applies the group, or keeps what stays of a refused one; remembers its answers. FALSE only when the storage failed. */
bool csd_push_group_run (CsdPushWork *work, GPtrArray *lines, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
