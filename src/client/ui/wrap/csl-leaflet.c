/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-leaflet.c: the only file that calls AdwLeaflet; libadwaita 1.4 replaces it by AdwNavigationSplitView. */
#define ADW_DISABLE_DEPRECATION_WARNINGS
#include "client/ui/wrap/csl-leaflet.h"

gboolean
csl_leaflet_is_folded (AdwLeaflet *leaflet)
{
  return adw_leaflet_get_folded (leaflet);
}

gboolean
csl_leaflet_shows (AdwLeaflet *leaflet, GtkWidget *pane)
{
  return adw_leaflet_get_visible_child (leaflet) == pane;
}

void
csl_leaflet_show (AdwLeaflet *leaflet, GtkWidget *pane)
{
  adw_leaflet_set_visible_child (leaflet, pane);
}
