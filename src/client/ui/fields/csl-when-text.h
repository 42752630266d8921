/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and times as people type them, and back. */
#pragma once

#include "client/app/csl-region.h"

G_BEGIN_DECLS

/* All texts are new, and in the forms of this region; what is written here can be read here. */
/* "20 Nov 2026" for a canonical date; NULL when it is none. */
char *csl_when_text_from_date (const char *date);
/* How 20 November 2026 (15:30) may be typed. */
char *csl_when_text_dup_example (CslRegionDay form, bool with_clock);
/* Canonical date for "20 Nov 2026", "20/11/2026" (or "11/20/2026"), "2026-11-20", "today", "tomorrow", "yesterday", or NULL.
 * @today: canonical date the words are counted from. */
char *csl_when_text_to_date (const char *text, const char *today);
/* "20 Nov 2026 15:30" in @zone for a canonical instant, or NULL. */
char *csl_when_text_from_instant (const char *instant, const char *zone);
/* Canonical instant (with @zone) for a date and a time ("tomorrow 9:30", "20/11/2026 15:30"), a time alone being today,
 * or NULL. */
char *csl_when_text_to_instant (const char *text, const char *today, const char *zone);

G_END_DECLS
