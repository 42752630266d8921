/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-live.c: the live channel.
 *
 *   closed ──connect──► connecting ──handshake──► open ──close, silence──► closed
 *
 * The client pings every 25 s; 60 s without any frame mean that the connection is dead, even
 * if TCP has not noticed. Every way into "closed" but csl_live_disconnect() is one event.
 */
#include "client/net/csl-live.h"

#include "client/net/csl-net-session.h"
#include "core/base/csl-json-scan.h"

#include <libsoup/soup.h>

#define PATH          "/v1/sync/live"
#define PING_S        25
#define SILENCE_US    (60 * G_USEC_PER_SEC)
#define MAX_FRAME     (16 * 1024)
#define MAX_RETRY_S   600
#define CLOSE_REVOKED 4401

struct _CslLive
{
  GObject parent_instance;

  char *address;    /* (owned) */
  char *ca_file;    /* (owned) (nullable) */
  char *user_agent; /* (owned) */
  char *schema;     /* (owned) */
  CslTokenFunc token;
  gpointer token_data; /* (unowned) */
  CslLiveFunc func;
  gpointer data; /* (unowned) */

  SoupSession *session;             /* (owned) (nullable) */
  GCancellable *connecting;         /* (owned) (nullable) */
  SoupWebsocketConnection *channel; /* (owned) (nullable) */
  GSource *ping;                    /* (owned) (nullable) */
  gint64 last_frame_us;             /* monotonic */
  guint retry_s;
};

G_DEFINE_FINAL_TYPE (CslLive, csl_live, G_TYPE_OBJECT)

static void
tell (CslLive *self, CslLiveEventKind kind, gint64 seq)
{
  CslLiveEvent event = { .kind = kind, .seq = seq, .retry_s = self->retry_s };

  self->func (&event, self->data);
}

static void
let_go (CslLive *self)
{
  g_cancellable_cancel (self->connecting);
  g_clear_object (&self->connecting);
  if (self->ping != NULL)
    g_source_destroy (self->ping);
  g_clear_pointer (&self->ping, g_source_unref);
  if (self->channel != NULL) {
    g_signal_handlers_disconnect_by_data (self->channel, self);
    if (soup_websocket_connection_get_state (self->channel) == SOUP_WEBSOCKET_STATE_OPEN)
      soup_websocket_connection_close (self->channel, SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                       NULL);
  }
  g_clear_object (&self->channel);
}

static void
lost (CslLive *self)
{
  let_go (self);
  tell (self, CSL_LIVE_CLOSED, 0);
}

static gboolean
ping_cb (gpointer data)
{
  CslLive *self = data;

  if (g_get_monotonic_time () - self->last_frame_us > SILENCE_US) {
    lost (self);
    return G_SOURCE_REMOVE;
  }
  soup_websocket_connection_send_text (self->channel, "{\"t\":\"ping\"}");
  return G_SOURCE_CONTINUE;
}

static void
start_ping (CslLive *self)
{
  self->ping = g_timeout_source_new_seconds (PING_S);
  g_source_set_static_name (self->ping, "csl-live-ping");
  g_source_set_callback (self->ping, ping_cb, self, NULL);
  g_source_attach (self->ping, g_main_context_get_thread_default ());
}

static void
handle_frame (CslLive *self, const CslJson *json)
{
  guint t = csl_json_member (json, 0, "t");

  if (csl_json_equals (json, t, "poke"))
    tell (self, CSL_LIVE_POKED, csl_json_member_int (json, 0, "seq", 0));
  else if (csl_json_equals (json, t, "access"))
    tell (self, CSL_LIVE_ACCESS, 0);
  else if (csl_json_equals (json, t, "bye"))
    self->retry_s =
      (guint) CLAMP (csl_json_member_int (json, 0, "retry", 0), 0, MAX_RETRY_S);
}

static void
message_cb (SoupWebsocketConnection *channel, int type, GBytes *message, gpointer data)
{
  g_autoptr (CslLive) self = g_object_ref (CSL_LIVE (data));
  g_auto (CslJson) json = { 0 };
  gsize length;
  const char *text = g_bytes_get_data (message, &length);

  self->last_frame_us = g_get_monotonic_time ();
  csl_json_init (&json);
  /* A frame that is not understood changes nothing: the channel only ever hints. */
  if (type == SOUP_WEBSOCKET_DATA_TEXT &&
      csl_json_scan (&json, text, length, &csl_json_limits_request, NULL) &&
      csl_json_token (&json, 0)->kind == CSL_JSON_OBJECT)
    handle_frame (self, &json);
}

static void
closed_cb (SoupWebsocketConnection *channel, gpointer data)
{
  g_autoptr (CslLive) self = g_object_ref (CSL_LIVE (data));

  if (soup_websocket_connection_get_close_code (channel) == CLOSE_REVOKED)
    tell (self, CSL_LIVE_REVOKED, 0);
  lost (self);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslLive) self = CSL_LIVE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) channel =
    soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  /* Given up while it was being made. */
  if (self->connecting == NULL || g_cancellable_is_cancelled (self->connecting) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (channel == NULL) {
    lost (self);
    return;
  }
  g_clear_object (&self->connecting);
  self->channel = g_steal_pointer (&channel);
  self->last_frame_us = g_get_monotonic_time ();
  soup_websocket_connection_set_max_incoming_payload_size (self->channel, MAX_FRAME);
  g_signal_connect_object (self->channel, "message", G_CALLBACK (message_cb), self, 0);
  g_signal_connect_object (self->channel, "closed", G_CALLBACK (closed_cb), self, 0);
  start_ping (self);
  tell (self, CSL_LIVE_OPENED, 0);
}

static SoupMessage *
make_message (CslLive *self)
{
  SoupMessage *message = soup_message_new (SOUP_METHOD_GET, self->address);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *token = self->token != NULL ? self->token (self->token_data) : NULL;
  g_autofree char *value = g_strconcat ("Bearer ", token, NULL);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_headers_replace (headers, "Caseload-Protocol", "1");
  soup_message_headers_replace (headers, "Caseload-Schema", self->schema);
  if (token != NULL)
    soup_message_headers_replace (headers, "Authorization", value);
  return message;
}

static void
csl_live_dispose (GObject *object)
{
  CslLive *self = CSL_LIVE (object);

  let_go (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_live_parent_class)->dispose (object);
}

static void
csl_live_finalize (GObject *object)
{
  CslLive *self = CSL_LIVE (object);

  g_free (self->address);
  g_free (self->ca_file);
  g_free (self->user_agent);
  g_free (self->schema);
  G_OBJECT_CLASS (csl_live_parent_class)->finalize (object);
}

static void
csl_live_class_init (CslLiveClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = csl_live_dispose;
  object_class->finalize = csl_live_finalize;
}

static void
csl_live_init (CslLive *self)
{
}

/**
 * csl_live_new:
 * @func: called for every event, in the context the channel was connected in
 *
 * Returns: (transfer full): a closed channel; %NULL with %CSL_NET_ERROR_REFUSED when the
 *   address is not https
 */
CslLive *
csl_live_new (const CslNetOptions *options,
              CslLiveFunc func,
              gpointer data,
              GError **error)
{
  g_autoptr (GUri) server = csl_net_server_parse (options->server, error);
  g_autofree char *base = NULL;
  CslLive *self;

  if (server == NULL)
    return NULL;
  base = g_uri_to_string (server);
  self = g_object_new (CSL_TYPE_LIVE, NULL);
  self->address =
    g_strconcat (base, g_str_has_suffix (base, "/") ? PATH + 1 : PATH, NULL);
  self->ca_file = g_strdup (options->ca_file);
  self->user_agent = g_strdup (options->user_agent);
  self->schema = g_strdup_printf ("%u", options->schema);
  self->token = options->token;
  self->token_data = options->data;
  self->func = func;
  self->data = data;
  return self;
}

void
csl_live_connect (CslLive *self)
{
  g_autoptr (SoupMessage) message = NULL;

  g_return_if_fail (CSL_IS_LIVE (self));
  if (self->channel != NULL || self->connecting != NULL)
    return;
  self->retry_s = 0;
  if (self->session == NULL)
    self->session = csl_net_session_new (self->ca_file, self->user_agent, 0, NULL);
  if (self->session == NULL) {
    tell (self, CSL_LIVE_CLOSED, 0);
    return;
  }
  message = make_message (self);
  self->connecting = g_cancellable_new ();
  soup_session_websocket_connect_async (self->session, message, NULL, NULL,
                                        G_PRIORITY_DEFAULT, self->connecting,
                                        connected_cb, g_object_ref (self));
}

void
csl_live_disconnect (CslLive *self)
{
  g_return_if_fail (CSL_IS_LIVE (self));
  let_go (self);
}

bool
csl_live_is_open (CslLive *self)
{
  g_return_val_if_fail (CSL_IS_LIVE (self), false);
  return self->channel != NULL;
}
