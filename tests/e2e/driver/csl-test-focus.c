/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-focus.c: where the keyboard is, and where it could be. */
#include "csl-test-driver.h"

static void
set_address (JsonObject *object, const char *name, gpointer widget)
{
  g_autofree char *address = g_strdup_printf ("%p", widget);

  json_object_set_string_member (object, name, address);
}

static GtkWidget *
find_list (GtkWidget *widget)
{
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL;
       parent = gtk_widget_get_parent (parent))
    if (GTK_IS_LIST_VIEW (parent) || GTK_IS_LIST_BOX (parent))
      return parent;
  return NULL;
}

static void
read_labels (GtkWidget *widget, GString *words)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget))
    g_string_append_printf (words, "%s%s", words->len > 0 ? " · " : "",
                            gtk_label_get_text (GTK_LABEL (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    read_labels (child, words);
}

/* A description with what tells two widgets apart: "at"; "words": all that can be read on it; "around": the types and
 * addresses of what it is in; "list": the nearest list it is in. */
static JsonObject *
describe_stop (GtkWidget *widget)
{
  JsonObject *object = csl_test_describe (widget);
  JsonArray *around = json_array_new ();
  GtkWidget *list = find_list (widget);
  g_autoptr (GString) words = g_string_new (NULL);

  read_labels (widget, words);
  json_object_set_string_member (object, "words", words->str);
  set_address (object, "at", widget);
  if (list != NULL)
    set_address (object, "list", list);
  for (GtkWidget *parent = gtk_widget_get_parent (widget); parent != NULL;
       parent = gtk_widget_get_parent (parent)) {
    g_autofree char *address = g_strdup_printf ("%p", (gpointer) parent);
    json_array_add_string_element (around, address);
    json_array_add_string_element (around, G_OBJECT_TYPE_NAME (parent));
  }
  json_object_set_array_member (object, "around", around);
  return object;
}

JsonObject *
csl_test_focus (GtkWidget *window)
{
  JsonObject *answer = json_object_new ();
  GtkWidget *focus = window != NULL ? gtk_window_get_focus (GTK_WINDOW (window)) : NULL;

  json_object_set_boolean_member (answer, "active",
                                  window != NULL &&
                                    gtk_window_is_active (GTK_WINDOW (window)));
  /* A widget that is not in the window any more cannot be typed into. */
  if (focus != NULL && gtk_widget_get_root (focus) == GTK_ROOT (window))
    json_object_set_object_member (answer, "focus", describe_stop (focus));
  return answer;
}

/* A scrolled window or a list takes the focus only when nothing inside does. */
static gboolean
is_stop (GtkWidget *widget)
{
  return gtk_widget_get_focusable (widget) && gtk_widget_get_can_focus (widget) &&
         gtk_widget_is_sensitive (widget) && !GTK_IS_SCROLLED_WINDOW (widget) &&
         !GTK_IS_LIST_BOX (widget) && !GTK_IS_LIST_VIEW (widget) &&
         !GTK_IS_WINDOW (widget);
}

static void
collect_stops (GtkWidget *widget, JsonArray *list)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_can_focus (widget))
    return;
  if (is_stop (widget))
    json_array_add_object_element (list, describe_stop (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_POPOVER (child))
      collect_stops (child, list);
}

JsonObject *
csl_test_stops (GtkWidget *window)
{
  JsonObject *answer = json_object_new ();
  JsonArray *list = json_array_new ();
  GtkWidget *focus = window != NULL ? gtk_window_get_focus (GTK_WINDOW (window)) : NULL;
  GtkWidget *popover = focus != NULL ? gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER)
                                     : NULL;

  /* While a popover is open there is nothing else. */
  if (window != NULL)
    collect_stops (popover != NULL ? popover : window, list);
  json_object_set_array_member (answer, "widgets", list);
  return answer;
}
