/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sync driver reports, and the sentence made of it. */
#pragma once

#include "core/sync/csl-sync.h"

G_BEGIN_DECLS

/* A plain value. Times are wall-clock ms, 0 when there is none. */
typedef struct
{
  CslSyncStatus status;
  guint waiting;          /* saved here and not acknowledged: queued, sent, held */
  guint attention;        /* refused, differing, in review */
  guint differing;        /* of these, differing */
  gint64 last_success_ms; /* everything was exchanged */
  gint64 offline_since_ms;
  double progress;           /* of a first sync, 0–1; else -1 */
  gint64 clock_difference_s; /* this computer minus the server */
  bool removed;              /* the organisation removed this computer */
  bool order_refused;        /* somebody pretended that it did: for the administrator */
} CslSyncSnapshot;

#define CSL_SYNC_SNAPSHOT_INIT                                                           \
  {                                                                                      \
    .status = CSL_SYNC_STATUS_STARTING, .progress = -1                                   \
  }

/* One short translated sentence, never more confident than the facts: "saved on the server" only
 * when nothing waits. @zone: of the person. */
char *csl_sync_snapshot_dup_sentence (const CslSyncSnapshot *self,
                                      gint64 now_ms,
                                      GTimeZone *zone) G_GNUC_WARN_UNUSED_RESULT;
/* The same in one to three words, for where a sentence has no room. */
char *csl_sync_snapshot_dup_words (const CslSyncSnapshot *self) G_GNUC_WARN_UNUSED_RESULT;
const char *csl_sync_snapshot_get_icon_name (const CslSyncSnapshot *self);
bool csl_sync_snapshot_is_offline (const CslSyncSnapshot *self);

G_END_DECLS
