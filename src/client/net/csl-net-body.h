/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the body of an answer: unpacking, limits, lines. */
#pragma once

#include "core/wire/csl-transport.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Feeds the lines of an NDJSON body, or the whole of a JSON body as one line, to @on_line.
 * CSL_NET_ERROR_GARBAGE for another content type or beyond a limit, CSL_NET_ERROR_CUT when
 * the body ends early. *ret_received counts packed bytes. */
bool csl_net_body_read_lines (SoupMessage *message,
                              GInputStream *stream,
                              CslLineFunc on_line,
                              gpointer data,
                              gsize *ret_received,
                              GCancellable *cancellable,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a JSON error body says; its members stay NULL when it is anything else. */
void csl_net_body_read_error (SoupMessage *message,
                              GInputStream *stream,
                              CslExchangeReply *reply,
                              GCancellable *cancellable);

G_END_DECLS
