/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the embedded storage. */
#pragma once

#include "core/wire/csl-wire-record.h"
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
  GHashTable *notes;       /* (owned) device → CsdDeviceNote */
  GString *text;           /* (owned) scratch */
  char epoch[40];
  gint64 head, horizon, safe_seq, restored, common;
  gint64 seq;          /* of the open write transaction, or 0 */
  gint64 n;            /* rows written by it */
  gint64 data_version; /* of the file when it was last looked at */
  int epoch_file;
} CsdSqlite;

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

/* Each file sets its part of the function table. */
void csd_sqlite_init_records (CsdStorage *base);
void csd_sqlite_init_ops (CsdStorage *base);
void csd_sqlite_init_escrow (CsdStorage *base);
void csd_sqlite_init_access (CsdStorage *base);
void csd_sqlite_init_rights (CsdStorage *base);
void csd_sqlite_init_feed (CsdStorage *base);
void csd_sqlite_init_forget (CsdStorage *base);
void csd_sqlite_init_verify (CsdStorage *base);

G_END_DECLS
