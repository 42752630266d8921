/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-net-session.c: the one place where a SoupSession is made.
 *
 * The certificate of the server is checked against exactly one list of authorities: the
 * given file, or the system's. Nothing here or elsewhere asks to be heard about a certificate
 * that does not verify, so it ends the connection before a request is written.
 */
#include "client/net/csl-net-session.h"

#include <gio/gio.h>

#define DEFAULT_TIMEOUT_S 30
/* One for requests and one more for a retry on a fresh connection. */
#define MAX_CONNECTIONS 2

/**
 * csl_net_session_new:
 * @ca_file: (nullable): PEM file with the authorities to trust, %NULL for the system's
 * @timeout_s: seconds without a byte after which a request fails, 0 for 30
 *
 * Returns: (transfer full): a session for the calling thread; %NULL with
 *   %CSL_NET_ERROR_CERTIFICATE when @ca_file cannot be read
 */
SoupSession *
csl_net_session_new (const char *ca_file,
                     const char *user_agent,
                     guint timeout_s,
                     GError **error)
{
  g_autoptr (GTlsDatabase) authorities = NULL;
  g_autoptr (GError) local_error = NULL;
  SoupSession *session;

  if (ca_file != NULL) {
    authorities = g_tls_file_database_new (ca_file, &local_error);
    if (authorities == NULL) {
      g_set_error (error, CSL_NET_ERROR, CSL_NET_ERROR_CERTIFICATE,
                   "cannot read the authority file: %s", local_error->message);
      return NULL;
    }
  }
  session = soup_session_new_with_options ("user-agent", user_agent, "timeout",
                                           timeout_s != 0 ? timeout_s : DEFAULT_TIMEOUT_S,
                                           "idle-timeout", 60u, "max-conns",
                                           MAX_CONNECTIONS, "max-conns-per-host",
                                           MAX_CONNECTIONS, NULL);
  if (authorities != NULL)
    soup_session_set_tls_database (session, authorities);
  /* Answers are unpacked by our own counter of bytes; 401 is answered by the sync engine. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return session;
}

/**
 * csl_net_server_parse:
 *
 * Returns: (transfer full): the address; %NULL with %CSL_NET_ERROR_REFUSED unless it is an
 *   https address without user, query and fragment
 */
GUri *
csl_net_server_parse (const char *server, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (server, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri != NULL && g_strcmp0 (g_uri_get_scheme (uri), "https") == 0 &&
      g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
      g_uri_get_userinfo (uri) == NULL && g_uri_get_query (uri) == NULL &&
      g_uri_get_fragment (uri) == NULL)
    return g_steal_pointer (&uri);
  g_set_error (error, CSL_NET_ERROR, CSL_NET_ERROR_REFUSED,
               "not the https address of a server");
  return NULL;
}

static CslNetError
code_from_tls (int code)
{
  switch ((GTlsError) code) {
  case G_TLS_ERROR_BAD_CERTIFICATE:
  case G_TLS_ERROR_CERTIFICATE_REQUIRED:
  case G_TLS_ERROR_BAD_CERTIFICATE_PASSWORD:
    return CSL_NET_ERROR_CERTIFICATE;
  case G_TLS_ERROR_NOT_TLS: /* also when the handshake is cut */
    return CSL_NET_ERROR_OFFLINE;
  case G_TLS_ERROR_UNAVAILABLE:
  case G_TLS_ERROR_MISC:
  case G_TLS_ERROR_HANDSHAKE:
  case G_TLS_ERROR_EOF:
  case G_TLS_ERROR_INAPPROPRIATE_FALLBACK:
    break;
  }
  return CSL_NET_ERROR_CUT;
}

static CslNetError
code_from_io (int code)
{
  switch (code) {
  case G_IO_ERROR_TIMED_OUT:
    return CSL_NET_ERROR_TIMEOUT;
  case G_IO_ERROR_CONNECTION_REFUSED:
  case G_IO_ERROR_HOST_UNREACHABLE:
  case G_IO_ERROR_NETWORK_UNREACHABLE:
  case G_IO_ERROR_HOST_NOT_FOUND:
    return CSL_NET_ERROR_OFFLINE;
  case G_IO_ERROR_INVALID_DATA:
    return CSL_NET_ERROR_GARBAGE;
  default: /* closed, reset, short, or anything else below HTTP */
    return CSL_NET_ERROR_CUT;
  }
}

/**
 * csl_net_error_propagate:
 * @raw: (transfer full): an error of GIO or libsoup
 */
void
csl_net_error_propagate (GError **error, GError *raw)
{
  g_autoptr (GError) owned = raw;
  CslNetError code;

  if (raw->domain == G_TLS_ERROR)
    code = code_from_tls (raw->code);
  else if (raw->domain == G_RESOLVER_ERROR)
    code = CSL_NET_ERROR_OFFLINE;
  else if (raw->domain == SOUP_SESSION_ERROR)
    code = CSL_NET_ERROR_GARBAGE;
  else if (raw->domain == G_IO_ERROR && raw->code != G_IO_ERROR_CANCELLED)
    code = code_from_io (raw->code);
  else {
    g_propagate_error (error, g_steal_pointer (&owned));
    return;
  }
  g_set_error_literal (error, CSL_NET_ERROR, (int) code, raw->message);
}

/**
 * csl_net_error_from_status:
 *
 * Returns: what the caller of a request answered with @status can do
 */
CslNetError
csl_net_error_from_status (guint status)
{
  switch (status) {
  case 401:
    return CSL_NET_ERROR_UNAUTHORIZED;
  case 413:
    return CSL_NET_ERROR_TOO_LARGE;
  case 408:
  case 425:
  case 429:
    return CSL_NET_ERROR_BUSY;
  case 511: /* network authentication required: a captive portal that says so */
    return CSL_NET_ERROR_GARBAGE;
  default:
    break;
  }
  if (status >= 500)
    return CSL_NET_ERROR_BUSY;
  /* Anything that is neither an error nor 200, also a redirect, is not our server. */
  return status >= 400 ? CSL_NET_ERROR_REFUSED : CSL_NET_ERROR_GARBAGE;
}
