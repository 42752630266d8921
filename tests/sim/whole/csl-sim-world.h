/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulated world: the real server core without sockets on a simulated disk, one clock and one seeded source of
 * randomness for everybody, and a network that loses, repeats, delays and cuts. One seed is one history. */
#pragma once

#include "core/wire/csl-transport.h"
#include "server/csd-admin.h"
#include "sim/simvfs/csl-sim-disk.h"
#include "sim/whole/csl-sim-tally.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

#define CSL_SIM_ORGANISATIONS 2
#define CSL_SIM_PEOPLE        4
#define CSL_SIM_TWO_CENTRES   1 /* the person */

typedef struct
{
  const char *username, *role;
  guint organisation;
} CslSimPerson;

extern const CslSimPerson csl_sim_people[CSL_SIM_PEOPLE];
extern const char *const csl_sim_codes[CSL_SIM_ORGANISATIONS];

/* Chances in a thousand, per exchange. */
typedef struct
{
  guint drop;       /* the request is lost */
  guint repeat;     /* it arrives twice */
  guint late;       /* a copy of it arrives once more, later */
  guint lose_reply; /* it was handled, the answer is lost */
  guint cut;        /* the answer stops at any byte */
  guint garbage;    /* lines that are no lines */
  guint portal;     /* a page of a hotel */
  guint expired;    /* 401 from something on the way */
  guint limited;    /* 429 */
  guint broken;     /* 500 */
  guint busy;       /* 503 */
  guint lists;      /* of those that ask what there is: lost as well */
} CslSimFaults;

/* What the server's buckets were at each commit the outside could see. */
typedef struct _CslSimModel CslSimModel;

typedef struct
{
  char id[40], centre[40];
  char elsewhere[40]; /* another centre, of which the second person is the manager */
  CslSimModel *model; /* (owned) */
} CslSimOrganisation;

typedef struct
{
  guint64 seed, random;
  gint64 now_ms;           /* true time */
  gint64 server_skew_ms;   /* of the server's clock */
  CslEnv env;              /* of the server */
  const CslSchema *schema; /* (unowned) */
  char *folder;            /* (owned) */
  CslSimDisk *disk;        /* (owned) of the server */
  CsdServerConfig config;
  CsdServer *server; /* (owned) */
  CslSimOrganisation organisations[CSL_SIM_ORGANISATIONS];
  char users[CSL_SIM_PEOPLE][40];
  bool disabled[CSL_SIM_PEOPLE];
  CslSimFaults faults;
  GPtrArray *late;      /* (owned) of requests on their way */
  guint tokens;         /* words made so far */
  GHashTable *words;    /* (owned) every word typed → id of who typed it (unowned) */
  GHashTable *about;    /* (owned) every word → id of the client it is about */
  GHashTable *erased;   /* (owned) set of ids of clients erased by law */
  GHashTable *deleted;  /* (owned) set of ids somebody deleted */
  GHashTable *deleters; /* (owned) "device id" → GPtrArray of char*: as seen there */
  GHashTable *answers;  /* (owned) op id → what was answered */
  GHashTable *typed;    /* (owned) op id → its line, as the server saw it */
  GHashTable
    *lost; /* (owned) "record field text" → what a lost history replaced by that text */
  GHashTable
    *lost_words; /* (owned) set of "bucket word": what records of a lost history said */
  CslSimDisk *backup; /* (owned) (nullable) */
  guint n_backups, n_twins;
  guint restore_in; /* so many exchanges the server is put back; 0: not */
  CslSimTally tally;
  GChecksum *digest; /* (owned) of everything said */
  bool trace;
} CslSimWorld;

/* A world of seed 0 whose server the others copy. Close it before it is copied. */
CslSimWorld *csl_sim_world_new_template (const CslSchema *schema);
/* A second centre in each organisation, made when the people have their first cases. */
void csl_sim_world_add_elsewhere (CslSimWorld *self);
void csl_sim_world_close (CslSimWorld *self);
/* A world with the server and the people of @template. @page_bytes: the server's pages are that long. */
CslSimWorld *csl_sim_world_new (const CslSimWorld *template,
                                guint64 seed,
                                gint64 page_bytes);
void csl_sim_world_free (CslSimWorld *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSimWorld, csl_sim_world_free)
/* What a server keeps outside its databases. */
void csl_sim_world_copy_plain_files (const char *from, const char *to);
/* Takes away the folders that a dead @process left behind. */
void csl_sim_world_sweep (gint64 process);
/* Everything random from now on follows from @seed. */
void csl_sim_world_reseed (CslSimWorld *self, guint64 seed);
void csl_sim_world_fill_random (gpointer world, guint8 *buffer, gsize length);
/* In [0, n) */
guint csl_sim_world_pick (CslSimWorld *self, guint n);
bool csl_sim_world_chance (CslSimWorld *self, guint per_mille);
/* A word that occurs nowhere else; it tells its organisation. */
char *csl_sim_world_make_token (CslSimWorld *self, guint organisation);
bool csl_sim_world_has_typed (CslSimWorld *self, const char *user, const char *word);
/* Was @word typed about somebody who has been erased by law? */
bool csl_sim_world_is_erased (CslSimWorld *self, const char *word);
void csl_sim_world_count (CslSimWorld *self, CslSimCount count);
/* One line of the trace, and of the digest. */
void csl_sim_world_say (CslSimWorld *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* -- the server's program and disk (csl-sim-server.c) -- */

void csl_sim_server_open (CslSimWorld *self);
void csl_sim_server_close (CslSimWorld *self);
/* After every request: a program that died, or lost trust in its disk, is started again. TRUE: it did not answer. */
bool csl_sim_server_recover (CslSimWorld *self);
/* Gone without a word; @power: with the current. Comes back. */
void csl_sim_server_crash (CslSimWorld *self, bool power);
/* Keeps a copy of the organisations' files (@tell: by the server itself, which tells the devices); puts it back, as after
 * a lost disk. */
void csl_sim_server_back_up (CslSimWorld *self, bool tell);
void csl_sim_server_restore (CslSimWorld *self);
/* Somebody of @organisation is erased by law, unless hardly anybody is left (csl-sim-erase.c). */
void csl_sim_server_erase (CslSimWorld *self, guint organisation);
/* The server's file of one organisation. */
CslDb *csl_sim_server_observe (CslSimWorld *self, guint organisation);
gint64 csl_sim_server_get_head (CslSimWorld *self, guint organisation);
/* Everything the server keeps of one organisation, as text: records, history, what waits for a supervisor. */
char *csl_sim_server_dump (CslSimWorld *self, guint organisation);

/* -- the network (csl-sim-transport.c) -- */

typedef struct
{
  CslSimWorld *world;
  const char *name; /* of the device */
  CslSimDisk *disk; /* of the device: the dead do not speak */
  char *(*token) (gpointer);
  gpointer data;
  bool *ask_allowed; /* set when something else than the server refused a refresh */
} CslSimLine;

/* A transport into this world. @token: as CslTokenFunc. */
CslTransport *csl_sim_transport_new (const CslSimLine *line);
void csl_sim_transport_free (CslTransport *transport);
/* Of CslSimWorld.late. */
void csl_sim_message_free (gpointer message);
/* What a push said and what it was told (csl-sim-answers.c): I3, and the verdicts. */
void csl_sim_note_push (CslSimWorld *self, GBytes *body, const GString *answer);
void csl_sim_note_pull (CslSimWorld *self, const GString *answer);

/* -- what is wrong -- */

/* Ends the history. The message names the seed, the device and, in front, the invariant. */
void csl_sim_fail (CslSimWorld *self, const char *who, const char *format, ...)
  G_GNUC_PRINTF (3, 4) G_GNUC_NORETURN;
/* Where to write down what is being checked by assertions just now, 16 bytes. NULL: nowhere. */
extern char *csl_sim_checking;
void csl_sim_check_begin (const char *name);
void csl_sim_check_end (void);
/* Where failures are told; NULL: g_error. */
extern void (*csl_sim_fail_func) (const char *message);

G_END_DECLS
