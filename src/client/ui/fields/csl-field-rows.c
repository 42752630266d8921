/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-rows.h"

#include "client/ui/fields/csl-field-row-common.h"

const CslFieldRowEntry csl_field_rows[] = {
  { "text", csl_field_row_text_new },
  { "long_text", csl_field_row_long_text_new },
  { "integer", csl_field_row_integer_new },
  { "money", csl_field_row_money_new },
  { "decimal", csl_field_row_decimal_new },
  { "boolean", csl_field_row_boolean_new },
  { "date", csl_field_row_date_new },
  { "instant", csl_field_row_instant_new },
  { "duration", csl_field_row_duration_new },
  { "enum", csl_field_row_enum_new },
  { "reference", csl_field_row_reference_new },
  { "enum_set", csl_field_row_enum_set_new },
  { "object_list", csl_field_row_object_list_new },
  { "email", csl_field_row_email_new },
  { "phone", csl_field_row_phone_new },
  { "address", csl_field_row_address_new },
  { "signature", csl_field_row_signature_new },
  { "file", csl_field_row_file_new },
};

guint
csl_field_rows_get_size (void)
{
  return G_N_ELEMENTS (csl_field_rows);
}

GtkWidget *
csl_field_row_new (CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);

  for (guint i = 0; i < G_N_ELEMENTS (csl_field_rows); i++)
    if (csl_field_kinds[i] == field->kind)
      return csl_field_rows[i].create (binding);
  g_return_val_if_reached (NULL);
}

/* Under the row: the sentence about what is wrong, seen only when there is one. */
static GtkWidget *
problem_row_new (CslFieldBinding *binding)
{
  /* Only rows of this type stay in their place in the list. */
  GtkWidget *row = adw_preferences_row_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "error");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (row, "problem-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  /* Focusable: the list would not let Tab pass a line that is not, and it is there to be read. */
  gtk_accessible_update_relation (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
  g_object_bind_property (binding, "problem", label, "label", G_BINDING_SYNC_CREATE);
  return row;
}

static gboolean
is_set (GBinding *binding, const GValue *from, GValue *to, gpointer data)
{
  (void) binding;
  (void) data;
  g_value_set_boolean (to, g_value_get_string (from) != NULL);
  return TRUE;
}

void
csl_field_row_add (AdwPreferencesGroup *group, CslFieldBinding *binding)
{
  GtkWidget *row = csl_field_row_new (binding);
  GtkWidget *problem = problem_row_new (binding);

  g_object_bind_property_full (binding, "problem", problem, "visible",
                               G_BINDING_SYNC_CREATE, is_set, NULL, NULL, NULL);
  /* The label, because the line around it has no words of its own. */
  csl_field_row_set_sentence (row,
                              gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (problem)));
  adw_preferences_group_add (group, row);
  adw_preferences_group_add (group, problem);
}
