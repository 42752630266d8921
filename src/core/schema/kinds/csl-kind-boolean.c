/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-boolean.c: yes or no; no value means nobody has said. */
#include "config.h"

#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>

static bool
is_one_of (const char *text, const char *const *words)
{
  for (; *words != NULL; words++) {
    if (g_ascii_strcasecmp (text, *words) == 0)
      return true;
  }
  return false;
}

static bool
parse (const CslField *field,
       const char *text,
       CslValue *ret_value,
       CslProblems *problems)
{
  static const char *const yes[] = { "yes", "true", "1", "y", NULL };
  static const char *const no[] = { "no", "false", "0", "n", NULL };
  g_autofree char *trimmed = csl_kind_dup_trimmed (text);

  if (trimmed == NULL) {
    csl_value_clear (ret_value);
  } else if (is_one_of (trimmed, yes)) {
    csl_value_set_bool (ret_value, true);
  } else if (is_one_of (trimmed, no)) {
    csl_value_set_bool (ret_value, false);
  } else {
    csl_problems_add (problems, field->name, "form", _ ("%s: write yes or no."),
                      csl_kind_label (field));
    return false;
  }
  return true;
}

static char *
format (const CslField *field, const CslValue *value)
{
  return g_strdup (csl_value_is_null (value) ? "" : value->number != 0 ? "yes" : "no");
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  /* Both values are good. */
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  CslJsonKind kind = (CslJsonKind) csl_json_token (json, index)->kind;

  if (kind != CSL_JSON_TRUE && kind != CSL_JSON_FALSE)
    return false;
  csl_value_set_bool (ret_value, kind == CSL_JSON_TRUE);
  return true;
}

static void
to_json (const CslField *field, const CslValue *value, GString *out)
{
  g_string_append (out, value->number != 0 ? "true" : "false");
}

static void
sql_check (const CslField *field, const char *column, GString *out)
{
  g_string_append_printf (out, "%s IN (0, 1)", column);
}

const CslFieldKind csl_kind_boolean = {
  .name = "boolean",
  .value_type = CSL_VALUE_BOOL,
  .flags = CSL_KIND_SORTABLE,
  .parse = parse,
  .format = format,
  .validate = validate,
  .from_json = from_json,
  .to_json = to_json,
  .sql_check = sql_check,
  .compare = csl_kind_number_compare,
};
