/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-save-copy.c: "Save a Sealed Copy…": how much, with which passphrase, where, and what is in it now.
 *
 * The name that is proposed says nothing about anybody. The passphrase is held no longer than the copy is being written.
 */
#define G_LOG_DOMAIN "csl-save-copy"

#include "config.h"

#include "client/ui/sync/csl-copy-dialogs.h"
#include "client/ui/sync/csl-passphrase-box.h"
#include "client/ui/text/csl-error-text.h"
#include "client/ui/wrap/csl-file-chooser.h"
#include "client/ui/wrap/csl-question.h"

#include <glib/gi18n.h>

#define FILE_NAME "sealed-copy.caseload"

typedef struct
{
  GtkWindow *parent;   /* (owned) */
  CslSession *session; /* (owned) (nullable): whose unsent work it is; or that of: */
  CslAccount *account; /* (owned) (nullable): one that cannot be opened */
  CslPassphraseBox
    *box; /* (owned) (nullable): keeps the passphrase until the file is chosen */
  GtkWidget *dialog;        /* (unowned): while it asks */
  GtkNativeDialog *chooser; /* (owned) (nullable): while it is open */
  bool done;                /* what will be returned once it was said */
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_clear_object (&saving->chooser);
  g_clear_object (&saving->box);
  g_clear_object (&saving->session);
  g_clear_object (&saving->account);
  g_object_unref (saving->parent);
  g_free (saving);
}

static void
said_cb (GTask *task, const char *response)
{
  const Saving *saving = g_task_get_task_data (task);

  g_task_return_boolean (task, saving->done);
}

static void
say (GTask *task, const char *title, const char *body)
{
  const Saving *saving = g_task_get_task_data (task);

  csl_question_say (saving->parent, title, body, task, said_cb);
}

char *
csl_copied_dup_text (const CslCopied *copied)
{
  g_autofree char *changes =
    g_strdup_printf (ngettext ("%u change", "%u changes", copied->n_changes),
                     copied->n_changes);
  g_autofree char *drafts =
    g_strdup_printf (ngettext ("%u draft", "%u drafts", copied->n_drafts),
                     copied->n_drafts);

  if (copied->n_drafts == 0)
    return g_steal_pointer (&changes);
  if (copied->n_changes == 0)
    return g_steal_pointer (&drafts);
  /* Translators: the first is "3 changes", the second "1 draft" */
  return g_strdup_printf (_ ("%s and %s"), changes, drafts);
}

static void
say_done (GTask *task, const CslCopied *copied)
{
  const Saving *saving = g_task_get_task_data (task);
  g_autofree char *content = csl_copied_dup_text (copied);
  g_autofree char *body =
    /* Translators: "3 changes and 1 draft" */
    g_strdup_printf (
      saving->account != NULL
        ? _ ("In it: %s. It opens with your passphrase: that was tried just "
             "now.")
        : _ ("In it: %s. It opens with your passphrase: that was tried just "
             "now. All of it stays here, too, and changes are sent as soon "
             "as that is possible."),
      content);

  say (task, _ ("The Sealed Copy Is Written"), body);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Saving *saving = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  CslErrorText text;
  CslCopied copied;

  if (saving->account != NULL
        ? csl_account_save_rescued_finish (CSL_ACCOUNT (source), result, &copied, &error)
        : csl_session_save_copy_finish (CSL_SESSION (source), result, &copied, &error)) {
    saving->done = true;
    say_done (task, &copied);
  } else if (csl_error_text_lookup (error, &text)) {
    g_message ("A sealed copy could not be written: %s", error->message);
    say (task, _ ("The Copy Was Not Written"), text.sentence);
  } else {
    g_task_return_boolean (task, FALSE);
  }
}

static void
file_chosen_cb (GTask *task, int response)
{
  Saving *saving = g_task_get_task_data (task);
  g_autoptr (GFile) file = csl_file_chooser_dup_file (saving->chooser, response);
  g_autoptr (GTask) held = g_object_ref (task);
  const char *passphrase = csl_passphrase_box_get_text (saving->box);

  if (file != NULL && saving->account != NULL)
    csl_account_save_rescued_async (saving->account, file, passphrase, saved_cb,
                                    g_object_ref (task));
  else if (file != NULL)
    csl_session_save_copy_async (saving->session, file, passphrase, saved_cb,
                                 g_object_ref (task));
  else
    g_task_return_boolean (task, FALSE);
  g_clear_object (&saving->box);
  g_clear_object (&saving->chooser);
}

static void
choose_file (GTask *task)
{
  Saving *saving = g_task_get_task_data (task);

  saving->chooser = csl_file_chooser_new_save (saving->parent, _ ("Save a Sealed Copy"),
                                               _ ("_Save"), FILE_NAME);
  g_signal_connect_data (saving->chooser, "response", G_CALLBACK (file_chosen_cb),
                         g_object_ref (task),
                         (GClosureNotify) (void (*) (void)) g_object_unref,
                         G_CONNECT_SWAPPED);
  gtk_native_dialog_show (saving->chooser);
}

static void
passphrase_cb (GTask *task, const char *response)
{
  if (g_str_equal (response, "go"))
    choose_file (task);
  else
    g_task_return_boolean (task, FALSE);
}

static void
changed_cb (GTask *task)
{
  const Saving *saving = g_task_get_task_data (task);

  csl_question_set_can_go (saving->dialog, csl_passphrase_box_get_ready (saving->box));
}

static void
ask_passphrase (GTask *task, const CslCopied *content)
{
  Saving *saving = g_task_get_task_data (task);
  g_autofree char *what = csl_copied_dup_text (content);
  g_autofree char *body = g_strdup_printf (
    /* Translators: "3 changes and 1 draft" */
    _ ("Not sent yet: %s. That goes into one file that only a passphrase opens: for "
       "another computer on which you sign in, or for your administrator."),
    what);
  const CslQuestion question = { .title = _ ("Save a Sealed Copy"),
                                 .body = body,
                                 .stay = _ ("_Cancel"),
                                 .go = _ ("Choose a _Place…") };

  saving->dialog = csl_question_new (saving->parent, &question);
  saving->box = g_object_ref_sink (CSL_PASSPHRASE_BOX (csl_passphrase_box_new (TRUE)));
  csl_question_set_child (saving->dialog, GTK_WIDGET (saving->box));
  g_signal_connect_object (saving->box, "changed", G_CALLBACK (changed_cb), task,
                           G_CONNECT_SWAPPED);
  changed_cb (task);
  csl_question_ask (saving->dialog, task, passphrase_cb);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  CslUnsent unsent = { 0 };

  if (!csl_session_count_unsent_finish (CSL_SESSION (source), result, &unsent, NULL))
    g_task_return_boolean (task, FALSE);
  else if (unsent.n_changes == 0 && unsent.n_drafts == 0)
    say (task, _ ("Everything Is Sent"), _ ("There is nothing to copy any more."));
  else
    ask_passphrase (task, &(CslCopied){ unsent.n_changes, unsent.n_drafts });
}

void
csl_save_copy_async (GtkWindow *parent,
                     CslSession *session,
                     GAsyncReadyCallback callback,
                     gpointer data)
{
  Saving *saving = g_new0 (Saving, 1);
  GTask *task = g_task_new (NULL, NULL, callback, data);

  g_task_set_source_tag (task, csl_save_copy_async);
  saving->parent = g_object_ref (parent);
  saving->session = g_object_ref (session);
  g_task_set_task_data (task, saving, saving_free);
  csl_session_count_unsent_async (session, counted_cb, task);
}

void
csl_save_rescued_async (GtkWindow *parent,
                        CslAccount *account,
                        const CslCopied *content,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  Saving *saving = g_new0 (Saving, 1);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);

  g_task_set_source_tag (task, csl_save_rescued_async);
  saving->parent = g_object_ref (parent);
  saving->account = g_object_ref (account);
  g_task_set_task_data (task, saving, saving_free);
  ask_passphrase (task, content);
}

gboolean
csl_save_copy_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
