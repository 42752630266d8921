/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-json-read.c: reading values from a scanned tape, and the way on to json-glib. */
#include "core/base/csl-json-internal.h"

#include <string.h>

/**
 * csl_json_init:
 * @json: uninitialised memory
 *
 * Prepares @json for csl_json_scan(); release with csl_json_clear().
 */
void
csl_json_init (CslJson *json)
{
  *json = (CslJson){ .tokens = g_array_new (FALSE, FALSE, sizeof (CslJsonToken)) };
}

void
csl_json_clear (CslJson *json)
{
  g_clear_pointer (&json->tokens, g_array_unref);
  json->text = NULL;
  json->length = 0;
}

static gunichar
read_unit (const char *p)
{
  gunichar unit = 0;

  for (int i = 0; i < 4; i++)
    unit = unit * 16 + (gunichar) g_ascii_xdigit_value (p[i]);
  return unit;
}

/* The character of the escape at @p (after the backslash); *ret_length: bytes read. The scanner
 * has checked it. */
static gunichar
read_escape (const char *p, gsize *ret_length)
{
  static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";

  *ret_length = 1;
  if (*p != 'u') {
    const char *hit = strchr (from, *p);
    return (guchar) (hit != NULL ? to[hit - from] : *p);
  }
  *ret_length = 5;
  gunichar unit = read_unit (p + 1);
  if (unit < 0xd800 || unit > 0xdfff)
    return unit;
  *ret_length = 11;
  return 0x10000 + ((unit - 0xd800) << 10) + (read_unit (p + 7) - 0xdc00);
}

gsize
csl_json_decode (const CslJson *json, guint index, char *buffer)
{
  const CslJsonToken *token = csl_json_token (json, index);
  const char *p = json->text + token->start, *end = json->text + token->end;
  char *out = buffer;

  while (p < end) {
    if (*p != '\\') {
      *out++ = *p++;
      continue;
    }
    gsize length;
    gunichar c = read_escape (p + 1, &length);
    out += g_unichar_to_utf8 (c, out);
    p += 1 + length;
  }
  *out = '\0';
  return (gsize) (out - buffer);
}

/**
 * csl_json_member:
 * @object: index of any token
 * @name: member name
 *
 * Returns: index of the member's value, or 0 when @object is no object or lacks it
 */
guint
csl_json_member (const CslJson *json, guint object, const char *name)
{
  const CslJsonToken *token = csl_json_token (json, object);

  if (token->kind != CSL_JSON_OBJECT)
    return 0;
  for (guint i = object + 1; i < token->next; i = csl_json_token (json, i + 1)->next) {
    if (csl_json_equals (json, i, name))
      return i + 1;
  }
  return 0;
}

/**
 * csl_json_equals:
 * @string: index of any token
 *
 * Returns: whether the token is a string that reads @text
 */
bool
csl_json_equals (const CslJson *json, guint string, const char *text)
{
  const CslJsonToken *token = csl_json_token (json, string);
  gsize length = token->end - token->start;

  if (token->kind != CSL_JSON_STRING)
    return false;
  if (token->escaped) {
    g_autofree char *decoded = csl_json_dup_string (json, string);
    return strcmp (decoded, text) == 0;
  }
  return strncmp (json->text + token->start, text, length) == 0 && text[length] == '\0';
}

/**
 * csl_json_dup_string:
 *
 * Returns: (transfer full) (nullable): the decoded text, or %NULL when the token is no string
 */
char *
csl_json_dup_string (const CslJson *json, guint index)
{
  const CslJsonToken *token = csl_json_token (json, index);

  if (token->kind != CSL_JSON_STRING)
    return NULL;
  gsize length = token->end - token->start;
  char *text = g_malloc (length + 1);
  if (token->escaped) {
    csl_json_decode (json, index, text);
  } else {
    memcpy (text, json->text + token->start, length);
    text[length] = '\0';
  }
  return text;
}

/**
 * csl_json_get_int:
 * @ret_value: (out): untouched on failure
 *
 * Returns: whether the token is a number written without fraction and exponent
 */
bool
csl_json_get_int (const CslJson *json, guint index, gint64 *ret_value)
{
  const CslJsonToken *token = csl_json_token (json, index);
  const char *p = json->text + token->start, *end = json->text + token->end;

  if (token->kind != CSL_JSON_NUMBER)
    return false;
  bool negative = *p == '-';
  guint64 number = 0;
  for (p += negative; p < end; p++) {
    if (!g_ascii_isdigit (*p))
      return false;
    number = number * 10 + (guint64) (*p - '0'); /* the scanner has checked the range */
  }
  *ret_value = negative ? (gint64) (0 - number) : (gint64) number;
  return true;
}

/**
 * csl_json_dup_source:
 *
 * Returns: (transfer full): the value as it was written, strings with their quotes
 */
char *
csl_json_dup_source (const CslJson *json, guint index)
{
  const CslJsonToken *token = csl_json_token (json, index);
  gsize quote = token->kind == CSL_JSON_STRING;

  return g_strndup (json->text + token->start - quote,
                    token->end - token->start + 2 * quote);
}

char *
csl_json_member_dup_string (const CslJson *json, guint object, const char *name)
{
  guint value = csl_json_member (json, object, name);

  return value != 0 ? csl_json_dup_string (json, value) : NULL;
}

gint64
csl_json_member_int (const CslJson *json, guint object, const char *name, gint64 fallback)
{
  guint value = csl_json_member (json, object, name);

  if (value != 0)
    csl_json_get_int (json, value, &fallback);
  return fallback;
}

/**
 * csl_json_parse_guarded:
 * @error: #CslJsonError, all codes
 *
 * Scans @text and, only when it is acceptable, parses it with json-glib.
 *
 * Returns: (transfer full) (nullable): the root node
 */
JsonNode *
csl_json_parse_guarded (const char *text,
                        gsize length,
                        const CslJsonLimits *limits,
                        GError **error)
{
  g_auto (CslJson) json;
  g_autoptr (GError) local = NULL;

  csl_json_init (&json);
  if (!csl_json_scan (&json, text, length, limits, error))
    return NULL;
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, &local)) {
    g_set_error (error, CSL_JSON_ERROR, CSL_JSON_ERROR_SYNTAX, "%s", local->message);
    return NULL;
  }
  return json_parser_steal_root (parser);
}
