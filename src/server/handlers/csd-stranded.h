/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work whose author had lost access when it came: the stranded_work record that those who decide read, and the answer that
 * its author reads. */
#pragma once

#include "core/wire/csl-op.h"
#include "server/handlers/csd-commit.h"

G_BEGIN_DECLS

/* One group of operations that was kept. */
typedef struct
{
  CsdCommit *commit;         /* (unowned): a piece is open */
  const char *user, *device; /* (unowned): who wrote it, where */
  const char *bucket;        /* (unowned): where it would have gone */
  const GPtrArray *ops;      /* (unowned) of const CslOp*, at least one */
} CsdStranded;

/* Writes the record of @self, in the tier "stranded" of the file it is about. FALSE only when the storage failed. */
bool csd_stranded_write (const CsdStranded *self, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Writes the answer that the author of @work (a stranded_work that was decided by @decider) gets, whatever they may still
 * see: who decided what, and why; nothing of the record. */
bool csd_stranded_answer (CsdCommit *commit,
                          const CslRecord *work,
                          const char *decider,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
