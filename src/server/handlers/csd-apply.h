/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applying one operation: rights, references, merge, validation, workflow, then the write. */
#pragma once

#include "core/wire/csl-answer.h"
#include "core/wire/csl-op.h"
#include "server/handlers/csd-conflict.h"

G_BEGIN_DECLS

/* Who pushes. */
typedef struct
{
  CsdCommit *commit;               /* (unowned) */
  CsdOrganisation *organisation;   /* (unowned) */
  const CsdMember *member;         /* (unowned) (nullable): no role in force */
  const char *user, *device, *inc; /* (unowned) */
  const char *
    accepted_by; /* (unowned) (nullable): @user lost access; this member decided to take the work over */
} CsdApply;

/* What has come of an operation beside its answer. */
typedef struct
{
  bool refused; /* nothing of it may stay: undo the piece */
  CsdConflict
    conflict; /* to be written, in this piece or, when refused, after it was undone */
  char bucket[CSD_BUCKET_SIZE]; /* where it belongs, for escrow */
} CsdOutcome;

void csd_outcome_clear (CsdOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdOutcome, csd_outcome_clear)

/* Fills @answer (op and n included). FALSE only when the storage failed. */
bool csd_apply_op (CsdApply *self,
                   const CslOp *op,
                   CslAnswer *answer,
                   CsdOutcome *outcome,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A refusal with a code and a sentence. */
void csd_answer_reject (CslAnswer *answer,
                        const char *code,
                        const char *field,
                        const char *message);

G_END_DECLS
