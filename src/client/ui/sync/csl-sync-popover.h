/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSyncPopover: how it stands with the server: the sentence, what is unsent, Sync now, work offline, a copy of unsent work. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_SYNC_POPOVER (csl_sync_popover_get_type ())
G_DECLARE_FINAL_TYPE (CslSyncPopover, csl_sync_popover, CSL, SYNC_POPOVER, GtkPopover)

GtkPopover *csl_sync_popover_new (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
