/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-copy.c: unsent work out of this computer and into it, as a sealed copy (docs/sealed-copy.md).
 *
 * Written, read back from the disk and opened again before anybody is told that it is there. What a verified copy holds is
 * remembered by its lines: a line that was written or corrected later is not covered by it.
 */
#include "client/app/csl-copy-file.h"
#include "client/app/csl-session-private.h"
#include "client/app/csl-task.h"
#include "store/csl-replica-copy.h"

#include <sodium.h>
#include <string.h>

typedef struct
{
  GFile *file;      /* (owned) */
  char *passphrase; /* (owned) */
  CslWorkCopy copy;
  CslTakenIn taken;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  sodium_memzero (job->passphrase, strlen (job->passphrase));
  g_free (job->passphrase);
  g_object_unref (job->file);
  csl_work_copy_clear (&job->copy);
  g_free (job);
}

/* Runs @func on the network thread with a job of these. @task: (transfer full). */
static void
start (GTask *task, GFile *file, const char *passphrase, GTaskThreadFunc func)
{
  Job *job = g_new0 (Job, 1);

  job->file = g_object_ref (file);
  job->passphrase = g_strdup (passphrase);
  g_task_set_source_tag (task, func);
  g_task_set_task_data (task, job, job_free);
  csl_session_queue_network (g_task_get_source_object (task), task, func);
}

/* -- out -- */

static bool
copy_work (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_replica_copy_work (replica, data, error);
}

static bool
save_copy (CslSession *self, Job *job, GError **error)
{
  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON, copy_work, &job->copy,
                      error))
    return false;
  job->copy.name = g_strdup (self->parts.display_name);
  return csl_copy_file_save_sync (job->file, self->parts.env, job->passphrase, &job->copy,
                                  error);
}

/* On the network thread: sealing takes a second, and neither the screen nor the database waits for it. */
static void
save_copy_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  bool done = save_copy (source, data, &error);

  csl_task_answer (task, done, error);
}

/**
 * csl_session_save_copy_async:
 * @file: written anew
 * @passphrase: the only thing that opens it
 */
void
csl_session_save_copy_async (CslSession *self,
                             GFile *file,
                             const char *passphrase,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_return_if_fail (CSL_IS_SESSION (self) && passphrase != NULL);
  start (g_task_new (self, NULL, callback, data), file, passphrase, save_copy_cb);
}

static char *
dup_sum (const char *line)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, line, -1);
}

static void
note_copied (CslSession *self, const GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    g_hash_table_add (self->copied, dup_sum (lines->pdata[i]));
}

gboolean
csl_session_save_copy_finish (CslSession *self,
                              GAsyncResult *result,
                              CslCopied *ret_copied,
                              GError **error)
{
  const Job *job;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (self->copied == NULL)
    self->copied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  note_copied (self, job->copy.lines);
  note_copied (self, job->copy.drafts);
  *ret_copied = (CslCopied){ job->copy.lines->len, job->copy.drafts->len };
  return TRUE;
}

/* -- how much there is -- */

static void
copy_free (gpointer data)
{
  csl_work_copy_clear (data);
  g_free (data);
}

void
csl_session_count_unsent_async (CslSession *self,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  CslWorkCopy *copy;
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self));
  copy = g_new0 (CslWorkCopy, 1);
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_session_count_unsent_async);
  g_task_set_task_data (task, copy, copy_free);
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_PERSON, copy_work, copy, NULL,
                       csl_vault_answer_cb, task);
}

static guint
count_uncovered (CslSession *self, const GPtrArray *lines)
{
  guint n = 0;

  for (guint i = 0; i < lines->len; i++) {
    g_autofree char *sum = dup_sum (lines->pdata[i]);

    if (self->copied == NULL || !g_hash_table_contains (self->copied, sum))
      n++;
  }
  return n;
}

gboolean
csl_session_count_unsent_finish (CslSession *self,
                                 GAsyncResult *result,
                                 CslUnsent *ret_unsent,
                                 GError **error)
{
  const CslWorkCopy *copy;
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  copy = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *ret_unsent = (CslUnsent){ .n_changes = copy->lines->len,
                             .n_uncovered = count_uncovered (self, copy->lines),
                             .n_drafts = copy->drafts->len,
                             .n_uncovered_drafts = count_uncovered (self, copy->drafts) };
  return TRUE;
}

/* -- in -- */

static bool
take_in (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  Job *job = data;

  csl_type_set_add_all (&changes->types);
  changes->outbox = true;
  return csl_replica_take_in (replica, &job->copy, &job->taken, error);
}

static void
take_in_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CslSession *self = source;
  Job *job = data;
  GError *error = NULL;
  bool done =
    csl_copy_file_load_sync (job->file, job->passphrase, &job->copy, &error) &&
    csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON, take_in, job, &error);

  csl_task_answer (task, done, error);
}

void
csl_session_take_in_copy_async (CslSession *self,
                                GFile *file,
                                const char *passphrase,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  g_return_if_fail (CSL_IS_SESSION (self) && passphrase != NULL);
  start (g_task_new (self, NULL, callback, data), file, passphrase, take_in_cb);
}

gboolean
csl_session_take_in_copy_finish (CslSession *self,
                                 GAsyncResult *result,
                                 CslCopyTaken *ret_taken,
                                 GError **error)
{
  const Job *job;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *ret_taken =
    (CslCopyTaken){ job->taken.n_new, job->taken.n_known, job->taken.n_drafts };
  if (self->driver != NULL)
    csl_sync_driver_wake (self->driver);
  return TRUE;
}
