/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-appointment-row.c: an appointment as a line. The day stands over the first line of each
 * day; place and safety come from the planned visit, else from the appointment and the flags. */
#define G_LOG_DOMAIN "csl-appointment-row"

#include "config.h"

#include "client/ui/today/csl-appointment-row.h"

#include "client/ui/case/csl-case-facts.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/today/csl-take-along.h"
#include "client/ui/wrap/csl-accessible-gaps.h"
#include "core/base/csl-time.h"

#include <glib/gi18n.h>

struct _CslAppointmentRow
{
  CslRow parent_instance;

  GtkLabel *day;            /* (unowned): template child */
  GtkLabel *clock;          /* (unowned): template child */
  GtkLabel *title;          /* (unowned): template child */
  GtkLabel *place;          /* (unowned): template child */
  GtkWidget *safety_box;    /* (unowned): template child */
  GtkLabel *safety;         /* (unowned): template child */
  GtkWidget *visit_button;  /* (unowned): template child */
  CslTakeAlong *take_along; /* (unowned): template child */
  CslPill *state;           /* (unowned): template child */
  CslPill *status;          /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslAppointmentRow, csl_appointment_row, CSL_TYPE_ROW)

static bool
is_home_visit (const CslRecord *record)
{
  return g_strcmp0 (csl_record_get_text (record, "meeting_mode"), "home_visit") == 0 ||
         g_strcmp0 (csl_record_get_text (record, "appointment_type"), "home_visit") == 0;
}

static gint64
start_ms (gpointer item)
{
  gint64 when_ms = 0;

  if (CSL_IS_RECORD_ITEM (item))
    csl_instant_parse (csl_record_item_get_text (item, "start_at"), &when_ms, NULL);
  return when_ms;
}

/* The visit planned for this appointment, or NULL. */
static CslRecordItem *
lookup_visit (CslSession *session, const char *appointment)
{
  g_autoptr (CslQuery) query =
    csl_query_new (csl_schema_lookup_type (csl_session_get_schema (session), "visit"));
  g_autoptr (GListModel) found = NULL;

  csl_query_add_text (query, "appointment", CSL_FILTER_IS, appointment);
  query->limit = 1;
  found = csl_session_list (session, query);
  return g_list_model_get_item (found, 0);
}

/* Where to go. A protected address is not shown in a list. */
static char *
dup_place (CslSession *session, const CslRecord *record, CslRecordItem *visit)
{
  const char *client_id = csl_record_get_text (record, "client");
  g_autoptr (CslRecordItem) client =
    client_id != NULL ? csl_session_lookup (session, "client", client_id) : NULL;
  const CslRecord *person = client != NULL ? csl_record_item_get_record (client) : NULL;

  if (person != NULL && csl_client_is_protected (person) && is_home_visit (record))
    return g_strdup (_ ("Protected address: open the client to see it"));
  if (visit != NULL && csl_record_item_get_text (visit, "address") != NULL)
    return g_strdup (csl_record_item_get_text (visit, "address"));
  if (csl_record_get_text (record, "location") != NULL)
    return g_strdup (csl_record_get_text (record, "location"));
  if (person != NULL && is_home_visit (record))
    return csl_client_dup_address (person);
  return NULL;
}

static char *
dup_safety (CslSession *session, const CslRecord *record, CslRecordItem *visit)
{
  const char *client = csl_record_get_text (record, "client");
  g_autoptr (GListModel) flags = NULL;
  g_autoptr (GString) out = g_string_new (NULL);

  if (visit != NULL && csl_record_item_get_text (visit, "safety_line") != NULL)
    g_string_append (out, csl_record_item_get_text (visit, "safety_line"));
  if (client == NULL)
    return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
  flags = csl_client_list_flags (session, client);
  for (guint i = 0; i < g_list_model_get_n_items (flags); i++) {
    g_autoptr (CslRecordItem) flag = g_list_model_get_item (flags, i);
    g_autofree char *kind =
      csl_display_field (session, csl_record_item_get_record (flag), "flag_type");

    g_string_append_printf (out, "%s%s", out->len > 0 ? " · " : "", kind);
  }
  return out->len > 0 ? g_string_free (g_steal_pointer (&out), FALSE) : NULL;
}

static void
show_day (CslAppointmentRow *self)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  const gint64 when_ms = start_ms (csl_row_get_item (CSL_ROW (self)));
  const gint64 before_ms = start_ms (csl_row_get_previous (CSL_ROW (self)));
  const bool is_first =
    when_ms != 0 && (before_ms == 0 || csl_display_days_until (when_ms, before_ms) != 0);
  g_autofree char *text =
    is_first ? csl_display_day_heading (when_ms, csl_session_get_now_ms (session)) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->day), is_first);
  gtk_label_set_label (self->day, text != NULL ? text : "");
}

/* Only the next one: the first of the list, when one has to go there today. */
static void
show_take_along (CslAppointmentRow *self)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  CslRecordItem *item = csl_row_get_record_item (CSL_ROW (self));
  const bool is_next =
    item != NULL && csl_row_get_previous (CSL_ROW (self)) == NULL &&
    is_home_visit (csl_record_item_get_record (item)) &&
    csl_display_days_until (start_ms (item), csl_session_get_now_ms (session)) == 0;

  csl_take_along_set (self->take_along, session, is_next ? item : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->take_along),
                          is_next || gtk_widget_get_visible (self->visit_button));
}

static void
previous_changed_cb (CslAppointmentRow *self)
{
  if (csl_row_get_session (CSL_ROW (self)) != NULL) {
    show_day (self);
    show_take_along (self);
  }
}

static void
show_visit (CslAppointmentRow *self, const CslRecord *record)
{
  CslSession *session = csl_row_get_session (CSL_ROW (self));
  g_autoptr (CslRecordItem) visit =
    is_home_visit (record) ? lookup_visit (session, record->id) : NULL;
  g_autofree char *place = dup_place (session, record, visit);
  g_autofree char *safety = dup_safety (session, record, visit);
  const bool has_begun = visit != NULL &&
                         csl_record_item_get_text (visit, "started_at") != NULL;

  gtk_label_set_label (self->place, place != NULL ? place : "");
  gtk_widget_set_visible (GTK_WIDGET (self->place), place != NULL);
  gtk_label_set_label (self->safety, safety != NULL ? safety : "");
  gtk_widget_set_visible (self->safety_box, safety != NULL);
  gtk_button_set_label (GTK_BUTTON (self->visit_button),
                        has_begun ? _ ("_Go On with Visit") : _ ("_Start Visit"));
}

/* "Start Visit: Home visit · Amina Rahman, Today 10:30" */
static void
name_visit_button (CslAppointmentRow *self, const char *appointment)
{
  g_auto (GStrv) words =
    g_strsplit (gtk_button_get_label (GTK_BUTTON (self->visit_button)), "_", 2);
  g_autofree char *label = g_strjoinv ("", words);
  g_autofree char *name = g_strdup_printf ("%s: %s", label, appointment);

  csl_accessible_name_button (self->visit_button, name);
}

static void
csl_appointment_row_item_changed (CslRow *row)
{
  CslAppointmentRow *self = CSL_APPOINTMENT_ROW (row);
  CslSession *session = csl_row_get_session (row);
  CslRecordItem *item = csl_row_get_record_item (row);
  g_autofree char *client = NULL, *kind = NULL, *title = NULL, *clock = NULL;
  g_autofree char *moment = NULL, *spoken = NULL;
  const CslRecord *record;
  const CslField *status;
  gint64 now_ms;

  if (item == NULL)
    return;
  now_ms = csl_session_get_now_ms (session);
  record = csl_record_item_get_record (item);
  status = csl_record_type_lookup_field (record->type, "status");
  client = csl_display_field (session, record, "client");
  kind = csl_display_field (session, record, "appointment_type");
  clock = csl_display_clock (start_ms (item));
  moment = csl_display_moment (start_ms (item), now_ms);
  /* Translators: what kind of appointment, and with whom. */
  title = g_strdup_printf (_ ("%s · %s"), kind, client);
  gtk_label_set_label (self->clock, clock);
  gtk_label_set_label (self->title, title);
  csl_pill_set_state (self->state, csl_record_item_get_state (item));
  csl_pill_set_enum (self->status, status->options,
                     csl_record_get_text (record, "status"));
  show_visit (self, record);
  gtk_widget_set_visible (self->visit_button,
                          is_home_visit (record) &&
                            csl_display_days_until (start_ms (item), now_ms) == 0);
  show_day (self);
  show_take_along (self);
  spoken = g_strjoin (", ", title, moment, NULL);
  csl_row_set_spoken (row, spoken);
  name_visit_button (self, spoken);
}

static void
start_visit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslRecordItem *item = csl_row_get_record_item (CSL_ROW (widget));

  if (item != NULL)
    csl_navigation_start_visit (widget, csl_record_item_get_id (item));
}

/* From here one wants the person's story, not the appointment's fields. */
static void
csl_appointment_row_activated (CslRow *row)
{
  CslRecordItem *item = csl_row_get_record_item (row);
  const char *case_id;

  if (item == NULL)
    return;
  case_id = csl_record_item_get_text (item, "case");
  if (case_id != NULL)
    csl_navigation_open_record (GTK_WIDGET (row), "case", case_id);
  else
    csl_navigation_open_record (GTK_WIDGET (row), "client",
                                csl_record_item_get_text (item, "client"));
}

static void
csl_appointment_row_class_init (CslAppointmentRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  CSL_ROW_CLASS (klass)->item_changed = csl_appointment_row_item_changed;
  CSL_ROW_CLASS (klass)->activated = csl_appointment_row_activated;

  g_type_ensure (CSL_TYPE_PILL);
  g_type_ensure (CSL_TYPE_TAKE_ALONG);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/today/csl-appointment-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, day);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, clock);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, title);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, place);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, safety_box);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, safety);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, visit_button);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, take_along);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, state);
  gtk_widget_class_bind_template_child (widget_class, CslAppointmentRow, status);
  gtk_widget_class_install_action (widget_class, "appointment.start-visit", NULL,
                                   start_visit_action);
}

static void
csl_appointment_row_init (CslAppointmentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_take_along_add_start (self->take_along, self->visit_button);
  g_signal_connect_object (self, "notify::previous", G_CALLBACK (previous_changed_cb),
                           self, G_CONNECT_SWAPPED);
}
