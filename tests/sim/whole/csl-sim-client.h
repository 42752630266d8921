/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One device of one person in a simulated world: a real encrypted replica on a simulated disk and the real sync driver,
 * without threads. */
#pragma once

#include "client/app/csl-sync-driver.h"
#include "client/app/csl-vault.h"
#include "sim/whole/csl-sim-world.h"
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
  const CslSchema *schema; /* (unowned): the record types its program knows */
  char name[32];           /* for messages: "amina/1" */
  const CslSimPerson *person;
  guint organisation;
  const char *user; /* (unowned) id */
  char *path;       /* (owned) */
  CslSimDisk *disk; /* (owned) */
  gint64 skew_ms;   /* of this computer's clock */
  gint64 frozen_ms; /* 0: it goes */
  CslEnv env;
  CslSecret *key, *device_key; /* (owned) */
  char device[40];
  char *old_refresh;           /* (owned) (nullable): what the keyring had before */
  CslCredentials *credentials; /* (owned) */
  CslVault *vault;             /* (owned) */
  bool reads_apart;            /* through a connection of its own */
  CslReader *reader;           /* (owned) */
  CslTransport *transport;     /* (owned) */
  CslSyncDriver *driver;       /* (owned) */
  CslRecord *form; /* (owned) (nullable): a case that was opened and is still looked at */
  GPtrArray *edits;   /* (owned) of CslSimEdit */
  GPtrArray *tokens;  /* (owned) of char*: everything typed here and saved */
  guint saved_tokens; /* of @tokens: those whose save came back */
  GPtrArray *pairs;   /* (owned) of char*: ids of two records made in one act, "id id" */
  GHashTable *revs;   /* (owned) id → gint64*: highest rev seen */
  char epoch[40];     /* of @revs */
  gint64
    revs_version; /* of the file when @revs were looked at; 0: not since it was opened */
  bool upgraded;  /* its file was made by an older program */
  bool ask_allowed; /* something happened after which the password is rightly asked for */
  gint64 signed_in_ms; /* with the password, by the server's clock */
  bool ever_planted;
  bool planted;            /* a sum or a row was made wrong, and is not repaired yet */
  bool altered;            /* a row: no sum tells */
  CslSimDisk *copy;        /* (owned) (nullable) */
  GPtrArray *tokens_since; /* (owned) of char*: typed after the copy */
} CslSimClient;

/* In a template: signs in, makes the replica. */
CslSimClient *csl_sim_client_new (CslSimWorld *world,
                                  const CslSchema *schema,
                                  guint person,
                                  guint number);
/* The device of a template, in a world made from that template. */
CslSimClient *csl_sim_client_new_copy (CslSimWorld *world, const CslSimClient *template);
void csl_sim_client_free (CslSimClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSimClient, csl_sim_client_free)
/* Closes the program. */
void csl_sim_client_stop (CslSimClient *self);
/* And opens it again. */
void csl_sim_client_reopen (CslSimClient *self);
/* Stopped: is the file refused, or damaged? FALSE: whole, as far as it is used. */
bool csl_sim_client_is_refused (CslSimClient *self);
/* The sum of one bucket, or of all, or a row is made wrong, once per device: the next pull, or the audit, notices and
 * repairs. */
void csl_sim_client_plant (CslSimClient *self);
/* The program reads its file once round, as it does when nobody touches it for long. */
void csl_sim_client_audit (CslSimClient *self);
/* The program ends (properly) and starts again. */
void csl_sim_client_restart (CslSimClient *self);
/* It starts again as the newest version. */
void csl_sim_client_upgrade (CslSimClient *self);
/* It ends without a word; @power: with the current. Comes back. */
void csl_sim_client_crash (CslSimClient *self, bool power);
/* After anything it did: a program that died, or lost trust in its disk, is started again. TRUE: it was. */
bool csl_sim_client_recover (CslSimClient *self);
/* Keeps a copy of the replica's file; puts the copy back: what was typed since is forgotten. */
void csl_sim_client_copy (CslSimClient *self);
void csl_sim_client_rewind (CslSimClient *self);
/* The person types the password again, when asked for it. */
bool csl_sim_client_sign_in (CslSimClient *self); /* whether it was asked for */
/* A keyring that lost the newest refresh token. */
void csl_sim_client_forget_refresh (CslSimClient *self);
gint64 csl_sim_client_sync (CslSimClient *self);
/* Nobody wakes the program: what it waits for comes to an end, until it waits for nothing. FALSE: that took too long. */
bool csl_sim_client_run_alone (CslSimClient *self);
CslOutboxCounts csl_sim_client_count (CslSimClient *self);
CslReplicaIdentity csl_sim_client_get_identity (CslSimClient *self);
/* Entries that are not acknowledged; (element-type CslOutboxEntry). */
GPtrArray *csl_sim_client_list_outbox (CslSimClient *self);
/* A look at the replica's file: the connection that the lists on the screen read with. */
CslDb *csl_sim_client_inspect (CslSimClient *self);
/* Another one whenever the file has changed. */
gint64 csl_sim_client_get_file_version (CslSimClient *self);
/* TRUE when @person was not asked for the password. */
bool csl_sim_client_is_signed_in (CslSimClient *self);

/* A new client with a case. */
void csl_sim_client_open_case (CslSimClient *self);
/* A note on one of the cases here. */
void csl_sim_client_write_note (CslSimClient *self);
/* One random act of the person at this device. */
void csl_sim_client_act (CslSimClient *self);
/* The refused client gets a real address. */
void csl_sim_client_mend_refused (CslSimClient *self);
/* A note and a client in one act, of which the server refuses the second. */
void csl_sim_client_write_half_refused (CslSimClient *self);
/* The same few titles are written by everybody who sees them; some have looked at theirs for long. */
void csl_sim_client_quarrel (CslSimClient *self);
void csl_sim_client_move_case (CslSimClient *self);
void csl_sim_client_give_access (CslSimClient *self);
void csl_sim_client_take_access (CslSimClient *self);

G_END_DECLS
