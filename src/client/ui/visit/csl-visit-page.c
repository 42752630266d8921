/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/visit/csl-visit-page.h"

#include "client/app/csl-region.h"
#include "client/ui/fields/csl-field-rows.h"
#include "client/ui/note/csl-template-chips.h"
#include "client/ui/record/csl-saved-label.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-prose.h"
#include "client/ui/visit/csl-visit-agenda.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslVisitPage
{
  CslPage parent_instance;

  CslVisitSheet *sheet; /* (owned) */
  guint clock;          /* timeout that keeps "Here for …" true */

  /* widgets */
  GtkStack *stack;
  GtkLabel *heading;
  GtkLabel *address;
  GtkButton *show_address;
  GtkLabel *safety;
  GtkWidget *safety_box;
  GtkLabel *elapsed;
  GtkButton *check_in;
  GtkBox *agenda_place;
  AdwPreferencesGroup *facts;
  AdwPreferencesGroup *closing;
  AdwExpanderRow *next;
  CslWrapBox *templates;
  GtkTextView *content;
  GtkLabel *problem;
  CslSavedLabel *saved;
  GtkButton *check_out;
};

G_DEFINE_FINAL_TYPE (CslVisitPage, csl_visit_page, CSL_TYPE_PAGE)

/* What a worker hears at the door and wants to note at once. */
static const char *const fact_fields[] = { "phone_primary", "phone_secondary", "email",
                                           "address_line1", "address_line2",   "city",
                                           "postcode",      "safe_contact" };
static const char *const next_fields[] = { "appointment_type", "start_at", "end_at",
                                           "location" };
static const char *const closing_fields[] = { "summary", "signature", "travel_minutes",
                                              "mileage" };

static void
show_problem (CslVisitPage *self, const char *text)
{
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

static void
show_elapsed (CslVisitPage *self)
{
  gint64 started = csl_visit_sheet_get_started_ms (self->sheet);
  CslSession *session = csl_visit_sheet_get_session (self->sheet);
  gint64 minutes = MAX (0, (csl_session_get_now_ms (session) - started) / 60000);
  g_autoptr (GDateTime) at = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *since = NULL;
  g_autofree char *text = NULL;

  if (started == 0)
    return;
  at = g_date_time_new_from_unix_local (started / 1000);
  clock = csl_region_clock (at);
  since = g_strdup_printf (_ ("Checked in %s"), clock);
  text = minutes == 0
           ? g_strdup (since)
           : g_strdup_printf (ngettext ("%s · here for %d minute",
                                        "%s · here for %d minutes", (gulong) minutes),
                              since, (int) minutes);
  gtk_label_set_label (self->elapsed, text);
}

static gboolean
clock_cb (gpointer data)
{
  show_elapsed (CSL_VISIT_PAGE (data));
  return G_SOURCE_CONTINUE;
}

/* What to know before ringing the bell: the client's flags and the worker's own line. */
static void
show_safety (CslVisitPage *self)
{
  CslSession *session = csl_visit_sheet_get_session (self->sheet);
  CslRecordItem *client = csl_visit_sheet_get_client (self->sheet);
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (session), "client_flag");
  const CslField *kind = csl_record_type_lookup_field (type, "flag_type");
  g_autoptr (CslQuery) query = csl_query_new (type);
  g_autoptr (GListModel) flags = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  csl_query_add_text (query, "client", CSL_FILTER_IS, csl_record_item_get_id (client));
  csl_query_add_text (query, "cleared_at", CSL_FILTER_UNSET, NULL);
  flags = csl_session_list (session, query);
  for (guint i = 0; i < g_list_model_get_n_items (flags); i++) {
    g_autoptr (CslRecordItem) flag = g_list_model_get_item (flags, i);
    const char *note = csl_record_item_get_text (flag, "note");
    const char *label =
      csl_label_value (kind->options, csl_record_item_get_text (flag, "flag_type"));

    g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? "\n" : "", label,
                            note != NULL ? ": " : "", note != NULL ? note : "");
  }
  gtk_label_set_label (self->safety, text->str);
  gtk_widget_set_visible (self->safety_box, text->len > 0);
}

static void
show_address_cb (CslVisitPage *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->address), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->show_address), FALSE);
}

/* A protected address is only shown when asked for. */
static void
show_heading (CslVisitPage *self)
{
  CslRecordItem *client = csl_visit_sheet_get_client (self->sheet);
  const CslRecord *visit = csl_record_draft_get_record (
    csl_visit_sheet_get_draft (self->sheet, CSL_VISIT_PART_VISIT));
  const char *address = csl_record_get_text (visit, "address");
  bool hidden =
    g_strcmp0 (csl_record_item_get_text (client, "sensitivity"), "protected_person") == 0;
  g_autofree char *heading = NULL;

  /* Translators: the person being visited */
  heading = g_strdup_printf (_ ("Visit to %s"), csl_record_item_get_title (client));
  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->address,
                       address != NULL ? address : _ ("No address on file"));
  gtk_widget_set_visible (GTK_WIDGET (self->address), !hidden);
  gtk_widget_set_visible (GTK_WIDGET (self->show_address), hidden);
  show_safety (self);
}

static void
add_rows (CslVisitPage *self,
          AdwPreferencesGroup *group,
          CslVisitPart part,
          const char *const *fields,
          guint n_fields)
{
  CslRecordDraft *draft = csl_visit_sheet_get_draft (self->sheet, part);

  for (guint i = 0; i < n_fields; i++)
    csl_field_row_add (group, csl_record_draft_get_binding (draft, fields[i]));
}

static void
with_next_cb (CslVisitPage *self)
{
  csl_visit_sheet_set_with_next (self->sheet,
                                 adw_expander_row_get_enable_expansion (self->next));
}

/* An appointment that has a start and no end lasts an hour. */
static void
start_changed_cb (CslVisitPage *self)
{
  CslRecordDraft *draft = csl_visit_sheet_get_draft (self->sheet, CSL_VISIT_PART_NEXT);
  CslFieldBinding *end = csl_record_draft_get_binding (draft, "end_at");
  g_autofree char *hour_later = csl_visit_agenda_dup_hour_later (csl_value_get_text (
    csl_field_binding_get_value (csl_record_draft_get_binding (draft, "start_at"))));
  g_auto (CslValue) value = CSL_VALUE_INIT;

  if (hour_later == NULL)
    return;
  csl_value_set_text (&value, hour_later);
  csl_field_binding_set_value (end, &value);
}

static void
add_next (CslVisitPage *self)
{
  CslRecordDraft *draft = csl_visit_sheet_get_draft (self->sheet, CSL_VISIT_PART_NEXT);

  for (guint i = 0; i < G_N_ELEMENTS (next_fields); i++)
    adw_expander_row_add_row (self->next,
                              csl_field_row_new (
                                csl_record_draft_get_binding (draft, next_fields[i])));
  adw_expander_row_set_enable_expansion (self->next,
                                         csl_visit_sheet_get_with_next (self->sheet));
  g_signal_connect_object (self->next, "notify::enable-expansion",
                           G_CALLBACK (with_next_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (csl_record_draft_get_binding (draft, "start_at"),
                           "value-changed", G_CALLBACK (start_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

/* What was wrong may be right now. */
static void
edited_cb (CslVisitPage *self)
{
  show_problem (self, NULL);
}

/* From the check-in on: everything that can be written. */
static void
open_sheet (CslVisitPage *self)
{
  CslRecordDraft *note = csl_visit_sheet_get_draft (self->sheet, CSL_VISIT_PART_NOTE);

  gtk_box_append (self->agenda_place, csl_visit_agenda_new (self->sheet));
  add_rows (self, self->facts, CSL_VISIT_PART_CLIENT, fact_fields,
            G_N_ELEMENTS (fact_fields));
  add_rows (self, self->closing, CSL_VISIT_PART_VISIT, closing_fields,
            G_N_ELEMENTS (closing_fields));
  add_next (self);
  g_object_bind_property (csl_record_draft_get_binding (note, "content"), "text",
                          gtk_text_view_get_buffer (self->content), "text",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  csl_template_chips_add (self->templates, note, self->content);
  csl_saved_label_set_keeper (self->saved,
                              csl_visit_sheet_get_keeper (self->sheet,
                                                          CSL_VISIT_PART_NOTE));
  for (CslVisitPart part = 0; part < CSL_VISIT_N_PARTS; part++)
    g_signal_connect_object (csl_visit_sheet_get_draft (self->sheet, part), "edited",
                             G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  show_elapsed (self);
  self->clock = g_timeout_add_seconds (20, clock_cb, self);
  gtk_stack_set_visible_child_name (self->stack, "visit");
  gtk_widget_grab_focus (GTK_WIDGET (self->content));
}

static void
checked_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslVisitPage) self = data;
  g_autoptr (GError) error = NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->check_in), TRUE);
  if (csl_visit_sheet_check_in_finish (CSL_VISIT_SHEET (source), result, &error))
    open_sheet (self);
  else
    csl_navigation_toast (GTK_WIDGET (self),
                          _ ("The check-in could not be saved on this computer"));
}

static void
check_in_cb (CslVisitPage *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->check_in), FALSE);
  csl_visit_sheet_check_in_async (self->sheet, checked_in_cb, g_object_ref (self));
}

static void
checked_out_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslVisitPage) self = data;
  g_autoptr (GError) error = NULL;

  gtk_widget_set_sensitive (GTK_WIDGET (self->check_out), TRUE);
  if (!csl_visit_sheet_check_out_finish (CSL_VISIT_SHEET (source), result, &error)) {
    show_problem (self,
                  _ ("The visit could not be saved on this computer. Everything you "
                     "wrote is kept as a "
                     "draft; check that the disk is not full, then check out again."));
    return;
  }
  csl_navigation_toast (GTK_WIDGET (self), _ ("Visit saved on this computer"));
  csl_navigation_back (GTK_WIDGET (self));
}

static void
check_out_cb (CslVisitPage *self)
{
  CslVisitPart part;
  CslFieldBinding *binding;
  g_autofree char *problem = csl_visit_sheet_check (self->sheet, &part, &binding);

  show_problem (self, problem);
  if (problem != NULL) {
    if (part == CSL_VISIT_PART_NEXT)
      adw_expander_row_set_expanded (self->next, TRUE);
    return;
  }
  gtk_widget_set_sensitive (GTK_WIDGET (self->check_out), FALSE);
  csl_visit_sheet_check_out_async (self->sheet, checked_out_cb, g_object_ref (self));
}

static void
check_out_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslVisitPage *self = CSL_VISIT_PAGE (widget);

  (void) name;
  (void) parameter;
  if (csl_visit_sheet_get_checked_in (self->sheet) &&
      gtk_widget_get_sensitive (GTK_WIDGET (self->check_out)))
    check_out_cb (self);
}

/* Writing comes first; without this the address would get the focus, and be selected by it. */
static void
map (GtkWidget *widget)
{
  CslVisitPage *self = CSL_VISIT_PAGE (widget);

  GTK_WIDGET_CLASS (csl_visit_page_parent_class)->map (widget);
  gtk_widget_grab_focus (csl_visit_sheet_get_checked_in (self->sheet)
                           ? GTK_WIDGET (self->content)
                           : GTK_WIDGET (self->check_in));
}

static void
leave (CslPage *page)
{
  csl_visit_sheet_flush (CSL_VISIT_PAGE (page)->sheet);
}

static void
dispose (GObject *object)
{
  CslVisitPage *self = CSL_VISIT_PAGE (object);

  g_clear_handle_id (&self->clock, g_source_remove);
  if (self->sheet != NULL)
    csl_visit_sheet_flush (self->sheet);
  g_clear_object (&self->sheet);
  G_OBJECT_CLASS (csl_visit_page_parent_class)->dispose (object);
}

static void
csl_visit_page_class_init (CslVisitPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->map = map;
  CSL_PAGE_CLASS (klass)->leave = leave;
  g_type_ensure (CSL_TYPE_SAVED_LABEL);
  g_type_ensure (CSL_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/visit/csl-visit-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, heading);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, address);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, show_address);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, safety);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, safety_box);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, elapsed);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, check_in);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, agenda_place);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, facts);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, closing);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, next);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, templates);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, content);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, saved);
  gtk_widget_class_bind_template_child (widget_class, CslVisitPage, check_out);
  gtk_widget_class_bind_template_callback (widget_class, show_address_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, check_out_cb);
  gtk_widget_class_install_action (widget_class, "visit.check-out", NULL,
                                   check_out_action_cb);
}

static void
csl_visit_page_init (CslVisitPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_command_bind_first (GTK_WIDGET (self), "visit.check-out");
  csl_prose_grow (self->content);
}

static CslVisitSheet *
sheet_for_draft (CslSession *session, const char *draft)
{
  g_autoptr (CslRecordItem) item = csl_session_lookup (session, "form_draft", draft);

  return item != NULL
           ? csl_visit_sheet_new_for_visit (session,
                                            csl_record_item_get_text (item, "entity_id"))
           : NULL;
}

static CslVisitSheet *
sheet_for_request (CslSession *session, const CslPageRequest *request)
{
  if (request->draft != NULL)
    return sheet_for_draft (session, request->draft);
  if (request->id != NULL)
    return csl_visit_sheet_new_for_visit (session, request->id);
  if (request->appointment != NULL)
    return csl_visit_sheet_new_for_appointment (session, request->appointment);
  if (request->client != NULL)
    return csl_visit_sheet_new_for_client (session, request->client, request->case_id);
  return NULL;
}

CslPage *
csl_visit_page_new (CslSession *session, const CslPageRequest *request)
{
  g_autoptr (CslVisitSheet) sheet = sheet_for_request (session, request);
  CslVisitPage *self;

  if (sheet == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_VISIT_PAGE, "session", session, "title", _ ("Home Visit"),
                       NULL);
  self->sheet = g_steal_pointer (&sheet);
  show_heading (self);
  if (csl_visit_sheet_get_checked_in (self->sheet))
    open_sheet (self);
  return CSL_PAGE (self);
}
