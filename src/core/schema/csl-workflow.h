/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslWorkflow: which status may follow which, who may do it and what must be true
 * (data/workflows/<name>.json); checked on client and server alike.
 *
 * {"workflow":"case_status","type":"case","field":"status","initial":["new"],
 *  "transitions":[{"from":["new"],"to":"pending_review","label":"Submit for review",
 *    "actors":["creator"],            creator | assignee | not_assignee | role:<name> …: any one is enough,
 *                                     except that not_assignee must always hold when listed
 *    "requires":[{"code":"…","message":"…","field":"description","condition":{…}}],   over the record after the change
 *    "reason":true,                   the change must carry a reason (kept in the case_event)
 *    "event":"status_changed"}]}
 */
#pragma once

#include "core/base/csl-problem.h"
#include "core/schema/csl-record.h"
#include "core/schema/csl-role.h"

G_BEGIN_DECLS

/* Who is acting. */
typedef struct
{
  const char *user;            /* id */
  const CslRole *const *roles; /* NULL-terminated */
} CslActor;

typedef struct
{
  char *to;    /* (owned) new status */
  char *label; /* (owned) verb for a button: "Submit for review" */
  char *event; /* (owned) case_event action */
  bool reason; /* a reason must be given */
} CslTransition;

const CslField *csl_workflow_get_field (const CslWorkflow *self);
bool csl_workflow_is_initial (const CslWorkflow *self, const char *status);
/* Transitions @actor may start from @record's current status, guards not yet checked.
 * (transfer container): array of borrowed CslTransition. */
GPtrArray *csl_workflow_list_transitions (const CslWorkflow *self,
                                          const CslRecord *record,
                                          const CslActor *actor)
  G_GNUC_WARN_UNUSED_RESULT;
/* May @before (NULL: it is being created) become @after? Adds problems (code "transition",
 * "reason" when none was given, or the guard's code) and returns FALSE if not. @reason may
 * be NULL. Returns TRUE when the status did not change. */
bool csl_workflow_check (const CslWorkflow *self,
                         const CslRecord *before,
                         const CslRecord *after,
                         const CslActor *actor,
                         const char *reason,
                         CslProblems *problems);

G_END_DECLS
