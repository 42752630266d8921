/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server's own files know of CsdServer. */
#pragma once

#include "server/csd-server.h"
#include "server/handlers/csd-commit.h"

G_BEGIN_DECLS

struct _CsdServer
{
  char *folder;            /* (owned) */
  const CslSchema *schema; /* (owned) */
  const CslEnv *env;       /* (unowned) */
  CsdServerConfig config;
  CsdSecrets secrets;
  CsdRegistry *registry; /* (owned) */
  CsdAuth auth;
  GMutex lock;               /* guards organisations */
  GHashTable *organisations; /* (owned) id → CsdOrganisation (owned) */
  CsdCommitFunc committed;
  CsdRevokedFunc revoked;
  gpointer listener_data;
};

/* The organisation, opened when needed; NULL with @error when its file cannot be opened. Stays open. */
CsdOrganisation *csd_server_get_organisation (CsdServer *self,
                                              const char *id,
                                              GError **error);
char *csd_server_dup_organisation_path (CsdServer *self, const char *id)
  G_GNUC_WARN_UNUSED_RESULT;
/* Tells who listens of a durable @commit, before it is cleared. */
void csd_server_announce (CsdServer *self, CsdCommit *commit);

G_END_DECLS
