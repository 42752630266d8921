/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-region-number.c: numbers and amounts as this region writes them. The currency comes from the
 * record, never from the region, which only says where its sign stands. */
#include "config.h"

#include "client/app/csl-region.h"
#include "core/value/csl-currency.h"

#include <limits.h>
#include <locale.h>
#include <string.h>

#define MINUS         "−"
#define NO_BREAK      "\302\240"
#define NARROW        "\342\200\257"
#define PLAIN_NUMBERS "0123456789"

/* The digits with the groups and the point of the region, without a sign. */
static char *
format_size (guint64 size, guint digits)
{
  guint64 unit = 1;

  for (guint i = 0; i < digits; i++)
    unit *= 10;
  if (digits == 0)
    return g_strdup_printf ("%'" G_GUINT64_FORMAT, size);
  return g_strdup_printf ("%'" G_GUINT64_FORMAT "%s%0*" G_GUINT64_FORMAT, size / unit,
                          localeconv ()->decimal_point, (int) digits, size % unit);
}

static guint64
get_size (gint64 number)
{
  return number < 0 ? 0 - (guint64) number : (guint64) number;
}

char *
csl_region_number (gint64 number, guint digits)
{
  g_autofree char *size = format_size (get_size (number), digits);

  return g_strconcat (number < 0 ? MINUS : "", size, NULL);
}

/* The sign people here know @currency by; NULL: its code is clearer. */
static const char *
get_sign (const char *currency)
{
  const struct lconv *region = localeconv ();

  if (strlen (region->int_curr_symbol) >= 3 &&
      strncmp (region->int_curr_symbol, currency, 3) == 0)
    return region->currency_symbol;
  if (g_str_equal (currency, "GBP"))
    return "£";
  if (g_str_equal (currency, "EUR"))
    return "€";
  if (g_str_equal (currency, "USD"))
    return strchr (region->currency_symbol, '$') != NULL ? "US$" : "$";
  return NULL;
}

char *
csl_region_money (gint64 minor_units, const char *currency)
{
  const struct lconv *region = localeconv ();
  const char *code = currency != NULL ? currency : "";
  const char *sign = get_sign (code);
  const char *minus = minor_units < 0 ? MINUS : "";
  g_autofree char *size =
    format_size (get_size (minor_units), csl_currency_get_digits (code));

  if (sign == NULL)
    return g_strconcat (minus, size, *code != '\0' ? NO_BREAK : "", code, NULL);
  if (region->p_cs_precedes == 0)
    return g_strconcat (minus, size, NO_BREAK, sign, NULL);
  return g_strconcat (minus, sign,
                      region->p_sep_by_space == 1 || region->p_sep_by_space == 2
                        ? NO_BREAK
                        : "",
                      size, NULL);
}

char *
csl_region_localise (const char *plain)
{
  g_auto (GStrv) parts = g_strsplit (plain, ".", 2);

  return g_strjoinv (localeconv ()->decimal_point, parts);
}

/* Takes every @what between two digits out of @text. */
static char *
without (const char *text, const char *what)
{
  GString *out = g_string_new (NULL);
  gsize length = strlen (what);

  for (const char *at = text; *at != '\0';) {
    if (length > 0 && strncmp (at, what, length) == 0 && at > text &&
        g_ascii_isdigit (at[-1]) && g_ascii_isdigit (at[length]))
      at += length;
    else
      g_string_append_c (out, *at++);
  }
  return g_string_free (out, FALSE);
}

/* "12.50" typed where the point stands between thousands can only mean a decimal point. */
static bool
is_plain_point (const char *text, const char *point)
{
  const char *first = strchr (text, '.');

  return first != NULL && strchr (first + 1, '.') == NULL &&
         strstr (text, point) == NULL && strspn (first + 1, PLAIN_NUMBERS) != 3;
}

char *
csl_region_plain (const char *typed)
{
  const struct lconv *region = localeconv ();
  g_autofree char *narrow = without (typed, NARROW);
  g_autofree char *joined = without (narrow, NO_BREAK);
  g_autofree char *whole = NULL;
  g_auto (GStrv) parts = NULL;

  if (g_str_equal (region->decimal_point, ".") ||
      is_plain_point (joined, region->decimal_point))
    return g_steal_pointer (&joined);
  whole = without (joined, *region->thousands_sep != '\0' ? region->thousands_sep : ".");
  parts = g_strsplit (whole, region->decimal_point, 2);
  return g_strjoinv (".", parts);
}
