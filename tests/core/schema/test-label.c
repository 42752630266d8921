/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-label.c: every word of every definition is looked up under the context it is taken out with.
 * The catalogue is the pseudo language, in which every text stands in brackets. */
#include "config.h"

#include "core/schema/csl-label.h"
#include "core/schema/csl-schema.h"
#include "core/schema/csl-workflow-internal.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <stdarg.h>

static CslSchema *schema;

static void
run (const char *program, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  va_list more;

  va_start (more, program);
  for (const char *word = program; word != NULL; word = va_arg (more, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (more);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

/* gettext reads LANGUAGE in every locale but C, newer versions also not in C.UTF-8; a bare machine has no other. */
static void
bind_pseudo_language (void)
{
  const char *root = g_getenv ("CSL_TEST_SOURCE_ROOT");
  g_autofree char *script = g_build_filename (root, "build-aux", "pseudo-locale", NULL);
  g_autofree char *folder = g_build_filename (g_get_tmp_dir (), "locale", NULL);
  g_autofree char *locale = g_build_filename (folder, "en_GB.UTF-8", NULL);

  run (script, folder, NULL);
  run ("localedef", "-i", "en_GB", "-f", "UTF-8", locale, NULL);
  g_setenv ("LOCPATH", folder, TRUE);
  g_assert_cmpstr (setlocale (LC_ALL, "en_GB.UTF-8"), ==, "en_GB.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}

static void
check (const char *where, const char *what, const char *text)
{
  if (text[0] != '[')
    g_test_message ("%s, %s: “%s” is not translated", where, what, text);
  g_assert_cmpint (text[0], ==, '[');
}

static void
check_field (const CslField *field, const char *where)
{
  const char *unit = csl_label_unit (field);

  check (where, field->name, csl_label_field (field));
  if (csl_label_help (field) != NULL)
    check (where, field->name, csl_label_help (field));
  if (unit != NULL && g_ascii_isalpha (*unit) &&
      !g_str_equal (field->kind->name, "money"))
    check (where, field->name, unit);
  for (guint i = 0; i < field->n_columns; i++)
    check_field (&field->columns[i], where);
}

static void
test_types (void)
{
  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);
    g_autofree char *new_one = csl_label_dup_new (type);

    check (type->name, "label", csl_label_type (type));
    check (type->name, "label_plural", csl_label_types (type));
    check (type->name, "new", new_one);
    for (guint k = 0; k < type->n_fields; k++)
      check_field (&type->fields[k], type->name);
    for (guint k = 0; k < type->n_sections; k++)
      if (type->sections[k].title != NULL)
        check (type->name, "section", csl_label_section (type, &type->sections[k]));
    for (guint k = 0; k < type->n_checks; k++)
      check (type->name, type->checks[k].code,
             g_dgettext (GETTEXT_PACKAGE, type->checks[k].message));
  }
}

static void
test_values (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);

    for (guint k = 0; k < type->n_fields; k++) {
      const CslEnum *options = type->fields[k].options;

      if (options == NULL || !g_hash_table_add (seen, (gpointer) options))
        continue;
      for (guint v = 0; v < options->n_values; v++)
        check (options->name, options->values[v].value,
               csl_label_value (options, options->values[v].value));
      g_assert_cmpstr (csl_label_value (options, "unheard_of"), ==, "unheard_of");
    }
  }
  g_assert_cmpuint (g_hash_table_size (seen), >, 20);
  g_assert_cmpstr (csl_label_value (NULL, NULL), ==, "");
}

static void
test_transitions (void)
{
  const CslWorkflow *workflow = csl_schema_lookup_workflow (schema, "case_status");

  g_assert_cmpuint (workflow->steps->len, >, 5);
  for (guint i = 0; i < workflow->steps->len; i++) {
    const CslWorkflowStep *step = g_ptr_array_index (workflow->steps, i);

    check ("case_status", step->transition.to, csl_label_transition (&step->transition));
    for (guint k = 0; k < step->guards->len; k++)
      check ("case_status", step->transition.to,
             g_dgettext (GETTEXT_PACKAGE,
                         g_array_index (step->guards, CslTypeCheck, k).message));
  }
}

static void
test_roles (void)
{
  static const char *const names[] = { "caseworker", "clerk", "manager", "auditor" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    check ("role", names[i], csl_label_role (csl_schema_lookup_role (schema, names[i])));
}

/* One English word, two words elsewhere. */
static void
test_contexts (void)
{
  g_assert_cmpstr (g_dpgettext2 (GETTEXT_PACKAGE, "client", "Title"), !=, "Title");
  g_assert_cmpstr (g_dpgettext2 (GETTEXT_PACKAGE, "case", "Title"), !=, "Title");
  g_assert_cmpstr (g_dpgettext2 (GETTEXT_PACKAGE, "no such context", "Title"), ==,
                   "Title");
}

int
main (int argc, char **argv)
{
  int status;

  g_setenv ("LANGUAGE", "en_XA", TRUE);
  g_test_init (&argc, &argv, NULL);
  bind_pseudo_language ();
  schema = csl_schema_new_builtin ();
  g_test_add_func ("/schema/label/types", test_types);
  g_test_add_func ("/schema/label/values", test_values);
  g_test_add_func ("/schema/label/transitions", test_transitions);
  g_test_add_func ("/schema/label/roles", test_roles);
  g_test_add_func ("/schema/label/contexts", test_contexts);
  status = g_test_run ();
  csl_schema_unref (schema);
  return status;
}
