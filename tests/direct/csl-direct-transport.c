/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-direct-transport.c: exchanges that are calls of a function. */
#include "direct/csl-direct-transport.h"

#include "client/net/csl-line-reader.h"
#include "client/net/csl-net-session.h"
#include "server/csd-test-agency.h"

#include <string.h>

/* Those of src/client/net. */
#define MAX_LINE (1024 * 1024)
#define MAX_BODY (64 * 1024 * 1024)

typedef struct
{
  CslTransport base;
  CslDirectLine line;
} DirectTransport;

bool
csl_direct_answer_refuse (const CslDirectAnswer *self,
                          CslExchangeReply *reply,
                          GError **error)
{
  (void) csl_exchange_reply_read_error (reply, self->body->str, self->body->len);
  reply->retry_after_s = self->head.retry_after_s;
  g_set_error (error, CSL_NET_ERROR, (int) csl_net_error_from_status (reply->status),
               "status %u, code %s", reply->status,
               reply->error_code != NULL ? reply->error_code : "none");
  return false;
}

bool
csl_direct_answer_feed (const CslDirectAnswer *self,
                        const char *text,
                        gsize length,
                        const CslDirectTaker *taker,
                        GError **error)
{
  g_auto (CslLineReader) reader = { 0 };

  if (strcmp (self->head.content_type, CSD_TYPE_JSON) == 0)
    return taker->on_line (text, length, taker->data, error);
  csl_line_reader_init (&reader, MAX_LINE, MAX_BODY, taker->on_line, taker->data);
  return csl_line_reader_push (&reader, text, length, error) &&
         csl_line_reader_finish (&reader, error);
}

static bool
give_answer (const CslDirectAnswer *answer, const CslDirectTaker *taker, GError **error)
{
  taker->reply->status = answer->head.status;
  taker->reply->bytes_received = answer->body->len;
  if (answer->head.status == 204)
    return true;
  if (answer->head.status != 200)
    return csl_direct_answer_refuse (answer, taker->reply, error);
  return csl_direct_answer_feed (answer, answer->body->str, answer->body->len, taker,
                                 error);
}

static bool
direct_exchange (CslTransport *transport,
                 const CslExchange *request,
                 CslExchangeReply *reply,
                 CslLineFunc on_line,
                 gpointer data,
                 GCancellable *cancellable,
                 GError **error)
{
  const CslDirectLine *line = &((DirectTransport *) transport)->line;
  g_autofree char *token = request->anonymous ? NULL : line->token (line->data);
  g_autofree char *authorization = token != NULL ? g_strconcat ("Bearer ", token, NULL)
                                                 : NULL;
  g_autoptr (GString) body = g_string_new (NULL);
  CslDirectAnswer answer = { .body = body };
  const CslDirectTaker taker = { reply, on_line, data };
  const CsdRequest asked = { .method = request->method,
                             .path = request->path,
                             .authorization = authorization,
                             .body = request->body,
                             .remote = "192.0.2.1" };

  *reply = (CslExchangeReply){ .server_time_ms = *line->now_ms };
  csd_test_ask (*line->server, &asked, &answer.head, body);
  return give_answer (&answer, &taker, error);
}

CslTransport *
csl_direct_transport_new (const CslDirectLine *line)
{
  DirectTransport *self = g_new0 (DirectTransport, 1);

  self->base.exchange = direct_exchange;
  self->line = *line;
  return &self->base;
}

void
csl_direct_transport_free (CslTransport *transport)
{
  g_free (transport);
}
