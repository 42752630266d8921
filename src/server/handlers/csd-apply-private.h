/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files that apply operations. */
#pragma once

#include "core/merge/csl-merge.h"
#include "server/handlers/csd-apply.h"

G_BEGIN_DECLS

/* One operation on its way. */
typedef struct
{
  CsdApply *apply;     /* (unowned) */
  const CslOp *op;     /* (unowned) */
  CslAnswer *answer;   /* (unowned) */
  CsdOutcome *outcome; /* (unowned) */
  CsdStored stored;
  CslRecord *before; /* (owned) (nullable): as it is */
  CslRecord *record; /* (owned) (nullable): as it will be */
  gint64 *frev;      /* (owned) (nullable): as the author may compare them */
  bool is_current;   /* nobody else has changed anything since the author looked */
} CsdStep;

/* Fills frev and is_current; the record was loaded. */
bool csd_step_read_stamps (CsdStep *step, GError **error);
/* Was everything that changed the record in the commit @seq written by the author's replica? */
bool csd_step_is_own_commit (CsdStep *step, gint64 seq, bool *ret_own, GError **error);

/* In the history: what a replica offered a restored server. */
#define CSD_ACT_OFFER "offer"
bool csd_step_is_offer (const CsdStep *step);
/* Is it a restore of somebody else's work that was deleted here since? */
bool csd_step_is_offer_of_deleted (CsdStep *step, bool *ret_is, GError **error);
/* Takes the differences out of @result that nobody needs to decide: those of an offer about what this server has had since
 * it was restored, or sets itself. Does nothing for other operations. */
bool csd_step_forget_known (CsdStep *step, CslMergeResult *result, GError **error);

/* Checks: TRUE go on; FALSE answered (refused), or @error set. */
bool csd_step_refuse (CsdStep *step,
                      const char *code,
                      const char *field,
                      const char *message);
/* Whose rights count: the author's, or those of whoever takes over the author's work. */
const char *csd_step_get_decider (const CsdStep *step);
/* Without access: escrow for those who had it once, otherwise a refusal. */
/* Always FALSE: it waits for operation @by of its device; it is about somebody who was erased. */
bool csd_step_hold (CsdStep *step, gint64 by);
bool csd_step_refuse_erased (CsdStep *step, const char *field);
bool csd_step_refuse_access (CsdStep *step, const char *bucket);
/* The author has no role any more: escrow for those who had one once. */
bool csd_step_refuse_former (CsdStep *step);
/* What builds on a record that was only kept is kept beside it. TRUE: @record is none of these. */
bool csd_step_check_kept (CsdStep *step, const char *record, GError **error);
bool csd_step_check_form (CsdStep *step);
bool csd_step_check_author (CsdStep *step);
bool csd_step_check_rights (CsdStep *step, const char *bucket, const CslRecord *record);
bool csd_step_check_references (CsdStep *step, GError **error);
/* Could a restore bring back what a server that was put back from a backup has lost? Only then is it no ordinary change. */
bool csd_step_is_lost (const CsdStep *step);
/* A restore changes no field that is fixed, and nothing at all in records that are never changed. */
bool csd_step_check_restore (CsdStep *step);
/* Who may change which people, roles and teams. */
bool csd_step_check_directory (CsdStep *step, GError **error);
/* An update of stranded_work that decides: what was kept is applied, and the author gets an answer. @changed gains the
 * fields that the server sets by it. Does nothing for other records. */
bool csd_step_decide (CsdStep *step, GArray *changed, GError **error);
/* Unique fields, who may be given a case, the directory. */
bool csd_step_check_rules (CsdStep *step, GError **error);
/* Validation and workflow: 0 good, 'i' invalid, 't' transition; @problems say what. */
char csd_step_validate (CsdStep *step, CslProblems *problems);
bool csd_step_refuse_problems (CsdStep *step, const CslProblems *problems);

G_END_DECLS
