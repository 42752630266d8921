/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-status-change.c: one change of status, from the menu to the saved edit. */
#define G_LOG_DOMAIN "csl-status-change"

#include "config.h"

#include "client/ui/case/csl-status-change.h"

#include "client/ui/record/csl-reason-dialog.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/text/csl-error-text.h"
#include "client/ui/wrap/csl-question.h"
#include "core/schema/csl-label.h"
#include "core/schema/csl-workflow.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWidget *from;     /* (owned): the widget that asked */
  GtkWidget *anchor;   /* (owned): the toast overlay of the window */
  CslSession *session; /* (owned) */
  CslRecordItem *item; /* (owned) */
  CslEdit *edit;       /* (owned) (nullable): once it is made */
  char *to;            /* (owned): the new status */
  char *label;         /* (owned): of the step, for the dialog */
  char *event;         /* (owned) */
} Change;

static void
change_free (Change *self)
{
  g_object_unref (self->from);
  g_object_unref (self->anchor);
  g_object_unref (self->session);
  g_object_unref (self->item);
  g_clear_pointer (&self->edit, csl_edit_free);
  g_free (self->to);
  g_free (self->label);
  g_free (self->event);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static GtkWindow *
get_window (Change *self)
{
  GtkRoot *root = gtk_widget_get_root (self->anchor);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
fix_cb (GtkWidget *from, const char *response)
{
  if (g_str_equal (response, "go"))
    gtk_widget_activate_action (from, "case.edit", NULL);
}

static void
show_problems (Change *self, const CslProblems *problems)
{
  g_autoptr (GString) text = g_string_new (_ ("Before this step:"));
  CslQuestion question = { .title = _ ("Not Yet"),
                           .stay = _ ("_Close"),
                           .go = _ ("_Edit Case") };
  GtkWidget *dialog;

  for (guint i = 0; i < csl_problems_get_size (problems); i++)
    g_string_append_printf (text, "%s• %s", i > 0 ? "\n" : "\n\n",
                            csl_problems_get (problems, i)->message);
  question.body = text->str;
  dialog = csl_question_new (get_window (self), &question);
  g_signal_connect_object (dialog, "response", G_CALLBACK (fix_cb), self->from,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Change) self = user_data;
  g_autoptr (GError) error = NULL;
  CslErrorText text;

  if (csl_session_save_finish (CSL_SESSION (object), result, &error)) {
    const CslRecord *record = csl_record_item_get_record (self->item);
    const CslField *field = csl_workflow_get_field (record->type->workflow);
    /* Translators: the new status of a case. */
    g_autofree char *title = g_strdup_printf (_ ("Status is now: %s"),
                                              csl_label_value (field->options, self->to));

    csl_navigation_toast (self->anchor, title);
  } else if (csl_error_text_lookup (error, &text)) {
    csl_navigation_toast (self->anchor, text.sentence);
  }
}

/* The event that tells the story of the change. */
static CslRecord *
create_event (Change *self, const char *from, const char *reason)
{
  CslRecord *event = csl_session_new_record (self->session, "case_event");

  csl_record_set_text (event, "case", csl_record_item_get_id (self->item));
  csl_record_set_text (event, "action",
                       self->event != NULL ? self->event : "status_changed");
  csl_record_set_text (event, "from_value", from);
  csl_record_set_text (event, "to_value", self->to);
  csl_record_set_text (event, "details",
                       reason != NULL && *reason != '\0' ? reason : NULL);
  return event;
}

static void
save (Change *change, const char *reason)
{
  g_autoptr (Change) self = change;
  const CslRecord *before = csl_record_item_get_record (self->item);
  const CslField *field = csl_workflow_get_field (before->type->workflow);
  g_autoptr (CslRecord) after = csl_record_copy (before);
  g_autoptr (CslRecord) event =
    create_event (self, csl_record_get_text (before, field->name), reason);
  g_autoptr (CslProblems) problems = NULL;

  csl_record_set_text (after, field->name, self->to);
  self->edit = csl_edit_new ();
  csl_edit_set_reason (self->edit, reason);
  csl_edit_add (self->edit, before, after);
  csl_edit_add (self->edit, NULL, event);
  problems = csl_session_check (self->session, self->edit);
  if (csl_problems_get_size (problems) > 0) {
    show_problems (self, problems);
    return;
  }
  csl_session_save_async (self->session, self->edit, NULL, saved_cb, self);
  g_steal_pointer (&self);
}

static void
reason_given_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Change *self = user_data;
  g_autofree char *reason = csl_reason_dialog_run_finish (result, NULL);

  if (reason != NULL)
    save (self, reason);
  else
    change_free (self);
}

static const CslTransition *
lookup_transition (GPtrArray *transitions, const char *to)
{
  for (guint i = 0; i < transitions->len; i++) {
    const CslTransition *transition = g_ptr_array_index (transitions, i);

    if (g_str_equal (transition->to, to))
      return transition;
  }
  return NULL;
}

void
csl_status_change_start (GtkWidget *from,
                         CslSession *session,
                         CslRecordItem *item,
                         const char *to)
{
  g_autoptr (GPtrArray) transitions =
    csl_session_list_transitions (session, csl_record_item_get_record (item));
  const CslTransition *transition = lookup_transition (transitions, to);
  Change *self;

  if (transition == NULL)
    return;
  self = g_new0 (Change, 1);
  self->from = g_object_ref (from);
  self->anchor = g_object_ref (gtk_widget_get_ancestor (from, ADW_TYPE_TOAST_OVERLAY));
  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  self->to = g_strdup (to);
  self->label = g_strdup (csl_label_transition (transition));
  self->event = g_strdup (transition->event);
  if (!transition->reason) {
    save (self, NULL);
    return;
  }
  csl_reason_dialog_run_async (get_window (self),
                               &(CslReasonRequest){
                                 .title = self->label,
                                 .body =
                                   _ ("Please say why, in a sentence. It is kept in the "
                                      "story of the case."),
                                 .action = _ ("_Change Status"),
                                 .is_required = true },
                               reason_given_cb, self);
}
