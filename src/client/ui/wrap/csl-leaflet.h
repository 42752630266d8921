/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two panes beside each other, or one at a time when the window is narrow. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

gboolean csl_leaflet_is_folded (AdwLeaflet *leaflet);
/* Is @pane the one that is shown, or has the focus of both? */
gboolean csl_leaflet_shows (AdwLeaflet *leaflet, GtkWidget *pane);
void csl_leaflet_show (AdwLeaflet *leaflet, GtkWidget *pane);

G_END_DECLS
