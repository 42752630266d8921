/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-apply-check.c: everything an operation is refused for. */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-id.h"
#include "server/handlers/csd-apply-private.h"
#include "server/handlers/csd-rights.h"

#include <string.h>

void
csd_answer_reject (CslAnswer *answer,
                   const char *code,
                   const char *field,
                   const char *message)
{
  answer->verdict = CSL_VERDICT_REJECTED;
  g_free (answer->code);
  g_free (answer->field);
  g_free (answer->message);
  answer->code = g_strdup (code);
  answer->field = g_strdup (field);
  answer->message = g_strdup (message);
}

/* Always FALSE, so that a check can end with it. */
bool
csd_step_refuse (CsdStep *step, const char *code, const char *field, const char *message)
{
  csd_answer_reject (step->answer, code, field, message);
  step->outcome->refused = true;
  return false;
}

bool
csd_step_refuse_erased (CsdStep *step, const char *field)
{
  return csd_step_refuse (step, "erased", field,
                          "This belongs to a record that was erased by law.");
}

bool
csd_step_hold (CsdStep *step, gint64 by)
{
  step->answer->verdict = CSL_VERDICT_HELD;
  step->answer->held_by = by;
  step->outcome->refused = true;
  return false;
}

bool
csd_step_is_lost (const CsdStep *step)
{
  CsdStorage *storage = step->apply->organisation->storage;
  gint64 restored = storage->get_restored (storage);

  return step->op->act == CSL_ACT_RESTORE && restored > 0 && step->stored.rev <= restored;
}

/* Members that nobody may set, or not any more. */
static bool
check_set (CsdStep *step)
{
  const CslOp *op = step->op;

  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);
    const CslField *field = &op->type->fields[set->field];

    /* What a server has lost comes back with its number, its author and its time. */
    if ((field->flags & CSL_FIELD_SERVER) != 0 && csd_step_is_lost (step))
      continue;
    if ((field->flags & CSL_FIELD_SERVER) != 0)
      return csd_step_refuse (step, "read_only", field->name,
                              "This is filled in by the server.");
    if (op->act == CSL_ACT_UPDATE && (field->flags & CSL_FIELD_ONCE) != 0)
      return csd_step_refuse (step, "read_only", field->name,
                              "This is fixed when the record is made.");
  }
  return true;
}

/* Written anew with every change. */
static bool
is_update_stamp (const CslField *field)
{
  return (field->flags & CSL_FIELD_SERVER) != 0 &&
         (strcmp (field->name, "updated_at") == 0 ||
          strcmp (field->name, "updated_by") == 0);
}

bool
csd_step_check_restore (CsdStep *step)
{
  const CslOp *op = step->op;

  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);
    const CslField *field = &op->type->fields[set->field];

    if (csl_value_equal (&set->value, &step->before->values[set->field]) ||
        is_update_stamp (field))
      continue;
    if (op->type->append_only)
      return csd_step_refuse (step, "append_only", field->name,
                              "Records of this kind are never changed or deleted.");
    if ((field->flags & (CSL_FIELD_ONCE | CSL_FIELD_SERVER)) != 0)
      return csd_step_refuse (step, "read_only", field->name,
                              "This is fixed when the record is made.");
  }
  return true;
}

/* What can be said without looking anything up. */
bool
csd_step_check_form (CsdStep *step)
{
  const CslOp *op = step->op;

  if (op->type->local)
    return csd_step_refuse (step, "local", NULL,
                            "Records of this kind stay on the computer.");
  if (op->act == CSL_ACT_CREATE && !csl_id_is_valid (op->id))
    return csd_step_refuse (step, "invalid", "id", "This is no id of a record.");
  if (strcmp (op->by, step->apply->user) != 0)
    return csd_step_refuse (
      step, "author", NULL,
      "Another person wrote this; they have to sign in to send it.");
  if (op->type->append_only && op->act != CSL_ACT_CREATE && op->act != CSL_ACT_RESTORE)
    return csd_step_refuse (step, "append_only", NULL,
                            "Records of this kind are never changed or deleted.");
  return check_set (step);
}

/* Of a record that is not there yet. */
bool
csd_step_check_author (CsdStep *step)
{
  const CslOp *op = step->op;

  for (guint i = 0; i < op->set->len && !csd_step_is_lost (step); i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);
    const CslField *field = &op->type->fields[set->field];

    if ((field->flags & CSL_FIELD_ONCE) != 0 &&
        g_strcmp0 (field->default_expr, "me") == 0 &&
        g_strcmp0 (csl_value_get_text (&set->value), step->apply->user) != 0)
      return csd_step_refuse (step, "author", field->name,
                              "Nobody can write in the name of somebody else.");
  }
  return true;
}

/* Every reference the operation sets leads to a record that is there. */
bool
csd_step_check_references (CsdStep *step, GError **error)
{
  CsdApply *apply = step->apply;
  CsdStorage *storage = apply->organisation->storage;

  for (guint i = 0; i < step->op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (step->op->set, CslFieldValue, i);
    const CslField *field = &step->op->type->fields[set->field];
    const char *id = csl_value_get_text (&set->value);
    GError *storage_error = NULL;
    bool erased = false;
    gint64 by = 0;

    if (field->target == NULL || id == NULL ||
        csd_organisation_has_record (apply->organisation, field->target, id,
                                     &storage_error))
      continue;
    if (storage_error == NULL && storage->is_erased (storage, id, &storage_error))
      return csd_step_refuse_erased (step, field->name);
    if (storage_error == NULL && !csd_step_check_kept (step, id, &storage_error) &&
        storage_error == NULL)
      return false;
    if (storage_error == NULL)
      by =
        storage->find_failed_create (storage, apply->device, id, &erased, &storage_error);
    if (!csl_error_pass (&storage_error, error))
      return false;
    if (by != 0 && erased)
      return csd_step_refuse_erased (step, field->name);
    if (by != 0)
      return csd_step_hold (step, by);
    return csd_step_refuse (step, "reference", field->name,
                            "This points to a record that does not exist.");
  }
  return true;
}

static bool
check_unique (CsdStep *step, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;

  for (guint i = 0; i < step->op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (step->op->set, CslFieldValue, i);
    const CslField *field = &step->op->type->fields[set->field];
    bool taken = false;

    if ((field->flags & CSL_FIELD_UNIQUE) == 0 ||
        csl_value_is_null (&step->record->values[set->field]))
      continue;
    if (!storage->is_taken (storage, field, step->record, &taken, error))
      return false;
    if (taken)
      return csd_step_refuse (step, "unique", field->name,
                              "Another record has this already.");
  }
  return true;
}

static bool
can_take_cases (CsdStep *step, const char *user)
{
  const CsdMember *member =
    csd_directory_lookup (step->apply->organisation->directory, user);

  for (guint i = 0; member != NULL && i < member->memberships->len; i++) {
    const CsdMembership *membership =
      &g_array_index (member->memberships, CsdMembership, i);

    if (csl_role_get_grant (membership->role, "cases").scope != CSL_SCOPE_NONE)
      return true;
  }
  return false;
}

/* a case is given by somebody who may assign, to somebody who works here and works on cases. */
static bool
check_advisor (CsdStep *step)
{
  const char *user = step->apply->user;
  const char *before =
    step->before != NULL ? csl_record_get_text (step->before, "advisor") : NULL;
  const char *after = csl_record_get_text (step->record, "advisor");
  bool own = step->before == NULL ? g_strcmp0 (after, user) == 0
                                  : after == NULL && g_strcmp0 (before, user) == 0;

  if (g_strcmp0 (before, after) == 0)
    return true;
  if (after != NULL && !can_take_cases (step, after))
    return csd_step_refuse (step, "R-12", "advisor",
                            "This person does not work here as a caseworker now.");
  if (own || csd_rights_may (step->apply->organisation, step->apply->member, "cases",
                             CSL_ACTION_ASSIGN, step->stored.bucket, step->record))
    return true;
  return csd_step_refuse (step, "R-12", "advisor",
                          "Only a chair or a manager gives a case to a caseworker.");
}

bool
csd_step_check_rules (CsdStep *step, GError **error)
{
  if (!check_unique (step, error))
    return false;
  if (strcmp (step->op->type->area, "directory") == 0)
    return csd_step_check_directory (step, error);
  return strcmp (step->op->type->name, "case") != 0 || csd_step_is_lost (step) ||
         check_advisor (step);
}

char
csd_step_validate (CsdStep *step, CslProblems *problems)
{
  const CsdMember *member = step->apply->member;
  const CslActor actor = {
    .user = step->apply->user,
    .roles = member != NULL ? (const CslRole *const *) member->roles->pdata : NULL,
  };

  csl_record_validate_change (step->before, step->record, problems);
  if (csl_problems_get_size (problems) > 0)
    return 'i';
  if (step->op->type->workflow == NULL || csd_step_is_lost (step))
    return 0;
  if (csl_workflow_check (step->op->type->workflow, step->before, step->record, &actor,
                          step->op->reason, problems))
    return 0;
  return 't';
}

bool
csd_step_refuse_problems (CsdStep *step, const CslProblems *problems)
{
  const CslProblem *problem = csl_problems_get (problems, 0);

  return csd_step_refuse (step, problem->code, problem->path, problem->message);
}
