/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-apply.c: applying one operation.
 *
 *   create   id free → rights in its bucket → references → rules → write
 *   update   there, not deleted → rights → references → merge → rules → write; what was not taken becomes a conflict
 *   delete   nobody changed it since → mark deleted, tombstone
 *   restore  deleted: back with its content and `set`; there: like update; never there: like create
 *
 * An operation that cannot be applied is answered, never dropped.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-write.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-wire-record.h"
#include "server/handlers/csd-apply-private.h"
#include "server/handlers/csd-rights.h"

#include <string.h>

void
csd_outcome_clear (CsdOutcome *outcome)
{
  csd_conflict_clear (&outcome->conflict);
}

static void
step_clear (CsdStep *step)
{
  csd_stored_clear (&step->stored);
  g_clear_pointer (&step->before, csl_record_free);
  g_clear_pointer (&step->record, csl_record_free);
  g_clear_pointer (&step->frev, g_free);
}

/* The commit counts even when it changed nothing: a backup that ends before it knows neither the operation nor its
 * answer. */
static void
accept (CsdStep *step, CslVerdict verdict)
{
  step->answer->verdict = verdict;
  step->answer->seq = step->apply->commit->seq;
  step->answer->rev = step->stored.rev;
}

static bool
refuse_size (CsdStep *step)
{
  return csd_step_refuse (step, "too_large", NULL, "This is too long for the server.");
}

/* A conflict that leaves nothing of the operation: the piece is undone, the conflict written after it. */
static bool
refuse_with_conflict (CsdStep *step, const char *kind, const GArray *differences)
{
  if (!csd_conflict_prepare (&step->outcome->conflict, step->apply->commit, &step->stored,
                             step->before, step->op, kind, differences, step->apply->user,
                             step->apply->device))
    return refuse_size (step);
  step->outcome->refused = true;
  accept (step, CSL_VERDICT_CONFLICT);
  g_strlcpy (step->answer->conflict, step->outcome->conflict.record->id,
             sizeof step->answer->conflict);
  return true;
}

static void
apply_set (CslRecord *record, const CslOp *op)
{
  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);

    csl_value_copy (&record->values[set->field], &set->value);
  }
  if (op->rest_set != NULL) {
    char *rest = csl_wire_rest_overlay (record->rest, op->rest_set);

    g_free (record->rest);
    record->rest = rest;
  }
}

/* Replicas offer a restored server what the backup does not have, with a base that it has. */
static bool
may_be_from_before (const CsdStep *step)
{
  CsdStorage *storage = step->apply->organisation->storage;
  const gint64 restored = storage->get_restored (storage);

  if (restored == 0)
    return false;
  return step->op->act == CSL_ACT_CREATE ? storage->was_changed (storage, step->op->id)
                                         : step->op->base <= restored;
}

static bool
write_record (CsdStep *step, const char *act, const GArray *changed, GError **error)
{
  const CsdChange change = { .who = step->apply->user,
                             .op = step->op->op,
                             .device = step->apply->device,
                             .accepted_by = step->apply->accepted_by,
                             .act = act,
                             .changed = changed,
                             .before = step->before,
                             .from_before = may_be_from_before (step) };

  if (CSL_MUT (53) && step->stored.key == 0) {
    csl_record_set_text (step->record, "created_at", step->op->wall);
    csl_record_set_text (step->record, "created_by", step->apply->user);
  }
  /* Unknown members that are too long for a line would be left out of the content. */
  if (step->record->rest != NULL && strlen (step->record->rest) > CSD_MAX_DOC)
    return refuse_size (step);
  if (!csd_commit_write (step->apply->commit, &step->stored, step->record, &change,
                         error))
    return false;
  return strlen (step->stored.doc) <= CSD_MAX_DOC || refuse_size (step);
}

static void
place (CsdStep *step)
{
  const CsdOrganisation *organisation = step->apply->organisation;
  g_autofree char *bucket = strcmp (step->op->type->name, "sync_conflict") == 0
                              ? csd_conflict_dup_bucket (step->record, organisation)
                              : csl_record_dup_bucket (step->record, organisation->id);

  g_strlcpy (step->stored.bucket, bucket != NULL ? bucket : "",
             sizeof step->stored.bucket);
}

/* Whoever makes a case sees its client from then on: so they must see the client now. */
static bool
check_client (CsdStep *step)
{
  CsdOrganisation *organisation = step->apply->organisation;
  const char *client = NULL;
  const CsdClientInfo *info = NULL;
  g_autofree char *bucket = NULL;

  if (strcmp (step->op->type->name, "case") == 0)
    client = csl_record_get_text (step->record, "client");
  if (client == NULL)
    return true;
  bucket = g_strconcat ("p:", client, NULL);
  if (organisation->storage->get_access (organisation->storage,
                                         csd_step_get_decider (step), bucket,
                                         G_MAXINT64) != 0)
    return true;
  /* A client of the same group is nobody's yet. */
  info = csd_organisation_get_client (organisation, client);
  if (info != NULL &&
      csd_rights_client_mask (organisation, step->apply->member, info, false) != 0)
    return true;
  return csd_step_refuse_access (step, bucket);
}

/* A case is its own place, a client too: rights over one that does not exist yet depend on its content. */
static bool
check_new_place (CsdStep *step)
{
  const CslRecordType *type = step->op->type;

  if (strcmp (type->name, "case") != 0 && strcmp (type->name, "client") != 0)
    return csd_step_check_rights (step, step->stored.bucket, step->record);
  if (step->apply->member == NULL)
    return csd_step_refuse_former (step);
  if (step->apply->accepted_by != NULL &&
      csd_rights_sees_stranded (step->apply->organisation, step->apply->member))
    return true;
  for (guint i = 0; i < step->apply->member->memberships->len; i++) {
    const CsdMembership *membership =
      &g_array_index (step->apply->member->memberships, CsdMembership, i);

    if ((csl_role_get_grant (membership->role, type->area).actions & CSL_ACTION_CREATE) !=
        0)
      return check_client (step);
  }
  return csd_step_refuse (step, "forbidden", NULL, "Your role does not allow this.");
}

static bool
apply_create (CsdStep *step, GError **error)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();

  if (!csd_step_check_author (step))
    return false;
  step->stored.type = step->op->type;
  g_strlcpy (step->stored.id, step->op->id, sizeof step->stored.id);
  step->record = csl_record_new (step->op->type, step->op->id);
  apply_set (step->record, step->op);
  place (step);
  if (*step->stored.bucket == '\0')
    return csd_step_refuse (step, "bucket", NULL,
                            "It is not clear whose record this is.");
  /* References first: what waits for its case is held, not refused. */
  if (!csd_step_check_references (step, error) || !check_new_place (step) ||
      !csd_step_check_rules (step, error))
    return false;
  if (csd_step_validate (step, problems) != 0)
    return csd_step_refuse_problems (step, problems);
  if (!write_record (step, csd_step_is_offer (step) ? CSD_ACT_OFFER : "create", NULL,
                     error))
    return false;
  accept (step, CSL_VERDICT_OK);
  return true;
}

/* Members of `set` whose value in the record is another. */
static char *
print_others (const CslRecord *record, const CslOp *op)
{
  GString *out = g_string_new ("{");

  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);
    const CslField *field = &record->type->fields[set->field];
    const CslValue *value = &record->values[set->field];

    if (csl_value_equal (value, &set->value))
      continue;
    csl_json_write_name (out, field->name);
    if (csl_value_is_null (value))
      g_string_append (out, "null");
    else
      field->kind->to_json (field, value, out);
  }
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

/* A status that was not taken takes its whole group back: the event beside it would tell of a step that was not made. */
static bool
touches_workflow (const CsdStep *step, const CslMergeResult *result)
{
  const CslWorkflow *workflow = step->op->type->workflow;

  for (guint i = 0; workflow != NULL && i < result->differences->len; i++)
    if (g_array_index (result->differences, CslDifference, i).field ==
        csl_workflow_get_field (workflow)->index)
      return step->op->group_size > 1;
  return false;
}

static bool
finish_update (CsdStep *step,
               const CslMergeResult *result,
               const char *act,
               GError **error)
{
  bool rest_changed = g_strcmp0 (step->before->rest, step->record->rest) != 0;

  if (result->changed->len > 0 || rest_changed || step->stored.deleted) {
    step->stored.deleted = false;
    if (!write_record (step, act, result->changed, error))
      return false;
  }
  if (result->differences->len > 0) {
    if (!csd_conflict_prepare (&step->outcome->conflict, step->apply->commit,
                               &step->stored, step->record, step->op, "field",
                               result->differences, step->apply->user,
                               step->apply->device))
      return refuse_size (step);
    accept (step, CSL_VERDICT_CONFLICT);
    g_strlcpy (step->answer->conflict, step->outcome->conflict.record->id,
               sizeof step->answer->conflict);
    step->answer->d = print_others (step->record, step->op);
    return true;
  }
  accept (step, result->merged ? CSL_VERDICT_MERGED : CSL_VERDICT_OK);
  if (result->merged)
    step->answer->d = print_others (step->record, step->op);
  return true;
}

/* The record may have gone into another file by this operation: the author needs rights in both. */
static bool
move (CsdStep *step)
{
  g_autofree char *bucket = NULL;

  if (strcmp (step->op->type->name, "sync_conflict") == 0)
    return true;
  bucket = csl_record_dup_bucket (step->record, step->apply->organisation->id);
  if (g_strcmp0 (bucket, step->stored.bucket) == 0)
    return true;
  if (bucket == NULL || !csd_step_check_rights (step, bucket, step->record)) {
    step->answer->verdict = CSL_VERDICT_REJECTED;
    return csd_step_refuse (step, "bucket", NULL, "You do not have access to that file.");
  }
  g_strlcpy (step->stored.bucket, bucket, sizeof step->stored.bucket);
  return true;
}

static bool
apply_merge (CsdStep *step, const char *act, GError **error)
{
  g_auto (CslMergeResult) result;
  g_autoptr (CslProblems) problems = csl_problems_new ();

  csl_merge_result_init (&result);
  csl_merge (step->record, step->frev, step->op, &result);
  if (!csd_step_forget_known (step, &result, error))
    return false;
  if (touches_workflow (step, &result))
    return refuse_with_conflict (step, "field", result.differences);
  if (!csd_step_check_rules (step, error) || !move (step))
    return false;
  if (result.changed->len > 0 && csd_step_validate (step, problems) != 0) {
    if (step->is_current)
      return csd_step_refuse_problems (step, problems);
    return refuse_with_conflict (step, "rule", NULL);
  }
  if (!csd_step_decide (step, result.changed, error))
    return false;
  return finish_update (step, &result, act, error);
}

static bool
apply_update (CsdStep *step, GError **error)
{
  if (CSL_MUT (38))
    step->stored.deleted = false;
  if (step->stored.deleted)
    return refuse_with_conflict (step, "edit_vs_delete", NULL);
  if (!csd_step_check_references (step, error))
    return false;
  return apply_merge (step, "update", error);
}

static bool
apply_delete (CsdStep *step, GError **error)
{
  if (step->stored.deleted) {
    accept (step, CSL_VERDICT_OK);
    return true;
  }
  if (csl_record_is_finished (step->before))
    return csd_step_refuse (step, "finished", NULL,
                            "This is finished and stays as it is.");
  for (guint i = 0; i < step->op->type->n_fields; i++)
    if (step->frev[i] > step->op->base && !CSL_MUT (37))
      return refuse_with_conflict (step, "delete_vs_edit", NULL);
  step->stored.deleted = true;
  if (!write_record (step, "delete", NULL, error))
    return false;
  accept (step, CSL_VERDICT_OK);
  return true;
}

/* Back to life with what it was, and what the operation sets. */
static bool
apply_undelete (CsdStep *step, GError **error)
{
  g_auto (CslMergeResult) result;
  g_autoptr (CslProblems) problems = csl_problems_new ();

  csl_merge_result_init (&result);
  apply_set (step->record, step->op);
  for (guint i = 0; i < step->op->type->n_fields; i++)
    if (!csl_value_equal (&step->before->values[i], &step->record->values[i]))
      g_array_append_val (result.changed, i);
  if (!csd_step_check_references (step, error) || !csd_step_check_rules (step, error) ||
      !move (step))
    return false;
  if (csd_step_validate (step, problems) != 0)
    return csd_step_refuse_problems (step, problems);
  return finish_update (step, &result, "restore", error);
}

static bool
apply_restore (CsdStep *step, GError **error)
{
  bool offer_of_deleted = false;

  if (!csd_step_check_restore (step) ||
      !csd_step_is_offer_of_deleted (step, &offer_of_deleted, error))
    return false;
  if (offer_of_deleted)
    return csd_step_refuse (step, "missing", NULL, "This has been deleted since.");
  return step->stored.deleted
           ? apply_undelete (step, error)
           : apply_merge (step, csd_step_is_offer (step) ? CSD_ACT_OFFER : "update",
                          error);
}

static bool
apply_to_existing (CsdStep *step, GError **error)
{
  if (!csd_step_check_rights (step, step->stored.bucket, step->before))
    return false;
  switch (step->op->act) {
  case CSL_ACT_UPDATE:
    return apply_update (step, error);
  case CSL_ACT_DELETE:
    return apply_delete (step, error);
  case CSL_ACT_RESTORE:
    return apply_restore (step, error);
  case CSL_ACT_CREATE:
    break;
  }
  return csd_step_refuse (step, "exists", NULL,
                          "There is a record with this id already.");
}

/* The record as it is, twice: once to compare with, once to change. */
static bool
read_record (CsdStep *step, GError **error)
{
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  step->before = csl_record_new (step->stored.type, step->stored.id);
  if (!csl_json_scan (&json, step->stored.doc, strlen (step->stored.doc),
                      &csl_json_limits_line, error) ||
      !csl_wire_record_read (step->before, &json, 0, error))
    return false;
  step->before->rev = step->stored.rev;
  step->record = csl_record_copy (step->before);
  return csd_step_read_stamps (step, error);
}

/* There is nothing with this id. */
static bool
apply_to_nothing (CsdStep *step, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  bool erased = false;
  gint64 by = 0;

  if (step->op->act == CSL_ACT_CREATE || step->op->act == CSL_ACT_RESTORE)
    return apply_create (step, error);
  if (!csd_step_check_kept (step, step->op->id, error))
    return false;
  by = storage->find_failed_create (storage, step->apply->device, step->op->id, &erased,
                                    error);
  if (by == 0)
    return csd_step_refuse (step, "missing", NULL, "There is no such record.");
  return erased ? csd_step_refuse_erased (step, NULL) : csd_step_hold (step, by);
}

/* What the author made and somebody changed since: nothing of it changes the record, all of it is kept. */
static void
collect_made (const CsdStep *step, CslMergeResult *result)
{
  for (guint i = 0; i < step->op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (step->op->set, CslFieldValue, i);
    const CslValue *value = &step->before->values[set->field];
    CslDifference difference = { .field = set->field,
                                 .server_rev = step->frev[set->field] };

    if (csl_value_equal (&set->value, value))
      continue;
    csl_value_copy (&difference.server, value);
    csl_value_copy (&difference.mine, &set->value);
    g_array_append_val (result->differences, difference);
  }
}

/* After a restore from a backup somebody else may have brought the record back before its author sends it again, with
 * whatever was changed since it was made. The rest of the group must not suffer from that. */
static bool
apply_created_again (CsdStep *step, GError **error)
{
  g_auto (CslMergeResult) result;
  CsdStorage *storage = step->apply->organisation->storage;
  bool own = storage->get_restored (storage) > 0 && !step->stored.deleted;

  csl_merge_result_init (&result);
  if (own && !read_record (step, error))
    return false;
  own = own && g_strcmp0 (csl_record_get_text (step->before, "created_by"),
                          step->apply->user) == 0;
  if (!own)
    return csd_step_refuse (step, "exists", NULL,
                            "There is a record with this id already.");
  collect_made (step, &result);
  if (result.differences->len > 0 &&
      !csd_step_check_rights (step, step->stored.bucket, step->before))
    return false;
  return finish_update (step, &result, "update", error);
}

static bool
run_step (CsdStep *step, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  GError *load_error = NULL;

  if (!csd_step_check_form (step))
    return false;
  if (!storage->load (storage, step->op->id, &step->stored, &load_error)) {
    if (load_error == NULL)
      return apply_to_nothing (step, error);
    g_propagate_error (error, load_error);
    return false;
  }
  if (step->stored.erased)
    return csd_step_refuse (step, "erased", NULL, "This record was erased by law.");
  if (step->stored.type != step->op->type)
    return csd_step_refuse (step, step->op->act == CSL_ACT_CREATE ? "exists" : "missing",
                            NULL, "There is no such record.");
  if (step->op->act == CSL_ACT_CREATE)
    return apply_created_again (step, error);
  return read_record (step, error) && apply_to_existing (step, error);
}

bool
csd_apply_op (CsdApply *self,
              const CslOp *op,
              CslAnswer *answer,
              CsdOutcome *outcome,
              GError **error)
{
  CsdStep step = { .apply = self, .op = op, .answer = answer, .outcome = outcome };
  GError *step_error = NULL;

  memset (answer, 0, sizeof *answer);
  memset (outcome, 0, sizeof *outcome);
  g_strlcpy (answer->op, op->op, sizeof answer->op);
  answer->n = op->n;
  (void) run_step (&step, &step_error);
  step_clear (&step);
  return csl_error_pass (&step_error, error);
}
