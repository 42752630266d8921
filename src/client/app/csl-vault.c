/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-vault.c: the replica and the one thread that writes to it.
 *
 * The replica is touched on the database thread only: opening hands it over, closing takes it
 * back there. Changes are told after the transaction and before whoever asked for the work hears
 * that it is done, so that nobody sees "saved" beside an old list.
 */
#include "client/app/csl-vault.h"

#include "client/app/csl-task.h"

struct _CslVault
{
  GObject parent_instance;

  CslReplica *replica; /* (owned) (nullable): database thread; NULL when closed */
  CslWorker *worker;   /* (owned) (nullable) */
  bool closed;         /* on the thread that closed it: no more work for the worker */
  CslVaultChangedFunc changed;
  gpointer changed_data; /* (unowned) */
};

G_DEFINE_FINAL_TYPE (CslVault, csl_vault, G_TYPE_OBJECT)

typedef struct
{
  CslVault *self; /* (unowned) */
  CslVaultFunc func;
  gpointer data;
  GDestroyNotify destroy;
  bool done;
  GError *error; /* (owned) (nullable) */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  if (work->destroy != NULL)
    work->destroy (work->data);
  g_clear_error (&work->error);
  g_free (work);
}

/* On the database thread. */
static void
do_work (gpointer data)
{
  Work *work = data;
  CslVault *self = work->self;
  CslVaultChanges changes = { 0 };

  if (self->replica == NULL) {
    g_set_error (&work->error, CSL_STORE_ERROR, CSL_STORE_ERROR_IO,
                 "the replica is closed");
    return;
  }
  work->done = work->func (self->replica, work->data, &changes, &work->error);
  if (work->done && self->changed != NULL &&
      (changes.outbox || changes.words || !csl_type_set_is_empty (&changes.types)))
    self->changed (&changes, self->changed_data);
}

static void
task_work_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;

  do_work (work);
  csl_task_answer (task, work->done, g_steal_pointer (&work->error));
}

static bool
close_replica (CslReplica *replica,
               gpointer data,
               CslVaultChanges *changes,
               GError **error)
{
  CslVault *self = data;

  g_clear_pointer (&self->replica, csl_replica_free);
  return true;
}

static void
csl_vault_finalize (GObject *object)
{
  CslVault *self = CSL_VAULT (object);

  g_assert (self->replica == NULL);
  g_clear_object (&self->worker);
  G_OBJECT_CLASS (csl_vault_parent_class)->finalize (object);
}

static void
csl_vault_class_init (CslVaultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = csl_vault_finalize;
}

static void
csl_vault_init (CslVault *self)
{
}

CslVault *
csl_vault_new (CslReplica *replica, CslWorker *worker)
{
  CslVault *self = g_object_new (CSL_TYPE_VAULT, NULL);

  self->replica = replica;
  g_set_object (&self->worker, worker);
  return self;
}

void
csl_vault_set_changed_func (CslVault *self, CslVaultChangedFunc func, gpointer data)
{
  g_return_if_fail (CSL_IS_VAULT (self));
  self->changed = func;
  self->changed_data = data;
}

bool
csl_vault_run (CslVault *self,
               int priority,
               CslVaultFunc func,
               gpointer data,
               GError **error)
{
  Work work = { .self = self, .func = func, .data = data };

  g_return_val_if_fail (CSL_IS_VAULT (self), false);
  if (self->worker != NULL && !self->closed)
    csl_worker_run_sync (self->worker, priority, do_work, &work);
  else
    do_work (&work);
  if (!work.done)
    g_propagate_error (error, work.error);
  return work.done;
}

void
csl_vault_run_async (CslVault *self,
                     int priority,
                     CslVaultFunc func,
                     gpointer data,
                     GDestroyNotify destroy,
                     GAsyncReadyCallback callback,
                     gpointer callback_data)
{
  Work *work;
  GTask *task;

  g_return_if_fail (CSL_IS_VAULT (self));
  work = g_new0 (Work, 1);
  work->self = self;
  work->func = func;
  work->data = data;
  work->destroy = destroy;
  task = g_task_new (self, NULL, callback, callback_data);
  g_task_set_source_tag (task, csl_vault_run_async);
  g_task_set_task_data (task, work, work_free);
  if (self->worker != NULL && !self->closed)
    csl_worker_queue (self->worker, priority, task, task_work_cb);
  else {
    task_work_cb (task, self, work, NULL);
    g_object_unref (task);
  }
}

gboolean
csl_vault_run_finish (CslVault *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
csl_vault_answer_cb (GObject *source, GAsyncResult *result, gpointer task)
{
  g_autoptr (GTask) answered = G_TASK (task);
  GError *error = NULL;
  bool done = csl_vault_run_finish (CSL_VAULT (source), result, &error);

  csl_task_answer (answered, done, error);
}

void
csl_vault_close_sync (CslVault *self)
{
  g_return_if_fail (CSL_IS_VAULT (self));
  /* A closed one stays closed: that error is no news. */
  csl_vault_run (self, CSL_VAULT_PRIORITY_IDLE, close_replica, self, NULL);
  self->closed = true;
}
