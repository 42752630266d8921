/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-help-window.c: fills list and page from the topics. */
#define G_LOG_DOMAIN "csl-help-window"

#include "config.h"

#include "client/ui/help/csl-help-window.h"

#include <glib/gi18n.h>

struct _CslHelpWindow
{
  AdwWindow parent_instance;

  const CslHelpTopic *topic; /* (unowned) (nullable): shown now */

  GtkStack *stack;        /* (unowned): template child */
  GtkWidget *back_button; /* (unowned): template child */
  GtkListBox *list;       /* (unowned): template child */
  GtkWidget *scrolled;    /* (unowned): template child */
  GtkLabel *heading;      /* (unowned): template child */
  GtkLabel *intro;        /* (unowned): template child */
  GtkListBox *steps;      /* (unowned): template child */
  AdwActionRow *see;      /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslHelpWindow, csl_help_window, ADW_TYPE_WINDOW)

static GtkWidget *
create_step (guint number, const char *text)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *digits = g_strdup_printf ("%u", number);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  GtkWidget *label = gtk_label_new (digits);

  gtk_widget_add_css_class (label, "help-number");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  return row;
}

static void
show_topic (CslHelpWindow *self, const CslHelpTopic *topic)
{
  GtkWidget *row;

  self->topic = topic;
  gtk_label_set_label (self->heading, _ (topic->title));
  gtk_label_set_label (self->intro, _ (topic->intro));
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->steps))) != NULL)
    gtk_list_box_remove (self->steps, row);
  for (guint i = 0; i < CSL_HELP_MOST_STEPS && topic->steps[i] != NULL; i++)
    gtk_list_box_append (self->steps, create_step (i + 1, _ (topic->steps[i])));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->see),
                                 _ (csl_help_topics_lookup (topic->see)->title));
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (
                              GTK_SCROLLED_WINDOW (self->scrolled)),
                            0);
  gtk_stack_set_visible_child_name (self->stack, "topic");
  gtk_widget_set_visible (self->back_button, TRUE);
}

static void
show_list (CslHelpWindow *self)
{
  GtkListBoxRow *row;
  guint n_topics;
  const CslHelpTopic *topics = csl_help_topics_list (&n_topics);
  const gint64 position = self->topic != NULL ? self->topic - topics : 0;

  self->topic = NULL;
  gtk_stack_set_visible_child_name (self->stack, "list");
  gtk_widget_set_visible (self->back_button, FALSE);
  row = gtk_list_box_get_row_at_index (self->list, (int) position);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
topic_activated_cb (CslHelpWindow *self, GtkListBoxRow *row)
{
  guint n_topics;
  const CslHelpTopic *topics = csl_help_topics_list (&n_topics);

  show_topic (self, &topics[gtk_list_box_row_get_index (row)]);
}

static void
see_activated_cb (CslHelpWindow *self)
{
  show_topic (self, csl_help_topics_lookup (self->topic->see));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslHelpWindow *self = CSL_HELP_WINDOW (widget);

  if (self->topic != NULL)
    show_list (self);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
fill_list (CslHelpWindow *self)
{
  guint n_topics;
  const CslHelpTopic *topics = csl_help_topics_list (&n_topics);

  for (guint i = 0; i < n_topics; i++) {
    GtkWidget *row = adw_action_row_new ();

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (topics[i].title));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("go-next-symbolic"));
    gtk_list_box_append (self->list, row);
  }
}

static void
csl_help_window_class_init (CslHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/help/csl-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CslHelpWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CslHelpWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, CslHelpWindow, list);
  gtk_widget_class_bind_template_child (widget_class, CslHelpWindow, scrolled);
  gtk_widget_class_bind_template_child (widget_class, CslHelpWindow, heading);
  gtk_widget_class_bind_template_child (widget_class, CslHelpWindow, intro);
  gtk_widget_class_bind_template_child (widget_class, CslHelpWindow, steps);
  gtk_widget_class_bind_template_child (widget_class, CslHelpWindow, see);
  gtk_widget_class_bind_template_callback (widget_class, topic_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, see_activated_cb);
  gtk_widget_class_install_action (widget_class, "help.back", NULL, back_action);
}

static void
csl_help_window_init (CslHelpWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_list (self);
}

GtkWindow *
csl_help_window_new (GtkWindow *parent, const CslHelpTopic *topic)
{
  CslHelpWindow *self =
    g_object_new (CSL_TYPE_HELP_WINDOW, "transient-for", parent, NULL);

  if (topic != NULL)
    show_topic (self, topic);
  return GTK_WINDOW (self);
}
