/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making and renewing the sync info: for the session only. */
#pragma once

#include "client/app/csl-sync-info.h"
#include "client/app/csl-sync-snapshot.h"
#include "core/base/csl-env.h"

G_BEGIN_DECLS

CslSyncInfo *csl_sync_info_new (const CslEnv *env) G_GNUC_WARN_UNUSED_RESULT;
/* Notifies what differs. */
void csl_sync_info_renew (CslSyncInfo *self, const CslSyncSnapshot *snapshot);
const CslSyncSnapshot *csl_sync_info_get_snapshot (CslSyncInfo *self);

G_END_DECLS
