/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Yes or no. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "core/schema/csl-label.h"

static void
toggled_cb (GtkSwitch *toggle, GParamSpec *pspec, CslFieldBinding *binding)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;
  bool now = gtk_switch_get_active (toggle);
  const CslValue *was = csl_field_binding_get_value (binding);

  (void) pspec;
  if (now == (was->type == CSL_VALUE_BOOL && was->number != 0))
    return;
  csl_value_set_bool (&value, now);
  csl_field_binding_set_value (binding, &value);
}

static void
text_changed_cb (GtkSwitch *toggle, GParamSpec *pspec, CslFieldBinding *binding)
{
  const CslValue *value = csl_field_binding_get_value (binding);

  (void) pspec;
  gtk_switch_set_active (toggle, value->type == CSL_VALUE_BOOL && value->number != 0);
}

GtkWidget *
csl_field_row_boolean_new (CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *toggle = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), csl_label_field (field));
  gtk_widget_set_valign (toggle, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
  text_changed_cb (GTK_SWITCH (toggle), NULL, binding);
  g_signal_connect_object (toggle, "notify::active", G_CALLBACK (toggled_cb), binding, 0);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), toggle,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, toggle, binding);
  return row;
}
