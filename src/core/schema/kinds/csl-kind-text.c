/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-text.c: one line of text; 200 characters unless the field says otherwise. */
#include "core/schema/kinds/csl-kinds.h"

#define DEFAULT_LENGTH 200

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  csl_kind_text_check (field, value, DEFAULT_LENGTH, false, problems);
}

const CslFieldKind csl_kind_text = {
  .name = "text",
  .value_type = CSL_VALUE_TEXT,
  .flags = CSL_KIND_SEARCHABLE | CSL_KIND_SORTABLE,
  .parse = csl_kind_text_parse,
  .format = csl_kind_text_format,
  .validate = validate,
  .from_json = csl_kind_text_from_json,
  .to_json = csl_kind_text_to_json,
  .sql_check = csl_kind_text_sql_check,
  .compare = csl_kind_text_compare,
};
