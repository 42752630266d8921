/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-definitions.c: a good set of definitions loads; each broken one is reported exactly as
 * tests/data/types/bad/<case>/expected.txt says.
 */
#include "core/schema/csl-schema.h"

#include <glib/gstdio.h>

static char *
data_path (const char *name)
{
  return g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "tests", "data", "types",
                           name, NULL);
}

/* Copies a folder over another one; an empty file removes its counterpart. */
static void
lay_over (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (from, 0, &error);
  const char *name;

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (to, 0700), ==, 0);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *source = g_build_filename (from, name, NULL);
    g_autofree char *target = g_build_filename (to, name, NULL);
    g_autofree char *content = NULL;
    gsize length;
    if (g_file_test (source, G_FILE_TEST_IS_DIR)) {
      lay_over (source, target);
      continue;
    }
    g_assert_true (g_file_get_contents (source, &content, &length, NULL));
    /* A shorter text would leave the end of a longer one behind. */
    g_unlink (target);
    if (length > 0)
      g_assert_true (g_file_set_contents_full (target, content, (gssize) length,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  }
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    remove_folder (inner);
  }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
test_good (void)
{
  g_autofree char *path = data_path ("good");
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_from_folder (path, problems);
  g_autofree char *text = csl_problems_dup_text (problems);

  g_assert_cmpstr (text, ==, "");
  g_assert_nonnull (schema);
  static const char *const order[] = { "centre", "user", "client", "case", "sample" };
  g_assert_cmpuint (csl_schema_get_n_types (schema), ==, G_N_ELEMENTS (order));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpstr (csl_schema_get_type (schema, i)->name, ==, order[i]);
}

/* What the definition of a case says arrives in the structs. */
static void
test_good_case (void)
{
  g_autofree char *path = data_path ("good");
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_from_folder (path, problems);
  const CslRecordType *type = csl_schema_lookup_type (schema, "case");

  g_assert_cmpstr (type->module, ==, "work");
  g_assert_cmpstr (type->icon, ==, "folder-symbolic");
  g_assert_true (type->workflow == csl_schema_lookup_workflow (schema, "case_status"));
  g_assert_cmpstr (type->fields[type->when_field].name, ==, "created_at");
  g_assert_cmpstr (type->fields[type->client_field].name, ==, "client");
  g_assert_cmpint (type->case_field, ==, -1);
  g_assert_cmpstr (type->fields[type->sort_field].name, ==, "opened");
  g_assert_true (type->sort_descending);
  g_assert_true (type->by_attention);
  g_assert_true (type->contact);
  g_assert_cmpuint (type->n_sections, ==, 2);
  g_assert_true (type->sections[1].more && !type->sections[0].more);
  g_assert_cmpuint (type->n_indexes, ==, 2);
  g_assert_cmpstr (type->fields[type->indexes[1][1]].name, ==, "created_at");
  g_assert_cmpuint (type->indexes[1][2], ==, (guint) -1);
  g_assert_cmpuint (type->n_groups, ==, 1);
  const CslField *status = csl_record_type_lookup_field (type, "status");
  g_assert_cmpint (status->group, ==,
                   csl_record_type_lookup_field (type, "closed")->group);
  g_assert_cmpstr (type->group_names[status->group], ==, "status");
  g_assert_cmpint (csl_record_type_lookup_field (type, "title")->group, ==, -1);
  g_assert_true (csl_record_type_lookup_field (type, "client")->flags ==
                 (CSL_FIELD_REQUIRED | CSL_FIELD_ONCE));
  g_assert_true (csl_record_type_lookup_field (type, "number")->flags ==
                 (CSL_FIELD_SERVER | CSL_FIELD_UNIQUE));
  g_assert_true (csl_record_type_is_searchable (type));
  g_assert_false (
    csl_record_type_is_searchable (csl_schema_lookup_type (schema, "sample")));
  g_assert_null (csl_record_type_lookup_field (type, "nickname"));
}

/* Without a form: one section without what is hidden or the server's. */
static void
test_good_default_form (void)
{
  g_autofree char *path = data_path ("good");
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_from_folder (path, problems);
  const CslRecordType *type = csl_schema_lookup_type (schema, "sample");

  g_assert_cmpuint (type->n_sections, ==, 1);
  for (guint i = 0; i < type->sections[0].n_fields; i++) {
    const CslField *field = &type->fields[type->sections[0].fields[i]];
    g_assert_cmpint (field->flags & (CSL_FIELD_HIDDEN | CSL_FIELD_SERVER), ==, 0);
  }
  const CslField *email = csl_record_type_lookup_field (type, "email");
  g_assert_cmpint (email->policy, ==, CSL_MERGE_FIRST);
  g_assert_cmpuint (csl_record_type_lookup_field (type, "agenda")->n_columns, ==, 3);
}

static void
test_roles_and_enums (void)
{
  g_autofree char *path = data_path ("good");
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_from_folder (path, problems);
  const CslRole *worker = csl_schema_lookup_role (schema, "worker");
  CslGrant cases = csl_role_get_grant (worker, "cases");
  CslGrant none = csl_role_get_grant (worker, "money");
  const CslEnum *status = csl_schema_lookup_enum (schema, "status");

  g_assert_cmpstr (csl_role_get_label (worker), ==, "Worker");
  g_assert_cmpint (cases.scope, ==, CSL_SCOPE_OWN);
  g_assert_cmpint (cases.actions, ==,
                   CSL_ACTION_READ | CSL_ACTION_CREATE | CSL_ACTION_UPDATE);
  g_assert_cmpint (none.scope, ==, CSL_SCOPE_NONE);
  g_assert_cmpint (none.actions, ==, 0);
  g_assert_cmpint (
    csl_role_get_grant (csl_schema_lookup_role (schema, "manager"), "cases").scope, ==,
    CSL_SCOPE_CENTRE);
  g_assert_cmpstr (csl_enum_get_label (status, "closed"), ==, "Closed");
  g_assert_cmpstr (csl_enum_get_label (status, "unheard_of"), ==, "unheard_of");
  g_assert_cmpint (csl_enum_get_position (status, "parked"), ==, 3);
  g_assert_cmpint (csl_enum_get_position (status, NULL), ==, -1);
  g_assert_true (csl_enum_lookup (status, "parked")->retired);
  g_assert_cmpstr (csl_enum_lookup (status, "new")->style, ==, "accent");
  g_assert_null (csl_schema_lookup_role (schema, "king"));
}

static void
test_no_folder (void)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_from_folder ("/nonexistent", problems);

  g_assert_null (schema);
  g_assert_cmpstr (csl_problems_get (problems, 0)->message, ==,
                   "there are no record types");
}

static void
test_bad (gconstpointer data)
{
  g_autofree char *good = data_path ("good"), *bad = data_path (data);
  g_autofree char *expected_path = g_build_filename (bad, "expected.txt", NULL);
  g_autofree char *expected = NULL;
  g_autofree char *path = g_dir_make_tmp ("definitions-XXXXXX", NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();

  g_assert_true (g_file_get_contents (expected_path, &expected, NULL, NULL));
  lay_over (good, path);
  lay_over (bad, path);
  g_autoptr (CslSchema) schema = csl_schema_new_from_folder (path, problems);
  g_autofree char *text = csl_problems_dup_text (problems);
  g_assert_null (schema);
  g_assert_cmpstr (text, ==, expected);
  remove_folder (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *path = data_path ("bad");
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/definitions/good", test_good);
  g_test_add_func ("/schema/definitions/good-case", test_good_case);
  g_test_add_func ("/schema/definitions/good-default-form", test_good_default_form);
  g_test_add_func ("/schema/definitions/roles-and-enums", test_roles_and_enums);
  g_test_add_func ("/schema/definitions/no-folder", test_no_folder);
  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *test = g_strconcat ("/schema/definitions/bad/", name, NULL);
    g_test_add_data_func_full (test, g_build_filename ("bad", name, NULL), test_bad,
                               g_free);
  }
  return g_test_run ();
}
