/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The content of a sealed copy: the vector comes out as it went in; what is incomplete or newer is refused as a whole. */
#include "core/wire/csl-work-copy.h"

#include <string.h>

#define HEAD                                                                             \
  "{\"t\":\"work\",\"v\":1,\"organisation\":\"o\",\"user\":\"u\",\"device\":\"d\","      \
  "\"inc\":\"i\",\"at\":\"2026-11-20T15:04:00.000Z\",\"ops\":"
#define LINE "{\"op\":\"a\",\"n\":7,\"set\":{\"x\":[1,2]}}"

static void
test_vector (void)
{
  g_autofree char *path =
    g_test_build_filename (G_TEST_DIST, "data", "sealed", "vector.txt", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (CslWorkCopy) copy = { 0 };
  g_autoptr (GString) again = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, &error));
  g_assert_true (csl_work_copy_parse (&copy, text, length, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (copy.lines->len, ==, 2);
  g_assert_cmpstr (copy.name, ==, "Amina Rahman");
  again = csl_work_copy_print (&copy, &error);
  g_assert_cmpstr (again->str, ==, text);
}

/* Only the number of a line changes: every other byte is the author's. */
static void
test_numbers (void)
{
  static const char text[] = HEAD "1}\n" LINE "\n";
  g_auto (CslWorkCopy) copy = { 0 };
  g_autoptr (GString) again = NULL;

  g_assert_true (csl_work_copy_parse (&copy, text, strlen (text), NULL));
  again = csl_work_copy_print (&copy, NULL);
  g_assert_nonnull (
    strstr (again->str, "{\"op\":\"a\",\"n\":1,\"set\":{\"x\":[1,2]}}\n"));
}

#define DRAFTS                                                                           \
  "{\"t\":\"work\",\"v\":2,\"organisation\":\"o\",\"user\":\"u\",\"device\":\"d\","      \
  "\"inc\":\"i\",\"at\":\"2026-11-20T15:04:00.000Z\",\"ops\":1,\"drafts\":"
#define DRAFT "{\"t\":\"draft\",\"id\":\"x\",\"set\":{\"form_data\":\"half a\"}}"

/* Behind the operations; a copy without any is one that older programs read. */
static void
test_drafts (void)
{
  static const char text[] = DRAFTS "2}\n{\"op\":\"a\",\"n\":1}\n" DRAFT "\n" DRAFT "\n";
  g_auto (CslWorkCopy) copy = { 0 };
  g_autoptr (GString) again = NULL;
  g_autoptr (GString) without = NULL;

  g_assert_true (csl_work_copy_parse (&copy, text, strlen (text), NULL));
  g_assert_cmpuint (copy.lines->len, ==, 1);
  g_assert_cmpuint (copy.drafts->len, ==, 2);
  g_assert_cmpstr (copy.drafts->pdata[1], ==, DRAFT);
  again = csl_work_copy_print (&copy, NULL);
  g_assert_cmpstr (again->str, ==, text);
  g_ptr_array_set_size (copy.drafts, 0);
  without = csl_work_copy_print (&copy, NULL);
  g_assert_nonnull (strstr (without->str, "\"v\":1,"));
  g_assert_null (strstr (without->str, "draft"));
}

static const struct
{
  const char *name, *text;
  int code;
} bad[] = {
  { "empty", "", CSL_WIRE_ERROR_SYNTAX },
  { "no-newline", HEAD "0}", CSL_WIRE_ERROR_SYNTAX },
  { "not-json", "hello\n", CSL_WIRE_ERROR_SYNTAX },
  { "another-kind", "{\"t\":\"push\"}\n", CSL_WIRE_ERROR_SYNTAX },
  { "newer", "{\"t\":\"work\",\"v\":3}\n", CSL_WIRE_ERROR_UNKNOWN },
  { "nobody", "{\"t\":\"work\",\"v\":1,\"ops\":0}\n", CSL_WIRE_ERROR_VALUE },
  { "a-line-missing", HEAD "2}\n" LINE "\n", CSL_WIRE_ERROR_VALUE },
  { "a-line-too-many", HEAD "0}\n" LINE "\n", CSL_WIRE_ERROR_VALUE },
  { "cut-line", HEAD "1}\n" LINE, CSL_WIRE_ERROR_VALUE },
  { "no-operation", HEAD "1}\n{\"n\":1}\n", CSL_WIRE_ERROR_VALUE },
  { "a-draft-missing", DRAFTS "2}\n" LINE "\n" DRAFT "\n", CSL_WIRE_ERROR_VALUE },
  { "a-draft-too-many", DRAFTS "1}\n" LINE "\n" DRAFT "\n" DRAFT "\n",
    CSL_WIRE_ERROR_VALUE },
  { "no-draft", DRAFTS "1}\n" LINE "\n{\"t\":\"draft\",\"id\":7}\n",
    CSL_WIRE_ERROR_VALUE },
  { "no-number", HEAD "1}\n{\"op\":\"a\"}\n", CSL_WIRE_ERROR_VALUE },
};

static void
test_bad (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  CslWorkCopy copy;

  g_assert_false (csl_work_copy_parse (&copy, bad[i].text, strlen (bad[i].text), &error));
  g_assert_error (error, CSL_WIRE_ERROR, bad[i].code);
  g_assert_null (copy.lines);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/work-copy/vector", test_vector);
  g_test_add_func ("/wire/work-copy/numbers", test_numbers);
  g_test_add_func ("/wire/work-copy/drafts", test_drafts);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *path = g_strconcat ("/wire/work-copy/bad/", bad[i].name, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_bad);
  }
  return g_test_run ();
}
