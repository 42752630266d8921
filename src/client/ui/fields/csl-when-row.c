/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-when-row.h"

#include "client/ui/fields/csl-field-row-common.h"
#include "client/ui/fields/csl-when-text.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* What a row's callbacks need; freed with the row. */
typedef struct
{
  CslFieldBinding *binding; /* (owned) */
  const CslWhenRow *kind;
  GtkCalendar *calendar; /* (unowned): in the popover */
} When;

static void
when_free (gpointer data)
{
  When *when = data;

  g_object_unref (when->binding);
  g_free (when);
}

static When *
get_when (gpointer row)
{
  return g_object_get_data (G_OBJECT (row), "when");
}

static char *
read_text (When *when, const char *text)
{
  g_autofree char *today = csl_field_row_dup_today (when->binding);

  return when->kind->to_value (text, today,
                               csl_session_get_zone (
                                 csl_field_binding_get_session (when->binding)));
}

static char *
write_text (When *when, const char *value)
{
  return value == NULL
           ? NULL
           : when->kind->to_text (value,
                                  csl_session_get_zone (
                                    csl_field_binding_get_session (when->binding)));
}

/* Entry → value. */
static void
typed_cb (GtkEditable *row)
{
  When *when = get_when (row);
  const char *text = gtk_editable_get_text (row);
  g_autofree char *read = read_text (when, text);
  g_auto (CslValue) value = CSL_VALUE_INIT;

  if (read == NULL && text[0] != '\0') {
    g_autofree char *problem = when->kind->dup_problem ();

    csl_field_binding_set_unreadable (when->binding, text, problem);
    return;
  }
  csl_value_set_text (&value, read);
  csl_field_binding_set_value (when->binding, &value);
}

/* Value → entry, unless the entry already says so in other words. */
static void
text_changed_cb (GtkEditable *row)
{
  When *when = get_when (row);
  const char *value = csl_value_get_text (csl_field_binding_get_value (when->binding));
  g_autofree char *read = read_text (when, gtk_editable_get_text (row));
  g_autofree char *shown = write_text (when, read);
  g_autofree char *text = write_text (when, value);

  if (g_strcmp0 (shown, text) != 0)
    gtk_editable_set_text (row, text != NULL ? text : "");
}

/* The calendar opens on the day the entry has. */
static void
popover_shown_cb (GtkEditable *row)
{
  When *when = get_when (row);
  const char *value = csl_value_get_text (csl_field_binding_get_value (when->binding));
  g_autoptr (GDateTime) day = NULL;
  int year, month, date;

  if (value == NULL || sscanf (value, "%d-%d-%d", &year, &month, &date) != 3)
    return;
  day = g_date_time_new_local (year, month, date, 12, 0, 0);
  g_signal_handlers_block_matched (when->calendar, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL,
                                   row);
  if (day != NULL)
    gtk_calendar_select_day (when->calendar, day);
  g_signal_handlers_unblock_matched (when->calendar, G_SIGNAL_MATCH_DATA, 0, 0, NULL,
                                     NULL, row);
}

/* The time of day already typed, or nine in the morning. */
static const char *
find_clock (const char *text)
{
  const char *clock = NULL;

  return csl_region_read_clock (text, &clock) >= 0 ? clock : "09:00";
}

static void
day_selected_cb (GtkEditable *row)
{
  When *when = get_when (row);
  g_autoptr (GDateTime) day = gtk_calendar_get_date (when->calendar);
  g_autofree char *date = g_date_time_format (day, "%Y-%m-%d");
  g_autofree char *words = csl_when_text_from_date (date);
  g_autofree char *both =
    g_strdup_printf ("%s %s", words, find_clock (gtk_editable_get_text (row)));

  gtk_editable_set_text (row, when->kind->with_clock ? both : words);
  gtk_popover_popdown (GTK_POPOVER (
    gtk_widget_get_ancestor (GTK_WIDGET (when->calendar), GTK_TYPE_POPOVER)));
}

GtkWidget *
csl_when_row_new (CslFieldBinding *binding, const CslWhenRow *kind)
{
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *popover = gtk_popover_new ();
  When *when = g_new0 (When, 1);
  const char *title = csl_label_field (csl_field_binding_get_field (binding));
  /* Translators: a button that opens a calendar; then the field it is for. */
  g_autofree char *label = g_strdup_printf (_ ("Choose from a calendar: %s"), title);

  when->binding = g_object_ref (binding);
  when->kind = kind;
  when->calendar = GTK_CALENDAR (gtk_calendar_new ());
  g_object_set_data_full (G_OBJECT (row), "when", when, when_free);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_popover_set_child (GTK_POPOVER (popover), GTK_WIDGET (when->calendar));
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row),
                            csl_field_row_popover_button ("x-office-calendar-symbolic",
                                                          label, popover));
  text_changed_cb (GTK_EDITABLE (row));
  g_signal_connect_object (row, "changed", G_CALLBACK (typed_cb), row, G_CONNECT_SWAPPED);
  g_signal_connect_object (popover, "show", G_CALLBACK (popover_shown_cb), row,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (when->calendar, "day-selected", G_CALLBACK (day_selected_cb),
                           row, G_CONNECT_SWAPPED);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, row, binding);
  return row;
}
