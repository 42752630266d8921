/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-question.c: the only file that knows AdwMessageDialog; libadwaita 1.5 replaces it by AdwAlertDialog. */
#define ADW_DISABLE_DEPRECATION_WARNINGS
#include "client/ui/wrap/csl-question.h"

#include <adwaita.h>

GtkWidget *
csl_question_new (GtkWindow *parent, const CslQuestion *question)
{
  GtkWidget *widget = adw_message_dialog_new (parent, question->title, question->body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);

  adw_message_dialog_add_responses (dialog, "stay", question->stay, "go", question->go,
                                    NULL);
  adw_message_dialog_set_close_response (dialog, "stay");
  adw_message_dialog_set_response_appearance (dialog, "go",
                                              question->is_destructive
                                                ? ADW_RESPONSE_DESTRUCTIVE
                                                : ADW_RESPONSE_SUGGESTED);
  if (!question->is_destructive)
    adw_message_dialog_set_default_response (dialog, "go");
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
