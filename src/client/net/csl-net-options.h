/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslNetOptions: which server, which certificate authority, who we are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The access token to send, or NULL for none (transfer full). Called on the network thread
 * before each request. */
typedef char *(*CslTokenFunc) (gpointer data);

/* Texts are borrowed during the call that takes the options. */
typedef struct
{
  const char *server;     /* "https://caseload.example.org" or with a port; https only */
  const char *ca_file;    /* (nullable) PEM file of the only authority to trust; NULL: the
                        * system's */
  const char *user_agent; /* "Caseload/0.1.0" */
  guint schema;           /* sent as Caseload-Schema */
  guint timeout_s;        /* of connecting and of silence; 0: 30 */
  CslTokenFunc token;     /* (nullable) */
  gpointer data;
} CslNetOptions;

G_END_DECLS
