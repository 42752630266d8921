/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks for a sentence, such as why something is done. */
#pragma once

#include <adwaita.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct
{
  const char *title;
  const char *body;
  const char *action; /* label of the button, with mnemonic */
  const char *text;   /* (nullable): filled in */
  bool is_required;   /* the button waits for some words */
} CslReasonRequest;

void csl_reason_dialog_run_async (GtkWindow *parent,
                                  const CslReasonRequest *request,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
/* (transfer full) (nullable): the words, possibly ""; NULL when the person stepped back. */
char *csl_reason_dialog_run_finish (GAsyncResult *result, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
