/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another record: its title, never its id, and a chooser. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "client/ui/fields/csl-reference-chooser.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

static void
show_title (AdwActionRow *row, CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  const char *id = csl_value_get_text (csl_field_binding_get_value (binding));
  g_autoptr (CslRecordItem) item = NULL;

  if (id == NULL) {
    adw_action_row_set_subtitle (row, _ ("Not given"));
    return;
  }
  item =
    csl_session_lookup (csl_field_binding_get_session (binding), field->target->name, id);
  adw_action_row_set_subtitle (row, item != NULL ? csl_record_item_get_title (item)
                                                 : _ ("Not on this computer"));
}

static void
text_changed_cb (AdwActionRow *row, GParamSpec *pspec, CslFieldBinding *binding)
{
  (void) pspec;
  show_title (row, binding);
}

static void
chosen_cb (CslReferenceChooser *chooser, CslRecordItem *item, CslFieldBinding *binding)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;

  csl_value_set_text (&value, item != NULL ? csl_record_item_get_id (item) : NULL);
  csl_field_binding_set_value (binding, &value);
  gtk_popover_popdown (GTK_POPOVER (chooser));
}

GtkWidget *
csl_field_row_reference_new (CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *chooser =
    csl_reference_chooser_new (csl_field_binding_get_session (binding), field->target,
                               (field->flags & CSL_FIELD_REQUIRED) == 0);
  g_autofree char *label = g_strdup_printf (_ ("Choose: %s"), csl_label_field (field));
  GtkWidget *button = csl_field_row_popover_button ("view-more-symbolic", label, chooser);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), csl_label_field (field));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  show_title (ADW_ACTION_ROW (row), binding);
  g_signal_connect_object (chooser, "chosen", G_CALLBACK (chosen_cb), binding, 0);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, button, binding);
  return row;
}
