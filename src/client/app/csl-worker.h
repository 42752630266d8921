/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslWorker: one named thread that runs tasks one after another, the most urgent first. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_TYPE_WORKER (csl_worker_get_type ())
G_DECLARE_FINAL_TYPE (CslWorker, csl_worker, CSL, WORKER, GObject)

typedef void (*CslWorkFunc) (gpointer data);

/* @name: of the thread, at most 15 bytes. */
CslWorker *csl_worker_new (const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* Queues @task (transfer full); lower priority numbers run first, equal ones in order. @func
 * must make @task return. */
void csl_worker_queue (CslWorker *self, int priority, GTask *task, GTaskThreadFunc func);
/* Runs @func there and waits for it. Straight away when called on the worker itself. */
void csl_worker_run_sync (CslWorker *self, int priority, CslWorkFunc func, gpointer data);
/* Is the caller on this worker's thread? */
bool csl_worker_is_current (CslWorker *self);
/* Runs what is queued, then ends the thread; nothing may be queued after. */
void csl_worker_shutdown_async (CslWorker *self,
                                GAsyncReadyCallback callback,
                                gpointer data);
gboolean csl_worker_shutdown_finish (CslWorker *self,
                                     GAsyncResult *result,
                                     GError **error);
/* The same, waiting for it; not from the worker itself. */
void csl_worker_shutdown_sync (CslWorker *self);

G_END_DECLS
