/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-listener.c: SoupServer in front of a handler function.
 *
 * A request lives in a Job: made on the main thread when its body is complete, handled on a worker, and written
 * out again by the main thread in pieces. `lock` guards what both sides touch. The message stays paused while there is
 * nothing to write.
 */
#define G_LOG_DOMAIN "caseload-http"
#include "config.h"

#include "server/http/csd-listener.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define WORKERS 4
/* Answers of this many bytes begin to leave before they are complete. */
#define STREAM_SIZE 4096
#define SLOW        2
#define MAX_QUEUE   256
#define LIVE_PATH   "/v1/sync/live"
#define BODY_KEY    "csd-body"
#define PEER_KEY    "csd-peer"

struct _CsdListener
{
  SoupServer *soup; /* (owned) */
  CsdListenerHandler handler;
  CsdLive *live;         /* (unowned) */
  GThreadPool *pool;     /* (owned) of Job */
  GThreadPool *slow;     /* (owned) of Job, for slow_prefix: nobody else waits for them */
  GMainContext *context; /* (owned) */
  char *path;            /* (owned) (nullable): socket to remove at the end */
  guint64 next_id;
};

/* What has come of a request's body. */
typedef struct
{
  GByteArray *bytes; /* (owned) */
  gsize limit;
  bool too_large;
} Body;

typedef struct
{
  int references; /* atomic */
  CsdListener *listener;
  SoupServerMessage *message; /* (owned); main thread only */
  gulong finished_handler;
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
} Job;

static void
body_free (gpointer data)
{
  Body *body = data;

  g_byte_array_unref (body->bytes);
  g_free (body);
}

static void
job_unref (gpointer data)
{
  Job *job = data;

  if (!g_atomic_int_dec_and_test (&job->references))
    return;
  g_clear_object (&job->message);
  g_clear_pointer (&job->request.body, g_bytes_unref);
  g_string_free (job->pending, TRUE);
  g_free (job->path);
  g_free (job->method);
  g_free (job->authorization);
  g_free (job->encoding);
  g_free (job->protocol);
  g_free (job->remote);
  g_mutex_clear (&job->lock);
  g_free (job);
}

static Job *
job_ref (Job *job)
{
  g_atomic_int_inc (&job->references);
  return job;
}

/* One line for each request: no names, no query, no content. */
static void
log_request (const Job *job)
{
  g_autofree char *elapsed =
    g_strdup_printf ("%.1f", (g_get_monotonic_time () - job->started_us) / 1000.0);
  g_autofree char *status = g_strdup_printf ("%u", job->status);
  g_autofree char *bytes = g_strdup_printf ("%" G_GSIZE_FORMAT, job->written);

  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_INFO, "REQUEST_ID", job->request.id,
                    "METHOD", job->method, "STATUS", status, "BYTES", bytes, "MS",
                    elapsed, "CODE", job->code, "MESSAGE", "%s %s %s %s %s B %s ms %s",
                    job->request.id, job->method, job->path, status, bytes, elapsed,
                    job->code);
}

static void
write_head (Job *job)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (job->message);
  SoupMessageBody *body = soup_server_message_get_response_body (job->message);

  job->head_written = true;
  soup_server_message_set_status (job->message, job->status, NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Caseload-Request", job->request.id);
  if (job->content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", job->content_type);
  if (job->retry_after_s > 0) {
    g_autofree char *seconds = g_strdup_printf ("%u", job->retry_after_s);
    soup_message_headers_replace (headers, "Retry-After", seconds);
  }
  soup_message_body_set_accumulate (body, FALSE);
  /* libsoup ends the connection after such an answer; nginx must not send it the next request. */
  if (job->status == SOUP_STATUS_NO_CONTENT)
    soup_message_headers_replace (headers, "Connection", "close");
  if (job->complete)
    soup_message_headers_set_content_length (headers, job->pending->len);
  else
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
}

/* Main thread: gives libsoup what has been written since the last time. */
static gboolean
job_flush_cb (gpointer data)
{
  Job *job = data;
  bool finished = false;

  g_mutex_lock (&job->lock);
  job->scheduled = false;
  if (!job->gone && job->status != 0) {
    SoupMessageBody *body = soup_server_message_get_response_body (job->message);

    if (!job->head_written)
      write_head (job);
    if (job->pending->len > 0) {
      gsize length = job->pending->len;
      GString *text = g_steal_pointer (&job->pending);
      g_autoptr (GBytes) bytes = g_bytes_new_take (g_string_free (text, FALSE), length);

      job->pending = g_string_new (NULL);
      soup_message_body_append_bytes (body, bytes);
    }
    if (job->complete)
      soup_message_body_complete (body);
  }
  finished = job->complete;
  g_mutex_unlock (&job->lock);
  if (!job->gone)
    soup_server_message_unpause (job->message);
  if (finished)
    log_request (job);
  return G_SOURCE_REMOVE;
}

/* With the lock held. */
static void
job_schedule (Job *job)
{
  if (job->scheduled)
    return;
  job->scheduled = true;
  g_main_context_invoke_full (job->listener->context, G_PRIORITY_DEFAULT, job_flush_cb,
                              job_ref (job), job_unref);
}

static void
job_write_cb (CsdResponse *response, const char *text, gsize length, gpointer data)
{
  Job *job = data;

  g_mutex_lock (&job->lock);
  if (!job->gone) {
    job->status = response->status;
    job->content_type = response->content_type;
    job->retry_after_s = response->retry_after_s;
    g_string_append_len (job->pending, text, length);
    job->written += length;
    /* Single messages and short answers go out whole, with their length. */
    if (g_strcmp0 (response->content_type, CSD_TYPE_NDJSON) == 0 &&
        job->pending->len >= STREAM_SIZE)
      job_schedule (job);
  }
  g_mutex_unlock (&job->lock);
}

/* Worker thread. */
static void
job_run (gpointer data, gpointer user_data)
{
  Job *job = data;
  CsdListener *self = user_data;
  CsdResponse response;

  csd_response_init (&response, job_write_cb, job);
  self->handler.handle (&job->request, &response, self->handler.data);
  if (!csd_response_has_begun (&response))
    csd_response_error (&response, 500, "internal", "The server made no answer.");
  g_mutex_lock (&job->lock);
  job->status = response.status;
  job->content_type = response.content_type;
  job->retry_after_s = response.retry_after_s;
  g_strlcpy (job->code, response.code, sizeof job->code);
  job->complete = true;
  job_schedule (job);
  g_mutex_unlock (&job->lock);
  job_unref (job);
}

static void
message_finished_cb (SoupServerMessage *message, gpointer data)
{
  Job *job = data;

  g_mutex_lock (&job->lock);
  job->gone = true;
  g_mutex_unlock (&job->lock);
  g_signal_handler_disconnect (message, job->finished_handler);
  /* Here and not with the job: its last reference may go on a worker, which must not end a message. */
  g_clear_object (&job->message);
  job_unref (job);
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

/* As soon as the headers are read: libsoup must not collect the body. */
static void
early_cb (SoupServer *soup,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer data)
{
  CsdListener *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  Body *body = g_new0 (Body, 1);

  body->bytes = g_byte_array_new ();
  body->limit = self->handler.max_body;
  body->too_large =
    soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
    soup_message_headers_get_content_length (headers) > (goffset) body->limit;
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message),
                                    FALSE);
  g_object_set_data_full (G_OBJECT (message), BODY_KEY, body, body_free);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), body);
}

static void
refuse (SoupServerMessage *message, guint status, const char *code, const char *sentence)
{
  g_autofree char *text =
    g_strdup_printf ("{\"code\":\"%s\",\"message\":\"%s\"}", code, sentence);

  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, CSD_TYPE_JSON, SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

static GThreadPool *
choose_pool (CsdListener *self, const char *path)
{
  const char *prefix = self->handler.slow_prefix;

  return prefix != NULL && g_str_has_prefix (path, prefix) ? self->slow : self->pool;
}

static Job *
job_new (CsdListener *self, SoupServerMessage *message, const char *path)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  Body *body = g_object_get_data (G_OBJECT (message), BODY_KEY);
  Job *job = g_new0 (Job, 1);

  g_mutex_init (&job->lock);
  job->references = 2; /* the worker's and the message's */
  job->listener = self;
  job->message = g_object_ref (message);
  job->pending = g_string_new (NULL);
  job->started_us = g_get_monotonic_time ();
  job->path = g_strdup (path);
  job->method = g_strdup (soup_server_message_get_method (message));
  job->authorization = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  job->encoding = g_strdup (soup_message_headers_get_one (headers, "Content-Encoding"));
  job->protocol = g_strdup (soup_message_headers_get_one (headers, "Caseload-Protocol"));
  job->remote = g_strdup (soup_message_headers_get_one (headers, "X-Real-IP"));
  job->request.path = job->path;
  job->request.method = job->method;
  job->request.authorization = job->authorization;
  job->request.encoding = job->encoding;
  job->request.protocol = job->protocol;
  job->request.remote = job->remote;
  g_snprintf (job->request.id, sizeof job->request.id, "%" G_GINT64_MODIFIER "x",
              ++self->next_id);
  if (body != NULL && body->bytes->len > 0) {
    job->request.body = g_byte_array_free_to_bytes (g_steal_pointer (&body->bytes));
    body->bytes = g_byte_array_new ();
  }
  return job;
}

static void
request_cb (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  CsdListener *self = data;
  Body *body = g_object_get_data (G_OBJECT (message), BODY_KEY);
  GThreadPool *pool = choose_pool (self, path);
  Job *job = NULL;

  if (body != NULL && body->too_large) {
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "Connection", "close");
    refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "too_large",
            "The request is too large.");
    return;
  }
  if (g_thread_pool_unprocessed (pool) > MAX_QUEUE) {
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "Retry-After", "2");
    refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "busy",
            "Too many requests. Wait a little.");
    return;
  }
  job = job_new (self, message, path);
  job->finished_handler =
    g_signal_connect (message, "finished", G_CALLBACK (message_finished_cb), job);
  soup_server_message_pause (message);
  g_thread_pool_push (pool, job, NULL);
}

static void
live_early_cb (SoupServer *soup,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  CsdListener *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *authorization = soup_message_headers_get_one (headers, "Authorization");
  CsdLivePeer *peer = g_new0 (CsdLivePeer, 1);

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message),
                                    FALSE);
  if (!self->handler.authenticate (authorization, peer, self->handler.data)) {
    g_free (peer);
    refuse (message, SOUP_STATUS_UNAUTHORIZED, "unauthorized", "Sign in first.");
    return;
  }
  if (g_strcmp0 (soup_server_message_get_method (message), "GET") != 0) {
    g_free (peer);
    refuse (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "method",
            "This path takes another method.");
    return;
  }
  if (!soup_websocket_server_check_handshake (message, NULL, NULL, NULL, NULL)) {
    g_free (peer);
    refuse (message, SOUP_STATUS_BAD_REQUEST, "bad_request", "This is no WebSocket.");
    return;
  }
  g_object_set_data_full (G_OBJECT (message), PEER_KEY, peer, g_free);
}

static void
live_opened_cb (SoupServer *soup,
                SoupServerMessage *message,
                const char *path,
                SoupWebsocketConnection *connection,
                gpointer data)
{
  CsdListener *self = data;
  const CsdLivePeer *peer = g_object_get_data (G_OBJECT (message), PEER_KEY);

  g_return_if_fail (peer != NULL);
  csd_live_add (self->live, connection, peer);
}

CsdListener *
csd_listener_new (const CsdListenerHandler *handler, CsdLive *live)
{
  CsdListener *self = g_new0 (CsdListener, 1);

  self->handler = *handler;
  self->live = live;
  self->context = g_main_context_ref_thread_default ();
  self->pool = g_thread_pool_new (job_run, self, WORKERS, FALSE, NULL);
  self->slow = g_thread_pool_new (job_run, self, SLOW, FALSE, NULL);
  self->soup = soup_server_new ("server-header", "caseload", NULL);
  soup_server_add_early_handler (self->soup, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  soup_server_add_early_handler (self->soup, LIVE_PATH, live_early_cb, self, NULL);
  soup_server_add_websocket_handler (self->soup, LIVE_PATH, NULL, NULL, live_opened_cb,
                                     self, NULL);
  return self;
}

void
csd_listener_free (CsdListener *self)
{
  soup_server_disconnect (self->soup);
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_thread_pool_free (self->slow, FALSE, TRUE);
  while (g_main_context_pending (self->context))
    g_main_context_iteration (self->context, FALSE);
  g_object_unref (self->soup);
  g_main_context_unref (self->context);
  if (self->path != NULL)
    g_unlink (self->path);
  g_free (self->path);
  g_free (self);
}

/* A socket file that nobody answers on is left over from a server that was killed. */
static bool
remove_stale_socket (const char *path, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = NULL;
  GStatBuf status;

  if (g_lstat (path, &status) != 0)
    return true;
  if (!S_ISSOCK (status.st_mode)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s is there and is no socket",
                 path);
    return false;
  }
  connection =
    g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  if (connection != NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                 "another server listens on %s", path);
    return false;
  }
  g_unlink (path);
  return true;
}

bool
csd_listener_listen_path (CsdListener *self, const char *path, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  if (!remove_stale_socket (path, error))
    return false;
  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL)
    return false;
  g_socket_set_listen_backlog (socket, 512);
  if (!g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error) ||
      !soup_server_listen_socket (self->soup, socket, 0, error))
    return false;
  self->path = g_strdup (path);
  if (g_chmod (path, 0660) != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 "the mode of %s cannot be set", path);
    return false;
  }
  return true;
}

bool
csd_listener_listen_address (CsdListener *self,
                             const char *address,
                             bool behind_proxy,
                             GError **error)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (address, 0, error);
  g_autoptr (GInetAddress) host = NULL;
  g_autoptr (GSocketAddress) socket_address = NULL;
  GNetworkAddress *network = NULL;

  if (parsed == NULL)
    return false;
  network = G_NETWORK_ADDRESS (parsed);
  host = g_inet_address_new_from_string (g_network_address_get_hostname (network));
  if (host == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "%s is not a numeric address", address);
    return false;
  }
  if (!g_inet_address_get_is_loopback (host) && !behind_proxy) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "%s is not loopback: this server must stand behind a proxy that does "
                 "TLS and limits "
                 "(--behind-proxy says it does)",
                 address);
    return false;
  }
  socket_address = g_inet_socket_address_new (host, g_network_address_get_port (network));
  return soup_server_listen (self->soup, socket_address, 0, error);
}
