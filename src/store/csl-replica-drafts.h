/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts out of a replica and into another one of the same person. */
#pragma once

#include "store/csl-record-table.h"
#include "store/csl-replica.h"

G_BEGIN_DECLS

#define CSL_DRAFT_TYPE "form_draft"

/* A head line and every draft as a line {"t":"draft","id":…,"set":{…}}; NULL without @error: there are none. */
GString *csl_replica_copy_drafts (CslReplica *self, guint *ret_n, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Appends the same lines, without a head, to @lines (of char); FALSE: what could be read is there. */
bool csl_drafts_list (CslRecordTable *table, GPtrArray *lines, GError **error);
/* One such line, within a transaction; the newer of two versions of a draft stays. CSL_SEALED_ERROR_DAMAGED. */
bool csl_replica_take_draft (CslReplica *self,
                             const char *line,
                             bool *ret_new,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
