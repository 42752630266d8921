/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One of a reference list. The first line is "Not given" unless the field is required and has a value; a stored value
 * the list does not know stays selectable as it is. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

/* The values behind the lines of the chooser; "" = not given. */
static GStrv
list_values (const CslField *field, const char *current)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if ((field->flags & CSL_FIELD_REQUIRED) == 0 || current == NULL)
    g_strv_builder_add (builder, "");
  for (guint i = 0; i < field->options->n_values; i++) {
    const CslEnumValue *value = &field->options->values[i];
    if (!value->retired || g_strcmp0 (value->value, current) == 0)
      g_strv_builder_add (builder, value->value);
  }
  if (current != NULL && csl_enum_lookup (field->options, current) == NULL)
    g_strv_builder_add (builder, current);
  return g_strv_builder_end (builder);
}

static GListModel *
list_labels (const CslField *field, GStrv values)
{
  GtkStringList *labels = gtk_string_list_new (NULL);

  for (guint i = 0; values[i] != NULL; i++)
    gtk_string_list_append (labels, values[i][0] == '\0'
                                      ? _ ("Not given")
                                      : csl_label_value (field->options, values[i]));
  return G_LIST_MODEL (labels);
}

static void
selected_cb (AdwComboRow *row, GParamSpec *pspec, CslFieldBinding *binding)
{
  GStrv values = g_object_get_data (G_OBJECT (row), "values");
  guint selected = adw_combo_row_get_selected (row);
  g_auto (CslValue) value = CSL_VALUE_INIT;

  (void) pspec;
  if (selected == GTK_INVALID_LIST_POSITION)
    return;
  csl_value_set_text (&value, values[selected]);
  if (!csl_value_equal (&value, csl_field_binding_get_value (binding)))
    csl_field_binding_set_value (binding, &value);
}

static void
text_changed_cb (AdwComboRow *row, GParamSpec *pspec, CslFieldBinding *binding)
{
  GStrv values = g_object_get_data (G_OBJECT (row), "values");
  const char *current = csl_value_get_text (csl_field_binding_get_value (binding));

  (void) pspec;
  for (guint i = 0; values[i] != NULL; i++)
    if (g_strcmp0 (values[i], current != NULL ? current : "") == 0)
      adw_combo_row_set_selected (row, i);
}

GtkWidget *
csl_field_row_enum_new (CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  const char *current = csl_value_get_text (csl_field_binding_get_value (binding));
  GtkWidget *row = adw_combo_row_new ();
  GStrv values = list_values (field, current);
  g_autoptr (GListModel) labels = list_labels (field, values);

  g_object_set_data_full (G_OBJECT (row), "values", values, (GDestroyNotify) g_strfreev);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), csl_label_field (field));
  adw_combo_row_set_model (ADW_COMBO_ROW (row), labels);
  text_changed_cb (ADW_COMBO_ROW (row), NULL, binding);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (selected_cb), binding, 0);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, row, binding);
  return row;
}
