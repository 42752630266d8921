/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-address.c: a postal address of up to five lines, each optional.
 *
 * Text form: the five lines in their order, empty ones kept between filled ones.
 */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define N_LINES     5
#define LINE_LENGTH 200

/* In the order people write them, and where each stands in the canonical (sorted) JSON. */
static const char *const names[N_LINES] = { "line1", "line2", "city", "postcode",
                                            "country" };
static const guint sorted[N_LINES] = { 2, 4, 0, 1, 3 };

static void
take_lines (CslValue *ret_value, char *const lines[N_LINES])
{
  g_autoptr (GString) text = g_string_new ("{");

  for (guint i = 0; i < N_LINES; i++) {
    if (lines[sorted[i]] != NULL)
      csl_json_write_member_string (text, names[sorted[i]], lines[sorted[i]]);
  }
  g_string_append_c (text, '}');
  csl_value_take_json (ret_value, g_string_free (g_steal_pointer (&text), FALSE));
}

static void
clear_lines (char *lines[N_LINES])
{
  for (guint i = 0; i < N_LINES; i++)
    g_clear_pointer (&lines[i], g_free);
}

static bool
parse (const CslField *field,
       const char *text,
       CslValue *ret_value,
       CslProblems *problems)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", "\n", -1);
  char *lines[N_LINES] = { NULL };
  bool good = true;

  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *line = csl_kind_dup_trimmed (parts[i]);
    if (i < N_LINES)
      lines[i] = g_steal_pointer (&line);
    else if (line != NULL)
      good = false;
  }
  if (good)
    take_lines (ret_value, lines);
  else
    csl_problems_add (
      problems, field->name, "form",
      _ ("%s: write at most five lines: street, second line, town, postcode, "
         "country."),
      csl_kind_label (field));
  clear_lines (lines);
  return good;
}

static bool
read_lines (const CslJson *json, guint index, char *lines[N_LINES])
{
  const CslJsonToken *token = csl_json_token (json, index);

  if (token->kind != CSL_JSON_OBJECT)
    return false;
  for (guint i = index + 1; i < token->next; i = csl_json_token (json, i + 1)->next) {
    guint line = 0;
    while (line < N_LINES && !csl_json_equals (json, i, names[line]))
      line++;
    g_autofree char *text = csl_json_dup_string (json, i + 1);
    if (line == N_LINES || text == NULL || strchr (text, '\n') != NULL)
      return false;
    lines[line] = csl_kind_dup_trimmed (text);
  }
  return true;
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  char *lines[N_LINES] = { NULL };
  bool good = read_lines (json, index, lines);

  if (good)
    take_lines (ret_value, lines);
  clear_lines (lines);
  return good;
}

static bool
lines_from_value (const CslValue *value, char *lines[N_LINES])
{
  g_auto (CslJson) json;

  csl_json_init (&json);
  return !csl_value_is_null (value) &&
         csl_json_scan (&json, value->text, strlen (value->text), &csl_json_limits_line,
                        NULL) &&
         read_lines (&json, 0, lines);
}

static char *
format (const CslField *field, const CslValue *value)
{
  char *lines[N_LINES] = { NULL };
  GString *text = g_string_new (NULL);

  lines_from_value (value, lines);
  for (guint i = 0; i < N_LINES; i++)
    g_string_append_printf (text, "%s\n", lines[i] != NULL ? lines[i] : "");
  clear_lines (lines);
  while (text->len > 0 && text->str[text->len - 1] == '\n')
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  char *lines[N_LINES] = { NULL };

  csl_kind_json_validate (field, value, problems);
  lines_from_value (value, lines);
  for (guint i = 0; i < N_LINES; i++) {
    if (lines[i] != NULL && g_utf8_strlen (lines[i], -1) > LINE_LENGTH)
      csl_problems_add (problems, field->name, "length",
                        _ ("%s: a line is too long; use %u characters at most."),
                        csl_kind_label (field), LINE_LENGTH);
  }
  clear_lines (lines);
}

const CslFieldKind csl_kind_address = {
  .name = "address",
  .value_type = CSL_VALUE_JSON,
  .flags = CSL_KIND_SEARCHABLE,
  .parse = parse,
  .format = format,
  .validate = validate,
  .from_json = from_json,
  .to_json = csl_kind_json_to_json,
  .sql_check = csl_kind_json_sql_check,
  .compare = csl_kind_bytes_compare,
};
