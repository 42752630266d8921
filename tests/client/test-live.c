/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-live.c: the live channel against a WebSocket server over TLS. */
#include "client/net/csl-live.h"
#include "csl-test-tls.h"

#include <libsoup/soup.h>

#define PATH "/v1/sync/live"

static CslTestTls *tls;

typedef struct
{
  SoupServer *server;
  char *address;
  SoupWebsocketConnection *peer;
  char *authorization;
  CslLive *live;
  GString *events; /* one letter each, with its number */
  bool closed;
} Fixture;

static void
peer_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         SoupWebsocketConnection *connection,
         gpointer data)
{
  Fixture *fixture = data;

  g_clear_object (&fixture->peer);
  fixture->peer = g_object_ref (connection);
  g_free (fixture->authorization);
  fixture->authorization = g_strdup (
    soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                  "Authorization"));
}

static void
event_cb (const CslLiveEvent *event, gpointer data)
{
  static const char letters[] = { [CSL_LIVE_OPENED] = 'O',
                                  [CSL_LIVE_POKED] = 'P',
                                  [CSL_LIVE_ACCESS] = 'A',
                                  [CSL_LIVE_REVOKED] = 'R',
                                  [CSL_LIVE_CLOSED] = 'C' };
  Fixture *fixture = data;

  g_string_append_printf (fixture->events, "%c%" G_GINT64_FORMAT " ",
                          letters[event->kind],
                          event->kind == CSL_LIVE_CLOSED ? (gint64) event->retry_s
                                                         : event->seq);
  fixture->closed = event->kind == CSL_LIVE_CLOSED;
}

static char *
token_cb (gpointer data)
{
  return g_strdup ("live-token");
}

static void
make_live (Fixture *fixture, const char *ca_file)
{
  CslNetOptions options = { .server = fixture->address,
                            .ca_file = ca_file,
                            .user_agent = "Caseload/test",
                            .schema = 1,
                            .token = token_cb };

  fixture->live = csl_live_new (&options, event_cb, fixture, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  certificate = g_tls_certificate_new_from_file (tls->good, &error);
  g_assert_no_error (error);
  fixture->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_websocket_handler (fixture->server, PATH, NULL, NULL, peer_cb, fixture,
                                     NULL);
  soup_server_listen_local (fixture->server, 0,
                            SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->address =
    g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fixture->events = g_string_new (NULL);
  make_live (fixture, data != NULL ? NULL : tls->authority);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  csl_live_disconnect (fixture->live);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&fixture->live);
  g_clear_object (&fixture->peer);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_string_free (fixture->events, TRUE);
  g_free (fixture->authorization);
  g_free (fixture->address);
}

/* Until the events begin like this. */
static void
wait_for (Fixture *fixture, const char *events)
{
  while (!g_str_has_prefix (fixture->events->str, events))
    g_main_context_iteration (NULL, TRUE);
}

static void
say (Fixture *fixture, const char *text)
{
  soup_websocket_connection_send_text (fixture->peer, text);
}

static void
test_events (Fixture *fixture, gconstpointer data)
{
  csl_live_connect (fixture->live);
  /* Asking twice makes one connection. */
  csl_live_connect (fixture->live);
  wait_for (fixture, "O0 ");
  g_assert_true (csl_live_is_open (fixture->live));
  g_assert_cmpstr (fixture->authorization, ==, "Bearer live-token");
  say (fixture, "{\"t\":\"poke\",\"seq\":49002}");
  say (fixture, "{\"t\":\"later\"}");
  say (fixture, "not JSON");
  say (fixture, "[1]");
  say (fixture, "{\"t\":\"access\"}");
  wait_for (fixture, "O0 P49002 A0 ");
}

static void
test_bye (Fixture *fixture, gconstpointer data)
{
  csl_live_connect (fixture->live);
  wait_for (fixture, "O0 ");
  say (fixture, "{\"t\":\"bye\",\"retry\":7}");
  soup_websocket_connection_close (fixture->peer, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  wait_for (fixture, "O0 C7 ");
  g_assert_false (csl_live_is_open (fixture->live));
  /* And once more. */
  csl_live_connect (fixture->live);
  wait_for (fixture, "O0 C7 O0 ");
}

static void
test_revoked (Fixture *fixture, gconstpointer data)
{
  csl_live_connect (fixture->live);
  wait_for (fixture, "O0 ");
  soup_websocket_connection_close (fixture->peer, 4401, NULL);
  wait_for (fixture, "O0 R0 C0 ");
}

static void
test_disconnect_is_silent (Fixture *fixture, gconstpointer data)
{
  csl_live_connect (fixture->live);
  csl_live_disconnect (fixture->live);
  csl_live_connect (fixture->live);
  wait_for (fixture, "O0 ");
  csl_live_disconnect (fixture->live);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (fixture->events->str, ==, "O0 ");
}

/* Not by the authority that is trusted: nothing is sent. */
static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  csl_live_connect (fixture->live);
  wait_for (fixture, "C0 ");
  g_assert_null (fixture->peer);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  tls = csl_test_tls_new ();
  g_test_add ("/client/live/events", Fixture, NULL, set_up, test_events, tear_down);
  g_test_add ("/client/live/bye", Fixture, NULL, set_up, test_bye, tear_down);
  g_test_add ("/client/live/revoked", Fixture, NULL, set_up, test_revoked, tear_down);
  g_test_add ("/client/live/disconnect-is-silent", Fixture, NULL, set_up,
              test_disconnect_is_silent, tear_down);
  g_test_add ("/client/live/stranger", Fixture, "system", set_up, test_stranger,
              tear_down);
  status = g_test_run ();
  csl_test_tls_free (tls);
  return status;
}
