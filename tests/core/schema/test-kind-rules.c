/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-kind-rules.c: what each field kind refuses, how its values sort, and what
 * it tells the database to check.
 */
#include "core/schema/schema-sample.h"

/* Values as JSON and the codes of the problems they have, "" for none. */
typedef struct
{
  const char *field, *json, *codes;
} ValidRow;

static void
check_valid_rows (SchemaSample *sample, const ValidRow *rows, guint n)
{
  for (guint i = 0; i < n; i++) {
    const CslField *field = csl_record_type_lookup_field (sample->type, rows[i].field);
    g_autoptr (CslProblems) problems = csl_problems_new ();
    g_autoptr (GString) codes = g_string_new (NULL);
    g_auto (CslValue) value = CSL_VALUE_INIT;
    g_test_message ("row %u: %s", i, rows[i].field);
    g_assert_true (schema_sample_read (field, rows[i].json, &value));
    field->kind->validate (field, &value, problems);
    for (guint k = 0; k < csl_problems_get_size (problems); k++) {
      const CslProblem *problem = csl_problems_get (problems, k);
      g_string_append_printf (codes, "%s%s", k > 0 ? " " : "", problem->code);
      g_assert_true (g_str_has_prefix (problem->path, rows[i].field));
      g_assert_true (g_str_has_suffix (problem->message, "."));
    }
    g_assert_cmpstr (codes->str, ==, rows[i].codes);
  }
}

static void
test_validate (SchemaSample *sample, gconstpointer data)
{
  static const ValidRow rows[] = {
    { "text", "\"123456789012\"", "" },
    { "text", "\"1234567890123\"", "length" },
    { "text", "\"éééééééééééé\"", "" },
    { "text", "\"ééééééééééééé\"", "length" },
    { "text", "\"a\\nb\"", "form" },
    { "text", "\"a\\u007fb\"", "form" },
    { "long_text", "\"a\\n\\tb\"", "" },
    { "long_text", "\"a\\u0001b\"", "form" },
    { "integer", "0", "" },
    { "integer", "40", "" },
    { "integer", "41", "range" },
    { "integer", "-1", "range" },
    { "money", "{\"amount\":100000,\"currency\":\"GBP\"}", "" },
    { "money", "{\"amount\":100001,\"currency\":\"GBP\"}", "range" },
    { "money", "{\"amount\":-1,\"currency\":\"GBP\"}", "range" },
    { "decimal", "\"10.00\"", "" },
    { "decimal", "\"10.01\"", "range" },
    { "decimal", "\"-0.01\"", "range" },
    { "boolean", "false", "" },
    { "date", "\"2026-11-20\"", "" },
    { "instant", "\"2026-11-20T15:30:00.000Z\"", "" },
    { "duration", "86400", "" },
    { "duration", "86401", "range" },
    { "colour", "\"red\"", "" },
    { "colour", "\"mauve\"", "enum" },
    { "owner", "\"" ID_A "\"", "" },
    { "colours", "[\"red\"]", "" },
    { "colours", "[\"mauve\",\"red\",\"pink\"]", "enum enum" },
    { "agenda", "[{\"id\":\"1\",\"text\":\"a\"}]", "" },
    { "agenda",
      "[{\"id\":\"1\"},{\"id\":\"2\",\"text\":\"01234567890\",\"by\":[\"mauve\"]}]",
      "required length enum" },
    { "address", "{\"city\":\"York\"}", "" },
    { "signature", SIGNATURE_JSON, "" },
    { "file", FILE_JSON, "" },
  };

  check_valid_rows (sample, rows, G_N_ELEMENTS (rows));
}

static void
test_email_r60 (SchemaSample *sample, gconstpointer data)
{
  static const ValidRow rows[] = {
    { "email", "\"a@b.org\"", "" },
    { "email", "\"a.b_c%d+e-f@sub.example-x.co.uk\"", "" },
    { "email", "\"A1@B.ORG\"", "" },
    { "email", "\"a@b..org\"", "" }, /* the rule allows it */
    { "email", "\"a@b.o\"", "R-60" },
    { "email", "\"a@b\"", "R-60" },
    { "email", "\"a@.org\"", "R-60" },
    { "email", "\"@b.org\"", "R-60" },
    { "email", "\"a@b.org1\"", "R-60" },
    { "email", "\"a@@b.org\"", "R-60" },
    { "email", "\"a b@c.org\"", "R-60" },
    { "email", "\"a@b.org,c@d.org\"", "R-60" },
    { "email", "\"a@b.org\\nBcc: x@y.org\"", "R-60" },
    { "email", "\"é@b.org\"", "R-60" },
  };

  check_valid_rows (sample, rows, G_N_ELEMENTS (rows));
}

static void
test_phone_r63 (SchemaSample *sample, gconstpointer data)
{
  static const ValidRow rows[] = {
    { "phone", "\"020 7946 0000\"", "" },
    { "phone", "\"+44 (0)20-7946-0000\"", "" },
    { "phone", "\"(0)\"", "" },
    { "phone", "\"+\"", "R-63" },
    { "phone", "\"++44\"", "R-63" },
    { "phone", "\"44+\"", "R-63" },
    { "phone", "\"020 7946 x12\"", "R-63" },
    { "phone", "\"020/7946\"", "R-63" },
    { "phone", "\"020.7946\"", "R-63" },
    { "phone", "\"٠٢٠\"", "R-63" },
    { "phone", "\"01234567890123456789012345678901234567890\"", "length" },
  };

  check_valid_rows (sample, rows, G_N_ELEMENTS (rows));
}

static void
test_file_r62 (SchemaSample *sample, gconstpointer data)
{
  static const ValidRow rows[] = {
    { "file",
      "{\"name\":\"a\",\"sha256\":\"" SHA "\",\"size\":104857600,\"type\":\"a/b\"}", "" },
    { "file",
      "{\"name\":\"a\",\"sha256\":\"" SHA "\",\"size\":104857601,\"type\":\"a/b\"}",
      "R-62" },
  };

  check_valid_rows (sample, rows, G_N_ELEMENTS (rows));
}

/* Two values in rising order. */
static void
test_compare (SchemaSample *sample, gconstpointer data)
{
  static const struct
  {
    const char *field, *less, *more;
  } rows[] = {
    { "text", "\"apple\"", "\"Banana\"" },
    { "text", "\"A\"", "\"a\"" },
    { "long_text", "\"a\"", "\"b\"" },
    { "integer", "-5", "3" },
    { "integer", "9", "10" },
    { "money", "{\"amount\":900,\"currency\":\"GBP\"}",
      "{\"amount\":1000,\"currency\":\"GBP\"}" },
    { "money", "{\"amount\":900,\"currency\":\"EUR\"}",
      "{\"amount\":1,\"currency\":\"GBP\"}" },
    { "decimal", "\"9.50\"", "\"10.00\"" },
    { "decimal", "\"-2.00\"", "\"-1.00\"" },
    { "boolean", "false", "true" },
    { "date", "\"2026-11-20\"", "\"2026-11-21\"" },
    { "instant", "\"2026-11-20T15:30:00.000Z[Europe/London]\"",
      "\"2026-11-20T15:30:00.001Z\"" },
    { "duration", "59", "60" },
    { "colour", "\"blue\"", "\"red\"" },
    { "owner", "\"" ID_A "\"", "\"" ID_B "\"" },
    { "colours", "[\"blue\"]", "[\"red\"]" },
    { "agenda", "[{\"id\":\"1\"}]", "[{\"id\":\"2\"}]" },
    { "email", "\"a@b.org\"", "\"b@b.org\"" },
    { "phone", "\"1\"", "\"2\"" },
    { "address", "{\"city\":\"Leeds\"}", "{\"city\":\"York\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const CslField *field = csl_record_type_lookup_field (sample->type, rows[i].field);
    g_auto (CslValue) less = CSL_VALUE_INIT, more = CSL_VALUE_INIT;
    g_assert_true (schema_sample_read (field, rows[i].less, &less));
    g_assert_true (schema_sample_read (field, rows[i].more, &more));
    g_assert_cmpint (field->kind->compare (&less, &more), <, 0);
    g_assert_cmpint (field->kind->compare (&more, &less), >, 0);
  }
}

/* The same moment in two places is the same moment. */
static void
test_instant_zones (SchemaSample *sample, gconstpointer data)
{
  const CslField *field = csl_record_type_lookup_field (sample->type, "instant");
  g_auto (CslValue) a = CSL_VALUE_INIT, b = CSL_VALUE_INIT;

  csl_value_set_text (&a, "2026-11-20T15:30:00.000Z[Europe/London]");
  csl_value_set_text (&b, "2026-11-20T15:30:00.000Z[Europe/Paris]");
  g_assert_cmpint (field->kind->compare (&a, &b), ==, 0);
  g_assert_false (csl_value_equal (&a, &b));
}

static void
test_sql_check (SchemaSample *sample, gconstpointer data)
{
  static const struct
  {
    const char *field, *sql;
  } rows[] = {
    { "text", "\"c\" <> ''" },
    { "long_text", "\"c\" <> ''" },
    { "integer", "\"c\" >= 0 AND \"c\" <= 40" },
    { "money", "\"c\" >= 0 AND \"c\" <= 100000" },
    { "total", "" },
    { "decimal", "\"c\" >= 0 AND \"c\" <= 1000" },
    { "boolean", "\"c\" IN (0, 1)" },
    { "date", "length(\"c\") = 10" },
    { "instant", "length(\"c\") >= 24" },
    { "duration", "\"c\" >= 0 AND \"c\" <= 86400" },
    { "colour", "\"c\" IN ('red', 'green', 'blue')" },
    { "owner", "length(\"c\") = 36" },
    { "colours", "json_valid(\"c\")" },
    { "agenda", "json_valid(\"c\")" },
    { "email", "\"c\" <> ''" },
    { "phone", "\"c\" <> ''" },
    { "address", "json_valid(\"c\")" },
    { "signature", "json_valid(\"c\")" },
    { "file", "json_valid(\"c\")" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const CslField *field = csl_record_type_lookup_field (sample->type, rows[i].field);
    g_autoptr (GString) sql = g_string_new (NULL);
    field->kind->sql_check (field, "\"c\"", sql);
    g_assert_cmpstr (sql->str, ==, rows[i].sql);
  }
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (SchemaSample *sample, gconstpointer data);
  } tests[] = {
    { "/schema/kind-rules/validate", test_validate },
    { "/schema/kind-rules/R-60-email", test_email_r60 },
    { "/schema/kind-rules/R-62-file-size", test_file_r62 },
    { "/schema/kind-rules/R-63-phone", test_phone_r63 },
    { "/schema/kind-rules/compare", test_compare },
    { "/schema/kind-rules/instant-zones", test_instant_zones },
    { "/schema/kind-rules/sql-check", test_sql_check },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, SchemaSample, NULL, schema_sample_set_up, tests[i].test,
                schema_sample_tear_down);
  return g_test_run ();
}
