/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-today-queries.c: the queries behind Today, the calendar and the numbers in the sidebar. */
#define G_LOG_DOMAIN "csl-today-queries"

#include "config.h"

#include "client/ui/today/csl-today-queries.h"

#include "client/ui/text/csl-display-time.h"
#include "core/base/csl-time.h"

#define WEEK_DAYS 7

static CslQuery *
query_type (CslSession *session, const char *type)
{
  return csl_query_new (csl_schema_lookup_type (csl_session_get_schema (session), type));
}

/* The instant text of the start of a day, @days from today. */
static char *
dup_day_start (CslSession *session, int days)
{
  return csl_instant_format (csl_display_day_start (csl_session_get_now_ms (session),
                                                    days),
                             NULL);
}

static int
first_day (CslTodayDue due)
{
  switch (due) {
  case CSL_TODAY_OVERDUE:
    return G_MININT;
  case CSL_TODAY_DUE_TODAY:
    return 0;
  case CSL_TODAY_DUE_WEEK:
    return 1;
  }
  g_return_val_if_reached (0);
}

static int
day_after (CslTodayDue due)
{
  switch (due) {
  case CSL_TODAY_OVERDUE:
    return 0;
  case CSL_TODAY_DUE_TODAY:
    return 1;
  case CSL_TODAY_DUE_WEEK:
    return WEEK_DAYS;
  }
  g_return_val_if_reached (0);
}

CslQuery *
csl_today_query_tasks (CslSession *session, CslTodayDue first, CslTodayDue last)
{
  CslQuery *query = query_type (session, "task");
  g_autofree char *end = dup_day_start (session, day_after (last));

  csl_query_add_text (query, "assigned_to", CSL_FILTER_IS,
                      csl_record_item_get_id (csl_session_get_user (session)));
  csl_query_add_text (query, "status", CSL_FILTER_IN, "pending,in_progress");
  csl_query_add_text (query, "due_at", CSL_FILTER_BEFORE, end);
  if (first != CSL_TODAY_OVERDUE) {
    g_autofree char *start = dup_day_start (session, first_day (first));

    csl_query_add_text (query, "due_at", CSL_FILTER_FROM, start);
  }
  csl_query_set_sort (query, "due_at", false);
  return query;
}

CslQuery *
csl_today_query_appointments (CslSession *session)
{
  CslQuery *query = query_type (session, "appointment");
  g_autofree char *start = dup_day_start (session, 0);

  csl_query_add_text (query, "advisor", CSL_FILTER_IS,
                      csl_record_item_get_id (csl_session_get_user (session)));
  csl_query_add_text (query, "status", CSL_FILTER_IN, "scheduled,confirmed,in_progress");
  csl_query_add_text (query, "start_at", CSL_FILTER_FROM, start);
  csl_query_set_sort (query, "start_at", false);
  return query;
}

CslQuery *
csl_today_query_differences (CslSession *session)
{
  CslQuery *query = query_type (session, "sync_conflict");

  csl_query_add_text (query, "state", CSL_FILTER_IS, "open");
  return query;
}

CslQuery *
csl_today_query_stranded (CslSession *session)
{
  CslQuery *query = query_type (session, "stranded_work");

  csl_query_add_text (query, "state", CSL_FILTER_IS, "open");
  return query;
}
