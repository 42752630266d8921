/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-live.c: the open live channels: pokes, pings, goodbyes. */
#include "config.h"

#include "server/http/csd-live.h"

#include "core/base/csl-json-scan.h"
#include "server/http/csd-queue.h"

#include <string.h>

#define POKE_GAP_MS    250
#define SILENCE_S      60
#define MAX_FRAME      1024
#define MAX_PER_MINUTE 120
#define CLOSE_REVOKED  4401

typedef struct
{
  CsdLive *live;                       /* (unowned) */
  SoupWebsocketConnection *connection; /* (owned) */
  CsdLivePeer peer;
  gint64 pending_seq; /* poke waiting for its timer; 0: none */
  guint poke_timer;
  guint silence_timer;
  guint frames; /* received since the last poke of the silence timer's minute */
  bool quiet;   /* no frame since the last check */
} Channel;

struct _CsdLive
{
  GMainContext *context; /* (owned) */
  GPtrArray *channels;   /* (owned) of Channel */
};

typedef struct
{
  CsdLive *live;      /* (unowned): outlives the main loop's sources */
  char *organisation; /* (owned) */
  gint64 seq;
  char **users; /* (owned) (nullable): NULL: everybody */
  bool access;
} Announcement;

static void
channel_free (gpointer data)
{
  Channel *channel = data;

  g_clear_handle_id (&channel->poke_timer, g_source_remove);
  g_clear_handle_id (&channel->silence_timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (channel->connection, channel);
  g_object_unref (channel->connection);
  g_free (channel);
}

static void
channel_send (Channel *channel, const char *text)
{
  if (soup_websocket_connection_get_state (channel->connection) ==
      SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (channel->connection, text);
}

static gboolean
channel_poke_cb (gpointer data)
{
  Channel *channel = data;
  g_autofree char *text = NULL;

  if (channel->pending_seq == 0) {
    channel->poke_timer = 0;
    return G_SOURCE_REMOVE;
  }
  text = g_strdup_printf ("{\"t\":\"poke\",\"seq\":%" G_GINT64_FORMAT "}",
                          channel->pending_seq);
  channel->pending_seq = 0;
  channel_send (channel, text);
  return G_SOURCE_CONTINUE;
}

/* The first poke goes out at once; those of the next quarter of a second become one. */
static void
channel_poke (Channel *channel, gint64 seq)
{
  channel->pending_seq = MAX (channel->pending_seq, seq);
  if (channel->poke_timer != 0)
    return;
  channel->poke_timer = g_timeout_add (POKE_GAP_MS, channel_poke_cb, channel);
  channel_poke_cb (channel);
}

static gboolean
channel_silence_cb (gpointer data)
{
  Channel *channel = data;

  if (channel->quiet) {
    channel->silence_timer = 0;
    soup_websocket_connection_close (channel->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                     "silence");
    return G_SOURCE_REMOVE;
  }
  channel->quiet = true;
  channel->frames = 0;
  return G_SOURCE_CONTINUE;
}

static void
message_cb (SoupWebsocketConnection *connection, int kind, GBytes *bytes, gpointer data)
{
  Channel *channel = data;
  g_auto (CslJson) json = { 0 };
  gsize length = 0;
  const char *text = g_bytes_get_data (bytes, &length);
  guint t = 0;

  channel->quiet = false;
  if (++channel->frames > MAX_PER_MINUTE) {
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION,
                                     "too many frames");
    return;
  }
  csl_json_init (&json);
  if (kind != SOUP_WEBSOCKET_DATA_TEXT ||
      !csl_json_scan (&json, text, length, &csl_json_limits_request, NULL))
    return;
  if (csl_json_token (&json, 0)->kind == CSL_JSON_OBJECT)
    t = csl_json_member (&json, 0, "t");
  if (t != 0 && csl_json_equals (&json, t, "ping"))
    channel_send (channel, "{\"t\":\"pong\"}");
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer data)
{
  Channel *channel = data;

  g_ptr_array_remove_fast (channel->live->channels, channel);
}

CsdLive *
csd_live_new (void)
{
  CsdLive *self = g_new0 (CsdLive, 1);

  self->context = g_main_context_ref_thread_default ();
  self->channels = g_ptr_array_new_with_free_func (channel_free);
  return self;
}

void
csd_live_free (CsdLive *self)
{
  g_ptr_array_unref (self->channels);
  g_main_context_unref (self->context);
  g_free (self);
}

void
csd_live_add (CsdLive *self, SoupWebsocketConnection *connection, const CsdLivePeer *peer)
{
  Channel *channel = g_new0 (Channel, 1);

  channel->live = self;
  channel->connection = g_object_ref (connection);
  channel->peer = *peer;
  soup_websocket_connection_set_max_incoming_payload_size (connection, MAX_FRAME);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), channel);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), channel);
  channel->silence_timer = g_timeout_add_seconds (SILENCE_S, channel_silence_cb, channel);
  g_ptr_array_add (self->channels, channel);
}

guint
csd_live_get_size (CsdLive *self)
{
  return self->channels->len;
}

static void
announcement_free (gpointer data)
{
  Announcement *announcement = data;

  g_strfreev (announcement->users);
  g_free (announcement->organisation);
  g_free (announcement);
}

static gboolean
announce_cb (gpointer data)
{
  Announcement *news = data;

  for (guint i = 0; i < news->live->channels->len; i++) {
    Channel *channel = g_ptr_array_index (news->live->channels, i);

    if (strcmp (channel->peer.organisation, news->organisation) != 0 ||
        (news->users != NULL &&
         !g_strv_contains ((const char *const *) news->users, channel->peer.user)))
      continue;
    if (news->access)
      channel_send (channel, "{\"t\":\"access\"}");
    channel_poke (channel, news->seq);
  }
  return G_SOURCE_REMOVE;
}

void
csd_live_announce (CsdLive *self,
                   const char *organisation,
                   gint64 seq,
                   char **users,
                   bool access)
{
  Announcement *news = g_new0 (Announcement, 1);

  news->live = self;
  news->organisation = g_strdup (organisation);
  news->seq = seq;
  news->users = users;
  news->access = access;
  csd_queue (self->context, announce_cb, news, announcement_free);
}

typedef struct
{
  CsdLive *live; /* (unowned) */
  char session[40];
} Revocation;

void
csd_live_sweep (CsdLive *self, CsdLiveWelcome welcome, gpointer data)
{
  GPtrArray *channels = self->channels;

  /* From the end: closing may take a channel out of the list. */
  for (guint i = channels->len; i > 0; i--) {
    Channel *channel = i <= channels->len ? g_ptr_array_index (channels, i - 1) : NULL;

    if (channel != NULL &&
        soup_websocket_connection_get_state (channel->connection) ==
          SOUP_WEBSOCKET_STATE_OPEN &&
        !welcome (&channel->peer, data))
      soup_websocket_connection_close (channel->connection, CLOSE_REVOKED, "revoked");
  }
}

static bool
is_other_session_cb (const CsdLivePeer *peer, gpointer data)
{
  return strcmp (peer->session, ((const Revocation *) data)->session) != 0;
}

static gboolean
revoke_cb (gpointer data)
{
  csd_live_sweep (((Revocation *) data)->live, is_other_session_cb, data);
  return G_SOURCE_REMOVE;
}

/* A session ends on a worker; its channels belong to the main thread. */
void
csd_live_revoke (CsdLive *self, const char *session)
{
  Revocation *revocation = g_new0 (Revocation, 1);

  revocation->live = self;
  g_strlcpy (revocation->session, session, sizeof revocation->session);
  csd_queue (self->context, revoke_cb, revocation, g_free);
}

void
csd_live_stop (CsdLive *self, guint retry_s)
{
  g_autofree char *text = g_strdup_printf ("{\"t\":\"bye\",\"retry\":%u}", retry_s);

  for (guint i = 0; i < self->channels->len; i++) {
    Channel *channel = g_ptr_array_index (self->channels, i);

    channel_send (channel, text);
    if (soup_websocket_connection_get_state (channel->connection) ==
        SOUP_WEBSOCKET_STATE_OPEN)
      soup_websocket_connection_close (channel->connection,
                                       SOUP_WEBSOCKET_CLOSE_GOING_AWAY, "going down");
  }
}
