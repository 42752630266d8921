/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/intake/csl-intake-page.h"

#include "client/app/csl-intake-sheet.h"
#include "client/ui/fields/csl-field-rows.h"
#include "client/ui/record/csl-edit-page.h"
#include "client/ui/record/csl-record-form.h"
#include "client/ui/record/csl-saved-label.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-accessible.h"
#include "client/ui/text/csl-display.h"

#include <glib/gi18n.h>

#define MAX_CANDIDATES 3

struct _CslIntakePage
{
  CslPage parent_instance;

  CslIntakeSheet *sheet; /* (owned) */
  CslRecordForm
    *forms[CSL_INTAKE_N_PARTS]; /* (unowned): children; none for the appointment */
  guint search_timer;

  /* widgets */
  GtkBox *client_place;
  GtkBox *case_place;
  AdwPreferencesGroup *candidates;
  GtkListBox *candidate_list;
  GtkCheckButton *different;
  AdwExpanderRow *appointment;
  GtkLabel *problem;
  CslSavedLabel *saved;
  GtkButton *save;
};

G_DEFINE_FINAL_TYPE (CslIntakePage, csl_intake_page, CSL_TYPE_PAGE)

static const char *const case_skip[] = { "client",        "status",
                                         "closing_date",  "closure_reason",
                                         "locked_reason", NULL };
static const char *const client_skip[] = { "engagement_status", "anonymised_at", NULL };
static const char *const appointment_fields[] = { "appointment_type", "start_at",
                                                  "end_at", "meeting_mode", "location" };

static void
show_problem (CslIntakePage *self, const char *text)
{
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
}

static char *
describe_candidate (CslIntakePage *self, CslRecordItem *item)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  static const char *const fields[] = { "date_of_birth", "phone_primary", "postcode" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_autofree char *value =
      csl_display_field (session, csl_record_item_get_record (item), fields[i]);
    if (value[0] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", value);
  }
  return g_string_free (text, FALSE);
}

static void
open_candidate_cb (GtkWidget *row)
{
  CslRecordItem *item = g_object_get_data (G_OBJECT (row), "item");

  csl_navigation_replace_with_record (row, "client", csl_record_item_get_id (item));
}

static void
add_candidate (CslIntakePage *self, CslRecordItem *item)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *open = gtk_button_new_with_label (_ ("Same Person"));
  g_autofree char *detail = describe_candidate (self, item);
  g_autofree char *label =
    g_strdup_printf (_ ("Same person: open %s"), csl_record_item_get_title (item));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 csl_record_item_get_title (item));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  gtk_widget_set_valign (open, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (open), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), open);
  g_object_set_data_full (G_OBJECT (row), "item", g_object_ref (item), g_object_unref);
  g_signal_connect_object (open, "clicked", G_CALLBACK (open_candidate_cb), row,
                           G_CONNECT_SWAPPED);
  gtk_list_box_append (self->candidate_list, row);
}

/* Who may be the same person, as far as this computer knows. */
static void
show_candidates (CslIntakePage *self)
{
  g_autoptr (GPtrArray) found =
    csl_intake_sheet_list_candidates (self->sheet, MAX_CANDIDATES);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->candidate_list, 0)) != NULL)
    gtk_list_box_remove (self->candidate_list, GTK_WIDGET (row));
  for (guint i = 0; i < found->len; i++)
    add_candidate (self, found->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->candidates), found->len > 0);
}

static gboolean
search_cb (gpointer data)
{
  CslIntakePage *self = CSL_INTAKE_PAGE (data);

  self->search_timer = 0;
  show_candidates (self);
  return G_SOURCE_REMOVE;
}

/* What was wrong may be right now. */
static void
edited_cb (CslIntakePage *self)
{
  show_problem (self, NULL);
}

static void
client_edited_cb (CslIntakePage *self)
{
  if (self->search_timer == 0)
    self->search_timer = g_timeout_add (300, search_cb, self);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslIntakePage) self = data;
  CslIntakeSheet *sheet = CSL_INTAKE_SHEET (source);

  gtk_widget_set_sensitive (GTK_WIDGET (self->save), TRUE);
  if (!csl_intake_sheet_save_finish (sheet, result, NULL)) {
    show_problem (self, _ ("The client could not be saved on this computer. What you "
                           "wrote is kept as a draft; "
                           "check that the disk is not full, then save again."));
    return;
  }
  csl_navigation_toast (GTK_WIDGET (self), _ ("Client saved on this computer"));
  csl_navigation_replace_with_record (GTK_WIDGET (self), "case",
                                      csl_record_draft_get_record (
                                        csl_intake_sheet_get_draft (sheet,
                                                                    CSL_INTAKE_PART_CASE))
                                        ->id);
}

static void
save_cb (CslIntakePage *self)
{
  CslIntakePart part;
  CslFieldBinding *binding = NULL;
  g_autofree char *problem = csl_intake_sheet_check (self->sheet, &part, &binding);

  if (problem == NULL && gtk_widget_get_visible (GTK_WIDGET (self->candidates)) &&
      !gtk_check_button_get_active (self->different))
    problem = g_strdup (
      _ ("Somebody on this computer may be the same person. Open that client, or say "
         "that this is a different person."));
  else if (problem != NULL && binding != NULL && self->forms[part] != NULL)
    csl_record_form_focus (self->forms[part], binding);
  show_problem (self, problem);
  if (problem != NULL)
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self->save), FALSE);
  csl_intake_sheet_save_async (self->sheet, saved_cb, g_object_ref (self));
}

static void
save_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  save_cb (CSL_INTAKE_PAGE (widget));
}

static void
discard_cb (CslIntakePage *self)
{
  csl_intake_sheet_discard (self->sheet);
  csl_navigation_back (GTK_WIDGET (self));
}

static void
with_appointment_cb (CslIntakePage *self)
{
  csl_intake_sheet_set_with_appointment (self->sheet,
                                         adw_expander_row_get_enable_expansion (
                                           self->appointment));
}

static void
add_form (CslIntakePage *self, CslIntakePart part, GtkBox *place, const char *const *skip)
{
  GtkWidget *form =
    csl_record_form_new (csl_intake_sheet_get_draft (self->sheet, part), skip);

  self->forms[part] = CSL_RECORD_FORM (form);
  gtk_box_append (place, form);
}

static void
build (CslIntakePage *self)
{
  CslRecordDraft *client =
    csl_intake_sheet_get_draft (self->sheet, CSL_INTAKE_PART_CLIENT);
  CslRecordDraft *appointment =
    csl_intake_sheet_get_draft (self->sheet, CSL_INTAKE_PART_APPOINTMENT);

  for (CslIntakePart part = 0; part < CSL_INTAKE_N_PARTS; part++)
    g_signal_connect_object (csl_intake_sheet_get_draft (self->sheet, part), "edited",
                             G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  add_form (self, CSL_INTAKE_PART_CLIENT, self->client_place, client_skip);
  add_form (self, CSL_INTAKE_PART_CASE, self->case_place, case_skip);
  for (guint i = 0; i < G_N_ELEMENTS (appointment_fields); i++)
    adw_expander_row_add_row (self->appointment,
                              csl_field_row_new (
                                csl_record_draft_get_binding (appointment,
                                                              appointment_fields[i])));
  adw_expander_row_set_enable_expansion (self->appointment,
                                         csl_intake_sheet_get_with_appointment (
                                           self->sheet));
  csl_saved_label_set_keeper (self->saved,
                              csl_intake_sheet_get_keeper (self->sheet,
                                                           CSL_INTAKE_PART_CLIENT));
  g_signal_connect_object (self->appointment, "notify::enable-expansion",
                           G_CALLBACK (with_appointment_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "edited", G_CALLBACK (client_edited_cb), self,
                           G_CONNECT_SWAPPED);
  show_candidates (self);
}

static void
leave (CslPage *page)
{
  csl_intake_sheet_flush (CSL_INTAKE_PAGE (page)->sheet);
}

static void
dispose (GObject *object)
{
  CslIntakePage *self = CSL_INTAKE_PAGE (object);

  g_clear_handle_id (&self->search_timer, g_source_remove);
  g_clear_object (&self->sheet);
  G_OBJECT_CLASS (csl_intake_page_parent_class)->dispose (object);
}

static void
csl_intake_page_class_init (CslIntakePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  CSL_PAGE_CLASS (klass)->leave = leave;
  g_type_ensure (CSL_TYPE_SAVED_LABEL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/intake/csl-intake-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, client_place);
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, case_place);
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, candidates);
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, candidate_list);
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, different);
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, appointment);
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, saved);
  gtk_widget_class_bind_template_child (widget_class, CslIntakePage, save);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
  gtk_widget_class_bind_template_callback (widget_class, discard_cb);
  gtk_widget_class_install_action (widget_class, "intake.save", NULL, save_action_cb);
}

static void
csl_intake_page_init (CslIntakePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_command_bind_first (GTK_WIDGET (self), "intake.save");
  csl_accessible_name_inner (GTK_WIDGET (self->appointment), GTK_TYPE_SWITCH,
                             _ ("First appointment"));
}

CslPage *
csl_intake_page_new (CslSession *session, const CslPageRequest *request)
{
  CslIntakePage *self;

  if (request->id != NULL)
    return csl_edit_page_new (session, request);
  self = g_object_new (CSL_TYPE_INTAKE_PAGE, "session", session, "title",
                       _ ("New Client"), NULL);
  self->sheet = csl_intake_sheet_new (session);
  build (self);
  return CSL_PAGE (self);
}
