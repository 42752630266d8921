/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-kinds.c: every field kind, walked as a table: what people type, what travels, what is
 * refused. The completeness test fails when a kind has no rows here.
 */
#include "core/schema/csl-schema.h"

#include <string.h>

typedef struct
{
  CslSchema *schema;
  const CslRecordType *type;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests",
                                            "data", "types", "good", NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();

  fixture->schema = csl_schema_new_from_folder (path, problems);
  g_assert_nonnull (fixture->schema);
  fixture->type = csl_schema_lookup_type (fixture->schema, "sample");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  csl_schema_unref (fixture->schema);
}

#define ID_A "01890a5d-ac96-774b-bcce-b302099a8057"
#define ID_B "01890a5d-ac96-774b-bcce-b302099a8058"
#define SHA  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define FILE_JSON                                                                        \
  "{\"name\":\"Lease.pdf\",\"sha256\":\"" SHA                                            \
  "\",\"size\":12,\"type\":\"application/pdf\"}"
#define SIGNATURE_JSON                                                                   \
  "{\"height\":50,\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"signed_by\":\"Amina\","   \
  "\"strokes\":[[[0,0],[100,50]],[[3,4]]],\"width\":100}"

/* Text a person types, the value's JSON, and the text it is shown as. @json NULL: refused with
 * @code; @json "null": no value. */
typedef struct
{
  const char *field, *text, *json, *shown, *code;
} ParseRow;

static const ParseRow parse_rows[] = {
  { "text", "  Rent\t", "\"Rent\"", "Rent", NULL },
  { "text", "\xc2\xa0 \xe2\x80\x83x\xe3\x80\x80", "\"x\"", "x", NULL },
  { "text", "a \"b\"", "\"a \\\"b\\\"\"", "a \"b\"", NULL },
  { "text", "\xff", NULL, NULL, "form" },
  { "long_text", "one\n\ntwo\n", "\"one\\n\\ntwo\"", "one\n\ntwo", NULL },
  { "integer", " 12 ", "12", "12", NULL },
  { "integer", "-3", "-3", "-3", NULL },
  { "integer", "+3", "3", "3", NULL },
  { "integer", "1,234,567", "1234567", "1234567", NULL },
  { "integer", "0", "0", "0", NULL },
  { "integer", "1.5", NULL, NULL, "form" },
  { "integer", "1,23", NULL, NULL, "form" },
  { "integer", "1,2345", NULL, NULL, "form" },
  { "integer", ",123", NULL, NULL, "form" },
  { "integer", "1234,567", NULL, NULL, "form" },
  { "integer", "twelve", NULL, NULL, "form" },
  { "integer", "--1", NULL, NULL, "form" },
  { "integer", "99999999999999999999", NULL, NULL, "form" },
  { "integer", "1 2", NULL, NULL, "form" },
  { "money", "12.50", "{\"amount\":1250,\"currency\":\"GBP\"}", "12.50", NULL },
  { "money", "£12.50", "{\"amount\":1250,\"currency\":\"GBP\"}", "12.50", NULL },
  { "money", "£ 1,200", "{\"amount\":120000,\"currency\":\"GBP\"}", "1200.00", NULL },
  { "money", "12.5", "{\"amount\":1250,\"currency\":\"GBP\"}", "12.50", NULL },
  { "money", "€3", "{\"amount\":300,\"currency\":\"EUR\"}", "3.00 EUR", NULL },
  { "money", "3 EUR", "{\"amount\":300,\"currency\":\"EUR\"}", "3.00 EUR", NULL },
  { "money", "EUR 3.10", "{\"amount\":310,\"currency\":\"EUR\"}", "3.10 EUR", NULL },
  { "money", "500 JPY", "{\"amount\":500,\"currency\":\"JPY\"}", "500 JPY", NULL },
  { "money", "1.234 KWD", "{\"amount\":1234,\"currency\":\"KWD\"}", "1.234 KWD", NULL },
  { "money", "-£5", "{\"amount\":-500,\"currency\":\"GBP\"}", "-5.00", NULL },
  { "money", "-0.05", "{\"amount\":-5,\"currency\":\"GBP\"}", "-0.05", NULL },
  { "money", "12.505", NULL, NULL, "form" },
  { "money", "5.5 JPY", NULL, NULL, "form" },
  { "money", "12,50", NULL, NULL, "form" },
  { "money", "12.", NULL, NULL, "form" },
  { "money", "£", NULL, NULL, "form" },
  { "money", "-£-5", NULL, NULL, "form" },
  { "money", "lots", NULL, NULL, "form" },
  { "total", "7", "{\"amount\":700,\"currency\":\"EUR\"}", "7.00", NULL },
  { "total", "£7", "{\"amount\":700,\"currency\":\"GBP\"}", "7.00 GBP", NULL },
  { "decimal", "7.5", "\"7.50\"", "7.50", NULL },
  { "decimal", "-0.25", "\"-0.25\"", "-0.25", NULL },
  { "decimal", "7", "\"7.00\"", "7.00", NULL },
  { "decimal", "7.125", NULL, NULL, "form" },
  { "decimal", "7,5", NULL, NULL, "form" },
  { "boolean", "Yes", "true", "yes", NULL },
  { "boolean", "0", "false", "no", NULL },
  { "boolean", "maybe", NULL, NULL, "form" },
  { "date", "2026-11-20", "\"2026-11-20\"", "2026-11-20", NULL },
  { "date", "20/11/2026", "\"2026-11-20\"", "2026-11-20", NULL },
  { "date", "2/1/2026", "\"2026-01-02\"", "2026-01-02", NULL },
  { "date", "20.11.2026", "\"2026-11-20\"", "2026-11-20", NULL },
  { "date", "20 Nov 2026", "\"2026-11-20\"", "2026-11-20", NULL },
  { "date", "20 november 2026", "\"2026-11-20\"", "2026-11-20", NULL },
  { "date", "20 Nov. 2026", "\"2026-11-20\"", "2026-11-20", NULL },
  { "date", "31/11/2026", NULL, NULL, "form" },
  { "date", "11/20/2026", NULL, NULL, "form" },
  { "date", "20/11/26", NULL, NULL, "form" },
  { "date", "20 No 2026", NULL, NULL, "form" },
  { "date", "tomorrow", NULL, NULL, "form" },
  { "instant", "2026-11-20T15:30:00.000Z[Europe/London]",
    "\"2026-11-20T15:30:00.000Z[Europe/London]\"",
    "2026-11-20T15:30:00.000Z[Europe/London]", NULL },
  { "instant", "2026-11-20 15:30", NULL, NULL, "form" },
  { "duration", "1:30", "5400", "1:30", NULL },
  { "duration", "90", "5400", "1:30", NULL },
  { "duration", "90 min", "5400", "1:30", NULL },
  { "duration", "1h30m", "5400", "1:30", NULL },
  { "duration", "1 h 30 min", "5400", "1:30", NULL },
  { "duration", "2 hours", "7200", "2:00", NULL },
  { "duration", "0:00:20", "20", "0:00:20", NULL },
  { "duration", "20 s", "20", "0:00:20", NULL },
  { "duration", "1:3", NULL, NULL, "form" },
  { "duration", "1:60", NULL, NULL, "form" },
  { "duration", "30 min 1 h", NULL, NULL, "form" },
  { "duration", "1 h 1 h", NULL, NULL, "form" },
  { "duration", "1 day", NULL, NULL, "form" },
  { "duration", "-5", NULL, NULL, "form" },
  { "duration", "99999999999", NULL, NULL, "form" },
  { "colour", "red", "\"red\"", "red", NULL },
  { "colour", "deep BLUE", "\"blue\"", "blue", NULL },
  { "colour", "pink", NULL, NULL, "enum" },
  { "owner", ID_A, "\"" ID_A "\"", ID_A, NULL },
  { "owner", "Amina", NULL, NULL, "form" },
  { "colours", "red, Deep blue,red,", "[\"blue\",\"red\"]", "blue, red", NULL },
  { "colours", " , ", "null", "", NULL },
  { "colours", "red, pink", NULL, NULL, "enum" },
  { "agenda", " [ {\"text\":\" Rent \", \"id\":\"a\", \"done\":null} ]",
    "[{\"id\":\"a\",\"text\":\"Rent\"}]", "[{\"id\":\"a\",\"text\":\"Rent\"}]", NULL },
  { "agenda", "[]", "null", "", NULL },
  { "agenda", "[{\"text\":\"no id\"}]", NULL, NULL, "form" },
  { "agenda", "rent", NULL, NULL, "form" },
  { "email", " a.b+c@example.org ", "\"a.b+c@example.org\"", "a.b+c@example.org", NULL },
  { "phone", "+44 (0)20 7946-0000", "\"+44 (0)20 7946-0000\"", "+44 (0)20 7946-0000",
    NULL },
  { "address", "1 High St\n\nYork\nYO1 1AA",
    "{\"city\":\"York\",\"line1\":\"1 High St\",\"postcode\":\"YO1 1AA\"}",
    "1 High St\n\nYork\nYO1 1AA", NULL },
  { "address", "\n\n\n\nWales", "{\"country\":\"Wales\"}", "\n\n\n\nWales", NULL },
  { "address", "\n \n", "null", "", NULL },
  { "address", "1\n2\n3\n4\n5\n6", NULL, NULL, "form" },
  { "signature", SIGNATURE_JSON, SIGNATURE_JSON, SIGNATURE_JSON, NULL },
  { "signature", "X", NULL, NULL, "form" },
  { "file", FILE_JSON, FILE_JSON, FILE_JSON, NULL },
  { "file", "Lease.pdf", NULL, NULL, "form" },
};

static char *
value_to_json (const CslField *field, const CslValue *value)
{
  GString *out = g_string_new (NULL);

  if (csl_value_is_null (value))
    g_string_append (out, "null");
  else
    field->kind->to_json (field, value, out);
  return g_string_free (out, FALSE);
}

static bool
value_from_json (const CslField *field, const char *text, CslValue *ret_value)
{
  g_auto (CslJson) json;

  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL));
  return field->kind->from_json (field, &json, 0, ret_value);
}

static void
test_parse (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (parse_rows); i++) {
    const ParseRow *row = &parse_rows[i];
    const CslField *field = csl_record_type_lookup_field (fixture->type, row->field);
    g_autoptr (CslProblems) problems = csl_problems_new ();
    g_auto (CslValue) value = CSL_VALUE_INIT, again = CSL_VALUE_INIT;
    g_test_message ("row %u: %s", i, row->field);
    csl_value_set_text (&value, "before");
    bool good = field->kind->parse (field, row->text, &value, problems);
    g_assert_cmpint (good, ==, row->json != NULL);
    if (!good) {
      g_assert_cmpuint (csl_problems_get_size (problems), ==, 1);
      g_assert_cmpstr (csl_problems_get (problems, 0)->code, ==, row->code);
      g_assert_cmpstr (csl_problems_get (problems, 0)->path, ==, row->field);
      g_assert_true (
        g_str_has_prefix (csl_problems_get (problems, 0)->message, field->label));
      g_assert_true (g_str_has_suffix (csl_problems_get (problems, 0)->message, "."));
      g_assert_cmpstr (csl_value_get_text (&value), ==, "before");
      continue;
    }
    g_autofree char *json = value_to_json (field, &value);
    g_autofree char *shown = field->kind->format (field, &value);
    g_assert_cmpuint (csl_problems_get_size (problems), ==, 0);
    g_assert_cmpstr (json, ==, row->json);
    g_assert_cmpstr (shown, ==, row->shown);
    g_assert_true (field->kind->parse (field, shown, &again, problems));
    g_assert_true (csl_value_equal (&value, &again));
  }
}

/* JSON that must be read, and the canonical form it becomes; NULL: refused. */
static const struct
{
  const char *field, *json, *canonical;
} json_rows[] = {
  { "text", "\"a\"", "\"a\"" },
  { "text", "\" a \"", "\"a\"" },
  { "text", "\" \\u0061 \"", "\"a\"" },
  { "text", "\"\\u0007\"", "\"\\u0007\"" },
  { "text", "\"\"", "null" },
  { "text", "\"  \"", "null" },
  { "text", "1", NULL },
  { "text", "[\"a\"]", NULL },
  { "long_text", "\"a\\nb\"", "\"a\\nb\"" },
  { "long_text", "{}", NULL },
  { "integer", "-0", "0" },
  { "integer", "9223372036854775807", "9223372036854775807" },
  { "integer", "1.0", NULL },
  { "integer", "1e2", NULL },
  { "integer", "\"1\"", NULL },
  { "money", "{\"currency\":\"GBP\",\"amount\":-1}",
    "{\"amount\":-1,\"currency\":\"GBP\"}" },
  { "money", "{\"amount\":1}", NULL },
  { "money", "{\"amount\":1,\"currency\":\"gbp\"}", NULL },
  { "money", "{\"amount\":1,\"currency\":\"POUND\"}", NULL },
  { "money", "{\"amount\":1.5,\"currency\":\"GBP\"}", NULL },
  { "money", "{\"amount\":1,\"currency\":\"GBP\",\"x\":1}", NULL },
  { "money", "1250", NULL },
  { "decimal", "\"7.5\"", "\"7.50\"" },
  { "decimal", "\"7.501\"", NULL },
  { "decimal", "7.5", NULL },
  { "decimal", "\"\"", NULL },
  { "boolean", "true", "true" },
  { "boolean", "0", NULL },
  { "boolean", "\"true\"", NULL },
  { "date", "\"2026-02-28\"", "\"2026-02-28\"" },
  { "date", "\"2026-02-30\"", NULL },
  { "date", "\"20/11/2026\"", NULL },
  { "date", "20261120", NULL },
  { "instant", "\"2026-11-20T15:30:00.000Z\"", "\"2026-11-20T15:30:00.000Z\"" },
  { "instant", "\"2026-11-20T15:30:00Z\"", NULL },
  { "instant", "1795205463123", NULL },
  { "duration", "5400", "5400" },
  { "duration", "-1", NULL },
  { "duration", "\"1:30\"", NULL },
  { "colour", "\"red\"", "\"red\"" },
  { "colour", "\"mauve\"", "\"mauve\"" }, /* from a newer version: kept */
  { "colour", "0", NULL },
  { "owner", "\"" ID_A "\"", "\"" ID_A "\"" },
  { "owner", "\"x\"", NULL },
  { "owner", "null", NULL },
  { "colours", "[\"red\",\"blue\",\"red\"]", "[\"blue\",\"red\"]" },
  { "colours", "[]", "null" },
  { "colours", "[\"mauve\"]", "[\"mauve\"]" },
  { "colours", "[\"\"]", NULL },
  { "colours", "[1]", NULL },
  { "colours", "[[\"red\"]]", NULL },
  { "colours", "\"red\"", NULL },
  { "agenda",
    "[{\"text\":\"b\",\"id\":\"2\"},{\"id\":\"1\",\"text\":\"a\",\"by\":[\"red\","
    "\"blue\"]}]",
    "[{\"id\":\"2\",\"text\":\"b\"},{\"by\":[\"blue\",\"red\"],\"id\":\"1\",\"text\":"
    "\"a\"}]" },
  { "agenda", "[{\"id\":\"1\",\"newer\":{\"z\":1,\"a\":[1, 2]}}]",
    "[{\"id\":\"1\",\"newer\":{\"a\":[1,2],\"z\":1}}]" },
  { "agenda", "[{\"id\":\"1\"},{\"id\":\"1\"}]", NULL },
  { "agenda", "[{\"id\":\"\"}]", NULL },
  { "agenda", "[{\"id\":1}]", NULL },
  { "agenda", "[{\"id\":\"1\",\"done\":\"yes\"}]", NULL },
  { "agenda", "[1]", NULL },
  { "agenda", "{\"id\":\"1\"}", NULL },
  { "email", "\"a@b.org\"", "\"a@b.org\"" },
  { "email", "{}", NULL },
  { "phone", "\"123\"", "\"123\"" },
  { "phone", "123", NULL },
  { "address", "{\"line1\":\" 1 High St \",\"city\":\"\"}", "{\"line1\":\"1 High St\"}" },
  { "address", "{}", "null" },
  { "address", "{\"planet\":\"Mars\"}", NULL },
  { "address", "{\"city\":1}", NULL },
  { "address", "{\"city\":\"a\\nb\"}", NULL },
  { "address", "\"York\"", NULL },
  { "signature", SIGNATURE_JSON, SIGNATURE_JSON },
  { "signature",
    "{\"signed_by\":\"A\",\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"width\":10,"
    "\"height\":10,\"strokes\":[[[11,0]]]}",
    NULL },
  { "signature",
    "{\"signed_by\":\"A\",\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"width\":10,"
    "\"height\":10,\"strokes\":[[[1,0,3]]]}",
    NULL },
  { "signature",
    "{\"signed_by\":\"A\",\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"width\":10,"
    "\"height\":10,\"strokes\":[[]]}",
    NULL },
  { "signature",
    "{\"signed_by\":\"A\",\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"width\":10,"
    "\"height\":10,\"strokes\":[]}",
    NULL },
  { "signature",
    "{\"signed_by\":\"A\",\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"width\":10,"
    "\"height\":10,\"strokes\":[[[[1],[2]]]]}",
    NULL },
  { "signature",
    "{\"signed_by\":\" "
    "\",\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"width\":10,\"height\":10,"
    "\"strokes\":[[[1,1]]]}",
    NULL },
  { "signature",
    "{\"signed_by\":\"A\",\"signed_at\":\"today\",\"width\":10,\"height\":10,\"strokes\":"
    "[[[1,1]]]}",
    NULL },
  { "signature",
    "{\"signed_by\":\"A\",\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"width\":0,"
    "\"height\":10,\"strokes\":[[[0,1]]]}",
    NULL },
  { "signature", "[1,2,3,4,5]", NULL },
  { "file", FILE_JSON, FILE_JSON },
  { "file", "{\"name\":\"../x\",\"sha256\":\"" SHA "\",\"size\":12,\"type\":\"a/b\"}",
    NULL },
  { "file", "{\"name\":\"..\",\"sha256\":\"" SHA "\",\"size\":12,\"type\":\"a/b\"}",
    NULL },
  { "file", "{\"name\":\"a\\u0001\",\"sha256\":\"" SHA "\",\"size\":12,\"type\":\"a/b\"}",
    NULL },
  { "file", "{\"name\":\"a\",\"sha256\":\"abc\",\"size\":12,\"type\":\"a/b\"}", NULL },
  { "file", "{\"name\":\"a\",\"sha256\":\"" SHA "\",\"size\":-1,\"type\":\"a/b\"}",
    NULL },
  { "file", "{\"name\":\"a\",\"sha256\":\"" SHA "\",\"size\":1,\"type\":\"text\"}",
    NULL },
  { "file", "{\"name\":\"a\",\"sha256\":\"" SHA "\",\"size\":1,\"type\":\"text/html;x\"}",
    NULL },
  { "file",
    "{\"name\":\"a\",\"sha256\":\"" SHA "\",\"size\":1,\"type\":\"a/b\",\"path\":\"/\"}",
    NULL },
};

static void
test_json (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (json_rows); i++) {
    const CslField *field =
      csl_record_type_lookup_field (fixture->type, json_rows[i].field);
    g_auto (CslValue) value = CSL_VALUE_INIT, again = CSL_VALUE_INIT;
    g_test_message ("row %u: %s", i, json_rows[i].field);
    csl_value_set_text (&value, "before");
    bool good = value_from_json (field, json_rows[i].json, &value);
    g_assert_cmpint (good, ==, json_rows[i].canonical != NULL);
    if (!good) {
      g_assert_cmpstr (csl_value_get_text (&value), ==, "before");
      continue;
    }
    g_autofree char *json = value_to_json (field, &value);
    g_assert_cmpstr (json, ==, json_rows[i].canonical);
    if (csl_value_is_null (&value))
      continue;
    g_assert_cmpint (value.type, ==, field->kind->value_type);
    g_assert_true (value_from_json (field, json, &again));
    g_assert_true (csl_value_equal (&value, &again));
    g_assert_cmpint (field->kind->compare (&value, &again), ==, 0);
  }
}

/* Values as JSON and the codes of the problems they have, "" for none. */
typedef struct
{
  const char *field, *json, *codes;
} ValidRow;

static void
check_valid_rows (Fixture *fixture, const ValidRow *rows, guint n)
{
  for (guint i = 0; i < n; i++) {
    const CslField *field = csl_record_type_lookup_field (fixture->type, rows[i].field);
    g_autoptr (CslProblems) problems = csl_problems_new ();
    g_autoptr (GString) codes = g_string_new (NULL);
    g_auto (CslValue) value = CSL_VALUE_INIT;
    g_test_message ("row %u: %s", i, rows[i].field);
    g_assert_true (value_from_json (field, rows[i].json, &value));
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
test_validate (Fixture *fixture, gconstpointer data)
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

  check_valid_rows (fixture, rows, G_N_ELEMENTS (rows));
}

static void
test_email_r60 (Fixture *fixture, gconstpointer data)
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

  check_valid_rows (fixture, rows, G_N_ELEMENTS (rows));
}

static void
test_phone_r63 (Fixture *fixture, gconstpointer data)
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

  check_valid_rows (fixture, rows, G_N_ELEMENTS (rows));
}

static void
test_file_r62 (Fixture *fixture, gconstpointer data)
{
  static const ValidRow rows[] = {
    { "file",
      "{\"name\":\"a\",\"sha256\":\"" SHA "\",\"size\":104857600,\"type\":\"a/b\"}", "" },
    { "file",
      "{\"name\":\"a\",\"sha256\":\"" SHA "\",\"size\":104857601,\"type\":\"a/b\"}",
      "R-62" },
  };

  check_valid_rows (fixture, rows, G_N_ELEMENTS (rows));
}

/* Two values in rising order. */
static void
test_compare (Fixture *fixture, gconstpointer data)
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
    const CslField *field = csl_record_type_lookup_field (fixture->type, rows[i].field);
    g_auto (CslValue) less = CSL_VALUE_INIT, more = CSL_VALUE_INIT;
    g_assert_true (value_from_json (field, rows[i].less, &less));
    g_assert_true (value_from_json (field, rows[i].more, &more));
    g_assert_cmpint (field->kind->compare (&less, &more), <, 0);
    g_assert_cmpint (field->kind->compare (&more, &less), >, 0);
  }
}

/* The same moment in two places is the same moment. */
static void
test_instant_zones (Fixture *fixture, gconstpointer data)
{
  const CslField *field = csl_record_type_lookup_field (fixture->type, "instant");
  g_auto (CslValue) a = CSL_VALUE_INIT, b = CSL_VALUE_INIT;

  csl_value_set_text (&a, "2026-11-20T15:30:00.000Z[Europe/London]");
  csl_value_set_text (&b, "2026-11-20T15:30:00.000Z[Europe/Paris]");
  g_assert_cmpint (field->kind->compare (&a, &b), ==, 0);
  g_assert_false (csl_value_equal (&a, &b));
}

static void
test_sql_check (Fixture *fixture, gconstpointer data)
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
    const CslField *field = csl_record_type_lookup_field (fixture->type, rows[i].field);
    g_autoptr (GString) sql = g_string_new (NULL);
    field->kind->sql_check (field, "\"c\"", sql);
    g_assert_cmpstr (sql->str, ==, rows[i].sql);
  }
}

/* Every kind is complete, is found by name, is used by the sample type and has rows above. */
static void
test_complete (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (csl_field_kinds_get_size (), ==, 18);
  g_assert_null (csl_field_kinds[csl_field_kinds_get_size ()]);
  g_assert_null (csl_field_kind_lookup ("colour"));
  for (guint i = 0; i < csl_field_kinds_get_size (); i++) {
    const CslFieldKind *kind = csl_field_kinds[i];
    guint n_parse = 0, n_json = 0;
    g_assert_true (csl_field_kind_lookup (kind->name) == kind);
    g_assert_cmpint (kind->value_type, !=, CSL_VALUE_NULL);
    g_assert_true (kind->parse != NULL && kind->format != NULL && kind->validate != NULL);
    g_assert_true (kind->from_json != NULL && kind->to_json != NULL &&
                   kind->compare != NULL);
    for (guint k = 0; k < G_N_ELEMENTS (parse_rows); k++)
      n_parse +=
        csl_record_type_lookup_field (fixture->type, parse_rows[k].field)->kind == kind;
    for (guint k = 0; k < G_N_ELEMENTS (json_rows); k++)
      n_json += csl_record_type_lookup_field (fixture->type, json_rows[k].field)->kind ==
                kind;
    g_assert_cmpuint (n_parse, >, 0);
    g_assert_cmpuint (n_json, >, 1);
  }
}

/* Nothing typed is nothing stored, and nothing shown, in every kind. */
static void
test_empty (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < fixture->type->n_fields; i++) {
    const CslField *field = &fixture->type->fields[i];
    static const char *const nothing[] = { "", "  ", NULL };
    for (guint k = 0; k < G_N_ELEMENTS (nothing); k++) {
      g_autoptr (CslProblems) problems = csl_problems_new ();
      g_auto (CslValue) value = CSL_VALUE_INIT;
      csl_value_set_int (&value, 5);
      g_assert_true (field->kind->parse (field, nothing[k], &value, problems));
      g_assert_true (csl_value_is_null (&value));
      g_autofree char *shown = field->kind->format (field, &value);
      g_assert_cmpstr (shown, ==, "");
    }
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
    { "/schema/kinds/complete", test_complete },
    { "/schema/kinds/parse-and-format", test_parse },
    { "/schema/kinds/empty", test_empty },
    { "/schema/kinds/json", test_json },
    { "/schema/kinds/validate", test_validate },
    { "/schema/kinds/R-60-email", test_email_r60 },
    { "/schema/kinds/R-62-file-size", test_file_r62 },
    { "/schema/kinds/R-63-phone", test_phone_r63 },
    { "/schema/kinds/compare", test_compare },
    { "/schema/kinds/instant-zones", test_instant_zones },
    { "/schema/kinds/sql-check", test_sql_check },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
