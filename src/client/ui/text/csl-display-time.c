/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-display-time.c: times as people say them. Pure: the clock comes in as a parameter. */
#define G_LOG_DOMAIN "csl-display-time"

#include "config.h"

#include "client/ui/text/csl-display-time.h"

#include "client/app/csl-region.h"
#include "core/base/csl-time.h"

#include <glib/gi18n.h>
#include <stdbool.h>
#include <stdio.h>

static GDateTime *
local_time (gint64 when_ms)
{
  return g_date_time_new_from_unix_local (when_ms / 1000);
}

static int
day_number (GDateTime *when)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (when),
                  g_date_time_get_month (when), g_date_time_get_year (when));
  return g_date_get_julian (&date);
}

int
csl_display_days_until (gint64 when_ms, gint64 now_ms)
{
  g_autoptr (GDateTime) when = local_time (when_ms);
  g_autoptr (GDateTime) now = local_time (now_ms);

  return day_number (when) - day_number (now);
}

gint64
csl_display_day_start (gint64 now_ms, int days)
{
  g_autoptr (GDateTime) now = local_time (now_ms);
  g_autoptr (GDateTime) moved = g_date_time_add_days (now, days);
  g_autoptr (GDateTime) start =
    g_date_time_new_local (g_date_time_get_year (moved), g_date_time_get_month (moved),
                           g_date_time_get_day_of_month (moved), 0, 0, 0);

  /* Midnight may not exist on the day the clocks change; the start is then one o'clock. */
  return (start != NULL ? g_date_time_to_unix (start) : g_date_time_to_unix (moved)) *
         1000;
}

static const char *
near_day_name (int days)
{
  switch (days) {
  case -1:
    return _ ("Yesterday");
  case 0:
    return _ ("Today");
  case 1:
    return _ ("Tomorrow");
  default:
    return NULL;
  }
}

static bool
is_same_year (gint64 when_ms, gint64 now_ms)
{
  g_autoptr (GDateTime) when = local_time (when_ms);
  g_autoptr (GDateTime) now = local_time (now_ms);

  return g_date_time_get_year (when) == g_date_time_get_year (now);
}

char *
csl_display_day (gint64 when_ms, gint64 now_ms)
{
  const char *name = near_day_name (csl_display_days_until (when_ms, now_ms));
  g_autoptr (GDateTime) when = NULL;

  if (name != NULL)
    return g_strdup (name);
  when = local_time (when_ms);
  return csl_region_day (when, is_same_year (when_ms, now_ms) ? CSL_REGION_DAY_SHORT
                                                              : CSL_REGION_DAY_YEAR);
}

char *
csl_display_clock (gint64 when_ms)
{
  g_autoptr (GDateTime) when = local_time (when_ms);

  return csl_region_clock (when);
}

char *
csl_display_moment (gint64 when_ms, gint64 now_ms)
{
  g_autofree char *day = csl_display_day (when_ms, now_ms);
  g_autofree char *clock = NULL;

  if (!is_same_year (when_ms, now_ms) &&
      ABS (csl_display_days_until (when_ms, now_ms)) > 1)
    return g_steal_pointer (&day);
  clock = csl_display_clock (when_ms);
  /* Translators: day and time of day, "Today 15:30". */
  return g_strdup_printf (C_ ("day, time", "%s %s"), day, clock);
}

char *
csl_display_exact (gint64 when_ms)
{
  g_autoptr (GDateTime) when = local_time (when_ms);

  g_autofree char *day = csl_region_day (when, CSL_REGION_DAY_LONG_YEAR);
  g_autofree char *clock = csl_region_clock (when);

  /* Translators: a day in full and the time of day, "Tuesday 24 November 2026, 15:30". */
  return g_strdup_printf (C_ ("exact time", "%s, %s"), day, clock);
}

char *
csl_display_day_heading (gint64 when_ms, gint64 now_ms)
{
  const char *name = near_day_name (csl_display_days_until (when_ms, now_ms));
  g_autoptr (GDateTime) when = NULL;

  if (name != NULL)
    return g_strdup (name);
  when = local_time (when_ms);
  return csl_region_day (when, is_same_year (when_ms, now_ms) ? CSL_REGION_DAY_LONG
                                                              : CSL_REGION_DAY_LONG_YEAR);
}

char *
csl_display_date (const char *date, gint64 now_ms)
{
  g_autoptr (GDateTime) noon = NULL;
  int year, month, day;

  if (!csl_date_is_valid (date) || sscanf (date, "%d-%d-%d", &year, &month, &day) != 3)
    return g_strdup (date);
  noon = g_date_time_new_local (year, month, day, 12, 0, 0);
  return noon != NULL ? csl_display_day (g_date_time_to_unix (noon) * 1000, now_ms)
                      : g_strdup (date);
}

char *
csl_display_instant (const char *instant, gint64 now_ms)
{
  gint64 when_ms;

  if (!csl_instant_parse (instant, &when_ms, NULL))
    return g_strdup (instant);
  return csl_display_moment (when_ms, now_ms);
}

char *
csl_display_relative_days (int days)
{
  if (days == 0)
    return g_strdup (_ ("today"));
  if (days < 0)
    return g_strdup_printf (ngettext ("%d day ago", "%d days ago", -days), -days);
  return g_strdup_printf (ngettext ("in %d day", "in %d days", days), days);
}

char *
csl_display_duration (gint64 seconds)
{
  const int minutes = (int) ((seconds + 30) / 60);

  if (minutes < 60)
    /* Translators: a length of time in minutes. */
    return g_strdup_printf (_ ("%d min"), minutes);
  if (minutes % 60 == 0)
    /* Translators: a length of time in hours. */
    return g_strdup_printf (_ ("%d h"), minutes / 60);
  return g_strdup_printf (_ ("%d h %d min"), minutes / 60, minutes % 60);
}
