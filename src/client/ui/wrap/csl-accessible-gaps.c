/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-accessible-gaps.c: corrections for what GTK 4.8 and libadwaita 1.2 tell screen readers.
 *
 *  - A button with a mnemonic is called "_Save Save": its label counts twice.
 *  - Lists, images and switches inside library rows have the name of their type.
 *  - Tab goes through every line of a list, however long.
 *  - What a stack, a leaflet or a flap does not show is read out nevertheless.
 *  - Ticks and menu items cannot be pressed by switches, voices and screen readers.
 *
 * Each widget is looked at when it comes on screen, by a hook on the signal all widgets share:
 * the widgets in question are made inside the library, where nobody can name them earlier.
 */
#define ADW_DISABLE_DEPRECATION_WARNINGS
#define GDK_DISABLE_DEPRECATION_WARNINGS

#include "config.h"

#include "client/ui/wrap/csl-accessible-gaps.h"

#include "client/ui/wrap/csl-list-tab.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static void
set_label (gpointer widget, const char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
name_by (GtkWidget *widget, GtkWidget *label)
{
  gtk_accessible_update_relation (GTK_ACCESSIBLE (widget),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
}

static const char own_name[] = "csl-own-name";

void
csl_accessible_name_button (GtkWidget *button, const char *name)
{
  g_return_if_fail (GTK_IS_BUTTON (button));
  g_object_set_data (G_OBJECT (button), own_name, button);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  set_label (button, name);
}

static void
button_label_cb (GtkButton *button)
{
  GtkWidget *label = gtk_button_get_child (button);

  if (!GTK_IS_LABEL (label) || g_object_get_data (G_OBJECT (button), own_name) != NULL)
    return;
  if (gtk_button_get_label (button) == NULL) {
    /* The tabs of a switcher have their names. */
    if (G_OBJECT_TYPE (button) == GTK_TYPE_BUTTON)
      name_by (GTK_WIDGET (button), label);
  } else if (gtk_button_get_use_underline (button))
    /* The label inside names the button as well, and without the underline. */
    gtk_accessible_reset_property (GTK_ACCESSIBLE (button),
                                   GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static void
fix_button (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  /* The cross of a toast; the library keeps the type to itself. */
  if (parent != NULL && g_str_equal (G_OBJECT_TYPE_NAME (parent), "AdwToastWidget") &&
      gtk_button_get_label (GTK_BUTTON (widget)) == NULL)
    set_label (widget, _ ("Close this message"));
  /* At most one handler, however often the button comes and goes. */
  g_signal_handlers_disconnect_by_func (widget, button_label_cb, NULL);
  g_signal_connect (widget, "notify::label", G_CALLBACK (button_label_cb), NULL);
  button_label_cb (GTK_BUTTON (widget));
}

/* The title of the library row or group that @widget is a part of, or NULL. */
static const char *
find_title (GtkWidget *widget)
{
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL;
       parent = gtk_widget_get_parent (parent)) {
    if (ADW_IS_PREFERENCES_ROW (parent))
      return adw_preferences_row_get_title (ADW_PREFERENCES_ROW (parent));
    if (ADW_IS_PREFERENCES_GROUP (parent))
      return adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (parent));
  }
  return NULL;
}

static void
fix_list (GtkWidget *widget)
{
  const char *title = find_title (widget);

  if (title != NULL)
    set_label (widget, title[0] != '\0' ? title : _ ("Details"));
}

static void
fix_list_view (GtkWidget *widget)
{
  fix_list (widget);
  csl_list_tab_leave (widget);
}

static void
fix_expander (GtkWidget *widget)
{
  set_label (widget, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)));
}

static void
fix_switch (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, ADW_TYPE_ACTION_ROW);
  GtkWidget *expander = gtk_widget_get_ancestor (widget, ADW_TYPE_EXPANDER_ROW);

  /* The switch of the expander itself, not one in a line below it. */
  if (expander != NULL && (row == NULL || adw_action_row_get_activatable_widget (
                                            ADW_ACTION_ROW (row)) != widget))
    set_label (widget, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (expander)));
}

/* Beside the words of a row an image says nothing new. */
static void
fix_image (GtkWidget *widget)
{
  /* In a button it may be all the name there is. */
  if (gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON) != NULL)
    return;
  if (gtk_widget_get_ancestor (widget, ADW_TYPE_PREFERENCES_ROW) != NULL ||
      gtk_widget_get_ancestor (widget, ADW_TYPE_ABOUT_WINDOW) != NULL) {
    /* Showing it again would take the state back, but not the empty name. */
    set_label (widget, "");
    gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN,
                                 TRUE, -1);
  }
}

static GtkWidget *
find_label (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkWidget *label = GTK_IS_LABEL (child) ? child : find_label (child);

    if (label != NULL)
      return label;
  }
  return NULL;
}

/* A line of a chooser: its words change when it is used again, the label stays. Our own lines name themselves. */
static void
fix_chooser_line (GtkWidget *widget)
{
  GtkWidget *label = find_label (widget);

  if (label != NULL && (GTK_IS_LABEL (gtk_widget_get_first_child (widget)) ||
                        gtk_widget_get_ancestor (widget, ADW_TYPE_COMBO_ROW) != NULL ||
                        gtk_widget_get_ancestor (widget, GTK_TYPE_DROP_DOWN) != NULL))
    name_by (widget, label);
}

static void
fix_label (GtkWidget *widget)
{
  if (gtk_label_get_label (GTK_LABEL (widget))[0] == '\0')
    set_label (widget, "");
}

/* The shortcuts window shows long sections in pages, called by their number. */
static void
name_shortcuts_tab (GtkWidget *tab)
{
  GtkWidget *label = find_label (tab);
  g_autofree char *name = NULL;

  if (label == NULL)
    return;
  name = g_strdup_printf (_ ("Page %s"), gtk_label_get_text (GTK_LABEL (label)));
  set_label (tab, name);
}

static void
name_shortcuts_part (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (GTK_IS_SEARCH_ENTRY (widget))
    set_label (widget, _ ("Search the shortcuts"));
  else if (GTK_IS_MENU_BUTTON (widget) || GTK_IS_MENU_BUTTON (parent))
    set_label (widget, _ ("Choose a page of shortcuts"));
  else if (GTK_IS_STACK_SWITCHER (parent))
    name_shortcuts_tab (widget);
  else if (GTK_IS_TOGGLE_BUTTON (widget))
    set_label (widget, _ ("Search"));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_shortcuts_part (child);
}

static guint
name_arrows (GtkWidget *widget, guint position)
{
  static const char *const names[] = { N_ ("Previous month"), N_ ("Next month"),
                                       N_ ("Previous year"), N_ ("Next year") };

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (GTK_IS_BUTTON (child) && position < G_N_ELEMENTS (names))
      set_label (child, _ (names[position++]));
    else
      position = name_arrows (child, position);
  }
  return position;
}

static void
fix_calendar (GtkWidget *widget)
{
  name_arrows (widget, 0);
}

static void
fix_shortcuts (GtkWidget *widget)
{
  name_shortcuts_part (widget);
  set_label (widget, _ ("Keyboard shortcuts"));
}

static void
press_cb (GSimpleAction *action, GVariant *parameter, gpointer widget)
{
  (void) action;
  (void) parameter;
  gtk_widget_activate (widget);
}

/* The library gives actions to buttons and switches only; here is one for what else takes a click. */
static void
add_press (GtkWidget *widget)
{
  static const char done[] = "csl-press";
  g_autoptr (GSimpleActionGroup) group = NULL;
  g_autoptr (GSimpleAction) press = NULL;

  if (g_object_get_data (G_OBJECT (widget), done) != NULL)
    return;
  g_object_set_data (G_OBJECT (widget), done, widget);
  group = g_simple_action_group_new ();
  press = g_simple_action_new ("press", NULL);
  g_signal_connect_object (press, "activate", G_CALLBACK (press_cb), widget, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (press));
  gtk_widget_insert_action_group (widget, "control", G_ACTION_GROUP (group));
}

static bool
shows_some (GtkWidget *widget)
{
  return GTK_IS_STACK (widget) || ADW_IS_LEAFLET (widget) || ADW_IS_FLAP (widget) ||
         ADW_IS_SQUEEZER (widget) || GTK_IS_REVEALER (widget);
}

static void
show_or_hide (GtkWidget *widget)
{
  if (gtk_widget_get_mapped (widget))
    gtk_accessible_reset_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN);
  else
    gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN,
                                 TRUE, -1);
}

static void
fix_children (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    show_or_hide (child);
}

static const struct
{
  GType (*get_type) (void);
  void (*fix) (GtkWidget *widget);
} fixes[] = {
  { gtk_button_get_type, fix_button },
  { gtk_label_get_type, fix_label },
  { gtk_image_get_type, fix_image },
  { gtk_list_box_get_type, fix_list },
  { gtk_list_view_get_type, fix_list_view },
  { gtk_switch_get_type, fix_switch },
  { gtk_calendar_get_type, fix_calendar },
  { gtk_check_button_get_type, add_press },
  { gtk_shortcuts_window_get_type, fix_shortcuts },
  { adw_expander_row_get_type, fix_expander },
};

static void
fix (GtkWidget *widget)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixes); i++)
    if (g_type_is_a (G_OBJECT_TYPE (widget), fixes[i].get_type ()))
      fixes[i].fix (widget);
  /* The library keeps these types to itself. */
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkListItemWidget"))
    fix_chooser_line (widget);
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkModelButton"))
    add_press (widget);
  if (shows_some (widget))
    fix_children (widget);
}

static gboolean
mapped_hook (GSignalInvocationHint *hint,
             guint n_values,
             const GValue *values,
             gpointer data)
{
  GtkWidget *widget = g_value_get_object (values);
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (parent != NULL && shows_some (parent))
    show_or_hide (widget);
  fix (widget);
  return G_SOURCE_CONTINUE;
}

static gboolean
unmapped_hook (GSignalInvocationHint *hint,
               guint n_values,
               const GValue *values,
               gpointer data)
{
  GtkWidget *widget = g_value_get_object (values);
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (parent != NULL && shows_some (parent) && gtk_widget_get_mapped (parent))
    show_or_hide (widget);
  return G_SOURCE_CONTINUE;
}

void
csl_accessible_gaps_close (void)
{
  /* The signals exist once the class does. */
  g_type_class_unref (g_type_class_ref (GTK_TYPE_WIDGET));
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, mapped_hook,
                              NULL, NULL);
  g_signal_add_emission_hook (g_signal_lookup ("unmap", GTK_TYPE_WIDGET), 0,
                              unmapped_hook, NULL, NULL);
}
