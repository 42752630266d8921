/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-workflow.c: which status may follow which.
 *
 * Who is acting is judged by the record as it was before: nobody can hand themselves a case, or
 * give it away, in the same change that needs the right. What must be true is judged by the record
 * as it would be afterwards.
 */
#include "config.h"

#include "core/schema/csl-label.h"
#include "core/schema/csl-schema-internal.h"
#include "core/schema/csl-workflow-internal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The words for a status of this workflow. */
static const char *
status_label (const CslWorkflow *self, const char *status)
{
  return csl_label_value (self->field->options, status);
}

static const char *
get_status (const CslWorkflow *self, const CslRecord *record)
{
  return record != NULL ? csl_value_get_text (&record->values[self->field->index]) : NULL;
}

/* Whether the field at @index of @record names the acting user. */
static bool
is_user (const CslRecord *record, int index, const CslActor *actor)
{
  const char *user = index >= 0 ? csl_value_get_text (&record->values[index]) : NULL;

  return user != NULL && g_strcmp0 (user, actor->user) == 0;
}

static bool
has_role (const CslActor *actor, const char *name)
{
  for (guint i = 0; actor->roles != NULL && actor->roles[i] != NULL; i++) {
    if (strcmp (csl_role_get_name (actor->roles[i]), name) == 0)
      return true;
  }
  return false;
}

static bool
actor_may (const CslWorkflow *self,
           const CslWorkflowStep *step,
           const CslRecord *record,
           const CslActor *actor)
{
  bool allowed = !step->creator && !step->assignee && step->roles[0] == NULL;

  if (step->not_assignee && is_user (record, self->assignee_field, actor))
    return false;
  allowed |= step->creator && is_user (record, self->creator_field, actor);
  allowed |= step->assignee && is_user (record, self->assignee_field, actor);
  for (guint i = 0; step->roles[i] != NULL; i++)
    allowed |= has_role (actor, step->roles[i]);
  return allowed;
}

const CslField *
csl_workflow_get_field (const CslWorkflow *self)
{
  return self->field;
}

const char *
csl_workflow_get_name (const CslWorkflow *self)
{
  return self->name;
}

const CslRecordType *
csl_workflow_get_type (const CslWorkflow *self)
{
  return self->type;
}

/**
 * csl_workflow_is_initial:
 * @status: (nullable): a status
 *
 * Returns: whether a new record may start with @status
 */
bool
csl_workflow_is_initial (const CslWorkflow *self, const char *status)
{
  return status != NULL && g_strv_contains ((const char *const *) self->initial, status);
}

/**
 * csl_workflow_list_transitions:
 * @record: the record as it is
 * @actor: who would act
 *
 * Returns: (transfer container): #CslTransition this actor may start, guards not yet checked
 */
GPtrArray *
csl_workflow_list_transitions (const CslWorkflow *self,
                               const CslRecord *record,
                               const CslActor *actor)
{
  GPtrArray *list = g_ptr_array_new ();
  const char *status = get_status (self, record);

  for (guint i = 0; status != NULL && i < self->steps->len; i++) {
    CslWorkflowStep *step = g_ptr_array_index (self->steps, i);
    if (g_strv_contains ((const char *const *) step->from, status) &&
        actor_may (self, step, record, actor))
      g_ptr_array_add (list, &step->transition);
  }
  return list;
}

static bool
check_guards (const CslWorkflow *self,
              const CslWorkflowStep *step,
              const CslRecord *after,
              const char *reason,
              CslProblems *problems)
{
  guint before = csl_problems_get_size (problems);

  for (guint i = 0; i < step->guards->len; i++) {
    const CslTypeCheck *guard = &g_array_index (step->guards, CslTypeCheck, i);
    if (!csl_condition_holds (guard->condition, after))
      csl_problems_add (problems, self->type->fields[guard->field].name, guard->code,
                        "%s", g_dgettext (GETTEXT_PACKAGE, guard->message));
  }
  g_autofree char *given = g_strstrip (g_strdup (reason != NULL ? reason : ""));
  if (step->transition.reason && *given == '\0')
    csl_problems_add (problems, self->field->name, "reason",
                      _ ("Please write a reason for this."));
  return csl_problems_get_size (problems) == before;
}

static bool
check_creation (const CslWorkflow *self, const char *to, CslProblems *problems)
{
  if (csl_workflow_is_initial (self, to))
    return true;
  csl_problems_add (problems, self->field->name, "transition",
                    _ ("This cannot begin as “%s”."),
                    to != NULL ? status_label (self, to) : "");
  return false;
}

/**
 * csl_workflow_check:
 * @before: (nullable): the record as it is; %NULL when it is being created
 * @after: the record as it would be
 * @actor: who changes it
 * @reason: (nullable): the reason given
 * @problems: why it is not possible: code "transition" (no such way, or not for this person),
 *   "reason" (none given) or the code of a guard
 *
 * Returns: whether the change of status is possible; %TRUE when the status stays
 */
bool
csl_workflow_check (const CslWorkflow *self,
                    const CslRecord *before,
                    const CslRecord *after,
                    const CslActor *actor,
                    const char *reason,
                    CslProblems *problems)
{
  const char *from = get_status (self, before), *to = get_status (self, after);
  bool known = false;

  if (before == NULL || from == NULL)
    return check_creation (self, to, problems);
  if (g_strcmp0 (from, to) == 0)
    return true;
  for (guint i = 0; to != NULL && i < self->steps->len; i++) {
    const CslWorkflowStep *step = g_ptr_array_index (self->steps, i);
    if (strcmp (step->transition.to, to) != 0 ||
        !g_strv_contains ((const char *const *) step->from, from))
      continue;
    known = true;
    if (actor_may (self, step, before, actor))
      return check_guards (self, step, after, reason, problems);
  }
  if (known)
    csl_problems_add (problems, self->field->name, "transition",
                      _ ("Somebody else has to take the step from “%s” to “%s”."),
                      status_label (self, from), status_label (self, to));
  else
    csl_problems_add (problems, self->field->name, "transition",
                      _ ("The status cannot change from “%s” to “%s”."),
                      status_label (self, from),
                      to != NULL ? status_label (self, to) : "");
  return false;
}
