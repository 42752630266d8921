/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-stranded-decide.c: somebody decides about work that was kept.
 *
 *   accepted  every operation of the group is applied, in its author's name, as if it came now: merging, conflicts and
 *             rules as ever; the rights are the decider's. One that is refused refuses the whole decision: the work goes on waiting
 *   declined  nothing is applied; the work stays readable where it is
 *
 * Either way its author gets an answer. Who decides second changes nothing: the fields have the merge policy `first`.
 */
#include "config.h"

#include "server/handlers/csd-apply-private.h"
#include "server/handlers/csd-rights.h"
#include "server/handlers/csd-stranded.h"

#include <string.h>

/* One line of what is taken over. */
typedef struct
{
  CsdStep *step; /* (unowned): of the decision */
  const char *author;
  const char *line; /* (unowned) */
  bool differs;     /* somebody else had changed some of it */
} Taken;

/* What it was refused for, in words for whoever decided. */
static bool
refuse_taken (Taken *taken, const CslAnswer *answer)
{
  if (answer->verdict == CSL_VERDICT_CONFLICT)
    return csd_step_refuse (taken->step, "no_fit", "state",
                            "It was deleted, or changed so that this does not fit.");
  if (g_strcmp0 (answer->code, "missing") == 0 ||
      g_strcmp0 (answer->code, "reference") == 0)
    return csd_step_refuse (taken->step, "builds_on", "state",
                            "Other work of the same person has to be taken over first.");
  return csd_step_refuse (taken->step, answer->code != NULL ? answer->code : "group",
                          "state", answer->message);
}

/* The author's own replica, so that what it had sent before counts as seen. */
static bool
find_replica (Taken *taken, const CslOp *op, CsdOpDone *done, GError **error)
{
  CsdStorage *storage = taken->step->apply->organisation->storage;
  GError *find_error = NULL;

  if (storage->find_op (storage, op->op, done, &find_error) || find_error == NULL)
    return true;
  g_propagate_error (error, find_error);
  return false;
}

static bool
apply_taken (Taken *taken, const CslOp *op, GError **error)
{
  const CsdApply *own = taken->step->apply;
  const CsdDirectory *directory =
    csd_organisation_get_directory (own->organisation, error);
  g_auto (CsdOpDone) done = { 0 };
  g_auto (CsdOutcome) outcome = { 0 };
  g_auto (CslAnswer) answer = { 0 };
  CsdApply apply = { .commit = own->commit,
                     .organisation = own->organisation,
                     .user = taken->author,
                     .device = done.device,
                     .inc = done.inc,
                     .accepted_by = own->user };

  if (directory == NULL || !find_replica (taken, op, &done, error))
    return false;
  apply.member = csd_directory_lookup (directory, own->user);
  if (!csd_apply_op (&apply, op, &answer, &outcome, error))
    return false;
  if (outcome.refused)
    return refuse_taken (taken, &answer);
  if (outcome.conflict.record == NULL)
    return true;
  taken->differs = true;
  return csd_conflict_write (&outcome.conflict, own->commit, taken->author, error);
}

static bool
take_line (Taken *taken, GError **error)
{
  const CslSchema *schema = taken->step->apply->organisation->schema;
  g_autoptr (CslOp) head = NULL;
  g_autoptr (CslOp) op =
    csl_op_parse (schema, taken->line, strlen (taken->line), &head, NULL);

  if (op == NULL)
    return csd_step_refuse (taken->step, "invalid", "state",
                            "The server cannot read what was written.");
  return apply_taken (taken, op, error);
}

static bool
take_over (CsdStep *step, GArray *changed, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  const CslField *differs = csl_record_type_lookup_field (step->op->type, "differs");
  Taken taken = { .step = step, .author = csl_record_get_text (step->record, "author") };
  g_autoptr (GPtrArray) lines =
    storage->list_escrow (storage, csl_record_get_text (step->record, "bundle"),
                          taken.author, error);

  if (lines == NULL)
    return false;
  for (guint i = 0; i < lines->len; i++) {
    taken.line = lines->pdata[i];
    if (!take_line (&taken, error))
      return false;
  }
  if (taken.differs) {
    guint index = differs->index;

    csl_record_set_bool (step->record, "differs", true);
    g_array_append_val (changed, index);
  }
  return true;
}

/* Whoever decides must be one of those who read it. */
static bool
sees (CsdStep *step)
{
  CsdOrganisation *organisation = step->apply->organisation;
  char base[CSD_BUCKET_SIZE];
  guint bit = csd_organisation_split_bucket (organisation, step->stored.bucket, base);

  return (organisation->storage->get_access (organisation->storage, step->apply->user,
                                             base, G_MAXINT64) &
          bit) != 0;
}

static bool
check (CsdStep *step)
{
  if (step->op->act != CSL_ACT_UPDATE || !sees (step))
    return csd_step_refuse (step, "forbidden", NULL, "This is not yours to decide.");
  if (g_strcmp0 (csl_record_get_text (step->before, "state"), "open") != 0)
    return csd_step_refuse (step, "finished", "state",
                            "Somebody has decided about this already.");
  if (g_strcmp0 (csl_record_get_text (step->record, "decided_by"), step->apply->user) !=
      0)
    return csd_step_refuse (step, "author", "decided_by",
                            "Nobody can decide in the name of somebody else.");
  return true;
}

bool
csd_step_decide (CsdStep *step, GArray *changed, GError **error)
{
  const char *state = NULL;

  if (strcmp (step->op->type->name, "stranded_work") != 0 || changed->len == 0)
    return true;
  state = csl_record_get_text (step->record, "state");
  if (!check (step))
    return false;
  if (g_strcmp0 (state, "open") == 0)
    return csd_step_refuse (step, "invalid", "state", "This decides nothing.");
  if (strcmp (state, "accepted") == 0 && !take_over (step, changed, error))
    return false;
  return csd_stranded_answer (step->apply->commit, step->record, step->apply->user,
                              error);
}
