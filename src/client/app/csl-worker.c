/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-worker.c: one named thread with a queue.
 *
 * The thread holds no reference to the worker but to its shared state, so that the last
 * reference may be dropped from any thread. A worker must be shut down before its last
 * reference goes: what is queued is a promise to somebody.
 */
#include "client/app/csl-worker.h"

typedef struct
{
  int priority;
  guint64 order;
  GTask *task; /* (owned) (nullable) */
  GTaskThreadFunc func;
  CslWorkFunc work; /* of csl_worker_run_sync() */
  gpointer data;    /* (unowned) */
  bool *done;       /* (unowned) (nullable): set under the lock when it ran */
} Job;

typedef struct
{
  gatomicrefcount references;
  GMutex lock;
  GCond changed;  /* something was queued, or ran */
  GQueue jobs;    /* of Job, the next one first */
  guint64 queued; /* jobs ever queued */
  bool ending;
  GTask *ended; /* (owned) (nullable): of csl_worker_shutdown_async() */
} Shared;

struct _CslWorker
{
  GObject parent_instance;

  char *name;      /* (owned) */
  Shared *shared;  /* (owned) */
  GThread *thread; /* (owned) (nullable): gone when it is shut down */
};

G_DEFINE_FINAL_TYPE (CslWorker, csl_worker, G_TYPE_OBJECT)

static void
shared_unref (Shared *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_assert (g_queue_is_empty (&self->jobs));
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

static int
compare_jobs (gconstpointer a, gconstpointer b, gpointer data)
{
  const Job *x = a, *y = b;

  if (x->priority != y->priority)
    return x->priority < y->priority ? -1 : 1;
  return x->order < y->order ? -1 : 1;
}

static void
push_job (Shared *shared, Job *job)
{
  g_mutex_lock (&shared->lock);
  g_assert (!shared->ending);
  job->order = shared->queued++;
  g_queue_insert_sorted (&shared->jobs, job, compare_jobs, NULL);
  g_cond_broadcast (&shared->changed);
  g_mutex_unlock (&shared->lock);
}

/* Waits for the next job; NULL when there is none and there will be none. */
static Job *
pop_job (Shared *shared)
{
  Job *job;

  g_mutex_lock (&shared->lock);
  while (g_queue_is_empty (&shared->jobs) && !shared->ending)
    g_cond_wait (&shared->changed, &shared->lock);
  job = g_queue_pop_head (&shared->jobs);
  g_mutex_unlock (&shared->lock);
  return job;
}

static gboolean
release_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* The last reference to a task, and with it to its source object and data, must not go here: it is
 * dropped in the context that waits for the result, after the result. */
static void
release_task (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_static_name (source, "csl-worker-release");
  g_source_set_callback (source, release_cb, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

static void
run_task (Job *job)
{
  GTask *task = job->task;

  if (!g_task_return_error_if_cancelled (task))
    job->func (task, g_task_get_source_object (task), g_task_get_task_data (task),
               g_task_get_cancellable (task));
  release_task (task);
}

static void
run_job (Shared *shared, Job *job)
{
  if (job->task != NULL)
    run_task (job);
  else
    job->work (job->data);
  if (job->done != NULL) {
    g_mutex_lock (&shared->lock);
    *job->done = true;
    g_cond_broadcast (&shared->changed);
    g_mutex_unlock (&shared->lock);
  }
  g_free (job);
}

static gpointer
run_thread (gpointer data)
{
  Shared *shared = data;
  Job *job;

  while ((job = pop_job (shared)) != NULL)
    run_job (shared, job);
  if (shared->ended != NULL)
    g_task_return_boolean (shared->ended, TRUE);
  g_clear_object (&shared->ended);
  shared_unref (shared);
  return NULL;
}

static void
end_thread (CslWorker *self, GTask *ended)
{
  g_mutex_lock (&self->shared->lock);
  self->shared->ended = ended;
  self->shared->ending = true;
  g_cond_broadcast (&self->shared->changed);
  g_mutex_unlock (&self->shared->lock);
}

static void
csl_worker_finalize (GObject *object)
{
  CslWorker *self = CSL_WORKER (object);

  g_assert (self->thread == NULL);
  shared_unref (self->shared);
  g_free (self->name);
  G_OBJECT_CLASS (csl_worker_parent_class)->finalize (object);
}

static void
csl_worker_class_init (CslWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = csl_worker_finalize;
}

static void
csl_worker_init (CslWorker *self)
{
  self->shared = g_new0 (Shared, 1);
  g_atomic_ref_count_init (&self->shared->references);
  g_mutex_init (&self->shared->lock);
  g_cond_init (&self->shared->changed);
  g_queue_init (&self->shared->jobs);
}

/**
 * csl_worker_new:
 *
 * Returns: (transfer full): a running worker; must be shut down before it is dropped
 */
CslWorker *
csl_worker_new (const char *name)
{
  CslWorker *self = g_object_new (CSL_TYPE_WORKER, NULL);

  self->name = g_strdup (name);
  g_atomic_ref_count_inc (&self->shared->references);
  self->thread = g_thread_new (name, run_thread, self->shared);
  return self;
}

/**
 * csl_worker_queue:
 * @priority: such as %G_PRIORITY_DEFAULT; lower runs first
 * @task: (transfer full): returns an error by itself when it was cancelled before it ran
 * @func: called on the worker's thread
 */
void
csl_worker_queue (CslWorker *self, int priority, GTask *task, GTaskThreadFunc func)
{
  Job *job;

  g_return_if_fail (CSL_IS_WORKER (self));
  job = g_new0 (Job, 1);
  job->priority = priority;
  job->task = task;
  job->func = func;
  push_job (self->shared, job);
}

/** csl_worker_run_sync: runs @func on the worker's thread and waits until it returned. */
void
csl_worker_run_sync (CslWorker *self, int priority, CslWorkFunc func, gpointer data)
{
  bool done = false;
  Job *job;

  g_return_if_fail (CSL_IS_WORKER (self));
  if (csl_worker_is_current (self)) {
    func (data);
    return;
  }
  job = g_new0 (Job, 1);
  job->priority = priority;
  job->work = func;
  job->data = data;
  job->done = &done;
  push_job (self->shared, job);
  g_mutex_lock (&self->shared->lock);
  while (!done)
    g_cond_wait (&self->shared->changed, &self->shared->lock);
  g_mutex_unlock (&self->shared->lock);
}

bool
csl_worker_is_current (CslWorker *self)
{
  g_return_val_if_fail (CSL_IS_WORKER (self), false);
  return self->thread == g_thread_self ();
}

void
csl_worker_shutdown_async (CslWorker *self, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task;

  g_return_if_fail (CSL_IS_WORKER (self) && self->thread != NULL);
  task = g_task_new (self, NULL, callback, data);
  g_task_set_source_tag (task, csl_worker_shutdown_async);
  end_thread (self, task);
  g_clear_pointer (&self->thread, g_thread_unref);
}

gboolean
csl_worker_shutdown_finish (CslWorker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
csl_worker_shutdown_sync (CslWorker *self)
{
  g_return_if_fail (CSL_IS_WORKER (self) && self->thread != NULL);
  g_return_if_fail (!csl_worker_is_current (self));
  end_thread (self, NULL);
  g_thread_join (g_steal_pointer (&self->thread));
}
