/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSidebar: the list of places. Property "model" (GListModel of CslSection). Choosing one
 * activates "shell.show-section" with its id. */
#pragma once

#include "client/ui/shell/csl-section.h"

G_BEGIN_DECLS

#define CSL_TYPE_SIDEBAR (csl_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (CslSidebar, csl_sidebar, CSL, SIDEBAR, AdwBin)

void csl_sidebar_set_model (CslSidebar *self, GListModel *model);
/* Marks the place with this id as the current one, without activating it. */
void csl_sidebar_select (CslSidebar *self, const char *id);

G_END_DECLS
