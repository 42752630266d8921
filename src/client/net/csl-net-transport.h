/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The CslTransport of the client: libsoup over TLS. Made anywhere; after that used and freed
 * on one thread, which blocks during an exchange. */
#pragma once

#include "client/net/csl-net-options.h"
#include "core/wire/csl-transport.h"

G_BEGIN_DECLS

/* CSL_NET_ERROR_REFUSED for an address that is not https. */
CslTransport *csl_net_transport_new (const CslNetOptions *options, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_net_transport_free (CslTransport *transport);

G_END_DECLS
