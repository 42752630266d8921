/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the embedded storage. */
#pragma once

#include "core/wire/csl-wire-record.h"
#include "server/store/csd-ledger.h"
#include "server/store/sqlite/csd-sqlite-storage.h"
#include "store/csl-record-table.h"

G_BEGIN_DECLS

enum {
  CSD_STATE_LIVE = 0,
  CSD_STATE_DELETED = 1,
  CSD_STATE_ERASED = 2,
};

typedef struct
{
  gint64 key;
  char *name; /* (owned) */
  gint64 count, bytes, seq;
  guint64 sum;
  bool dirty;
} CsdBucket;

/* A bucket before a change of the current savepoint. */
typedef struct
{
  CsdBucket *bucket; /* (unowned) */
  gint64 count, bytes, seq;
  guint64 sum;
  bool made; /* the bucket was made by the savepoint */
} CsdBucketUndo;

typedef struct
{
  CsdStorage base;
  CslDb *db;               /* (owned) */
  const CslSchema *schema; /* (unowned) */
  const CslEnv *env;       /* (unowned) */
  CslRecordTable **tables; /* (owned) by type position; NULL for local types */
  GHashTable *buckets;     /* (owned) name → CsdBucket (owned) */
  GHashTable *bucket_keys; /* (owned) key → CsdBucket */
  GPtrArray *dirty;        /* (owned) of CsdBucket whose sums must be written */
  GArray *undo;            /* (owned) of CsdBucketUndo */
  GHashTable *users;       /* (owned) id → number of _who */
  GHashTable *notes;       /* (owned) device and user → CsdDeviceNote */
  GString *text;           /* (owned) scratch */
  char epoch[40];
  gint64 head, horizon, safe_seq, restored, common;
  gint64 seq;          /* of the open write transaction, or 0 */
  gint64 n;            /* rows written by it */
  gint64 data_version; /* of the file when it was last looked at */
  int epoch_file;
  /* the ledger beside the database */
  CsdLedger *ledger; /* (owned) */
  GHashTable
    *touched;       /* (owned) set of CsdAccessKey: access the transaction may change */
  GPtrArray *news;  /* (owned) of char*: lines it adds besides those */
  GPtrArray *lines; /* (owned) of char*: what will be appended after the commit */
  bool withholds;   /* there may be rows in _withheld */
  bool purge_due;   /* something was erased, and may be in the log */
  bool rebuilt;     /* the file was missing, and was made from the database */
  gint64 in_ledger, gap; /* of _head */
} CsdSqlite;

typedef struct
{
  gint64 who, bucket;
} CsdAccessKey;

/* tables */
bool csd_sqlite_tables_open (CsdSqlite *self, GError **error);
void csd_sqlite_tables_clear (CsdSqlite *self);

/* head */
bool csd_sqlite_head_insert (CsdSqlite *self, const char *epoch, GError **error);
bool csd_sqlite_head_load (CsdSqlite *self, bool *ret_found, GError **error);
/* The last statement of a commit. */
bool csd_sqlite_head_raise (CsdSqlite *self, GError **error);
/* A statement with the parameter :seq. */
bool csd_sqlite_run_with_seq (CsdSqlite *self,
                              const char *sql,
                              gint64 seq,
                              GError **error);

/* epoch */
/* Opens the ledger and the epoch file beside the database @path; begins a new history when an older copy was put back. */
bool csd_sqlite_epoch_open (CsdSqlite *self, const char *path, GError **error);
/* Says in the epoch file how far the history has come. Written after the commit and never synced: it may lag behind the
 * database, never lead it. */
void csd_sqlite_epoch_note (CsdSqlite *self);

/* buckets */
CsdBucket *csd_sqlite_bucket (CsdSqlite *self,
                              const char *name,
                              bool make,
                              GError **error);
CsdBucket *csd_sqlite_bucket_by_key (CsdSqlite *self, gint64 key, GError **error);
void csd_sqlite_bucket_add (CsdSqlite *self,
                            CsdBucket *bucket,
                            int count,
                            gint64 bytes,
                            guint64 sum);
bool csd_sqlite_buckets_flush (CsdSqlite *self, GError **error);
void csd_sqlite_buckets_forget (CsdSqlite *self);
void csd_sqlite_buckets_undo (CsdSqlite *self);
/* number of a user in _who; 0: unknown and not made */
gint64 csd_sqlite_user (CsdSqlite *self, const char *id, bool make, GError **error);
bool csd_sqlite_flush_notes (CsdSqlite *self, GError **error);

/* feed */
/* Rows of @stmt, which has the columns type, id, seq and hash; of types of a later version that was rolled back none. */
bool csd_sqlite_feed_list_names (CsdSqlite *self,
                                 CslStmt *stmt,
                                 CsdRowFunc func,
                                 gpointer data,
                                 GError **error);

/* ledger */
/* What has become of the history by the file beside the database. */
typedef struct
{
  bool known;      /* the file has a section for the history of the database */
  bool lost;       /* the database has had a file, and this is not it */
  bool behind;     /* lines that the database tells of are missing */
  bool ahead;      /* commits are in it that the database does not have */
  bool replay;     /* some of them say something */
  gint64 done;     /* newest commit of that history in it */
  guint from, end; /* lines of that section; what follows is of later histories */
} CsdLedgerView;

void csd_sqlite_ledger_init (CsdSqlite *self);
void csd_sqlite_ledger_clear (CsdSqlite *self);
void csd_sqlite_ledger_touch (CsdSqlite *self, gint64 who, gint64 bucket);
/* Within the transaction: notes in _head that there will be lines. */
bool csd_sqlite_ledger_prepare (CsdSqlite *self, GError **error);
/* After it: appends them. */
void csd_sqlite_ledger_write (CsdSqlite *self);
void csd_sqlite_ledger_forget (CsdSqlite *self);
/* Writes all lines from @seq on anew. */
bool csd_sqlite_ledger_repair (CsdSqlite *self, gint64 seq, GError **error);
/* A section for the history @epoch, which went on from @parent at @head. */
bool csd_sqlite_ledger_begin (CsdSqlite *self,
                              const char *epoch,
                              const char *parent,
                              gint64 head,
                              GError **error);
void csd_sqlite_ledger_look (CsdSqlite *self, CsdLedgerView *ret_view);
/* Within a transaction: what the file tells of commits that the database does not have is in force again. */
bool csd_sqlite_ledger_replay (CsdSqlite *self,
                               const CsdLedgerView *view,
                               GError **error);
bool csd_sqlite_withhold_load (CsdSqlite *self, GError **error);
/* Erases one record; one that is not there leaves its id, with @type and @bucket. Then, once, what else is to go. */
bool csd_sqlite_erase_record (CsdSqlite *self,
                              const CslRecordType *type,
                              const char *id,
                              const char *bucket,
                              GError **error);
bool csd_sqlite_erase_rest (CsdSqlite *self, GError **error);
/* After a commit: takes what it erased out of the log, when nobody reads. */
void csd_sqlite_erase_committed (CsdSqlite *self);
/* What was erased is in no log of a database that is opened, unless somebody reads it just now. */
void csd_sqlite_erase_opened (CsdSqlite *self);

/* What a person has lost of a file. */
typedef struct
{
  guint section; /* of the ledger */
  gint64 seq;
  guint mask;
  bool by_role;
} CsdLoss;

bool csd_sqlite_withhold_add (CsdSqlite *self,
                              const char *user,
                              const char *bucket,
                              const CsdLoss *loss,
                              GError **error);

/* Each file sets its part of the function table. */
void csd_sqlite_init_head (CsdStorage *base);
void csd_sqlite_init_records (CsdStorage *base);
void csd_sqlite_init_ops (CsdStorage *base);
void csd_sqlite_init_escrow (CsdStorage *base);
void csd_sqlite_init_access (CsdStorage *base);
void csd_sqlite_init_rights (CsdStorage *base);
void csd_sqlite_init_feed (CsdStorage *base);
void csd_sqlite_init_forget (CsdStorage *base);
void csd_sqlite_init_verify (CsdStorage *base);
void csd_sqlite_init_withhold (CsdStorage *base);
void csd_sqlite_init_ledger (CsdStorage *base);
void csd_sqlite_init_erase (CsdStorage *base);

G_END_DECLS
