/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everyday work that many conversations begin with: a case, notes, access that is given and ends, a server put back. */
#pragma once

#include "server/csd-fixture.h"

G_BEGIN_DECLS

/* Amina and her manager with a case of Amina's. */
typedef struct
{
  Client *amina, *manager;   /* (owned) */
  char person[40], file[40]; /* ids of a client and of the case */
  gint64 base;               /* the head then */
} Work;

void work_init (Work *work, Fixture *fixture);
void work_clear (Work *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

/* One operation on what is the newest; it must be accepted. */
void push_ok (Client *client,
              const char *act,
              const char *type,
              const char *id,
              const char *set,
              const char *was);
/* The id of the note is written. */
void add_note (Client *client,
               const char *person,
               const char *file,
               const char *text,
               char id[40]);
/* @user covers the case from now on; the id of the assignment is written. */
void give_case (Client *manager, const char *file, const char *user, char id[40]);
void end_assignment (Client *manager, const char *assignment);
/* Content of a note about a case, as JSON. Caller frees. */
char *dup_note_set (const char *person,
                    const char *file,
                    const char *author,
                    const char *text);
/* Content of an event of a case, as JSON. Caller frees. */
char *dup_event_set (Fixture *fixture, const char *file, const char *action);
/* What the server tells of the changes of one record. */
Reply *client_ask_history (Client *client, const char *type, const char *id);

/* A copy of the organisation's file, and the server with that copy again. */
void keep_data (Fixture *fixture);
void put_data_back (Fixture *fixture);

G_END_DECLS
