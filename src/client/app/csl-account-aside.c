/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-account-aside.c: a worker starts again with a fresh copy. What can be read of the old one goes into a sealed copy first;
 * then its folder gets another name. Giving it the old name again undoes it: the files, and the keys in the keyring, stay. */
#include "client/app/csl-account-private.h"
#include "client/app/csl-aside.h"
#include "client/app/csl-copy-file.h"
#include "client/app/csl-removal-private.h"
#include "client/app/csl-task.h"
#include "store/csl-env-system.h"
#include "store/csl-replica-rescue.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

/* -- what can be read -- */

typedef struct
{
  GFile *file;      /* (owned) (nullable): counted only */
  char *passphrase; /* (owned) (nullable) */
  CslRescued rescued;
} Rescue;

static void
rescue_free (gpointer data)
{
  Rescue *self = data;

  if (self->passphrase != NULL)
    sodium_memzero (self->passphrase, strlen (self->passphrase));
  g_free (self->passphrase);
  g_clear_object (&self->file);
  g_free (self);
}

static bool
rescue (CslAccount *account, Rescue *self, GError **error)
{
  g_autofree char *path = csl_account_dup_replica_path (account);
  g_autoptr (CslSchema) schema = csl_account_ref_schema ();
  g_auto (CslWorkCopy) copy = { 0 };
  GError *raw = NULL;

  if (account->damaged_key == NULL) {
    g_set_error_literal (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_KEY_MISSING,
                         "without its key nothing can be read");
    return false;
  }
  if (!csl_replica_rescue (path, csl_secret_get_bytes (account->damaged_key), schema,
                           csl_env_system (), &copy, &self->rescued.complete, &raw)) {
    csl_account_propagate_error (error, raw);
    return false;
  }
  self->rescued.content = (CslCopied){ copy.lines->len, copy.drafts->len };
  copy.name = g_strdup (account->display_name);
  return self->file == NULL || csl_copy_file_save_sync (self->file, csl_env_system (),
                                                        self->passphrase, &copy, error);
}

static void
rescue_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  bool done = rescue (source, data, &error);

  csl_task_answer (task, done, error);
}

static void
start (CslAccount *self,
       GFile *file,
       const char *passphrase,
       GAsyncReadyCallback callback,
       gpointer data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, data);
  Rescue *job = g_new0 (Rescue, 1);

  g_set_object (&job->file, file);
  job->passphrase = g_strdup (passphrase);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, job, rescue_free);
  g_task_run_in_thread (task, rescue_cb);
}

void
csl_account_rescue_async (CslAccount *self, GAsyncReadyCallback callback, gpointer data)
{
  g_return_if_fail (CSL_IS_ACCOUNT (self));
  start (self, NULL, NULL, callback, data);
}

gboolean
csl_account_rescue_finish (CslAccount *self,
                           GAsyncResult *result,
                           CslRescued *ret_rescued,
                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *ret_rescued = ((Rescue *) g_task_get_task_data (G_TASK (result)))->rescued;
  return TRUE;
}

void
csl_account_save_rescued_async (CslAccount *self,
                                GFile *file,
                                const char *passphrase,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  g_return_if_fail (CSL_IS_ACCOUNT (self) && file != NULL && passphrase != NULL);
  start (self, file, passphrase, callback, data);
}

gboolean
csl_account_save_rescued_finish (CslAccount *self,
                                 GAsyncResult *result,
                                 CslCopied *ret_copied,
                                 GError **error)
{
  CslRescued rescued = { 0 };

  if (!csl_account_rescue_finish (self, result, &rescued, error))
    return FALSE;
  *ret_copied = rescued.content;
  return TRUE;
}

/* -- aside -- */

char *
csl_account_dup_aside_path (CslAccount *self)
{
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *day = NULL;
  char *path = NULL;

  g_return_val_if_fail (CSL_IS_ACCOUNT (self), NULL);
  now = g_date_time_new_from_unix_local (csl_env_wall_ms (csl_env_system ()) / 1000);
  day = g_date_time_format (now, "%Y-%m-%d");
  path = g_strconcat (self->folder, CSL_ASIDE_MARK, day, NULL);
  for (guint i = 2; g_file_test (path, G_FILE_TEST_EXISTS); i++) {
    g_free (path);
    path = g_strdup_printf ("%s" CSL_ASIDE_MARK "%s-%u", self->folder, day, i);
  }
  return path;
}

typedef struct
{
  char *path; /* (owned) */
  bool is_copied;
} Aside;

static void
aside_free (gpointer data)
{
  Aside *self = data;

  g_free (self->path);
  g_free (self);
}

/* Whose folder it is, and what was not sent and is in no copy. What cannot be read is nobody's fault: it is not safe, then. */
static bool
leave_note (CslAccount *account, bool is_copied, GError **error)
{
  g_autofree char *path = csl_account_dup_replica_path (account);
  g_autofree char *recovery_key = NULL;
  g_auto (CslWorkCopy) work = { 0 };
  bool complete = false, holds_work = false;
  CslAsideNote note = { account->organisation, account->user, is_copied };

  if (!is_copied && account->damaged_key != NULL) {
    g_autoptr (CslSchema) schema = csl_account_ref_schema ();
    const guint8 *key = csl_secret_get_bytes (account->damaged_key);

    if (csl_replica_rescue (path, key, schema, csl_env_system (), &work, &complete,
                            NULL)) {
      work.name = g_strdup (account->display_name);
      holds_work = work.lines->len > 0 || work.drafts->len > 0;
      note.safe = !holds_work;
      recovery_key = csl_replica_rescue_setting (path, key, CSL_REMOVAL_RECOVERY_KEY);
    }
  }
  return csl_aside_write_note (account->folder, &note, holds_work ? &work : NULL,
                               recovery_key, error);
}

static bool
move_folder (CslAccount *account, const Aside *aside, GError **error)
{
  GError *raw = NULL;

  if (!leave_note (account, aside->is_copied, &raw)) {
    csl_account_propagate_error (error, raw);
    return false;
  }
  if (g_rename (account->folder, aside->path) == 0)
    return true;
  g_set_error (error, CSL_ACCOUNT_ERROR, CSL_ACCOUNT_ERROR_DISK,
               "the account's folder cannot be renamed: %s", g_strerror (errno));
  return false;
}

static void
set_aside_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  int lock = csl_account_lock (source, &error);
  bool done = lock >= 0 && move_folder (source, data, &error);

  if (lock >= 0)
    close (lock);
  csl_task_answer (task, done, error);
}

void
csl_account_set_aside_async (CslAccount *self,
                             const char *path,
                             bool is_copied,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Aside *aside;

  g_return_if_fail (CSL_IS_ACCOUNT (self) && csl_aside_is (path));
  task = g_task_new (self, NULL, callback, data);
  aside = g_new0 (Aside, 1);
  aside->path = g_strdup (path);
  aside->is_copied = is_copied;
  g_task_set_source_tag (task, csl_account_set_aside_async);
  g_task_set_task_data (task, aside, aside_free);
  g_task_run_in_thread (task, set_aside_cb);
}

static void
note_moved (CslAccount *self, const char *path)
{
  if (self->ca_file != NULL && g_str_has_prefix (self->ca_file, self->folder)) {
    g_autofree char *name = g_path_get_basename (self->ca_file);

    g_free (self->ca_file);
    self->ca_file = g_build_filename (path, name, NULL);
  }
  g_free (self->folder);
  self->folder = g_strdup (path);
}

gboolean
csl_account_set_aside_finish (CslAccount *self, GAsyncResult *result, GError **error)
{
  const Aside *aside;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  aside = g_task_get_task_data (G_TASK (result));
  note_moved (self, aside->path);
  return TRUE;
}
