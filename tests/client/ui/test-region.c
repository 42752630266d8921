/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-region.c: times, days, numbers and amounts in several regions, and that what is shown can be
 * typed again. A bare machine knows no region, so the test makes them; it fails when it cannot. */
#include "client/app/csl-region.h"
#include "client/ui/fields/csl-when-text.h"
#include "client/ui/text/csl-display-time.h"
#include "core/base/csl-time.h"

#include <gio/gio.h>
#include <locale.h>

#define NBSP   "\302\240"
#define NARROW "\342\200\257"
/* Tuesday 24 November 2026, 15:30 UTC */
#define WHEN "2026-11-24T15:30:00.000Z"

typedef struct
{
  const char *locale;
  const char *clock, *day, *day_year, *heading, *moment, *exact;
  const char *number, *decimal, *pounds, *euros, *dollars, *yen, *dinars, *francs, *debt;
  const char *typed; /* 1234.50 as an entry shows it */
} Region;

/* clang-format off */
static const Region regions[] = {
  { "en_GB", "15:30", "Tue 24 Nov", "24 Nov 2026", "Tuesday 24 November", "Tue 24 Nov 15:30",
    "Tuesday 24 November 2026, 15:30",
    "1,234,567", "1,234.50", "£1,234.50", "€1,234.50", "$1,234.50", "123,450" NBSP "JPY", "123.450" NBSP "KWD",
    "1,234.50" NBSP "CHF", "−£0.05", "1234.50" },
  { "en_US", "3:30 PM", "Tue, Nov 24", "Nov 24, 2026", "Tuesday, November 24", "Tue, Nov 24 3:30 PM",
    "Tuesday, November 24, 2026, 3:30 PM",
    "1,234,567", "1,234.50", "£1,234.50", "€1,234.50", "$1,234.50", "123,450" NBSP "JPY", "123.450" NBSP "KWD",
    "1,234.50" NBSP "CHF", "−£0.05", "1234.50" },
  { "de_DE", "15:30", "Di 24 Nov", "24 Nov 2026", "Dienstag 24 November", "Di 24 Nov 15:30",
    "Dienstag 24 November 2026, 15:30",
    "1.234.567", "1.234,50", "1.234,50" NBSP "£", "1.234,50" NBSP "€", "1.234,50" NBSP "$", "123.450" NBSP "JPY",
    "123,450" NBSP "KWD", "1.234,50" NBSP "CHF", "−0,05" NBSP "£", "1234,50" },
  { "fr_FR", "15:30", "mar. 24 nov.", "24 nov. 2026", "mardi 24 novembre", "mar. 24 nov. 15:30",
    "mardi 24 novembre 2026, 15:30",
    "1" NARROW "234" NARROW "567", "1" NARROW "234,50", "1" NARROW "234,50" NBSP "£", "1" NARROW "234,50" NBSP "€",
    "1" NARROW "234,50" NBSP "$", "123" NARROW "450" NBSP "JPY", "123,450" NBSP "KWD",
    "1" NARROW "234,50" NBSP "CHF", "−0,05" NBSP "£", "1234,50" },
  { "ar_EG", NULL, NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
/* clang-format on */

/* Makes the locale and sets it; a machine that cannot make it fails the test. */
static void
enter (const char *name)
{
  g_autofree char *folder = g_build_filename (g_get_tmp_dir (), "locale", NULL);
  g_autofree char *file = g_strconcat (name, ".UTF-8", NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);

  g_setenv ("LOCPATH", folder, TRUE);
  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GSubprocess) made = NULL;

    g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
    made = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "localedef", "-i", name,
                             "-f", "UTF-8", path, NULL);
    g_assert_no_error (error);
    g_subprocess_wait_check (made, NULL, &error);
    g_assert_no_error (error);
  }
  g_assert_nonnull (setlocale (LC_ALL, file));
  csl_region_set_clock (CSL_REGION_CLOCK_LOCALE);
}

static void
leave (void)
{
  csl_region_set_clock (CSL_REGION_CLOCK_LOCALE);
  g_assert_nonnull (setlocale (LC_ALL, "C.UTF-8"));
}

static gint64
when_ms (void)
{
  gint64 ms = 0;

  g_assert_true (csl_instant_parse (WHEN, &ms, NULL));
  return ms;
}

/* Frees @text; a NULL @expected accepts anything that says something. */
static void
check (char *text, const char *expected, const char *region)
{
  g_autofree char *owned = text;

  if (expected == NULL) {
    g_assert_cmpstr (owned, !=, "");
    return;
  }
  g_test_message ("%s: “%s”", region, owned);
  g_assert_cmpstr (owned, ==, expected);
}

static void
test_times (gconstpointer data)
{
  const Region *region = data;
  const gint64 ms = when_ms (), later = ms + G_GINT64_CONSTANT (5) * 86400000;
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (ms / 1000);

  enter (region->locale);
  check (csl_region_clock (when), region->clock, region->locale);
  check (csl_display_day (ms, later), region->day, region->locale);
  check (csl_region_day (when, CSL_REGION_DAY_YEAR), region->day_year, region->locale);
  check (csl_display_day_heading (ms, later), region->heading, region->locale);
  check (csl_display_moment (ms, later), region->moment, region->locale);
  check (csl_display_exact (ms), region->exact, region->locale);
  leave ();
}

static void
test_numbers (gconstpointer data)
{
  const Region *region = data;

  enter (region->locale);
  check (csl_region_number (1234567, 0), region->number, region->locale);
  check (csl_region_number (123450, 2), region->decimal, region->locale);
  check (csl_region_money (123450, "GBP"), region->pounds, region->locale);
  check (csl_region_money (123450, "EUR"), region->euros, region->locale);
  check (csl_region_money (123450, "USD"), region->dollars, region->locale);
  check (csl_region_money (123450, "JPY"), region->yen, region->locale);
  check (csl_region_money (123450, "KWD"), region->dinars, region->locale);
  check (csl_region_money (123450, "CHF"), region->francs, region->locale);
  check (csl_region_money (-5, "GBP"), region->debt, region->locale);
  leave ();
}

/* What an entry shows is read as what it was; so is what the lists show. */
static void
test_numbers_back (gconstpointer data)
{
  static const gint64 amounts[] = { 0, 5, 50, 1234, 123450, 123456789, 100000000000 };
  const Region *region = data;

  enter (region->locale);
  check (csl_region_localise ("1234.50"), region->typed, region->locale);
  for (guint i = 0; i < G_N_ELEMENTS (amounts); i++) {
    g_autofree char *plain = g_strdup_printf ("%" G_GINT64_FORMAT ".%02d",
                                              amounts[i] / 100, (int) (amounts[i] % 100));
    g_autofree char *entry = csl_region_localise (plain);
    g_autofree char *entry_back = csl_region_plain (entry);
    g_autofree char *shown = csl_region_number (amounts[i], 2);
    g_autofree char *shown_back = csl_region_plain (shown);
    g_auto (GStrv) groups = g_strsplit (shown_back, ",", -1);
    g_autofree char *ungrouped = g_strjoinv ("", groups);

    g_assert_cmpstr (entry_back, ==, plain);
    /* The kinds of fields take commas between thousands themselves. */
    g_assert_cmpstr (ungrouped, ==, plain);
  }
  leave ();
}

/* Every day of two years and some moments, written and read again. */
static void
test_days_back (gconstpointer data)
{
  const Region *region = data;

  enter (region->locale);
  for (int day = csl_date_to_days ("2026-01-01"); day < csl_date_to_days ("2028-01-01");
       day += 3) {
    g_autofree char *date = csl_date_from_days (day);
    g_autofree char *shown = csl_when_text_from_date (date);
    g_autofree char *read = csl_when_text_to_date (shown, "2026-11-21");

    if (g_strcmp0 (read, date) != 0)
      g_test_message ("%s: “%s” is read as %s", region->locale, shown, read);
    g_assert_cmpstr (read, ==, date);
  }
  for (int hour = 0; hour < 24; hour++) {
    g_autofree char *instant =
      g_strdup_printf ("2026-07-05T%02d:05:00.000Z[Etc/UTC]", hour);
    g_autofree char *shown = csl_when_text_from_instant (instant, "Etc/UTC");
    g_autofree char *read = csl_when_text_to_instant (shown, "2026-11-21", "Etc/UTC");

    g_assert_cmpstr (read, ==, instant);
  }
  leave ();
}

static void
check_date (const char *typed, const char *date)
{
  g_autofree char *read = csl_when_text_to_date (typed, "2026-11-21");

  g_test_message ("“%s”", typed);
  g_assert_cmpstr (read, ==, date);
}

/* Numbers alone follow the order of the region; names are clear in any order. */
static void
test_typing (void)
{
  enter ("en_US");
  check_date ("11/24/2026", "2026-11-24");
  check_date ("2/3/1999", "1999-02-03");
  check_date ("24/11/2026", NULL);
  check_date ("Nov 24, 2026", "2026-11-24");
  check_date ("24 November 2026", "2026-11-24");
  check_date ("2026-11-24", "2026-11-24");
  enter ("de_DE");
  check_date ("24.11.2026", "2026-11-24");
  check_date ("3. März 2026", "2026-03-03");
  check_date ("24. Dez. 2026", "2026-12-24");
  check_date ("3 Mar 2026", "2026-03-03");
  check_date ("24. Irgendwann 2026", NULL);
  leave ();
}

static void
check_plain (const char *typed, const char *plain)
{
  g_autofree char *read = csl_region_plain (typed);

  g_assert_cmpstr (read, ==, plain);
}

static void
test_typing_numbers (void)
{
  enter ("de_DE");
  check_plain ("12,50", "12.50");
  check_plain ("1.234,50", "1234.50");
  check_plain ("1.234", "1234");
  check_plain ("1.234.567", "1234567");
  check_plain ("12.50", "12.50");
  check_plain ("-3,5 CHF", "-3.5 CHF");
  check_plain ("€12,50", "€12.50");
  check_plain ("", "");
  enter ("en_GB");
  check_plain ("1,234.50", "1,234.50");
  check_plain ("12.50", "12.50");
  leave ();
}

/* The wish of the desktop goes before the locale, where the language has words for it. */
static void
test_clock (void)
{
  g_autoptr (GDateTime) midnight = g_date_time_new_utc (2026, 11, 24, 0, 5, 0);

  enter ("en_GB");
  csl_region_set_clock (CSL_REGION_CLOCK_12);
  check (csl_region_clock (midnight), "12:05 AM", "en_GB");
  enter ("en_US");
  csl_region_set_clock (CSL_REGION_CLOCK_24);
  check (csl_region_clock (midnight), "00:05", "en_US");
  enter ("de_DE");
  csl_region_set_clock (CSL_REGION_CLOCK_12);
  check (csl_region_clock (midnight), "00:05", "de_DE");
  leave ();
}

static void
test_reading_clocks (void)
{
  static const struct
  {
    const char *text;
    int minutes;
  } clocks[] = {
    { "9:05", 545 },       { "09:05", 545 },         { "24 Nov 15.30", 930 },
    { "3:30 pm", 930 },    { "3:30PM", 930 },        { "12:00 am", 0 },
    { "12:15 p.m.", 735 }, { "tomorrow 9:00", 540 }, { "25:00", -1 },
    { "9:60", -1 },        { "13:00 pm", -1 },       { "9:5", -1 },
    { "20.11.2026", -1 },  { "9:00 or so", -1 },     { "", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++) {
    const int seconds = csl_region_read_clock (clocks[i].text, NULL);

    g_test_message ("“%s”", clocks[i].text);
    g_assert_cmpint (seconds, ==, clocks[i].minutes < 0 ? -1 : clocks[i].minutes * 60);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  leave ();
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++) {
    static const struct
    {
      const char *name;
      GTestDataFunc run;
    } tests[] = { { "times", test_times },
                  { "numbers", test_numbers },
                  { "numbers-back", test_numbers_back },
                  { "days-back", test_days_back } };

    for (guint k = 0; k < G_N_ELEMENTS (tests); k++) {
      g_autofree char *path =
        g_strdup_printf ("/region/%s/%s", regions[i].locale, tests[k].name);

      g_test_add_data_func (path, &regions[i], tests[k].run);
    }
  }
  g_test_add_func ("/region/typing", test_typing);
  g_test_add_func ("/region/typing-numbers", test_typing_numbers);
  g_test_add_func ("/region/clock", test_clock);
  g_test_add_func ("/region/reading-clocks", test_reading_clocks);
  return g_test_run ();
}
