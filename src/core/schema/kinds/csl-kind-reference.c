/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-reference.c: the id of a record of another type. Whether that record exists is the
 * store's question.
 */
#include "config.h"

#include "core/base/csl-id.h"
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

  if (trimmed != NULL && !csl_id_is_valid (trimmed)) {
    csl_problems_add (problems, field->name, "form", _ ("%s: choose one from the list."),
                      csl_kind_label (field));
    return false;
  }
  csl_value_take_text (ret_value, g_steal_pointer (&trimmed));
  return true;
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  if (!csl_id_is_valid (value->text))
    csl_problems_add (problems, field->name, "form", _ ("%s: choose one from the list."),
                      csl_kind_label (field));
}

static bool
from_json (const CslField *field, const CslJson *json, guint index, CslValue *ret_value)
{
  return csl_kind_code_from_json (csl_json_token (json, index), json->text, CSL_ID_LENGTH,
                                  csl_id_is_valid, ret_value);
}

static void
sql_check (const CslField *field, const char *column, GString *out)
{
  g_string_append_printf (out, "length(%s) = %d", column, CSL_ID_LENGTH);
}

const CslFieldKind csl_kind_reference = {
  .name = "reference",
  .value_type = CSL_VALUE_TEXT,
  .flags = CSL_KIND_NEEDS_TARGET,
  .parse = parse,
  .format = csl_kind_text_format,
  .validate = validate,
  .from_json = from_json,
  .to_json = csl_kind_text_to_json,
  .sql_check = sql_check,
  .compare = csl_kind_bytes_compare,
};
