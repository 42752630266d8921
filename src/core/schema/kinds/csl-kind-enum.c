/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-enum.c: one value of a reference list.
 *
 * A value this version does not know is read and shown as it is; it is refused only when somebody
 * writes it.
 */
#include "config.h"

#include "core/schema/kinds/csl-kinds.h"

/* Accepts the stored value and the label. */
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
  const CslEnumValue *known = csl_kind_find_option (field->options, trimmed);
  if (known == NULL) {
    csl_kind_add_unknown (field, trimmed, problems);
    return false;
  }
  csl_value_set_text (ret_value, known->value);
  return true;
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  if (csl_enum_lookup (field->options, value->text) == NULL)
    csl_kind_add_unknown (field, value->text, problems);
}

static void
sql_check (const CslField *field, const char *column, GString *out)
{
  /* The loader lets only identifiers into enumerations: nothing here needs quoting. */
  g_string_append_printf (out, "%s IN (", column);
  for (guint i = 0; i < field->options->n_values; i++)
    g_string_append_printf (out, "%s'%s'", i > 0 ? ", " : "",
                            field->options->values[i].value);
  g_string_append_c (out, ')');
}

const CslFieldKind csl_kind_enum = {
  .name = "enum",
  .value_type = CSL_VALUE_TEXT,
  .flags = CSL_KIND_NEEDS_OPTIONS | CSL_KIND_SORTABLE,
  .parse = parse,
  .format = csl_kind_text_format,
  .validate = validate,
  .from_json = csl_kind_text_from_json,
  .to_json = csl_kind_text_to_json,
  .sql_check = sql_check,
  .compare = csl_kind_text_compare,
};
