/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Applying one page of a pull (R2): every line in order, then the cursor, in one transaction.
 *
 *   head ─► drop* ─► (put | gone | commit)* ─► sum* ─► (open put* sum)* ─► page | done | reconcile
 *
 * Nothing is written unless the last line is there: what was cut is asked for again.
 */
#include "config.h"

#include "store/csl-replica-pull.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-write.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-sums.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-drop.h"
#include "store/csl-replica-page.h"
#include "store/csl-replica-private.h"

#include <string.h>

void
csl_page_result_clear (CslPageResult *result)
{
  g_clear_pointer (&result->bad_buckets, g_ptr_array_unref);
  g_clear_pointer (&result->changed_types, g_ptr_array_unref);
}

/* -- Lines of records: used by pull and fetch ------------------------------------------- */

void
csl_page_init (CslPage *page, CslReplica *replica, CslPageResult *result, bool force)
{
  memset (page, 0, sizeof *page);
  memset (result, 0, sizeof *result);
  page->replica = replica;
  page->result = result;
  page->force = force;
  page->records = g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_free);
  g_ptr_array_set_size (page->records, (int) replica->n_types);
  result->bad_buckets = g_ptr_array_new_with_free_func (g_free);
  result->changed_types = g_ptr_array_new ();
  csl_pull_line_init (&page->line);
}

void
csl_page_clear (CslPage *page)
{
  csl_pull_line_clear (&page->line);
  g_clear_pointer (&page->records, g_ptr_array_unref);
}

static void
note_change (CslPage *page, const CslRecordType *type)
{
  GPtrArray *types = page->result->changed_types;

  if (type != NULL && !g_ptr_array_find (types, type, NULL))
    g_ptr_array_add (types, (gpointer) type);
}

/* One record per type, used again for every line. */
static CslRecord *
scratch_record (CslPage *page, const CslRecordType *type, const char *id)
{
  gpointer *place = &page->records->pdata[type->position];

  if (*place == NULL)
    *place = csl_record_new (type, id);
  csl_record_reset (*place, id);
  return *place;
}

static const CslRecordType *
lookup_type (CslPage *page, const char *name)
{
  if (page->last_type == NULL || strcmp (page->last_type->name, name) != 0)
    page->last_type = csl_schema_lookup_type (page->replica->schema, name);
  return page->last_type;
}

static CslBucket *
lookup_bucket (CslPage *page, const char *name, GError **error)
{
  if (page->last_bucket == NULL || strcmp (page->last_bucket->name, name) != 0)
    page->last_bucket = csl_replica_ensure_bucket (page->replica, name, error);
  if (page->last_bucket != NULL && page->last_bucket->state == CSL_BUCKET_NOT_HELD) {
    page->last_bucket->state = CSL_BUCKET_COMPLETE;
    page->last_bucket->dirty = true;
  }
  return page->last_bucket;
}

/* Content this version has no table for, or cannot read: kept as it came. */
static bool
put_raw (CslPage *page, CslBucket *bucket, bool *ret_changed, GError **error)
{
  CslPullLine *line = &page->line;
  /* Outlives the record, which looks at it when it is freed. */
  CslRecordType type;
  g_autoptr (GString) doc = g_string_new (NULL);
  g_autoptr (CslRecord) record = NULL;
  CslServerVersion version;

  /* A version that could be read gives way to one that cannot. */
  if (lookup_type (page, line->type) != NULL &&
      !csl_replica_remove_version (page->replica, line->type, line->id, NULL, line->rev,
                                   ret_changed, error))
    return false;
  csl_json_write_canonical (doc, &line->json, line->d);
  record = csl_replica_unknown_record (&type, line->type, line->id, doc->str);
  record->rev = line->rev;
  version = (CslServerVersion){
    .record = record,
    .bucket = bucket,
    .hash = csl_wire_record_hash (record),
  };
  return csl_replica_put_unknown (page->replica, line->type, &version, page->force,
                                  ret_changed, error);
}

bool
csl_page_put (CslPage *page, GError **error)
{
  CslPullLine *line = &page->line;
  const CslRecordType *type = lookup_type (page, line->type);
  CslBucket *bucket = lookup_bucket (page, line->bucket, error);
  CslServerVersion version;
  CslRecord *record;
  bool changed = false, ok;

  if (bucket == NULL)
    return false;
  record = type != NULL && !type->local ? scratch_record (page, type, line->id) : NULL;
  if (record == NULL || !csl_wire_record_read (record, &line->json, line->d, NULL)) {
    ok = put_raw (page, bucket, &changed, error);
  } else {
    record->rev = line->rev;
    version = (CslServerVersion){
      .record = record,
      .bucket = bucket,
      .hash = csl_wire_record_hash (record),
    };
    ok = csl_replica_put_version (page->replica, &version, page->force, &changed, error);
  }
  if (changed) {
    page->result->n_put++;
    note_change (page, type);
  }
  page->result->bucket_rows = bucket->count;
  return ok;
}

/* -- Lines of a pull ------------------------------------------------------------------- */

static bool
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_VALUE, message);
  return false;
}

static bool
apply_head (CslPage *page, GError **error)
{
  CslReplica *self = page->replica;
  CslPullLine *line = &page->line;

  g_strlcpy (page->result->epoch, line->epoch, sizeof page->result->epoch);
  page->result->until = line->until;
  page->result->safe_seq = line->safe_seq;
  if (self->identity.epoch[0] == '\0') {
    g_strlcpy (self->identity.epoch, line->epoch, sizeof self->identity.epoch);
    if (!csl_replica_set_meta_text (self, "epoch", line->epoch, error))
      return false;
  }
  if (strcmp (self->identity.epoch, line->epoch) != 0) {
    page->result->epoch_changed = true;
    return true;
  }
  /* A late answer to an earlier request must not take the cursor back, nor jump over anything. */
  if (line->since != self->identity.since)
    return refuse (error, "The answer is to another request");
  if (line->safe_seq <= self->identity.safe_seq)
    return true;
  self->identity.safe_seq = line->safe_seq;
  return csl_replica_set_meta_int (self, "safe_seq", line->safe_seq, error);
}

static bool
apply_drop (CslPage *page, GError **error)
{
  CslBucket *bucket = csl_replica_lookup_bucket (page->replica, page->line.bucket);

  if (bucket == NULL || CSL_MUT (16))
    return true;
  page->result->n_dropped++;
  for (guint i = 0; i < page->replica->n_types; i++)
    note_change (page, csl_schema_get_type (page->replica->schema, i));
  return csl_replica_drop_bucket (page->replica, bucket, error);
}

static bool
apply_open (CslPage *page, GError **error)
{
  CslBucket *bucket = csl_replica_ensure_bucket (page->replica, page->line.bucket, error);

  if (bucket == NULL)
    return false;
  if (page->line.fill) {
    bucket->state = CSL_BUCKET_FILLING;
    bucket->dirty = true;
  }
  page->result->bucket_rows = bucket->count;
  page->result->bucket_target = page->line.count;
  return csl_replica_attach_bucket (page->replica, bucket, error);
}

static bool
apply_gone (CslPage *page, GError **error)
{
  CslPullLine *line = &page->line;
  CslBucket *bucket = csl_replica_lookup_bucket (page->replica, line->bucket);
  const bool erased = strcmp (line->why, "erase") == 0;
  bool changed = false;

  /* Whoever wrote about it and has it no more hears of it in their own bucket, which may be empty. */
  if ((bucket == NULL && !erased) || CSL_MUT (15))
    return true;
  if (bucket != NULL && !csl_replica_remove_version (page->replica, line->type, line->id,
                                                     bucket, line->rev, &changed, error))
    return false;
  if (strcmp (line->why, "del") != 0)
    page->left_sight = true;
  if (erased && !csl_replica_erase_record (page->replica, line->type, line->id, error))
    return false;
  if (changed) {
    page->result->n_gone++;
    note_change (page, lookup_type (page, line->type));
  }
  return true;
}

static bool
complete_bucket (CslPage *page, CslBucket *bucket, GError **error)
{
  bool filled = bucket->state == CSL_BUCKET_FILLING;

  if (bucket->state != CSL_BUCKET_COMPLETE)
    bucket->dirty = true;
  bucket->state = CSL_BUCKET_COMPLETE;
  return !filled ||
         csl_replica_let_go_missing (page->replica, bucket, page->result->until, error);
}

static bool
apply_sum (CslPage *page, GError **error)
{
  CslPullLine *line = &page->line;
  CslBucket *bucket = csl_replica_ensure_bucket (page->replica, line->bucket, error);

  if (bucket == NULL)
    return false;
  if ((bucket->count != line->count || bucket->sum != line->sum) && !CSL_MUT (22) &&
      !CSL_MUT (45))
    g_ptr_array_add (page->result->bad_buckets, g_strdup (line->bucket));
  return complete_bucket (page, bucket, error);
}

static bool
set_resume (CslReplica *self, const char *resume, GError **error)
{
  g_free (self->resume);
  self->resume = g_strdup (resume);
  return csl_replica_set_meta_text (self, "resume", resume, error);
}

static bool
complete_buckets (CslPage *page, GError **error)
{
  g_autoptr (GPtrArray) buckets = csl_replica_list_buckets (page->replica);

  for (guint i = 0; i < buckets->len; i++) {
    CslBucket *bucket = g_ptr_array_index (buckets, i);

    if (bucket->state == CSL_BUCKET_FILLING && !complete_bucket (page, bucket, error))
      return false;
  }
  return true;
}

static bool
apply_done (CslPage *page, GError **error)
{
  CslReplica *self = page->replica;
  gint64 before = self->identity.since;

  page->ended = page->result->done = true;
  if (page->line.seq < before)
    return refuse (error, "The cursor would go back");
  self->identity.since = page->line.seq;
  /* A row that was changed again while the page was made comes with the next pull: only what was acknowledged before this
   * one began can be missing for good. */
  return complete_buckets (page, error) &&
         csl_replica_let_go_missing (self, NULL, before, error) &&
         csl_replica_let_go_unheld (self, page->line.seq, error) &&
         csl_replica_forget_unheld (self, page->line.seq, error) &&
         csl_replica_set_meta_int (self, "since", page->line.seq, error) &&
         set_resume (self, NULL, error);
}

static bool
apply_pull_line (CslPage *page, GError **error)
{
  CslPullLineKind kind = page->line.kind;

  if (kind == CSL_LINE_EPOCH) {
    g_strlcpy (page->result->epoch, page->line.epoch, sizeof page->result->epoch);
    page->result->epoch_changed = true;
    return true;
  }
  if (kind == CSL_LINE_HEAD) {
    page->begun = true;
    return apply_head (page, error);
  }
  if (!page->begun && kind != CSL_LINE_UNKNOWN)
    return refuse (error, "The answer has no head");
  switch (kind) {
  case CSL_LINE_PUT:
    return csl_page_put (page, error);
  case CSL_LINE_GONE:
    return apply_gone (page, error);
  case CSL_LINE_DROP:
    return apply_drop (page, error);
  case CSL_LINE_OPEN:
    return apply_open (page, error);
  case CSL_LINE_SUM:
    return apply_sum (page, error);
  case CSL_LINE_PAGE:
    page->ended = page->result->more = true;
    if (CSL_MUT (14))
      page->replica->identity.since = page->result->until;
    return set_resume (page->replica, page->line.resume, error);
  case CSL_LINE_DONE:
    return apply_done (page, error);
  case CSL_LINE_RECONCILE:
    page->ended = page->result->reconcile = true;
    page->replica->identity.reconcile = true;
    return csl_replica_set_meta_int (page->replica, "reconcile", 1, error) &&
           set_resume (page->replica, NULL, error);
  case CSL_LINE_COMMIT:
  case CSL_LINE_ROW:
  case CSL_LINE_MISS:
  case CSL_LINE_UNKNOWN:
  case CSL_LINE_HEAD:
  case CSL_LINE_EPOCH:
    break;
  }
  return true;
}

/**
 * csl_page_each_line:
 *
 * Parses the lines of @text one after the other into page->line and calls @apply. Stops at the last line or when the
 * epoch is another one. CSL_NET_ERROR_CUT when the last line is missing.
 */
bool
csl_page_each_line (CslPage *page,
                    const char *text,
                    gsize length,
                    bool (*apply) (CslPage *page, GError **error),
                    GError **error)
{
  const char *end = text + length;

  while (text < end && !page->ended && !page->result->epoch_changed) {
    const char *newline = memchr (text, '\n', (gsize) (end - text));
    gsize n = (gsize) ((newline != NULL ? newline : end) - text);

    if (n > 0 &&
        (!csl_pull_line_parse (&page->line, text, n, error) || !apply (page, error)))
      return false;
    text += n + 1;
  }
  if (page->ended || page->result->epoch_changed)
    return true;
  g_set_error_literal (error, CSL_NET_ERROR, CSL_NET_ERROR_CUT,
                       "The answer stops in the middle");
  return false;
}

/* Anything that only this device has? */
static bool
has_waiting (CslReplica *self)
{
  return csl_db_query_int (self->db,
                           "SELECT 1 FROM \"_outbox\" WHERE \"state\" <> 'acked' LIMIT 1",
                           0) != 0;
}

static bool
apply_lines (CslPage *page, const char *text, gsize length, GError **error)
{
  return csl_page_each_line (page, text, length, apply_pull_line, error) &&
         csl_replica_forget_safe (page->replica, error);
}

/* The first pull of all, with more pages to follow: the cursor of the server's log stays where it is until the last one, so
 * a page that a power cut takes is simply asked for again, and only the last page waits for the disk. Later pulls bring
 * newer values of what is here; once seen they must not become the older ones again (I11). */
static bool
begin_page (CslReplica *self, const char *text, gsize length, GError **error)
{
  static const char mark[] = "{\"t\":\"page\"";
  const char *last = length > 1 ? g_strrstr_len (text, (gssize) length - 1, "\n") : NULL;

  if (self->identity.since == 0 && last != NULL && g_str_has_prefix (last + 1, mark))
    return csl_db_begin_relaxed (self->db, error);
  return csl_replica_begin (self, error);
}

/**
 * csl_replica_apply_page:
 * @text: the body of the answer
 * @ret_result: (out): what happened; clear it with csl_page_result_clear(). Untouched on an error.
 */
bool
csl_replica_apply_page (CslReplica *self,
                        const char *text,
                        gsize length,
                        CslPageResult *ret_result,
                        GError **error)
{
  g_auto (CslPageResult) result = { 0 };
  g_auto (CslPage) page = { 0 };
  bool ok;

  csl_page_init (&page, self, &result, false);
  if (!begin_page (self, text, length, error))
    return false;
  ok = apply_lines (&page, text, length, error);
  if (ok && result.epoch_changed) {
    /* Another history: nothing of this answer is for us. */
    if (csl_replica_end (self, false, NULL))
      g_assert_not_reached ();
  } else if (!csl_replica_end (self, ok, error)) {
    return false;
  }
  /* What was dropped is gone from the file only when it is gone from the WAL. A reader in the way only delays it. */
  if (result.n_dropped > 0 || page.left_sight || self->purge_due)
    csl_replica_purge_wal (self);
  if (result.n_dropped > 0 || (result.done && !has_waiting (self)))
    csl_replica_forget_copies (self);
  *ret_result = result;
  memset (&result, 0, sizeof result);
  return true;
}

char *
csl_replica_dup_resume (CslReplica *self)
{
  return g_strdup (self->resume);
}

char *
csl_replica_dup_sums (CslReplica *self)
{
  g_autoptr (GPtrArray) buckets = csl_replica_list_buckets (self);
  g_autoptr (CslSums) sums = csl_sums_new ();

  for (guint i = 0; i < buckets->len; i++) {
    const CslBucket *bucket = g_ptr_array_index (buckets, i);

    if (bucket->state == CSL_BUCKET_FILLING)
      return NULL;
    csl_sums_add (sums, bucket->name, bucket->count, bucket->sum);
  }
  return self->resume == NULL ? csl_sums_finish (sums) : NULL;
}

bool
csl_replica_get_bucket (CslReplica *self,
                        const char *name,
                        gint64 *ret_count,
                        guint64 *ret_sum,
                        GError **error)
{
  const CslBucket *bucket = csl_replica_lookup_bucket (self, name);

  if (bucket == NULL)
    return false;
  *ret_count = bucket->count;
  *ret_sum = bucket->sum;
  return true;
}
