/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslReplica: the copy of the records one worker may see, and what that worker wrote. The one writer of the file;
 * used by one thread at a time. Reading for the screen is csl-reader.h, on a connection of its own.
 *
 *   _outbox   every operation, as its wire line, with its state
 *   _shadow   the server's version of each record that has operations laid over it
 *   tables    what people see = the server's version with the operations laid over it   (I9)
 *   _bucket   per bucket: rows and sum over the server's versions
 *   _meta     who, which incarnation, how far (since, resume), what is safe
 *
 * Invariants, cited where they are kept:
 *   R1 an act of a person is one transaction: rows, shadows and outbox lines, on the disk before it returns
 *   R2 a page and its cursor are one transaction (I8)
 *   R3 tables = lay (shadow or row, outbox) at the end of every transaction (I9)
 *   R4 a row's _rev never goes down within an epoch (I11)
 *   R5 a line leaves _outbox only when its seq is in a backup and the row shows it, or its author closed it (I2)
 *   R6 rows leave only by gone, drop, or a manifest read under the replica's epoch (I14)
 *   R7 sum and count of a bucket are those of its rows' server versions (I20)
 */
#pragma once

#include "core/base/csl-env.h"
#include "core/schema/csl-record.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

typedef struct _CslReplica CslReplica;

/* Names are ids; "" when not known yet. */
typedef struct
{
  char organisation[40], user[40], device[40];
  char inc[40];   /* incarnation; made by the store */
  char epoch[40]; /* "" before the first pull */
  gint64 since;   /* everything up to here is in the tables */
  gint64 safe_seq;
  bool reconcile; /* one was begun and is not finished */
} CslReplicaIdentity;

/* Makes a new file; EXISTS when there is one (it is not touched). Of @identity organisation, user and device are
 * used. @schema and @env must outlive the replica. */
CslReplica *csl_replica_create (const char *path,
                                const guint8 *key,
                                const CslSchema *schema,
                                const CslReplicaIdentity *identity,
                                const CslEnv *env,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Never creates, never repairs by deleting. MISSING, WRONG_KEY, NEWER, DAMAGED, READ_ONLY, FULL, BUSY (another
 * program has it open), IO: the file is as it was. Before a migration a copy "<path>.before-<version>" is made. */
CslReplica *csl_replica_open (const char *path,
                              const guint8 *key,
                              const CslSchema *schema,
                              const CslEnv *env,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csl_replica_free (CslReplica *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslReplica, csl_replica_free)

/* FALSE with the first failure once the file could not be read or written: what is known of it in memory may then be of a
 * transaction that was lost, and nobody may be told of it. */
bool csl_replica_is_usable (CslReplica *self, GError **error);
const CslReplicaIdentity *csl_replica_get_identity (const CslReplica *self);
const CslSchema *csl_replica_get_schema (const CslReplica *self);
/* Small texts of the client's own, kept with the data ("lease", "organisation_name", …). NULL: not set. */
char *csl_replica_dup_setting (CslReplica *self, const char *name)
  G_GNUC_WARN_UNUSED_RESULT;
bool csl_replica_put_setting (CslReplica *self,
                              const char *name,
                              const char *text,
                              GError **error);

/* Is there text that search does not know yet? */
bool csl_replica_needs_index (CslReplica *self);
/* Brings up to @max_rows rows, fewer when their text changed, into the full-text indexes; *ret_more: there is more to
 * do. Call it when idle until FALSE. Until then new rows are not found, and changed ones by what they said before. */
bool csl_replica_index_slice (CslReplica *self,
                              guint max_rows,
                              bool *ret_more,
                              GError **error);
/* Compares up to @max_rows of the server's versions with their hashes, going round all of them from call to call. Buckets
 * with one that is not what the server sent are added to @bad_buckets (of char*, owned): repair them. DAMAGED when
 * they cannot be read; nothing more can be done with the replica then. */
bool csl_replica_audit_slice (CslReplica *self,
                              guint max_rows,
                              GPtrArray *bad_buckets,
                              GError **error);

G_END_DECLS
