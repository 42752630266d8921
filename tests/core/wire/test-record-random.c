/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-record-random.c: random records of every built-in type and of the sample type with every
 * kind travel as JSON and come back the same. The seed is printed by the test program; --seed=…
 * repeats a run.
 */
#include "core/base/csl-json-write.h"
#include "core/schema/csl-schema.h"
#include "core/wire/csl-wire-record.h"

#include <string.h>

#define N_PER_TYPE 40
#define SHA        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* JSON of good values by kind; enums and references are made from the field. */
static const struct
{
  const char *kind;
  const char *json[6];
} pools[] = {
  { "text",
    { "\"a\"", "\"O'Brien \\\"x\\\"\"", "\"\\u00e9\\ud83d\\ude00\"", "\"null\"",
      "\"{}\"" } },
  { "long_text", { "\"a\\nb\\tc\"", "\"\\\\n\"", "\"line\\r\\n\\r\\nline\"" } },
  { "integer", { "0", "-1", "9223372036854775807", "-9223372036854775808" } },
  { "money",
    { "{\"amount\":0,\"currency\":\"GBP\"}",
      "{\"amount\":-12550,\"currency\":\"JPY\"}" } },
  { "decimal", { "\"0\"", "\"-0.1\"", "\"12345.6\"" } },
  { "boolean", { "true", "false" } },
  { "date", { "\"0001-01-01\"", "\"2026-11-20\"", "\"9999-12-31\"" } },
  { "instant",
    { "\"2026-11-20T15:30:00.000Z\"", "\"1969-12-31T23:59:59.999Z[Europe/London]\"" } },
  { "duration", { "0", "5400" } },
  { "email", { "\"a@b.org\"" } },
  { "phone", { "\"+44 (0)20-7946 0000\"" } },
  { "address",
    { "{\"line1\":\"1 High St\",\"city\":\"York\"}", "{\"country\":\"\\u00c9ire\"}" } },
  { "object_list", { "[{\"id\":\"b\",\"later\":[1.5,{\"z\":null}]},{\"id\":\"a\"}]" } },
  { "signature",
    { "{\"signed_by\":\"A\",\"signed_at\":\"2026-11-20T10:00:00.000Z\",\"width\":9,"
      "\"height\":9,"
      "\"strokes\":[[[0,0],[9,9]]]}" } },
  { "file",
    { "{\"name\":\"a b.pdf\",\"type\":\"application/pdf\",\"size\":1,\"sha256\":\"" SHA
      "\"}" } },
};

static char *
random_id (void)
{
  return g_strdup_printf ("%08x-%04x-7%03x-8%03x-%012x", (guint) g_test_rand_int (),
                          (guint) g_test_rand_int_range (0, 0x10000),
                          (guint) g_test_rand_int_range (0, 0x1000),
                          (guint) g_test_rand_int_range (0, 0x1000),
                          (guint) g_test_rand_int ());
}

static char *
random_option (const CslField *field)
{
  guint n = field->options->n_values;

  /* Now and then one that only a newer version knows. */
  if (g_test_rand_int_range (0, 8) == 0)
    return g_strdup ("from_the_future");
  return g_strdup (field->options->values[g_test_rand_int_range (0, (gint32) n)].value);
}

static char *
random_json (const CslField *field)
{
  if (field->options != NULL) {
    g_autofree char *a = random_option (field), *b = random_option (field);
    return (field->kind->flags & CSL_KIND_SET) != 0
             ? g_strdup_printf ("[\"%s\",\"%s\"]", a, b)
             : g_strdup_printf ("\"%s\"", a);
  }
  if (field->target != NULL) {
    g_autofree char *id = random_id ();
    return g_strdup_printf ("\"%s\"", id);
  }
  for (guint i = 0; i < G_N_ELEMENTS (pools); i++) {
    guint n = 0;
    if (strcmp (pools[i].kind, field->kind->name) != 0)
      continue;
    while (n < G_N_ELEMENTS (pools[i].json) && pools[i].json[n] != NULL)
      n++;
    return g_strdup (pools[i].json[g_test_rand_int_range (0, (gint32) n)]);
  }
  g_error ("no values for kind %s", field->kind->name);
}

static void
fill (CslRecord *record)
{
  g_auto (CslJson) json;

  csl_json_init (&json);
  for (guint i = 0; i < record->type->n_fields; i++) {
    const CslField *field = &record->type->fields[i];
    if (g_test_rand_int_range (0, 3) == 0)
      continue;
    g_autofree char *text = random_json (field);
    g_assert_true (
      csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL));
    g_assert_true (field->kind->from_json (field, &json, 0, &record->values[i]));
  }
  if (g_test_rand_int_range (0, 3) == 0)
    record->rest = g_strdup ("{\"zz_later\":[1,{\"a\":null}]}");
}

static void
check_same (const CslRecord *a, const CslRecord *b)
{
  for (guint i = 0; i < a->type->n_fields; i++) {
    if (!csl_value_equal (&a->values[i], &b->values[i]))
      g_error ("%s.%s: “%s” became “%s”", a->type->name, a->type->fields[i].name,
               a->values[i].text, b->values[i].text);
  }
  g_assert_cmpstr (a->rest, ==, b->rest);
  g_assert_true (csl_wire_record_hash (a) == csl_wire_record_hash (b));
}

static void
check_type (const CslRecordType *type)
{
  g_auto (CslJson) json;

  csl_json_init (&json);
  for (int i = 0; i < N_PER_TYPE; i++) {
    g_autofree char *id = random_id ();
    g_autoptr (CslRecord) record = csl_record_new (type, id),
                          again = csl_record_new (type, id);
    g_autoptr (GString) text = g_string_new (NULL), twice = g_string_new (NULL);
    g_autoptr (GString) canonical = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    fill (record);
    csl_wire_record_write (record, text);
    g_assert_true (
      csl_json_scan (&json, text->str, text->len, &csl_json_limits_line, NULL));
    csl_json_write_canonical (canonical, &json, 0);
    g_assert_cmpstr (canonical->str, ==, text->str);
    g_assert_true (csl_wire_record_read (again, &json, 0, &error));
    g_assert_no_error (error);
    check_same (record, again);
    csl_wire_record_write (again, twice);
    g_assert_cmpstr (text->str, ==, twice->str);
    g_autoptr (CslRecord) copy = csl_record_copy (record);
    check_same (record, copy);
  }
}

static void
check_schema (const CslSchema *schema)
{
  for (guint i = 0; i < csl_schema_get_n_types (schema); i++)
    check_type (csl_schema_get_type (schema, i));
}

static void
test_builtin (void)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();

  check_schema (schema);
}

static void
test_every_kind (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests",
                                            "data", "types", "good", NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_from_folder (path, problems);

  g_assert_nonnull (schema);
  check_schema (schema);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/record-random/builtin", test_builtin);
  g_test_add_func ("/wire/record-random/every-kind", test_every_kind);
  return g_test_run ();
}
