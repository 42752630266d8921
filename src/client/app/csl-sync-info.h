/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSyncInfo: the truth about sync as the header shows it; one per session, main thread. Every property notifies. */
#pragma once

#include "core/sync/csl-sync.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CSL_TYPE_SYNC_INFO (csl_sync_info_get_type ())
G_DECLARE_FINAL_TYPE (CslSyncInfo, csl_sync_info, CSL, SYNC_INFO, GObject)

/* Properties: "status" (uint, CslSyncStatus), "waiting" (uint: queued+sent+held), "attention" (uint: refused, differing,
 * in review), "sentence" (string, one short translated sentence: "Saved on the server 14:03",
 * "Working offline. 7 changes on this computer only", "Sending 3 changes…", "2 need your attention"), "icon-name",
 * "last-success-ms" (int64), "offline-since-ms" (int64), "progress" (double 0–1 during a first sync, else -1),
 * "clock-difference-s" (int64). */
CslSyncStatus csl_sync_info_get_status (CslSyncInfo *self);
/* Can nothing be sent at present? */
gboolean csl_sync_info_get_offline (CslSyncInfo *self);
guint csl_sync_info_get_waiting (CslSyncInfo *self);
guint csl_sync_info_get_attention (CslSyncInfo *self);
const char *csl_sync_info_get_sentence (CslSyncInfo *self);

G_END_DECLS
