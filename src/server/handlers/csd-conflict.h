/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the sync_conflict record of an operation that was not taken, whole or in part. */
#pragma once

#include "core/merge/csl-merge.h"
#include "server/handlers/csd-commit.h"

G_BEGIN_DECLS

/* A conflict that waits to be written. It lies in the bucket of the record it is about, tier included: whoever may not
 * read the record may not read the two versions of it either. */
typedef struct
{
  CslRecord *record; /* (owned) (nullable): NULL when there is none */
  char bucket[CSD_BUCKET_SIZE];
} CsdConflict;

void csd_conflict_clear (CsdConflict *conflict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdConflict, csd_conflict_clear)

/* Where a conflict lies that comes as a record, from a replica that brings it back to a restored server. */
char *csd_conflict_dup_bucket (const CslRecord *conflict,
                               const CsdOrganisation *organisation)
  G_GNUC_WARN_UNUSED_RESULT;
/* @kind: "field", "edit_vs_delete", "delete_vs_edit" or "rule". @differences (nullable): of CslDifference; without it
 * every field the operation sets is one. @now: the record as it is. FALSE: too large to be kept. */
bool csd_conflict_prepare (CsdConflict *conflict,
                           CsdCommit *commit,
                           const CsdStored *stored,
                           const CslRecord *now,
                           const CslOp *op,
                           const char *kind,
                           const GArray *differences,
                           const char *user,
                           const char *device) G_GNUC_WARN_UNUSED_RESULT;
/* Writes it in the open piece. */
bool csd_conflict_write (CsdConflict *conflict,
                         CsdCommit *commit,
                         const char *user,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
