/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-worker.c: order, cancelling and the end of a worker. */
#include "client/app/csl-worker.h"

static GMutex gate;
static GString *order;

static void
note_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_string_append (order, data);
  g_task_return_boolean (task, TRUE);
}

static void
wait_at_gate (gpointer data)
{
  g_mutex_lock (&gate);
  g_mutex_unlock (&gate);
}

static void
wait_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  wait_at_gate (NULL);
  g_task_return_boolean (task, TRUE);
}

static void
count_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  guint *count = data;
  g_autoptr (GError) error = NULL;

  *count += g_task_propagate_boolean (G_TASK (result), &error) ? 1 : 100;
}

static void
queue (CslWorker *worker,
       int priority,
       const char *name,
       GCancellable *cancellable,
       guint *count)
{
  GTask *task = g_task_new (NULL, cancellable, count_cb, count);

  g_task_set_task_data (task, (gpointer) name, NULL);
  csl_worker_queue (worker, priority, task, *name == '\0' ? wait_cb : note_cb);
}

static void
test_order (void)
{
  CslWorker *worker = csl_worker_new ("test");
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  guint count = 0;

  order = g_string_new (NULL);
  g_mutex_lock (&gate);
  queue (worker, 0, "", NULL, &count);
  queue (worker, 10, "c", NULL, &count);
  queue (worker, 0, "a", NULL, &count);
  queue (worker, 10, "d", NULL, &count);
  queue (worker, 10, "never", cancelled, &count);
  queue (worker, 0, "b", NULL, &count);
  g_cancellable_cancel (cancelled);
  g_mutex_unlock (&gate);
  while (count < 105)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count, ==, 105);
  g_assert_cmpstr (order->str, ==, "abcd");
  g_string_free (order, TRUE);
  csl_worker_shutdown_sync (worker);
  g_assert_finalize_object (worker);
}

static void
remember_thread (gpointer data)
{
  gpointer *pair = data;

  pair[1] = g_thread_self ();
  g_assert_true (csl_worker_is_current (pair[0]));
  /* On the worker itself it runs at once. */
  csl_worker_run_sync (pair[0], 0, wait_at_gate, NULL);
}

static void
test_run_sync (void)
{
  CslWorker *worker = csl_worker_new ("test");
  gpointer pair[2] = { worker, NULL };

  csl_worker_run_sync (worker, 0, remember_thread, pair);
  g_assert_nonnull (pair[1]);
  g_assert_true (pair[1] != g_thread_self ());
  g_assert_false (csl_worker_is_current (worker));
  csl_worker_shutdown_sync (worker);
  g_assert_finalize_object (worker);
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_true (csl_worker_shutdown_finish (CSL_WORKER (source), result, NULL));
  *(bool *) data = true;
}

static void
test_shutdown_runs_what_waits (void)
{
  CslWorker *worker = csl_worker_new ("test");
  guint count = 0;
  bool ended = false;

  order = g_string_new (NULL);
  g_mutex_lock (&gate);
  queue (worker, 0, "", NULL, &count);
  queue (worker, 0, "x", NULL, &count);
  csl_worker_shutdown_async (worker, ended_cb, &ended);
  g_mutex_unlock (&gate);
  while (!ended || count < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (order->str, ==, "x");
  g_string_free (order, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  /* The thread lets go of the task, and with it of the worker, a moment after its answer. */
  g_object_add_weak_pointer (G_OBJECT (worker), (gpointer *) &worker);
  g_object_unref (worker);
  while (g_atomic_pointer_get (&worker) != NULL)
    g_thread_yield ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/worker/order", test_order);
  g_test_add_func ("/client/worker/run-sync", test_run_sync);
  g_test_add_func ("/client/worker/shutdown-runs-what-waits",
                   test_shutdown_runs_what_waits);
  return g_test_run ();
}
