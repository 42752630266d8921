/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-page.c: any record to read, by the definition of its type. */
#define G_LOG_DOMAIN "csl-record-page"

#include "config.h"

#include "client/ui/record/csl-record-page.h"

#include "client/ui/list/csl-record-summary.h"
#include "client/ui/record/csl-history-dialog.h"
#include "client/ui/record/csl-record-facts.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/shell/csl-wrap-box.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslRecordPage
{
  CslPage parent_instance;

  GtkLabel *heading;      /* (unowned): template child */
  CslPill *status;        /* (unowned): template child */
  CslPill *state;         /* (unowned): template child */
  CslRecordFacts *facts;  /* (unowned): template child */
  GtkLabel *stamp;        /* (unowned): template child */
  GtkButton *edit_button; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslRecordPage, csl_record_page, CSL_TYPE_PAGE)

/* The id in a reference field of the type (-1: none), or NULL. */
static const char *
reference_text (const CslRecord *record, int field)
{
  return field >= 0 ? csl_value_get_text (&record->values[field]) : NULL;
}

/* "Made by You, Tue 24 Nov 14:02" */
static void
show_stamp (CslRecordPage *self, const CslRecord *record)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  const char *created = csl_record_get_text (record, "created_at");
  g_autofree char *who =
    csl_display_worker (session, csl_record_get_text (record, "created_by"));
  g_autofree char *when = NULL, *text = NULL;

  if (created == NULL)
    return;
  when = csl_display_instant (created, csl_session_get_now_ms (session));
  /* Translators: who made a record, and when. */
  text = g_strdup_printf (_ ("Made by %s, %s"), who, when);
  gtk_label_set_label (self->stamp, text);
}

static void
update_actions (CslRecordPage *self, const CslRecord *record)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  /* What is finished is corrected, by the page that writes such records. */
  const bool finished = csl_record_is_finished (record);
  const bool may_edit =
    !record->type->append_only &&
    csl_session_may (session, record->type->area,
                     finished ? CSL_ACTION_CREATE : CSL_ACTION_UPDATE);

  gtk_button_set_label (self->edit_button,
                        finished ? _ ("Write a _Correction") : _ ("_Edit"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.edit", may_edit);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.open-case",
                                 reference_text (record, record->type->case_field) !=
                                   NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.open-client",
                                 reference_text (record, record->type->client_field) !=
                                   NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "record.show-history",
                                 !record->type->no_history);
}

static void
csl_record_page_item_changed (CslPage *page)
{
  CslRecordPage *self = CSL_RECORD_PAGE (page);
  CslRecordItem *item = csl_page_get_item (page);
  g_autofree char *title = NULL;
  const CslRecord *record;
  const CslField *status;

  if (item == NULL)
    return;
  record = csl_record_item_get_record (item);
  title = csl_record_summary_dup_title (csl_page_get_session (page), record);
  status = csl_record_summary_get_status_field (record->type);
  gtk_label_set_label (self->heading, title);
  csl_pill_set_enum (self->status, status != NULL ? status->options : NULL,
                     status != NULL ? csl_record_get_text (record, status->name) : NULL);
  csl_pill_set_state (self->state, csl_record_item_get_state (item));
  show_stamp (self, record);
  update_actions (self, record);
}

static const CslRecord *
get_record (GtkWidget *widget)
{
  return csl_record_item_get_record (csl_page_get_item (CSL_PAGE (widget)));
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const CslRecord *record = get_record (widget);

  csl_navigation_edit_record (widget, record->type->name, record->id);
}

static void
open_case_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const CslRecord *record = get_record (widget);

  csl_navigation_open_record (widget, "case",
                              reference_text (record, record->type->case_field));
}

static void
open_client_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const CslRecord *record = get_record (widget);

  csl_navigation_open_record (widget, "client",
                              reference_text (record, record->type->client_field));
}

static void
show_history_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_history_dialog_present (widget, csl_page_get_session (CSL_PAGE (widget)),
                              csl_page_get_item (CSL_PAGE (widget)));
}

static void
csl_record_page_class_init (CslRecordPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  CSL_PAGE_CLASS (klass)->item_changed = csl_record_page_item_changed;
  g_type_ensure (CSL_TYPE_PILL);
  g_type_ensure (CSL_TYPE_WRAP_BOX);
  g_type_ensure (CSL_TYPE_RECORD_FACTS);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/record/csl-record-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslRecordPage, heading);
  gtk_widget_class_bind_template_child (widget_class, CslRecordPage, status);
  gtk_widget_class_bind_template_child (widget_class, CslRecordPage, state);
  gtk_widget_class_bind_template_child (widget_class, CslRecordPage, facts);
  gtk_widget_class_bind_template_child (widget_class, CslRecordPage, stamp);
  gtk_widget_class_bind_template_child (widget_class, CslRecordPage, edit_button);
  gtk_widget_class_install_action (widget_class, "record.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "record.open-case", NULL,
                                   open_case_action);
  gtk_widget_class_install_action (widget_class, "record.open-client", NULL,
                                   open_client_action);
  gtk_widget_class_install_action (widget_class, "record.show-history", NULL,
                                   show_history_action);
}

static void
csl_record_page_init (CslRecordPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CslPage *
csl_record_page_new (CslSession *session, const CslPageRequest *request)
{
  g_autoptr (CslRecordItem) item =
    request->id != NULL ? csl_session_lookup (session, request->type, request->id) : NULL;
  CslRecordPage *self;

  if (item == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_RECORD_PAGE, "session", session, "title",
                       csl_label_type (csl_record_item_get_record_type (item)), "item",
                       item, NULL);
  csl_record_facts_set_headed (self->facts);
  csl_record_facts_set_item (self->facts, session, item);
  return CSL_PAGE (self);
}
