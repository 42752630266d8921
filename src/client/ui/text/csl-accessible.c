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

void
csl_accessible_set_problem (GtkEditable *entry, GtkWidget *sentence)
{
  GtkAccessible *text = GTK_ACCESSIBLE (entry);

  gtk_accessible_update_state (text, GTK_ACCESSIBLE_STATE_INVALID,
                               sentence != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                                : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  if (sentence == NULL) {
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
    gtk_accessible_reset_relation (text, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
    gtk_accessible_reset_relation (text, GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE);
    return;
  }
  /* GTK 4.8 keeps the error message of a control from screen readers; what describes it they get. */
  gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  gtk_accessible_update_relation (text, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, sentence,
                                  NULL, GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE, sentence,
                                  -1);
}
