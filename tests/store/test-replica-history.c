/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random histories: edits, pushes that are answered, half answered or not at all, pages, access that comes and goes, and
 * restarts, in any order. After each step everything the replica says about itself is checked (R3, R4, R7); at the end the
 * faults stop, and the replica holds exactly what the server has.
 *
 * CSL_TEST_SEED repeats one history, CSL_TEST_HISTORIES sets how many are tried.
 */
#include "store-fixture.h"

#include <string.h>

#define OTHER_CASE  "01976b1e-0000-7abc-8def-0000000000aa"
#define OTHER_NOTES "c:" OTHER_CASE ":notes"
#define STEPS       60

typedef struct
{
  Fixture fixture;
  GRand *random;
  GPtrArray *ids;   /* (owned) of every record there ever was */
  GHashTable *revs; /* (owned) id → highest rev seen while it was held */
  bool calm;        /* faults are over */
} History;

static guint
pick (History *self, guint n)
{
  return n == 0 ? 0 : (guint) g_rand_int_range (self->random, 0, (gint32) n);
}

static const char *
pick_id (History *self)
{
  return self->ids->len == 0 ? NULL
                             : g_ptr_array_index (self->ids, pick (self, self->ids->len));
}

static CslRecord *
random_note (History *self)
{
  g_autofree char *text =
    g_strdup_printf ("word%u word%u", pick (self, 20), pick (self, 1000));
  CslRecord *note = fixture_note (&self->fixture, text);

  if (pick (self, 2) == 0)
    csl_record_set_text (note, "case", OTHER_CASE);
  g_ptr_array_add (self->ids, g_strdup (note->id));
  return note;
}

static const char *
bucket_of (const CslRecord *note)
{
  return strcmp (csl_record_get_text (note, "case"), OTHER_CASE) == 0 ? OTHER_NOTES
                                                                      : TEST_NOTES;
}

static void
change (History *self, CslRecord *note)
{
  g_autofree char *text =
    g_strdup_printf ("word%u again %u", pick (self, 20), pick (self, 1000));

  csl_record_set_text (note, pick (self, 2) == 0 ? "content" : "title", text);
  if (pick (self, 6) == 0)
    csl_record_set_text (note, "case", pick (self, 2) == 0 ? OTHER_CASE : TEST_CASE);
}

/* -- Steps -------------------------------------------------------------------------------------- */

static void
step_edit (History *self)
{
  const char *id = pick_id (self);
  g_autoptr (CslRecord) before =
    id != NULL ? fixture_get (&self->fixture, self->fixture.note, id) : NULL;
  g_autoptr (CslRecord) after = NULL;

  if (before == NULL || pick (self, 3) == 0) {
    after = random_note (self);
    fixture_save (&self->fixture, NULL, after);
    return;
  }
  if (pick (self, 6) > 0) {
    after = csl_record_copy (before);
    change (self, after);
  }
  fixture_save (&self->fixture, before, after);
}

static void
step_group (History *self)
{
  g_autoptr (CslRecord) first = random_note (self);
  g_autoptr (CslRecord) second = random_note (self);
  CslReplicaChange changes[] = { { NULL, first }, { NULL, second } };
  g_autoptr (GError) error = NULL;

  test_assert (csl_replica_commit (self->fixture.replica, changes, 2, NULL, &error),
               error);
}

static void
step_others (History *self)
{
  const char *id = pick_id (self);
  ModelRow *row = id != NULL ? model_lookup (self->fixture.model, id) : NULL;
  g_autoptr (CslRecord) note = NULL;

  if (row != NULL && row->record != NULL && pick (self, 4) == 0) {
    model_delete (self->fixture.model, id);
    return;
  }
  if (row != NULL && row->record != NULL && pick (self, 2) == 0) {
    note = csl_record_copy (row->record);
    change (self, note);
  } else {
    note = random_note (self);
  }
  model_put (self->fixture.model, note, bucket_of (note));
}

static CslVerdict
decide_randomly (const CslOp *op, gpointer data)
{
  static const CslVerdict verdicts[] = { CSL_VERDICT_OK,       CSL_VERDICT_OK,
                                         CSL_VERDICT_OK,       CSL_VERDICT_MERGED,
                                         CSL_VERDICT_CONFLICT, CSL_VERDICT_REJECTED,
                                         CSL_VERDICT_HELD };
  History *self = data;
  ModelRow *row = model_lookup (self->fixture.model, op->id);
  const CslField *field = csl_record_type_lookup_field (op->type, "case");
  const CslValue *set = csl_op_lookup_set (op, field->index);
  const char *bucket = row != NULL && row->record != NULL ? row->bucket : NULL;

  if (bucket == NULL && set != NULL)
    bucket = strcmp (csl_value_get_text (set), OTHER_CASE) == 0 ? OTHER_NOTES
                                                                : TEST_NOTES;
  if (bucket != NULL && !model_has_access (self->fixture.model, bucket))
    return CSL_VERDICT_ESCROW;
  /* What is gone cannot be changed. */
  if (op->act != CSL_ACT_CREATE && (row == NULL || row->record == NULL))
    return op->act == CSL_ACT_DELETE ? CSL_VERDICT_OK : CSL_VERDICT_CONFLICT;
  return self->calm ? CSL_VERDICT_OK : verdicts[pick (self, G_N_ELEMENTS (verdicts))];
}

/* All answers arrive, some of them, or none. */
static void
step_push (History *self)
{
  CslReplica *replica = self->fixture.replica;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) answers = NULL;
  g_autoptr (GString) body = NULL;
  guint n = 0, arrived;

  body = csl_replica_take_batch (replica, 1 + pick (self, 10), 1 << 20, &n, &error);
  g_assert_no_error (error);
  answers = model_push (self->fixture.model, body->str);
  arrived = pick (self, 3) == 0 ? pick (self, answers->len + 1) : answers->len;
  test_assert (csl_replica_apply_answers (replica, (CslAnswer *) answers->data, arrived,
                                          NULL, &error),
               error);
  if (pick (self, 4) == 0)
    fixture_reopen (&self->fixture);
  test_assert (csl_replica_unsend (self->fixture.replica, &error), error);
}

static void
step_page (History *self)
{
  g_autoptr (GString) text = NULL;
  g_auto (CslPageResult) result = { 0 };
  g_autoptr (GError) error = NULL;

  self->fixture.model->page_rows = pick (self, 6);
  text = model_pull (self->fixture.model, self->fixture.replica);
  if (pick (self, 5) == 0)
    g_string_truncate (text, pick (self, (guint) text->len));
  /* A cut page is refused and changes nothing. */
  if (csl_replica_apply_page (self->fixture.replica, text->str, text->len, &result,
                              &error))
    g_assert_cmpuint (result.bad_buckets->len, ==, 0);
}

static void
step_access (History *self)
{
  const char *bucket = pick (self, 2) == 0 ? TEST_NOTES : OTHER_NOTES;

  if (model_has_access (self->fixture.model, bucket))
    model_revoke (self->fixture.model, bucket);
  else
    model_grant (self->fixture.model, bucket);
}

static void
step_person (History *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = csl_replica_list_outbox (self->fixture.replica, &error);
  const CslOutboxEntry *entry;

  if (entries->len == 0)
    return;
  entry = g_ptr_array_index (entries, pick (self, entries->len));
  /* Most are refused in the state the entry is in; that must not change anything. */
  switch (pick (self, 3)) {
  case 0:
    csl_replica_retry (self->fixture.replica, entry->n, NULL);
    break;
  case 1:
    csl_replica_withdraw (self->fixture.replica, entry->n, NULL);
    break;
  default:
    csl_replica_close (self->fixture.replica, entry->n, NULL);
    break;
  }
}

static void
step_time (History *self)
{
  bool more;
  g_autoptr (GError) error = NULL;

  if (pick (self, 2) == 0)
    self->fixture.model->safe_seq = self->fixture.model->head;
  if (pick (self, 2) == 0)
    fixture_reopen (&self->fixture);
  test_assert (csl_replica_index_slice (self->fixture.replica, 3, &more, &error), error);
}

/* -- Checks ------------------------------------------------------------------------------------- */

/* R4, I11 */
static void
check_revs (History *self)
{
  static const char sql[] = "SELECT \"id\", \"_rev\" FROM \"note\" WHERE \"_rev\" > 0";
  g_autoptr (CslDb) db =
    csl_db_open (self->fixture.path, test_key, CSL_DB_READ_ONLY, NULL);
  g_autoptr (CslStmt) stmt = csl_db_prepare_once (db, sql, NULL);
  g_autoptr (GHashTable) now =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  while (csl_stmt_step (stmt, NULL)) {
    const gint64 *before = g_hash_table_lookup (self->revs, csl_stmt_get_text (stmt, 0));
    gint64 rev = csl_stmt_get_int (stmt, 1);

    if (before != NULL)
      g_assert_cmpint (rev, >=, *before);
    g_hash_table_insert (now, csl_stmt_dup_text (stmt, 0), g_memdup2 (&rev, sizeof rev));
  }
  g_hash_table_unref (self->revs);
  self->revs = g_steal_pointer (&now);
}

/* The replica holds what the server has in the buckets one may see, and nothing else. */
static void
check_equal (History *self)
{
  Fixture *fixture = &self->fixture;
  guint expected = 0;

  for (guint i = 0; i < self->ids->len; i++) {
    const char *id = g_ptr_array_index (self->ids, i);
    ModelRow *row = model_lookup (fixture->model, id);
    g_autoptr (CslRecord) shown = fixture_get (fixture, fixture->note, id);

    if (row == NULL || row->record == NULL ||
        !model_has_access (fixture->model, row->bucket)) {
      g_assert_null (shown);
      continue;
    }
    expected++;
    g_assert_nonnull (shown);
    g_assert_cmpint (shown->rev, ==, row->record->rev);
    for (guint f = 0; f < shown->type->n_fields; f++)
      g_assert_true (csl_value_equal (&shown->values[f], &row->record->values[f]));
  }
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"note\""), ==,
                   expected);
}

static void
settle (History *self)
{
  Fixture *fixture = &self->fixture;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = NULL;

  self->calm = true;
  fixture->model->page_rows = 0;
  fixture_push (fixture);
  entries = csl_replica_list_outbox (fixture->replica, &error);
  for (guint i = 0; i < entries->len; i++)
    csl_replica_withdraw (fixture->replica, ((CslOutboxEntry *) entries->pdata[i])->n,
                          NULL);
  fixture_pull (fixture);
  fixture_pull (fixture);
}

static void
run_history (guint32 seed)
{
  static void (*const steps[]) (History *) = {
    step_edit, step_edit, step_edit, step_group, step_others, step_others, step_push,
    step_push, step_page, step_page, step_page,  step_access, step_person, step_time,
  };
  History self = { .random = g_rand_new_with_seed (seed) };

  fixture_set_up (&self.fixture, NULL);
  self.ids = g_ptr_array_new_with_free_func (g_free);
  self.revs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self.fixture.model->decide = decide_randomly;
  self.fixture.model->data = &self;
  model_grant (self.fixture.model, TEST_NOTES);
  for (guint i = 0; i < STEPS; i++) {
    steps[pick (&self, G_N_ELEMENTS (steps))](&self);
    /* The full-text index is often several steps behind. */
    if (pick (&self, 4) == 0)
      fixture_check (&self.fixture);
    else
      fixture_check_rows (&self.fixture);
    check_revs (&self);
  }
  settle (&self);
  fixture_check (&self.fixture);
  check_equal (&self);
  g_hash_table_unref (self.revs);
  g_ptr_array_unref (self.ids);
  g_rand_free (self.random);
  fixture_tear_down (&self.fixture, NULL);
}

static void
test_histories (void)
{
  const char *seed_text = g_getenv ("CSL_TEST_SEED");
  const char *count_text = g_getenv ("CSL_TEST_HISTORIES");
  guint count = count_text != NULL ? (guint) g_ascii_strtoull (count_text, NULL, 10) : 20;
  guint32 first = (guint32) g_test_rand_int ();

  if (seed_text != NULL) {
    first = (guint32) g_ascii_strtoull (seed_text, NULL, 10);
    count = 1;
  }
  for (guint i = 0; i < count; i++) {
    g_test_message ("CSL_TEST_SEED=%u", first + i);
    run_history (first + i);
  }
}

/* I12: access came and went before the own record was ever pulled, and nothing happened after that. */
static void
test_access_gone_before_pull (void)
{
  run_history (1829624297);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/history/random", test_histories);
  g_test_add_func ("/store/history/I12-access-gone-before-pull",
                   test_access_gone_before_pull);
  return g_test_run ();
}
