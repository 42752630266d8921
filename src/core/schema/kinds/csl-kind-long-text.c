/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-long-text.c: prose of several lines. */
#include "core/schema/kinds/csl-kinds.h"

#define DEFAULT_LENGTH 100000

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  csl_kind_text_check (field, value, DEFAULT_LENGTH, true, problems);
}

const CslFieldKind csl_kind_long_text = {
  .name = "long_text",
  .value_type = CSL_VALUE_TEXT,
  .flags = CSL_KIND_SEARCHABLE | CSL_KIND_LONG,
  CSL_KIND_TEXT_FUNCTIONS,
  .validate = validate,
};
