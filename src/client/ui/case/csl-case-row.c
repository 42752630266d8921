/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-case-row.c: a case as a line. The client's name comes from the client's own record. */
#define G_LOG_DOMAIN "csl-case-row"

#include "config.h"

#include "client/ui/case/csl-case-row.h"

#include "client/ui/case/csl-case-facts.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

struct _CslCaseRow
{
  CslRow parent_instance;

  GSignalGroup *signals; /* (owned): of the session */

  GtkLabel *name;    /* (unowned): template child */
  GtkLabel *title;   /* (unowned): template child */
  GtkLabel *contact; /* (unowned): template child */
  CslPill *state;    /* (unowned): template child */
  CslPill *status;   /* (unowned): template child */
  CslPill *priority; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslCaseRow, csl_case_row, CSL_TYPE_ROW)

static void
csl_case_row_item_changed (CslRow *row)
{
  CslCaseRow *self = CSL_CASE_ROW (row);
  CslSession *session = csl_row_get_session (row);
  CslRecordItem *item = csl_row_get_record_item (row);
  g_autofree char *name = NULL, *contact = NULL, *spoken = NULL;
  const CslRecord *record;
  const CslField *status;

  if (item == NULL)
    return;
  record = csl_record_item_get_record (item);
  status = csl_record_type_lookup_field (record->type, "status");
  name = csl_display_field (session, record, "client");
  contact = csl_case_dup_contact_text (session, record);
  gtk_label_set_label (self->name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);
  gtk_label_set_label (self->title, csl_record_get_text (record, "title"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title),
                               csl_record_get_text (record, "title"));
  gtk_label_set_label (self->contact, contact != NULL ? contact : "");
  csl_pill_set_state (self->state, csl_session_get_concern (session, record));
  csl_pill_set_enum (self->status, status->options,
                     csl_record_get_text (record, "status"));
  csl_pill_set_enum (self->priority,
                     csl_record_type_lookup_field (record->type, "priority")->options,
                     csl_case_get_notable_priority (record));
  spoken =
    g_strjoin (", ", name, csl_record_get_text (record, "title"),
               csl_label_value (status->options, csl_record_get_text (record, "status")),
               contact, NULL);
  csl_row_set_spoken (row, spoken);
}

/* A new note changes how long it has been quiet, not the case itself. */
static void
records_changed_cb (CslCaseRow *self)
{
  csl_case_row_item_changed (CSL_ROW (self));
}

static void
session_changed_cb (CslCaseRow *self)
{
  g_signal_group_set_target (self->signals, csl_row_get_session (CSL_ROW (self)));
}

static void
csl_case_row_dispose (GObject *object)
{
  g_clear_object (&CSL_CASE_ROW (object)->signals);
  G_OBJECT_CLASS (csl_case_row_parent_class)->dispose (object);
}

static void
csl_case_row_class_init (CslCaseRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = csl_case_row_dispose;
  CSL_ROW_CLASS (klass)->item_changed = csl_case_row_item_changed;

  g_type_ensure (CSL_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/case/csl-case-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CslCaseRow, name);
  gtk_widget_class_bind_template_child (widget_class, CslCaseRow, title);
  gtk_widget_class_bind_template_child (widget_class, CslCaseRow, contact);
  gtk_widget_class_bind_template_child (widget_class, CslCaseRow, state);
  gtk_widget_class_bind_template_child (widget_class, CslCaseRow, status);
  gtk_widget_class_bind_template_child (widget_class, CslCaseRow, priority);
}

static void
csl_case_row_init (CslCaseRow *self)
{
  self->signals = g_signal_group_new (CSL_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "changed",
                                  G_CALLBACK (records_changed_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self, "notify::session", G_CALLBACK (session_changed_cb), self,
                           G_CONNECT_SWAPPED);
}
