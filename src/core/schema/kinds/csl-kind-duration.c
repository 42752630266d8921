/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-duration.c: a length of time in seconds; people write hours and minutes. */
#include "config.h"

#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_DIGITS 7

/* Reads up to MOST_DIGITS digits; -1 when there are none or too many. */
static gint64
read_number (const char **at)
{
  gsize length = strspn (*at, "0123456789");

  if (length == 0 || length > MOST_DIGITS)
    return -1;
  gint64 number = (gint64) g_ascii_strtoull (*at, NULL, 10);
  *at += length;
  return number;
}

/* "1:30" hours and minutes, "1:30:15" with seconds. */
static gint64
read_clock (const char *text)
{
  gint64 hours = read_number (&text);
  if (hours < 0 || *text++ != ':')
    return -1;
  const char *part = text;
  gint64 minutes = read_number (&text), seconds = 0;
  bool good = text - part == 2 && minutes < 60;
  if (good && *text == ':') {
    part = ++text;
    seconds = read_number (&text);
    good = text - part == 2 && seconds < 60;
  }
  return good && *text == '\0' ? hours * 3600 + minutes * 60 + seconds : -1;
}

/* "90", "90 min", "1 h", "1h 30m", "1 h 30 min", "20 s": falling units, each once; a bare number
 * is minutes. */
static gint64
read_units (const char *text)
{
  static const struct
  {
    const char *name;
    gint64 seconds;
  } units[] = { { "hours", 3600 }, { "hour", 3600 }, { "h", 3600 }, { "minutes", 60 },
                { "minute", 60 },  { "min", 60 },    { "m", 60 },   { "seconds", 1 },
                { "second", 1 },   { "sec", 1 },     { "s", 1 } };
  gint64 total = 0, last = G_MAXINT64;

  while (*text != '\0') {
    gint64 number = read_number (&text), size = 0;
    text += strspn (text, " ");
    if (*text == '\0' && last == G_MAXINT64)
      return number < 0 ? -1 : number * 60;
    gsize length = strcspn (text, " 0123456789");
    for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
      if (strlen (units[i].name) == length && strncmp (text, units[i].name, length) == 0)
        size = units[i].seconds;
    }
    if (number < 0 || size == 0 || size >= last)
      return -1;
    total += number * size;
    last = size;
    text += length;
    text += strspn (text, " ");
  }
  return total;
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
  gint64 seconds = strchr (trimmed, ':') != NULL ? read_clock (trimmed)
                                                 : read_units (trimmed);
  if (seconds < 0) {
    csl_problems_add (problems, field->name, "form",
                      _ ("%s: write hours and minutes, such as 1:30 or 90 min."),
                      csl_kind_label (field));
    return false;
  }
  csl_value_set_int (ret_value, seconds);
  return true;
}

static char *
format (const CslField *field, const CslValue *value)
{
  if (csl_value_is_null (value))
    return g_strdup ("");
  gint64 n = value->number;
  if (n % 60 == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d", n / 3600, (int) (n / 60 % 60));
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", n / 3600, (int) (n / 60 % 60),
                          (int) (n % 60));
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  gint64 least = MAX (field->min, 0);

  if (value->number < least || value->number > field->max)
    csl_problems_add (problems, field->name, "range",
                      _ ("%s: this is too long or too short."), csl_kind_label (field));
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  gint64 number;

  if (!csl_json_get_int (json, index, &number) || number < 0)
    return false;
  csl_value_set_int (ret_value, number);
  return true;
}

static void
sql_check (const CslField *field, const char *column, GString *out)
{
  csl_kind_range_sql_check (column, MAX (field->min, 0), field->max, out);
}

const CslFieldKind csl_kind_duration = {
  .name = "duration",
  .value_type = CSL_VALUE_INT,
  .flags = CSL_KIND_SORTABLE,
  .parse = parse,
  .format = format,
  .validate = validate,
  .from_json = from_json,
  .to_json = csl_kind_number_to_json,
  .sql_check = sql_check,
  .compare = csl_kind_number_compare,
};
