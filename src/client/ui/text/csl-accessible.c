/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-accessible.c: a button with only an icon is read out as its type name in this version of
 * GTK, and split buttons and password rows offer no way to name theirs. */
#define G_LOG_DOMAIN "csl-accessible"

#include "config.h"

#include "client/ui/text/csl-accessible.h"

void
csl_accessible_name_inner (GtkWidget *widget, GType type, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (g_type_is_a (G_OBJECT_TYPE (child), type) || GTK_IS_TOGGLE_BUTTON (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
    else
      csl_accessible_name_inner (child, type, name);
  }
}
