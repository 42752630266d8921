/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated world: the real server core without sockets, one clock and one seeded source of
 * randomness for everybody, and a network that loses, repeats, delays and cuts. One seed is one
 * history. */
#pragma once

#include "core/wire/csl-transport.h"
#include "server/csd-admin.h"

G_BEGIN_DECLS

#define CSL_SIM_PASSWORD "correct horse battery"
#define CSL_SIM_USERS    3

/* Chances in a thousand, per exchange. */
typedef struct
{
  guint drop;       /* the request is lost */
  guint repeat;     /* it arrives twice */
  guint late;       /* a copy of it arrives once more, later */
  guint lose_reply; /* it was handled, the answer is lost */
  guint cut;        /* the answer stops at any byte */
  guint garbage;    /* a page of a hotel */
  guint busy;       /* 503 from the proxy */
} CslSimFaults;

typedef struct
{
  guint64 seed, random;
  gint64 now_ms;
  CslEnv env;
  const CslSchema *schema; /* (unowned) */
  char *folder;            /* (owned) */
  CsdServerConfig config;
  CsdServer *server; /* (owned) */
  char organisation[40], centre[40];
  char users[CSL_SIM_USERS][40];
  CslSimFaults faults;
  GPtrArray *late;     /* (owned) of requests on their way */
  guint tokens;        /* made so far */
  GHashTable *deleted; /* (owned) set of ids somebody deleted */
  guint exchanges, faulted, restored, rewound, forgotten;
  GBytes *backup; /* (owned) (nullable) */
} CslSimWorld;

extern const char
  *const csl_sim_usernames[CSL_SIM_USERS]; /* two caseworkers and their manager */

/* A world with the server and the people of @template. */
CslSimWorld *csl_sim_world_new (const CslSchema *schema,
                                const CslSimWorld *template,
                                guint64 seed);
/* A world of seed 0 whose server the others copy. */
CslSimWorld *csl_sim_world_new_template (const CslSchema *schema);
void csl_sim_world_free (CslSimWorld *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSimWorld, csl_sim_world_free)
/* In [0, n) */
guint csl_sim_world_pick (CslSimWorld *self, guint n);
bool csl_sim_world_chance (CslSimWorld *self, guint per_mille);
/* A word that occurs nowhere else. */
char *csl_sim_world_make_token (CslSimWorld *self);
/* Faults as this seed has them: some seeds are quiet, some are bad. */
void csl_sim_world_roll_faults (CslSimWorld *self);
/* Closes and opens the server. */
void csl_sim_world_restart (CslSimWorld *self);
/* Keeps a copy of the organisation's file; puts the copy back, as after a lost disk. */
void csl_sim_world_back_up (CslSimWorld *self);
void csl_sim_world_restore (CslSimWorld *self);
/* The server forgets all tombstones, as after a long time. */
void csl_sim_world_forget (CslSimWorld *self);
/* Everything the server keeps, as text: records, history, what waits for a supervisor. */
char *csl_sim_world_dump (CslSimWorld *self);
gint64 csl_sim_world_get_head (CslSimWorld *self);

/* What has happened, to see that a run covers what it claims. */
typedef struct
{
  gint64 operations, refused, conflicts, escrowed, ended_access, exchanges, faults;
  gint64 restored, rewound, forgotten;
} CslSimTally;

/* Adds this world's. */
void csl_sim_world_count (CslSimWorld *self, CslSimTally *tally);

/* Content of a file, or NULL; and the other way round. */
GBytes *csl_sim_read_file (const char *path);
void csl_sim_write_database (const char *path, GBytes *content);

/* A transport into this world. @token: as CslTokenFunc. */
CslTransport *csl_sim_transport_new (CslSimWorld *world,
                                     char *(*token) (gpointer),
                                     gpointer data);
void csl_sim_transport_free (CslTransport *transport);
/* Of CslSimWorld.late. */
void csl_sim_message_free (gpointer message);

G_END_DECLS
