/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the csl-replica-*.c files share. Every function here runs inside the caller's transaction. */
#pragma once

#include "core/wire/csl-op.h"
#include "store/csl-record-table.h"
#include "store/csl-replica.h"
#include "store/csl-search-table.h"

G_BEGIN_DECLS

/* SQL: the version of its record that an acknowledged entry of _outbox led to. It is lower than "seq", the commit that took
 * the operation in, where that changed nothing. */
#define CSL_REPLICA_ANSWERED_REV "coalesce (\"answer\" ->> '$.rev', \"seq\")"

typedef enum {
  CSL_BUCKET_NOT_HELD, /* only rows made here, or none */
  CSL_BUCKET_FILLING,
  CSL_BUCKET_COMPLETE,
} CslBucketState;

/* One bucket; kept in memory, written when dirty at the end of a transaction. */
typedef struct
{
  gint64 bucket;
  char *name; /* (owned) */
  CslBucketState state;
  gint64 count;
  guint64 sum;
  bool dirty;
} CslBucket;

struct _CslReplica
{
  CslDb *db;               /* (owned) */
  const CslSchema *schema; /* (unowned) */
  const CslEnv *env;       /* (unowned) */
  int lock_fd;             /* held while open: one writer */
  guint n_types;
  CslRecordTable **tables;   /* (owned) by type position */
  CslSearchTable **searches; /* (owned) by type position; NULL: nothing to search */
  gint64 *indexed; /* by type position: rows up to here are in the full-text index */
  bool *indexed_dirty;
  /* From here: copies of what is in the file, read again after a rollback. */
  CslReplicaIdentity identity;
  gint64 last_n;          /* highest n the server has answered in this incarnation */
  char *resume;           /* (owned) (nullable) */
  GHashTable *buckets;    /* (owned) name → CslBucket */
  GHashTable *bucket_ids; /* (owned) number → CslBucket (borrowed from buckets) */
  GHashTable *laid;       /* (owned) set of ids with operations laid over them */
  bool has_unknown;       /* there may be rows in _unknown */
  bool has_stale;         /* there may be rows in _stale */
  bool purge_due;         /* the WAL may hold what was dropped */
  bool has_copies;        /* of before a migration */
  /* Where the audit goes on. */
  guint audit_part; /* position of a type; then _shadow, _unknown, sums, pages */
  gint64 audit_row;
  char audit_id[40], audit_name[64];
};

/* A record as the server has it. */
typedef struct
{
  const CslRecord *record; /* content and rev */
  CslBucket *bucket;
  guint64 hash;
} CslServerVersion;

/* Numbered migrations, in the resource of csl-store-sql.h. */
#define CSL_REPLICA_SQL_FOLDER "/org/caseload/Caseload/store/sql"

/* -- csl-replica-before.c -- */
/* A whole copy, before the migration to @version begins. */
bool csl_replica_copy_before (CslReplica *self, gint64 version, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Are there any? */
void csl_replica_find_copies (CslReplica *self);
/* Outside a transaction: removes the copies made before migrations. They hold what has left the replica since. */
void csl_replica_forget_copies (CslReplica *self);

/* -- csl-replica.c -- */
bool csl_replica_begin (CslReplica *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @ok: commits; otherwise, or when that fails, rolls back and reads the copies again. Returns whether it was committed. */
bool csl_replica_end (CslReplica *self, bool ok, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
bool csl_replica_set_meta_text (CslReplica *self,
                                const char *name,
                                const char *text,
                                GError **error);
bool csl_replica_set_meta_int (CslReplica *self,
                               const char *name,
                               gint64 number,
                               GError **error);
/* New incarnation: numbering starts again. */
bool csl_replica_renew_incarnation (CslReplica *self, GError **error);

/* -- csl-replica-bucket.c -- */
void csl_replica_clear_buckets (CslReplica *self);
bool csl_replica_load_buckets (CslReplica *self, GError **error);
bool csl_replica_save_buckets (CslReplica *self, GError **error);
CslBucket *csl_replica_lookup_bucket (CslReplica *self, const char *name);
/* Made when it is not there; NULL with @error. */
CslBucket *csl_replica_ensure_bucket (CslReplica *self, const char *name, GError **error);
CslBucket *csl_replica_get_bucket_by_number (CslReplica *self, gint64 bucket);
/* (transfer container): of CslBucket, sorted by the bytes of their names. */
GPtrArray *csl_replica_list_buckets (CslReplica *self) G_GNUC_WARN_UNUSED_RESULT;
void csl_bucket_add (CslBucket *bucket, guint64 hash);
void csl_bucket_remove (CslBucket *bucket, guint64 hash);

/* -- csl-replica-rows.c -- */
CslRecordTable *csl_replica_get_table (CslReplica *self, const CslRecordType *type);
/* Row and full-text index together. */
bool csl_replica_write_row (CslReplica *self,
                            const CslRecord *record,
                            gint64 bucket,
                            guint64 hash,
                            GError **error);
bool csl_replica_remove_row (CslReplica *self,
                             const CslRecordType *type,
                             const char *id,
                             GError **error);
/* Takes the server's version in. @force: whatever its rev. *ret_changed: whether anything was written. */
bool csl_replica_put_version (CslReplica *self,
                              const CslServerVersion *version,
                              bool force,
                              bool *ret_changed,
                              GError **error);
/* The server's version leaves; in @bucket (NULL: any) and with a rev up to @rev only. @type may be unknown here. */
bool csl_replica_remove_version (CslReplica *self,
                                 const char *type,
                                 const char *id,
                                 const CslBucket *bucket,
                                 gint64 rev,
                                 bool *ret_changed,
                                 GError **error);
bool csl_replica_remove_unknown (CslReplica *self,
                                 const char *type,
                                 const char *id,
                                 const CslBucket *bucket,
                                 gint64 rev,
                                 bool *ret_changed,
                                 GError **error);
bool csl_replica_put_unknown (CslReplica *self,
                              const char *type,
                              const CslServerVersion *version,
                              bool force,
                              bool *ret_changed,
                              GError **error);
/* A record of a type this version does not know: no fields, everything in rest. *type must outlive the record. */
CslRecord *csl_replica_unknown_record (CslRecordType *type,
                                       const char *name,
                                       const char *id,
                                       const char *doc) G_GNUC_WARN_UNUSED_RESULT;
/* Writes full-text marks that moved; called at the end of transactions. */
bool csl_replica_save_indexed (CslReplica *self, GError **error);

/* -- csl-replica-lay.c -- */
bool csl_replica_load_laid (CslReplica *self, GError **error);
bool csl_replica_is_laid (CslReplica *self, const char *id);
/* Before the first operation is laid over @id: keeps the server's version aside. */
bool csl_replica_keep_shadow (CslReplica *self,
                              const CslRecordType *type,
                              const char *id,
                              GError **error);
/* The server's state of @id is that of commit @rev: operations acknowledged up to it are contained in it. */
bool csl_replica_let_go (CslReplica *self, const char *id, gint64 rev, GError **error);
/* The row as it must be: the server's version with the operations laid over it (R3). Lets go of operations the
 * server's version contains. */
bool csl_replica_lay (CslReplica *self,
                      const CslRecordType *type,
                      const char *id,
                      GError **error);

/* The same for each record that @stmt returns as (id, type): a statement that changed which operations are laid. Adds their
 * number to *ret_n. */
bool csl_replica_lay_returned (CslReplica *self,
                               CslStmt *stmt,
                               guint *ret_n,
                               GError **error);

/* The server's version of @id, wherever it is kept; NULL (owned) when there is none, or it cannot be read here. */
bool csl_replica_get_server_version (CslReplica *self,
                                     const CslRecordType *type,
                                     const char *id,
                                     CslRecord **ret_record,
                                     GError **error);

/* -- csl-replica-offer.c -- */
/* Rows above commit @head become operations that bring them back to a server whose history ends there; they leave the sums. */
bool csl_replica_offer_lost (CslReplica *self, gint64 head, GError **error);

/* -- csl-replica-base.c -- */
/* Lowers the base of @op, written by who was looking at @seen, to what they knew (I16). */
bool csl_replica_lower_base (CslReplica *self,
                             CslOp *op,
                             const CslRecord *seen,
                             GError **error);

/* -- csl-replica-withdraw.c -- */
/* Gives up what waits for a record that its author has given up. */
bool csl_replica_withdraw_dependents (CslReplica *self, GError **error);

/* -- csl-replica-correct.c -- */
/* A line that no server reads would stop everything behind it: INVALID while its author is still there. */
bool csl_replica_check_line (const char *line, GError **error);
/* What a person changes on a record whose last change was refused is the correction of that change: the whole group
 * goes again with it. FALSE in *ret_done: what is left in @op is an operation of its own. */
bool csl_replica_correct (CslReplica *self,
                          CslOp *op,
                          gint64 now_ms,
                          bool *ret_done,
                          GError **error);

/* -- csl-replica-line.c -- */
typedef struct
{
  const char *op, *group, *type, *id, *bucket; /* (unowned) */
  const char *title;                           /* (unowned) (nullable) */
  const char *text;                            /* (unowned): as it is sent */
  CslAct act;
  gint64 saved_ms;
  guint tries; /* that the server may know of */
  bool laid;   /* over its record */
  bool offer;  /* of what others wrote */
} CslNewLine;
/* At the end of the outbox, to be sent. */
bool csl_replica_insert_line (CslReplica *self, const CslNewLine *line, GError **error);

/* -- csl-replica-outbox.c -- */
/* The refused group of the entry @n goes again, under new ids that say what they correct. */
bool csl_replica_renew_rejected (CslReplica *self,
                                 gint64 n,
                                 bool *ret_any,
                                 GError **error);

/* What a setting is called in the table of the replica's own. */
char *csl_replica_setting_name (const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
