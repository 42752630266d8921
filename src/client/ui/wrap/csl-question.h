/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question with the answers "stay" (also Escape) and "go", in front of a window; or something that is only said. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *title;
  const char *body;        /* (nullable) */
  const char *stay;        /* (nullable): label of the answer that changes nothing */
  const char *other;       /* (nullable): label of a third answer, "other" */
  const char *go;          /* label of the answer that goes on */
  gboolean is_destructive; /* "go" loses something, and Enter does not choose it */
} CslQuestion;

/* A dialog (floating, not shown yet) that emits "response" with the answer and closes itself. */
GtkWidget *csl_question_new (GtkWindow *parent, const CslQuestion *question);
void csl_question_set_child (GtkWidget *dialog, GtkWidget *child);
void csl_question_set_can_go (GtkWidget *dialog, gboolean can_go);

/* -- questions that a task waits for -- */

typedef void (*CslQuestionAnswered) (GTask *task, const char *response);
/* Shows @dialog, which holds @task until it was answered. */
void csl_question_ask (GtkWidget *dialog, GTask *task, CslQuestionAnswered answered_cb);
/* Shows something that is only said, with a button to close it; @answered_cb is called once it was read. */
void csl_question_say (GtkWindow *parent,
                       const char *title,
                       const char *body,
                       GTask *task,
                       CslQuestionAnswered answered_cb);

G_END_DECLS
