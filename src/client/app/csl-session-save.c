/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-save.c: what a person saves: acts and drafts. Both are on the disk when the callback
 * comes, and the lists are up to date by then. */
#include "client/app/csl-session-private.h"
#include "store/csl-replica-edit.h"
#include "store/csl-replica-local.h"

typedef struct
{
  CslEdit *edit; /* (owned) */
  char *zone;    /* (owned) */
  CslOutboxCounts counts;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  csl_edit_free (save->edit);
  g_free (save->zone);
  g_free (save);
}

static CslEdit *
copy_edit (const CslEdit *edit)
{
  CslEdit *copy = csl_edit_new ();

  for (guint i = 0; i < csl_edit_get_size (edit); i++)
    csl_edit_add (copy, csl_edit_get_before (edit, i), csl_edit_get_after (edit, i));
  csl_edit_set_reason (copy, csl_edit_get_reason (edit));
  csl_edit_set_resolves (copy, csl_edit_get_resolves (edit));
  csl_edit_set_fixes (copy, csl_edit_get_fixes (edit));
  return copy;
}

/* On the database thread. */
static bool
write_edit (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  Save *save = data;
  guint n = csl_edit_get_size (save->edit);
  g_autofree CslReplicaChange *each = g_new0 (CslReplicaChange, n + 1);
  CslReplicaAct act = { .zone = save->zone,
                        .reason = csl_edit_get_reason (save->edit),
                        .resolves = csl_edit_get_resolves (save->edit),
                        .fixes = csl_edit_get_fixes (save->edit),
                        .squash = true };

  for (guint i = 0; i < n; i++) {
    each[i].before = csl_edit_get_before (save->edit, i);
    each[i].after = csl_edit_get_after (save->edit, i);
    csl_type_set_add (&changes->types,
                      (each[i].after != NULL ? each[i].after : each[i].before)->type);
  }
  changes->outbox = true;
  if (!csl_replica_commit (replica, each, n, &act, error))
    return false;
  /* The act is on the disk: not being able to count is no failure of saving. */
  csl_replica_count_outbox (replica, &save->counts, NULL);
  return true;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = G_TASK (data);
  CslSession *self = g_task_get_source_object (task);
  Save *save = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!csl_vault_run_finish (CSL_VAULT (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  csl_session_flush (self);
  if (self->pool != NULL) {
    csl_session_note_counts (self, &save->counts);
    csl_sync_driver_wake (self->driver);
  }
  g_task_return_boolean (task, TRUE);
}

void
csl_session_save_async (CslSession *self,
                        const CslEdit *edit,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  GTask *task;
  Save *save;

  g_return_if_fail (CSL_IS_SESSION (self) && edit != NULL);
  save = g_new0 (Save, 1);
  save->edit = copy_edit (edit);
  save->zone = g_strdup (self->zone);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, csl_session_save_async);
  /* Once begun it is done: a cancelled wait must not look like work that was not saved. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, save, save_free);
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_PERSON, write_edit, save, NULL,
                       saved_cb, task);
}

gboolean
csl_session_save_finish (CslSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static bool
nothing (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return true;
}

void
csl_session_finish_saving_sync (CslSession *self)
{
  g_return_if_fail (CSL_IS_SESSION (self));
  /* Behind everything a person has saved. */
  csl_vault_run (self->vault, CSL_VAULT_PRIORITY_PERSON, nothing, NULL, NULL);
}

/* -- drafts -- */

CslRecord *
csl_session_lookup_draft (CslSession *self,
                          const char *form_type,
                          const char *entity_type,
                          const char *entity_id)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  if (self->parts.reader == NULL)
    return NULL;
  return csl_reader_find_draft (self->parts.reader, form_type, entity_type, entity_id);
}

static bool
write_draft (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  const CslRecord *draft = data;

  csl_type_set_add (&changes->types, draft->type);
  return csl_replica_put_local (replica, draft, error);
}

void
csl_session_put_draft_async (CslSession *self,
                             const CslRecord *draft,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  GTask *task;

  g_return_if_fail (CSL_IS_SESSION (self) && draft != NULL && draft->type->local);
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_session_put_draft_async);
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_PERSON, write_draft,
                       csl_record_copy (draft), (GDestroyNotify) csl_record_free,
                       csl_vault_answer_cb, task);
}

gboolean
csl_session_put_draft_finish (CslSession *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

typedef struct
{
  const CslRecordType *type;
  char id[40];
} Local;

static bool
delete_draft (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  const Local *local = data;

  csl_type_set_add (&changes->types, local->type);
  return csl_replica_delete_local (replica, local->type->name, local->id, error);
}

void
csl_session_delete_draft (CslSession *self, const char *id)
{
  Local *local;

  g_return_if_fail (CSL_IS_SESSION (self) && id != NULL);
  local = g_new0 (Local, 1);
  local->type = csl_schema_lookup_type (self->parts.schema, "form_draft");
  g_strlcpy (local->id, id, sizeof local->id);
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_PERSON, delete_draft, local,
                       g_free, NULL, NULL);
}
