/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdStorage: where one organisation's records, feed, access and history are kept. The only thing the handlers know
 * of a database; a table of functions with one implementation for each kind of database.
 *
 * Rules every implementation keeps:
 *   S1 begin() gives the number of the commit; commit() raises the organisation's counter as the last statement
 *      before COMMIT. There is no other way to write.
 *   S2 one write transaction at a time for an organisation; readers see whole commits.
 *   S3 store() writes the feed row, the typed row, the tombstone of a bucket that was left and the sums of the buckets
 *      together.
 *   S4 a savepoint that is rolled back leaves nothing behind, in memory either.
 * Calls are made by one thread at a time (the organisation's lock). FALSE with @error set: the storage failed (domain
 * CSL_STORE_ERROR); FALSE or 0 without it: there is no such thing.
 */
#pragma once

#include "core/schema/csl-record.h"
#include "server/store/csd-ledger.h"

G_BEGIN_DECLS

#define CSD_BUCKET_SIZE 112

/* One record as the feed keeps it. */
typedef struct
{
  gint64 key; /* the storage's own number; 0: not stored yet */
  const CslRecordType *type;
  char id[40];
  char bucket[CSD_BUCKET_SIZE]; /* set before store() */
  gint64 rev, created_rev;
  guint64 hash;
  char *doc; /* (owned) (nullable) canonical content; filled by load() and store() */
  char
    *frev; /* (owned) (nullable) {"field":rev,…} for fields changed since the creation */
  bool deleted, erased;
  /* the storage's own, from load() to store() */
  gint64 row, old_bucket;
  gsize old_size;
  guint64 old_hash;
  bool old_deleted;
} CsdStored;

void csd_stored_clear (CsdStored *stored);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdStored, csd_stored_clear)

/* What has become of an operation. */
typedef struct
{
  char op[40], device[40], inc[40], user[40], record[40];
  gint64 n, seq;
  guint64 hash; /* of its body without n */
  bool create;
  bool held, refused;
  char *answer; /* (owned) (nullable) the line that was answered */
} CsdOpDone;

void csd_op_done_clear (CsdOpDone *done);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdOpDone, csd_op_done_clear)

/* An operation whose author had lost access: kept as it came. */
typedef struct
{
  char op[40], group[40], user[40], record[40];
  char bucket[CSD_BUCKET_SIZE]; /* where it would have gone */
  guint position;               /* in its group, from 1 */
  gint64 seq;
  bool create;
  const char *line, *at; /* (unowned) */
} CsdEscrow;

/* One entry of the history of a record. */
typedef struct
{
  gint64 record_key;
  gint64 seq;
  const char *who, *at, *op, *device, *act;
  const char *accepted_by; /* (nullable) user who took over what @who had written */
  const char *fields;      /* (nullable) JSON array of {f, was, now} */
} CsdHistory;

/* What rights depend on. */
typedef struct
{
  char id[40], created_by[40], advisor[40], centre[40], team[40], client[40];
  GPtrArray *assigned; /* (owned) of char*: users of open assignments */
} CsdCaseInfo;

typedef struct
{
  char id[40], created_by[40], primary_worker[40], centre[40];
} CsdClientInfo;

void csd_case_info_clear (CsdCaseInfo *info);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdCaseInfo, csd_case_info_clear)

typedef struct
{
  char user[40], role[64], centre[40];
} CsdMembershipRow;

/* One line of the feed. */
typedef struct
{
  bool gone;
  gint64 seq;
  const CslRecordType *type;
  const char *id, *bucket, *doc, *why; /* (unowned): until the callback returns */
} CsdFeedRow;

typedef struct
{
  char bucket[CSD_BUCKET_SIZE];
  gint64 count, bytes, seq; /* seq: commit that last changed it */
  guint64 sum;
} CsdBucketState;

/* An interval of access that began or ended. */
typedef struct
{
  char bucket[CSD_BUCKET_SIZE]; /* base bucket */
  guint mask;                   /* bit 0: the bucket, bit i: tier i */
  gint64 from_seq, to_seq;      /* to_seq 0: open */
  gint64 key;                   /* for going on after it */
  char why[24];
} CsdAccess;

#define CSD_WHY_ROLE     "role"     /* a role began or ended */
#define CSD_WHY_RESTORED "restored" /* it had ended before a backup was put back */

/* FALSE stops the listing (which then is no error). */
typedef bool (*CsdFeedFunc) (const CsdFeedRow *row, gpointer data);
typedef bool (*CsdRowFunc) (const CsdStored *row, gpointer data);
typedef bool (*CsdAccessFunc) (const CsdAccess *access, gpointer data);
typedef bool (*CsdHistoryFunc) (const CsdHistory *entry, gpointer data);
typedef void (*CsdIdFunc) (const char *id, gpointer data);
typedef void (*CsdErasedFunc) (const char *id, gint64 seq, gpointer data);

/* What the copy of one user on a device said of itself in its last pull. */
typedef struct
{
  char device[40], user[40], at[64];
  gint64 acked, unsent;
} CsdDeviceNote;

/* What stays in force although a backup was put back. */
typedef struct
{
  gint64
    withheld; /* people and files: access that ended after the backup, and that the records still give */
  gint64
    gap; /* head at which a backup was put back and the ledger was not there; 0: never */
  guint damaged; /* lines of the ledger that cannot be read */
  bool rebuilt;  /* the ledger was not there, and was made again from the database */
} CsdLedgerState;

/* Who has given access anew, knowing what a restored server has. */
typedef enum {
  CSD_DECIDED_FILE = 1 << 0, /* to this file */
  CSD_DECIDED_ROLE = 1 << 1, /* a role */
} CsdDecided;

typedef struct _CsdStorage CsdStorage;
struct _CsdStorage
{
  void (*free) (CsdStorage *self);

  /* Has the disk failed it, or was its file damaged? Then it refuses everything. */
  bool (*has_failed) (CsdStorage *self);
  /* Another one of the same place that may go on in its stead; NULL with @error as long as the file is not whole. */
  CsdStorage *(*open_again) (CsdStorage *self, GError **error);
  /* To be called before each turn: has another process written (an administrator's command)? Then the storage has
   * forgotten what it kept in memory, and the caller must too. */
  bool (*refresh) (CsdStorage *self);

  /* -- transactions; begin() is BUSY when another process wrote since refresh() -- */
  bool (*begin) (CsdStorage *self, gint64 *ret_seq, GError **error);
  bool (*commit) (CsdStorage *self, GError **error);
  void (*rollback) (CsdStorage *self);
  bool (*savepoint) (CsdStorage *self, GError **error);
  bool (*release) (CsdStorage *self, GError **error);
  void (*rollback_savepoint) (CsdStorage *self);
  bool (*begin_read) (CsdStorage *self, GError **error);
  void (*end_read) (CsdStorage *self);

  /* -- the organisation -- */
  gint64 (*get_head) (CsdStorage *self);
  gint64 (*get_horizon) (CsdStorage *self);
  gint64 (*get_safe_seq) (CsdStorage *self);
  const char *(*get_epoch) (CsdStorage *self);
  /* The head a backup was put back with; 0: this is the first history. */
  gint64 (*get_restored) (CsdStorage *self);
  /* The newest commit that is in every history there has been; 0: this is the first history. */
  gint64 (*get_common) (CsdStorage *self);
  /* Forgets tombstones up to @seq. Within a write transaction. */
  bool (*raise_horizon) (CsdStorage *self, gint64 seq, GError **error);
  /* In a transaction of its own, without a commit: notes how far the history has come on @day (since 1970), and forgets
   * the oldest tombstones, about @max_gone, of commits that are @keep_days old. */
  bool (*forget) (CsdStorage *self,
                  gint64 day,
                  gint64 keep_days,
                  guint max_gone,
                  GError **error);
  bool (*set_safe_seq) (CsdStorage *self, gint64 seq, GError **error);
  /* Next number of a named counter, from 1. */
  bool (*next_number) (CsdStorage *self,
                       const char *counter,
                       gint64 *ret_number,
                       GError **error);

  /* -- records -- */
  bool (*load) (CsdStorage *self, const char *id, CsdStored *ret_stored, GError **error);
  /* @stored: key, type, id, bucket, created_rev, frev, deleted; rev, hash and doc are made from @record. A deleted row
   * keeps its content for a restore; an erased one (record NULL) keeps nothing. */
  bool (*store) (CsdStorage *self,
                 CsdStored *stored,
                 const CslRecord *record,
                 GError **error);
  /* Is there another record of @type with this value? */
  bool (*is_taken) (CsdStorage *self,
                    const CslField *field,
                    const CslRecord *record,
                    bool *ret_taken,
                    GError **error);
  /* Is there a record with this id (of @type, not deleted)? */
  bool (*exists) (CsdStorage *self,
                  const CslRecordType *type,
                  const char *id,
                  GError **error);
  bool (*add_history) (CsdStorage *self, const CsdHistory *entry, GError **error);
  bool (*list_history) (CsdStorage *self,
                        gint64 record_key,
                        gint64 before,
                        guint limit,
                        CsdHistoryFunc func,
                        gpointer data,
                        GError **error);
  /* Who last changed the record at @seq: user id and instant. */
  bool (*find_author) (CsdStorage *self,
                       gint64 record_key,
                       gint64 seq,
                       char ret_who[40],
                       char ret_at[64],
                       GError **error);

  /* -- erasure -- */
  /* Everything in the files of @client and of its cases, also what is deleted: type and id are filled. */
  bool (*list_client_records) (CsdStorage *self,
                               const char *client,
                               CsdRowFunc func,
                               gpointer data,
                               GError **error);
  /* Of the records @ids (of char*) only id, type and seq stay; nothing of their history, answers and kept work. */
  bool (*erase) (CsdStorage *self, const GPtrArray *ids, GError **error);
  bool (*is_erased) (CsdStorage *self, const char *id, GError **error);
  /* Erased clients, by commit. */
  bool (*list_erased) (CsdStorage *self,
                       CsdErasedFunc func,
                       gpointer data,
                       GError **error);
  /* Outside a transaction: what was erased leaves the log too. BUSY: somebody reads. */
  bool (*empty_log) (CsdStorage *self, GError **error);

  /* -- operations and devices -- */
  bool (*find_op) (CsdStorage *self, const char *op, CsdOpDone *ret_done, GError **error);
  bool (*put_op) (CsdStorage *self, const CsdOpDone *done, GError **error);
  /* n of the refused or held create of @record by this device; 0: none. *ret_erased: it was refused because it is about
   * somebody who was erased. */
  gint64 (*find_failed_create) (CsdStorage *self,
                                const char *device,
                                const char *record,
                                bool *ret_erased,
                                GError **error);
  gint64 (*get_last_n) (CsdStorage *self, const char *device, const char *inc);
  bool (*set_last_n) (CsdStorage *self,
                      const char *device,
                      const char *inc,
                      const char *user,
                      gint64 n,
                      GError **error);
  /* What a device said of itself; kept in memory and written with the next commit. */
  void (*note_device) (CsdStorage *self,
                       const char *device,
                       const char *user,
                       gint64 acked,
                       gint64 unsent,
                       const char *at);
  /* What it said last. FALSE without @error: nothing yet. */
  bool (*find_device_note) (CsdStorage *self,
                            const char *device,
                            const char *user,
                            CsdDeviceNote *ret_note,
                            GError **error);
  bool (*put_escrow) (CsdStorage *self, const CsdEscrow *escrow, GError **error);
  /* Lines of a group of @user that was kept, in order. (element-type char*) with a free function; NULL with @error. */
  GPtrArray *(*list_escrow) (CsdStorage *self,
                             const char *group,
                             const char *user,
                             GError **error);
  /* Is there a create of @record by @user that was only kept? Says where it would have gone. */
  bool (*find_escrowed_create) (CsdStorage *self,
                                const char *user,
                                const char *record,
                                char ret_bucket[CSD_BUCKET_SIZE],
                                GError **error);
  gint64 (*count_escrow) (CsdStorage *self);

  /* -- access -- */
  /* Mask of @user for a base bucket at @seq; G_MAXINT64: now. */
  guint (*get_access) (CsdStorage *self,
                       const char *user,
                       const char *bucket,
                       gint64 seq);
  bool (*had_access) (CsdStorage *self, const char *user, const char *bucket);
  bool (*set_access) (CsdStorage *self,
                      const char *user,
                      const char *bucket,
                      guint mask,
                      const char *why,
                      GError **error);
  /* Users with access now: id → mask (GUINT_TO_POINTER). */
  GHashTable *(*list_bucket_users) (CsdStorage *self, const char *bucket, GError **error);
  /* Base buckets of @user now: name → mask. */
  GHashTable *(*list_user_buckets) (CsdStorage *self, const char *user, GError **error);
  /* Intervals of @user that began in (since, until], in order, after (from_seq, key). */
  bool (*list_begun) (CsdStorage *self,
                      const char *user,
                      gint64 since,
                      gint64 until,
                      gint64 after_seq,
                      gint64 after_key,
                      CsdAccessFunc func,
                      gpointer data,
                      GError **error);
  /* Intervals of @user that ended in (since, until]. */
  bool (*list_ended) (CsdStorage *self,
                      const char *user,
                      gint64 since,
                      gint64 until,
                      CsdAccessFunc func,
                      gpointer data,
                      GError **error);

  /* Takes out of *wanted what ended after a backup that was put back: it stays so until the records have come to say the
   * same, or somebody has @decided anew. */
  bool (*withhold) (CsdStorage *self,
                    const char *user,
                    const char *bucket,
                    CsdDecided decided,
                    guint *wanted,
                    GError **error);
  bool (*withholds) (CsdStorage *self);
  /* Access depends on the record @id, and the commit changes it. */
  void (*note_changed) (CsdStorage *self, const char *id);
  /* Has a lost history changed it? */
  bool (*was_changed) (CsdStorage *self, const char *id);
  bool (*get_ledger) (CsdStorage *self, CsdLedgerState *ret_state, GError **error);
  /* Outside a transaction, at @at (an instant): the ledger says again what the database knows, and nothing is missing in it
   * from then on. */
  bool (*renew_ledger) (CsdStorage *self, const char *at, GError **error);
  bool (*list_renewals) (CsdStorage *self,
                         CsdRenewalFunc func,
                         gpointer data,
                         GError **error);

  /* -- what rights depend on -- */
  bool (*load_case) (CsdStorage *self,
                     const char *id,
                     CsdCaseInfo *ret_info,
                     GError **error);
  bool (*load_client) (CsdStorage *self,
                       const char *id,
                       CsdClientInfo *ret_info,
                       GError **error);
  bool (*list_client_cases) (CsdStorage *self,
                             const char *client,
                             CsdIdFunc func,
                             gpointer data,
                             GError **error);
  bool (*list_ids) (CsdStorage *self,
                    const CslRecordType *type,
                    CsdIdFunc func,
                    gpointer data,
                    GError **error);
  /* Active users, roles in force on @today ("2026-11-20"), teams. */
  bool (*load_directory) (CsdStorage *self,
                          const char *today,
                          GArray *memberships,
                          GHashTable *teams,
                          GError **error);

  /* -- feed -- */
  bool (*list_changes) (CsdStorage *self,
                        gint64 since,
                        gint64 until,
                        CsdFeedFunc func,
                        gpointer data,
                        GError **error);
  /* Rows of a bucket by (rank, id), after that pair. */
  bool (*list_bucket) (CsdStorage *self,
                       const char *bucket,
                       gint64 after_rank,
                       const char *after_id,
                       CsdFeedFunc func,
                       gpointer data,
                       GError **error);
  /* Rows by (type, id), with hash; doc is not filled. */
  bool (*list_manifest) (CsdStorage *self,
                         const char *bucket,
                         CsdRowFunc func,
                         gpointer data,
                         GError **error);
  bool (*get_bucket) (CsdStorage *self,
                      const char *bucket,
                      CsdBucketState *ret_state,
                      GError **error);

  /* Copies one consistent state into a new file, while others read and write. */
  bool (*back_up) (CsdStorage *self, const char *path, GError **error);

  /* Feed = typed tables, sums = rows; @findings (of char*) says what is not. */
  bool (*verify) (CsdStorage *self, GPtrArray *findings, GError **error);
};

static inline void
csd_storage_free (CsdStorage *self)
{
  self->free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdStorage, csd_storage_free)

G_END_DECLS
