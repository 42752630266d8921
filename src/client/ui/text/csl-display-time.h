/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as people say them, in the zone and language of this computer. All return new strings;
 * times are milliseconds since 1970 UTC. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whole days from the day of @now_ms to the day of @when_ms: -1 yesterday, 0 today, 1 tomorrow. */
int csl_display_days_until (gint64 when_ms, gint64 now_ms);
/* First moment of the day of @now_ms, @days later. */
gint64 csl_display_day_start (gint64 now_ms, int days);

/* "Today", "Yesterday", "Tomorrow", "Tue 24 Nov", "24 Nov 2025" (another year). */
char *csl_display_day (gint64 when_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
/* "15:30" */
char *csl_display_clock (gint64 when_ms) G_GNUC_WARN_UNUSED_RESULT;
/* "Today 15:30", "Tue 24 Nov 15:30"; only the day when it is in another year. */
char *csl_display_moment (gint64 when_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
/* "Tuesday 24 November 2026, 15:30": for tooltips. */
char *csl_display_exact (gint64 when_ms) G_GNUC_WARN_UNUSED_RESULT;
/* "Today", "Tuesday 24 November", with the year when it is another: over a group of entries. */
char *csl_display_day_heading (gint64 when_ms, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
/* The text of a date field ("2026-11-24") as csl_display_day() would say it; unreadable text as
 * it is. */
char *csl_display_date (const char *date, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
/* The text of an instant field as csl_display_moment() would say it. */
char *csl_display_instant (const char *instant, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
/* "3 days ago", "in 2 days", "today" */
char *csl_display_relative_days (int days) G_GNUC_WARN_UNUSED_RESULT;
/* "45 min", "1 h 30 min"; @seconds ≥ 0. */
char *csl_display_duration (gint64 seconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
