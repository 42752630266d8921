/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslLive: the live channel: a WebSocket that says "there is something". It never carries data
 * and never reconnects by itself. Bound to the thread-default context it is connected in. */
#pragma once

#include "client/net/csl-net-options.h"

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef enum {
  CSL_LIVE_OPENED,
  CSL_LIVE_POKED,   /* seq: newest commit */
  CSL_LIVE_ACCESS,  /* access changed: pull */
  CSL_LIVE_REVOKED, /* the server ended the tokens' family; CLOSED follows */
  CSL_LIVE_CLOSED,  /* or never opened; retry_s: the server's wish, 0 for none */
} CslLiveEventKind;

typedef struct
{
  CslLiveEventKind kind;
  gint64 seq;
  guint retry_s;
} CslLiveEvent;

typedef void (*CslLiveFunc) (const CslLiveEvent *event, gpointer data);

#define CSL_TYPE_LIVE (csl_live_get_type ())
G_DECLARE_FINAL_TYPE (CslLive, csl_live, CSL, LIVE, GObject)

/* Options are copied. CSL_NET_ERROR_REFUSED for an address that is not https. */
CslLive *csl_live_new (const CslNetOptions *options,
                       CslLiveFunc func,
                       gpointer data,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Starts connecting, unless it is connected or connecting. */
void csl_live_connect (CslLive *self);
/* Closes without an event. */
void csl_live_disconnect (CslLive *self);
bool csl_live_is_open (CslLive *self);

G_END_DECLS
