/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-facts.c: a record to read.
 *
 * The rows are made from the definition each time the content changes. Address fields of a
 * protected person give way to one row with a button; the reason given is kept as a case event
 * before the address is shown.
 */
#define G_LOG_DOMAIN "csl-record-facts"

#include "config.h"

#include "client/ui/record/csl-record-facts.h"

#include "client/ui/case/csl-case-facts.h"
#include "client/ui/list/csl-record-summary.h"
#include "client/ui/record/csl-columns.h"
#include "client/ui/record/csl-fact-row.h"
#include "client/ui/record/csl-reason-dialog.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/text/csl-error-text.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslRecordFacts
{
  AdwBin parent_instance;

  CslSession *session;   /* (owned) (nullable) */
  CslRecordItem *item;   /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): of the item */
  char *case_id;         /* (owned) (nullable) */
  bool shows_address;    /* a reason was given */
  bool is_headed;        /* title and state stand above */
  CslColumns *sections;  /* (unowned): child */
};

G_DEFINE_FINAL_TYPE (CslRecordFacts, csl_record_facts, ADW_TYPE_BIN)

static bool
is_address_field (const CslField *field)
{
  static const char *const names[] = {
    "address_line1", "address_line2", "city", "postcode", "country", "address", NULL
  };

  return g_strv_contains (names, field->name);
}

static bool
hides_address (CslRecordFacts *self, const CslRecord *record)
{
  return !self->shows_address && csl_client_is_protected (record);
}

static void
add_hidden_address (GtkListBox *list)
{
  GtkWidget *row = csl_fact_row_new (_ ("Address"), _ ("Protected"));
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Show…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "facts.show-address");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  csl_fact_row_set_suffix (CSL_FACT_ROW (row), button);
  gtk_list_box_append (list, row);
}

/* Does the heading of the page say the same? */
static bool
is_said_above (CslRecordFacts *self,
               const CslRecord *record,
               const CslField *field,
               const char *text)
{
  g_autofree char *title = NULL;

  if (!self->is_headed)
    return false;
  title = csl_record_summary_dup_title (self->session, record);
  return field == csl_record_summary_get_status_field (record->type) ||
         g_strcmp0 (text, title) == 0;
}

/* Adds the fields of one section that have a value; NULL when there are none. */
static GtkWidget *
create_section (CslRecordFacts *self,
                const CslRecord *record,
                const CslFormSection *section)
{
  GtkListBox *list = GTK_LIST_BOX (gtk_list_box_new ());
  bool has_hidden = false;
  guint count = 0;

  gtk_list_box_set_selection_mode (list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (list), "boxed-list");
  gtk_widget_add_css_class (GTK_WIDGET (list), "fact-list");
  for (guint i = 0; i < section->n_fields; i++) {
    const CslField *field = &record->type->fields[section->fields[i]];
    g_autofree char *text = NULL;

    if (csl_value_is_null (&record->values[field->index]) ||
        (field->flags & CSL_FIELD_HIDDEN) != 0)
      continue;
    if (is_address_field (field) && hides_address (self, record)) {
      if (!has_hidden)
        add_hidden_address (list);
      has_hidden = true;
      count++;
      continue;
    }
    text = csl_display_value (self->session, field, &record->values[field->index]);
    if (is_said_above (self, record, field, text))
      continue;
    gtk_list_box_append (list, csl_fact_row_new (csl_label_field (field), text));
    count++;
  }
  if (count > 0)
    return GTK_WIDGET (list);
  g_object_ref_sink (list);
  g_object_unref (list);
  return NULL;
}

static void
add_section (CslRecordFacts *self, const CslRecord *record, const CslFormSection *section)
{
  GtkWidget *list = create_section (self, record, section);
  const char *title = section->title != NULL ? csl_label_section (record->type, section)
                                             : csl_label_type (record->type);
  GtkWidget *group, *label;

  if (list == NULL)
    return;
  group = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  label = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  gtk_box_append (GTK_BOX (group), label);
  gtk_box_append (GTK_BOX (group), list);
  csl_columns_append (self->sections, group);
}

static void
fill_cb (CslRecordFacts *self)
{
  const CslRecord *record;

  csl_columns_remove_all (self->sections);
  if (self->item == NULL)
    return;
  record = csl_record_item_get_record (self->item);
  for (guint i = 0; i < record->type->n_sections; i++)
    add_section (self, record, &record->type->sections[i]);
}

static void
noted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslRecordFacts) self = user_data;
  g_autoptr (GError) error = NULL;
  CslErrorText text;

  if (csl_session_save_finish (CSL_SESSION (object), result, &error)) {
    self->shows_address = true;
    fill_cb (self);
  } else if (csl_error_text_lookup (error, &text)) {
    csl_navigation_toast (GTK_WIDGET (self), text.sentence);
  }
}

/* Writes down who looked and why, then shows it. */
static void
note_look (CslRecordFacts *self, const char *reason)
{
  g_autoptr (CslRecord) event = csl_session_new_record (self->session, "case_event");
  g_autoptr (CslEdit) edit = csl_edit_new ();
  g_autofree char *details = g_strdup_printf (_ ("Looked at the address: %s"), reason);

  csl_record_set_text (event, "case", self->case_id);
  csl_record_set_text (event, "action", "commented");
  csl_record_set_text (event, "details", details);
  csl_edit_add (edit, NULL, event);
  csl_session_save_async (self->session, edit, NULL, noted_cb, g_object_ref (self));
}

static void
reason_given_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslRecordFacts) self = user_data;
  g_autofree char *reason = csl_reason_dialog_run_finish (result, NULL);

  if (reason == NULL || self->session == NULL)
    return;
  if (self->case_id != NULL) {
    note_look (self, reason);
  } else {
    self->shows_address = true;
    fill_cb (self);
  }
}

static void
show_address_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_reason_dialog_run_async (GTK_WINDOW (gtk_widget_get_root (widget)),
                               &(CslReasonRequest){
                                 .title = _ ("Show a Protected Address?"),
                                 .body = _ (
                                   "Only if you need it for your work now. Your reason "
                                   "is written into the case."),
                                 .action = _ ("_Show"),
                                 .is_required = true },
                               reason_given_cb, g_object_ref (widget));
}

static void
csl_record_facts_dispose (GObject *object)
{
  CslRecordFacts *self = CSL_RECORD_FACTS (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->item);
  g_clear_object (&self->session);
  g_clear_pointer (&self->case_id, g_free);
  G_OBJECT_CLASS (csl_record_facts_parent_class)->dispose (object);
}

static void
csl_record_facts_class_init (CslRecordFactsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = csl_record_facts_dispose;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "facts.show-address", NULL,
                                   show_address_action);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_record_facts_init (CslRecordFacts *self)
{
  self->signals = g_signal_group_new (CSL_TYPE_RECORD_ITEM);
  g_signal_group_connect_swapped (self->signals, "notify::revision", G_CALLBACK (fill_cb),
                                  self);
  self->sections = CSL_COLUMNS (csl_columns_new ());
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->sections));
}

void
csl_record_facts_set_item (CslRecordFacts *self, CslSession *session, CslRecordItem *item)
{
  g_return_if_fail (CSL_IS_RECORD_FACTS (self));
  g_set_object (&self->session, session);
  if (!g_set_object (&self->item, item))
    return;
  self->shows_address = false;
  g_signal_group_set_target (self->signals, item);
  fill_cb (self);
}

void
csl_record_facts_set_headed (CslRecordFacts *self)
{
  g_return_if_fail (CSL_IS_RECORD_FACTS (self));
  self->is_headed = true;
}

void
csl_record_facts_set_case (CslRecordFacts *self, const char *case_id)
{
  g_return_if_fail (CSL_IS_RECORD_FACTS (self));
  g_free (self->case_id);
  self->case_id = g_strdup (case_id);
}
