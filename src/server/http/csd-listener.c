/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-listener.c: SoupServer in front of a handler function, with its workers and its sockets. */
#define G_LOG_DOMAIN "caseload-http"
#include "config.h"

#include "server/http/csd-listener.h"

#include "server/http/csd-exchange.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define WORKERS   4
#define SLOW      2
#define MAX_QUEUE 256
#define LIVE_PATH "/v1/sync/live"
#define PEER_KEY  "csd-peer"

struct _CsdListener
{
  SoupServer *soup; /* (owned) */
  CsdListenerHandler handler;
  CsdLive *live;     /* (unowned) */
  GThreadPool *pool; /* (owned) of CsdExchange */
  GThreadPool
    *slow; /* (owned) of CsdExchange, for slow_paths: nobody else waits for them */
  GMainContext *context; /* (owned) */
  char *path;            /* (owned) (nullable): socket to remove at the end */
  guint64 next_id;
};

/* Worker thread. */
static void
run_cb (gpointer exchange, gpointer user_data)
{
  CsdListener *self = user_data;

  csd_exchange_run (exchange, self->handler.handle, self->handler.data);
}

static void
early_cb (SoupServer *soup,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer data)
{
  CsdListener *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *authorization = soup_message_headers_get_one (headers, "Authorization");

  csd_exchange_collect (message, self->handler.limit_body (path, authorization,
                                                           self->handler.data));
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
  const char *const *slow = self->handler.slow_paths;

  return slow != NULL && g_strv_contains (slow, path) ? self->slow : self->pool;
}

static void
request_cb (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  CsdListener *self = data;
  GThreadPool *pool = choose_pool (self, path);

  if (csd_exchange_is_too_large (message))
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "Connection", "close");
  if (g_thread_pool_unprocessed (pool) > MAX_QUEUE) {
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  "Retry-After", "2");
    refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "busy",
            "Too many requests. Wait a little.");
    return;
  }
  g_thread_pool_push (pool,
                      csd_exchange_new (message, path, self->context, ++self->next_id),
                      NULL);
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
  self->pool = g_thread_pool_new (run_cb, self, WORKERS, FALSE, NULL);
  self->slow = g_thread_pool_new (run_cb, self, SLOW, FALSE, NULL);
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
