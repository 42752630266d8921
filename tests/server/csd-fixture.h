/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agency of csd-test-agency.h, and clients that talk to its server in the protocol's own words. */
#pragma once

#include "server/csd-server-private.h"
#include "server/csd-test-agency.h"

/* Short names for what tests say often. */
#define PASSWORD        CSD_TEST_PASSWORD
#define fixture_restart csd_test_agency_restart
#define assert_verified csd_test_agency_verify

/* The result of one answer of a push. */
#define RESULT(answers, i, expected) assert_json ((answers)[i], "r", expected)

typedef CsdTestAgency Fixture;

typedef struct
{
  Fixture *fixture;
  char device[40], inc[40], user[40];
  guint8 secret[64];
  char *access, *refresh; /* (owned) */
  gint64 n;               /* of the last operation made */
} Client;

typedef struct
{
  guint status, retry_after_s;
  char code[32];
  GString *body; /* (owned) */
} Reply;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

Reply *reply_new (Fixture *fixture,
                  const char *method,
                  const char *path,
                  const char *access,
                  const char *body);
void reply_free (Reply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)
/* Lines of the body. */
char **reply_lines (const Reply *reply);
/* Text of a member of a JSON object; NULL when missing. Numbers as text. */
char *json_get (const char *object, const char *member);
#define assert_json(object, member, expected)                                            \
  G_STMT_START                                                                           \
  {                                                                                      \
    g_autofree char *value_ = json_get (object, member);                                 \
    g_assert_cmpstr (value_, ==, expected);                                              \
  }                                                                                      \
  G_STMT_END

Client *client_new (Fixture *fixture, const char *username);
void client_free (Client *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)
Reply *client_sign_in (Client *client, const char *username, const char *password);
Reply *client_refresh (Client *client, const char *token);
/* Takes the tokens out of an answer. */
void client_take_tokens (Client *client, const Reply *reply);
Reply *client_post (Client *client, const char *path, const char *body);

/* One operation in a group of its own. @set and @was are JSON objects. */
char *client_op (Client *client,
                 const char *act,
                 const char *type,
                 const char *id,
                 gint64 base,
                 const char *set,
                 const char *was);
/* With a place in a group and more members ("\"reason\":\"…\","). */
char *client_op_full (Client *client,
                      const char *group,
                      const char *place,
                      const char *more,
                      const char *act,
                      const char *type,
                      const char *id,
                      gint64 base,
                      const char *set,
                      const char *was);
/* Sends one operation (takes it); its answer. Caller frees. */
char *client_send (Client *client, char *op);
/* Sends one operation (takes it); fails the test when its result is another one. */
void client_expect (Client *client, char *op, const char *result);
/* Sends lines (NULL-terminated) behind a head; gives the answers. */
char **client_push (Client *client, const char *line, ...) G_GNUC_NULL_TERMINATED;
/* One page of a pull; *resume (owned) goes on, NULL when the pull is done. Its lines are added to @all. */
void client_pull_page (Client *client,
                       gint64 since,
                       gint64 page_bytes,
                       char **resume,
                       GString *all);
/* A whole pull: all pages, all lines. @page_bytes 0: the server's choice. @ret_pages may be NULL. */
char **client_pull (Client *client, gint64 since, gint64 page_bytes, guint *ret_pages);
/* The first line whose members have these values ("t", "put", "k", "note", …, NULL). */
const char *find_line (char **lines, ...) G_GNUC_NULL_TERMINATED;
guint count_lines (char **lines, const char *t);
bool any_contains (char **lines, const char *text);
gint64 get_head (Fixture *fixture);
void new_id (Fixture *fixture, char id[40]);

/* Content of a client, as JSON. Caller frees. */
char *dup_person_set (Fixture *fixture);
/* Lines that create a client and a case of it; ids are written. Caller frees. */
char *client_dup_case_lines (Client *client, char client_id[40], char case_id[40]);
/* A client and a case of it, pushed by @client; ids are written. Returns nothing: fails the test instead. */
void client_make_case (Client *client, char client_id[40], char case_id[40]);
