/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSyncPanel: the content of the sync popover and of the Unsent page. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_SYNC_PANEL (csl_sync_panel_get_type ())
G_DECLARE_FINAL_TYPE (CslSyncPanel, csl_sync_panel, CSL, SYNC_PANEL, AdwBin)

GtkWidget *csl_sync_panel_new (CslSession *session);

G_END_DECLS
