/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"

#include "client/app/csl-region.h"
#include "core/base/csl-json-write.h"
#include "core/schema/csl-label.h"

static void
settle_cb (CslFieldBinding *binding)
{
  csl_field_binding_settle (binding);
}

GtkWidget *
csl_field_row_get_control (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "control");
}

/* GTK 4.8 keeps the error message of a control from screen readers; what describes it they get. */
static void
describe_problem (GtkWidget *row, bool wrong)
{
  GtkAccessible *control = GTK_ACCESSIBLE (csl_field_row_get_control (row));
  GtkWidget *sentence = g_object_get_data (G_OBJECT (row), "sentence");

  if (sentence != NULL && wrong)
    gtk_accessible_update_relation (control, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                    sentence, NULL, -1);
  else if (gtk_widget_has_css_class (row, "error"))
    gtk_accessible_reset_relation (control, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
}

static void
show_problem (GtkWidget *row, CslFieldBinding *binding)
{
  bool wrong = csl_field_binding_get_problem (binding) != NULL;

  describe_problem (row, wrong);
  if (wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (csl_field_row_get_control (row)),
                               GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE
                                     : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

void
csl_field_row_set_sentence (GtkWidget *row, GtkWidget *sentence)
{
  g_object_set_data (G_OBJECT (row), "sentence", sentence);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (csl_field_row_get_control (row)),
                                  GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE, sentence, -1);
  describe_problem (row, gtk_widget_has_css_class (row, "error"));
}

static void
problem_changed_cb (GtkWidget *row, GParamSpec *pspec, CslFieldBinding *binding)
{
  (void) pspec;
  show_problem (row, binding);
}

/* Library rows name themselves and the control they activate; a second name would be read out as well. */
static bool
is_named (GtkWidget *row, GtkWidget *control)
{
  if (control == row)
    return ADW_IS_ENTRY_ROW (row) || ADW_IS_ACTION_ROW (row) || ADW_IS_EXPANDER_ROW (row);
  return ADW_IS_ACTION_ROW (row) &&
         adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row)) == control;
}

void
csl_field_row_prepare (GtkWidget *row, GtkWidget *control, CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  g_autofree char *name = g_strconcat ("field-", field->name, NULL);
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_widget_set_name (row, name);
  g_object_set_data (G_OBJECT (row), "control", control);
  if ((field->flags & CSL_FIELD_REQUIRED) != 0)
    gtk_accessible_update_property (GTK_ACCESSIBLE (control),
                                    GTK_ACCESSIBLE_PROPERTY_REQUIRED, TRUE, -1);
  if (csl_label_help (field) != NULL)
    gtk_widget_set_tooltip_text (row, csl_label_help (field));
  if (!is_named (row, control))
    gtk_accessible_update_property (GTK_ACCESSIBLE (control),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    csl_label_field (field), -1);
  g_object_bind_property (binding, "editable", control, "sensitive",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (focus, "leave", G_CALLBACK (settle_cb), binding,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (row, focus);
  g_signal_connect_object (binding, "notify::problem", G_CALLBACK (problem_changed_cb),
                           row, G_CONNECT_SWAPPED);
  show_problem (row, binding);
}

static bool
is_number (const CslField *field)
{
  return field->kind->value_type == CSL_VALUE_MONEY ||
         field->kind->value_type == CSL_VALUE_INT;
}

/* The value as this region writes numbers. */
static gboolean
localise_cb (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  const char *text = g_value_get_string (from);

  (void) binding;
  (void) user_data;
  g_value_take_string (to, text != NULL ? csl_region_localise (text) : NULL);
  return TRUE;
}

/* What was typed as the kinds of fields read it. */
static gboolean
plain_cb (GBinding *binding, const GValue *from, GValue *to, gpointer user_data)
{
  const char *text = g_value_get_string (from);

  (void) binding;
  (void) user_data;
  g_value_take_string (to, text != NULL ? csl_region_plain (text) : NULL);
  return TRUE;
}

GtkWidget *
csl_field_entry_row_new (CslFieldBinding *binding, GtkInputPurpose purpose)
{
  const CslField *field = csl_field_binding_get_field (binding);
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), csl_label_field (field));
  adw_entry_row_set_input_purpose (ADW_ENTRY_ROW (row), purpose);
  if (csl_label_unit (field) != NULL) {
    GtkWidget *unit = gtk_label_new (csl_label_unit (field));
    gtk_widget_add_css_class (unit, "dim-label");
    adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), unit);
  }
  g_object_bind_property_full (binding, "text", row, "text",
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL,
                               is_number (field) ? localise_cb : NULL,
                               is_number (field) ? plain_cb : NULL, NULL, NULL);
  if (is_number (field) || purpose != GTK_INPUT_PURPOSE_FREE_FORM)
    /* Numbers and addresses of the net run from left to right in every language. */
    gtk_widget_set_direction (GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (row))),
                              GTK_TEXT_DIR_LTR);
  csl_field_row_prepare (row, row, binding);
  return row;
}

GtkWidget *
csl_field_row_popover_button (const char *icon, const char *label, GtkWidget *popover)
{
  GtkWidget *button = gtk_menu_button_new ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), icon);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  return button;
}

char *
csl_field_row_dup_canonical (const char *json)
{
  g_auto (CslJson) tape = { 0 };
  GString *out;

  csl_json_init (&tape);
  if (!csl_json_scan (&tape, json, strlen (json), &csl_json_limits_line, NULL))
    return NULL;
  out = g_string_new (NULL);
  csl_json_write_canonical (out, &tape, 0);
  return g_string_free (out, FALSE);
}

char *
csl_field_row_dup_today (CslFieldBinding *binding)
{
  CslSession *session = csl_field_binding_get_session (binding);
  g_autoptr (GTimeZone) zone =
    g_time_zone_new_identifier (csl_session_get_zone (session));
  g_autoptr (GDateTime) utc =
    g_date_time_new_from_unix_utc (csl_session_get_now_ms (session) / 1000);
  g_autoptr (GDateTime) local = zone != NULL ? g_date_time_to_timezone (utc, zone)
                                             : g_date_time_to_local (utc);

  return g_date_time_format (local, "%Y-%m-%d");
}
