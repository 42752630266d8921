/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-condition.c: conditions against one record, row by row. */
#include "core/schema/csl-schema.h"

#include <string.h>

typedef struct
{
  CslSchema *schema;
  const CslRecordType *type;
  CslRecord *record;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests",
                                            "data", "types", "good", NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();

  fixture->schema = csl_schema_new_from_folder (path, problems);
  fixture->type = csl_schema_lookup_type (fixture->schema, "sample");
  fixture->record = csl_record_new (fixture->type, NULL);
  csl_record_set_text (fixture->record, "text", "Rent");
  csl_record_set_text (fixture->record, "colour", "red");
  csl_record_set_int (fixture->record, "integer", 7);
  csl_record_set_bool (fixture->record, "boolean", false);
  csl_record_set_text (fixture->record, "instant",
                       "2026-11-20T10:00:00.000Z[Europe/London]");
  csl_record_set_text (fixture->record, "ends", "2026-11-20T10:30:00.000Z[Europe/Paris]");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  csl_record_free (fixture->record);
  csl_schema_unref (fixture->schema);
}

static CslCondition *
parse (const CslRecordType *type, const char *text, CslProblems *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
    csl_json_parse_guarded (text, strlen (text), &csl_json_limits_line, &error);

  g_assert_no_error (error);
  return csl_condition_parse (type, node, "here", problems);
}

static void
test_holds (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *condition;
    bool holds;
  } rows[] = {
    { "{\"field\":\"text\",\"set\":true}", true },
    { "{\"field\":\"phone\",\"set\":true}", false },
    { "{\"field\":\"phone\",\"set\":false}", true },
    { "{\"field\":\"boolean\",\"set\":true}", true },
    { "{\"field\":\"boolean\",\"is\":false}", true },
    { "{\"field\":\"boolean\",\"is\":true}", false },
    { "{\"field\":\"colour\",\"is\":\"red\"}", true },
    { "{\"field\":\"colour\",\"is\":\"blue\"}", false },
    { "{\"field\":\"colour\",\"in\":[\"blue\",\"red\"]}", true },
    { "{\"field\":\"colour\",\"in\":[\"blue\",\"green\"]}", false },
    { "{\"field\":\"integer\",\"is\":7}", true },
    { "{\"field\":\"integer\",\"in\":[6,8]}", false },
    { "{\"field\":\"phone\",\"is\":\"1\"}", false },
    { "{\"not\":{\"field\":\"phone\",\"is\":\"1\"}}", true },
    { "{\"field\":\"ends\",\"after\":\"instant\"}", true },
    { "{\"field\":\"instant\",\"after\":\"ends\"}", false },
    { "{\"field\":\"instant\",\"after\":\"instant\"}", false }, /* strictly */
    { "{\"field\":\"created_at\",\"after\":\"ends\"}", true },  /* nothing to compare */
    { "{\"field\":\"ends\",\"after\":\"created_at\"}", true },
    { "{\"all\":[{\"field\":\"text\",\"set\":true},{\"field\":\"colour\",\"set\":true}]}",
      true },
    { "{\"all\":[{\"field\":\"text\",\"set\":true},{\"field\":\"phone\",\"set\":true}]}",
      false },
    { "{\"any\":[{\"field\":\"phone\",\"set\":true},{\"field\":\"text\",\"set\":true}]}",
      true },
    { "{\"any\":[{\"field\":\"phone\",\"set\":true},{\"field\":\"email\",\"set\":true}]}",
      false },
    { "{\"not\":{\"any\":[{\"field\":\"phone\",\"set\":true},{\"not\":{\"field\":"
      "\"text\","
      "\"set\":true}}]}}",
      true },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (CslProblems) problems = csl_problems_new ();
    g_autoptr (CslCondition) condition =
      parse (fixture->type, rows[i].condition, problems);
    g_autofree char *text = csl_problems_dup_text (problems);
    g_test_message ("%s", rows[i].condition);
    g_assert_cmpstr (text, ==, "");
    g_assert_cmpint (csl_condition_holds (condition, fixture->record), ==, rows[i].holds);
  }
}

static void
test_problems (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *condition, *problem;
  } rows[] = {
    { "[]", "here: must be an object\n" },
    { "{}", "here: field: is missing\n" },
    { "{\"field\":5,\"set\":true}", "here: field: must be a text\n" },
    { "{\"field\":\"text\",\"set\":1}", "here: set: must be true or false\n" },
    { "{\"any\":[{\"all\":[{\"field\":\"x\",\"set\":true}]}]}",
      "here: any[0].all[0].field: “sample” has no field “x”\n" },
    { "{\"field\":\"integer\",\"is\":41}",
      "here: is: is no value of “integer”: Integer: the number must be 40 or less.\n" },
    { "{\"sql\":\"1=1\"}", "here: unknown member “sql”\nhere: field: is missing\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (CslProblems) problems = csl_problems_new ();
    g_autoptr (CslCondition) condition =
      parse (fixture->type, rows[i].condition, problems);
    g_autofree char *text = csl_problems_dup_text (problems);
    g_assert_null (condition);
    g_assert_cmpstr (text, ==, rows[i].problem);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/schema/condition/holds", Fixture, NULL, set_up, test_holds, tear_down);
  g_test_add ("/schema/condition/problems", Fixture, NULL, set_up, test_problems,
              tear_down);
  return g_test_run ();
}
