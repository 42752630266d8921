/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-region-time.c: clocks and days as this region writes them. The clock of the desktop is one for
 * the whole program, as the locale is. */
#include "config.h"

#include "client/app/csl-region.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>

#define MINUTE 60
#define HOUR   3600

static CslRegionClock desktop_clock = CSL_REGION_CLOCK_LOCALE;

void
csl_region_set_clock (CslRegionClock clock)
{
  desktop_clock = clock;
}

/* The one without a country has forms of its own: those of the texts in the source. */
static bool
is_plain_locale (void)
{
  const char *name = setlocale (LC_TIME, NULL);

  return name == NULL || g_str_equal (name, "C") || g_str_equal (name, "POSIX") ||
         g_str_has_prefix (name, "C.");
}

bool
csl_region_has_12_hours (void)
{
  const char *form = nl_langinfo (T_FMT);

  if (*nl_langinfo (PM_STR) == '\0' || desktop_clock == CSL_REGION_CLOCK_24)
    return false;
  if (desktop_clock == CSL_REGION_CLOCK_12)
    return true;
  return !is_plain_locale () && (strstr (form, "%r") != NULL ||
                                 strstr (form, "%I") != NULL || strstr (form, "%l"));
}

/* Year-first regions write the month before the day too, but never the day last but one. */
bool
csl_region_is_month_first (void)
{
  const char *form = nl_langinfo (D_FMT);
  gsize day, month, year;

  if (is_plain_locale ())
    return false;
  if (strstr (form, "%D") != NULL)
    return true;
  day = strcspn (form, "de");
  month = strcspn (form, "mbBh");
  year = strcspn (form, "yY");
  return month < day && day < year;
}

char *
csl_region_clock (GDateTime *when)
{
  if (csl_region_has_12_hours ())
    /* Translators: a time of day on a clock with twelve hours, see strftime. */
    return g_date_time_format (when, C_ ("time of day", "%-I:%M %p"));
  /* Translators: a time of day on a clock with twenty-four hours, see strftime. */
  return g_date_time_format (when, C_ ("time of day", "%H:%M"));
}

static const char *
day_format (CslRegionDay form, bool month_first)
{
  /* Translators: forms of a day, see strftime. Of each pair the first is for regions that write the
   * day before the month, the second for those that write the month first; most languages have
   * the same for both. */
  switch (form) {
  case CSL_REGION_DAY_SHORT:
    return month_first ? C_ ("date", "%a, %b %-e") : C_ ("date", "%a %-e %b");
  case CSL_REGION_DAY_YEAR:
    return month_first ? C_ ("date", "%b %-e, %Y") : C_ ("date", "%-e %b %Y");
  case CSL_REGION_DAY_LONG:
    return month_first ? C_ ("date", "%A, %B %-e") : C_ ("date", "%A %-e %B");
  case CSL_REGION_DAY_LONG_YEAR:
    return month_first ? C_ ("date", "%A, %B %-e, %Y") : C_ ("date", "%A %-e %B %Y");
  case CSL_REGION_DAY_NUMBERS:
    return month_first ? "%m/%d/%Y" : "%d/%m/%Y";
  }
  g_assert_not_reached ();
}

char *
csl_region_day (GDateTime *when, CslRegionDay form)
{
  return g_date_time_format (when, day_format (form, csl_region_is_month_first ()));
}

/* Without case and without points: some regions write "Nov." */
static char *
fold (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", -1);
  g_autofree char *joined = g_strjoinv ("", parts);

  return g_utf8_casefold (g_strstrip (joined), -1);
}

/* @typed is @name or its beginning. */
static bool
begins (const char *name, const char *typed)
{
  g_autofree char *folded = fold (name);

  return g_str_equal (folded, typed) ||
         (g_utf8_strlen (typed, -1) >= 3 && g_str_has_prefix (folded, typed));
}

int
csl_region_month_from_name (const char *name)
{
  static const char *const english[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"
  };
  g_autofree char *typed = fold (name);

  for (int month = 1; *typed != '\0' && month <= 12; month++) {
    g_autoptr (GDateTime) day = g_date_time_new_utc (2026, month, 1, 12, 0, 0);
    g_autofree char *brief = g_date_time_format (day, "%b");
    g_autofree char *whole = g_date_time_format (day, "%B");
    g_autofree char *alone = g_date_time_format (day, "%OB");

    if (begins (brief, typed) || begins (whole, typed) || begins (alone, typed) ||
        begins (english[month - 1], typed))
      return month;
  }
  return 0;
}

/* 0 before noon, 12 after, -1 for a word that says neither. */
static int
read_half (const char *word)
{
  g_autofree char *folded = fold (word);
  g_autofree char *before = fold (nl_langinfo (AM_STR));
  g_autofree char *after = fold (nl_langinfo (PM_STR));

  if (g_str_equal (folded, "am") || (*before != '\0' && g_str_equal (folded, before)))
    return 0;
  if (g_str_equal (folded, "pm") || (*after != '\0' && g_str_equal (folded, after)))
    return 12;
  return -1;
}

int
csl_region_read_clock (const char *text, const char **ret_start)
{
  const char *colon = strrchr (text, ':');
  const char *start, *end;
  char *rest;
  int hour, minute, half;

  if (colon == NULL)
    colon = strrchr (text, '.');
  for (start = colon; start != NULL && start > text && g_ascii_isdigit (start[-1]);)
    start--;
  if (colon == NULL || start == colon || colon - start > 2 ||
      strspn (colon + 1, "0123456789") != 2 || (start > text && start[-1] != ' '))
    return -1;
  end = colon + 3;
  hour = (int) g_ascii_strtoull (start, NULL, 10);
  minute = (int) g_ascii_strtoull (colon + 1, &rest, 10);
  while (*end == ' ')
    end++;
  half = *end != '\0' ? read_half (end) : 0;
  if (minute > 59 || half < 0 || (*end == '\0' ? hour > 23 : hour < 1 || hour > 12))
    return -1;
  if (ret_start != NULL)
    *ret_start = start;
  return (*end != '\0' ? hour % 12 + half : hour) * HOUR + minute * MINUTE;
}
