/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-when-text.h"

#include "client/app/csl-region.h"
#include "core/base/csl-time.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

static char *
make_date (int year, int month, int day)
{
  g_autofree char *date = NULL;

  if (year >= 0 && year < 100)
    year += 2000;
  date = g_strdup_printf ("%04d-%02d-%02d", year, month, day);
  return csl_date_is_valid (date) ? g_steal_pointer (&date) : NULL;
}

static char *
relative_date (const char *word, const char *today)
{
  int days = csl_date_to_days (today);

  if (g_ascii_strcasecmp (word, "today") == 0 || g_strcmp0 (word, _ ("today")) == 0)
    return csl_date_from_days (days);
  if (g_ascii_strcasecmp (word, "tomorrow") == 0 || g_strcmp0 (word, _ ("tomorrow")) == 0)
    return csl_date_from_days (days + 1);
  if (g_ascii_strcasecmp (word, "yesterday") == 0 ||
      g_strcmp0 (word, _ ("yesterday")) == 0)
    return csl_date_from_days (days - 1);
  return NULL;
}

static GDateTime *
noon_of (const char *date)
{
  int year, month, day;

  if (date == NULL || !csl_date_is_valid (date) ||
      sscanf (date, "%d-%d-%d", &year, &month, &day) != 3)
    return NULL;
  return g_date_time_new_utc (year, month, day, 12, 0, 0);
}

char *
csl_when_text_from_date (const char *date)
{
  g_autoptr (GDateTime) noon = noon_of (date);

  return noon != NULL ? csl_region_day (noon, CSL_REGION_DAY_YEAR) : NULL;
}

char *
csl_when_text_dup_example (CslRegionDay form, bool with_clock)
{
  g_autoptr (GDateTime) when = g_date_time_new_utc (2026, 11, 20, 15, 30, 0);
  g_autofree char *day = csl_region_day (when, form);
  g_autofree char *clock = csl_region_clock (when);

  return with_clock ? g_strdup_printf (C_ ("day, time", "%s %s"), day, clock)
                    : g_steal_pointer (&day);
}

/* A number of one to four digits, or -1. */
static int
read_number (const char *part)
{
  const gsize length = strspn (part, "0123456789");

  return length > 0 && length <= 4 && part[length] == '\0'
           ? (int) g_ascii_strtoull (part, NULL, 10)
           : -1;
}

/* What a text is made of: up to three numbers and at most one name of a month. */
typedef struct
{
  int numbers[3], n_numbers;
  gsize first_length; /* digits of the first number */
  int month;          /* 0: no name */
} Parts;

/* Short words join ("24 de nov"); the name of a month may have several. */
static bool
read_words (GPtrArray *words, Parts *parts)
{
  g_autofree char *joined = NULL;
  bool joining = true;

  for (guint i = 0; i < words->len; i++) {
    const int month = csl_region_month_from_name (words->pdata[i]);

    if (month > 0 && parts->month > 0)
      return false;
    if (month > 0)
      parts->month = month;
    else
      joining = joining && g_utf8_strlen (words->pdata[i], -1) <= 3;
  }
  if (parts->month > 0 || words->len == 0)
    return joining;
  g_ptr_array_add (words, NULL);
  joined = g_strjoinv (" ", (char **) words->pdata);
  parts->month = csl_region_month_from_name (joined);
  return parts->month > 0;
}

/* FALSE when there is anything else in @text. */
static bool
split_date (const char *text, Parts *parts)
{
  g_auto (GStrv) all = g_strsplit_set (text, " ,./-", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (guint i = 0; all[i] != NULL; i++) {
    const int number = read_number (all[i]);

    if (*all[i] == '\0')
      continue;
    if (number < 0) {
      g_ptr_array_add (words, all[i]);
      continue;
    }
    if (parts->n_numbers == 3)
      return false;
    if (parts->n_numbers == 0)
      parts->first_length = strlen (all[i]);
    parts->numbers[parts->n_numbers++] = number;
  }
  return read_words (words, parts);
}

char *
csl_when_text_to_date (const char *text, const char *today)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  char *relative = relative_date (trimmed, today);
  Parts parts = { 0 };
  const int *n = parts.numbers;

  if (relative != NULL)
    return relative;
  if (!split_date (trimmed, &parts) || parts.n_numbers != (parts.month > 0 ? 2 : 3))
    return NULL;
  if (parts.month > 0)
    return parts.first_length == 4 ? make_date (n[0], parts.month, n[1])
                                   : make_date (n[1], parts.month, n[0]);
  if (parts.first_length == 4)
    return make_date (n[0], n[1], n[2]);
  return csl_region_is_month_first () ? make_date (n[2], n[0], n[1])
                                      : make_date (n[2], n[1], n[0]);
}

char *
csl_when_text_from_instant (const char *instant, const char *zone)
{
  g_autoptr (GTimeZone) there = g_time_zone_new_identifier (zone);
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *day = NULL;
  g_autofree char *clock = NULL;
  gint64 ms;

  if (instant == NULL || !csl_instant_parse (instant, &ms, NULL))
    return NULL;
  utc = g_date_time_new_from_unix_utc (ms / 1000);
  local = there != NULL ? g_date_time_to_timezone (utc, there)
                        : g_date_time_to_local (utc);
  day = csl_region_day (local, CSL_REGION_DAY_YEAR);
  clock = csl_region_clock (local);
  return g_strdup_printf (C_ ("day, time", "%s %s"), day, clock);
}

static char *
make_instant (const char *date, int hour, int minute, const char *zone)
{
  g_autoptr (GTimeZone) there = g_time_zone_new_identifier (zone);
  g_autoptr (GDateTime) local = NULL;
  int year, month, day;

  if (sscanf (date, "%d-%d-%d", &year, &month, &day) != 3)
    return NULL;
  if (there == NULL)
    there = g_time_zone_new_local ();
  local = g_date_time_new (there, year, month, day, hour, minute, 0);
  if (local == NULL)
    return NULL;
  return csl_instant_format (g_date_time_to_unix (local) * 1000, zone);
}

char *
csl_when_text_to_instant (const char *text, const char *today, const char *zone)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autofree char *date = NULL;
  const char *clock = NULL;
  const int seconds = csl_region_read_clock (trimmed, &clock);

  if (seconds < 0)
    return NULL;
  trimmed[clock - trimmed] = '\0';
  g_strchomp (trimmed);
  if (g_str_has_suffix (trimmed, ","))
    trimmed[strlen (trimmed) - 1] = '\0';
  date = *trimmed != '\0' ? csl_when_text_to_date (trimmed, today) : g_strdup (today);
  if (date == NULL)
    return NULL;
  return make_instant (date, seconds / 3600, seconds / 60 % 60, zone);
}
