/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buckets that leave, and come back. Inside the caller's transaction. */
#pragma once

#include "store/csl-replica-private.h"

G_BEGIN_DECLS

/* Everything of the bucket leaves; operations on its records wait on, but are not laid over anything. */
bool csl_replica_drop_bucket (CslReplica *self, CslBucket *bucket, GError **error);
/* Before its rows leave: what others wrote leaves the outbox and the drafts. */
bool csl_replica_strip_bucket (CslReplica *self, const CslBucket *bucket, GError **error);
/* The same for an operation whose author may not see the record any more. */
bool csl_replica_strip_entry (CslReplica *self, const char *op, GError **error);
/* What was written about a record that was erased by law, when its `gone` has removed the row. */
bool csl_replica_erase_record (CslReplica *self,
                               const char *type_name,
                               const char *id,
                               GError **error);
/* The server refuses to make, or to restore, a record because of that: what else was written about it goes as well, unless
 * the server has that record. */
bool csl_replica_erase_refused (CslReplica *self,
                                const CslRecordType *type,
                                const char *id,
                                GError **error);
/* All words of an operation that the server has not taken, if that is the reason. */
bool csl_replica_redact_answered (CslReplica *self, const char *op, GError **error);
/* The bucket is (again) held: waiting operations on its records are laid over them. */
bool csl_replica_attach_bucket (CslReplica *self, CslBucket *bucket, GError **error);
/* Everything up to @seq is here, of @filled (a bucket just filled) or, with NULL, of all. Operations acknowledged up to it
 * whose records are not: in a filled bucket, and in one that was complete before they were, they were deleted or moved
 * since; in one that is not held they are where this person cannot look any more (access came and went between two
 * pulls). */
bool csl_replica_let_go_missing (CslReplica *self,
                                 const CslBucket *filled,
                                 gint64 seq,
                                 GError **error);
/* The same at the end of a pull up to @seq, for buckets that are not held: nothing of them is on its way. */
bool csl_replica_let_go_unheld (CslReplica *self, gint64 seq, GError **error);
/* After that: what was acknowledged there goes, or stays without what others wrote (I12). */
bool csl_replica_forget_unheld (CslReplica *self, gint64 seq, GError **error);
/* Outside a transaction: takes what was deleted out of the WAL too. */
void csl_replica_purge_wal (CslReplica *self);
/* Acknowledged operations that are in a backup and shown by their rows leave the outbox (R5). */
bool csl_replica_forget_safe (CslReplica *self, GError **error);

G_END_DECLS
