/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-row-group.c: a few rows under a title; used wherever a page lists what belongs to it. */
#define G_LOG_DOMAIN "csl-row-group"

#include "config.h"

#include "client/ui/list/csl-row-group.h"

#include <glib/gi18n.h>

struct _CslRowGroup
{
  AdwBin parent_instance;

  char *empty_text; /* (owned) (nullable) */
  guint limit;
  GListModel *model;        /* (owned) (nullable): all of them */
  GtkSliceListModel *slice; /* (owned): the first of them */
  GSignalGroup *signals;    /* (owned): of the model */

  GtkLabel *title_label;  /* (unowned): template child */
  GtkLabel *count_label;  /* (unowned): template child */
  GtkWidget *new_button;  /* (unowned): template child */
  GtkListBox *list;       /* (unowned): template child */
  GtkLabel *empty_label;  /* (unowned): template child */
  GtkButton *more_button; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslRowGroup, csl_row_group, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_EMPTY_TEXT,
  PROP_LIMIT,
  N_PROPS,
};

static void
items_changed_cb (CslRowGroup *self)
{
  const guint count = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
  const guint shown = g_list_model_get_n_items (G_LIST_MODEL (self->slice));
  g_autofree char *number = count > 0 ? g_strdup_printf ("%u", count) : g_strdup ("");
  g_autofree char *more =
    g_strdup_printf (ngettext ("Show All %u", "Show All %u", count), count);

  gtk_label_set_label (self->count_label, number);
  gtk_button_set_label (self->more_button, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more_button), count > shown);
  gtk_widget_set_visible (GTK_WIDGET (self->list), count > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_label), count == 0);
  gtk_widget_set_visible (GTK_WIDGET (self), count > 0 || self->empty_text != NULL ||
                                               gtk_widget_get_visible (self->new_button));
}

static void
row_activated_cb (CslRowGroup *self, GtkListBoxRow *line)
{
  CslRow *row = csl_row_from_list_box_row (line);

  if (row != NULL)
    csl_row_activate (row);
}

static void
show_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslRowGroup *self = CSL_ROW_GROUP (widget);

  gtk_slice_list_model_set_size (self->slice, G_MAXINT);
  items_changed_cb (self);
}

static void
csl_row_group_dispose (GObject *object)
{
  CslRowGroup *self = CSL_ROW_GROUP (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->slice);
  g_clear_object (&self->model);
  g_clear_pointer (&self->empty_text, g_free);
  G_OBJECT_CLASS (csl_row_group_parent_class)->dispose (object);
}

static void
csl_row_group_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslRowGroup *self = CSL_ROW_GROUP (object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, gtk_label_get_label (self->title_label));
    break;
  case PROP_EMPTY_TEXT:
    g_value_set_string (value, self->empty_text);
    break;
  case PROP_LIMIT:
    g_value_set_uint (value, self->limit);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_row_group_set_property (GObject *object,
                            guint id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  CslRowGroup *self = CSL_ROW_GROUP (object);

  switch (id) {
  case PROP_TITLE:
    gtk_label_set_label (self->title_label, g_value_get_string (value));
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    g_value_get_string (value), -1);
    break;
  case PROP_EMPTY_TEXT:
    g_free (self->empty_text);
    self->empty_text = g_value_dup_string (value);
    gtk_label_set_label (self->empty_label,
                         self->empty_text != NULL ? self->empty_text : "");
    break;
  case PROP_LIMIT:
    self->limit = g_value_get_uint (value);
    gtk_slice_list_model_set_size (self->slice, self->limit > 0 ? self->limit : G_MAXINT);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_row_group_class_init (CslRowGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = csl_row_group_dispose;
  object_class->get_property = csl_row_group_get_property;
  object_class->set_property = csl_row_group_set_property;
  g_object_class_install_property (object_class, PROP_TITLE,
                                   g_param_spec_string ("title", NULL, NULL, NULL,
                                                        flags));
  g_object_class_install_property (object_class, PROP_EMPTY_TEXT,
                                   g_param_spec_string ("empty-text", NULL, NULL, NULL,
                                                        flags));
  g_object_class_install_property (object_class, PROP_LIMIT,
                                   g_param_spec_uint ("limit", NULL, NULL, 0, G_MAXINT, 0,
                                                      flags));

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/list/csl-row-group.ui");
  gtk_widget_class_bind_template_child (widget_class, CslRowGroup, title_label);
  gtk_widget_class_bind_template_child (widget_class, CslRowGroup, count_label);
  gtk_widget_class_bind_template_child (widget_class, CslRowGroup, new_button);
  gtk_widget_class_bind_template_child (widget_class, CslRowGroup, list);
  gtk_widget_class_bind_template_child (widget_class, CslRowGroup, empty_label);
  gtk_widget_class_bind_template_child (widget_class, CslRowGroup, more_button);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "group.show-all", NULL, show_all_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_row_group_init (CslRowGroup *self)
{
  self->slice = gtk_slice_list_model_new (NULL, 0, G_MAXINT);
  self->signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_data (self->signals, "items-changed",
                               G_CALLBACK (items_changed_cb), self, NULL,
                               G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
csl_row_group_set_model (CslRowGroup *self,
                         CslSession *session,
                         GListModel *model,
                         GType row_type)
{
  g_return_if_fail (CSL_IS_ROW_GROUP (self));
  g_set_object (&self->model, model);
  gtk_slice_list_model_set_model (self->slice, model);
  csl_row_bind_list (self->list, G_LIST_MODEL (self->slice), row_type, session);
  g_signal_group_set_target (self->signals, model);
  items_changed_cb (self);
}

void
csl_row_group_set_new (CslRowGroup *self,
                       const char *label,
                       const CslPageRequest *request)
{
  g_return_if_fail (CSL_IS_ROW_GROUP (self));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->new_button), "nav.write");
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->new_button),
                                          csl_page_request_to_variant (request));
  gtk_widget_set_tooltip_text (self->new_button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->new_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_visible (self->new_button, TRUE);
  items_changed_cb (self);
}
