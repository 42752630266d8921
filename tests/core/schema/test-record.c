/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-record.c: records: values by name, copies, titles, buckets, defaults, validation. */
#include "core/schema/csl-record.h"
#include "core/schema/csl-schema.h"

#include <string.h>

#define ID_1 "01890a5d-ac96-774b-bcce-b302099a8051"
#define ID_2 "01890a5d-ac96-774b-bcce-b302099a8052"
#define ID_3 "01890a5d-ac96-774b-bcce-b302099a8053"
#define ID_4 "01890a5d-ac96-774b-bcce-b302099a8054"

typedef struct
{
  CslSchema *schema;
  CslRecord *sample;
  CslRecord *cases;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests",
                                            "data", "types", "good", NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();

  fixture->schema = csl_schema_new_from_folder (path, problems);
  fixture->sample =
    csl_record_new (csl_schema_lookup_type (fixture->schema, "sample"), ID_1);
  fixture->cases =
    csl_record_new (csl_schema_lookup_type (fixture->schema, "case"), ID_2);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  csl_record_free (fixture->sample);
  csl_record_free (fixture->cases);
  csl_schema_unref (fixture->schema);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  CslRecord *record = fixture->sample;

  g_assert_null (csl_record_get_text (record, "text"));
  g_assert_true (csl_value_is_null (csl_record_get (record, "integer")));
  csl_record_set_text (record, "text", "Rent");
  csl_record_set_int (record, "integer", 7);
  csl_record_set_bool (record, "boolean", true);
  record->rev = 12;
  record->rest = g_strdup ("{\"x\":1}");

  g_autoptr (CslRecord) copy = csl_record_copy (record);
  csl_record_set_text (record, "text", NULL);
  g_assert_null (csl_record_get_text (record, "text"));
  g_assert_cmpstr (copy->id, ==, ID_1);
  g_assert_cmpint (copy->rev, ==, 12);
  g_assert_cmpstr (copy->rest, ==, "{\"x\":1}");
  g_assert_cmpstr (csl_record_get_text (copy, "text"), ==, "Rent");
  g_assert_cmpint (csl_record_get (copy, "integer")->number, ==, 7);
  g_assert_cmpint (csl_record_get (copy, "boolean")->number, ==, 1);

  csl_record_reset (copy, ID_2);
  g_assert_cmpstr (copy->id, ==, ID_2);
  g_assert_cmpint (copy->rev, ==, 0);
  g_assert_null (copy->rest);
  for (guint i = 0; i < copy->type->n_fields; i++)
    g_assert_true (csl_value_is_null (&copy->values[i]));
}

static void
test_unknown_field (Fixture *fixture, gconstpointer data)
{
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*sample has no field nickname*");
  g_assert_true (csl_value_is_null (csl_record_get (fixture->sample, "nickname")));
  g_test_assert_expected_messages ();
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*sample has no field nickname*");
  csl_record_set_text (fixture->sample, "nickname", "x");
  g_test_assert_expected_messages ();
}

/* The title fields of a sample: an enum, a text, a reference (says nothing), a number. */
static void
test_title (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *colour, *text, *owner;
    int number; /* below 0: none */
    const char *title;
  } rows[] = {
    { NULL, NULL, NULL, -1, "Sample" },
    { NULL, NULL, ID_3, -1, "Sample" },
    { "blue", NULL, NULL, -1, "Deep blue" },
    { "mauve", NULL, NULL, -1, "mauve" },
    { NULL, "Rent arrears", ID_3, -1, "Rent arrears" },
    { "red", "Rent", ID_3, 4, "Red Rent 4" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    csl_record_reset (fixture->sample, ID_1);
    csl_record_set_text (fixture->sample, "colour", rows[i].colour);
    csl_record_set_text (fixture->sample, "text", rows[i].text);
    csl_record_set_text (fixture->sample, "owner", rows[i].owner);
    if (rows[i].number >= 0)
      csl_record_set_int (fixture->sample, "integer", rows[i].number);
    g_autofree char *title = csl_record_dup_title (fixture->sample);
    g_assert_cmpstr (title, ==, rows[i].title);
  }
}

static void
test_bucket (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *cases, *client, *owner, *bucket;
  } rows[] = {
    { ID_2, ID_3, ID_4, "c:" ID_2 ":notes" },
    { NULL, ID_3, ID_4, "p:" ID_3 ":notes" },
    { NULL, NULL, ID_4, "u:" ID_4 ":notes" },
    { NULL, NULL, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    csl_record_set_text (fixture->sample, "case", rows[i].cases);
    csl_record_set_text (fixture->sample, "client", rows[i].client);
    csl_record_set_text (fixture->sample, "owner", rows[i].owner);
    g_autofree char *bucket = csl_record_dup_bucket (fixture->sample, "org");
    g_assert_cmpstr (bucket, ==, rows[i].bucket);
  }
  g_autofree char *own = csl_record_dup_bucket (fixture->cases, "org");
  g_assert_cmpstr (own, ==, "c:" ID_2);
  g_autoptr (CslRecord) user =
    csl_record_new (csl_schema_lookup_type (fixture->schema, "user"), ID_3);
  g_autofree char *everyone = csl_record_dup_bucket (user, "org");
  g_assert_cmpstr (everyone, ==, "a:org");
}

static void
test_defaults (Fixture *fixture, gconstpointer data)
{
  /* 23:30 UTC on 30 June is already the first of July in London. */
  CslDefaults defaults = { .now_ms = G_GINT64_CONSTANT (1782862200000),
                           .zone = "Europe/London",
                           .user = ID_3,
                           .centre = ID_4 };
  g_auto (CslValue) both = CSL_VALUE_INIT;

  csl_record_set_int (fixture->sample, "integer", 0);
  csl_record_apply_defaults (fixture->sample, &defaults);
  csl_record_apply_defaults (fixture->cases, &defaults);
  g_assert_cmpint (csl_record_get (fixture->sample, "integer")->number, ==, 0);
  g_assert_cmpint (csl_record_get (fixture->sample, "boolean")->type, ==, CSL_VALUE_BOOL);
  g_assert_cmpstr (csl_record_get_text (fixture->sample, "date"), ==, "2026-11-20");
  g_assert_cmpstr (csl_record_get_text (fixture->sample, "instant"), ==,
                   "2026-06-30T23:30:00.000Z[Europe/London]");
  g_assert_cmpstr (csl_record_get_text (fixture->sample, "colours"), ==,
                   "[\"blue\",\"red\"]");
  g_assert_cmpstr (csl_record_get_text (fixture->sample, "owner"), ==, ID_3);
  g_assert_null (csl_record_get_text (fixture->sample, "text"));
  g_assert_cmpstr (csl_record_get_text (fixture->cases, "status"), ==, "new");
  g_assert_cmpstr (csl_record_get_text (fixture->cases, "opened"), ==, "2026-07-01");
  g_assert_cmpstr (csl_record_get_text (fixture->cases, "centre"), ==, ID_4);
  g_assert_null (csl_record_get_text (fixture->cases, "created_at"));
}

static void
test_defaults_without_zone (Fixture *fixture, gconstpointer data)
{
  static const char *const zones[] = { NULL, "Nowhere/Atlantis" };

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++) {
    CslDefaults defaults = { .now_ms = G_GINT64_CONSTANT (1782862200000),
                             .zone = zones[i] };
    csl_record_reset (fixture->cases, ID_2);
    csl_record_apply_defaults (fixture->cases, &defaults);
    g_assert_cmpstr (csl_record_get_text (fixture->cases, "opened"), ==, "2026-06-30");
    g_assert_null (csl_record_get_text (fixture->cases, "advisor"));
  }
}

static char *
validate (const CslRecord *record)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  GString *text = g_string_new (NULL);

  csl_record_validate (record, problems);
  for (guint i = 0; i < csl_problems_get_size (problems); i++) {
    const CslProblem *problem = csl_problems_get (problems, i);
    g_string_append_printf (text, "%s/%s: %s\n", problem->path, problem->code,
                            problem->message);
  }
  return g_string_free (text, FALSE);
}

static void
test_validate_required (Fixture *fixture, gconstpointer data)
{
  g_autofree char *empty = validate (fixture->cases);

  g_assert_cmpstr (empty, ==,
                   "client/required: Client: please fill this in.\n"
                   "title/required: Title: please fill this in.\n"
                   "status/required: Status: please fill this in.\n");
  csl_record_set_text (fixture->cases, "client", ID_3);
  csl_record_set_text (fixture->cases, "title", "Rent arrears");
  csl_record_set_text (fixture->cases, "status", "new");
  g_autofree char *filled = validate (fixture->cases);
  g_assert_cmpstr (filled, ==, "");
}

/* white space is no title; whoever sends it, the kind trims it to nothing. */
static void
test_validate_title_r61 (Fixture *fixture, gconstpointer data)
{
  static const char *const titles[] = { "\"\"", "\"   \"", "\"\\t\\n\"",
                                        "\"\\u00a0\\u2003\"" };
  const CslField *field = csl_record_type_lookup_field (fixture->cases->type, "title");

  csl_record_set_text (fixture->cases, "client", ID_3);
  csl_record_set_text (fixture->cases, "status", "new");
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    g_auto (CslJson) json;
    csl_json_init (&json);
    g_assert_true (
      csl_json_scan (&json, titles[i], strlen (titles[i]), &csl_json_limits_line, NULL));
    g_assert_true (
      field->kind->from_json (field, &json, 0, &fixture->cases->values[field->index]));
    g_autofree char *text = validate (fixture->cases);
    g_assert_cmpstr (text, ==, "title/required: Title: please fill this in.\n");
  }
}

/* the end is after the start. */
static void
test_validate_order_r64 (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *start, *end;
    bool good;
  } rows[] = {
    { "2026-11-20T10:00:00.000Z", "2026-11-20T10:00:00.001Z", true },
    { "2026-11-20T10:00:00.000Z", "2026-11-20T10:00:00.000Z[Europe/London]", false },
    { "2026-11-20T10:00:00.000Z", "2026-11-20T09:00:00.000Z", false },
    { "2026-11-20T10:00:00.000Z", NULL, true },
    { NULL, "2026-11-20T10:00:00.000Z", true },
  };

  csl_record_set_text (fixture->sample, "owner", ID_3);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    csl_record_set_text (fixture->sample, "instant", rows[i].start);
    csl_record_set_text (fixture->sample, "ends", rows[i].end);
    g_autofree char *text = validate (fixture->sample);
    g_assert_cmpstr (text, ==,
                     rows[i].good ? "" : "ends/R-64: The end must be after the start.\n");
  }
}

/* Checks compare fields: they wait until each field is good by itself. */
static void
test_validate_field_first (Fixture *fixture, gconstpointer data)
{
  csl_record_set_text (fixture->sample, "owner", ID_3);
  csl_record_set_text (fixture->sample, "instant", "2026-11-20T10:00:00.000Z");
  csl_record_set_text (fixture->sample, "ends", "2026-11-19T10:00:00.000Z");
  csl_record_set_text (fixture->sample, "email", "nobody");
  csl_record_set_text (fixture->sample, "phone", "call me");
  csl_record_set_text (fixture->sample, "integer", "12");
  g_autofree char *text = validate (fixture->sample);

  g_assert_cmpstr (
    text, ==,
    "integer/form: Integer: this is not filled in correctly.\n"
    "email/R-60: E-mail: write an e-mail address, such as name@example.org.\n"
    "phone/R-63: Phone: use digits, spaces, hyphens and brackets only.\n");
}

/* What an import or a newer version left stays; what the change itself makes wrong does not. */
static void
test_validate_change (Fixture *fixture, gconstpointer data)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();

  csl_record_set_text (fixture->sample, "colour", "mauve");
  csl_record_set_text (fixture->sample, "phone", "call me");
  csl_record_set_text (fixture->sample, "instant", "2026-11-20T10:00:00.000Z");
  csl_record_set_text (fixture->sample, "ends", "2026-11-19T10:00:00.000Z");
  g_autoptr (CslRecord) after = csl_record_copy (fixture->sample);
  csl_record_validate_change (fixture->sample, after, problems);
  csl_record_set_text (after, "text", "Rent");
  csl_record_validate_change (fixture->sample, after, problems);
  g_assert_cmpuint (csl_problems_get_size (problems), ==, 0);

  csl_record_set_text (after, "phone", "phone me");
  csl_record_validate_change (fixture->sample, after, problems);
  g_assert_cmpuint (csl_problems_get_size (problems), ==, 1);
  g_assert_cmpstr (csl_problems_get (problems, 0)->code, ==, "R-63");

  csl_record_set_text (fixture->sample, "ends", "2026-11-21T10:00:00.000Z");
  csl_record_set_text (after, "phone", "123");
  csl_record_validate_change (fixture->sample, after, problems);
  g_assert_cmpuint (csl_problems_get_size (problems), ==, 2);
  g_assert_cmpstr (csl_problems_get (problems, 1)->code, ==, "R-64");
  csl_record_set_text (fixture->cases, "title", "Rent");
  g_autoptr (CslRecord) untitled = csl_record_copy (fixture->cases);
  csl_record_set_text (untitled, "title", NULL);
  csl_record_validate_change (fixture->cases, untitled, problems);
  g_assert_cmpuint (csl_problems_get_size (problems), ==, 3);
  g_assert_cmpstr (csl_problems_get (problems, 2)->code, ==, "required");
}

/* Of every kind: what is written as a member of an element is what is read. Foreign text leaves a value alone. */
static void
test_members (Fixture *fixture, gconstpointer data)
{
  const CslRecordType *type = fixture->sample->type;

  g_assert_true (csl_record_set_json (fixture->sample, "agenda",
                                      "[{\"id\":\"a\",\"text\":\"“two”\"}]"));
  g_assert_false (csl_record_set_json (fixture->sample, "agenda", "{\"id\":\"a\"}"));
  g_assert_false (csl_record_set_json (fixture->sample, "agenda", "[{"));
  g_assert_false (csl_record_set_json (fixture->sample, "agenda", "null"));
  g_assert_true (csl_record_set_json (fixture->sample, "colours", "[\"blue\",\"red\"]"));
  for (guint i = 0; i < type->n_fields; i++) {
    const CslField *field = &type->fields[i];
    g_autoptr (GString) out = g_string_new ("{");
    g_auto (CslValue) value = CSL_VALUE_INIT;
    g_auto (CslJson) json = { 0 };

    csl_field_write_member (field, out, "mine", &fixture->sample->values[i]);
    g_string_append_c (out, '}');
    csl_json_init (&json);
    g_assert_true (
      csl_json_scan (&json, out->str, out->len, &csl_json_limits_line, NULL));
    g_assert_false (csl_field_read_member (field, &json, 0, "was", &value));
    g_assert_cmpint (csl_field_read_member (field, &json, 0, "mine", &value), ==,
                     !csl_value_is_null (&fixture->sample->values[i]));
    g_assert_true (csl_value_equal (&value, &fixture->sample->values[i]));
  }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/schema/record/values", test_values },
    { "/schema/record/unknown-field", test_unknown_field },
    { "/schema/record/title", test_title },
    { "/schema/record/bucket", test_bucket },
    { "/schema/record/defaults", test_defaults },
    { "/schema/record/defaults-without-zone", test_defaults_without_zone },
    { "/schema/record/validate-required", test_validate_required },
    { "/schema/record/validate-R-61-title", test_validate_title_r61 },
    { "/schema/record/validate-R-64-order", test_validate_order_r64 },
    { "/schema/record/validate-field-first", test_validate_field_first },
    { "/schema/record/validate-change", test_validate_change },
    { "/schema/record/members", test_members },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
