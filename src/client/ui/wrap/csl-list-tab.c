/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-list-tab.c: in GTK 4.8 Tab goes through every line of a list, thousands of them; GTK 4.12 replaces this file by
 * gtk_list_view_set_tab_behavior(). */
#include "config.h"

#include "client/ui/wrap/csl-list-tab.h"

/* First through what can be pressed inside the line, then out. */
static gboolean
tab_cb (GtkWidget *list, GVariant *arguments, gpointer data)
{
  const GtkDirectionType direction = GPOINTER_TO_INT (data);
  GtkWidget *line = gtk_widget_get_focus_child (list);
  GtkWidget *scroller = gtk_widget_get_ancestor (list, GTK_TYPE_SCROLLED_WINDOW);

  if (line == NULL || scroller == NULL)
    return FALSE;
  if (!gtk_widget_is_focus (line) || direction == GTK_DIR_TAB_FORWARD)
    if (gtk_widget_child_focus (line, direction))
      return TRUE;
  g_signal_emit_by_name (scroller, "move-focus-out", direction);
  return TRUE;
}

static void
add_key (GtkShortcutController *keys, const char *key, GtkDirectionType direction)
{
  gtk_shortcut_controller_add_shortcut (
    keys, gtk_shortcut_new (gtk_shortcut_trigger_parse_string (key),
                            gtk_callback_action_new (tab_cb, GINT_TO_POINTER (direction),
                                                     NULL)));
}

void
csl_list_tab_leave (GtkWidget *list)
{
  static const char key[] = "csl-list-tab";
  GtkEventController *keys;

  g_return_if_fail (GTK_IS_LIST_BOX (list) || GTK_IS_LIST_VIEW (list));
  if (g_object_get_data (G_OBJECT (list), key) != NULL)
    return;
  keys = gtk_shortcut_controller_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  add_key (GTK_SHORTCUT_CONTROLLER (keys), "Tab|KP_Tab", GTK_DIR_TAB_FORWARD);
  add_key (GTK_SHORTCUT_CONTROLLER (keys), "<Shift>Tab|<Shift>ISO_Left_Tab",
           GTK_DIR_TAB_BACKWARD);
  gtk_widget_add_controller (list, keys);
  g_object_set_data (G_OBJECT (list), key, keys);
}
