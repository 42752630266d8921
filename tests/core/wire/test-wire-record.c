/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Record content: hash vectors, canonical form, members unknown here, what is refused. */
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-sums.h"
#include "core/wire/csl-wire-record.h"
#include "core/wire/wire-sample.h"

#include <string.h>

static CslRecord *
read_content (const CslSchema *schema, const char *content, GError **error)
{
  g_auto (CslJson) json = { 0 };
  g_autoptr (CslRecord) record =
    csl_record_new (csl_schema_lookup_type (schema, "sample"), "r1");

  csl_json_init (&json);
  g_assert_true (
    csl_json_scan (&json, content, strlen (content), &csl_json_limits_line, NULL));
  return csl_wire_record_read (record, &json, 0, error) ? g_steal_pointer (&record)
                                                        : NULL;
}

static char *
write_content (const CslRecord *record)
{
  GString *out = g_string_new (NULL);

  csl_wire_record_write (record, out);
  return g_string_free (out, FALSE);
}

static void
check_hash_vector (const CslSchema *schema, JsonObject *vector)
{
  const char *text = json_object_get_string_member (vector, "line");
  g_auto (CslPullLine) line = { 0 };
  g_autoptr (GError) error = NULL;

  csl_pull_line_init (&line);
  g_assert_true (csl_pull_line_parse (&line, text, strlen (text), &error));
  g_autoptr (CslRecord) record =
    csl_record_new (csl_schema_lookup_type (schema, line.type), line.id);
  record->rev = line.rev;
  bool read = csl_wire_record_read (record, &line.json, line.d, &error);
  g_assert_no_error (error);
  g_assert_true (read);
  g_autofree char *content = write_content (record);
  g_assert_cmpstr (content, ==, json_object_get_string_member (vector, "canonical"));
  g_autofree char *hash =
    g_strdup_printf ("%016" G_GINT64_MODIFIER "x", csl_wire_record_hash (record));
  g_test_message ("%s", json_object_get_string_member (vector, "about"));
  g_assert_cmpstr (hash, ==, json_object_get_string_member (vector, "hash"));
}

static void
test_hash_vectors (void)
{
  g_autoptr (CslSchema) schema = sample_schema_new ();
  g_autoptr (JsonNode) root = sample_load_vectors ("hashes.json");
  JsonArray *vectors = json_node_get_array (root);

  for (guint i = 0; i < json_array_get_length (vectors); i++)
    check_hash_vector (schema, json_array_get_object_element (vectors, i));
}

static void
test_sums_vectors (void)
{
  g_autoptr (JsonNode) root = sample_load_vectors ("sums.json");
  JsonArray *vectors = json_node_get_array (root);

  for (guint i = 0; i < json_array_get_length (vectors); i++) {
    JsonObject *vector = json_array_get_object_element (vectors, i);
    JsonArray *buckets = json_object_get_array_member (vector, "buckets");
    g_autoptr (CslSums) sums = csl_sums_new ();
    for (guint k = 0; k < json_array_get_length (buckets); k++) {
      JsonArray *bucket = json_array_get_array_element (buckets, k);
      csl_sums_add (sums, json_array_get_string_element (bucket, 0),
                    json_array_get_int_element (bucket, 1),
                    g_ascii_strtoull (json_array_get_string_element (bucket, 2), NULL,
                                      16));
    }
    g_autofree char *text = csl_sums_finish (sums);
    g_assert_cmpstr (text, ==, json_object_get_string_member (vector, "sums"));
  }
}

/* Any single change of content, id or rev changes the hash. (I20) */
static void
test_I20_hash_sees_everything (void)
{
  static const char *const contents[] = {
    "{}",
    "{\"name\":\"a\"}",
    "{\"name\":\"b\"}",
    "{\"story\":\"a\"}",
    "{\"name\":\"a\",\"story\":\"a\"}",
    "{\"count\":1}",
    "{\"rate\":\"1.00\"}",
    "{\"agreed\":true}",
    "{\"agreed\":false}",
    "{\"x\":1}",
    "{\"x\":\"1\"}",
    "{\"x\":true}",
    "{\"x\":\"true\"}",
    "{\"x\":[1]}",
    "{\"x\":\"[1]\"}",
  };
  g_autoptr (CslSchema) schema = sample_schema_new ();
  g_autoptr (GHashTable) seen =
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++) {
    for (guint variant = 0; variant < 3; variant++) {
      g_autoptr (CslRecord) record = read_content (schema, contents[i], NULL);
      g_strlcpy (record->id, variant == 1 ? "r2" : "r1", sizeof record->id);
      record->rev = variant == 2 ? 8 : 7;
      gint64 hash = (gint64) csl_wire_record_hash (record);
      g_assert_true (g_hash_table_add (seen, g_memdup2 (&hash, sizeof hash)));
    }
  }
}

static void
test_unknown_members_travel (void)
{
  g_autoptr (CslSchema) schema = sample_schema_new ();
  g_autoptr (CslRecord) record = read_content (
    schema, "{\"zebra\":[1,{\"b\":2,\"a\":1}],\"name\":\"x\",\"aardvark\":\"\\u0041\"}",
    NULL);
  g_autofree char *content = write_content (record);

  g_assert_cmpstr (record->rest, ==,
                   "{\"aardvark\":\"A\",\"zebra\":[1,{\"a\":1,\"b\":2}]}");
  g_assert_cmpstr (content, ==,
                   "{\"aardvark\":\"A\",\"name\":\"x\",\"zebra\":[1,{\"a\":1,\"b\":2}]}");
}

/* A member kept from an older version of the program gives way to a value of the field it has become,
 * and counts while there is none. */
static void
test_learnt_member (void)
{
  g_autoptr (CslSchema) schema = sample_schema_new ();
  g_autoptr (CslRecord) record = read_content (schema, "{\"born\":\"1980-06-15\"}", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  record->rest = g_strdup ("{\"name\":\"kept\",\"x\":1}");
  first = write_content (record);
  g_assert_cmpstr (first, ==, "{\"born\":\"1980-06-15\",\"name\":\"kept\",\"x\":1}");
  csl_record_set_text (record, "name", "new");
  second = write_content (record);
  g_assert_cmpstr (second, ==, "{\"born\":\"1980-06-15\",\"name\":\"new\",\"x\":1}");
}

static void
test_refused (void)
{
  static const struct
  {
    const char *content, *message;
  } cases[] = {
    { "[]", "sample: expected an object" },
    { "{\"name\":17}", "sample.name: expected a string" },
    { "{\"name\":true}", "sample.name: expected a string" },
    { "{\"story\":{}}", "sample.story: expected a string" },
    { "{\"count\":\"1\"}", "sample.count: expected a number" },
    { "{\"count\":1.5}", "sample.count: expected a number" },
    { "{\"agreed\":\"yes\"}", "sample.agreed: expected true or false" },
    { "{\"income\":12}", "sample.income: expected an amount of money" },
    { "{\"income\":{\"amount\":\"1\",\"currency\":\"GBP\"}}", "sample.income: " },
    { "{\"born\":\"15.6.1980\"}", "sample.born: expected a string" },
    { "{\"start_at\":\"yesterday\"}", "sample.start_at: " },
    { "{\"colours\":[1]}", "sample.colours: expected an object or a list" },
    { "{\"people\":[{\"name\":\"no id\"}]}", "sample.people: " },
    { "{\"unknown\":1,\"name\":false}", "sample.name: " },
  };
  g_autoptr (CslSchema) schema = sample_schema_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CslRecord) record = read_content (schema, cases[i].content, &error);
    g_assert_null (record);
    g_assert_error (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_VALUE);
    if (!g_str_has_prefix (error->message, cases[i].message))
      g_error ("%s: %s", cases[i].content, error->message);
  }
}

static void
test_rest_overlay (void)
{
  static const struct
  {
    const char *rest, *set, *result;
  } cases[] = {
    { NULL, NULL, NULL },
    { "{\"a\":1}", NULL, "{\"a\":1}" },
    { NULL, "{\"a\":1}", "{\"a\":1}" },
    { "{\"a\":1,\"c\":3}", "{\"b\":2,\"c\":4}", "{\"a\":1,\"b\":2,\"c\":4}" },
    { "{\"a\":1}", "{\"a\":null}", NULL },
    { "{\"a\":\"\\n\"}", "{\"b\":null}", "{\"a\":\"\\n\"}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *result = csl_wire_rest_overlay (cases[i].rest, cases[i].set);
    g_assert_cmpstr (result, ==, cases[i].result);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/record/hash-vectors", test_hash_vectors);
  g_test_add_func ("/wire/record/sums-vectors", test_sums_vectors);
  g_test_add_func ("/wire/record/I20-hash-sees-everything",
                   test_I20_hash_sees_everything);
  g_test_add_func ("/wire/record/unknown-members-travel", test_unknown_members_travel);
  g_test_add_func ("/wire/record/learnt-member", test_learnt_member);
  g_test_add_func ("/wire/record/refused", test_refused);
  g_test_add_func ("/wire/record/rest-overlay", test_rest_overlay);
  return g_test_run ();
}
