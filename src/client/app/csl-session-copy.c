/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-copy.c: unsent work out of this computer and into it, as a sealed copy (docs/sealed-copy.md).
 *
 * Written, read back from the disk and opened again before anybody is told that it is there. What a verified copy holds is
 * remembered by its lines: a line that was written or corrected later is not covered by it.
 */
#include "client/app/csl-session-private.h"
#include "client/app/csl-task.h"
#include "store/csl-replica-copy.h"
#include "store/csl-sealed.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

/* Nobody writes that much without a network; somebody may choose a film. */
#define MAX_FILE (256 * 1024 * 1024)

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

static void
start (CslSession *self,
       GFile *file,
       const char *passphrase,
       GTask *task,
       GTaskThreadFunc func)
{
  Job *job = g_new0 (Job, 1);

  job->file = g_object_ref (file);
  job->passphrase = g_strdup (passphrase);
  g_task_set_task_data (task, job, job_free);
  csl_session_queue_network (self, task, func);
}

static GBytes *
read_file (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, error);

  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) <= MAX_FILE)
    return g_file_load_bytes (file, NULL, NULL, error);
  g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_FOREIGN,
                       "the file is too large to be a sealed copy");
  return NULL;
}

/* -- out -- */

static bool
copy_work (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_replica_copy_work (replica, data, error);
}

/* A stick is often pulled out at once. */
static void
flush_to_disk (GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;

  if (fd < 0)
    return;
  (void) fsync (fd);
  close (fd);
}

static bool
write_file (GFile *file, GBytes *sealed, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (sealed, &length);

  if (!g_file_replace_contents (file, data, length, NULL, FALSE,
                                G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                NULL, NULL, error))
    return false;
  flush_to_disk (file);
  return true;
}

static bool
verify (const Job *job, GBytes *content, GError **error)
{
  g_autoptr (GBytes) file = read_file (job->file, error);
  g_autoptr (GBytes) again = NULL;

  if (file != NULL)
    again = csl_sealed_read (job->passphrase, file, error);
  if (again == NULL)
    return false;
  if (g_bytes_equal (content, again))
    return true;
  g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_DAMAGED,
                       "what was written reads differently");
  return false;
}

static bool
save_copy (CslSession *self, Job *job, GError **error)
{
  g_autoptr (GString) text = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) sealed = NULL;

  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON, copy_work, &job->copy,
                      error))
    return false;
  job->copy.name = g_strdup (self->parts.display_name);
  text = csl_work_copy_print (&job->copy, error);
  if (text == NULL)
    return false;
  content = g_string_free_to_bytes (g_steal_pointer (&text));
  sealed = csl_sealed_write (self->parts.env, job->passphrase, content, error);
  return sealed != NULL && write_file (job->file, sealed, error) &&
         verify (job, content, error);
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
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self) && passphrase != NULL);
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_session_save_copy_async);
  start (self, file, passphrase, task, save_copy_cb);
}

static char *
dup_sum (const char *line)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, line, -1);
}

gboolean
csl_session_save_copy_finish (CslSession *self,
                              GAsyncResult *result,
                              guint *ret_n_changes,
                              GError **error)
{
  const Job *job;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (self->copied == NULL)
    self->copied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < job->copy.lines->len; i++)
    g_hash_table_add (self->copied, dup_sum (job->copy.lines->pdata[i]));
  *ret_n_changes = job->copy.lines->len;
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

gboolean
csl_session_count_unsent_finish (CslSession *self,
                                 GAsyncResult *result,
                                 CslUnsent *ret_unsent,
                                 GError **error)
{
  const CslWorkCopy *copy;
  CslUnsent unsent = { 0 };

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  copy = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  for (guint i = 0; i < copy->lines->len; i++) {
    g_autofree char *sum = dup_sum (copy->lines->pdata[i]);

    unsent.n_changes++;
    if (self->copied == NULL || !g_hash_table_contains (self->copied, sum))
      unsent.n_uncovered++;
  }
  *ret_unsent = unsent;
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

static bool
read_copy (Job *job, GError **error)
{
  g_autoptr (GBytes) file = read_file (job->file, error);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) raw = NULL;

  if (file == NULL)
    return false;
  content = csl_sealed_read (job->passphrase, file, error);
  if (content == NULL)
    return false;
  if (csl_work_copy_parse (&job->copy, g_bytes_get_data (content, NULL),
                           g_bytes_get_size (content), &raw))
    return true;
  g_set_error_literal (error, CSL_SEALED_ERROR,
                       g_error_matches (raw, CSL_WIRE_ERROR, CSL_WIRE_ERROR_UNKNOWN)
                         ? CSL_SEALED_ERROR_NEWER
                         : CSL_SEALED_ERROR_DAMAGED,
                       raw->message);
  return false;
}

static void
take_in_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  CslSession *self = source;
  GError *error = NULL;
  bool done =
    read_copy (data, &error) &&
    csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON, take_in, data, &error);

  csl_task_answer (task, done, error);
}

void
csl_session_take_in_copy_async (CslSession *self,
                                GFile *file,
                                const char *passphrase,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self) && passphrase != NULL);
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_session_take_in_copy_async);
  start (self, file, passphrase, task, take_in_cb);
}

gboolean
csl_session_take_in_copy_finish (CslSession *self,
                                 GAsyncResult *result,
                                 guint *ret_n_new,
                                 guint *ret_n_known,
                                 GError **error)
{
  const Job *job;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  job = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *ret_n_new = job->taken.n_new;
  *ret_n_known = job->taken.n_known;
  if (self->driver != NULL)
    csl_sync_driver_wake (self->driver);
  return TRUE;
}
