/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-exchange.c: one request on its way.
 *
 * Made on the main thread when its body is complete, handled on a worker, and written out again by the main thread in
 * pieces. `lock` guards what both sides touch. The message stays paused while there is nothing to write.
 */
#define G_LOG_DOMAIN "caseload-http"
#include "config.h"

#include "server/http/csd-exchange.h"

#include "server/http/csd-queue.h"

#include <string.h>

/* Answers of this many bytes begin to leave before they are complete. */
#define STREAM_SIZE 4096
#define BODY_KEY    "csd-body"

/* What has come of a request's body. */
typedef struct
{
  GByteArray *bytes; /* (owned) */
  gsize limit;
  bool too_large;
} Body;

struct _CsdExchange
{
  int references;             /* atomic */
  GMainContext *context;      /* (unowned) */
  SoupServerMessage *message; /* (owned); main thread only */
  gulong finished_handler, disconnected_handler;
  CsdRequest request;
  char *path, *method, *authorization, *encoding, *protocol, *remote; /* (owned) */
  gint64 started_us;
  GMutex lock;
  /* guarded by lock */
  GString *pending; /* (owned) */
  guint status, retry_after_s;
  const char *content_type;
  char code[32];
  gsize written;
  bool complete, scheduled, gone;
  /* main thread */
  bool head_written;
};

static void
body_free (gpointer data)
{
  Body *body = data;

  g_byte_array_unref (body->bytes);
  g_free (body);
}

static void
exchange_unref (gpointer data)
{
  CsdExchange *self = data;

  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_clear_object (&self->message);
  g_clear_pointer (&self->request.body, g_bytes_unref);
  g_string_free (self->pending, TRUE);
  g_free (self->path);
  g_free (self->method);
  g_free (self->authorization);
  g_free (self->encoding);
  g_free (self->protocol);
  g_free (self->remote);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static CsdExchange *
exchange_ref (CsdExchange *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

/* One line for each request: no names, no query, no content. */
static void
log_request (const CsdExchange *self)
{
  g_autofree char *elapsed =
    g_strdup_printf ("%.1f", (g_get_monotonic_time () - self->started_us) / 1000.0);
  g_autofree char *status = g_strdup_printf ("%u", self->status);
  g_autofree char *bytes = g_strdup_printf ("%" G_GSIZE_FORMAT, self->written);

  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_INFO, "REQUEST_ID", self->request.id,
                    "METHOD", self->method, "STATUS", status, "BYTES", bytes, "MS",
                    elapsed, "CODE", self->code, "MESSAGE", "%s %s %s %s %s B %s ms %s",
                    self->request.id, self->method, self->path, status, bytes, elapsed,
                    self->code);
}

static void
write_head (CsdExchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  self->head_written = true;
  soup_server_message_set_status (self->message, self->status, NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Caseload-Request", self->request.id);
  if (self->content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", self->content_type);
  if (self->retry_after_s > 0) {
    g_autofree char *seconds = g_strdup_printf ("%u", self->retry_after_s);
    soup_message_headers_replace (headers, "Retry-After", seconds);
  }
  soup_message_body_set_accumulate (body, FALSE);
  /* libsoup ends the connection after such an answer; nginx must not send it the next request. */
  if (self->status == SOUP_STATUS_NO_CONTENT)
    soup_message_headers_replace (headers, "Connection", "close");
  if (self->complete)
    soup_message_headers_set_content_length (headers, self->pending->len);
  else
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
}

/* Main thread: gives libsoup what has been written since the last time. */
static gboolean
flush_cb (gpointer data)
{
  CsdExchange *self = data;
  bool finished = false;

  g_mutex_lock (&self->lock);
  self->scheduled = false;
  if (!self->gone && self->status != 0) {
    SoupMessageBody *body = soup_server_message_get_response_body (self->message);

    if (!self->head_written)
      write_head (self);
    if (self->pending->len > 0) {
      gsize length = self->pending->len;
      GString *text = g_steal_pointer (&self->pending);
      g_autoptr (GBytes) bytes = g_bytes_new_take (g_string_free (text, FALSE), length);

      self->pending = g_string_new (NULL);
      soup_message_body_append_bytes (body, bytes);
    }
    if (self->complete)
      soup_message_body_complete (body);
  }
  finished = self->complete;
  g_mutex_unlock (&self->lock);
  if (!self->gone)
    soup_server_message_unpause (self->message);
  if (finished)
    log_request (self);
  return G_SOURCE_REMOVE;
}

/* With the lock held. */
static void
schedule (CsdExchange *self)
{
  if (self->scheduled)
    return;
  self->scheduled = true;
  csd_queue (self->context, flush_cb, exchange_ref (self), exchange_unref);
}

static void
write_cb (CsdResponse *response, const char *text, gsize length, gpointer data)
{
  CsdExchange *self = data;

  g_mutex_lock (&self->lock);
  if (!self->gone) {
    self->status = response->status;
    self->content_type = response->content_type;
    self->retry_after_s = response->retry_after_s;
    g_string_append_len (self->pending, text, length);
    self->written += length;
    /* Single messages and short answers go out whole, with their length. */
    if (g_strcmp0 (response->content_type, CSD_TYPE_NDJSON) == 0 &&
        self->pending->len >= STREAM_SIZE)
      schedule (self);
  }
  g_mutex_unlock (&self->lock);
}

/* The connection is closed: also when "finished" does not come any more, as when the server stops. */
static void
message_disconnected_cb (SoupServerMessage *message, gpointer data)
{
  CsdExchange *self = data;

  g_mutex_lock (&self->lock);
  self->gone = true;
  g_mutex_unlock (&self->lock);
}

static void
message_finished_cb (SoupServerMessage *message, gpointer data)
{
  CsdExchange *self = data;

  message_disconnected_cb (message, self);
  g_signal_handler_disconnect (message, self->finished_handler);
  g_signal_handler_disconnect (message, self->disconnected_handler);
  /* Here and not with the self: its last reference may go on a worker, which must not end a message. */
  g_clear_object (&self->message);
  exchange_unref (self);
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  Body *body = data;
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (chunk, &length);

  if (body->too_large || length > body->limit - body->bytes->len) {
    body->too_large = true;
    g_byte_array_set_size (body->bytes, 0);
    return;
  }
  g_byte_array_append (body->bytes, bytes, length);
}

void
csd_exchange_collect (SoupServerMessage *message, gsize max_body)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  Body *body = g_new0 (Body, 1);

  body->bytes = g_byte_array_new ();
  body->limit = max_body;
  body->too_large =
    soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
    soup_message_headers_get_content_length (headers) > (goffset) body->limit;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message),
                                    FALSE);
  g_object_set_data_full (G_OBJECT (message), BODY_KEY, body, body_free);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), body);
}

bool
csd_exchange_is_too_large (SoupServerMessage *message)
{
  const Body *body = g_object_get_data (G_OBJECT (message), BODY_KEY);

  return body != NULL && body->too_large;
}

static void
read_headers (CsdExchange *self, const char *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);

  self->path = g_strdup (path);
  self->method = g_strdup (soup_server_message_get_method (self->message));
  self->authorization =
    g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  self->encoding = g_strdup (soup_message_headers_get_one (headers, "Content-Encoding"));
  self->protocol = g_strdup (soup_message_headers_get_one (headers, "Caseload-Protocol"));
  self->remote = g_strdup (soup_message_headers_get_one (headers, "X-Real-IP"));
  self->request.path = self->path;
  self->request.method = self->method;
  self->request.authorization = self->authorization;
  self->request.encoding = self->encoding;
  self->request.protocol = self->protocol;
  self->request.remote = self->remote;
}

CsdExchange *
csd_exchange_new (SoupServerMessage *message,
                  const char *path,
                  GMainContext *context,
                  guint64 id)
{
  Body *body = g_object_get_data (G_OBJECT (message), BODY_KEY);
  CsdExchange *self = g_new0 (CsdExchange, 1);

  g_mutex_init (&self->lock);
  self->references = 2; /* the worker's and the message's */
  self->context = context;
  self->message = g_object_ref (message);
  self->pending = g_string_new (NULL);
  self->started_us = g_get_monotonic_time ();
  read_headers (self, path);
  self->request.too_large = body != NULL && body->too_large;
  g_snprintf (self->request.id, sizeof self->request.id, "%" G_GINT64_MODIFIER "x", id);
  if (body != NULL && body->bytes->len > 0) {
    self->request.body = g_byte_array_free_to_bytes (g_steal_pointer (&body->bytes));
    body->bytes = g_byte_array_new ();
  }
  self->finished_handler =
    g_signal_connect (message, "finished", G_CALLBACK (message_finished_cb), self);
  self->disconnected_handler = g_signal_connect (message, "disconnected",
                                                 G_CALLBACK (message_disconnected_cb),
                                                 self);
  soup_server_message_pause (message);
  return self;
}

void
csd_exchange_run (CsdExchange *self, CsdExchangeFunc handle, gpointer data)
{
  CsdResponse response;

  csd_response_init (&response, write_cb, self);
  handle (&self->request, &response, data);
  if (!csd_response_has_begun (&response))
    csd_response_error (&response, 500, "internal", "The server made no answer.");
  g_mutex_lock (&self->lock);
  self->status = response.status;
  self->content_type = response.content_type;
  self->retry_after_s = response.retry_after_s;
  g_strlcpy (self->code, response.code, sizeof self->code);
  self->complete = true;
  schedule (self);
  g_mutex_unlock (&self->lock);
  exchange_unref (self);
}
