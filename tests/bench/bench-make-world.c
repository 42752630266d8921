/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-make-world FOLDER CASES NOTES: makes FOLDER/server, see bench-world.h. */
#include "bench/bench-world.h"

#include <stdio.h>

int
main (int argc, char **argv)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  g_auto (BenchNotes) notes = { 0 };
  g_auto (BenchWorld) world = { 0 };

  if (argc != 4) {
    fprintf (stderr, "bench-make-world FOLDER CASES NOTES\n");
    return 2;
  }
  bench_notes_init (&notes, 7);
  bench_world_init (&world, &notes, schema, argv[1],
                    (guint) g_ascii_strtoull (argv[2], NULL, 10),
                    (guint) g_ascii_strtoull (argv[3], NULL, 10));
  return 0;
}
