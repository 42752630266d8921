/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One installation of the client without its windows: encrypted replica, database thread, transport, tokens, driver. */
#pragma once

#include "client/app/csl-sync-driver.h"
#include "core/schema/csl-schema.h"

G_BEGIN_DECLS

/* Where the server is. */
typedef struct
{
  char *url;     /* (owned) */
  char *ca_file; /* (owned) (nullable) */
} BenchAddress;

typedef struct
{
  const CslSchema *schema; /* (unowned) */
  char *path;              /* (owned): of the replica */
  char id[40];
  CslSecret *device_key; /* (owned) */
  CslCredentials *credentials;
  CslNetOptions options;
  CslTransport *transport; /* (owned) */
  CslWorker *worker;       /* (owned) */
  CslVault *vault;         /* (owned) */
  CslSyncDriver *driver;   /* (owned) (nullable) */
  char user[40];
  bool threaded;
  /* what the screens were told last, under the lock */
  GMutex lock;
  GCond told;
  CslSyncSnapshot snapshot;
  double sent_ms;    /* nothing waits any more since then */
  guint changes;     /* commits that changed records */
  double changed_ms; /* the last of them */
} BenchDevice;

extern const guint8 bench_key[32];

/* Signs in and makes an empty replica at @folder/@name. */
void bench_device_init (BenchDevice *self,
                        const BenchAddress *address,
                        const CslSchema *schema,
                        const char *folder,
                        const char *name,
                        const char *username);
void bench_device_clear (BenchDevice *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchDevice, bench_device_clear)

/* Without a thread: exchanges and indexes until nothing is left to do. */
void bench_device_sync (BenchDevice *self);
/* With its own thread and the live channel. */
void bench_device_go_live (BenchDevice *self);
/* Waits until the driver says that everything is exchanged. */
void bench_device_wait_idle (BenchDevice *self);
guint bench_device_get_changes (BenchDevice *self);
/* Waits until there are more than @seen changes; when the last one was on the disk. */
double bench_device_wait_change (BenchDevice *self, guint seen);

G_END_DECLS
