/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-phone.c: one form for the many ways a telephone number is written. */
#include "core/domain/csl-phone.h"

#include <string.h>

#define HOME_CODE "44"

/* Appends the digits of @text. "(0)" is the national prefix that must not be dialled from abroad: it
 * counts as nothing when a country code stands before it. */
static void
append_digits (GString *out, const char *text, bool skip_bracketed_zero)
{
  for (const char *p = text; *p != '\0'; p++) {
    if (skip_bracketed_zero && g_str_has_prefix (p, "(0)")) {
      p += 2;
      continue;
    }
    if (g_ascii_isdigit (*p))
      g_string_append_c (out, *p);
  }
}

/**
 * csl_phone_dup_normalised:
 * @text: (nullable): a number as a person wrote it
 *
 * Returns: (transfer full) (nullable): the form to search and compare
 */
char *
csl_phone_dup_normalised (const char *text)
{
  g_autoptr (GString) digits = g_string_new (NULL);

  if (text == NULL)
    return NULL;
  const char *first = text + strcspn (text, "+0123456789");
  bool international = *first == '+' || g_str_has_prefix (first, "00");
  append_digits (digits, first, international);
  if (*first != '+' && international)
    g_string_erase (digits, 0, 2);
  if (digits->len == 0)
    return NULL;
  if (!international)
    return g_strdup (digits->str);
  if (!g_str_has_prefix (digits->str, HOME_CODE))
    return g_strconcat ("+", digits->str, NULL);
  const char *national = digits->str + strlen (HOME_CODE);
  return g_strconcat (*national == '0' ? "" : "0", national, NULL);
}

/**
 * csl_phone_matches:
 * @a: (nullable): a number as written
 * @b: (nullable): another
 *
 * Returns: whether both are the same number
 */
bool
csl_phone_matches (const char *a, const char *b)
{
  g_autofree char *one = csl_phone_dup_normalised (a);
  g_autofree char *other = csl_phone_dup_normalised (b);

  return one != NULL && other != NULL && g_str_equal (one, other);
}
