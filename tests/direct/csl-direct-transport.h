/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way from a client to a server in the same process, without sockets and without trouble; and its pieces, for who
 * puts trouble in between. */
#pragma once

#include "core/wire/csl-transport.h"
#include "server/csd-server.h"

G_BEGIN_DECLS

/* What a server said. */
typedef struct
{
  CsdResponse head;
  GString *body; /* (owned) */
} CslDirectAnswer;

/* The answer is an error: @reply and @error say which, as after HTTP. Returns: false */
bool csl_direct_answer_refuse (const CslDirectAnswer *self,
                               CslExchangeReply *reply,
                               GError **error);
/* Who takes the lines of an answer. */
typedef struct
{
  CslExchangeReply *reply;
  CslLineFunc on_line;
  gpointer data;
} CslDirectTaker;

/* Gives @text as the body that came with the answer's head: line by line, or whole when it is JSON. */
bool csl_direct_answer_feed (const CslDirectAnswer *self,
                             const char *text,
                             gsize length,
                             const CslDirectTaker *taker,
                             GError **error);

/* @server: where the server is found at each exchange, for it may be restarted; @now_ms: its clock.
 * @token: as CslTokenFunc. */
typedef struct
{
  CsdServer *const *server;
  const gint64 *now_ms;
  char *(*token) (gpointer);
  gpointer data;
} CslDirectLine;

CslTransport *csl_direct_transport_new (const CslDirectLine *line)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_direct_transport_free (CslTransport *transport);

G_END_DECLS
