/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-time.c: calendar arithmetic on text; strict, without a clock and without time zones.
 *
 * Years 0001–9999, so that text order is time order. The zone name is carried, not applied:
 * only its form is checked (RFC 9557 time-zone-name).
 */
#include "core/base/csl-time.h"

#include <string.h>

#define MS_PER_DAY G_GINT64_CONSTANT (86400000)
#define FIRST_DAY  (-719162) /* 0001-01-01 */
#define LAST_DAY   2932896   /* 9999-12-31 */
#define ZONE_MAX   64

/* Days since 1970-01-01 of a proleptic Gregorian date; years start in March here, so that the
 * leap day comes last and every 400 years (an era) are alike. */
static int
days_from_civil (int year, int month, int day)
{
  year -= month <= 2;
  int era = (year >= 0 ? year : year - 399) / 400;
  int year_of_era = year - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * 146097 + day_of_era - 719468;
}

static void
civil_from_days (int days, int *ret_year, int *ret_month, int *ret_day)
{
  days += 719468;
  int era = (days >= 0 ? days : days - 146096) / 146097;
  int day_of_era = days - era * 146097;
  int year_of_era =
    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era -
                    (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int month = (5 * day_of_year + 2) / 153;

  *ret_day = day_of_year - (153 * month + 2) / 5 + 1;
  *ret_month = month < 10 ? month + 3 : month - 9;
  *ret_year = year_of_era + era * 400 + (*ret_month <= 2);
}

/* Reads exactly @n digits; -1 when there are other characters (a NUL included). */
static int
read_digits (const char *text, int n)
{
  int number = 0;

  for (int i = 0; i < n; i++) {
    if (!g_ascii_isdigit (text[i]))
      return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

static int
days_in_month (int year, int month)
{
  static const guint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return month == 2 && leap ? 29 : days[month - 1];
}

/* The first ten characters as days, or G_MININT. */
static int
read_date (const char *text)
{
  int year = read_digits (text, 4);
  if (year < 1 || text[4] != '-')
    return G_MININT;
  int month = read_digits (text + 5, 2);
  if (month < 1 || month > 12 || text[7] != '-')
    return G_MININT;
  int day = read_digits (text + 8, 2);
  if (day < 1 || day > days_in_month (year, month))
    return G_MININT;
  return days_from_civil (year, month, day);
}

/* "HH:MM:SS.mmmZ" as milliseconds of the day, or -1. No leap seconds, no 24:00. */
static int
read_clock (const char *text)
{
  int hour = read_digits (text, 2);
  if (hour < 0 || hour > 23 || text[2] != ':')
    return -1;
  int minute = read_digits (text + 3, 2);
  if (minute < 0 || minute > 59 || text[5] != ':')
    return -1;
  int second = read_digits (text + 6, 2);
  if (second < 0 || second > 59 || text[8] != '.')
    return -1;
  int ms = read_digits (text + 9, 3);
  if (ms < 0 || text[12] != 'Z')
    return -1;
  return ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

/* "Europe/London", "Etc/GMT+1": parts of letters, digits, _ . - +; no empty, "." or ".." part. */
static bool
zone_is_valid (const char *zone, gsize length)
{
  gsize part = 0;

  if (length == 0 || length > ZONE_MAX)
    return false;
  for (gsize i = 0; i <= length; i++) {
    if (i == length || zone[i] == '/') {
      gsize n = i - part;
      if (n == 0 || (zone[part] == '.' && (n == 1 || (n == 2 && zone[part + 1] == '.'))))
        return false;
      part = i + 1;
    } else if (!g_ascii_isalnum (zone[i]) && strchr ("_.-+", zone[i]) == NULL) {
      return false;
    } else if (i == part && !g_ascii_isalpha (zone[i]) && zone[i] != '_' &&
               zone[i] != '.') {
      return false;
    }
  }
  return true;
}

/**
 * csl_instant_format:
 * @wall_ms: milliseconds since 1970 UTC; clamped to the years 0001–9999
 * @zone: (nullable): IANA name of the zone the person is in; left out when malformed
 *
 * Returns: (transfer full): the canonical text
 */
char *
csl_instant_format (gint64 wall_ms, const char *zone)
{
  int year, month, day;

  wall_ms = CLAMP (wall_ms, FIRST_DAY * MS_PER_DAY, (LAST_DAY + 1) * MS_PER_DAY - 1);
  int ms = (int) (((wall_ms % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY);
  int days = (int) ((wall_ms - ms) / MS_PER_DAY);
  civil_from_days (days, &year, &month, &day);
  bool has_zone = zone != NULL && zone_is_valid (zone, strlen (zone));
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ%s%s%s", year, month, day,
                          ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000,
                          has_zone ? "[" : "", has_zone ? zone : "", has_zone ? "]" : "");
}

/**
 * csl_instant_parse:
 * @text: (nullable): canonical text of an instant
 * @ret_ms: (out) (optional): milliseconds since 1970 UTC
 * @ret_zone: (out) (optional) (nullable) (transfer full): zone name, or %NULL when there is none
 *
 * Only the canonical form is accepted; outputs are untouched otherwise.
 *
 * Returns: whether @text is an instant
 */
bool
csl_instant_parse (const char *text, gint64 *ret_ms, char **ret_zone)
{
  if (text == NULL || strnlen (text, CSL_INSTANT_UTC_LENGTH) < CSL_INSTANT_UTC_LENGTH)
    return false;

  int days = read_date (text);
  int ms = text[10] == 'T' ? read_clock (text + 11) : -1;
  if (days == G_MININT || ms < 0)
    return false;

  const char *zone = text + CSL_INSTANT_UTC_LENGTH;
  gsize length = strlen (zone);
  if (length > 0 && (length < 3 || zone[0] != '[' || zone[length - 1] != ']' ||
                     !zone_is_valid (zone + 1, length - 2)))
    return false;

  if (ret_ms != NULL)
    *ret_ms = days * MS_PER_DAY + ms;
  if (ret_zone != NULL)
    *ret_zone = length > 0 ? g_strndup (zone + 1, length - 2) : NULL;
  return true;
}

/**
 * csl_date_is_valid:
 * @text: (nullable): candidate
 *
 * Returns: whether @text is an existing day, written as "2026-11-20"
 */
bool
csl_date_is_valid (const char *text)
{
  return csl_date_to_days (text) != G_MININT;
}

/**
 * csl_date_to_days:
 * @text: (nullable): a date
 *
 * Returns: days from 1970-01-01, or %G_MININT when @text is not a date
 */
int
csl_date_to_days (const char *text)
{
  return text != NULL && strnlen (text, 11) == 10 ? read_date (text) : G_MININT;
}

/**
 * csl_date_from_days:
 * @days: days from 1970-01-01
 *
 * Returns: (transfer full) (nullable): the date, or %NULL outside the years 0001–9999
 */
char *
csl_date_from_days (int days)
{
  int year, month, day;

  if (days < FIRST_DAY || days > LAST_DAY)
    return NULL;
  civil_from_days (days, &year, &month, &day);
  return g_strdup_printf ("%04d-%02d-%02d", year, month, day);
}
