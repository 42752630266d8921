/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repair of one bucket and reconcile, both by manifest: only differences move, waiting operations are not touched. */
#pragma once

#include "store/csl-replica-pull.h"

G_BEGIN_DECLS

typedef struct
{
  char *type; /* (owned) */
  char id[40];
} CslRecordKey;

void csl_record_key_free (CslRecordKey *key);

/* Whole answer of POST /v1/sync/manifest for @bucket. Under the replica's own epoch only (else INVALID): rows that are
 * not in it are removed (R6). Returns what must be fetched (element-type CslRecordKey, with a free function). A cut
 * answer: CSL_NET_ERROR_CUT, nothing is written. */
GPtrArray *csl_replica_apply_manifest (CslReplica *self,
                                       const char *bucket,
                                       const char *text,
                                       gsize length,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whole answer of POST /v1/sync/fetch: rows are taken whatever their rev was. */
bool csl_replica_apply_fetch (CslReplica *self,
                              const char *text,
                              gsize length,
                              CslPageResult *ret_result,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* May @bucket be repaired now? At most twice in 24 hours. */
bool csl_replica_may_repair (CslReplica *self,
                             const char *bucket,
                             bool *ret_may,
                             GError **error);
/* It was. An attempt that the network cut does not count. */
bool csl_replica_count_repair (CslReplica *self, const char *bucket, GError **error);

/* Reconcile. First the whole answer of manifest with {}: drops buckets that are not in it; gives the buckets that
 * differ (element-type char*, owned) – repair each of them – and the seq to finish with. */
GPtrArray *csl_replica_apply_bucket_list (CslReplica *self,
                                          const char *text,
                                          gsize length,
                                          gint64 *ret_seq,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What somebody here wrote about, or referred to, and is not here (element-type CslRecordKey, with a free function): whether
 * it was erased meanwhile, no bucket tells. */
GPtrArray *csl_replica_list_written_about (CslReplica *self, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Whole answer of POST /v1/sync/fetch for some of them: what was erased by law is. Nothing else of it is taken. */
bool csl_replica_apply_erased (CslReplica *self,
                               const char *text,
                               gsize length,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csl_replica_finish_reconcile (CslReplica *self, gint64 seq, GError **error);

G_END_DECLS
