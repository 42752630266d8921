/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSyncDriver: performs what the sync engine asks for, on a thread of its own, or step by step in
 * a simulated test. */
#pragma once

#include "client/app/csl-credentials.h"
#include "client/app/csl-sync-snapshot.h"
#include "client/app/csl-vault.h"
#include "client/net/csl-net-options.h"
#include "core/base/csl-env.h"
#include "core/wire/csl-transport.h"

G_BEGIN_DECLS

/* On the sync thread, whenever something in it may differ. */
typedef void (*CslSyncReportFunc) (const CslSyncSnapshot *snapshot, gpointer data);

typedef struct
{
  const CslEnv *env;           /* must outlive the driver */
  CslVault *vault;             /* referenced */
  CslTransport *transport;     /* borrowed; used on the sync thread only */
  CslCredentials *credentials; /* referenced */
  guint schema_version;
  const CslNetOptions
    *live; /* (nullable): of the live channel; NULL: none, and no polling */
  CslSyncReportFunc report; /* (nullable) */
  gpointer data;
} CslSyncDriverOptions;

typedef struct _CslSyncDriver CslSyncDriver;

CslSyncDriver *csl_sync_driver_new (const CslSyncDriverOptions *options)
  G_GNUC_WARN_UNUSED_RESULT;
/* Stopped, or never started. */
void csl_sync_driver_free (CslSyncDriver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSyncDriver, csl_sync_driver_free)

/* -- with its own thread; these may be called from any thread and return at once -- */
void csl_sync_driver_start (CslSyncDriver *self);
/* A local edit was saved, the network changed, "Sync now". */
void csl_sync_driver_wake (CslSyncDriver *self);
void csl_sync_driver_set_offline (CslSyncDriver *self, bool offline);
void csl_sync_driver_signed_in (CslSyncDriver *self);
/* Ends the exchange under way and waits for the thread. @at_end (nullable) runs on it last, to free
 * what belongs to it. */
void csl_sync_driver_stop_sync (CslSyncDriver *self,
                                void (*at_end) (gpointer),
                                gpointer data);

/* -- without a thread -- */
/* Performs everything that can be done now, on the calling thread; the first call starts the
 * engine. Returns the ms the engine wants to wait, or -1 when it has nothing to do. Time is that
 * of the environment: call again when it has passed, or after something happened. */
gint64 csl_sync_driver_run_until_idle_sync (CslSyncDriver *self);
/* What is done from time to time when nobody touches the program, for those without a thread: a slice of the audit, and a look
 * at the server. */
void csl_sync_driver_look_around_sync (CslSyncDriver *self);
const CslSyncSnapshot *csl_sync_driver_get_snapshot (CslSyncDriver *self);

G_END_DECLS
