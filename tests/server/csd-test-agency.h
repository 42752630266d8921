/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server in this process with one organisation, two centres and a handful of people, for every test and measurement that
 * needs one. No sockets, no threads; the clock stands still until a test moves it. */
#pragma once

#include "server/csd-admin.h"

G_BEGIN_DECLS

#define CSD_TEST_PASSWORD "correct horse battery"

typedef struct
{
  char *folder;      /* (owned) */
  CslSchema *schema; /* (owned) */
  CslEnv env;
  gint64 now_ms;
  guint64 random;
  CsdServerConfig config;
  CsdServer *server; /* (owned) */
  char organisation[40];
  const char *signs_in_at; /* (unowned) short name of the one that people sign in to */
  char centre_a[40], centre_b[40];
  /* caseworkers of A, A and B; chair, manager and clerk of A */
  char amina[40], maria[40], bill[40], chair[40], manager[40], clerk[40];
} CsdTestAgency;

/* @in_memory: its files are in memory where there is a place for that, because the disk is not what is looked at. */
void csd_test_agency_init (CsdTestAgency *self, bool in_memory);
/* Closes the server, and removes the folder with everything that is in it. */
void csd_test_agency_clear (CsdTestAgency *self);
/* Closes and opens the server, with the configuration as it is now. */
void csd_test_agency_restart (CsdTestAgency *self);
/* feed = tables = sums. */
void csd_test_agency_verify (CsdTestAgency *self);

/* An organisation of a server, for what is put into it. */
typedef struct
{
  CsdServer *server;
  const CslSchema *schema;
  const CslEnv *env;
  const char *organisation; /* id */
} CsdTestPlace;

/* Their ids are written. The people have the password CSD_TEST_PASSWORD. */
void csd_test_add_centre (const CsdTestPlace *place,
                          const char *name,
                          const char *code,
                          char ret_id[40]);
void csd_test_add_person (const CsdTestPlace *place,
                          const char *username,
                          const char *role,
                          const char *centre,
                          char ret_id[40]);
/* Hands @request to @server: its whole answer is in @ret_head and @body. */
void csd_test_ask (CsdServer *server,
                   const CsdRequest *request,
                   CsdResponse *ret_head,
                   GString *body);
/* The next bytes that follow from @state, which is not 0. */
void csd_test_fill_random (guint64 *state, guint8 *buffer, gsize length);

G_END_DECLS
