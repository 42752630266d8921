/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslVault: the replica and the one thread that writes to it. Everything that writes goes through
 * here and says which record types it changed; the screens hear of it once it is on the disk. */
#pragma once

#include "client/app/csl-type-set.h"
#include "client/app/csl-worker.h"
#include "store/csl-replica.h"

G_BEGIN_DECLS

/* Order of work on the database thread. */
#define CSL_VAULT_PRIORITY_PERSON (-100)
#define CSL_VAULT_PRIORITY_SYNC   0
#define CSL_VAULT_PRIORITY_IDLE   300

/* What a piece of work changed. */
typedef struct
{
  CslTypeSet types;
  bool words; /* the search index has caught up with the rows */
  bool outbox;
} CslVaultChanges;

/* On the database thread. Adds to @changes what it changed; looked at only when it returns TRUE. */
typedef bool (*CslVaultFunc) (CslReplica *replica,
                              gpointer data,
                              CslVaultChanges *changes,
                              GError **error);
/* On the database thread, after the commit. */
typedef void (*CslVaultChangedFunc) (const CslVaultChanges *changes, gpointer data);

#define CSL_TYPE_VAULT (csl_vault_get_type ())
G_DECLARE_FINAL_TYPE (CslVault, csl_vault, CSL, VAULT, GObject)

/* @replica: (transfer full), freed by csl_vault_close_sync(); @worker: NULL runs everything on the
 * calling thread (simulated tests). */
CslVault *csl_vault_new (CslReplica *replica, CslWorker *worker)
  G_GNUC_WARN_UNUSED_RESULT;
/* Before any work is queued. */
void csl_vault_set_changed_func (CslVault *self, CslVaultChangedFunc func, gpointer data);
/* Runs and waits; errors are those of @func, or CSL_STORE_ERROR_IO when closed. */
bool csl_vault_run (CslVault *self,
                    int priority,
                    CslVaultFunc func,
                    gpointer data,
                    GError **error);
/* @data is freed with @destroy (nullable) when the work is done. */
void csl_vault_run_async (CslVault *self,
                          int priority,
                          CslVaultFunc func,
                          gpointer data,
                          GDestroyNotify destroy,
                          GAsyncReadyCallback callback,
                          gpointer callback_data);
gboolean csl_vault_run_finish (CslVault *self, GAsyncResult *result, GError **error);
/* For csl_vault_run_async(): answers the task that is its data (transfer full) as the vault did. */
void csl_vault_answer_cb (GObject *source, GAsyncResult *result, gpointer task);
/* Finishes what is queued and closes the file; further work fails. */
void csl_vault_close_sync (CslVault *self);

G_END_DECLS
