/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-workflow-load.c: reading a workflow; its type is complete by now. */
#include "core/schema/csl-schema-internal.h"
#include "core/schema/csl-workflow-internal.h"

#include <string.h>

static void
check_clear_cb (gpointer data)
{
  CslTypeCheck *check = data;

  g_free (check->code);
  g_free (check->message);
  csl_condition_free (check->condition);
}

static void
step_free_cb (gpointer data)
{
  CslWorkflowStep *step = data;

  g_free (step->transition.to);
  g_free (step->transition.label);
  g_free (step->transition.event);
  g_strfreev (step->from);
  g_strfreev (step->roles);
  g_array_unref (step->guards);
  g_free (step);
}

void
csl_workflow_free (CslWorkflow *self)
{
  g_free (self->name);
  g_strfreev (self->initial);
  g_ptr_array_unref (self->steps);
  g_free (self);
}

/* A status of the workflow's enum, or NULL after a problem. */
static char *
load_status (const CslWorkflow *self, const CslSpec *spec)
{
  g_autofree char *status = csl_spec_dup_identifier (spec);

  if (status == NULL || csl_enum_lookup (self->field->options, status) != NULL)
    return g_steal_pointer (&status);
  csl_spec_problem (spec, "“%s” is not in the enum “%s”", status,
                    self->field->options->name);
  return NULL;
}

static char **
load_statuses (const CslWorkflow *self, const CslSpec *list)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint n = csl_spec_get_length (list);

  if (n == 0)
    csl_spec_problem (list, "needs at least one status");
  for (guint i = 0; i < n; i++) {
    CslSpec element = csl_spec_element (list, i);
    g_autofree char *status = load_status (self, &element);
    if (status != NULL)
      g_strv_builder_add (builder, status);
  }
  return g_strv_builder_end (builder);
}

static void
load_actor (const CslWorkflow *self,
            const CslSchema *schema,
            CslWorkflowStep *step,
            GStrvBuilder *roles,
            const CslSpec *spec)
{
  g_autofree char *actor = csl_spec_dup_text (spec, 80);

  if (actor == NULL)
    return;
  if (strcmp (actor, "creator") == 0) {
    step->creator = true;
  } else if (g_str_has_prefix (actor, "role:")) {
    if (csl_schema_lookup_role (schema, actor + strlen ("role:")) == NULL)
      csl_spec_problem (spec, "there is no role “%s”", actor + strlen ("role:"));
    g_strv_builder_add (roles, actor + strlen ("role:"));
  } else if (strcmp (actor, "assignee") == 0 || strcmp (actor, "not_assignee") == 0) {
    *(*actor == 'a' ? &step->assignee : &step->not_assignee) = true;
    if (self->assignee_field < 0)
      csl_spec_problem (spec, "“%s” has no field “advisor” or “assigned_to”",
                        self->type->name);
  } else {
    csl_spec_problem (spec, "must be creator, assignee, not_assignee or role:<name>");
  }
}

static void
load_guard (const CslWorkflow *self, CslWorkflowStep *step, const CslSpec *spec)
{
  static const char *const members[] = { "code", "message", "field", "condition", NULL };

  if (!csl_spec_check_object (spec, members))
    return;
  CslSpec code = csl_spec_member (spec, "code"),
          message = csl_spec_member (spec, "message");
  CslSpec name = csl_spec_member (spec, "field"),
          condition = csl_spec_member (spec, "condition");
  const CslField *field = csl_spec_get_field (&name, self->type);
  CslTypeCheck guard = {
    .code = csl_spec_dup_text (&code, 63),
    .message = csl_spec_dup_text (&message, 300),
    .field = field != NULL ? field->index : 0,
    .condition = csl_condition_parse_spec (self->type, &condition),
  };
  g_array_append_val (step->guards, guard);
}

static void
load_step (CslWorkflow *self, const CslSchema *schema, const CslSpec *spec)
{
  static const char *const members[] = { "from",     "to",     "label", "actors",
                                         "requires", "reason", "event", NULL };
  g_autoptr (GStrvBuilder) roles = g_strv_builder_new ();

  if (!csl_spec_check_object (spec, members))
    return;
  CslSpec from = csl_spec_member (spec, "from"), to = csl_spec_member (spec, "to");
  CslSpec label = csl_spec_member (spec, "label"),
          actors = csl_spec_member (spec, "actors");
  CslSpec requires = csl_spec_member (spec, "requires"),
          reason = csl_spec_member (spec, "reason");
  CslSpec event = csl_spec_member (spec, "event");
  CslWorkflowStep *step = g_new0 (CslWorkflowStep, 1);
  step->from = load_statuses (self, &from);
  step->transition.to = load_status (self, &to);
  step->transition.label = csl_spec_dup_text (&label, 120);
  step->transition.event = csl_spec_dup_identifier (&event);
  step->transition.reason = csl_spec_get_bool (&reason, false);
  step->guards = g_array_new (FALSE, FALSE, sizeof (CslTypeCheck));
  g_array_set_clear_func (step->guards, check_clear_cb);
  if (csl_spec_get_length (&actors) == 0)
    csl_spec_problem (&actors, "needs at least one actor");
  for (guint i = 0; i < csl_spec_get_length (&actors); i++) {
    CslSpec actor = csl_spec_element (&actors, i);
    load_actor (self, schema, step, roles, &actor);
  }
  step->roles = g_strv_builder_end (roles);
  for (guint i = 0; i < csl_spec_get_length (&requires); i++) {
    CslSpec guard = csl_spec_element (&requires, i);
    load_guard (self, step, &guard);
  }
  g_ptr_array_add (self->steps, step);
}

/* The type and the field it governs; FALSE after a problem. */
static bool
load_subject (CslWorkflow *self, const CslSchema *schema, const CslSpec *spec)
{
  CslSpec type = csl_spec_member (spec, "type"), field = csl_spec_member (spec, "field");
  g_autofree char *name = csl_spec_dup_identifier (&type);

  if (name == NULL)
    return false;
  self->type = csl_schema_lookup_type (schema, name);
  if (self->type == NULL) {
    csl_spec_problem (&type, "there is no record type “%s”", name);
    return false;
  }
  self->field = csl_spec_get_field (&field, self->type);
  if (self->field == NULL)
    return false;
  if (self->field->options == NULL || (self->field->kind->flags & CSL_KIND_SET) != 0) {
    csl_spec_problem (&field, "“%s” is no enum", self->field->name);
    return false;
  }
  return true;
}

static int
find_person (const CslRecordType *type, const char *name)
{
  const CslField *field = csl_record_type_lookup_field (type, name);
  bool person = field != NULL && field->target != NULL &&
                strcmp (field->target->name, "user") == 0;

  return person ? (int) field->index : -1;
}

CslWorkflow *
csl_workflow_load (const CslSpec *spec, const CslSchema *schema)
{
  static const char *const members[] = { "workflow",    "type", "field", "initial",
                                         "transitions", "seed", NULL };

  if (!csl_spec_check_object (spec, members))
    return NULL;
  CslSpec name = csl_spec_member (spec, "workflow"),
          initial = csl_spec_member (spec, "initial");
  CslSpec transitions = csl_spec_member (spec, "transitions");
  CslWorkflow *self = g_new0 (CslWorkflow, 1);
  self->steps = g_ptr_array_new_with_free_func (step_free_cb);
  self->name = csl_spec_dup_identifier (&name);
  if (self->name == NULL || !load_subject (self, schema, spec)) {
    csl_workflow_free (self);
    return NULL;
  }
  self->creator_field = find_person (self->type, "created_by");
  self->assignee_field = find_person (self->type, "advisor");
  if (self->assignee_field < 0)
    self->assignee_field = find_person (self->type, "assigned_to");
  self->initial = load_statuses (self, &initial);
  for (guint i = 0; i < csl_spec_get_length (&transitions); i++) {
    CslSpec step = csl_spec_element (&transitions, i);
    load_step (self, schema, &step);
  }
  return self;
}
