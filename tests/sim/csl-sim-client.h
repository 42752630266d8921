/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One device of one person in a simulated world: a real encrypted replica and the real sync driver,
 * without threads. */
#pragma once

#include "client/app/csl-sync-driver.h"
#include "client/app/csl-vault.h"
#include "sim/csl-sim-world.h"
#include "store/csl-reader.h"
#include "store/csl-replica-edit.h"
#include "store/csl-replica-outbox.h"

G_BEGIN_DECLS

/* An edit whose author must go on seeing it. */
typedef struct
{
  const CslRecordType *type;
  char id[40];
  guint field;
  char *before, *after; /* (owned) (nullable) */
} CslSimEdit;

typedef struct
{
  CslSimWorld *world;
  char name[32]; /* for messages: "amina/1" */
  const char *username;
  char user[40];
  char *path;                  /* (owned) */
  CslSecret *key, *device_key; /* (owned) */
  char device[40];
  CslCredentials *credentials; /* (owned) */
  CslVault *vault;             /* (owned) */
  CslReader *reader;           /* (owned) */
  CslTransport *transport;     /* (owned) */
  CslSyncDriver *driver;       /* (owned) */
  GPtrArray *edits;            /* (owned) of CslSimEdit */
  GPtrArray *tokens;           /* (owned) of char*: everything typed here */
  GPtrArray *pairs; /* (owned) of char*: ids of two records made in one act, "id id" */
  GHashTable *revs; /* (owned) id → gint64*: highest rev seen */
  char epoch[40];   /* of @revs */
  GBytes *copy;     /* (owned) (nullable) */
  GPtrArray *tokens_since; /* (owned) of char*: typed after the copy */
} CslSimClient;

/* Signs in, makes the replica. */
CslSimClient *csl_sim_client_new (CslSimWorld *world, guint user, guint number);
void csl_sim_client_free (CslSimClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSimClient, csl_sim_client_free)
/* The program ends (without a word) and starts again. */
void csl_sim_client_restart (CslSimClient *self);
/* Keeps a copy of the replica's file; puts the copy back: what was typed since is forgotten. */
void csl_sim_client_copy (CslSimClient *self);
void csl_sim_client_rewind (CslSimClient *self);
gint64 csl_sim_client_sync (CslSimClient *self);
CslOutboxCounts csl_sim_client_count (CslSimClient *self);
CslReplicaIdentity csl_sim_client_get_identity (CslSimClient *self);
/* Entries that are not acknowledged; (element-type CslOutboxEntry). */
GPtrArray *csl_sim_client_list_outbox (CslSimClient *self);

/* A new client with a case. */
void csl_sim_client_open_case (CslSimClient *self);
/* One random act of the person at this device. */
void csl_sim_client_act (CslSimClient *self);

G_END_DECLS
