/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day and a time in this computer's zone. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "client/ui/fields/csl-when-text.h"

#include <glib/gi18n.h>

static const char *
get_zone (CslFieldBinding *binding)
{
  return csl_session_get_zone (csl_field_binding_get_session (binding));
}

/* Entry → value. */
static void
typed_cb (GtkEditable *row, CslFieldBinding *binding)
{
  g_autofree char *today = csl_field_row_dup_today (binding);
  const char *text = gtk_editable_get_text (row);
  g_autofree char *instant = csl_when_text_to_instant (text, today, get_zone (binding));
  g_auto (CslValue) value = CSL_VALUE_INIT;

  if (instant == NULL && text[0] != '\0') {
    csl_field_binding_set_unreadable (
      binding, text,
      _ ("Write the day and the time as 20/11/2026 15:30 or tomorrow 9:00."));
    return;
  }
  csl_value_set_text (&value, instant);
  csl_field_binding_set_value (binding, &value);
}

/* Value → entry, unless the entry already says so in other words. */
static void
text_changed_cb (GtkEditable *row, GParamSpec *pspec, CslFieldBinding *binding)
{
  g_autofree char *today = csl_field_row_dup_today (binding);
  const char *instant = csl_value_get_text (csl_field_binding_get_value (binding));
  g_autofree char *shown =
    csl_when_text_to_instant (gtk_editable_get_text (row), today, get_zone (binding));
  g_autofree char *text = csl_when_text_from_instant (instant, get_zone (binding));
  g_autofree char *shown_text = csl_when_text_from_instant (shown, get_zone (binding));

  (void) pspec;
  if (g_strcmp0 (shown_text, text) != 0)
    gtk_editable_set_text (row, text != NULL ? text : "");
}

static void
day_selected_cb (GtkCalendar *calendar, AdwEntryRow *row)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (calendar);
  g_autofree char *date = g_date_time_format (day, "%Y-%m-%d");
  g_autofree char *words = csl_when_text_from_date (date);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  const char *space = strrchr (text, ' ');
  const char *clock = space != NULL ? space + 1 : text;
  g_autofree char *both =
    g_strdup_printf ("%s %s", words, strchr (clock, ':') != NULL ? clock : "09:00");

  gtk_editable_set_text (GTK_EDITABLE (row), both);
  gtk_popover_popdown (
    GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (calendar), GTK_TYPE_POPOVER)));
}

GtkWidget *
csl_field_row_instant_new (CslFieldBinding *binding)
{
  const CslField *field = csl_field_binding_get_field (binding);
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *calendar = gtk_calendar_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), field->label);
  gtk_popover_set_child (GTK_POPOVER (popover), calendar);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row),
                            csl_field_row_popover_button ("x-office-calendar-symbolic",
                                                          _ ("Choose from a calendar"),
                                                          popover));
  text_changed_cb (GTK_EDITABLE (row), NULL, binding);
  g_signal_connect_object (row, "changed", G_CALLBACK (typed_cb), binding, 0);
  g_signal_connect_object (calendar, "day-selected", G_CALLBACK (day_selected_cb), row,
                           0);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, row, binding);
  return row;
}
