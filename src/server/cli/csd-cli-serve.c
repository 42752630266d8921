/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-serve.c: `serve`: the server behind a socket, until it is told to stop. */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "server/cli/csd-cli.h"
#include "server/http/csd-listener.h"
#include "server/jobs/csd-jobs.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>

#define RETRY_S 5
#define JOBS_S  600
#define WATCH_S 1

/* What hashes passwords. Refreshing is no part of it: else whoever guesses would keep everybody else from working. */
static const char *const slow_paths[] = { "/v1/auth/sign-in", "/v1/auth/password", NULL };

typedef struct
{
  CsdServer *server; /* (owned) */
  CsdLive *live;     /* (owned) */
  GMainLoop *loop;   /* (owned) */
  gint64 registry_version;
} Serve;

/* Everything from "info" up, one line each; the journal adds the time. */
static GLogWriterOutput
log_writer (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if (g_log_writer_is_journald (STDERR_FILENO))
    return g_log_writer_journald (level, fields, n_fields, data);
  if ((level & G_LOG_LEVEL_DEBUG) != 0)
    return G_LOG_WRITER_HANDLED;
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0)
      g_printerr ("%s\n", (const char *) fields[i].value);
  return G_LOG_WRITER_HANDLED;
}

static void
handle_cb (const CsdRequest *request, CsdResponse *response, gpointer data)
{
  csd_server_handle (((Serve *) data)->server, request, response);
}

static gsize
limit_body_cb (const char *path, const char *authorization, gpointer data)
{
  return csd_server_limit_body (((Serve *) data)->server, path, authorization);
}

static bool
authenticate_cb (const char *authorization, CsdLivePeer *ret_peer, gpointer data)
{
  CsdClaims claims;

  if (!csd_server_authenticate (((Serve *) data)->server, authorization, &claims))
    return false;
  g_strlcpy (ret_peer->organisation, claims.organisation, sizeof ret_peer->organisation);
  g_strlcpy (ret_peer->user, claims.user, sizeof ret_peer->user);
  g_strlcpy (ret_peer->session, claims.session, sizeof ret_peer->session);
  return true;
}

static void
committed_cb (const char *organisation,
              gint64 seq,
              const char *const *users,
              bool access,
              gpointer data)
{
  csd_live_announce (((Serve *) data)->live, organisation, seq,
                     g_strdupv ((char **) users), access);
}

static void
revoked_cb (const char *session, gpointer data)
{
  csd_live_revoke (((Serve *) data)->live, session);
}

static bool
is_welcome_cb (const CsdLivePeer *peer, gpointer data)
{
  return csd_server_has_session (((Serve *) data)->server, peer->session);
}

/* A command may have blocked somebody: requests are refused from then on by themselves, channels are closed here. It may
 * have written records (a role, work that was taken in, an erasure): everybody hears of it. */
static gboolean
watch_cb (gpointer data)
{
  Serve *serve = data;
  gint64 version = csd_server_get_registry_version (serve->server);

  if (version != serve->registry_version)
    csd_live_sweep (serve->live, is_welcome_cb, serve);
  serve->registry_version = version;
  csd_server_announce_foreign (serve->server);
  return G_SOURCE_CONTINUE;
}

static gboolean
stop_cb (gpointer data)
{
  Serve *serve = data;

  csd_live_stop (serve->live, RETRY_S);
  g_main_loop_quit (serve->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
jobs_cb (gpointer data)
{
  Serve *serve = data;
  g_autoptr (GError) error = NULL;

  if (!csd_jobs_update_access (serve->server, &error))
    g_warning ("Access could not be brought up to date: %s", error->message);
  g_clear_error (&error);
  if (!csd_jobs_forget (serve->server, CSD_JOBS_KEEP_DAYS, &error))
    g_warning ("Old tombstones could not be forgotten: %s", error->message);
  return G_SOURCE_CONTINUE;
}

static bool
listen_anywhere (CsdListener *listener,
                 const char *socket,
                 const char *address,
                 bool behind_proxy,
                 GError **error)
{
  if (socket != NULL && !csd_listener_listen_path (listener, socket, error))
    return false;
  return address == NULL ||
         csd_listener_listen_address (listener, address, behind_proxy, error);
}

static int
run (Serve *serve, const char *socket, const char *address, bool behind_proxy)
{
  const CsdListenerHandler handler = { .handle = handle_cb,
                                       .authenticate = authenticate_cb,
                                       .data = serve,
                                       .limit_body = limit_body_cb,
                                       .slow_paths = slow_paths };
  g_autoptr (CsdListener) listener = csd_listener_new (&handler, serve->live);
  g_autoptr (GError) error = NULL;
  guint term = 0;
  guint interrupt = 0;
  guint jobs = 0;
  guint watch = 0;

  csd_server_set_listeners (serve->server, committed_cb, revoked_cb, serve);
  if (!listen_anywhere (listener, socket, address, behind_proxy, &error))
    return csd_cli_fail (error);
  g_message ("caseload-server %s listens on %s", CSL_VERSION,
             socket != NULL ? socket : address);
  jobs_cb (serve);
  jobs = g_timeout_add_seconds (JOBS_S, jobs_cb, serve);
  watch = g_timeout_add_seconds (WATCH_S, watch_cb, serve);
  term = g_unix_signal_add (SIGTERM, stop_cb, serve);
  interrupt = g_unix_signal_add (SIGINT, stop_cb, serve);
  g_main_loop_run (serve->loop);
  g_source_remove (jobs);
  g_source_remove (watch);
  g_source_remove (term);
  g_source_remove (interrupt);
  return CSD_EXIT_DONE;
}

int
csd_cli_serve (int argc, char **argv)
{
  g_autofree char *data = NULL;
  g_autofree char *socket = NULL;
  g_autofree char *address = NULL;
  gboolean behind_proxy = FALSE;
  g_autoptr (GError) error = NULL;
  Serve serve = { 0 };
  int result = CSD_EXIT_FAILED;
  GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Folder of the server", "DIR" },
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &socket, "Unix socket to listen on",
      "PATH" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &address, "Loopback address to listen on",
      "ADDRESS:PORT" },
    { "behind-proxy", 0, 0, G_OPTION_ARG_NONE, &behind_proxy,
      "Another address than loopback is safe: a proxy does TLS and limits", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (entries, "",
                      "Runs the server. It speaks plain HTTP and stands behind nginx.",
                      &argc, &argv))
    return CSD_EXIT_USAGE;
  if (data == NULL || (socket == NULL && address == NULL))
    return csd_cli_usage ("--data and one of --socket and --listen are needed");
  g_log_set_writer_func (log_writer, NULL, NULL);
  serve.server = csd_cli_open (data, &error);
  if (serve.server == NULL)
    return csd_cli_fail (error);
  serve.live = csd_live_new ();
  serve.loop = g_main_loop_new (NULL, FALSE);
  result = run (&serve, socket, address, behind_proxy);
  csd_live_free (serve.live);
  g_main_loop_unref (serve.loop);
  csd_server_free (serve.server);
  return result;
}
