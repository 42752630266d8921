/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-person.c: names as people use them, and ages. */
#include "core/domain/csl-person.h"

#include "core/base/csl-time.h"

#include <string.h>

static bool
has_text (const char *text)
{
  return text != NULL && *text != '\0';
}

/**
 * csl_person_dup_display_name:
 * @name: what is known
 *
 * Returns: (transfer full) (nullable): the name to show
 */
char *
csl_person_dup_display_name (const CslPersonName *name)
{
  const char *first = has_text (name->first_name) ? name->first_name : NULL;
  const char *last = has_text (name->last_name) ? name->last_name : NULL;
  const char *preferred = has_text (name->preferred_name) ? name->preferred_name : NULL;
  g_autofree char *given = NULL;

  if (preferred != NULL && first != NULL && !g_str_equal (preferred, first))
    given = g_strdup_printf ("%s (%s)", preferred, first);
  else
    given = g_strdup (preferred != NULL ? preferred : first);
  if (given == NULL)
    return g_strdup (last);
  return last != NULL ? g_strdup_printf ("%s %s", given, last) : g_steal_pointer (&given);
}

/* First letter or digit of @text, upper case. */
static bool
append_initial (GString *out, const char *text)
{
  for (; has_text (text); text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);
    if (g_unichar_isalnum (c)) {
      g_string_append_unichar (out, g_unichar_toupper (c));
      return true;
    }
  }
  return false;
}

/**
 * csl_person_dup_initials:
 * @name: what is known; the preferred name counts as the first
 *
 * Returns: (transfer full): one or two characters
 */
char *
csl_person_dup_initials (const CslPersonName *name)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (!append_initial (out, name->preferred_name))
    append_initial (out, name->first_name);
  append_initial (out, name->last_name);
  return g_strdup (out->len > 0 ? out->str : "?");
}

/* "YYYY-MM-DD" as the number YYYYMMDD. */
static int
date_number (const char *date)
{
  int number = 0;

  for (const char *p = date; *p != '\0'; p++) {
    if (*p != '-')
      number = number * 10 + (*p - '0');
  }
  return number;
}

/**
 * csl_person_get_age:
 * @date_of_birth: (nullable): a date
 * @today: (nullable): a date
 *
 * Returns: whole years, or -1
 */
int
csl_person_get_age (const char *date_of_birth, const char *today)
{
  if (date_of_birth == NULL || today == NULL || !csl_date_is_valid (date_of_birth) ||
      !csl_date_is_valid (today))
    return -1;

  int difference = date_number (today) - date_number (date_of_birth);
  return difference < 0 ? -1 : difference / 10000;
}
