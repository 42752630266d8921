/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdListener: SoupServer in front of a handler function.
 *
 * Listens on a Unix socket or on loopback; faces no network itself (nginx does). Bodies are counted while they
 * stream in and never collected by libsoup. Handlers run on a few worker threads, one request each; their answers stream
 * out through the main loop. Every request is logged once, with an id and without personal data.
 */
#pragma once

#include "server/http/csd-live.h"
#include "server/http/csd-request.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CsdListener CsdListener;

typedef struct
{
  /* Worker thread. */
  void (*handle) (const CsdRequest *request, CsdResponse *response, gpointer data);
  /* Main thread, before a live channel is opened: fills @ret_peer, or returns FALSE (401). */
  bool (*authenticate) (const char *authorization, CsdLivePeer *ret_peer, gpointer data);
  /* Main thread, as soon as the headers are there: most bytes of the body; nothing of a longer one is kept. */
  gsize (*limit_body) (const char *path, const char *authorization, gpointer data);
  gpointer data;
  const char *const *slow_paths; /* (nullable) NULL-terminated: get few threads of their
                                    own (password hashes) */
} CsdListenerHandler;

CsdListener *csd_listener_new (const CsdListenerHandler *handler, CsdLive *live)
  G_GNUC_WARN_UNUSED_RESULT;
/* Waits for the handlers that are running. */
void csd_listener_free (CsdListener *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdListener, csd_listener_free)

/* Makes the socket with mode 0660, in place of one that nobody listens on any more. */
bool csd_listener_listen_path (CsdListener *self, const char *path, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* @address: "127.0.0.1:8080" or "[::1]:8080". An address outside loopback is refused unless @behind_proxy. */
bool csd_listener_listen_address (CsdListener *self,
                                  const char *address,
                                  bool behind_proxy,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
