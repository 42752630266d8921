/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslWindow: the window: signing in, then the shell. Its title never names a person. */
#pragma once

#include "client/app/csl-account.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_WINDOW (csl_window_get_type ())
G_DECLARE_FINAL_TYPE (CslWindow, csl_window, CSL, WINDOW, AdwApplicationWindow)

/* From the command line; every member may be NULL. */
typedef struct
{
  const char *account; /* id or user name to open at once */
  const char *server;  /* filled in on the sign-in page */
  const char *ca_file;
} CslWindowStart;

GtkWindow *csl_window_new (GtkApplication *application, gboolean offline)
  G_GNUC_WARN_UNUSED_RESULT;
/* Opens the only account, lets the person choose among several, or asks to sign in. */
void csl_window_start (CslWindow *self, const CslWindowStart *start);
/* Shows the shell for @session, or signs out of it (NULL). */
void csl_window_set_session (CslWindow *self, CslSession *session);
/* Nobody is signed in: shows again who may. */
void csl_window_choose_account (CslWindow *self);
/* Locks soon: what is not saved is written as a draft, then the process is replaced by one that shows the unlock page. */
void csl_window_lock (CslWindow *self);
GtkWidget *csl_window_get_shell (CslWindow *self);
/* Runs a command of the window (a detailed name) as soon as somebody is signed in. */
void csl_window_run (CslWindow *self, const char *action);

G_END_DECLS
