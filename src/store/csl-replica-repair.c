/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repair and reconcile by manifest (R6, R7).
 *
 * What the replica holds of a bucket is read row by row and hashed anew, so that a row that changed on the disk is
 * found too. Rows the manifest does not have leave, unless they are newer than the manifest.
 */
#include "config.h"

#include "store/csl-replica-repair.h"

#include "core/base/csl-error.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-drop.h"
#include "store/csl-replica-page.h"

#include <string.h>

#define REPAIR_PERIOD_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))

void
csl_record_key_free (CslRecordKey *key)
{
  g_free (key->type);
  g_free (key);
}

static CslRecordKey *
record_key_new (const char *type, const char *id)
{
  CslRecordKey *key = g_new0 (CslRecordKey, 1);

  key->type = g_strdup (type);
  g_strlcpy (key->id, id, sizeof key->id);
  return key;
}

/* -- What the replica holds ------------------------------------------------------------ */

typedef struct
{
  CslRecordKey *key; /* (owned) */
  gint64 rev;
  guint64 hash; /* computed from the content, not read */
  bool listed;  /* the manifest has it */
} Held;

static void
held_free (Held *held)
{
  csl_record_key_free (held->key);
  g_free (held);
}

static char *
held_name (const char *type, const char *id)
{
  return g_strconcat (type, "/", id, NULL);
}

static void
add_held (GHashTable *held, const CslRecord *record)
{
  Held *entry = g_new0 (Held, 1);

  entry->key = record_key_new (record->type->name, record->id);
  entry->rev = record->rev;
  entry->hash = csl_wire_record_hash (record);
  g_hash_table_insert (held, held_name (record->type->name, record->id), entry);
}

static bool
collect_rows (CslReplica *self, const CslBucket *bucket, GHashTable *held, GError **error)
{
  for (guint i = 0; i < self->n_types; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);
    csl_auto_reset CslStmt *stmt =
      csl_record_table_scan (csl_replica_get_table (self, type), CSL_SCAN_BUCKET, error);
    g_autoptr (GError) local = NULL;

    if (stmt == NULL)
      return false;
    csl_stmt_bind_int_at (stmt, 1, bucket->bucket);
    while (csl_stmt_step (stmt, &local)) {
      g_autoptr (CslRecord) record = csl_record_table_read (type, stmt, 0, NULL);

      if (!csl_replica_is_laid (self, record->id))
        add_held (held, record);
    }
    if (!csl_error_pass (&local, error))
      return false;
  }
  return true;
}

/* Shadows and unknown records: their content is the wire's own text. */
static bool
collect_aside (CslReplica *self,
               const char *sql,
               const CslBucket *bucket,
               GHashTable *held,
               GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":bucket", bucket->bucket);
  while (csl_stmt_step (stmt, &local)) {
    g_autofree char *type_name = csl_stmt_dup_text (stmt, 0);
    CslRecordType type;
    g_autoptr (CslRecord) record =
      csl_replica_unknown_record (&type, type_name, csl_stmt_get_text (stmt, 1),
                                  csl_stmt_get_text (stmt, 3));

    record->rev = csl_stmt_get_int (stmt, 2);
    add_held (held, record);
  }
  return csl_error_pass (&local, error);
}

static GHashTable *
collect_held (CslReplica *self, const CslBucket *bucket, GError **error)
{
  static const char shadow_sql[] = "SELECT \"type\", \"id\", \"rev\", \"doc\" FROM "
                                   "\"_shadow\" WHERE \"bucket\" = :bucket";
  static const char unknown_sql[] = "SELECT \"type\", \"id\", \"rev\", \"doc\" FROM "
                                    "\"_unknown\" WHERE \"bucket\" = :bucket";
  g_autoptr (GHashTable) held =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) held_free);

  if (!collect_rows (self, bucket, held, error) ||
      !collect_aside (self, shadow_sql, bucket, held, error) ||
      !collect_aside (self, unknown_sql, bucket, held, error))
    return NULL;
  return g_steal_pointer (&held);
}

/* -- Manifest of one bucket ------------------------------------------------------------ */

typedef struct
{
  CslBucket *bucket; /* (unowned) */
  GHashTable *held;  /* (unowned) */
  GPtrArray *fetch;  /* (unowned) of CslRecordKey */
  gint64 until;
} Manifest;

static bool
refuse_epoch (GError **error)
{
  g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_INVALID,
                       "The list is of another epoch");
  return false;
}

/* The first line of every list: only under the replica's own epoch may anything be concluded from it. */
static bool
check_head (CslPage *page, gint64 *ret_until, GError **error)
{
  if (strcmp (page->line.epoch, page->replica->identity.epoch) != 0)
    return refuse_epoch (error);
  page->begun = true;
  *ret_until = page->line.until;
  return true;
}

static void
compare_row (Manifest *manifest, const CslPullLine *line)
{
  g_autofree char *name = held_name (line->type, line->id);
  Held *held = g_hash_table_lookup (manifest->held, name);

  if (held != NULL)
    held->listed = true;
  if (held != NULL && held->rev == line->rev && held->hash == line->sum)
    return;
  /* Newer than the list: the list is the one behind. */
  if (held != NULL && held->rev > manifest->until)
    return;
  g_ptr_array_add (manifest->fetch, record_key_new (line->type, line->id));
}

static bool
apply_manifest_line (CslPage *page, GError **error)
{
  Manifest *manifest = page->data;

  if (page->line.kind == CSL_LINE_HEAD)
    return check_head (page, &manifest->until, error);
  if (!page->begun)
    return refuse_epoch (error);
  if (page->line.kind == CSL_LINE_ROW)
    compare_row (manifest, &page->line);
  else if (page->line.kind == CSL_LINE_DONE)
    page->ended = true;
  return true;
}

static bool
set_aside_hash (CslReplica *self, const char *sql, const Held *held, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":type", held->key->type);
  csl_stmt_bind_text (stmt, ":id", held->key->id);
  csl_stmt_bind_int (stmt, ":hash", (gint64) held->hash);
  return csl_stmt_run (stmt, error);
}

/* The sum as it really is: what is missing comes with the fetch, what is wrong is replaced by it. */
static bool
set_stored_hash (CslReplica *self, const Held *held, GError **error)
{
  static const char shadow_sql[] = "UPDATE \"_shadow\" SET \"hash\" = :hash WHERE "
                                   "\"id\" = :id AND \"type\" = :type AND \"hash\" <> "
                                   ":hash";
  static const char unknown_sql[] = "UPDATE \"_unknown\" SET \"hash\" = :hash WHERE "
                                    "\"id\" = :id AND \"type\" = :type AND \"hash\" <> "
                                    ":hash";
  const CslRecordType *type = csl_schema_lookup_type (self->schema, held->key->type);
  g_autoptr (CslRecord) record = NULL;
  g_autoptr (GError) local = NULL;
  CslRowInfo info;

  if (!set_aside_hash (self, shadow_sql, held, error) ||
      !set_aside_hash (self, unknown_sql, held, error))
    return false;
  if (type == NULL || csl_replica_is_laid (self, held->key->id))
    return true;
  record = csl_record_table_get (csl_replica_get_table (self, type), held->key->id, &info,
                                 &local);
  if (record == NULL || info.hash == held->hash)
    return csl_error_pass (&local, error);
  info.hash = held->hash;
  return csl_record_table_update (csl_replica_get_table (self, type), record, &info,
                                  error);
}

static bool
conclude_manifest (CslReplica *self, const Manifest *manifest, GError **error)
{
  GHashTableIter iter;
  gpointer value;
  bool changed = false;

  manifest->bucket->count = 0;
  manifest->bucket->sum = 0;
  manifest->bucket->dirty = true;
  g_hash_table_iter_init (&iter, manifest->held);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Held *held = value;

    csl_bucket_add (manifest->bucket, held->hash);
    if (!set_stored_hash (self, held, error))
      return false;
  }
  g_hash_table_iter_init (&iter, manifest->held);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Held *held = value;

    if (!held->listed && !CSL_MUT (21) &&
        !csl_replica_remove_version (self, held->key->type, held->key->id,
                                     manifest->bucket, manifest->until, &changed, error))
      return false;
  }
  return true;
}

static bool
apply_manifest (CslReplica *self,
                Manifest *manifest,
                const char *text,
                gsize length,
                GError **error)
{
  g_auto (CslPageResult) result = { 0 };
  g_auto (CslPage) page = { 0 };

  csl_page_init (&page, self, &result, false);
  page.data = manifest;
  return csl_page_each_line (&page, text, length, apply_manifest_line, error) &&
         conclude_manifest (self, manifest, error);
}

GPtrArray *
csl_replica_apply_manifest (CslReplica *self,
                            const char *bucket_name,
                            const char *text,
                            gsize length,
                            GError **error)
{
  g_autoptr (GPtrArray) fetch =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_key_free);
  g_autoptr (GHashTable) held = NULL;
  CslBucket *bucket;
  bool ok = false;

  if (!csl_replica_begin (self, error))
    return NULL;
  bucket = csl_replica_ensure_bucket (self, bucket_name, error);
  if (bucket != NULL)
    held = collect_held (self, bucket, error);
  if (held != NULL) {
    Manifest manifest = { .bucket = bucket, .held = held, .fetch = fetch };

    ok = apply_manifest (self, &manifest, text, length, error);
  }
  return csl_replica_end (self, ok, error) ? g_steal_pointer (&fetch) : NULL;
}

/* -- Fetch ----------------------------------------------------------------------------- */

static bool
apply_fetch_line (CslPage *page, GError **error)
{
  gint64 until;

  if (page->line.kind == CSL_LINE_HEAD)
    return check_head (page, &until, error);
  if (!page->begun)
    return refuse_epoch (error);
  if (page->line.kind == CSL_LINE_PUT)
    return csl_page_put (page, error);
  if (page->line.kind == CSL_LINE_DONE)
    page->ended = page->result->done = true;
  return true;
}

/* In one transaction: all lines of an answer, or none. */
static bool
apply_answer (CslPage *page,
              const char *text,
              gsize length,
              bool (*apply) (CslPage *page, GError **error),
              GError **error)
{
  return csl_replica_begin (page->replica, error) &&
         csl_replica_end (page->replica,
                          csl_page_each_line (page, text, length, apply, error), error);
}

bool
csl_replica_apply_fetch (CslReplica *self,
                         const char *text,
                         gsize length,
                         CslPageResult *ret_result,
                         GError **error)
{
  g_auto (CslPageResult) result = { 0 };
  g_auto (CslPage) page = { 0 };

  csl_page_init (&page, self, &result, true);
  if (!apply_answer (&page, text, length, apply_fetch_line, error))
    return false;
  *ret_result = result;
  memset (&result, 0, sizeof result);
  return true;
}

static bool
apply_erased_line (CslPage *page, GError **error)
{
  const CslPullLine *line = &page->line;
  gint64 until;

  if (line->kind == CSL_LINE_HEAD)
    return check_head (page, &until, error);
  if (!page->begun)
    return refuse_epoch (error);
  if (line->kind == CSL_LINE_MISS && strcmp (line->why, "erase") == 0)
    return csl_replica_erase_record (page->replica, line->type, line->id, error);
  page->ended = line->kind == CSL_LINE_DONE;
  return true;
}

bool
csl_replica_apply_erased (CslReplica *self,
                          const char *text,
                          gsize length,
                          GError **error)
{
  g_auto (CslPageResult) result = { 0 };
  g_auto (CslPage) page = { 0 };

  csl_page_init (&page, self, &result, false);
  if (!apply_answer (&page, text, length, apply_erased_line, error))
    return false;
  if (self->purge_due)
    csl_replica_purge_wal (self);
  return true;
}

/* -- Bounds ---------------------------------------------------------------------------- */

/* The time of the last repair but one. */
static bool
read_repaired (CslReplica *self, gint64 bucket, gint64 *ret_earlier, GError **error)
{
  static const char sql[] =
    "SELECT \"repaired_1\" FROM \"_bucket\" WHERE \"bucket\" = :bucket";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":bucket", bucket);
  if (!csl_stmt_step (stmt, error))
    return false;
  *ret_earlier = csl_stmt_get_int (stmt, 0);
  return true;
}

bool
csl_replica_may_repair (CslReplica *self,
                        const char *bucket_name,
                        bool *ret_may,
                        GError **error)
{
  gint64 now = csl_env_wall_ms (self->env), earlier = 0;
  CslBucket *bucket;
  bool ok;

  if (!csl_replica_begin (self, error))
    return false;
  bucket = csl_replica_ensure_bucket (self, bucket_name, error);
  ok = bucket != NULL && read_repaired (self, bucket->bucket, &earlier, error);
  /* A clock that went back must not lock the repair for ever. */
  *ret_may = earlier == 0 || earlier > now || now - earlier >= REPAIR_PERIOD_MS;
  return csl_replica_end (self, ok, error);
}

bool
csl_replica_count_repair (CslReplica *self, const char *bucket_name, GError **error)
{
  static const char sql[] =
    "UPDATE \"_bucket\" SET \"repaired_1\" = \"repaired_2\", \"repaired_2\" = :now "
    "WHERE \"name\" = :name";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":now", csl_env_wall_ms (self->env));
  csl_stmt_bind_text (stmt, ":name", bucket_name);
  return csl_stmt_run (stmt, error);
}

/* -- Reconcile ------------------------------------------------------------------------- */

typedef struct
{
  GHashTable *listed; /* (unowned) set of names */
  GPtrArray *differ;  /* (unowned) of char* */
  gint64 until, seq;
} BucketList;

static bool
apply_bucket_line (CslPage *page, GError **error)
{
  BucketList *list = page->data;
  const CslPullLine *line = &page->line;
  const CslBucket *bucket;

  if (line->kind == CSL_LINE_HEAD)
    return check_head (page, &list->until, error);
  if (!page->begun)
    return refuse_epoch (error);
  if (line->kind == CSL_LINE_DONE) {
    page->ended = true;
    list->seq = line->seq;
  }
  if (line->kind != CSL_LINE_SUM)
    return true;
  g_hash_table_add (list->listed, g_strdup (line->bucket));
  bucket = csl_replica_lookup_bucket (page->replica, line->bucket);
  if (bucket == NULL || bucket->count != line->count || bucket->sum != line->sum)
    g_ptr_array_add (list->differ, g_strdup (line->bucket));
  return true;
}

/* Shown is what the lines say, also after something was taken out of them. */
static bool
lay_waiting (CslReplica *self, const CslBucket *bucket, GError **error)
{
  static const char sql[] = "SELECT DISTINCT \"id\", \"type\" FROM \"_outbox\" WHERE "
                            "\"bucket\" = :name AND \"laid\" = 1";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  guint n = 0;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":name", bucket->name);
  return csl_replica_lay_returned (self, stmt, &n, error);
}

/* A bucket the server does not list has no rows there, or this person may not see it any more: it is not held until a line of
 * it comes. What was written here and waits stays. */
static bool
empty_bucket (CslReplica *self, CslBucket *bucket, gint64 until, GError **error)
{
  g_autoptr (GHashTable) held = collect_held (self, bucket, error);
  Manifest manifest = { .bucket = bucket, .held = held, .until = until };

  if (held == NULL || !csl_replica_strip_bucket (self, bucket, error) ||
      !conclude_manifest (self, &manifest, error) || !lay_waiting (self, bucket, error))
    return false;
  if (bucket->count == 0)
    bucket->state = CSL_BUCKET_NOT_HELD;
  return true;
}

static bool
empty_unlisted (CslReplica *self, const BucketList *list, GError **error)
{
  g_autoptr (GPtrArray) buckets = csl_replica_list_buckets (self);

  for (guint i = 0; i < buckets->len; i++) {
    CslBucket *bucket = g_ptr_array_index (buckets, i);

    if ((bucket->count != 0 || bucket->state != CSL_BUCKET_NOT_HELD) &&
        !g_hash_table_contains (list->listed, bucket->name) &&
        !empty_bucket (self, bucket, list->until, error))
      return false;
  }
  return true;
}

static bool
apply_bucket_list (CslReplica *self,
                   BucketList *list,
                   const char *text,
                   gsize length,
                   GError **error)
{
  g_auto (CslPageResult) result = { 0 };
  g_auto (CslPage) page = { 0 };

  csl_page_init (&page, self, &result, false);
  page.data = list;
  self->identity.reconcile = true;
  return csl_page_each_line (&page, text, length, apply_bucket_line, error) &&
         empty_unlisted (self, list, error) &&
         csl_replica_set_meta_int (self, "reconcile", 1, error);
}

GPtrArray *
csl_replica_apply_bucket_list (CslReplica *self,
                               const char *text,
                               gsize length,
                               gint64 *ret_seq,
                               GError **error)
{
  g_autoptr (GPtrArray) differ = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) listed =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  BucketList list = { .listed = listed, .differ = differ };

  if (!csl_replica_begin (self, error) ||
      !csl_replica_end (self, apply_bucket_list (self, &list, text, length, error),
                        error))
    return NULL;
  csl_replica_purge_wal (self);
  *ret_seq = list.seq;
  return g_steal_pointer (&differ);
}

static bool
write_reconciled (CslReplica *self, gint64 seq, GError **error)
{
  self->identity.since = seq;
  self->identity.reconcile = false;
  g_clear_pointer (&self->resume, g_free);
  return csl_replica_set_meta_int (self, "since", seq, error) &&
         csl_replica_set_meta_int (self, "reconcile", 0, error) &&
         csl_replica_set_meta_text (self, "resume", NULL, error) &&
         csl_replica_forget_safe (self, error);
}

bool
csl_replica_finish_reconcile (CslReplica *self, gint64 seq, GError **error)
{
  if (!csl_replica_begin (self, error))
    return false;
  return csl_replica_end (self, write_reconciled (self, seq, error), error);
}
