/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-start-again.c: what is asked before records that cannot be opened are set aside.
 *
 *   unsent work can be read      → a sealed copy is what is proposed; going on without it is a choice of its own
 *   it is in a sealed copy now   → asked once more
 *   nothing can be read          → said so, and asked
 *
 * Whatever is answered, nothing is deleted.
 */
#define G_LOG_DOMAIN "csl-start-again"

#include "config.h"

#include "client/ui/account/csl-start-again.h"

#include "client/ui/account/csl-folder-row.h"
#include "client/ui/sync/csl-copy-dialogs.h"
#include "client/ui/text/csl-error-text.h"
#include "client/ui/wrap/csl-question.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWindow *parent;   /* (owned) */
  CslAccount *account; /* (owned) */
  char *path;          /* (owned): where the old folder is kept */
  CslRescued rescued;
  bool can_read;  /* what was not sent */
  bool is_copied; /* and it is in a sealed copy */
  bool offers;    /* "go" saves a copy, "other" does without */
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_object_unref (asking->account);
  g_object_unref (asking->parent);
  g_free (asking->path);
  g_free (asking);
}

gboolean
csl_start_again_helps (const GError *error)
{
  return g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_KEY_MISSING) ||
         g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_WRONG_KEY) ||
         g_error_matches (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_DAMAGED);
}

static void
said_cb (GTask *task, const char *response)
{
  g_task_return_boolean (task, FALSE);
}

static void
set_aside_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Asking *asking = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  CslErrorText text;

  if (csl_account_set_aside_finish (CSL_ACCOUNT (source), result, &error)) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  g_message ("The old copy could not be set aside: %s", error->message);
  if (csl_error_text_lookup (error, &text))
    csl_question_say (asking->parent, _ ("Nothing Was Changed"), text.sentence, task,
                      said_cb);
  else
    g_task_return_boolean (task, FALSE);
}

static void ask (GTask *task);

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Asking *asking = g_task_get_task_data (task);

  if (csl_save_copy_finish (result))
    asking->is_copied = true;
  ask (task);
}

static void
answered_cb (GTask *task, const char *response)
{
  const Asking *asking = g_task_get_task_data (task);

  if (g_str_equal (response, "stay"))
    g_task_return_boolean (task, FALSE);
  else if (asking->offers && g_str_equal (response, "go"))
    csl_save_rescued_async (asking->parent, asking->account, &asking->rescued.content,
                            copied_cb, g_object_ref (task));
  else
    csl_account_set_aside_async (asking->account, asking->path, asking->is_copied,
                                 set_aside_cb, g_object_ref (task));
}

static bool
has_content (const Asking *asking)
{
  return asking->can_read &&
         (asking->rescued.content.n_changes > 0 || asking->rescued.content.n_drafts > 0);
}

/* What becomes of the work that was not sent. */
static char *
dup_unsent (const Asking *asking)
{
  g_autofree char *content = csl_copied_dup_text (&asking->rescued.content);

  if (!asking->can_read)
    return g_strdup (
      _ ("Work on this computer that was not sent cannot be read, not even "
         "how much it is. It stays sealed in the old copy."));
  if (asking->is_copied)
    return g_strdup (
      _ ("What could be read of the unsent work is in the sealed copy. Take "
         "it in under “Unsent” once you have signed in."));
  if (!has_content (asking))
    return g_strdup (asking->rescued.complete
                       ? _ ("Everything written here was sent.")
                       : _ ("No unsent work could be read; there may be some in the part "
                            "that is damaged."));
  return g_strdup_printf (
    asking->rescued.complete
      /* Translators: "3 changes and 1 draft" */
      ? _ ("Not sent, and still readable: %s. Save that as a sealed copy first; you take "
           "it in once you have signed in.")
      /* Translators: "3 changes and 1 draft" */
      : _ ("Not sent, and still readable: %s; more may be in the part that is damaged. "
           "Save that as a sealed copy first; you take it in once you have signed in."),
    content);
}

static void
ask (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);
  g_autofree char *unsent = dup_unsent (asking);
  g_autofree char *body = g_strconcat (
    unsent, "\n\n",
    _ ("Your other records come from the server again: you sign in with the network and "
       "your password. Nothing is deleted: the old copy is kept on this computer, in a "
       "folder of its own."),
    NULL);
  CslQuestion question = { .title = _ ("Start Again with a Fresh Copy?"),
                           .body = body,
                           .stay = _ ("_Cancel"),
                           .go = _ ("_Start Again") };
  GtkWidget *dialog;

  asking->offers = has_content (asking) && !asking->is_copied;
  if (asking->offers) {
    question.other = _ ("Start Again _without It");
    question.go = _ ("_Save a Sealed Copy…");
  }
  dialog = csl_question_new (asking->parent, &question);
  csl_question_set_child (dialog, csl_folder_row_new (_ ("The Old Copy"), asking->path));
  csl_question_ask (dialog, task, answered_cb);
}

static void
rescued_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Asking *asking = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  asking->can_read =
    csl_account_rescue_finish (CSL_ACCOUNT (source), result, &asking->rescued, &error);
  if (error != NULL)
    g_message ("Unsent work cannot be read: %s", error->message);
  ask (task);
}

void
csl_start_again_async (GtkWindow *parent,
                       CslAccount *account,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  Asking *asking = g_new0 (Asking, 1);
  GTask *task = g_task_new (NULL, NULL, callback, data);

  g_task_set_source_tag (task, csl_start_again_async);
  asking->parent = g_object_ref (parent);
  asking->account = g_object_ref (account);
  asking->path = csl_account_dup_aside_path (account);
  g_task_set_task_data (task, asking, asking_free);
  csl_account_rescue_async (account, rescued_cb, task);
}

gboolean
csl_start_again_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
