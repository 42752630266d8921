/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open statuses and days since. */
#include "core/domain/csl-case-rules.h"

static void
test_open (void)
{
  static const char *const closed[] = { "completed", "referred", "cancelled", "",
                                        "Open" };

  for (const char *const *s = csl_case_list_open_statuses (); *s != NULL; s++)
    g_assert_true (csl_case_status_is_open (*s));
  for (guint i = 0; i < G_N_ELEMENTS (closed); i++)
    g_assert_false (csl_case_status_is_open (closed[i]));
  g_assert_false (csl_case_status_is_open (NULL));
}

static const struct
{
  const char *date, *today;
  int days;
} spans[] = {
  { "2026-11-21", "2026-11-21", 0 },
  { "2026-11-20", "2026-11-21", 1 },
  { "2026-11-22", "2026-11-21", -1 },
  { "2024-02-28", "2024-03-01", 2 },
  { "2026-11-20T23:59:59.999Z[Europe/London]", "2026-11-21", 1 },
  { "2026-11-20T23:59", "2026-11-21", CSL_CASE_NO_DATE },
  { "2026-13-20", "2026-11-21", CSL_CASE_NO_DATE },
  { "2026-11", "2026-11-21", CSL_CASE_NO_DATE },
  { NULL, "2026-11-21", CSL_CASE_NO_DATE },
  { "2026-11-20", NULL, CSL_CASE_NO_DATE },
};

static void
test_days_since (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    g_assert_cmpint (csl_case_days_since (spans[i].date, spans[i].today), ==,
                     spans[i].days);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/domain/case-rules/open", test_open);
  g_test_add_func ("/domain/case-rules/days-since", test_days_since);
  return g_test_run ();
}
