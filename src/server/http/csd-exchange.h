/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdExchange: one request on its way through a SoupServer: its body as it arrives, its handling on a worker, its answer
 * as it leaves. */
#pragma once

#include "server/http/csd-request.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Once per message, as soon as its headers are read: its body is collected up to @max_body bytes, and not by libsoup. */
void csd_exchange_collect (SoupServerMessage *message, gsize max_body);
/* Was the body larger than that? Then nothing of it was kept. */
bool csd_exchange_is_too_large (SoupServerMessage *message);

typedef struct _CsdExchange CsdExchange;

/* Pauses @message, whose body is complete. @id: number of the request. Two references: one for csd_exchange_run(), one
 * that goes when @message is finished. */
CsdExchange *csd_exchange_new (SoupServerMessage *message,
                               const char *path,
                               GMainContext *context,
                               guint64 id) G_GNUC_WARN_UNUSED_RESULT;
/* On a worker: has it answered by @handle, and lets go of it. */
typedef void (*CsdExchangeFunc) (const CsdRequest *request,
                                 CsdResponse *response,
                                 gpointer data);
void csd_exchange_run (CsdExchange *self, CsdExchangeFunc handle, gpointer data);

G_END_DECLS
