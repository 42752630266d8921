/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-reason-dialog.c: a message dialog with a text field. The task lives as long as the dialog
 * is open; the dialog holds the last reference to it. */
#define G_LOG_DOMAIN "csl-reason-dialog"

#include "config.h"

#include "client/ui/record/csl-reason-dialog.h"

#include "client/ui/wrap/csl-question.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  GtkWidget *dialog;     /* (unowned) */
  GtkTextBuffer *buffer; /* (unowned): of the text view in the dialog */
  bool is_required;
} Reason;

static char *
dup_text (GtkTextBuffer *buffer)
{
  GtkTextIter start, end;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return g_strstrip (text);
}

static void
text_changed_cb (GTask *task)
{
  Reason *reason = g_task_get_task_data (task);
  g_autofree char *text = dup_text (reason->buffer);

  csl_question_set_can_go (reason->dialog, !reason->is_required || *text != '\0');
}

static void
response_cb (GTask *task, const char *response)
{
  Reason *reason = g_task_get_task_data (task);

  g_task_return_pointer (task,
                         g_str_equal (response, "go") ? dup_text (reason->buffer) : NULL,
                         g_free);
}

static GtkWidget *
create_view (GtkTextBuffer **ret_buffer, const char *text)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view = gtk_text_view_new ();

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_widget_add_css_class (view, "reason-text");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Your words"), -1);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), 90);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_add_css_class (scroller, "card");
  *ret_buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  if (text != NULL)
    gtk_text_buffer_set_text (*ret_buffer, text, strlen (text));
  return scroller;
}

void
csl_reason_dialog_run_async (GtkWindow *parent,
                             const CslReasonRequest *request,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  const CslQuestion question = { .title = request->title,
                                 .body = request->body,
                                 .stay = _ ("_Cancel"),
                                 .go = request->action };
  GtkWidget *dialog = csl_question_new (parent, &question);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  Reason *reason = g_new0 (Reason, 1);

  g_task_set_source_tag (task, csl_reason_dialog_run_async);
  reason->dialog = dialog;
  reason->is_required = request->is_required;
  g_task_set_task_data (task, reason, g_free);
  csl_question_set_child (reason->dialog, create_view (&reason->buffer, request->text));
  g_signal_connect_object (reason->buffer, "changed", G_CALLBACK (text_changed_cb), task,
                           G_CONNECT_SWAPPED);
  /* The dialog holds the task until it answered. */
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb),
                         g_object_ref (task),
                         (GClosureNotify) (void (*) (void)) g_object_unref,
                         G_CONNECT_SWAPPED);
  text_changed_cb (task);
  gtk_window_present (GTK_WINDOW (dialog));
}

char *
csl_reason_dialog_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
