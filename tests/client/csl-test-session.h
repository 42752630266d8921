/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session on a real encrypted replica in a temporary folder, with no server: for tests of what is saved and kept. */
#pragma once

#include "client/app/csl-session.h"
#include "client/app/csl-worker.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder;        /* (owned) */
  CslSession *session; /* (owned) */
  CslWorker *database; /* (owned): what the session writes on */
  CslRecord *client,
    *other_case; /* (owned): a client with a case, as the server sent them */
} CslTestSession;

/* Opens the replica of @folder, or makes a new one in a new folder (NULL). */
void csl_test_session_init (CslTestSession *test, const char *folder);
/* Closes the session as quitting does; the folder stays for another init. */
void csl_test_session_close (CslTestSession *test);
/* Closes, and removes the folder. */
void csl_test_session_clear (CslTestSession *test);
/* Waits for what is being written. */
void csl_test_session_settle (CslTestSession *test);
/* Saves and waits; the test fails when it is not saved. */
void csl_test_session_save (CslTestSession *test, const CslEdit *edit);
/* Takes in one page from a server: lines without head and done. */
void csl_test_session_receive (CslTestSession *test, gint64 until, const char *lines);

G_END_DECLS
