/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-builtin.c: the definitions shipped with the program load without a problem. */
#include "core/schema/csl-schema.h"

static void
test_folder (void)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "data", NULL);
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) schema = csl_schema_new_from_folder (path, problems);
  g_autofree char *text = csl_problems_dup_text (problems);

  g_assert_cmpstr (text, ==, "");
  g_assert_nonnull (schema);
}

static void
test_builtin (void)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  g_autoptr (CslSchema) again = csl_schema_ref (schema);

  g_assert_cmpuint (csl_schema_get_version (schema), ==, 1);
  g_assert_cmpuint (csl_schema_get_n_types (schema), >=, 25);
  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);
    g_assert_cmpuint (type->position, ==, i);
    g_assert_true (csl_schema_lookup_type (schema, type->name) == type);
    for (guint k = 0; k < type->n_fields; k++) {
      const CslField *field = &type->fields[k];
      g_assert_cmpuint (field->index, ==, k);
      g_assert_true (csl_record_type_lookup_field (type, field->name) == field);
      if (k > 0)
        g_assert_cmpstr (type->fields[type->wire_order[k - 1]].name, <,
                         type->fields[type->wire_order[k]].name);
    }
  }
  const CslRecordType *cases = csl_schema_lookup_type (schema, "case");
  g_assert_nonnull (cases->workflow);
  g_assert_null (csl_schema_lookup_type (schema, "none"));
}

static guint n_derived;

static char *
derive (const CslSchema *schema)
{
  n_derived++;
  return g_strdup_printf ("%u types", csl_schema_get_n_types (schema));
}

static char *
derive_else (const CslSchema *schema)
{
  return g_strdup ("else");
}

/* Made once for each schema. */
static void
test_derive (void)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  g_autoptr (CslSchema) other = csl_schema_new_builtin ();
  const char *text = csl_schema_derive (schema, derive);

  g_assert_true (g_str_has_suffix (text, " types"));
  g_assert_true (csl_schema_derive (schema, derive) == text);
  g_assert_cmpuint (n_derived, ==, 1);
  g_assert_cmpstr (csl_schema_derive (schema, derive_else), ==, "else");
  g_assert_true (csl_schema_derive (schema, derive) == text);
  g_assert_true (csl_schema_derive (other, derive) != text);
  g_assert_cmpuint (n_derived, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/builtin/folder", test_folder);
  g_test_add_func ("/schema/builtin/compiled-in", test_builtin);
  g_test_add_func ("/schema/builtin/derive", test_derive);
  return g_test_run ();
}
