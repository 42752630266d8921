/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-leaving.c: may the worker leave?
 *
 *   nothing unsent                  → switching: go; signing out: asked once
 *   unsent, not in a verified copy  → refused, with what to do: send it now, or save a sealed copy
 *   unsent, all of it in a copy     → asked once more, naming what stays unsent
 *
 * It is counted anew each time: what was written after the copy is not in it.
 */
#define G_LOG_DOMAIN "csl-leaving"

#include "config.h"

#include "client/ui/account/csl-leaving.h"

#include "client/app/csl-account.h"
#include "client/ui/account/csl-folder-row.h"
#include "client/ui/sync/csl-copy-dialogs.h"
#include "client/ui/wrap/csl-question.h"

#include <glib/gi18n.h>

typedef struct
{
  GtkWindow *parent;   /* (owned) */
  CslSession *session; /* (owned) */
  CslLeaving leaving;
  CslUnsent unsent;
  CslAsides *asides; /* (owned) (nullable): looked for when somebody signs out */
  bool is_refusal;   /* the answers send or save a copy instead of going */
  bool sends;        /* "go" sends and "other" saves a copy; else the other way round */
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_clear_pointer (&asking->asides, csl_asides_free);
  g_object_unref (asking->session);
  g_object_unref (asking->parent);
  g_free (asking);
}

static void count (GTask *task);

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;

  if (csl_save_copy_finish (result)) {
    count (task);
    return;
  }
  g_task_return_boolean (task, FALSE);
  g_object_unref (task);
}

static void
answered_cb (GTask *task, const char *response)
{
  const Asking *asking = g_task_get_task_data (task);
  bool go = g_str_equal (response, "go");
  bool stay = g_str_equal (response, "stay");

  if (!stay && (asking->is_refusal ? go != asking->sends : !go)) {
    csl_save_copy_async (asking->parent, asking->session, copied_cb, g_object_ref (task));
    return;
  }
  if (asking->is_refusal && !stay)
    csl_session_sync_now (asking->session);
  g_task_return_boolean (task, go && !asking->is_refusal);
}

static GtkWidget *
staying_new (const CslAsides *asides)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  for (guint i = 0; asides->staying[i] != NULL; i++)
    gtk_box_append (GTK_BOX (box),
                    csl_folder_row_new (_ ("The Old Copy"), asides->staying[i]));
  return box;
}

static void
ask (GTask *task, const CslQuestion *question)
{
  const Asking *asking = g_task_get_task_data (task);
  GtkWidget *dialog = csl_question_new (asking->parent, question);

  if (!asking->is_refusal && asking->asides != NULL && *asking->asides->staying != NULL)
    csl_question_set_child (dialog, staying_new (asking->asides));
  csl_question_ask (dialog, task, answered_cb);
}

/* A copy is for what has no other way. */
static bool
can_send (CslSession *session)
{
  CslSyncInfo *info = csl_session_get_sync_info (session);

  return !csl_sync_info_get_offline (info) && csl_sync_info_get_attention (info) == 0;
}

static void
refuse (GTask *task, guint n_changes)
{
  Asking *asking = g_task_get_task_data (task);
  g_autofree char *title =
    g_strdup_printf (ngettext ("%u Change Is Not Sent Yet", "%u Changes Are Not Sent Yet",
                               n_changes),
                     n_changes);

  asking->is_refusal = true;
  asking->sends = can_send (asking->session);
  ask (
    task,
    &(CslQuestion){
      .title = title,
      .body =
        asking->leaving == CSL_LEAVING_SWITCH
          ? _ ("Nothing is sent for you while somebody else works here. Send everything "
               "first, or, without a network, save a sealed copy and take it with you.")
          : _ ("Signing out removes your records from this computer, and what is not "
               "sent would be lost. Send everything first, or, without a network, "
               "save a sealed copy."),
      .stay = _ ("_Cancel"),
      .other = asking->sends ? _ ("_Save a Sealed Copy…") : _ ("Send _Now"),
      .go = asking->sends ? _ ("Send _Now") : _ ("_Save a Sealed Copy…") });
}

static void
add_sentence (GString *body, char *sentence)
{
  g_string_append_printf (body, " %s", sentence);
  g_free (sentence);
}

/* @text, and what else leaves with somebody who signs out: drafts that are in no copy, and copies that were set aside; and which
 * of these stay. */
static char *
dup_body (const Asking *asking, const char *text)
{
  GString *body = g_string_new (text);
  const guint n = asking->unsent.n_uncovered_drafts;
  const CslAsides *asides = asking->asides;

  if (n > 0)
    add_sentence (body,
                  g_strdup_printf (
                    ngettext ("%u draft is in no copy, and is deleted for good.",
                              "%u drafts are in no copy, and are deleted for good.", n),
                    n));
  if (asides != NULL && asides->n_leaving > 0)
    add_sentence (
      body,
      g_strdup_printf (ngettext ("%u old copy that you had set aside is removed, too.",
                                 "%u old copies that you had set aside are removed, too.",
                                 asides->n_leaving),
                       asides->n_leaving));
  if (asides != NULL && *asides->staying != NULL)
    add_sentence (body,
                  g_strdup (_ ("An old copy that you had set aside stays on this "
                               "computer: unsent work in it may be nowhere else.")));
  return g_string_free (body, FALSE);
}

static void
ask_again (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);
  const CslUnsent *unsent = &asking->unsent;
  g_autofree char *title =
    g_strdup_printf (ngettext ("Leave %u Change Unsent?", "Leave %u Changes Unsent?",
                               unsent->n_changes),
                     unsent->n_changes);
  g_autofree char *body = dup_body (
    asking,
    _ ("All of it is in the sealed copy you saved, and nowhere else once you have signed "
       "out. Take the copy in on another computer, or give it to your administrator."));

  asking->is_refusal = false;
  ask (task,
       &(CslQuestion){
         .title = title,
         .body =
           asking->leaving == CSL_LEAVING_SWITCH
             ? _ ("All of it is in the sealed copy you saved. It also stays on this "
                  "computer, and is sent when you work here again.")
             : body,
         .stay = _ ("_Cancel"),
         .go = asking->leaving == CSL_LEAVING_SWITCH ? _ ("_Switch Worker")
                                                     : _ ("Sign _Out"),
         .is_destructive = asking->leaving == CSL_LEAVING_SIGN_OUT });
}

/* Drafts that are in no copy may be saved in one first. */
static void
ask_sign_out (GTask *task)
{
  Asking *asking = g_task_get_task_data (task);
  g_autofree char *body =
    dup_body (asking, _ ("All your changes are on the server. Your records are removed "
                         "from this computer. Signing in again needs the network and "
                         "brings the records back."));

  asking->is_refusal = false;
  ask (task, &(CslQuestion){ .title = _ ("Sign Out?"),
                             .body = body,
                             .stay = _ ("_Cancel"),
                             .other = asking->unsent.n_uncovered_drafts > 0
                                        ? _ ("_Save a Sealed Copy…")
                                        : NULL,
                             .go = _ ("Sign _Out"),
                             .is_destructive = TRUE });
}

static void
ask_to_leave (GTask *task)
{
  const Asking *asking = g_task_get_task_data (task);

  if (asking->unsent.n_changes > 0)
    ask_again (task);
  else if (asking->leaving == CSL_LEAVING_SIGN_OUT)
    ask_sign_out (task);
  else
    g_task_return_boolean (task, TRUE);
}

static void
found_asides_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Asking *asking = g_task_get_task_data (task);

  g_clear_pointer (&asking->asides, csl_asides_free);
  asking->asides = csl_account_find_asides_finish (CSL_ACCOUNT (source), result);
  ask_to_leave (task);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Asking *asking = g_task_get_task_data (task);
  CslSession *session = CSL_SESSION (source);
  g_autoptr (CslAccount) account = NULL;

  if (!csl_session_count_unsent_finish (session, result, &asking->unsent, NULL)) {
    g_task_return_boolean (task, FALSE);
    return;
  }
  if (asking->unsent.n_uncovered > 0) {
    refuse (task, asking->unsent.n_changes);
    return;
  }
  if (asking->leaving == CSL_LEAVING_SIGN_OUT)
    account = csl_account_find_session (NULL, session);
  if (account != NULL)
    csl_account_find_asides_async (account, found_asides_cb, g_steal_pointer (&task));
  else
    ask_to_leave (task);
}

/* Takes the reference on @task. */
static void
count (GTask *task)
{
  const Asking *asking = g_task_get_task_data (task);

  csl_session_count_unsent_async (asking->session, counted_cb, task);
}

void
csl_leaving_ask_async (GtkWindow *parent,
                       CslSession *session,
                       CslLeaving leaving,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  Asking *asking = g_new0 (Asking, 1);
  GTask *task = g_task_new (NULL, NULL, callback, data);

  g_task_set_source_tag (task, csl_leaving_ask_async);
  asking->parent = g_object_ref (parent);
  asking->session = g_object_ref (session);
  asking->leaving = leaving;
  g_task_set_task_data (task, asking, asking_free);
  count (task);
}

gboolean
csl_leaving_ask_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
