/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-kinds.c: every field kind, walked as a table: what people type and what travels. The
 * completeness test fails when a kind has no rows here.
 */
#include "core/schema/schema-sample.h"

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
  { "colour", "red\xf0", NULL, NULL, "enum" },
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
  { "address", "York\xe2", "{\"line1\":\"York\xef\xbf\xbd\"}", "York\xef\xbf\xbd", NULL },
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

static void
test_parse (SchemaSample *sample, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (parse_rows); i++) {
    const ParseRow *row = &parse_rows[i];
    const CslField *field = csl_record_type_lookup_field (sample->type, row->field);
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
test_json (SchemaSample *sample, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (json_rows); i++) {
    const CslField *field =
      csl_record_type_lookup_field (sample->type, json_rows[i].field);
    g_auto (CslValue) value = CSL_VALUE_INIT, again = CSL_VALUE_INIT;
    g_test_message ("row %u: %s", i, json_rows[i].field);
    csl_value_set_text (&value, "before");
    bool good = schema_sample_read (field, json_rows[i].json, &value);
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
    g_assert_true (schema_sample_read (field, json, &again));
    g_assert_true (csl_value_equal (&value, &again));
    g_assert_cmpint (field->kind->compare (&value, &again), ==, 0);
  }
}

/* Every kind is complete, is found by name, is used by the sample type and has rows above. */
static void
test_complete (SchemaSample *sample, gconstpointer data)
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
      n_parse += csl_record_type_lookup_field (sample->type, parse_rows[k].field)->kind ==
                 kind;
    for (guint k = 0; k < G_N_ELEMENTS (json_rows); k++)
      n_json += csl_record_type_lookup_field (sample->type, json_rows[k].field)->kind ==
                kind;
    g_assert_cmpuint (n_parse, >, 0);
    g_assert_cmpuint (n_json, >, 1);
  }
}

/* Nothing typed is nothing stored, and nothing shown, in every kind. */
static void
test_empty (SchemaSample *sample, gconstpointer data)
{
  for (guint i = 0; i < sample->type->n_fields; i++) {
    const CslField *field = &sample->type->fields[i];
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
    void (*test) (SchemaSample *sample, gconstpointer data);
  } tests[] = {
    { "/schema/kinds/complete", test_complete },
    { "/schema/kinds/parse-and-format", test_parse },
    { "/schema/kinds/empty", test_empty },
    { "/schema/kinds/json", test_json },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, SchemaSample, NULL, schema_sample_set_up, tests[i].test,
                schema_sample_tear_down);
  return g_test_run ();
}
