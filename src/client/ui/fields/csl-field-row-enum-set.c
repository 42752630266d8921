/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several of a reference list: an expander with a tick for each. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "core/base/csl-json-write.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

typedef struct
{
  CslFieldBinding *binding; /* (unowned): outlives the row's signal */
  const char *value;        /* (unowned): the reference list's */
  GtkCheckButton *tick;     /* (unowned) */
} Tick;

/* Ticked values, in the order of their bytes. */
static GPtrArray *
read_values (CslFieldBinding *binding)
{
  const char *json = csl_value_get_text (csl_field_binding_get_value (binding));
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  g_auto (CslJson) tape = { 0 };

  csl_json_init (&tape);
  if (json == NULL ||
      !csl_json_scan (&tape, json, strlen (json), &csl_json_limits_line, NULL))
    return values;
  for (guint i = 1; i < tape.tokens->len; i = csl_json_token (&tape, i)->next)
    g_ptr_array_add (values, csl_json_dup_string (&tape, i));
  return values;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
write_values (CslFieldBinding *binding, GPtrArray *values)
{
  GString *json = g_string_new ("[");
  g_auto (CslValue) value = CSL_VALUE_INIT;

  g_ptr_array_sort (values, compare_texts);
  for (guint i = 0; i < values->len; i++) {
    if (i > 0)
      g_string_append_c (json, ',');
    csl_json_write_string (json, values->pdata[i]);
  }
  g_string_append_c (json, ']');
  csl_value_take_json (&value, g_string_free (json, FALSE));
  csl_field_binding_set_value (binding, &value);
}

static void
toggled_cb (GtkCheckButton *button, Tick *tick)
{
  g_autoptr (GPtrArray) values = read_values (tick->binding);
  guint position;
  bool held =
    g_ptr_array_find_with_equal_func (values, tick->value, g_str_equal, &position);

  if (held == (bool) gtk_check_button_get_active (button))
    return;
  if (held)
    g_ptr_array_remove_index (values, position);
  else
    g_ptr_array_add (values, g_strdup (tick->value));
  write_values (tick->binding, values);
}

static void
show_ticks (AdwExpanderRow *row, CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  GPtrArray *ticks = g_object_get_data (G_OBJECT (row), "ticks");
  g_autoptr (GPtrArray) values = read_values (binding);
  g_autoptr (GString) labels = g_string_new (NULL);

  for (guint i = 0; i < ticks->len; i++) {
    Tick *tick = ticks->pdata[i];
    gtk_check_button_set_active (tick->tick,
                                 g_ptr_array_find_with_equal_func (values, tick->value,
                                                                   g_str_equal, NULL));
  }
  for (guint i = 0; i < values->len; i++)
    g_string_append_printf (labels, "%s%s", i > 0 ? ", " : "",
                            csl_label_value (field->options, values->pdata[i]));
  adw_expander_row_set_subtitle (row, labels->len > 0 ? labels->str : _ ("None"));
}

static void
text_changed_cb (AdwExpanderRow *row, GParamSpec *pspec, CslFieldBinding *binding)
{
  (void) pspec;
  show_ticks (row, binding);
}

static void
add_tick (AdwExpanderRow *row, CslFieldBinding *binding, const CslEnumValue *value)
{
  GPtrArray *ticks = g_object_get_data (G_OBJECT (row), "ticks");
  const char *label =
    csl_label_value (csl_field_binding_get_field (binding)->options, value->value);
  GtkWidget *line = adw_action_row_new ();
  GtkWidget *button = gtk_check_button_new ();
  Tick *tick = g_new0 (Tick, 1);

  tick->binding = binding;
  tick->value = value->value;
  tick->tick = GTK_CHECK_BUTTON (button);
  g_ptr_array_add (ticks, tick);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line), label);
  adw_action_row_add_prefix (ADW_ACTION_ROW (line), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (line), button);
  adw_expander_row_add_row (row, line);
  /* The button belongs to the row, which owns the tick. */
  g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), tick);
}

GtkWidget *
csl_field_row_enum_set_new (CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  GtkWidget *row = adw_expander_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), csl_label_field (field));
  g_object_set_data_full (G_OBJECT (row), "ticks",
                          g_ptr_array_new_with_free_func (g_free),
                          (GDestroyNotify) g_ptr_array_unref);
  g_object_set_data_full (G_OBJECT (row), "binding", g_object_ref (binding),
                          g_object_unref);
  for (guint i = 0; i < field->options->n_values; i++)
    if (!field->options->values[i].retired)
      add_tick (ADW_EXPANDER_ROW (row), binding, &field->options->values[i]);
  show_ticks (ADW_EXPANDER_ROW (row), binding);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, row, binding);
  return row;
}
