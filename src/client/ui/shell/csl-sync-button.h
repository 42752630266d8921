/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSyncButton: the one place that says how it stands with the server, in a sentence. Opens the
 * sync popover. Where there is no room for the sentence an icon stands for it, and the sentence
 * is in the tooltip. Property: "session". */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_SYNC_BUTTON (csl_sync_button_get_type ())
G_DECLARE_FINAL_TYPE (CslSyncButton, csl_sync_button, CSL, SYNC_BUTTON, AdwBin)

G_END_DECLS
