/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One device of one person of an agency, in the agency's process: a real encrypted replica and the real sync driver,
 * without threads and network. */
#pragma once

#include "client/app/csl-sync-driver.h"
#include "client/app/csl-vault.h"
#include "server/csd-test-agency.h"
#include "store/csl-reader.h"
#include "store/csl-replica-edit.h"

G_BEGIN_DECLS

typedef struct
{
  char user[40], device[40];
  char *path;                  /* (owned) */
  CslSecret *key, *device_key; /* (owned) */
  CslCredentials *credentials; /* (owned) */
  CslTransport *transport;     /* (owned) */
  CslVault *vault;             /* (owned) */
  CslReader *reader;           /* (owned) */
  CslSyncDriver *driver;       /* (owned) */
} CslDirectDevice;

/* Signs in, makes the replica in the agency's folder, which takes it away again. Freed before the agency. */
CslDirectDevice *csl_direct_device_new (CsdTestAgency *agency, const char *username)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_direct_device_free (CslDirectDevice *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslDirectDevice, csl_direct_device_free)
/* Until there is nothing to do. */
void csl_direct_device_sync (CslDirectDevice *self);

G_END_DECLS
