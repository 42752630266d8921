/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking in what the server sends. */
#pragma once

#include "store/csl-replica.h"

G_BEGIN_DECLS

typedef struct
{
  bool more;          /* ended with "page": ask again with csl_replica_dup_resume() */
  bool done;          /* ended with "done": everything up to since is here */
  bool reconcile;     /* ended with "reconcile" */
  bool epoch_changed; /* another history; nothing was written */
  char epoch[40];     /* of the answer */
  gint64 until, safe_seq;
  guint n_put, n_gone, n_dropped;    /* rows changed; rows gone; buckets dropped */
  gint64 bucket_rows, bucket_target; /* of the bucket being filled, for a progress bar */
  GPtrArray *bad_buckets;   /* (owned) of char*: count or sum differ, repair them */
  GPtrArray *changed_types; /* (owned) of const CslRecordType*, each once */
} CslPageResult;

void csl_page_result_clear (CslPageResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslPageResult, csl_page_result_clear)

/* One whole answer of POST /v1/sync/pull: NDJSON, in one transaction with the cursor (R2). An answer without its last
 * line was cut: CSL_NET_ERROR_CUT, nothing is written. CSL_WIRE_ERROR_*: not an answer of this protocol, nothing
 * is written. Store errors as usual. */
bool csl_replica_apply_page (CslReplica *self,
                             const char *text,
                             gsize length,
                             CslPageResult *ret_result,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* JSON to send back as "resume", or NULL. */
char *csl_replica_dup_resume (CslReplica *self) G_GNUC_WARN_UNUSED_RESULT;
/* 16 hexadecimal digits for "sums", or NULL while a fill is unfinished. */
char *csl_replica_dup_sums (CslReplica *self) G_GNUC_WARN_UNUSED_RESULT;
/* Count and sum as the replica keeps them. FALSE without @error: no such bucket. */
bool csl_replica_get_bucket (CslReplica *self,
                             const char *bucket,
                             gint64 *ret_count,
                             guint64 *ret_sum,
                             GError **error);

G_END_DECLS
