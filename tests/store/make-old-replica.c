/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-old-replica DEFINITIONS VERSION FILE: writes one of the files of tests/data/db; see tests/store/make-old-replicas. */
#include "old-replica.h"


int
main (int argc, char *argv[])
{
  g_autoptr (CslSchema) today = csl_schema_new_builtin ();
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (CslSchema) old = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  Fixture fixture = { 0 };
  gsize length = 0;

  if (argc != 4)
    g_error ("usage: make-old-replica DEFINITIONS VERSION FILE");
  old = csl_schema_new_from_folder (argv[1], problems);
  if (old == NULL)
    g_error ("%s", csl_problems_dup_text (problems));
  fixture_set_up_with (&fixture, old, today);
  old_replica_make (&fixture, (guint) g_ascii_strtoull (argv[2], NULL, 10));
  if (!g_file_get_contents (fixture.path, &content, &length, &error) ||
      !g_file_set_contents (argv[3], content, (gssize) length, &error))
    g_error ("%s", error->message);
  fixture_tear_down (&fixture, NULL);
  return 0;
}
