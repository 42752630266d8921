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
  CSL_KIND_TEXT_FUNCTIONS,
  .validate = validate,
};
