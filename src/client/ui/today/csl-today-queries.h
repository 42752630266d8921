/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the worker's day is made of, as queries. */
#pragma once

#include "client/app/csl-session.h"

G_BEGIN_DECLS

/* When open tasks are due. */
typedef enum {
  CSL_TODAY_OVERDUE, /* before today */
  CSL_TODAY_DUE_TODAY,
  CSL_TODAY_DUE_WEEK, /* the six days after today */
} CslTodayDue;

/* The worker's open tasks from group @first to group @last. */
CslQuery *csl_today_query_tasks (CslSession *session, CslTodayDue first, CslTodayDue last)
  G_GNUC_WARN_UNUSED_RESULT;
/* The worker's planned appointments from today on, soonest first. */
CslQuery *csl_today_query_appointments (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;
/* Open differences. */
CslQuery *csl_today_query_differences (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;
/* Work of people who have no access any more, nobody has decided about yet. */
CslQuery *csl_today_query_stranded (CslSession *session) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
