/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-decimal.c: a number with a fixed count of digits after the point.
 *
 * Kept as a whole number of its last digit ("7.50" with two digits is 750), so that it sorts and
 * compares exactly; it travels as text. The limits of the field are in whole units.
 */
#include "config.h"

#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>

static bool
parse (const CslField *field,
       const char *text,
       CslValue *ret_value,
       CslProblems *problems)
{
  g_autofree char *trimmed = csl_kind_dup_trimmed (text);
  gint64 number;

  if (trimmed == NULL) {
    csl_value_clear (ret_value);
    return true;
  }
  if (!csl_kind_parse_fixed (trimmed, field->decimals, &number)) {
    csl_problems_add (problems, field->name, "form",
                      _ ("%s: write a number with at most %u digits after the point."),
                      csl_kind_label (field), field->decimals);
    return false;
  }
  csl_value_set_int (ret_value, number);
  return true;
}

static char *
format (const CslField *field, const CslValue *value)
{
  return csl_value_is_null (value)
           ? g_strdup ("")
           : csl_kind_format_fixed (value->number, field->decimals);
}

/* @limit in the unit of the value; no limit stays none. The loader keeps limits small enough. */
static gint64
scaled (const CslField *field, gint64 limit)
{
  if (limit == G_MININT64 || limit == G_MAXINT64)
    return limit;
  for (guint i = 0; i < field->decimals; i++)
    limit *= 10;
  return limit;
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  if (value->number < scaled (field, field->min)) {
    g_autofree char *limit = csl_kind_format_fixed (field->min, 0);
    csl_problems_add (problems, field->name, "range",
                      _ ("%s: the number must be %s or more."), csl_kind_label (field),
                      limit);
  }
  if (value->number > scaled (field, field->max)) {
    g_autofree char *limit = csl_kind_format_fixed (field->max, 0);
    csl_problems_add (problems, field->name, "range",
                      _ ("%s: the number must be %s or less."), csl_kind_label (field),
                      limit);
  }
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  g_autofree char *text = csl_json_dup_string (json, index);
  gint64 number;

  if (text == NULL || !csl_kind_parse_fixed (text, field->decimals, &number))
    return false;
  csl_value_set_int (ret_value, number);
  return true;
}

static void
to_json (const CslField *field, const CslValue *value, GString *out)
{
  g_autofree char *text = csl_kind_format_fixed (value->number, field->decimals);

  g_string_append_printf (out, "\"%s\"", text);
}

static void
sql_check (const CslField *field, const char *column, GString *out)
{
  csl_kind_range_sql_check (column, scaled (field, field->min),
                            scaled (field, field->max), out);
}

const CslFieldKind csl_kind_decimal = {
  .name = "decimal",
  .value_type = CSL_VALUE_INT,
  .flags = CSL_KIND_SORTABLE,
  .parse = parse,
  .format = format,
  .validate = validate,
  .from_json = from_json,
  .to_json = to_json,
  .sql_check = sql_check,
  .compare = csl_kind_number_compare,
};
