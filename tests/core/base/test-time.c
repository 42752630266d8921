/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-time.c: dates and instants in their one text form. */
#include "core/base/csl-time.h"

static void
test_date_table (void)
{
  static const struct
  {
    const char *text;
    int days; /* G_MININT: not a date */
  } cases[] = {
    { "1970-01-01", 0 },        { "1969-12-31", -1 },       { "2000-02-29", 11016 },
    { "2026-11-20", 20777 },    { "0001-01-01", -719162 },  { "9999-12-31", 2932896 },
    { "1900-02-29", G_MININT }, { "2026-02-29", G_MININT }, { "2026-04-31", G_MININT },
    { "2026-13-01", G_MININT }, { "2026-00-10", G_MININT }, { "2026-01-00", G_MININT },
    { "0000-01-01", G_MININT }, { "2026-1-1", G_MININT },   { "2026-11-20 ", G_MININT },
    { " 2026-11-2", G_MININT }, { "20/11/2026", G_MININT }, { "2026-11-2x", G_MININT },
    { "-026-11-20", G_MININT }, { "+026-11-20", G_MININT }, { "2026", G_MININT },
    { "", G_MININT },           { NULL, G_MININT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpint (csl_date_to_days (cases[i].text), ==, cases[i].days);
    g_assert_cmpint (csl_date_is_valid (cases[i].text), ==, cases[i].days != G_MININT);
    if (cases[i].days != G_MININT) {
      g_autofree char *again = csl_date_from_days (cases[i].days);
      g_assert_cmpstr (again, ==, cases[i].text);
    }
  }
  g_assert_null (csl_date_from_days (-719163));
  g_assert_null (csl_date_from_days (2932897));
}

static void
test_date_every_day (void)
{
  g_autofree char *before = csl_date_from_days (-150000);

  for (int days = -149999; days < 150000; days++) {
    g_autofree char *text = csl_date_from_days (days);
    g_assert_cmpint (csl_date_to_days (text), ==, days);
    g_assert_cmpstr (before, <, text);
    g_free (before);
    before = g_steal_pointer (&text);
  }
}

static void
test_instant_good (void)
{
  static const struct
  {
    const char *text;
    gint64 ms;
    const char *zone;
  } cases[] = {
    { "1970-01-01T00:00:00.000Z", 0, NULL },
    { "1969-12-31T23:59:59.999Z", -1, NULL },
    { "2026-11-20T20:11:03.123Z[Europe/London]", G_GINT64_CONSTANT (1795205463123),
      "Europe/London" },
    { "2026-11-20T20:11:03.123Z[America/Argentina/Buenos_Aires]",
      G_GINT64_CONSTANT (1795205463123), "America/Argentina/Buenos_Aires" },
    { "2026-11-20T20:11:03.123Z[Etc/GMT+1]", G_GINT64_CONSTANT (1795205463123),
      "Etc/GMT+1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 ms = 7;
    g_autofree char *zone = NULL;
    g_assert_true (csl_instant_parse (cases[i].text, &ms, &zone));
    g_assert_cmpint (ms, ==, cases[i].ms);
    g_assert_cmpstr (zone, ==, cases[i].zone);
    g_autofree char *again = csl_instant_format (ms, zone);
    g_assert_cmpstr (again, ==, cases[i].text);
  }
}

static void
test_instant_bad (void)
{
  static const char *const cases[] = {
    NULL,
    "",
    "2026-11-20",
    "2026-11-20T20:11:03Z",
    "2026-11-20T20:11:03.123",
    "2026-11-20T20:11:03.123z",
    "2026-11-20t20:11:03.123Z",
    "2026-11-20 20:11:03.123Z",
    "2026-11-20T20:11:03.123+01:00",
    "2026-11-20T24:00:00.000Z",
    "2026-11-20T23:59:60.000Z",
    "2026-11-20T20:61:03.123Z",
    "2026-02-30T20:11:03.123Z",
    "2026-11-20T20:11:03.123Z[]",
    "2026-11-20T20:11:03.123Z[",
    "2026-11-20T20:11:03.123Z]",
    "2026-11-20T20:11:03.123Z[Europe/London",
    "2026-11-20T20:11:03.123Z[!Europe/London]",
    "2026-11-20T20:11:03.123Z[u-ca=hebrew]",
    "2026-11-20T20:11:03.123Z[+01:00]",
    "2026-11-20T20:11:03.123Z[Europe/../etc]",
    "2026-11-20T20:11:03.123Z[/Europe]",
    "2026-11-20T20:11:03.123Z[Europe/]",
    "2026-11-20T20:11:03.123Z[Europe/Lon'don]",
    "2026-11-20T20:11:03.123Z[Europe/London]x",
    "2026-11-20T20:11:03.123Z[Europe/London][Europe/Paris]",
    "2026-11-20T20:11:03.1234Z",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 ms = 7;
    char *zone = NULL;
    g_assert_false (csl_instant_parse (cases[i], &ms, &zone));
    g_assert_cmpint (ms, ==, 7);
    g_assert_null (zone);
  }
}

static void
test_instant_format_limits (void)
{
  g_autofree char *first = csl_instant_format (G_MININT64, NULL);
  g_autofree char *last = csl_instant_format (G_MAXINT64, "Europe/London]x");

  g_assert_cmpstr (first, ==, "0001-01-01T00:00:00.000Z");
  g_assert_cmpstr (last, ==, "9999-12-31T23:59:59.999Z");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/time/date-table", test_date_table);
  g_test_add_func ("/base/time/date-every-day", test_date_every_day);
  g_test_add_func ("/base/time/instant-good", test_instant_good);
  g_test_add_func ("/base/time/instant-bad", test_instant_bad);
  g_test_add_func ("/base/time/instant-format-limits", test_instant_format_limits);
  return g_test_run ();
}
