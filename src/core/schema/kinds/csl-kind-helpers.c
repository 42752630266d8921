/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-helpers.c: what several kinds share: one text, one number, canonical JSON. */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/schema/csl-label.h"
#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *
csl_kind_label (const CslField *field)
{
  return csl_label_field (field);
}

static bool
is_graph (char c)
{
  return c > 0x20 && c < 0x7f;
}

/* Moves both ends inwards over white space of any script. */
static void
trim (const char **begin, const char **end)
{
  while (*begin < *end && g_unichar_isspace (g_utf8_get_char (*begin)))
    *begin = g_utf8_next_char (*begin);
  while (*begin < *end) {
    const char *last = g_utf8_prev_char (*end);
    if (!g_unichar_isspace (g_utf8_get_char (last)))
      break;
    *end = last;
  }
}

/* One allocation; the ends are looked at closely only when they are not plain ASCII. */
static char *
dup_trimmed (const char *begin, gsize length)
{
  const char *end = begin + length;

  if (length > 0 && !(is_graph (begin[0]) && is_graph (end[-1])))
    trim (&begin, &end);
  return begin < end ? g_strndup (begin, (gsize) (end - begin)) : NULL;
}

char *
csl_kind_dup_trimmed (const char *text)
{
  g_autofree char *valid = NULL;

  if (text != NULL && !g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  return text != NULL ? dup_trimmed (text, strlen (text)) : NULL;
}

bool
csl_kind_text_parse (const CslField *field,
                     const char *text,
                     CslValue *ret_value,
                     CslProblems *problems)
{
  if (text != NULL && !g_utf8_validate (text, -1, NULL)) {
    csl_problems_add (problems, field->name, "form",
                      _ ("%s: the text has characters that cannot be read."),
                      csl_kind_label (field));
    return false;
  }
  csl_value_take_text (ret_value, csl_kind_dup_trimmed (text));
  return true;
}

char *
csl_kind_text_format (const CslField *field, const CslValue *value)
{
  const char *text = csl_value_get_text (value);

  return g_strdup (text != NULL ? text : "");
}

bool
csl_kind_text_from_json (const CslField *field,
                         const CslJson *json,
                         guint index,
                         CslValue *ret_value)
{
  const CslJsonToken *token = csl_json_token (json, index);

  if (token->kind != CSL_JSON_STRING)
    return false;
  if (token->escaped) {
    g_autofree char *text = csl_json_dup_string (json, index);
    csl_value_take_text (ret_value, csl_kind_dup_trimmed (text));
  } else {
    csl_value_take_text (ret_value, dup_trimmed (json->text + token->start,
                                                 token->end - token->start));
  }
  return true;
}

void
csl_kind_text_to_json (const CslField *field, const CslValue *value, GString *out)
{
  csl_json_write_string (out, value->text);
}

void
csl_kind_text_sql_check (const CslField *field, const char *column, GString *out)
{
  g_string_append_printf (out, "%s <> ''", column);
}

int
csl_kind_text_compare (const CslValue *a, const CslValue *b)
{
  int order = g_ascii_strcasecmp (a->text, b->text);

  return order != 0 ? order : strcmp (a->text, b->text);
}

int
csl_kind_bytes_compare (const CslValue *a, const CslValue *b)
{
  return strcmp (a->text, b->text);
}

bool
csl_kind_code_from_json (const CslJsonToken *token,
                         const char *text,
                         gsize length,
                         bool (*is_valid) (const char *),
                         CslValue *ret_value)
{
  char code[CSL_KIND_MAX_CODE + 1];

  g_assert (length < sizeof code);
  if (token->kind != CSL_JSON_STRING || token->escaped ||
      token->end - token->start != length)
    return false;
  memcpy (code, text + token->start, length);
  code[length] = '\0';
  if (!is_valid (code))
    return false;
  csl_value_set_text (ret_value, code);
  return true;
}

void
csl_kind_text_check (const CslField *field,
                     const CslValue *value,
                     guint default_length,
                     bool lines,
                     CslProblems *problems)
{
  guint most = field->max_length != 0 ? field->max_length : default_length;
  const char *text = value->text;

  /* Fewer bytes than characters allowed: no need to count. */
  if (strlen (text) > most && g_utf8_strlen (text, -1) > (glong) most)
    csl_problems_add (problems, field->name, "length",
                      _ ("%s: the text is too long; use %u characters at most."),
                      csl_kind_label (field), most);
  for (; *text != '\0'; text++) {
    if ((guchar) *text >= 0x20 && *text != 0x7f)
      continue;
    if (lines && (*text == '\n' || *text == '\t' || *text == '\r'))
      continue;
    csl_problems_add (problems, field->name, "form",
                      lines ? _ ("%s: the text has characters that cannot be shown.")
                            : _ ("%s: write it on one line."),
                      csl_kind_label (field));
    return;
  }
}

const CslEnumValue *
csl_kind_find_option (const CslEnum *options, const char *word)
{
  const CslEnumValue *known = csl_enum_lookup (options, word);

  for (guint i = 0; known == NULL && i < options->n_values; i++) {
    if (g_ascii_strcasecmp (options->values[i].label, word) == 0)
      known = &options->values[i];
  }
  return known;
}

void
csl_kind_add_unknown (const CslField *field, const char *text, CslProblems *problems)
{
  csl_problems_add (problems, field->name, "enum", _ ("%s: “%s” is not in the list."),
                    csl_kind_label (field), text);
}

void
csl_kind_number_to_json (const CslField *field, const CslValue *value, GString *out)
{
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value->number);
}

bool
csl_kind_number_from_json (const CslField *field,
                           const CslJson *json,
                           guint index,
                           CslValue *ret_value)
{
  gint64 number;

  if (!csl_json_get_int (json, index, &number))
    return false;
  csl_value_set_int (ret_value, number);
  return true;
}

int
csl_kind_number_compare (const CslValue *a, const CslValue *b)
{
  return (a->number > b->number) - (a->number < b->number);
}

void
csl_kind_range_sql_check (const char *column,
                          gint64 minimum,
                          gint64 maximum,
                          GString *out)
{
  if (minimum != G_MININT64)
    g_string_append_printf (out, "%s >= %" G_GINT64_FORMAT, column, minimum);
  if (minimum != G_MININT64 && maximum != G_MAXINT64)
    g_string_append (out, " AND ");
  if (maximum != G_MAXINT64)
    g_string_append_printf (out, "%s <= %" G_GINT64_FORMAT, column, maximum);
}

/* Length of the whole part at @text, commas included, or 0 when they are not between groups of
 * three digits. */
static gsize
whole_part (const char *text)
{
  gsize length = strspn (text, "0123456789,"), group = 0;
  bool grouped = memchr (text, ',', length) != NULL;

  for (gsize i = 0; grouped && i < length; i++) {
    if (text[i] != ',') {
      group++;
    } else {
      gsize first = (gsize) (strchr (text, ',') - text);
      if (group == 0 || group > 3 || (i > first && group != 3))
        return 0;
      group = 0;
    }
  }
  return grouped && group != 3 ? 0 : length;
}

bool
csl_kind_parse_fixed (const char *text, guint digits, gint64 *ret_number)
{
  char plain[32];
  gsize at = 0;
  bool negative = *text == '-';

  text += negative || *text == '+';
  gsize whole = whole_part (text);
  if (whole == 0)
    return false;
  const char *fraction = text + whole;
  gsize n_fraction = *fraction == '.' ? strspn (fraction + 1, "0123456789") : 0;
  bool ends = *fraction == '\0' || (n_fraction > 0 && fraction[1 + n_fraction] == '\0');
  if (!ends || n_fraction > digits || whole + digits + 2 > sizeof plain)
    return false;

  if (negative)
    plain[at++] = '-';
  for (gsize i = 0; i < whole; i++) {
    if (text[i] != ',')
      plain[at++] = text[i];
  }
  for (guint i = 0; i < digits; i++)
    plain[at++] = i < n_fraction ? fraction[1 + i] : '0';
  plain[at] = '\0';
  return g_ascii_string_to_signed (plain, 10, -G_MAXINT64, G_MAXINT64, ret_number, NULL);
}

char *
csl_kind_format_fixed (gint64 number, guint digits)
{
  guint64 size = number < 0 ? 0 - (guint64) number : (guint64) number, unit = 1;
  const char *sign = number < 0 ? "-" : "";

  for (guint i = 0; i < digits; i++)
    unit *= 10;
  if (digits == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT, sign, size);
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%0*" G_GUINT64_FORMAT, sign,
                          size / unit, (int) digits, size % unit);
}

static void
add_json_problem (const CslField *field, CslProblems *problems)
{
  csl_problems_add (problems, field->name, "form",
                    _ ("%s: this is not filled in correctly."), csl_kind_label (field));
}

bool
csl_kind_json_parse (const CslField *field,
                     const char *text,
                     CslValue *ret_value,
                     CslProblems *problems)
{
  g_autofree char *trimmed = csl_kind_dup_trimmed (text);

  if (trimmed == NULL) {
    csl_value_clear (ret_value);
    return true;
  }
  if (csl_field_read_json (field, trimmed, ret_value))
    return true;
  add_json_problem (field, problems);
  return false;
}

char *
csl_kind_json_format (const CslField *field, const CslValue *value)
{
  return csl_kind_text_format (field, value);
}

void
csl_kind_json_to_json (const CslField *field, const CslValue *value, GString *out)
{
  g_string_append (out, value->text);
}

void
csl_kind_json_validate (const CslField *field,
                        const CslValue *value,
                        CslProblems *problems)
{
  g_auto (CslValue) again = CSL_VALUE_INIT;

  if (!csl_field_read_json (field, value->text, &again) ||
      !csl_value_equal (&again, value))
    add_json_problem (field, problems);
}

void
csl_kind_json_sql_check (const CslField *field, const char *column, GString *out)
{
  g_string_append_printf (out, "json_valid(%s)", column);
}
