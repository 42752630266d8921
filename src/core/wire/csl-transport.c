/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-transport.c: what a request leaves behind. */
#include "core/wire/csl-transport.h"

#include <string.h>

/**
 * csl_exchange_reply_clear:
 *
 * Releases what @reply holds and makes it ready for the next exchange.
 */
void
csl_exchange_reply_clear (CslExchangeReply *reply)
{
  g_free (reply->error_code);
  g_free (reply->error_text);
  g_free (reply->order);
  memset (reply, 0, sizeof *reply);
}
