/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-case-rules.c: which cases are being worked on, and for how long. */
#include "core/domain/csl-case-rules.h"

#include "core/base/csl-time.h"

#include <string.h>

#define DATE_LENGTH 10

static const char *const open_statuses[] = {
  "new", "pending_review", "assigned", "in_progress", "pending_completion", NULL,
};

/**
 * csl_case_status_is_open:
 * @status: (nullable): a value of case_status
 */
bool
csl_case_status_is_open (const char *status)
{
  return status != NULL && g_strv_contains (open_statuses, status);
}

/**
 * csl_case_list_open_statuses:
 *
 * Returns: (transfer none): the statuses csl_case_status_is_open() accepts
 */
const char *const *
csl_case_list_open_statuses (void)
{
  return open_statuses;
}

/**
 * csl_case_days_since:
 * @date: (nullable): a date, or an instant, whose day in UTC is taken
 * @today: (nullable): a date
 *
 * Returns: days, or %CSL_CASE_NO_DATE
 */
int
csl_case_days_since (const char *date, const char *today)
{
  char day[DATE_LENGTH + 1];

  if (date == NULL || today == NULL || strlen (date) < DATE_LENGTH)
    return CSL_CASE_NO_DATE;
  if (date[DATE_LENGTH] != '\0' && !csl_instant_parse (date, NULL, NULL))
    return CSL_CASE_NO_DATE;
  memcpy (day, date, DATE_LENGTH);
  day[DATE_LENGTH] = '\0';
  int from = csl_date_to_days (day), to = csl_date_to_days (today);
  return from == G_MININT || to == G_MININT ? CSL_CASE_NO_DATE : to - from;
}
