/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-wire-token.c: the few forms of small values that lines are made of. */
#include "core/base/csl-json-write.h"
#include "core/wire/csl-sums.h"
#include "core/wire/csl-wire-private.h"

#include <string.h>

bool
csl_wire_fail (GError **error, int code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, CSL_WIRE_ERROR, code, message);
  return false;
}

bool
csl_wire_copy_text (const CslJson *json, guint token, char *buffer, gsize size)
{
  const CslJsonToken *text = csl_json_token (json, token);
  gsize length = text->end - text->start;

  if (text->kind != CSL_JSON_STRING || text->escaped || length == 0 || length >= size)
    return false;
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isgraph (json->text[text->start + i]))
      return false;
  }
  memcpy (buffer, json->text + text->start, length);
  buffer[length] = '\0';
  return true;
}

bool
csl_wire_read_count (const CslJson *json, guint token, gint64 *ret_number)
{
  gint64 number;

  if (!csl_json_get_int (json, token, &number) || number < 0)
    return false;
  *ret_number = number;
  return true;
}

bool
csl_wire_read_sum (const CslJson *json, guint token, guint64 *ret_sum)
{
  const CslJsonToken *text = csl_json_token (json, token);
  guint64 sum = 0;

  if (text->kind != CSL_JSON_STRING || text->end - text->start != CSL_SUM_LENGTH)
    return false;
  for (guint32 i = text->start; i < text->end; i++) {
    char c = json->text[i];
    int digit = g_ascii_xdigit_value (c);
    if (digit < 0 || g_ascii_isupper (c))
      return false;
    sum = sum << 4 | (guint64) digit;
  }
  *ret_sum = sum;
  return true;
}

void
csl_wire_write_sum (GString *out, const char *name, guint64 sum)
{
  csl_json_write_name (out, name);
  g_string_append_printf (out, "\"%016" G_GINT64_MODIFIER "x\"", sum);
}
