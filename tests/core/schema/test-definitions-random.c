/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-definitions-random.c: good definitions with a random change each. The loader answers with a
 * schema or with problems, never a crash; a schema it accepts is sound enough to fill, check and
 * name a record of every type. The seed is printed by the test program; --seed=… repeats a run.
 */
#include "core/schema/schema-sample.h"

#include <glib/gstdio.h>
#include <string.h>

#define N_RUNS 400

static const char *const paths[] = {
  "enums/colour.json",      "enums/sensitivity.json",     "enums/status.json",
  "roles/manager.json",     "roles/worker.json",          "types/core/centre.json",
  "types/core/client.json", "types/core/user.json",       "types/work/case.json",
  "types/work/sample.json", "workflows/case_status.json",
};

static const char *const values[] = {
  "null",
  "true",
  "false",
  "0",
  "-1",
  "1000000",
  "1.5",
  "[]",
  "{}",
  "\"\"",
  "\"id\"",
  "\"client\"",
  "\"case\"",
  "\"user\"",
  "\"sample\"",
  "\"status\"",
  "\"title\"",
  "\"colour\"",
  "\"created_at\"",
  "\"text\"",
  "\"integer\"",
  "\"date\"",
  "\"instant\"",
  "\"enum\"",
  "\"enum_set\"",
  "\"reference\"",
  "\"money\"",
  "\"file\"",
  "\"object_list\"",
  "\"address\"",
  "\"=today\"",
  "\"=me\"",
  "\"=\"",
  "\"-title\"",
  "\"role:\"",
  "\"organisation\"",
  "\"'; --\"",
  "[[]]",
  "[null]",
  "{\"field\":\"title\",\"set\":true}",
  "{\"not\":{\"field\":\"status\",\"in\":[\"new\"]}}",
  "{\"scope\":\"user\",\"field\":\"owner\"}",
};

static JsonNode *
random_value (void)
{
  const char *text = values[g_test_rand_int_range (0, G_N_ELEMENTS (values))];

  return json_from_string (text, NULL);
}

static void change (JsonNode *node);

static bool
is_container (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node) || JSON_NODE_HOLDS_ARRAY (node);
}

static void
change_object (JsonObject *object)
{
  g_autoptr (GList) names = json_object_get_members (object);
  guint n = g_list_length (names);
  g_autofree char *name =
    n > 0
      ? g_strdup (g_list_nth_data (names, (guint) g_test_rand_int_range (0, (gint32) n)))
      : g_strdup ("type");

  switch (g_test_rand_int_range (0, 8)) {
  case 0:
    json_object_set_member (object, name, random_value ());
    break;
  case 1:
    if (n > 0)
      json_object_remove_member (object, name);
    break;
  default:
    if (n > 0 && is_container (json_object_get_member (object, name)))
      change (json_object_get_member (object, name));
    else
      json_object_set_member (object, name, random_value ());
  }
}

static void
change_array (JsonArray *array)
{
  guint n = json_array_get_length (array);
  guint at = n > 0 ? (guint) g_test_rand_int_range (0, (gint32) n) : 0;

  switch (g_test_rand_int_range (0, 8)) {
  case 0:
    json_array_add_element (array, random_value ());
    break;
  case 1:
    if (n > 0)
      json_array_remove_element (array, at);
    break;
  case 2:
    if (n > 0)
      json_array_add_element (array, json_node_copy (json_array_get_element (array, at)));
    break;
  default:
    if (n > 0 && is_container (json_array_get_element (array, at))) {
      change (json_array_get_element (array, at));
      return;
    }
    if (n > 0)
      json_array_remove_element (array, at);
    json_array_add_element (array, random_value ());
  }
}

/* Values are exchanged in their containers; a node cannot become another one. */
static void
change (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    change_object (json_node_get_object (node));
  else if (JSON_NODE_HOLDS_ARRAY (node))
    change_array (json_node_get_array (node));
}

static char *
dup_good (const char *path)
{
  g_autofree char *full = g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests",
                                            "data", "types", "good", path, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (full, &text, NULL, NULL));
  return text;
}

static void
write_file (const char *folder, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (folder, path, NULL);
  g_autofree char *inner = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (inner, 0700), ==, 0);
  g_assert_true (
    g_file_set_contents_full (full, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* Whatever the schema is now, its records must work. */
static void
use (const CslSchema *schema)
{
  CslDefaults defaults = { .now_ms = 0,
                           .zone = "Europe/London",
                           .user = ID_A,
                           .centre = ID_B };

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);
    g_autoptr (CslRecord) record = csl_record_new (type, ID_A);
    g_autoptr (CslProblems) problems = csl_problems_new ();
    csl_record_apply_defaults (record, &defaults);
    for (guint k = 0; k < type->n_fields; k++) {
      g_autoptr (GString) sql = g_string_new (NULL);
      type->fields[k].kind->parse (&type->fields[k], "12", &record->values[k], problems);
      type->fields[k].kind->sql_check (&type->fields[k], "\"c\"", sql);
    }
    csl_record_validate (record, problems);
    g_autofree char *title = csl_record_dup_title (record);
    g_autofree char *bucket = csl_record_dup_bucket (record, ID_B);
    g_assert_cmpstr (title, !=, "");
    if (type->workflow != NULL) {
      CslActor actor = { ID_A, NULL };
      g_autoptr (GPtrArray) list =
        csl_workflow_list_transitions (type->workflow, record, &actor);
      csl_workflow_check (type->workflow, NULL, record, &actor, NULL, problems);
    }
  }
}

static void
test_change (void)
{
  g_autofree char *folder = g_dir_make_tmp ("definitions-XXXXXX", NULL);
  guint accepted = 0;

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *text = dup_good (paths[i]);
    write_file (folder, paths[i], text);
  }
  for (int i = 0; i < N_RUNS; i++) {
    const char *path = paths[g_test_rand_int_range (0, G_N_ELEMENTS (paths))];
    g_autofree char *good = dup_good (path);
    g_autoptr (JsonNode) node = json_from_string (good, NULL);
    g_autoptr (CslProblems) problems = csl_problems_new ();
    change (node);
    g_autofree char *changed = json_to_string (node, TRUE);
    write_file (folder, path, changed);
    g_autoptr (CslSchema) schema = csl_schema_new_from_folder (folder, problems);
    g_assert_cmpint (schema != NULL, ==, csl_problems_get_size (problems) == 0);
    if (schema != NULL) {
      accepted++;
      use (schema);
    }
    write_file (folder, path, good);
  }
  g_test_message ("%u of %u changed definitions were good", accepted, N_RUNS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/definitions-random/change", test_change);
  return g_test_run ();
}
