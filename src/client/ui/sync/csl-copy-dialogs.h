/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed copies of unsent work, step by step: passphrase, file, result. */
#pragma once

#include "client/app/csl-account.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks for a passphrase and a place, writes the copy there and says what it contains. */
void csl_save_copy_async (GtkWindow *parent,
                          CslSession *session,
                          GAsyncReadyCallback callback,
                          gpointer data);
/* The same for what can still be read of @account's replica: @content. */
void csl_save_rescued_async (GtkWindow *parent,
                             CslAccount *account,
                             const CslCopied *content,
                             GAsyncReadyCallback callback,
                             gpointer data);
/* TRUE: a copy was written and verified. FALSE: the person was told, or chose not to. */
gboolean csl_save_copy_finish (GAsyncResult *result);

/* "3 changes and 1 draft", for sentences with a verb of their own. */
char *csl_copied_dup_text (const CslCopied *copied) G_GNUC_WARN_UNUSED_RESULT;

/* Asks for a copy and its passphrase, takes it in and says what has come. */
void csl_take_in_copy (GtkWindow *parent, CslSession *session);

G_END_DECLS
