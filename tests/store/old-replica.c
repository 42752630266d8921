/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A replica as an older program left it. */
#include "old-replica.h"

#include "core/wire/csl-op.h"

#include <string.h>

/* Every state of the outbox, by the text of the note that comes into it. */
static const struct
{
  const char *content, *state;
  CslVerdict verdict;
} answered[] = {
  { "Kept until a backup has it.", "acked", CSL_VERDICT_OK },
  { "Somebody was faster.", "conflict", CSL_VERDICT_CONFLICT },
  { "The end before the start.", "rejected", CSL_VERDICT_REJECTED },
  { "Waits for another one.", "held", CSL_VERDICT_HELD },
  { "No longer my case.", "escrow", CSL_VERDICT_ESCROW },
};

#define SENT_TEXT   "Sent, and no answer came."
#define QUEUED_TEXT "Typed on the bus."
#define NEWER_TEXT  "Written with a newer program."

/* Later versions first: what each of them added to the fixed tables (src/store/sql). */
static const char *const additions[] = {
  [5] = "ALTER TABLE \"_outbox\" DROP COLUMN \"erased\"",
  [4] = "DROP TABLE \"_stale\"",
  [3] = "ALTER TABLE \"_outbox\" DROP COLUMN \"offer\"",
  [2] = "ALTER TABLE \"_outbox\" DROP COLUMN \"gone\"",
};
G_STATIC_ASSERT (G_N_ELEMENTS (additions) == OLD_REPLICA_NEWEST + 1);

static CslVerdict
decide_by_content (const CslOp *op, gpointer data)
{
  const CslValue *set =
    csl_op_lookup_set (op, csl_record_type_lookup_field (op->type, "content")->index);

  for (guint i = 0; set != NULL && i < G_N_ELEMENTS (answered); i++)
    if (strcmp (csl_value_get_text (set), answered[i].content) == 0)
      return answered[i].verdict;
  return CSL_VERDICT_OK;
}

/* From a colleague with a newer program: a field and a type that the old one does not know. */
static void
put_newer (Fixture *self)
{
  const CslSchema *newer = self->model->schema;
  g_autoptr (CslRecord) note = csl_record_new (csl_schema_lookup_type (newer, "note"),
                                               "01976b1e-0000-7abc-8def-0000000000a1");
  g_autoptr (CslRecord) call =
    csl_record_new (csl_schema_lookup_type (newer, "communication"),
                    "01976b1e-0000-7abc-8def-0000000000a2");

  csl_record_set_text (note, "client", TEST_CLIENT);
  csl_record_set_text (note, "case", TEST_CASE);
  csl_record_set_text (note, "content", NEWER_TEXT);
  csl_record_set_int (note, "duration_minutes", 25);
  csl_record_set_text (call, "client", TEST_CLIENT);
  csl_record_set_text (call, "case", TEST_CASE);
  model_put (self->model, note, TEST_NOTES);
  model_put (self->model, call, TEST_NOTES);
}

static void
save_text (Fixture *self, const char *content)
{
  g_autoptr (CslRecord) note = fixture_note (self, content);

  fixture_save (self, NULL, note);
}

static void
strip (Fixture *self, guint version)
{
  g_autofree char *sql = NULL;

  for (guint i = OLD_REPLICA_NEWEST; i > version; i--)
    fixture_damage (self, additions[i]);
  sql = g_strdup_printf ("PRAGMA user_version = %u", version);
  fixture_damage (self, sql);
}

void
old_replica_make (Fixture *fixture, guint version)
{
  g_autoptr (GString) batch = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  model_grant (fixture->model, TEST_NOTES);
  put_newer (fixture);
  fixture_pull (fixture);
  fixture->model->decide = decide_by_content;
  for (guint i = 0; i < G_N_ELEMENTS (answered); i++)
    save_text (fixture, answered[i].content);
  fixture_push (fixture);
  save_text (fixture, SENT_TEXT);
  batch = csl_replica_take_batch (fixture->replica, 500, 1 << 20, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 1);
  save_text (fixture, QUEUED_TEXT);
  g_clear_pointer (&fixture->replica, csl_replica_free);
  strip (fixture, version);
}

static gint64
count_notes (Fixture *self, const char *content, const char *state)
{
  g_autofree char *sql =
    g_strdup_printf ("SELECT count (*) FROM \"_outbox\" JOIN \"note\" USING (\"id\") "
                     "WHERE \"content\" = '%s' AND \"state\" = '%s'",
                     content, state);

  return fixture_query_int (self, sql);
}

void
old_replica_check (Fixture *fixture)
{
  fixture_reopen (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (answered); i++) {
    g_autofree char *line =
      g_strdup_printf ("SELECT count (*) FROM \"_outbox\" WHERE \"state\" = '%s' AND "
                       "instr (\"line\", '%s')",
                       answered[i].state, answered[i].content);

    g_assert_cmpint (fixture_query_int (fixture, line), ==, 1);
  }
  g_assert_cmpint (count_notes (fixture, SENT_TEXT, "queued"), ==, 1);
  g_assert_cmpint (count_notes (fixture, QUEUED_TEXT, "queued"), ==, 1);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"_outbox\""), ==,
                   G_N_ELEMENTS (answered) + 2);
  /* What only newer programs knew has come into use without asking the server again. */
  g_assert_cmpint (fixture_query_int (fixture,
                                      "SELECT \"duration_minutes\" FROM \"note\" "
                                      "WHERE \"content\" = '" NEWER_TEXT "'"),
                   ==, 25);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"communication\""),
                   ==, 1);
  g_assert_cmpint (fixture_query_int (fixture, "SELECT count (*) FROM \"_unknown\""), ==,
                   0);
}
