/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-phone.c: a telephone number as people write it: ^\+?[0-9\s\-()]+$ */
#include "config.h"

#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_LENGTH 40

static bool
is_phone (const char *text)
{
  text += *text == '+';
  return *text != '\0' && text[strspn (text, "0123456789 \t\n\v\f\r-()")] == '\0';
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  csl_kind_text_check (field, value, DEFAULT_LENGTH, true, problems);
  if (!is_phone (value->text))
    csl_problems_add (problems, field->name, "R-63",
                      _ ("%s: use digits, spaces, hyphens and brackets only."),
                      csl_kind_label (field));
}

const CslFieldKind csl_kind_phone = {
  .name = "phone",
  .value_type = CSL_VALUE_TEXT,
  .flags = CSL_KIND_SEARCHABLE,
  CSL_KIND_TEXT_FUNCTIONS,
  .validate = validate,
};
