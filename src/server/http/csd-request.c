/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-request.c: writing answers. */
#include "config.h"

#include "server/http/csd-request.h"

#include "core/base/csl-json-write.h"

#include <string.h>

/* Prepares @response; @write receives the body in pieces. */
void
csd_response_init (CsdResponse *response, CsdWriteFunc write, gpointer data)
{
  memset (response, 0, sizeof *response);
  response->write = write;
  response->data = data;
}

bool
csd_response_has_begun (const CsdResponse *response)
{
  return response->status != 0;
}

void
csd_response_begin (CsdResponse *response, guint status, const char *content_type)
{
  if (response->status != 0)
    return;
  response->status = status;
  response->content_type = content_type;
}

void
csd_response_write (CsdResponse *response, const char *text, gsize length)
{
  g_return_if_fail (response->status != 0);
  if (length == 0)
    return;
  response->written += length;
  response->write (response, text, length, response->data);
}

void
csd_response_flush (CsdResponse *response, GString *text)
{
  csd_response_write (response, text->str, text->len);
  g_string_truncate (text, 0);
}

void
csd_response_json (CsdResponse *response, guint status, const char *json)
{
  csd_response_begin (response, status, CSD_TYPE_JSON);
  csd_response_write (response, json, strlen (json));
}

void
csd_response_refuse (CsdResponse *response,
                     guint status,
                     const char *code,
                     const char *message,
                     const char *order)
{
  g_autoptr (GString) text = NULL;

  if (response->status != 0)
    return;
  text = g_string_new ("{");
  csl_json_write_member_string (text, "code", code);
  csl_json_write_member_string (text, "message", message);
  if (order != NULL) {
    csl_json_write_name (text, "order");
    g_string_append (text, order);
  }
  g_string_append_c (text, '}');
  g_strlcpy (response->code, code, sizeof response->code);
  csd_response_json (response, status, text->str);
}

void
csd_response_error (CsdResponse *response,
                    guint status,
                    const char *code,
                    const char *message)
{
  csd_response_refuse (response, status, code, message, NULL);
}
