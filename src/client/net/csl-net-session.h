/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place where a SoupSession is made, and what its failures mean. */
#pragma once

#include "core/base/csl-error.h"

#include <libsoup/soup.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* No cookies, no cache, no automatic decoding, no HTTP authentication. */
SoupSession *csl_net_session_new (const char *ca_file,
                                  const char *user_agent,
                                  guint timeout_s,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* https://host[:port][/prefix] without query or fragment; NULL with CSL_NET_ERROR_REFUSED. */
GUri *csl_net_server_parse (const char *server, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Turns an error of GIO or libsoup into CSL_NET_ERROR_*; takes @raw. Cancellation and
 * errors of our own domains stay as they are. */
void csl_net_error_propagate (GError **error, GError *raw);
/* CSL_NET_ERROR_* of an HTTP status that is not 200. */
CslNetError csl_net_error_from_status (guint status);

G_END_DECLS
