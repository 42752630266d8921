/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server of the store's tests. */
#include "store-model.h"

#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-pull.h"
#include "store/csl-replica-repair.h"

#include <string.h>

typedef struct
{
  char type[64], id[40], bucket[112];
  gint64 seq;
} ModelGone;

typedef struct
{
  gint64 from, to; /* to 0: open */
} ModelAccess;

static void
row_free (ModelRow *row)
{
  csl_record_free (row->record);
  g_free (row->type);
  g_free (row->id);
  g_free (row->bucket);
  g_free (row);
}

Model *
model_new (const CslSchema *schema)
{
  Model *self = g_new0 (Model, 1);

  self->schema = schema;
  g_strlcpy (self->epoch, "01976b1e-aaaa-7abc-8def-000000000001", sizeof self->epoch);
  self->rows =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) row_free);
  self->gone = g_array_new (FALSE, FALSE, sizeof (ModelGone));
  self->access = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) g_array_unref);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
model_free (Model *self)
{
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->access);
  g_hash_table_unref (self->answers);
  g_array_unref (self->gone);
  g_free (self);
}

void
model_grant (Model *self, const char *bucket)
{
  GArray *intervals = g_hash_table_lookup (self->access, bucket);
  ModelAccess access = { .from = ++self->head };

  if (intervals == NULL) {
    intervals = g_array_new (FALSE, FALSE, sizeof (ModelAccess));
    g_hash_table_insert (self->access, g_strdup (bucket), intervals);
  }
  g_array_append_val (intervals, access);
}

void
model_revoke (Model *self, const char *bucket)
{
  GArray *intervals = g_hash_table_lookup (self->access, bucket);

  g_array_index (intervals, ModelAccess, intervals->len - 1).to = ++self->head;
}

static bool
had (const GArray *intervals, gint64 at)
{
  for (guint i = 0; intervals != NULL && i < intervals->len; i++) {
    const ModelAccess *access = &g_array_index (intervals, ModelAccess, i);

    if (access->from <= at && (access->to == 0 || at < access->to))
      return true;
  }
  return false;
}

static bool
has (Model *self, const char *bucket, gint64 at)
{
  return had (g_hash_table_lookup (self->access, bucket), at);
}

bool
model_has_access (Model *self, const char *bucket)
{
  return has (self, bucket, self->head);
}

ModelRow *
model_lookup (Model *self, const char *id)
{
  return g_hash_table_lookup (self->rows, id);
}

static void
set_row (Model *self,
         const CslRecordType *type,
         const char *id,
         CslRecord *record,
         const char *bucket)
{
  ModelRow *row = model_lookup (self, id);

  if (row != NULL && row->record != NULL &&
      (record == NULL || strcmp (row->bucket, bucket) != 0)) {
    ModelGone gone = { .seq = self->head };

    g_strlcpy (gone.type, row->type, sizeof gone.type);
    g_strlcpy (gone.id, id, sizeof gone.id);
    g_strlcpy (gone.bucket, row->bucket, sizeof gone.bucket);
    g_array_append_val (self->gone, gone);
  }
  if (row == NULL) {
    row = g_new0 (ModelRow, 1);
    row->type = g_strdup (type->name);
    row->id = g_strdup (id);
    g_hash_table_insert (self->rows, row->id, row);
  }
  csl_record_free (row->record);
  row->record = record;
  row->seq = self->head;
  if (bucket != NULL) {
    g_free (row->bucket);
    row->bucket = g_strdup (bucket);
  }
  if (record != NULL)
    record->rev = self->head;
}

gint64
model_put (Model *self, const CslRecord *record, const char *bucket)
{
  self->head++;
  set_row (self, record->type, record->id, csl_record_copy (record), bucket);
  return self->head;
}

gint64
model_delete (Model *self, const char *id)
{
  ModelRow *row = model_lookup (self, id);

  self->head++;
  set_row (self, csl_schema_lookup_type (self->schema, row->type), id, NULL, NULL);
  return self->head;
}

/* -- Push ------------------------------------------------------------------------------ */

static void
apply_op (Model *self, const CslOp *op)
{
  ModelRow *row = model_lookup (self, op->id);
  CslRecord *record = row != NULL && row->record != NULL ? csl_record_copy (row->record)
                                                         : NULL;
  g_autofree char *bucket = NULL;

  self->head++;
  record = csl_op_apply (record, op);
  if (record == NULL && (row == NULL || row->record == NULL))
    return;
  if (record != NULL)
    bucket = csl_record_dup_bucket (record, "01976b1e-0000-7abc-8def-000000000001");
  set_row (self, op->type, op->id, record, bucket);
}

static CslAnswer
decide (Model *self, const CslOp *op)
{
  CslAnswer answer = { .verdict = self->decide != NULL ? self->decide (op, self->data)
                                                       : CSL_VERDICT_OK };

  switch (answer.verdict) {
  case CSL_VERDICT_OK:
  case CSL_VERDICT_MERGED:
  case CSL_VERDICT_REDIRECT:
    apply_op (self, op);
    answer.seq = answer.rev = self->head;
    if (answer.verdict == CSL_VERDICT_REDIRECT)
      g_strlcpy (answer.to, op->id, sizeof answer.to);
    break;
  case CSL_VERDICT_CONFLICT:
    answer.seq = answer.rev = ++self->head;
    g_strlcpy (answer.conflict, "01976b1e-cccc-7abc-8def-000000000001",
               sizeof answer.conflict);
    break;
  case CSL_VERDICT_ESCROW:
    answer.seq = ++self->head;
    break;
  case CSL_VERDICT_REJECTED:
    answer.code = g_strdup ("R-64");
    answer.message = g_strdup ("The end must be after the start.");
    answer.field = g_strdup ("end_at");
    break;
  case CSL_VERDICT_HELD:
    answer.held_by = MAX (op->n - 1, 1);
    break;
  case CSL_VERDICT_GAP:
  case CSL_VERDICT_DEVICE_REWOUND:
  case CSL_VERDICT_BUSY:
  case CSL_VERDICT_EPOCH:
    break;
  }
  g_strlcpy (answer.op, op->op, sizeof answer.op);
  answer.n = op->n;
  return answer;
}

static bool
refuse_push (Model *self, const CslOp *op, CslAnswer *answer)
{
  if (op->n <= self->last_n)
    answer->verdict = CSL_VERDICT_DEVICE_REWOUND;
  else if (op->n > self->last_n + 1)
    answer->verdict = CSL_VERDICT_GAP;
  else
    return false;
  answer->last_n = self->last_n;
  return true;
}

/* FALSE: nothing more is read. */
static bool
answer_op (Model *self, const CslOp *op, GArray *answers)
{
  const char *known = g_hash_table_lookup (self->answers, op->op);
  CslAnswer answer = { 0 };

  if (known != NULL && strstr (known, "\"held\"") == NULL) {
    g_assert_true (csl_answer_parse (&answer, known, strlen (known), NULL));
    answer.dup = true;
    answer.n = op->n;
    g_array_append_val (answers, answer);
    return true;
  }
  if (known == NULL && refuse_push (self, op, &answer)) {
    g_array_append_val (answers, answer);
    return false;
  }
  answer = decide (self, op);
  self->last_n = MAX (self->last_n, op->n);
  g_hash_table_replace (self->answers, g_strdup (op->op), csl_answer_print (&answer));
  g_array_append_val (answers, answer);
  return true;
}

GArray *
model_push (Model *self, const char *body)
{
  GArray *answers = g_array_new (FALSE, TRUE, sizeof (CslAnswer));
  g_auto (GStrv) lines = g_strsplit (body, "\n", -1);
  g_auto (CslJson) head = { 0 };
  g_autofree char *inc = NULL;

  g_array_set_clear_func (answers, (GDestroyNotify) csl_answer_clear);
  if (lines[0] == NULL || *lines[0] == '\0')
    return answers;
  csl_json_init (&head);
  g_assert_true (
    csl_json_scan (&head, lines[0], strlen (lines[0]), &csl_json_limits_line, NULL));
  inc = csl_json_member_dup_string (&head, 0, "inc");
  if (strcmp (inc, self->inc) != 0) {
    g_strlcpy (self->inc, inc, sizeof self->inc);
    self->last_n = 0;
  }
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CslOp) op =
      csl_op_parse (self->schema, lines[i], strlen (lines[i]), NULL, &error);

    g_assert_no_error (error);
    if (!answer_op (self, op, answers))
      break;
  }
  return answers;
}

/* -- Pull ------------------------------------------------------------------------------ */

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const ModelRow *const *left = a;
  const ModelRow *const *right = b;

  if ((*left)->seq != (*right)->seq)
    return (*left)->seq < (*right)->seq ? -1 : 1;
  return strcmp ((*left)->id, (*right)->id);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  const ModelRow *const *left = a;
  const ModelRow *const *right = b;
  int order = strcmp ((*left)->type, (*right)->type);

  return order != 0 ? order : strcmp ((*left)->id, (*right)->id);
}

/* Rows that exist, of @bucket or of all. */
static GPtrArray *
list_rows (Model *self, const char *bucket, GCompareFunc compare)
{
  GPtrArray *rows = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    ModelRow *row = value;

    if (row->record != NULL && (bucket == NULL || strcmp (row->bucket, bucket) == 0))
      g_ptr_array_add (rows, row);
  }
  g_ptr_array_sort (rows, compare);
  return rows;
}

static void
write_put (GString *out, const ModelRow *row)
{
  g_autoptr (GString) doc = g_string_new (NULL);

  csl_wire_record_write (row->record, doc);
  csl_pull_write_put (out, row->bucket, row->type, row->id, row->record->rev, doc->str);
}

static void
write_sum (Model *self, GString *out, const char *bucket)
{
  g_autoptr (GPtrArray) rows = list_rows (self, bucket, compare_ids);
  guint64 sum = 0;

  for (guint i = 0; i < rows->len; i++)
    sum += csl_wire_record_hash (((ModelRow *) g_ptr_array_index (rows, i))->record);
  csl_pull_write_sum (out, bucket, rows->len, sum);
}

/* One commit: what left, what is there now. Access is that of @until throughout a pull: a server that leaves a bucket out
 * in the middle must not treat it as held afterwards. */
static guint
write_commit (Model *self,
              GString *out,
              gint64 since,
              gint64 until,
              gint64 seq,
              GHashTable *touched)
{
  g_autoptr (GPtrArray) rows = list_rows (self, NULL, compare_rows);
  guint n = 0;

  for (guint i = 0; i < self->gone->len; i++) {
    const ModelGone *gone = &g_array_index (self->gone, ModelGone, i);
    const ModelRow *row = model_lookup (self, gone->id);
    bool moved = row->record != NULL && row->seq == seq &&
                 has (self, row->bucket, since) && has (self, row->bucket, until);

    if (gone->seq != seq || !has (self, gone->bucket, since) ||
        !has (self, gone->bucket, until))
      continue;
    g_hash_table_add (touched, g_strdup (gone->bucket));
    if (moved)
      continue;
    csl_pull_write_gone (out, gone->bucket, gone->type, gone->id, seq, "del");
    n++;
  }
  for (guint i = 0; i < rows->len; i++) {
    const ModelRow *row = g_ptr_array_index (rows, i);

    if (row->seq != seq || !has (self, row->bucket, since) ||
        !has (self, row->bucket, until))
      continue;
    write_put (out, row);
    g_hash_table_add (touched, g_strdup (row->bucket));
    n++;
  }
  if (n > 0)
    csl_pull_write_commit (out, seq);
  return n;
}

typedef struct
{
  gint64 until, seq; /* commits up to seq are sent */
  char bucket[112];  /* fills before it are done */
  char after[128];   /* rows of it up to here are sent */
} Resume;

static Resume
read_resume (Model *self, CslReplica *replica, gint64 since)
{
  g_autofree char *text = csl_replica_dup_resume (replica);
  Resume resume = { .until = self->head, .seq = since };
  g_auto (CslJson) json = { 0 };
  g_autofree char *bucket = NULL;
  g_autofree char *after = NULL;

  if (text == NULL)
    return resume;
  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL));
  resume.until = csl_json_member_int (&json, 0, "until", 0);
  resume.seq = csl_json_member_int (&json, 0, "seq", 0);
  bucket = csl_json_member_dup_string (&json, 0, "bucket");
  after = csl_json_member_dup_string (&json, 0, "after");
  g_strlcpy (resume.bucket, bucket, sizeof resume.bucket);
  g_strlcpy (resume.after, after, sizeof resume.after);
  return resume;
}

static void
write_page (GString *out, const Resume *resume)
{
  g_autofree char *json =
    g_strdup_printf ("{\"until\":%" G_GINT64_FORMAT ",\"seq\":%" G_GINT64_FORMAT
                     ",\"bucket\":\"%s\",\"after\":\"%s\"}",
                     resume->until, resume->seq, resume->bucket, resume->after);

  csl_pull_write_page (out, json);
}

static GList *
sorted_buckets (Model *self)
{
  return g_list_sort (g_hash_table_get_keys (self->access), (GCompareFunc) strcmp);
}

/* FALSE: the page is full. */
static bool
write_fill (Model *self, GString *out, Resume *resume, const char *bucket, guint *n)
{
  g_autoptr (GPtrArray) rows = list_rows (self, bucket, compare_ids);

  if (strcmp (resume->bucket, bucket) != 0)
    resume->after[0] = '\0';
  g_strlcpy (resume->bucket, bucket, sizeof resume->bucket);
  csl_pull_write_open (out, bucket, rows->len, 0, true);
  for (guint i = 0; i < rows->len; i++) {
    const ModelRow *row = g_ptr_array_index (rows, i);
    g_autofree char *place = g_strconcat (row->type, "/", row->id, NULL);

    if (strcmp (place, resume->after) <= 0)
      continue;
    if (self->page_rows > 0 && *n >= self->page_rows)
      return false;
    write_put (out, row);
    g_strlcpy (resume->after, place, sizeof resume->after);
    (*n)++;
  }
  if (self->head == resume->until)
    write_sum (self, out, bucket);
  return true;
}

/* Rows that were committed after @until are left out: the next pull has them. */
static bool
write_changes (Model *self, GString *out, Resume *resume, gint64 since, guint *n)
{
  g_autoptr (GHashTable) touched =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer bucket;

  while (resume->seq < resume->until) {
    if (self->page_rows > 0 && *n >= self->page_rows)
      return false;
    resume->seq++;
    *n += write_commit (self, out, since, resume->until, resume->seq, touched);
  }
  g_hash_table_iter_init (&iter, touched);
  while (g_hash_table_iter_next (&iter, &bucket, NULL))
    if (self->head == resume->until)
      write_sum (self, out, bucket);
  return true;
}

GString *
model_pull (Model *self, CslReplica *replica)
{
  gint64 since = csl_replica_get_identity (replica)->since;
  GString *out = g_string_new (NULL);
  Resume resume = read_resume (self, replica, since);
  bool first = resume.seq == since && resume.bucket[0] == '\0';
  g_autoptr (GList) buckets = sorted_buckets (self);
  bool full = false;
  guint n = 0;

  csl_pull_write_head (out, self->epoch, since, resume.until, 1, self->safe_seq,
                       "2026-11-21T00:00:00.000Z");
  for (GList *l = buckets; l != NULL && first; l = l->next)
    if (had (g_hash_table_lookup (self->access, l->data), since) &&
        !had (g_hash_table_lookup (self->access, l->data), resume.until))
      csl_pull_write_drop (out, l->data, resume.until, "unassigned");
  full = !write_changes (self, out, &resume, since, &n);
  for (GList *l = buckets; l != NULL && !full; l = l->next) {
    const GArray *access = g_hash_table_lookup (self->access, l->data);

    if (had (access, since) || !had (access, resume.until) ||
        strcmp (l->data, resume.bucket) < 0)
      continue;
    full = !write_fill (self, out, &resume, l->data, &n);
  }
  if (full)
    write_page (out, &resume);
  else
    csl_pull_write_done (out, resume.until);
  return out;
}

GString *
model_manifest (Model *self, const char *bucket)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GPtrArray) rows = list_rows (self, bucket, compare_ids);

  csl_pull_write_head (out, self->epoch, 0, self->head, 1, self->safe_seq,
                       "2026-11-21T00:00:00.000Z");
  for (guint i = 0; i < rows->len; i++) {
    const ModelRow *row = g_ptr_array_index (rows, i);

    csl_pull_write_row (out, row->type, row->id, row->record->rev,
                        csl_wire_record_hash (row->record));
  }
  write_sum (self, out, bucket);
  csl_pull_write_done (out, self->head);
  return out;
}

GString *
model_bucket_list (Model *self)
{
  GString *out = g_string_new (NULL);
  g_autoptr (GList) buckets = sorted_buckets (self);

  csl_pull_write_head (out, self->epoch, 0, self->head, 1, self->safe_seq,
                       "2026-11-21T00:00:00.000Z");
  for (GList *l = buckets; l != NULL; l = l->next) {
    g_autoptr (GPtrArray) rows = list_rows (self, l->data, compare_ids);

    if (has (self, l->data, self->head) && rows->len > 0)
      write_sum (self, out, l->data);
  }
  csl_pull_write_done (out, self->head);
  return out;
}

GString *
model_fetch (Model *self, const GPtrArray *keys)
{
  GString *out = g_string_new (NULL);

  csl_pull_write_head (out, self->epoch, 0, self->head, 1, self->safe_seq,
                       "2026-11-21T00:00:00.000Z");
  for (guint i = 0; i < keys->len; i++) {
    const CslRecordKey *key = g_ptr_array_index ((GPtrArray *) keys, i);
    const ModelRow *row = model_lookup (self, key->id);

    if (row != NULL && row->record != NULL)
      write_put (out, row);
  }
  csl_pull_write_done (out, self->head);
  return out;
}
