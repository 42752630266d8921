/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-question.c: the only file that knows AdwMessageDialog; libadwaita 1.5 replaces it by AdwAlertDialog. */
#define ADW_DISABLE_DEPRECATION_WARNINGS
#include "client/ui/wrap/csl-question.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* A text that has the focus of a window outlives its entry otherwise, and tells it so. */
static gboolean
close_request_cb (GtkWindow *dialog)
{
  gtk_window_set_focus (dialog, NULL);
  return FALSE;
}

GtkWidget *
csl_question_new (GtkWindow *parent, const CslQuestion *question)
{
  GtkWidget *widget = adw_message_dialog_new (parent, question->title, question->body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  if (question->stay != NULL)
    adw_message_dialog_add_response (dialog, "stay", question->stay);
  if (question->other != NULL)
    adw_message_dialog_add_response (dialog, "other", question->other);
  adw_message_dialog_add_response (dialog, "go", question->go);
  adw_message_dialog_set_close_response (dialog, question->stay != NULL ? "stay" : "go");
  adw_message_dialog_set_response_appearance (dialog, "go",
                                              question->is_destructive
                                                ? ADW_RESPONSE_DESTRUCTIVE
                                                : ADW_RESPONSE_SUGGESTED);
  if (!question->is_destructive)
    adw_message_dialog_set_default_response (dialog, "go");
  /* On itself. */
  g_signal_connect (widget, "close-request", G_CALLBACK (close_request_cb), NULL);
  return widget;
}

void
csl_question_set_child (GtkWidget *dialog, GtkWidget *child)
{
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), child);
}

void
csl_question_set_can_go (GtkWidget *dialog, gboolean can_go)
{
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (dialog), "go", can_go);
}

void
csl_question_ask (GtkWidget *dialog, GTask *task, CslQuestionAnswered answered_cb)
{
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb),
                         g_object_ref (task),
                         (GClosureNotify) (void (*) (void)) g_object_unref,
                         G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
csl_question_say (GtkWindow *parent,
                  const char *title,
                  const char *body,
                  GTask *task,
                  CslQuestionAnswered answered_cb)
{
  const CslQuestion said = { .title = title, .body = body, .go = _ ("_Close") };

  csl_question_ask (csl_question_new (parent, &said), task, answered_cb);
}
