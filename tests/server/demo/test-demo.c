/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo agencies: enough of everything, the same for the same seed, and readable. */
#include "core/wire/csl-wire-record.h"
#include "server/demo/csd-demo.h"

/* Saturday 21 November 2026, 9:00 UTC */
#define NOW_MS G_GINT64_CONSTANT (1795251600000)

typedef struct
{
  GChecksum *digest;
  GHashTable *counts; /* type → number */
  GHashTable *notes;  /* set of note texts */
  guint today, repeated;
} Seen;

/* Nothing of the text's own language may be left over. */
static void
check_text (const CslRecord *record, const CslField *field, const CslValue *value)
{
  const char *text = csl_value_get_text (value);

  if (text == NULL || value->type != CSL_VALUE_TEXT)
    return;
  if (strpbrk (text, "{}|") != NULL || strstr (text, "  ") != NULL)
    g_error ("%s.%s: %s", record->type->name, field->name, text);
}

static bool
see_cb (CslRecord *record,
        const char *created_at,
        const char *created_by,
        gpointer data,
        GError **error)
{
  Seen *seen = data;
  g_autoptr (GString) json = g_string_new (NULL);
  const char *type = record->type->name;
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (seen->counts, type));

  (void) created_by;
  (void) error;
  csl_wire_record_write (record, json);
  g_checksum_update (seen->digest, (const guchar *) record->id, -1);
  g_checksum_update (seen->digest, (const guchar *) json->str, (gssize) json->len);
  g_checksum_update (seen->digest, (const guchar *) created_at, -1);
  g_hash_table_insert (seen->counts, g_strdup (type), GUINT_TO_POINTER (count + 1));
  for (guint i = 0; i < record->type->n_fields; i++)
    check_text (record, &record->type->fields[i], &record->values[i]);
  if (g_str_equal (type, "note"))
    if (!g_hash_table_add (seen->notes,
                           g_strdup (csl_record_get_text (record, "content"))))
      seen->repeated++;
  if (g_str_equal (type, "appointment"))
    seen->today +=
      g_str_has_prefix (csl_record_get_text (record, "start_at"), "2026-11-21");
  return true;
}

static void
seen_init (Seen *seen)
{
  *seen = (Seen){ 0 };
  seen->digest = g_checksum_new (G_CHECKSUM_SHA256);
  seen->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  seen->notes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
seen_clear (Seen *seen)
{
  g_checksum_free (seen->digest);
  g_hash_table_unref (seen->counts);
  g_hash_table_unref (seen->notes);
}

static void
make (Seen *seen, const char *key, guint32 seed, CsdDemoCount *count)
{
  static const CsdDemoSize size = { 200, 300, 4000 };
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdDemoCorpus) corpus = csd_demo_corpus_load (&error);
  g_autoptr (CsdDemoAgency) agency = NULL;
  g_autoptr (CslRecord) organisation = NULL;
  CsdDemoWorld world;

  g_assert_no_error (error);
  csd_demo_world_init (&world, schema, corpus, seed, NOW_MS);
  world.sink = see_cb;
  world.sink_data = seen;
  organisation = csd_demo_make_organisation (&world, key);
  agency = csd_demo_make (&world, key, organisation->id, &size, count);
  g_assert_no_error (world.error);
  g_assert_nonnull (agency);
  csd_demo_world_clear (&world);
}

static guint
get_count (const Seen *seen, const char *type)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (seen->counts, type));
}

static void
test_enough (gconstpointer key)
{
  Seen seen;
  CsdDemoCount count;

  seen_init (&seen);
  make (&seen, key, 7, &count);
  g_test_message (
    "%s: %u clients, %u cases, %u notes, %u appointments today, %u notes repeated",
    (const char *) key, count.clients, count.cases, count.notes, seen.today,
    seen.repeated);
  g_assert_cmpuint (count.clients, >=, 200);
  g_assert_cmpuint (count.cases, >=, 300);
  g_assert_cmpuint (count.notes, >=, 4000);
  g_assert_cmpuint (get_count (&seen, "note"), ==, count.notes);
  g_assert_cmpuint (get_count (&seen, "centre"), >=, 3);
  g_assert_cmpuint (get_count (&seen, "user"), >=, 6);
  g_assert_cmpuint (seen.today, >=, 6);
  g_assert_cmpuint (seen.repeated * 10, <, count.notes);
  seen_clear (&seen);
}

static void
test_same_seed (void)
{
  Seen first, second, other;
  CsdDemoCount count;

  seen_init (&first);
  seen_init (&second);
  seen_init (&other);
  make (&first, "uk", 11, &count);
  make (&second, "uk", 11, &count);
  make (&other, "uk", 12, &count);
  g_assert_cmpstr (g_checksum_get_string (first.digest), ==,
                   g_checksum_get_string (second.digest));
  g_assert_cmpstr (g_checksum_get_string (first.digest), !=,
                   g_checksum_get_string (other.digest));
  seen_clear (&first);
  seen_clear (&second);
  seen_clear (&other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/demo/uk/enough", "uk", test_enough);
  g_test_add_data_func ("/demo/us/enough", "us", test_enough);
  g_test_add_func ("/demo/R-52/same-seed-same-records", test_same_seed);
  return g_test_run ();
}
