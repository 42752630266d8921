/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-net-transport.c: one HTTPS request at a time over a kept connection.
 *
 * Threads: made anywhere; the first exchange binds it to its thread, because a SoupSession
 * belongs to one. Every request of the protocol may be repeated, so each one is marked as
 * idempotent: without that libsoup opens a new connection for every POST.
 */
#include "client/net/csl-net-transport.h"

#include "client/net/csl-net-body.h"
#include "client/net/csl-net-session.h"

#include <string.h>

#define PROTOCOL_VERSION  "1"
#define MAX_RETRY_AFTER_S 3600

typedef struct
{
  CslTransport base;
  GUri *server;     /* (owned) */
  char *prefix;     /* (owned): path of the address without its final slash */
  char *ca_file;    /* (owned) (nullable) */
  char *user_agent; /* (owned) */
  char *schema;     /* (owned) */
  guint timeout_s;
  CslTokenFunc token;
  gpointer data;
  SoupSession *session; /* (owned) (nullable) */
  GThread *thread;      /* (unowned): where @session is used */
} NetTransport;

static bool
open_session (NetTransport *self, GError **error)
{
  if (self->session == NULL) {
    self->session =
      csl_net_session_new (self->ca_file, self->user_agent, self->timeout_s, error);
    self->thread = g_thread_self ();
  }
  g_assert (self->thread == g_thread_self ());
  return self->session != NULL;
}

static void
set_headers (NetTransport *self, const CslExchange *request, SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *token = NULL;

  soup_message_headers_replace (headers, "Caseload-Protocol", PROTOCOL_VERSION);
  soup_message_headers_replace (headers, "Caseload-Schema", self->schema);
  soup_message_headers_replace (headers, "Accept-Encoding", "gzip");
  if (!request->anonymous && self->token != NULL)
    token = self->token (self->data);
  if (token != NULL) {
    g_autofree char *value = g_strconcat ("Bearer ", token, NULL);

    soup_message_headers_replace (headers, "Authorization", value);
  }
}

static SoupMessage *
make_message (NetTransport *self, const CslExchange *request)
{
  g_autofree char *path = g_strconcat (self->prefix, request->path, NULL);
  g_autoptr (GUri) uri = g_uri_build (SOUP_HTTP_URI_FLAGS, "https", NULL,
                                      g_uri_get_host (self->server),
                                      g_uri_get_port (self->server), path, NULL, NULL);
  SoupMessage *message = soup_message_new_from_uri (request->method, uri);

  soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT | SOUP_MESSAGE_NO_REDIRECT |
                                     SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
  set_headers (self, request, message);
  if (request->body != NULL)
    soup_message_set_request_body_from_bytes (message,
                                              g_str_has_suffix (request->path, "/push")
                                                ? "application/x-ndjson"
                                                : "application/json",
                                              request->body);
  return message;
}

/* Seconds, or an HTTP date: then counted from the server's own time. */
static guint
read_retry_after (const char *text, gint64 server_time_s)
{
  g_autoptr (GDateTime) when = NULL;
  guint64 seconds = 0;

  if (text == NULL ||
      g_ascii_string_to_unsigned (text, 10, 0, MAX_RETRY_AFTER_S, &seconds, NULL))
    return (guint) seconds;
  when = soup_date_time_new_from_http_string (text);
  if (when == NULL || server_time_s == 0)
    return 0;
  return (guint) CLAMP (g_date_time_to_unix (when) - server_time_s, 0, MAX_RETRY_AFTER_S);
}

static void
fill_reply (CslExchangeReply *reply, SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *date = soup_message_headers_get_one (headers, "Date");
  g_autoptr (GDateTime) time = date != NULL ? soup_date_time_new_from_http_string (date)
                                            : NULL;
  gint64 time_s = time != NULL ? g_date_time_to_unix (time) : 0;

  reply->status = soup_message_get_status (message);
  reply->server_time_ms = time_s * 1000;
  reply->retry_after_s =
    read_retry_after (soup_message_headers_get_one (headers, "Retry-After"), time_s);
}

static bool
refuse (CslExchangeReply *reply, GError **error)
{
  g_set_error (error, CSL_NET_ERROR, (int) csl_net_error_from_status (reply->status),
               "status %u, code %s", reply->status,
               reply->error_code != NULL ? reply->error_code : "none");
  return false;
}

static bool
net_transport_exchange (CslTransport *transport,
                        const CslExchange *request,
                        CslExchangeReply *reply,
                        CslLineFunc on_line,
                        gpointer data,
                        GCancellable *cancellable,
                        GError **error)
{
  NetTransport *self = (NetTransport *) transport;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GInputStream) stream = NULL;
  GError *raw = NULL;
  bool done;

  *reply = (CslExchangeReply){ 0 };
  if (!open_session (self, error))
    return false;
  message = make_message (self, request);
  reply->bytes_sent = request->body != NULL ? g_bytes_get_size (request->body) : 0;
  stream = soup_session_send (self->session, message, cancellable, &raw);
  if (stream == NULL) {
    csl_net_error_propagate (error, raw);
    return false;
  }
  fill_reply (reply, message);
  if (reply->status == SOUP_STATUS_OK)
    done = csl_net_body_read_lines (message, stream, on_line, data,
                                    &reply->bytes_received, cancellable, error);
  else if (reply->status == SOUP_STATUS_NO_CONTENT)
    done = true;
  else {
    csl_net_body_read_error (message, stream, reply, cancellable);
    done = refuse (reply, error);
  }
  /* Left in the middle, libsoup closes the connection. */
  g_input_stream_close (stream, NULL, NULL);
  return done;
}

/**
 * csl_net_transport_new:
 * @options: copied; its token function is called on the thread of the exchange
 *
 * Returns: (transfer full): a transport; %NULL with %CSL_NET_ERROR_REFUSED when the address
 *   is not https
 */
CslTransport *
csl_net_transport_new (const CslNetOptions *options, GError **error)
{
  g_autoptr (GUri) server = csl_net_server_parse (options->server, error);
  NetTransport *self;
  gsize length;

  if (server == NULL)
    return NULL;
  self = g_new0 (NetTransport, 1);
  self->base.exchange = net_transport_exchange;
  self->prefix = g_strdup (g_uri_get_path (server));
  length = strlen (self->prefix);
  if (length > 0 && self->prefix[length - 1] == '/')
    self->prefix[length - 1] = '\0';
  self->server = g_steal_pointer (&server);
  self->ca_file = g_strdup (options->ca_file);
  self->user_agent = g_strdup (options->user_agent);
  self->schema = g_strdup_printf ("%u", options->schema);
  self->timeout_s = options->timeout_s;
  self->token = options->token;
  self->data = options->data;
  return &self->base;
}

/** csl_net_transport_free: closes its connections; on the thread of the exchanges. */
void
csl_net_transport_free (CslTransport *transport)
{
  NetTransport *self = (NetTransport *) transport;

  if (self == NULL)
    return;
  g_assert (self->session == NULL || self->thread == g_thread_self ());
  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_pointer (&self->server, g_uri_unref);
  g_free (self->prefix);
  g_free (self->ca_file);
  g_free (self->user_agent);
  g_free (self->schema);
  g_free (self);
}
