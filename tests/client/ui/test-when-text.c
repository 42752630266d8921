/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates and times as people type them. */
#include "client/ui/fields/csl-when-text.h"

static const struct
{
  const char *typed, *date;
} dates[] = {
  { "20/11/2026", "2026-11-20" },
  { "20.11.2026", "2026-11-20" },
  { "2026-11-20", "2026-11-20" },
  { "20 Nov 2026", "2026-11-20" },
  { "20 november 2026", "2026-11-20" },
  { " 3 Feb 1999 ", "1999-02-03" },
  { "today", "2026-11-21" },
  { "Tomorrow", "2026-11-22" },
  { "yesterday", "2026-11-20" },
  { "29/02/2024", "2024-02-29" },
  { "29/02/2026", NULL },
  { "31/04/2026", NULL },
  { "", NULL },
  { "next spring", NULL },
  { "13", NULL },
  { "20/13/2026", NULL },
};

static const struct
{
  const char *typed, *instant;
} instants[] = {
  { "20/11/2026 15:30", "2026-11-20T15:30:00.000Z[Europe/London]" },
  { "1 Jul 2026 9:05", "2026-07-01T08:05:00.000Z[Europe/London]" },
  { "1 Jul 2026, 09:05", "2026-07-01T08:05:00.000Z[Europe/London]" },
  { "tomorrow 9:00", "2026-11-22T09:00:00.000Z[Europe/London]" },
  { "15:30", "2026-11-21T15:30:00.000Z[Europe/London]" },
  { "25:00", NULL },
  { "20/11/2026", NULL },
  { "soon", NULL },
  { "", NULL },
};

static void
test_dates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++) {
    g_autofree char *date = csl_when_text_to_date (dates[i].typed, "2026-11-21");
    g_test_message ("“%s”", dates[i].typed);
    g_assert_cmpstr (date, ==, dates[i].date);
  }
}

static void
test_instants (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (instants); i++) {
    g_autofree char *instant =
      csl_when_text_to_instant (instants[i].typed, "2026-11-21", "Europe/London");
    g_test_message ("“%s”", instants[i].typed);
    g_assert_cmpstr (instant, ==, instants[i].instant);
  }
}

/* What is shown can be typed again and means the same. */
static void
test_there_and_back (void)
{
  g_autofree char *shown =
    csl_when_text_from_instant ("2026-07-01T08:05:00.000Z[Europe/London]",
                                "Europe/London");
  g_autofree char *again =
    csl_when_text_to_instant (shown, "2026-11-21", "Europe/London");
  g_autofree char *day = csl_when_text_from_date ("2026-11-20");

  g_assert_cmpstr (shown, ==, "1 Jul 2026 09:05");
  g_assert_cmpstr (again, ==, "2026-07-01T08:05:00.000Z[Europe/London]");
  g_assert_cmpstr (day, ==, "20 Nov 2026");
  g_assert_null (csl_when_text_from_date ("2026-13-01"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/when-text/dates", test_dates);
  g_test_add_func ("/when-text/instants", test_instants);
  g_test_add_func ("/when-text/there-and-back", test_there_and_back);
  return g_test_run ();
}
