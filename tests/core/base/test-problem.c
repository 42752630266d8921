/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-problem.c: the list of problems keeps order, finds by path, prints lines. */
#include "core/base/csl-problem.h"

static void
test_list (void)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autofree char *none = csl_problems_dup_text (problems);

  g_assert_cmpstr (none, ==, "");
  g_assert_null (csl_problems_lookup (problems, "phone"));
  csl_problems_add (problems, "phone", "R-63", "%s: use digits only.", "Phone");
  csl_problems_add (problems, "phone", "length", "Phone: too long.");
  csl_problems_add (problems, "title", "required", "Title is missing.");

  g_assert_cmpuint (csl_problems_get_size (problems), ==, 3);
  g_assert_cmpstr (csl_problems_lookup (problems, "phone")->code, ==, "R-63");
  g_assert_cmpstr (csl_problems_get (problems, 2)->path, ==, "title");
  g_autofree char *text = csl_problems_dup_text (problems);
  g_assert_cmpstr (text, ==,
                   "phone: Phone: use digits only.\nphone: Phone: too long.\ntitle: "
                   "Title is missing.\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/problem/list", test_list);
  return g_test_run ();
}
