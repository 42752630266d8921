/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-instant.c: a moment, in UTC with the zone the person was in (core/base/csl-time.h). */
#include "config.h"

#include "core/base/csl-time.h"
#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static bool
parse (const CslField *field,
       const char *text,
       CslValue *ret_value,
       CslProblems *problems)
{
  g_autofree char *trimmed = csl_kind_dup_trimmed (text);

  if (trimmed != NULL && !csl_instant_parse (trimmed, NULL, NULL)) {
    csl_problems_add (problems, field->name, "form", _ ("%s: choose a day and a time."),
                      csl_kind_label (field));
    return false;
  }
  csl_value_take_text (ret_value, g_steal_pointer (&trimmed));
  return true;
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  if (!csl_instant_parse (value->text, NULL, NULL))
    csl_problems_add (problems, field->name, "form",
                      _ ("%s: there is no such day and time."), csl_kind_label (field));
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  g_autofree char *text = csl_json_dup_string (json, index);

  if (!csl_instant_parse (text, NULL, NULL))
    return false;
  csl_value_take_text (ret_value, g_steal_pointer (&text));
  return true;
}

static void
sql_check (const CslField *field, const char *column, GString *out)
{
  g_string_append_printf (out, "length(%s) >= %d", column, CSL_INSTANT_UTC_LENGTH);
}

/* By the moment alone: where people were does not make one of them earlier. */
static int
compare (const CslValue *a, const CslValue *b)
{
  return strncmp (a->text, b->text, CSL_INSTANT_UTC_LENGTH);
}

const CslFieldKind csl_kind_instant = {
  .name = "instant",
  .value_type = CSL_VALUE_TEXT,
  .flags = CSL_KIND_SORTABLE,
  .parse = parse,
  .format = csl_kind_text_format,
  .validate = validate,
  .from_json = from_json,
  .to_json = csl_kind_text_to_json,
  .sql_check = sql_check,
  .compare = compare,
};
