/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names, initials and ages. */
#include "core/domain/csl-person.h"

static const struct
{
  CslPersonName name;
  const char *display, *initials;
} names[] = {
  { { "Amina", "Rahman", NULL }, "Amina Rahman", "AR" },
  { { "Amina", "Rahman", "" }, "Amina Rahman", "AR" },
  { { "Amina", "Rahman", "Amina" }, "Amina Rahman", "AR" },
  { { "Elizabeth", "Jones", "Beth" }, "Beth (Elizabeth) Jones", "BJ" },
  { { "Elizabeth", NULL, "Beth" }, "Beth (Elizabeth)", "B" },
  { { NULL, "Jones", "Beth" }, "Beth Jones", "BJ" },
  { { NULL, "Jones", NULL }, "Jones", "J" },
  { { "Élise", "o’Brien", NULL }, "Élise o’Brien", "ÉO" },
  { { "山田", "太郎", NULL }, "山田 太郎", "山太" },
  { { "-", "(unknown)", NULL }, "- (unknown)", "U" },
  { { NULL, NULL, NULL }, NULL, "?" },
  { { "", "", "" }, NULL, "?" },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *display = csl_person_dup_display_name (&names[i].name);
    g_autofree char *initials = csl_person_dup_initials (&names[i].name);
    g_assert_cmpstr (display, ==, names[i].display);
    g_assert_cmpstr (initials, ==, names[i].initials);
  }
}

static const struct
{
  const char *born, *today;
  int age;
} ages[] = {
  { "1980-06-15", "2026-06-14", 45 }, { "1980-06-15", "2026-06-15", 46 },
  { "2000-02-29", "2026-02-28", 25 }, { "2000-02-29", "2026-03-01", 26 },
  { "2000-02-29", "2028-02-29", 28 }, { "2026-11-20", "2026-11-21", 0 },
  { "2026-11-21", "2026-11-21", 0 },  { "2026-11-22", "2026-11-21", -1 },
  { "1999-12-31", "2000-01-01", 0 },  { NULL, "2026-11-21", -1 },
  { "1980-06-15", NULL, -1 },         { "1980-02-30", "2026-11-21", -1 },
  { "yesterday", "2026-11-21", -1 },  { "1900-01-01", "2026-01-01", 126 },
};

static void
test_ages (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    g_assert_cmpint (csl_person_get_age (ages[i].born, ages[i].today), ==, ages[i].age);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/domain/person/names", test_names);
  g_test_add_func ("/domain/person/ages", test_ages);
  return g_test_run ();
}
