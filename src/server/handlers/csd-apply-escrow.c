/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-apply-escrow.c: whose rights count, and what becomes of work whose author has lost them.
 *
 *   the author may                        → go on
 *   never had access                      → refused; nothing is said about what there is
 *   has access, not this right            → forbidden
 *   had access once                       → escrow: kept for those who decide
 *   builds on a record that is only kept  → escrow, beside it
 *   taken over by somebody who may decide → go on
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/handlers/csd-apply-private.h"
#include "server/handlers/csd-rights.h"

#include <string.h>

const char *
csd_step_get_decider (const CsdStep *step)
{
  return step->apply->accepted_by != NULL ? step->apply->accepted_by : step->apply->user;
}

/* A restore of what was never there makes it, unless it is the server that has lost it. */
static CslAction
action_of (const CsdStep *step)
{
  switch (step->op->act) {
  case CSL_ACT_CREATE:
    return CSL_ACTION_CREATE;
  case CSL_ACT_DELETE:
    return CSL_ACTION_DELETE;
  case CSL_ACT_RESTORE:
    return step->stored.key == 0 && !csd_step_is_lost (step) ? CSL_ACTION_CREATE
                                                             : CSL_ACTION_UPDATE;
  case CSL_ACT_UPDATE:
    return CSL_ACTION_UPDATE;
  }
  return CSL_ACTION_DELETE;
}

static bool
keep (CsdStep *step, const char *bucket)
{
  step->answer->verdict = CSL_VERDICT_ESCROW;
  step->outcome->refused = true;
  g_strlcpy (step->outcome->bucket, bucket, sizeof step->outcome->bucket);
  return false;
}

bool
csd_step_refuse_access (CsdStep *step, const char *bucket)
{
  CsdStorage *storage = step->apply->organisation->storage;
  char base[CSD_BUCKET_SIZE];

  if (step->apply->accepted_by != NULL)
    return csd_step_refuse (step, "forbidden", NULL, "This is not for you to take over.");
  csd_organisation_split_bucket (step->apply->organisation, bucket, base);
  if (storage->get_access (storage, step->apply->user, base, G_MAXINT64) != 0)
    return csd_step_refuse (step, "forbidden", NULL, "Your role does not allow this.");
  /* A decision about work that was kept is nothing to be kept: somebody else decides now. */
  if (storage->had_access (storage, step->apply->user, base))
    return strcmp (step->op->type->area, "stranded") != 0
             ? keep (step, bucket)
             : csd_step_refuse (step, "forbidden", NULL, "This is not yours to decide.");
  if (step->op->act == CSL_ACT_CREATE)
    return csd_step_refuse (step, "bucket", NULL, "You do not have access to that file.");
  return csd_step_refuse (step, "missing", NULL, "There is no such record.");
}

/* A new case belongs to those who decide about its client, a new client to those who decide about everything. */
static char *
dup_new_place (CsdStep *step)
{
  CsdOrganisation *organisation = step->apply->organisation;
  const char *client = strcmp (step->op->type->name, "case") == 0
                         ? csl_record_get_text (step->record, "client")
                         : NULL;

  if (client != NULL && csd_organisation_get_client (organisation, client) != NULL)
    return g_strconcat ("p:", client, NULL);
  return g_strconcat ("a:", organisation->id, NULL);
}

bool
csd_step_refuse_former (CsdStep *step)
{
  CsdStorage *storage = step->apply->organisation->storage;
  g_autofree char *common = g_strconcat ("a:", step->apply->organisation->id, NULL);
  g_autofree char *place = dup_new_place (step);

  if (step->apply->accepted_by == NULL &&
      storage->had_access (storage, step->apply->user, common))
    return keep (step, place);
  return csd_step_refuse (step, "forbidden", NULL, "Your role does not allow this.");
}

bool
csd_step_check_kept (CsdStep *step, const char *record, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  char bucket[CSD_BUCKET_SIZE];
  GError *find_error = NULL;

  if (step->apply->accepted_by != NULL)
    return true;
  if (storage->find_escrowed_create (storage, step->apply->user, record, bucket,
                                     &find_error))
    return keep (step, bucket);
  return csl_error_pass (&find_error, error);
}

/* Files by the right to decide about such work; what is nobody's file by the decider's own rights, and what was personal
 * by the right to decide about everybody. */
static bool
may_take_over (CsdStep *step, const char *bucket, const CslRecord *record)
{
  CsdApply *apply = step->apply;

  if (apply->member == NULL)
    return false;
  if (bucket[0] == 'a')
    return csd_rights_may (apply->organisation, apply->member, step->op->type->area,
                           action_of (step), bucket, record);
  if (bucket[0] == 'u')
    return strcmp (bucket + 2, apply->user) == 0 &&
           csd_rights_sees_stranded (apply->organisation, apply->member);
  return csd_rights_may (apply->organisation, apply->member, "stranded",
                         CSL_ACTION_UPDATE, bucket, record);
}

bool
csd_step_check_rights (CsdStep *step, const char *bucket, const CslRecord *record)
{
  CsdApply *apply = step->apply;
  bool may = apply->accepted_by != NULL
               ? may_take_over (step, bucket, record)
               : apply->member != NULL &&
                   csd_rights_may (apply->organisation, apply->member,
                                   step->op->type->area, action_of (step), bucket,
                                   record);

  return may || csd_step_refuse_access (step, bucket);
}
