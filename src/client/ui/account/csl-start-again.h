/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A way on when the records on this computer cannot be opened any more: they are set aside, and the worker signs in anew. */
#pragma once

#include "client/app/csl-account.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Is setting aside the way on from @error? */
gboolean csl_start_again_helps (const GError *error);
/* Says what can be saved and what is kept where, offers a sealed copy of unsent work, and sets @account aside. */
void csl_start_again_async (GtkWindow *parent,
                            CslAccount *account,
                            GAsyncReadyCallback callback,
                            gpointer data);
/* TRUE: it is set aside; the next step is to sign in. */
gboolean csl_start_again_finish (GAsyncResult *result);

G_END_DECLS
