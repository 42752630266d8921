/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-integer.c: a whole number. */
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
  if (!csl_kind_parse_fixed (trimmed, 0, &number)) {
    csl_problems_add (problems, field->name, "form",
                      _ ("%s: write a whole number, such as 12."),
                      csl_kind_label (field));
    return false;
  }
  csl_value_set_int (ret_value, number);
  return true;
}

static char *
format (const CslField *field, const CslValue *value)
{
  return csl_value_is_null (value) ? g_strdup ("")
                                   : csl_kind_format_fixed (value->number, 0);
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  if (value->number < field->min) {
    g_autofree char *limit = csl_kind_format_fixed (field->min, 0);
    csl_problems_add (problems, field->name, "range",
                      _ ("%s: the number must be %s or more."), csl_kind_label (field),
                      limit);
  }
  if (value->number > field->max) {
    g_autofree char *limit = csl_kind_format_fixed (field->max, 0);
    csl_problems_add (problems, field->name, "range",
                      _ ("%s: the number must be %s or less."), csl_kind_label (field),
                      limit);
  }
}

static void
sql_check (const CslField *field, const char *column, GString *out)
{
  csl_kind_range_sql_check (column, field->min, field->max, out);
}

const CslFieldKind csl_kind_integer = {
  .name = "integer",
  .value_type = CSL_VALUE_INT,
  .flags = CSL_KIND_SORTABLE,
  .parse = parse,
  .format = format,
  .validate = validate,
  .from_json = csl_kind_number_from_json,
  .to_json = csl_kind_number_to_json,
  .sql_check = sql_check,
  .compare = csl_kind_number_compare,
};
