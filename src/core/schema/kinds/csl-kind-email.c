/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-kind-email.c: an e-mail address:
 * ^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$
 */
#include "config.h"

#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define DEFAULT_LENGTH 254 /* RFC 5321: the longest address that can be delivered to */
#define LETTERS        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS         "0123456789"

static bool
is_email (const char *text)
{
  gsize local = strspn (text, LETTERS DIGITS "._%+-");
  if (local == 0 || text[local] != '@')
    return false;
  const char *domain = text + local + 1;
  gsize length = strspn (domain, LETTERS DIGITS ".-");
  const char *point = strrchr (domain, '.');
  if (domain[length] != '\0' || point == NULL || point == domain)
    return false;
  gsize top = strspn (point + 1, LETTERS);
  return top >= 2 && point[1 + top] == '\0';
}

static void
validate (const CslField *field, const CslValue *value, CslProblems *problems)
{
  csl_kind_text_check (field, value, DEFAULT_LENGTH, true, problems);
  if (!is_email (value->text))
    csl_problems_add (problems, field->name, "R-60",
                      _ ("%s: write an e-mail address, such as name@example.org."),
                      csl_kind_label (field));
}

const CslFieldKind csl_kind_email = {
  .name = "email",
  .value_type = CSL_VALUE_TEXT,
  .flags = CSL_KIND_SEARCHABLE | CSL_KIND_SORTABLE,
  CSL_KIND_TEXT_FUNCTIONS,
  .validate = validate,
};
