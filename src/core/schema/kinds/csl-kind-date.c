/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-date.c: a calendar day. */
#include "config.h"

#include "core/base/csl-time.h"
#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* 1–12 from three letters or more of an English month name, else 0. */
static int
month_from_name (const char *name)
{
  static const char *const months[] = { "january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december" };
  gsize length = strlen (name);

  if (g_str_has_suffix (name, "."))
    length--;
  for (int i = 0; i < 12 && length >= 3; i++) {
    if (g_ascii_strncasecmp (name, months[i], length) == 0)
      return i + 1;
  }
  return 0;
}

/* One or two digits, or four for a year; -1 for anything else. */
static int
number_from_part (const char *part, gsize shortest, gsize longest)
{
  gsize length = strspn (part, "0123456789");

  if (part[length] != '\0' || length < shortest || length > longest)
    return -1;
  return (int) g_ascii_strtoull (part, NULL, 10);
}

/* "20/11/2026", "20.11.2026", "20-11-2026", "20 Nov 2026", "20 November 2026" → canonical text. */
static char *
canonical_date (const char *text)
{
  if (csl_date_is_valid (text))
    return g_strdup (text);
  g_auto (GStrv) parts = g_strsplit_set (text, "/.- ", -1);
  /* "20 Nov. 2026": the point and the space leave an empty part between them. */
  if (g_strv_length (parts) == 4 && *parts[2] == '\0') {
    g_free (parts[2]);
    parts[2] = parts[3];
    parts[3] = NULL;
  }
  if (g_strv_length (parts) != 3)
    return NULL;
  int day = number_from_part (parts[0], 1, 2);
  int month = month_from_name (parts[1]);
  if (month == 0)
    month = number_from_part (parts[1], 1, 2);
  int year = number_from_part (parts[2], 4, 4);
  if (day < 0 || month < 0 || year < 0)
    return NULL;
  g_autofree char *date = g_strdup_printf ("%04d-%02d-%02d", year, month, day);
  return csl_date_is_valid (date) ? g_steal_pointer (&date) : NULL;
}

static bool
parse (const CslField *field,
       const char *text,
       CslValue *ret_value,
       CslProblems *problems)
{
  g_autofree char *trimmed = csl_kind_dup_trimmed (text);

  if (trimmed == NULL) {
    csl_value_clear (ret_value);
    return true;
  }
  char *date = canonical_date (trimmed);
  if (date == NULL) {
    csl_problems_add (problems, field->name, "form",
                      _ ("%s: write a date, such as 20/11/2026."),
                      csl_kind_label (field));
    return false;
  }
  csl_value_take_text (ret_value, date);
  return true;
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  if (!csl_date_is_valid (value->text))
    csl_problems_add (problems, field->name, "form", _ ("%s: there is no such day."),
                      csl_kind_label (field));
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  return csl_kind_code_from_json (csl_json_token (json, index), json->text, 10,
                                  csl_date_is_valid, ret_value);
}

static void
sql_check (const CslField *field, const char *column, GString *out)
{
  g_string_append_printf (out, "length(%s) = 10", column);
}

const CslFieldKind csl_kind_date = {
  .name = "date",
  .value_type = CSL_VALUE_TEXT,
  .flags = CSL_KIND_SORTABLE,
  .parse = parse,
  .format = csl_kind_text_format,
  .validate = validate,
  .from_json = from_json,
  .to_json = csl_kind_text_to_json,
  .sql_check = sql_check,
  .compare = csl_kind_bytes_compare,
};
