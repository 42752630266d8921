/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-refusal-text.c: every code of the protocol has a sentence of this program; the words of the
 * server are only for codes it does not know. */
#include "client/app/csl-refusal-text.h"
#include "core/schema/csl-schema.h"

#include <string.h>

#define SERVER_WORDS "Words of the server."

static CslSchema *schema;

static char *
refuse (const char *type, const char *code, const char *field)
{
  return csl_refusal_text_dup (csl_schema_lookup_type (schema, type), code, field,
                               SERVER_WORDS);
}

static void
check (const char *type, const char *code, const char *field, const char *expected)
{
  g_autofree char *text = refuse (type, code, field);

  g_assert_cmpstr (text, ==, expected);
}

/* The table of docs/protocol.md: | `required`, `length` | one field breaks its rules | */
static void
test_protocol (void)
{
  g_autofree char *path =
    g_build_filename (g_getenv ("CSL_TEST_SOURCE_ROOT"), "docs", "protocol.md", NULL);
  g_autofree char *document = NULL;
  g_auto (GStrv) cells = NULL;
  g_autoptr (GError) error = NULL;
  const char *start;
  char *end;
  guint found = 0;

  g_file_get_contents (path, &document, NULL, &error);
  g_assert_no_error (error);
  start = strstr (document, "`code` of a rejected operation");
  g_assert_nonnull (start);
  start = strstr (start, "|---|---|\n") + strlen ("|---|---|\n");
  end = strstr (start, "\n\n");
  g_assert_nonnull (end);
  *end = '\0';
  cells = g_strsplit (start, "\n", -1);
  for (guint i = 0; cells[i] != NULL; i++) {
    g_auto (GStrv) columns = g_strsplit (cells[i], "|", 3);
    g_auto (GStrv) codes = g_strsplit (columns[1], "`", -1);

    /* Every second piece stands between back quotes; "R-…" stands for many. */
    for (guint k = 1; codes[k - 1] != NULL && codes[k] != NULL; k += 2) {
      g_autofree char *text = NULL;

      if (strstr (codes[k], "…") != NULL)
        continue;
      text = refuse ("client", codes[k], "phone_primary");
      g_test_message ("%s: %s", codes[k], text);
      g_assert_cmpstr (text, !=, SERVER_WORDS);
      g_assert_true (g_str_has_suffix (text, "."));
      found++;
    }
  }
  g_assert_cmpuint (found, >, 20);
}

static void
test_sentences (void)
{
  check ("client", "required", "first_name", "First name: please fill this in.");
  check ("client", "required", NULL, "This: please fill this in.");
  check ("client", "forbidden", NULL, "Your role does not allow this.");
  check ("client", "R-63", "phone_primary",
         "Phone: use digits, spaces, hyphens and brackets only.");
}

/* Checks and workflows have their sentence in the definition. */
static void
test_definitions (void)
{
  check ("client", "R-67", "intake_date",
         "The date of birth must not be after the day they first came to us.");
  check ("case", "advisor_needed", "advisor",
         "Choose the caseworker who takes the case.");
}

static void
test_unknown (void)
{
  g_autofree char *nothing = csl_refusal_text_dup (NULL, NULL, NULL, NULL);
  g_autofree char *only_words = csl_refusal_text_dup (NULL, NULL, NULL, SERVER_WORDS);

  check ("client", "of_tomorrow", NULL, SERVER_WORDS);
  g_assert_null (nothing);
  g_assert_cmpstr (only_words, ==, SERVER_WORDS);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  schema = csl_schema_new_builtin ();
  g_test_add_func ("/refusal-text/protocol", test_protocol);
  g_test_add_func ("/refusal-text/sentences", test_sentences);
  g_test_add_func ("/refusal-text/definitions", test_definitions);
  g_test_add_func ("/refusal-text/unknown", test_unknown);
  status = g_test_run ();
  csl_schema_unref (schema);
  return status;
}
