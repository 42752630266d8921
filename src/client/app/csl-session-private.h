/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the session share, and how an account makes one. */
#pragma once

#include "client/app/csl-credentials.h"
#include "client/app/csl-item-pool.h"
#include "client/app/csl-outbox-list.h"
#include "client/app/csl-session.h"
#include "client/app/csl-sync-driver.h"
#include "client/app/csl-sync-info-private.h"
#include "client/app/csl-vault.h"
#include "client/app/csl-worker.h"
#include "store/csl-reader.h"
#include "store/csl-replica-outbox.h"

G_BEGIN_DECLS

typedef struct _CslAccount CslAccount;

/* Everything a session needs; the session takes the owned members (and clears them here). */
typedef struct
{
  const CslEnv *env;
  CslSchema *schema;           /* (owned) */
  CslWorker *database;         /* (owned) */
  CslReplica *replica;         /* (owned) */
  CslReader *reader;           /* (owned) */
  CslCredentials *credentials; /* (owned) */
  char *folder;                /* (owned) (nullable) of the account: none in tests */
  char *server, *ca_file;      /* (owned), the second (nullable) */
  char *username;              /* (owned) */
  char *display_name;          /* (owned) */
  char *organisation_name;     /* (owned) */
  CslAccount *account;         /* (owned) (nullable): none in tests */
  CslSecret *key;              /* (owned) (nullable): of the replica */
  CslSecret
    *recovery; /* (owned) (nullable): share for a forgotten PIN, after a password */
  int lock;    /* (owned) file descriptor, or -1 */
  char organisation[40], user[40];
  bool offline; /* no sync thread at all (tests) */
} CslSessionParts;

void csl_session_parts_clear (CslSessionParts *parts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslSessionParts, csl_session_parts_clear)
/* Starts syncing. CSL_NET_ERROR_REFUSED for a wrong server address. */
CslSession *csl_session_new (CslSessionParts *parts, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

struct _CslSession
{
  GObject parent_instance;

  CslSessionParts parts;
  CslVault *vault;       /* (owned) */
  CslItemPool *pool;     /* (owned) (nullable): gone when closed */
  GPtrArray *lists;      /* (owned) of CslRecordList (unowned), weakly */
  CslOutboxList *outbox; /* (owned) */
  CslSyncInfo *info;     /* (owned) */
  CslRecordItem *user;   /* (owned) */
  char *zone;            /* (owned) */
  GPtrArray *
    roles; /* (owned) (nullable) of CslRole (unowned), NULL-terminated: what memberships say */
  char *centre;            /* (owned) (nullable): of the main membership */
  CslTransport *transport; /* (owned): sync thread */
  CslSyncDriver *driver;   /* (owned) */
  CslWorker *network;      /* (owned) (nullable): requests on demand, made when needed */
  CslTransport *demand;    /* (owned) (nullable): of @network's thread */
  GHashTable
    *copied; /* (owned) (nullable): sums of the lines in verified sealed copies */
  GNetworkMonitor *monitor; /* (unowned) (nullable) */
  bool offline;
  char *place; /* (owned) (nullable): where the worker was when it was locked */

  /* what other threads tell; under the lock */
  GMutex lock;
  CslVaultChanges changes;
  CslSyncSnapshot report;
  bool changed, reported;
  bool removal;  /* an order to remove this copy is kept */
  GSource *idle; /* (owned) (nullable): will look at it */

  CslSyncSnapshot snapshot; /* main thread: last report */
  bool removal_told;
  gint64 flushed_us; /* monotonic */
};

/* Main thread: takes in what other threads changed; lists are up to date afterwards. */
void csl_session_flush (CslSession *self);
/* Any thread: an order to remove this copy was kept. */
void csl_session_note_removal (CslSession *self);
/* Counts what the header shows, after a save: @counts as the database has them. */
void csl_session_note_counts (CslSession *self, const CslOutboxCounts *counts);
/* Ends sync and network and closes the replica; waits for it. More than once does no harm. */
void csl_session_stop (CslSession *self);
void csl_session_read_place (CslSession *self);
/* Roles and centre of the worker; reads the memberships when they changed. */
void csl_session_forget_rights (CslSession *self);
CslActor csl_session_get_actor (CslSession *self);
const char *csl_session_get_centre (CslSession *self);
/* After a password: the slot for a forgotten PIN as the organisation wants it now. Any thread. */
void csl_session_take_recovery (CslSession *self, const CslTokens *tokens);
/* Runs on the network thread with its own transport (made when needed). */
void csl_session_queue_network (CslSession *self, GTask *task, GTaskThreadFunc func);
CslTransport *csl_session_get_demand_transport (CslSession *self, GError **error);
/* Differences this replica knows and nobody decided; closes unsent-work entries of decided ones. */
guint csl_session_count_differences (CslSession *self);
void csl_session_close_decided (CslSession *self);

G_END_DECLS
