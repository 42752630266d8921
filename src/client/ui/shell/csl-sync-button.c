/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync-button.c: the sync sentence as a button. */
#define G_LOG_DOMAIN "csl-sync-button"

#include "config.h"

#include "client/ui/shell/csl-sync-button.h"

#include "client/ui/shell/csl-page-table.h"

struct _CslSyncButton
{
  AdwBin parent_instance;

  CslSession *session; /* (owned) (nullable) */

  GtkMenuButton *button; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslSyncButton, csl_sync_button, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_SYNC_INFO,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* Made when first pressed: it lists the unsent work. */
static void
create_popover_cb (GtkMenuButton *button, gpointer user_data)
{
  CslSyncButton *self = user_data;
  GtkPopover *popover = NULL;

  if (gtk_menu_button_get_popover (button) != NULL || self->session == NULL)
    return;
  popover = csl_page_table_create_sync_popover (self->session);
  if (popover != NULL)
    gtk_menu_button_set_popover (button, GTK_WIDGET (popover));
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "shell.show-section", "s", "unsent");
}

static void
csl_sync_button_dispose (GObject *object)
{
  g_clear_object (&CSL_SYNC_BUTTON (object)->session);
  G_OBJECT_CLASS (csl_sync_button_parent_class)->dispose (object);
}

static void
csl_sync_button_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslSyncButton *self = CSL_SYNC_BUTTON (object);

  switch (id) {
  case PROP_SESSION:
    g_value_set_object (value, self->session);
    break;
  case PROP_SYNC_INFO:
    if (self->session != NULL)
      g_value_set_object (value, csl_session_get_sync_info (self->session));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_sync_button_set_property (GObject *object,
                              guint id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  CslSyncButton *self = CSL_SYNC_BUTTON (object);

  switch (id) {
  case PROP_SESSION:
    if (g_set_object (&self->session, g_value_get_object (value)))
      g_object_notify_by_pspec (object, properties[PROP_SYNC_INFO]);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_sync_button_class_init (CslSyncButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = csl_sync_button_dispose;
  object_class->get_property = csl_sync_button_get_property;
  object_class->set_property = csl_sync_button_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, CSL_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SYNC_INFO] =
    g_param_spec_object ("sync-info", NULL, NULL, CSL_TYPE_SYNC_INFO,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/shell/csl-sync-button.ui");
  gtk_widget_class_bind_template_child (widget_class, CslSyncButton, button);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_sync_button_init (CslSyncButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->button, create_popover_cb, self, NULL);
}
