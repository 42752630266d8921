/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-pin.c: judging a PIN or passphrase. A PIN is not the only lock (see csl-key-file.c), so six figures will do;
 * what falls at the first guess will not. */
#include "client/app/csl-pin.h"

#include <stdbool.h>
#include <string.h>

/* Is every step from one character to the next the same: 111111, 123456, fedcba? */
static bool
is_row (const char *pin)
{
  gunichar before = g_utf8_get_char (pin);
  const char *at = g_utf8_next_char (pin);
  const gint64 step = (gint64) g_utf8_get_char (at) - before;

  for (; *at != '\0'; at = g_utf8_next_char (at)) {
    if ((gint64) g_utf8_get_char (at) - before != step)
      return false;
    before = g_utf8_get_char (at);
  }
  return step >= -1 && step <= 1;
}

/* 123123, ababab */
static bool
repeats (const char *pin)
{
  const gsize length = strlen (pin);

  for (gsize part = 1; part <= MIN (3, length / 2); part++)
    if (length % part == 0 && memcmp (pin, pin + part, length - part) == 0)
      return true;
  return false;
}

static bool
has_name (const char *pin, const char *username)
{
  g_autofree char *folded = g_utf8_casefold (pin, -1);
  g_autofree char *name = g_utf8_casefold (username, -1);

  return strlen (name) >= 3 && strlen (folded) < strlen (name) + 5 &&
         strstr (folded, name) != NULL;
}

static guint
count_kinds (const char *pin)
{
  bool digit = false, letter = false, other = false;

  for (const char *at = pin; *at != '\0'; at = g_utf8_next_char (at)) {
    const gunichar c = g_utf8_get_char (at);

    digit |= g_unichar_isdigit (c);
    letter |= g_unichar_isalpha (c);
    other |= !g_unichar_isalnum (c);
  }
  return digit + letter + other;
}

/**
 * csl_pin_judge:
 * @pin: valid UTF-8
 * @username: (nullable)
 */
CslPinQuality
csl_pin_judge (const char *pin, const char *username)
{
  const glong length = g_utf8_strlen (pin, -1);
  const guint kinds = count_kinds (pin);

  if (length < CSL_PIN_LEAST)
    return CSL_PIN_TOO_SHORT;
  if (is_row (pin) || repeats (pin) || (username != NULL && has_name (pin, username)))
    return CSL_PIN_TOO_SIMPLE;
  if (length >= 14 || (length >= 11 && kinds > 1))
    return CSL_PIN_STRONG;
  if (length >= 9 || (length >= 7 && kinds > 1))
    return CSL_PIN_GOOD;
  return CSL_PIN_FAIR;
}
