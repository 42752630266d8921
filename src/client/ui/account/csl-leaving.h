/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaving a computer: nobody goes while work is unsent, unless a sealed copy of it was written and they say so again. */
#pragma once

#include "client/app/csl-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  CSL_LEAVING_SWITCH,   /* somebody else works here; the records stay */
  CSL_LEAVING_SIGN_OUT, /* the records leave this computer */
} CslLeaving;

/* Asks, when there is something to ask; may write a sealed copy on the way. */
void csl_leaving_ask_async (GtkWindow *parent,
                            CslSession *session,
                            CslLeaving leaving,
                            GAsyncReadyCallback callback,
                            gpointer data);
/* TRUE: go. */
gboolean csl_leaving_ask_finish (GAsyncResult *result);

G_END_DECLS
