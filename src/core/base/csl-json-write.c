/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-json-write.c: writing JSON text, and the canonical form of scanned JSON.
 *
 * Canonical: no white space, members sorted by the bytes of their names, strings with the fewest
 * escapes, integers without "-0". Other numbers take the shortest of three precisions that reads
 * back as the same double; Caseload's own values never use them. Writing what was written gives
 * the same bytes again.
 */
#include "core/base/csl-json-write.h"

#include "core/base/csl-json-internal.h"

#include <stdlib.h>
#include <string.h>

static void
write_escape (GString *out, guchar c)
{
  static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
  const char *hit = c != 0 ? strchr (from, c) : NULL;

  if (hit != NULL) {
    g_string_append_c (out, '\\');
    g_string_append_c (out, to[hit - from]);
  } else {
    g_string_append_printf (out, "\\u%04x", c);
  }
}

static void
write_string_len (GString *out, const char *text, gsize length)
{
  gsize plain = 0;

  g_string_append_c (out, '"');
  for (gsize i = 0; i < length; i++) {
    guchar c = (guchar) text[i];
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    g_string_append_len (out, text + plain, (gssize) (i - plain));
    write_escape (out, c);
    plain = i + 1;
  }
  g_string_append_len (out, text + plain, (gssize) (length - plain));
  g_string_append_c (out, '"');
}

/**
 * csl_json_write_string:
 * @out: text so far
 * @text: valid UTF-8
 *
 * Appends @text as a JSON string.
 */
void
csl_json_write_string (GString *out, const char *text)
{
  write_string_len (out, text, strlen (text));
}

static void
write_comma (GString *out)
{
  if (out->len > 0 && out->str[out->len - 1] != '{' && out->str[out->len - 1] != '[')
    g_string_append_c (out, ',');
}

/**
 * csl_json_write_name:
 * @out: text so far, inside an object
 * @name: member name
 *
 * Appends `"name":`, with a comma first unless it is the first member.
 */
void
csl_json_write_name (GString *out, const char *name)
{
  write_comma (out);
  csl_json_write_string (out, name);
  g_string_append_c (out, ':');
}

void
csl_json_write_member_string (GString *out, const char *name, const char *text)
{
  csl_json_write_name (out, name);
  csl_json_write_string (out, text);
}

void
csl_json_write_member_int (GString *out, const char *name, gint64 number)
{
  csl_json_write_name (out, name);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
}

static void
write_string_token (GString *out, const CslJson *json, guint index)
{
  const CslJsonToken *token = csl_json_token (json, index);

  if (token->escaped) {
    g_autofree char *text = csl_json_dup_string (json, index);
    csl_json_write_string (out, text);
  } else {
    g_string_append_len (out, json->text + token->start - 1,
                         token->end - token->start + 2);
  }
}

static void
write_double (GString *out, const char *source, gsize length)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = g_strndup (source, length);
  double number = g_ascii_strtod (text, NULL);

  if (number >= 0 && number <= 0) {
    g_string_append_c (out, '0');
    return;
  }
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_ascii_formatd (buffer, sizeof buffer, formats[i], number);
    double again = g_ascii_strtod (buffer, NULL);
    if (again >= number && again <= number)
      break;
  }
  g_string_append (out, buffer);
}

static void
write_number (GString *out, const CslJson *json, guint index)
{
  const CslJsonToken *token = csl_json_token (json, index);
  gint64 number;

  if (csl_json_get_int (json, index, &number))
    g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
  else
    write_double (out, json->text + token->start, token->end - token->start);
}

static int
compare_names_cb (const void *a, const void *b)
{
  return csl_json_name_compare (a, b);
}

static void
write_object (GString *out, const CslJson *json, guint index)
{
  g_autoptr (GArray) names = g_array_new (FALSE, FALSE, sizeof (CslJsonName));
  g_autoptr (GStringChunk) arena = NULL;

  csl_json_collect_names (json, index, names, &arena);
  if (names->len > 1)
    qsort (names->data, names->len, sizeof (CslJsonName), compare_names_cb);
  g_string_append_c (out, '{');
  for (guint i = 0; i < names->len; i++) {
    guint name = g_array_index (names, CslJsonName, i).token;
    if (i > 0)
      g_string_append_c (out, ',');
    write_string_token (out, json, name);
    g_string_append_c (out, ':');
    csl_json_write_canonical (out, json, name + 1);
  }
  g_string_append_c (out, '}');
}

static void
write_array (GString *out, const CslJson *json, guint index)
{
  guint end = csl_json_token (json, index)->next;

  g_string_append_c (out, '[');
  for (guint i = index + 1; i < end; i = csl_json_token (json, i)->next) {
    if (i > index + 1)
      g_string_append_c (out, ',');
    csl_json_write_canonical (out, json, i);
  }
  g_string_append_c (out, ']');
}

/**
 * csl_json_write_canonical:
 * @out: text so far
 * @json: a scanned text (its depth limit bounds the recursion)
 * @index: the value to write
 *
 * Appends the canonical form of a value.
 */
void
csl_json_write_canonical (GString *out, const CslJson *json, guint index)
{
  switch ((CslJsonKind) csl_json_token (json, index)->kind) {
  case CSL_JSON_OBJECT:
    write_object (out, json, index);
    break;
  case CSL_JSON_ARRAY:
    write_array (out, json, index);
    break;
  case CSL_JSON_STRING:
    write_string_token (out, json, index);
    break;
  case CSL_JSON_NUMBER:
    write_number (out, json, index);
    break;
  case CSL_JSON_TRUE:
    g_string_append (out, "true");
    break;
  case CSL_JSON_FALSE:
    g_string_append (out, "false");
    break;
  case CSL_JSON_NULL:
    g_string_append (out, "null");
    break;
  }
}
