/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the region of this computer writes times, days, numbers and amounts: the rules of the C
 * library's locale, and of the desktop for the clock. Main thread. All texts are new.
 *
 * What is written here can be read here: csl_region_plain() undoes csl_region_localise(), and the
 * month names are those the dates are written with.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef enum {
  CSL_REGION_CLOCK_LOCALE, /* what the language of this computer usually has */
  CSL_REGION_CLOCK_12,
  CSL_REGION_CLOCK_24,
} CslRegionClock;

typedef enum {
  CSL_REGION_DAY_SHORT,     /* "Tue 24 Nov", "Tue, Nov 24" */
  CSL_REGION_DAY_YEAR,      /* "24 Nov 2026", "Nov 24, 2026" */
  CSL_REGION_DAY_LONG,      /* "Tuesday 24 November" */
  CSL_REGION_DAY_LONG_YEAR, /* "Tuesday 24 November 2026" */
  CSL_REGION_DAY_NUMBERS,   /* "24/11/2026", "11/24/2026" */
} CslRegionDay;

/* The wish of the desktop, which goes before the locale. */
void csl_region_set_clock (CslRegionClock clock);
bool csl_region_has_12_hours (void);
/* Month before day, as in the United States. */
bool csl_region_is_month_first (void);
/* "15:30", "3:30 PM" */
char *csl_region_clock (GDateTime *when) G_GNUC_WARN_UNUSED_RESULT;
char *csl_region_day (GDateTime *when, CslRegionDay form) G_GNUC_WARN_UNUSED_RESULT;
/* 1…12 for the name of a month, whole or its beginning (three letters at least), in the language
 * of this computer or in English; 0 for anything else. */
int csl_region_month_from_name (const char *name);
/* Seconds of the day of a clock at the end of @text ("9:05", "15.30", "3:30 pm"); -1 when there is
 * none. @ret_start: where it begins. */
int csl_region_read_clock (const char *text, const char **ret_start);

/* @number of the smallest unit, with @digits after the point: "1,234.50", "1.234,50". */
char *csl_region_number (gint64 number, guint digits) G_GNUC_WARN_UNUSED_RESULT;
/* An amount in minor units of an ISO 4217 currency: "£1,234.50", "1.234,50 €", "1,234 JPY". */
char *csl_region_money (gint64 minor_units, const char *currency)
  G_GNUC_WARN_UNUSED_RESULT;
/* A number as the kinds of fields write it ("1234.50 CHF") with the point of this region, for
 * typing on; and what somebody typed in this region as the kinds read it. */
char *csl_region_localise (const char *plain) G_GNUC_WARN_UNUSED_RESULT;
char *csl_region_plain (const char *typed) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
