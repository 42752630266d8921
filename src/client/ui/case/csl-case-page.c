/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-case-page.c: the workspace of a case. It follows the case and its client; every part below
 * the header is a widget of its own. */
#define G_LOG_DOMAIN "csl-case-page"

#include "config.h"

#include "client/ui/case/csl-case-page.h"

#include "client/ui/case/csl-case-facts.h"
#include "client/ui/case/csl-status-button.h"
#include "client/ui/client/csl-flag-list.h"
#include "client/ui/list/csl-groups-view.h"
#include "client/ui/record/csl-history-dialog.h"
#include "client/ui/record/csl-reason-dialog.h"
#include "client/ui/record/csl-record-facts.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/shell/csl-wrap-box.h"
#include "client/ui/text/csl-accessible.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/text/csl-error-text.h"
#include "client/ui/timeline/csl-timeline.h"

#include <glib/gi18n.h>

struct _CslCasePage
{
  CslPage parent_instance;

  CslRecordItem *client; /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): of the client */

  GtkWidget *note_button;         /* (unowned): template child */
  GtkLabel *name;                 /* (unowned): template child */
  GtkLabel *subject;              /* (unowned): template child */
  CslStatusButton *status_button; /* (unowned): template child */
  CslPill *priority;              /* (unowned): template child */
  CslPill *state;                 /* (unowned): template child */
  CslPill *review;                /* (unowned): template child */
  CslFlagList *flags;             /* (unowned): template child */
  GtkLabel *summary;              /* (unowned): template child */
  CslTimeline *timeline;          /* (unowned): template child */
  CslRecordFacts *case_facts;     /* (unowned): template child */
  CslRecordFacts *client_facts;   /* (unowned): template child */
  CslGroupsView *people;          /* (unowned): template child */
  CslGroupsView *plan;            /* (unowned): template child */
  CslGroupsView *work;            /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslCasePage, csl_case_page, CSL_TYPE_PAGE)

static const CslGroupEntry people_groups[] = {
  { "client_contact", N_ ("Nobody yet. Add family, friends and professionals here.") },
  { "case_assignment", NULL },
};

static const CslGroupEntry plan_groups[] = {
  { "goal", N_ ("No goals yet. What does this person want to reach?") },
  { "barrier", NULL },
  { "plan", NULL },
};

static const CslGroupEntry work_groups[] = {
  { "task", N_ ("Nothing to do."), "status", "pending,in_progress" },
  { "appointment", N_ ("No appointments planned."), "status",
    "scheduled,confirmed,in_progress" },
  { "visit", NULL },
};

static const CslRecord *
get_record (CslCasePage *self)
{
  CslRecordItem *item = csl_page_get_item (CSL_PAGE (self));

  return item != NULL ? csl_record_item_get_record (item) : NULL;
}

static void
client_changed_cb (CslCasePage *self)
{
  gtk_label_set_label (self->name, self->client != NULL
                                     ? csl_record_item_get_title (self->client)
                                     : _ ("Client not on this computer"));
}

/* "Rent arrears · CS-2231" */
static void
show_subject (CslCasePage *self, const CslRecord *record)
{
  const char *reference = csl_record_get_text (record, "case_reference");
  g_autofree char *title = NULL;
  g_autofree char *own = NULL;
  g_autofree char *text = NULL;

  if (reference == NULL)
    reference = csl_record_get_text (record, "provisional_reference");
  title = csl_display_isolate (csl_record_get_text (record, "title"));
  own = reference != NULL ? csl_display_isolate (reference) : NULL;
  text = g_strjoin (" · ", title, own, NULL);
  gtk_label_set_label (self->subject, text);
}

static void
show_review (CslCasePage *self, const CslRecord *record)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  const char *date = csl_record_get_text (record, "next_review_date");
  g_autofree char *day = NULL, *text = NULL;

  if (date != NULL) {
    day = csl_display_date (date, csl_session_get_now_ms (session));
    /* Translators: the day a case is looked at again. */
    text = g_strdup_printf (_ ("Review %s"), day);
  }
  csl_pill_set (self->review, "dim", "x-office-calendar-symbolic", text);
}

static void
show_pills (CslCasePage *self, const CslRecord *record)
{
  const CslField *priority = csl_record_type_lookup_field (record->type, "priority");

  csl_pill_set_enum (self->priority, priority->options,
                     csl_case_get_notable_priority (record));
  csl_pill_set_state (self->state,
                      csl_record_item_get_state (csl_page_get_item (CSL_PAGE (self))));
  show_review (self, record);
}

static void
csl_case_page_item_changed (CslPage *page)
{
  CslCasePage *self = CSL_CASE_PAGE (page);
  const CslRecord *record = get_record (self);
  const char *summary;

  if (record == NULL)
    return;
  summary = csl_record_get_text (record, "summary");
  show_subject (self, record);
  show_pills (self, record);
  csl_status_button_set_item (self->status_button, csl_page_get_session (page),
                              csl_page_get_item (page));
  gtk_label_set_label (self->summary,
                       summary != NULL
                         ? summary
                         : _ ("Pin here what everybody who opens this case must know."));
}

/* Parts that are filled once: their lists are live. */
static void
fill_parts (CslCasePage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  CslRecordItem *item = csl_page_get_item (CSL_PAGE (self));
  const CslPageRequest request = { .client = csl_record_item_get_text (item, "client"),
                                   .case_id = csl_record_item_get_id (item) };

  csl_timeline_set_record (self->timeline, session, "case", request.case_id);
  csl_record_facts_set_case (self->client_facts, request.case_id);
  csl_record_facts_set_item (self->case_facts, session, item);
  csl_groups_view_fill (self->people, session, &request, people_groups,
                        G_N_ELEMENTS (people_groups));
  csl_groups_view_fill (self->plan, session, &request, plan_groups,
                        G_N_ELEMENTS (plan_groups));
  csl_groups_view_fill (self->work, session, &request, work_groups,
                        G_N_ELEMENTS (work_groups));
  if (request.client == NULL)
    return;
  self->client = csl_session_lookup (session, "client", request.client);
  g_signal_group_set_target (self->signals, self->client);
  csl_record_facts_set_item (self->client_facts, session, self->client);
  csl_flag_list_set_client (self->flags, session, request.client);
  client_changed_cb (self);
}

static void
new_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const CslRecord *record = get_record (CSL_CASE_PAGE (widget));

  csl_navigation_write (widget, &(CslPageRequest){
                                  .type = g_variant_get_string (parameter, NULL),
                                  .client = csl_record_get_text (record, "client"),
                                  .case_id = record->id });
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_navigation_edit_record (widget, "case", get_record (CSL_CASE_PAGE (widget))->id);
}

static void
open_client_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const CslRecord *record = get_record (CSL_CASE_PAGE (widget));

  csl_navigation_open_record (widget, "client", csl_record_get_text (record, "client"));
}

static void
show_history_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  csl_history_dialog_present (widget, csl_page_get_session (CSL_PAGE (widget)),
                              csl_page_get_item (CSL_PAGE (widget)));
}

static void
summary_saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslCasePage) self = user_data;
  g_autoptr (GError) error = NULL;
  CslErrorText text;

  if (!csl_session_save_finish (CSL_SESSION (object), result, &error) &&
      csl_error_text_lookup (error, &text))
    csl_navigation_toast (GTK_WIDGET (self), text.sentence);
}

static void
summary_given_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CslCasePage) self = user_data;
  g_autofree char *words = csl_reason_dialog_run_finish (result, NULL);
  const CslRecord *before = get_record (self);
  g_autoptr (CslEdit) edit = csl_edit_new ();
  g_autoptr (CslRecord) after = NULL;

  if (words == NULL || before == NULL)
    return;
  after = csl_record_copy (before);
  csl_record_set_text (after, "summary", *words != '\0' ? words : NULL);
  csl_edit_add (edit, before, after);
  csl_session_save_async (csl_page_get_session (CSL_PAGE (self)), edit, NULL,
                          summary_saved_cb, g_object_ref (self));
}

static void
edit_summary_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const CslRecord *record = get_record (CSL_CASE_PAGE (widget));

  csl_reason_dialog_run_async (
    GTK_WINDOW (gtk_widget_get_root (widget)),
    &(CslReasonRequest){
      .title = _ ("Pinned Summary"),
      .body = _ ("The two or three things everyone who opens this case must know."),
      .action = _ ("_Pin"),
      .text = csl_record_get_text (record, "summary") },
    summary_given_cb, g_object_ref (widget));
}

static void
csl_case_page_dispose (GObject *object)
{
  CslCasePage *self = CSL_CASE_PAGE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (csl_case_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (CSL_TYPE_FLAG_LIST);
  g_type_ensure (CSL_TYPE_GROUPS_VIEW);
  g_type_ensure (CSL_TYPE_PILL);
  g_type_ensure (CSL_TYPE_WRAP_BOX);
  g_type_ensure (CSL_TYPE_RECORD_FACTS);
  g_type_ensure (CSL_TYPE_STATUS_BUTTON);
  g_type_ensure (CSL_TYPE_TIMELINE);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/case/csl-case-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, name);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, note_button);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, subject);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, status_button);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, priority);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, state);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, review);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, flags);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, summary);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, timeline);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, case_facts);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, client_facts);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, people);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, plan);
  gtk_widget_class_bind_template_child (widget_class, CslCasePage, work);
}

static void
csl_case_page_class_init (CslCasePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_case_page_dispose;
  CSL_PAGE_CLASS (klass)->item_changed = csl_case_page_item_changed;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "case.new", "s", new_action);
  gtk_widget_class_install_action (widget_class, "case.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "case.edit-summary", NULL,
                                   edit_summary_action);
  gtk_widget_class_install_action (widget_class, "case.open-client", NULL,
                                   open_client_action);
  gtk_widget_class_install_action (widget_class, "case.show-history", NULL,
                                   show_history_action);
}

static void
csl_case_page_init (CslCasePage *self)
{
  self->signals = g_signal_group_new (CSL_TYPE_RECORD_ITEM);
  g_signal_group_connect_swapped (self->signals, "notify::title",
                                  G_CALLBACK (client_changed_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_accessible_name_inner (self->note_button, GTK_TYPE_MENU_BUTTON,
                             _ ("Write something else"));
}

CslPage *
csl_case_page_new (CslSession *session, const CslPageRequest *request)
{
  g_autoptr (CslRecordItem) item = csl_session_lookup (session, "case", request->id);
  CslCasePage *self;

  if (item == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_CASE_PAGE, "session", session, "item", item, NULL);
  fill_parts (self);
  return CSL_PAGE (self);
}
