/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-transport.c: what a request leaves behind. */
#include "core/wire/csl-transport.h"

#include "core/base/csl-json-scan.h"

#include <string.h>

bool
csl_exchange_reply_read_error (CslExchangeReply *reply, const char *body, gsize length)
{
  g_auto (CslJson) json = { 0 };
  guint order = 0;

  csl_json_init (&json);
  if (!csl_json_scan (&json, body, length, &csl_json_limits_request, NULL))
    return false;
  reply->error_code = csl_json_member_dup_string (&json, 0, "code");
  reply->error_text = csl_json_member_dup_string (&json, 0, "message");
  order = csl_json_member (&json, 0, "order");
  if (order != 0)
    reply->order = csl_json_dup_source (&json, order);
  return true;
}

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
