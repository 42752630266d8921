/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calendar dates and instants in their one text form.
 *
 * date     "2026-11-20"                                   (ISO 8601 / RFC 3339 full-date)
 * instant  "2026-11-20T20:11:03.123Z[Europe/London]"      (RFC 9557; always UTC, always ms;
 *          the zone in brackets is the one the person was in; it may be missing)
 *
 * Both sort by time when compared as text. No clock is read here.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_INSTANT_UTC_LENGTH 24 /* the part before '[' */

char *csl_instant_format (gint64 wall_ms, const char *zone) G_GNUC_WARN_UNUSED_RESULT;
bool csl_instant_parse (const char *text, gint64 *ret_ms, char **ret_zone);
bool csl_date_is_valid (const char *text);
/* Days from 1970-01-01; G_MININT for an invalid text. */
int csl_date_to_days (const char *text);
char *csl_date_from_days (int days) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
