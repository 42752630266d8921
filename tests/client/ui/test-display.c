/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-display.c: times, money and errors as people read them. */
#include "client/app/csl-account.h"
#include "client/app/csl-region.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/text/csl-error-text.h"
#include "core/base/csl-error.h"
#include "core/base/csl-time.h"

/* Tuesday 24 November 2026, 12:00 UTC: "now" in these tests. */
#define NOW "2026-11-24T12:00:00.000Z"

static gint64
ms (const char *instant)
{
  gint64 when_ms = 0;

  g_assert_true (csl_instant_parse (instant, &when_ms, NULL));
  return when_ms;
}

static void
test_day (void)
{
  static const struct
  {
    const char *when, *day;
  } cases[] = {
    { "2026-11-24T00:00:00.000Z", "Today" },
    { "2026-11-24T23:59:59.999Z", "Today" },
    { "2026-11-23T23:59:59.999Z", "Yesterday" },
    { "2026-11-25T00:00:00.000Z", "Tomorrow" },
    { "2026-11-26T08:00:00.000Z", "Thu 26 Nov" },
    { "2026-01-01T08:00:00.000Z", "Thu 1 Jan" },
    { "2025-12-31T08:00:00.000Z", "31 Dec 2025" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *day = csl_display_day (ms (cases[i].when), ms (NOW));

    g_assert_cmpstr (day, ==, cases[i].day);
  }
}

static void
test_moment (void)
{
  static const struct
  {
    const char *when, *moment;
  } cases[] = {
    { "2026-11-24T15:30:00.000Z", "Today 15:30" },
    { "2026-11-23T09:05:00.000Z[Europe/London]", "Yesterday 09:05" },
    { "2026-11-26T08:00:00.000Z", "Thu 26 Nov 08:00" },
    { "2025-03-02T08:00:00.000Z", "2 Mar 2025" },
    { "not an instant", "not an instant" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *moment = csl_display_instant (cases[i].when, ms (NOW));

    g_assert_cmpstr (moment, ==, cases[i].moment);
  }
}

/* Yesterday of New Year's Day is in another year and still yesterday, with its time. */
static void
test_turn_of_year (void)
{
  g_autofree char *moment =
    csl_display_instant ("2026-12-31T22:00:00.000Z", ms ("2027-01-01T10:00:00.000Z"));

  g_assert_cmpstr (moment, ==, "Yesterday 22:00");
}

static void
test_date (void)
{
  g_autofree char *near = csl_display_date ("2026-11-25", ms (NOW));
  g_autofree char *far = csl_display_date ("2031-02-01", ms (NOW));
  g_autofree char *wrong = csl_display_date ("2026-02-30", ms (NOW));

  g_assert_cmpstr (near, ==, "Tomorrow");
  g_assert_cmpstr (far, ==, "1 Feb 2031");
  g_assert_cmpstr (wrong, ==, "2026-02-30");
}

static void
test_exact_and_heading (void)
{
  g_autofree char *exact = csl_display_exact (ms ("2026-11-26T08:00:00.000Z"));
  g_autofree char *heading =
    csl_display_day_heading (ms ("2026-11-26T08:00:00.000Z"), ms (NOW));
  g_autofree char *older =
    csl_display_day_heading (ms ("2024-11-26T08:00:00.000Z"), ms (NOW));

  g_assert_cmpstr (exact, ==, "Thursday 26 November 2026, 08:00");
  g_assert_cmpstr (heading, ==, "Thursday 26 November");
  g_assert_cmpstr (older, ==, "Tuesday 26 November 2024");
}

static void
test_relative (void)
{
  static const struct
  {
    int days;
    const char *words;
  } cases[] = {
    { 0, "today" },    { -1, "1 day ago" },  { -5, "5 days ago" },
    { 1, "in 1 day" }, { 12, "in 12 days" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = csl_display_relative_days (cases[i].days);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
test_duration (void)
{
  static const struct
  {
    gint64 seconds;
    const char *words;
  } cases[] = {
    { 0, "0 min" },  { 29, "0 min" },        { 2700, "45 min" },
    { 3600, "1 h" }, { 5400, "1 h 30 min" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = csl_display_duration (cases[i].seconds);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
test_day_start (void)
{
  g_assert_cmpint (csl_display_day_start (ms (NOW), 0), ==,
                   ms ("2026-11-24T00:00:00.000Z"));
  g_assert_cmpint (csl_display_day_start (ms (NOW), 7), ==,
                   ms ("2026-12-01T00:00:00.000Z"));
  g_assert_cmpint (csl_display_day_start (ms (NOW), -24), ==,
                   ms ("2026-10-31T00:00:00.000Z"));
}

static void
test_money (void)
{
  static const struct
  {
    gint64 minor;
    const char *currency, *words;
  } cases[] = {
    { 12550, "GBP", "£125.50" },
    { 5, "EUR", "€0.05" },
    { -990, "USD", "−$9.90" },
    { 0, "CHF", "0.00\302\240CHF" },
    { G_MININT64, "GBP", "−£92233720368547758.08" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *words = csl_region_money (cases[i].minor, cases[i].currency);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

static void
test_excerpt (void)
{
  g_autofree char *brief = csl_display_excerpt ("One\nline", 20);
  g_autofree char *cut = csl_display_excerpt ("Größe zählt sehr", 5);
  g_autofree char *none = csl_display_excerpt (NULL, 5);

  g_assert_cmpstr (brief, ==, "One line");
  g_assert_cmpstr (cut, ==, "Größe…");
  g_assert_cmpstr (none, ==, "");
}

/* A value of each kind is shown without complaint; a new kind without a row fails here. */
static void
test_every_kind (void)
{
  for (guint i = 0; i < csl_field_kinds_get_size (); i++) {
    const CslFieldKind *kind = csl_field_kinds[i];
    CslField field = { .name = (char *) "sample", .kind = kind };
    g_auto (CslValue) value = CSL_VALUE_INIT;
    g_autofree char *words = NULL;

    if ((kind->flags & CSL_KIND_NEEDS_TARGET) != 0)
      continue;
    switch (kind->value_type) {
    case CSL_VALUE_BOOL:
      csl_value_set_bool (&value, true);
      break;
    case CSL_VALUE_INT:
      csl_value_set_int (&value, 90);
      break;
    case CSL_VALUE_MONEY:
      csl_value_set_money (&value, 100, "GBP");
      break;
    case CSL_VALUE_JSON:
      csl_value_take_json (&value, g_strdup ("{\"line1\":\"1 Mill Lane\"}"));
      break;
    case CSL_VALUE_TEXT:
      csl_value_set_text (&value, "2026-11-24T12:00:00.000Z");
      break;
    case CSL_VALUE_NULL:
      g_assert_not_reached ();
    }
    words = csl_display_value (NULL, &field, &value);
    if (words == NULL)
      g_error ("kind %s shows nothing", kind->name);
  }
}

/* Every way an account can fail has a sentence of its own. */
static void
test_account_errors (void)
{
  const GError unknown = { .domain = CSL_ACCOUNT_ERROR, .code = 999 };
  CslErrorText general;

  g_assert_true (csl_error_text_lookup (&unknown, &general));
  for (int code = CSL_ACCOUNT_ERROR_WRONG_PASSWORD;
       code <= CSL_ACCOUNT_ERROR_KEYS_DAMAGED; code++) {
    const GError error = { .domain = CSL_ACCOUNT_ERROR, .code = code };
    CslErrorText text;

    g_assert_true (csl_error_text_lookup (&error, &text));
    g_assert_cmpstr (text.sentence, !=, general.sentence);
  }
}

static void
test_cancelled_is_silent (void)
{
  const GError error = { .domain = G_IO_ERROR, .code = G_IO_ERROR_CANCELLED };
  CslErrorText text;

  g_assert_false (csl_error_text_lookup (&error, &text));
}

/* What a person copies for support holds no message, which might name them. */
static void
test_details_are_anonymous (void)
{
  const GError error = { .domain = CSL_NET_ERROR,
                         .code = CSL_NET_ERROR_TIMEOUT,
                         .message = (char *) "Amina Rahman" };
  g_autofree char *details = csl_error_text_dup_details (&error);

  g_assert_null (strstr (details, "Amina"));
  g_assert_nonnull (strstr (details, g_quark_to_string (CSL_NET_ERROR)));
}

static void
test_path (void)
{
  g_autofree char *home = g_build_filename (g_get_home_dir (), "caseload", "a b", NULL);
  g_autofree char *beside = g_strconcat (g_get_home_dir (), "2/caseload", NULL);
  g_autofree char *shown = csl_display_path (home);
  g_autofree char *other = csl_display_path (beside);

  g_assert_cmpstr (shown, ==, "~/caseload/a b");
  g_assert_cmpstr (other, ==, beside);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/display/day", test_day);
  g_test_add_func ("/ui/display/moment", test_moment);
  g_test_add_func ("/ui/display/turn-of-year", test_turn_of_year);
  g_test_add_func ("/ui/display/date", test_date);
  g_test_add_func ("/ui/display/exact-and-heading", test_exact_and_heading);
  g_test_add_func ("/ui/display/relative", test_relative);
  g_test_add_func ("/ui/display/duration", test_duration);
  g_test_add_func ("/ui/display/day-start", test_day_start);
  g_test_add_func ("/ui/display/money", test_money);
  g_test_add_func ("/ui/display/excerpt", test_excerpt);
  g_test_add_func ("/ui/display/path", test_path);
  g_test_add_func ("/ui/display/every-kind", test_every_kind);
  g_test_add_func ("/ui/error/account", test_account_errors);
  g_test_add_func ("/ui/error/cancelled-is-silent", test_cancelled_is_silent);
  g_test_add_func ("/ui/error/details-are-anonymous", test_details_are_anonymous);
  return g_test_run ();
}
