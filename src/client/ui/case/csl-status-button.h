/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslStatusButton: the status of a governed record and what it may become. Activates
 * "status.change" (s: the new status) on itself. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_STATUS_BUTTON (csl_status_button_get_type ())
G_DECLARE_FINAL_TYPE (CslStatusButton, csl_status_button, CSL, STATUS_BUTTON, AdwBin)

/* Shows the status of @item (nullable) as it is now; call again when it changed. */
void csl_status_button_set_item (CslStatusButton *self,
                                 CslSession *session,
                                 CslRecordItem *item);

G_END_DECLS
