/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-when-text.h"

#include "core/base/csl-time.h"

#include <glib/gi18n.h>
#include <stdio.h>

static const char *
month_label (int month)
{
  static const char *const labels[] = { N_ ("Jan"), N_ ("Feb"), N_ ("Mar"), N_ ("Apr"),
                                        N_ ("May"), N_ ("Jun"), N_ ("Jul"), N_ ("Aug"),
                                        N_ ("Sep"), N_ ("Oct"), N_ ("Nov"), N_ ("Dec") };
  return _ (labels[month - 1]);
}

/* Month number for a name or its beginning (three letters at least, this language or English), or 0. */
static int
month_from_name (const char *name)
{
  static const char english[] = "janfebmaraprmayjunjulaugsepoctnovdec";

  for (int month = 1; month <= 12; month++)
    if (g_ascii_strncasecmp (name, english + (month - 1) * 3, 3) == 0 ||
        g_ascii_strncasecmp (name, month_label (month), strlen (month_label (month))) ==
          0)
      return month;
  return 0;
}

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

char *
csl_when_text_from_date (const char *date)
{
  int year, month, day;

  if (date == NULL || !csl_date_is_valid (date) ||
      sscanf (date, "%d-%d-%d", &year, &month, &day) != 3)
    return NULL;
  return g_strdup_printf ("%d %s %d", day, month_label (month), year);
}

char *
csl_when_text_to_date (const char *text, const char *today)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  char name[24] = "";
  int year, month, day;
  char *relative = relative_date (trimmed, today);

  if (relative != NULL)
    return relative;
  if (sscanf (trimmed, "%4d-%2d-%2d", &year, &month, &day) == 3)
    return make_date (year, month, day);
  if (sscanf (trimmed, "%2d/%2d/%4d", &day, &month, &year) == 3 ||
      sscanf (trimmed, "%2d.%2d.%4d", &day, &month, &year) == 3)
    return make_date (year, month, day);
  if (sscanf (trimmed, "%2d %20[^0-9 ,.]%*[ ,.]%4d", &day, name, &year) == 3 &&
      month_from_name (name) > 0)
    return make_date (year, month_from_name (name), day);
  return NULL;
}

char *
csl_when_text_from_instant (const char *instant, const char *zone)
{
  g_autoptr (GTimeZone) there = g_time_zone_new_identifier (zone);
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  gint64 ms;

  if (instant == NULL || !csl_instant_parse (instant, &ms, NULL))
    return NULL;
  utc = g_date_time_new_from_unix_utc (ms / 1000);
  local = there != NULL ? g_date_time_to_timezone (utc, there)
                        : g_date_time_to_local (utc);
  return g_strdup_printf ("%d %s %d %02d:%02d", g_date_time_get_day_of_month (local),
                          month_label (g_date_time_get_month (local)),
                          g_date_time_get_year (local), g_date_time_get_hour (local),
                          g_date_time_get_minute (local));
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
  char *space = strrchr (trimmed, ' ');
  const char *clock = space != NULL ? space + 1 : trimmed;
  int hour, minute, length = 0;

  if (sscanf (clock, "%2d:%2d%n", &hour, &minute, &length) != 2 || clock[length] != '\0')
    return NULL;
  if (space != NULL) {
    *space = '\0';
    g_strchomp (trimmed);
    if (g_str_has_suffix (trimmed, ","))
      trimmed[strlen (trimmed) - 1] = '\0';
    date = csl_when_text_to_date (trimmed, today);
  } else
    date = g_strdup (today);
  if (date == NULL)
    return NULL;
  return make_instant (date, hour, minute, zone);
}
