/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-account-remove.c: an account leaves this computer: its keys first, then its files. Whatever stops it in between, what is
 * left cannot be read any more. */
#include "client/app/csl-account-private.h"
#include "client/app/csl-aside.h"
#include "client/app/csl-key-file.h"
#include "client/app/csl-task.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* A session that has just ended may still be closing its files: waits until it has. */
static int
wait_for_lock (CslAccount *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "lock", NULL);
  int lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (lock >= 0 && flock (lock, LOCK_EX) == 0)
    return lock;
  g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_DISK,
               "the account's folder cannot be locked: %s", g_strerror (errno));
  if (lock >= 0)
    close (lock);
  return -1;
}

static bool
remove_files (CslAccount *self, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    (void) g_remove (path);
  }
  if (g_rmdir (self->folder) == 0 || errno == ENOENT)
    return true;
  g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_DISK,
               "the account's folder cannot be removed: %s", g_strerror (errno));
  return false;
}

static bool
clear_keys (CslAccount *self, GError **error)
{
  g_autofree char *path = csl_account_dup_keys_path (self);
  GError *raw = NULL;

  if (csl_key_file_destroy_sync (path, &raw) &&
      csl_keyring_clear_all_sync (self->id, NULL, &raw))
    return true;
  csl_account_propagate_error (error, raw);
  return false;
}

/* With the worker's records go those they set aside, down to unsent work that only the organisation can open. A folder whose
 * unsent work is nowhere else stays whole. */
static bool
remove_asides (CslAccount *self, GError **error)
{
  g_autoptr (GPtrArray) asides =
    csl_aside_list (self->folder, self->organisation, self->user);
  GError *raw = NULL;

  for (guint i = 0; i < asides->len; i++)
    if (csl_aside_is_safe (asides->pdata[i]) &&
        !csl_aside_destroy (asides->pdata[i], CSL_ASIDE_KEEP_SEALED, NULL, &raw)) {
      csl_account_propagate_error (error, raw);
      return false;
    }
  return true;
}

void
csl_asides_free (CslAsides *asides)
{
  g_strfreev (asides->staying);
  g_free (asides);
}

static void
asides_free_cb (gpointer data)
{
  csl_asides_free (data);
}

static void
find_asides_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const CslAccount *self = source;
  g_autoptr (GPtrArray) found =
    csl_aside_list (self->folder, self->organisation, self->user);
  g_autoptr (GStrvBuilder) staying = g_strv_builder_new ();
  CslAsides *asides = g_new0 (CslAsides, 1);

  for (guint i = 0; i < found->len; i++)
    if (!csl_aside_is_safe (found->pdata[i]))
      g_strv_builder_add (staying, found->pdata[i]);
    else if (csl_aside_has_records (found->pdata[i]))
      asides->n_leaving++;
  asides->staying = g_strv_builder_end (staying);
  g_task_return_pointer (task, asides, asides_free_cb);
}

void
csl_account_find_asides_async (CslAccount *self,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CSL_IS_ACCOUNT (self));
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_account_find_asides_async);
  g_task_run_in_thread (task, find_asides_cb);
}

CslAsides *
csl_account_find_asides_finish (CslAccount *self, GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
remove_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CslAccount *self = source;
  GError *error = NULL;
  int lock = wait_for_lock (self, &error);
  bool done = lock >= 0 && clear_keys (self, &error) && remove_files (self, &error) &&
              remove_asides (self, &error);

  if (lock >= 0)
    close (lock);
  csl_task_answer (task, done, error);
}

/**
 * csl_account_remove_async:
 *
 * The session must have been given up. Nobody asks here whether anything is unsent.
 */
void
csl_account_remove_async (CslAccount *self, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CSL_IS_ACCOUNT (self));
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_account_remove_async);
  g_task_run_in_thread (task, remove_cb);
}

gboolean
csl_account_remove_finish (CslAccount *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

CslAccount *
csl_account_find_session (const char *folder, CslSession *session)
{
  g_autoptr (GListModel) accounts = csl_account_list (folder);

  g_return_val_if_fail (CSL_IS_SESSION (session), NULL);
  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++) {
    g_autoptr (CslAccount) account = g_list_model_get_item (accounts, i);

    if (g_str_equal (account->user, session->parts.user) &&
        g_str_equal (account->server, session->parts.server))
      return g_steal_pointer (&account);
  }
  return NULL;
}
