/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephone numbers as people write them. */
#include "core/domain/csl-phone.h"

static const struct
{
  const char *text, *normalised;
} numbers[] = {
  { "020 7946 0018", "02079460018" },
  { "(020) 7946-0018", "02079460018" },
  { "+44 20 7946 0018", "02079460018" },
  { "+44 (0)20 7946 0018", "02079460018" },
  { "+44 020 7946 0018", "02079460018" },
  { "0044 20 7946 0018", "02079460018" },
  { "00 44 (0)20 7946 0018", "02079460018" },
  { "tel: +44 7700 900123", "07700900123" },
  { "07700900123", "07700900123" },
  { "+353 1 234 5678", "+35312345678" },
  { "00353 1 234 5678", "+35312345678" },
  { "999", "999" },
  { "+", NULL },
  { "00", NULL },
  { "no phone", NULL },
  { "", NULL },
  { NULL, NULL },
};

static void
test_normalised (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *normalised = csl_phone_dup_normalised (numbers[i].text);
    g_assert_cmpstr (normalised, ==, numbers[i].normalised);
  }
}

static void
test_idempotent (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autofree char *again = csl_phone_dup_normalised (numbers[i].normalised);
    g_assert_cmpstr (again, ==, numbers[i].normalised);
  }
}

static void
test_matches (void)
{
  g_assert_true (csl_phone_matches ("+44 20 7946 0018", "(020) 7946 0018"));
  g_assert_false (csl_phone_matches ("020 7946 0018", "020 7946 0019"));
  g_assert_false (csl_phone_matches (NULL, NULL));
  g_assert_false (csl_phone_matches ("none", "none"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/domain/phone/normalised", test_normalised);
  g_test_add_func ("/domain/phone/idempotent", test_idempotent);
  g_test_add_func ("/domain/phone/matches", test_matches);
  return g_test_run ();
}
