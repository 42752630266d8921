/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small rules about cases that several screens share. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_CASE_NO_DATE G_MININT

/* Is work on a case of this status still going on? (not completed, referred or cancelled) */
bool csl_case_status_is_open (const char *status);
/* NULL-terminated list of those statuses, in the order of their life. */
const char *const *csl_case_list_open_statuses (void);
/* Days from @date (a date or an instant) to @today; negative when it lies ahead; CSL_CASE_NO_DATE when missing
 * or wrong. */
int csl_case_days_since (const char *date, const char *today);

G_END_DECLS
