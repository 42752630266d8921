/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-client-bar.c: the name and three buttons; what they do belongs to the window and the shell. */
#define G_LOG_DOMAIN "csl-client-bar"

#include "config.h"

#include "client/ui/shell/csl-client-bar.h"

struct _CslClientBar
{
  AdwBin parent_instance;

  CslRecordItem *item;   /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): of the item */

  GtkLabel *name; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslClientBar, csl_client_bar, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_ITEM,
};

static void
show_name_cb (CslClientBar *self)
{
  const char *name = self->item != NULL ? csl_record_item_get_title (self->item) : "";

  gtk_label_set_label (self->name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);
  gtk_widget_set_visible (GTK_WIDGET (self), self->item != NULL);
}

static void
csl_client_bar_dispose (GObject *object)
{
  CslClientBar *self = CSL_CLIENT_BAR (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (csl_client_bar_parent_class)->dispose (object);
}

static void
csl_client_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ITEM)
    g_value_set_object (value, CSL_CLIENT_BAR (object)->item);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
csl_client_bar_set_property (GObject *object,
                             guint id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  CslClientBar *self = CSL_CLIENT_BAR (object);

  if (id != PROP_ITEM)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (g_set_object (&self->item, g_value_get_object (value))) {
    g_signal_group_set_target (self->signals, self->item);
    show_name_cb (self);
    g_object_notify_by_pspec (object, pspec);
  }
}

static void
csl_client_bar_class_init (CslClientBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = csl_client_bar_dispose;
  object_class->get_property = csl_client_bar_get_property;
  object_class->set_property = csl_client_bar_set_property;
  g_object_class_install_property (object_class, PROP_ITEM,
                                   g_param_spec_object ("item", NULL, NULL,
                                                        CSL_TYPE_RECORD_ITEM,
                                                        G_PARAM_READWRITE |
                                                          G_PARAM_EXPLICIT_NOTIFY |
                                                          G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-client-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CslClientBar, name);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_client_bar_init (CslClientBar *self)
{
  self->signals = g_signal_group_new (CSL_TYPE_RECORD_ITEM);
  g_signal_group_connect_swapped (self->signals, "notify::revision",
                                  G_CALLBACK (show_name_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}
