/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three-way merge, case by case over the sample type. */
#include "core/merge/csl-merge-set.h"
#include "core/merge/csl-merge.h"
#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-wire-record.h"
#include "core/wire/wire-sample.h"

#include <string.h>

#define BASE  50
#define LATER 60

static CslSchema *schema;

static CslRecord *
record_from (const char *content)
{
  g_auto (CslJson) json = { 0 };
  CslRecord *record = csl_record_new (csl_schema_lookup_type (schema, "sample"), "r1");
  g_autoptr (GError) error = NULL;

  csl_json_init (&json);
  g_assert_true (
    csl_json_scan (&json, content, strlen (content), &csl_json_limits_line, NULL));
  bool read = csl_wire_record_read (record, &json, 0, &error);
  g_assert_no_error (error);
  g_assert_true (read);
  record->rev = BASE;
  return record;
}

typedef struct
{
  const char *name;
  const char *base, *theirs, *mine; /* contents */
  const char *result;
  const char *differences; /* names, joined with a space */
  bool merged;
} Case;

/* clang-format off */
static const Case cases[] = {
  { "nobody-else", "{\"name\":\"a\"}", "{\"name\":\"a\"}", "{\"name\":\"b\"}", "{\"name\":\"b\"}", "", false },
  { "I16-different-fields", "{\"name\":\"a\"}", "{\"name\":\"a\",\"phone\":\"020 1\"}", "{\"email\":\"a@b.org\",\"name\":\"a\"}",
    "{\"email\":\"a@b.org\",\"name\":\"a\",\"phone\":\"020 1\"}", "", false },
  { "I16-same-field", "{\"name\":\"a\"}", "{\"name\":\"b\"}", "{\"name\":\"c\"}", "{\"name\":\"b\"}", "name", true },
  { "I16-same-value", "{\"name\":\"a\"}", "{\"name\":\"b\"}", "{\"name\":\"b\"}", "{\"name\":\"b\"}", "", false },
  { "I16-cleared-and-changed", "{\"name\":\"a\"}", "{}", "{\"name\":\"b\"}", "{}", "name", true },
  { "I16-changed-and-cleared", "{\"name\":\"a\"}", "{\"name\":\"b\"}", "{}", "{\"name\":\"b\"}", "name", true },
  { "both-cleared", "{\"name\":\"a\"}", "{}", "{}", "{}", "", false },
  { "prose-is-never-merged", "{\"story\":\"one\"}", "{\"story\":\"one two\"}", "{\"story\":\"zero one\"}", "{\"story\":\"one two\"}", "story", true },
  { "I17-half-a-group-each", "{\"start_at\":\"2026-11-20T10:00:00.000Z\",\"end_at\":\"2026-11-20T11:00:00.000Z\"}",
    "{\"start_at\":\"2026-11-20T10:30:00.000Z\",\"end_at\":\"2026-11-20T11:00:00.000Z\"}",
    "{\"start_at\":\"2026-11-20T10:00:00.000Z\",\"end_at\":\"2026-11-20T10:15:00.000Z\"}",
    "{\"end_at\":\"2026-11-20T11:00:00.000Z\",\"start_at\":\"2026-11-20T10:30:00.000Z\"}", "end_at", true },
  { "I17-whole-group-each", "{}",
    "{\"start_at\":\"2026-11-20T10:30:00.000Z\",\"end_at\":\"2026-11-20T11:00:00.000Z\"}",
    "{\"start_at\":\"2026-11-20T12:00:00.000Z\",\"end_at\":\"2026-11-20T13:00:00.000Z\"}",
    "{\"end_at\":\"2026-11-20T11:00:00.000Z\",\"start_at\":\"2026-11-20T10:30:00.000Z\"}", "start_at end_at", true },
  { "policy-first", "{}", "{\"decision\":\"yes\"}", "{\"decision\":\"no\"}", "{\"decision\":\"yes\"}", "", true },
  { "protected-same", "{\"rights\":\"a\"}", "{\"rights\":\"b\"}", "{\"rights\":\"b\"}", "{\"rights\":\"b\"}", "", false },
  { "set-both-add", "{\"colours\":[\"red\"]}", "{\"colours\":[\"blue\",\"red\"]}", "{\"colours\":[\"green\",\"red\"]}",
    "{\"colours\":[\"blue\",\"green\",\"red\"]}", "", true },
  { "set-add-and-remove", "{\"colours\":[\"red\"]}", "{\"colours\":[\"blue\",\"red\"]}", "{}", "{\"colours\":[\"blue\"]}", "", true },
  { "set-remove-both", "{\"colours\":[\"blue\",\"red\"]}", "{\"colours\":[\"red\"]}", "{\"colours\":[\"blue\"]}", "{}", "", true },
  { "list-both-add", "{}", "{\"people\":[{\"id\":\"1\",\"name\":\"A\"}]}", "{\"people\":[{\"id\":\"2\",\"name\":\"B\"}]}",
    "{\"people\":[{\"id\":\"1\",\"name\":\"A\"},{\"id\":\"2\",\"name\":\"B\"}]}", "", true },
  { "list-different-elements", "{\"people\":[{\"id\":\"1\",\"name\":\"A\"},{\"id\":\"2\",\"name\":\"B\"}]}",
    "{\"people\":[{\"id\":\"1\",\"name\":\"A2\"},{\"id\":\"2\",\"name\":\"B\"}]}", "{\"people\":[{\"id\":\"1\",\"name\":\"A\"},{\"id\":\"2\",\"name\":\"B2\"}]}",
    "{\"people\":[{\"id\":\"1\",\"name\":\"A2\"},{\"id\":\"2\",\"name\":\"B2\"}]}", "", true },
  { "list-same-element", "{\"people\":[{\"id\":\"1\",\"name\":\"A\"}]}",
    "{\"people\":[{\"id\":\"1\",\"name\":\"A2\"}]}", "{\"people\":[{\"id\":\"1\",\"name\":\"A3\"},{\"id\":\"2\",\"name\":\"B\"}]}",
    "{\"people\":[{\"id\":\"1\",\"name\":\"A2\"},{\"id\":\"2\",\"name\":\"B\"}]}", "people", true },
  { "list-changed-and-removed", "{\"people\":[{\"id\":\"1\",\"name\":\"A\"}]}", "{\"people\":[{\"id\":\"1\",\"name\":\"A2\"}]}", "{}",
    "{\"people\":[{\"id\":\"1\",\"name\":\"A2\"}]}", "people", true },
  { "list-removed-and-changed", "{\"people\":[{\"id\":\"1\",\"name\":\"A\"}]}", "{}", "{\"people\":[{\"id\":\"1\",\"name\":\"A2\"}]}",
    "{}", "people", true },
  { "list-remove-untouched", "{\"people\":[{\"id\":\"1\",\"name\":\"A\"},{\"id\":\"2\",\"name\":\"B\"}]}",
    "{\"people\":[{\"id\":\"1\",\"name\":\"A\"},{\"id\":\"2\",\"name\":\"B2\"}]}", "{\"people\":[{\"id\":\"2\",\"name\":\"B\"}]}",
    "{\"people\":[{\"id\":\"2\",\"name\":\"B2\"}]}", "", true },
};
/* clang-format on */

static void
stamp_changes (const CslRecord *before, const CslRecord *after, gint64 *frev, gint64 seq)
{
  for (guint i = 0; i < before->type->n_fields; i++) {
    if (!csl_value_equal (&before->values[i], &after->values[i]))
      frev[i] = seq;
  }
}

static char *
name_differences (const CslMergeResult *result, const CslRecordType *type)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < result->differences->len; i++) {
    const CslDifference *difference =
      &g_array_index (result->differences, CslDifference, i);
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "",
                            type->fields[difference->field].name);
  }
  return g_string_free (names, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (CslRecord) base = record_from (test->base);
  g_autoptr (CslRecord) record = record_from (test->theirs);
  g_autoptr (CslRecord) mine = record_from (test->mine);
  g_autoptr (CslOp) op = csl_op_from_change (base, mine);
  g_autofree gint64 *frev = g_new0 (gint64, base->type->n_fields);
  g_auto (CslMergeResult) result = { 0 };
  g_autoptr (GString) content = g_string_new (NULL);

  csl_merge_result_init (&result);
  stamp_changes (base, record, frev, LATER);
  csl_merge (record, frev, op, &result);
  csl_wire_record_write (record, content);
  g_assert_cmpstr (content->str, ==, test->result);
  g_autofree char *names = name_differences (&result, record->type);
  g_assert_cmpstr (names, ==, test->differences);
  g_assert_cmpint (result.merged, ==, test->merged);
}

/* A change that was undone by its author's colleague does not stand in the way. */
static void
test_changed_and_changed_back (void)
{
  g_autoptr (CslRecord) base = record_from ("{\"name\":\"a\",\"rights\":\"x\"}");
  g_autoptr (CslRecord) mine = record_from ("{\"name\":\"b\",\"rights\":\"y\"}");
  g_autoptr (CslOp) op = csl_op_from_change (base, mine);
  g_autofree gint64 *frev = g_new0 (gint64, base->type->n_fields);
  g_auto (CslMergeResult) result = { 0 };
  guint name = csl_record_type_lookup_field (base->type, "name")->index;
  guint rights = csl_record_type_lookup_field (base->type, "rights")->index;

  csl_merge_result_init (&result);
  frev[name] = frev[rights] = LATER;
  csl_merge (base, frev, op, &result);
  g_assert_cmpstr (csl_record_get_text (base, "name"), ==, "b");
  /* … but a protected field is only ever changed by who saw its newest state. */
  g_assert_cmpstr (csl_record_get_text (base, "rights"), ==, "x");
  g_assert_cmpuint (result.changed->len, ==, 1);
  g_assert_cmpuint (g_array_index (result.changed, guint, 0), ==, name);
  g_assert_cmpuint (result.differences->len, ==, 1);
  const CslDifference *difference = &g_array_index (result.differences, CslDifference, 0);
  g_assert_cmpuint (difference->field, ==, rights);
  g_assert_cmpint (difference->server_rev, ==, LATER);
  g_assert_cmpstr (csl_value_get_text (&difference->was), ==, "x");
  g_assert_cmpstr (csl_value_get_text (&difference->server), ==, "x");
  g_assert_cmpstr (csl_value_get_text (&difference->mine), ==, "y");
}

static void
test_members_unknown_here (void)
{
  g_autoptr (CslRecord) record = record_from ("{\"name\":\"a\",\"x\":1,\"y\":2}");
  g_autoptr (CslOp) op = csl_op_new ();
  g_autofree gint64 *frev = g_new0 (gint64, record->type->n_fields);
  g_auto (CslMergeResult) result = { 0 };

  csl_merge_result_init (&result);
  op->type = record->type;
  op->act = CSL_ACT_UPDATE;
  op->rest_set = g_strdup ("{\"x\":null,\"z\":3}");
  csl_merge (record, frev, op, &result);
  g_assert_cmpstr (record->rest, ==, "{\"y\":2,\"z\":3}");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  schema = sample_schema_new ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/merge/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/merge/changed-and-changed-back", test_changed_and_changed_back);
  g_test_add_func ("/merge/members-unknown-here", test_members_unknown_here);
  int failed = g_test_run ();
  csl_schema_unref (schema);
  return failed;
}
