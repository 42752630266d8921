/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslTransport: how a request reaches the server. The client's is libsoup on its network thread
 * (src/client/net); the simulated tests' is a lossy queue in memory. Calls block.
 */
#pragma once

#include "core/base/csl-error.h"

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* One line of an NDJSON answer, without its newline. FALSE stops the exchange with @error set. */
typedef bool (*CslLineFunc) (const char *line,
                             gsize length,
                             gpointer data,
                             GError **error);

typedef struct
{
  const char *method; /* GET or POST */
  const char *path;   /* "/v1/sync/pull" */
  GBytes *body;       /* (nullable) */
  bool anonymous;     /* no Authorization header (sign-in) */
} CslExchange;

typedef struct
{
  guint status; /* HTTP status, 0 when none came */
  guint retry_after_s;
  gint64 server_time_ms; /* from Date, 0 when absent */
  gsize bytes_sent, bytes_received;
  char *error_code; /* (owned) (nullable) "code" of a JSON error body */
  char *error_text; /* (owned) (nullable) "message" of a JSON error body */
  char *order;      /* (owned) (nullable) "order" of a JSON error body, as JSON */
} CslExchangeReply;

typedef struct _CslTransport CslTransport;
struct _CslTransport
{
  /* Sends one request and feeds every answer line to @on_line while it streams in. FALSE with CSL_NET_ERROR_*,
   * or the error of @on_line; @reply is filled as far as known in both cases. */
  bool (*exchange) (CslTransport *self,
                    const CslExchange *request,
                    CslExchangeReply *reply,
                    CslLineFunc on_line,
                    gpointer data,
                    GCancellable *cancellable,
                    GError **error);
};

/* Takes the members of a JSON error body; all stay NULL when it is anything else (false). */
bool csl_exchange_reply_read_error (CslExchangeReply *reply,
                                    const char *body,
                                    gsize length);
void csl_exchange_reply_clear (CslExchangeReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslExchangeReply, csl_exchange_reply_clear)

G_END_DECLS
