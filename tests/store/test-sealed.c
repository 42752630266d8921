/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed files: what comes back, what does not open, what is damaged, and that nothing can be read from outside. */
#define _GNU_SOURCE
#include "store-support.h"
#include "store/csl-sealed.h"

#include <sodium.h>
#include <string.h>

#define PASSPHRASE "three small grey herons"
#define HEADER     116

static GBytes *
make_content (gsize length)
{
  guint8 *data = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 31 + length);
  return g_bytes_new_take (data, length);
}

static GBytes *
seal (GBytes *content)
{
  g_auto (TestEnv) env = { 0 };
  g_autoptr (GError) error = NULL;
  GBytes *file;

  test_env_init (&env, 7);
  file = csl_sealed_write (&env.env, PASSPHRASE, content, &error);
  g_assert_no_error (error);
  g_assert_nonnull (file);
  return file;
}

static void
assert_refused (const char *passphrase, GBytes *file, CslSealedError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = csl_sealed_read (passphrase, file, &error);

  g_assert_error (error, CSL_SEALED_ERROR, (int) code);
  g_assert_null (content);
}

static void
test_round_trip (void)
{
  static const gsize lengths[] = { 0, 1, 4095, 4096, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autoptr (GBytes) content = make_content (lengths[i]);
    g_autoptr (GBytes) file = seal (content);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) again = csl_sealed_read (PASSPHRASE, file, &error);

    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (content, again));
    /* The length says how many blocks, no more. */
    g_assert_cmpuint (g_bytes_get_size (file), ==,
                      HEADER + (lengths[i] / 4096 + 1) * 4096 + 16 + 32);
  }
}

static void
test_opens_with_its_passphrase_only (void)
{
  g_autoptr (GBytes) content = make_content (50);
  g_autoptr (GBytes) file = seal (content);

  assert_refused ("three small grey heron", file, CSL_SEALED_ERROR_WRONG_KEY);
  assert_refused ("", file, CSL_SEALED_ERROR_WRONG_KEY);
}

/* "é" as one character and as "e" with an accent behind it. */
static void
test_one_spelling (void)
{
  g_auto (TestEnv) env = { 0 };
  g_autoptr (GBytes) content = make_content (5);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) again = NULL;

  test_env_init (&env, 1);
  file = csl_sealed_write (&env.env, "Ren\xc3\xa9 walks home", content, NULL);
  again = csl_sealed_read ("Rene\xcc\x81 walks home", file, NULL);
  g_assert_true (g_bytes_equal (content, again));
}

/* Every byte, and every cut: said before a passphrase is even tried. */
static void
test_damage (void)
{
  g_autoptr (GBytes) content = make_content (50);
  g_autoptr (GBytes) file = seal (content);
  gsize length = g_bytes_get_size (file);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), length);

  for (gsize i = 0; i < length; i++) {
    g_autoptr (GBytes) cut = g_bytes_new_static (copy, i);
    g_autoptr (GBytes) flipped = NULL;

    assert_refused (PASSPHRASE, cut,
                    i < 8 ? CSL_SEALED_ERROR_FOREIGN : CSL_SEALED_ERROR_DAMAGED);
    copy[i] ^= 0x10;
    flipped = g_bytes_new_static (copy, length);
    assert_refused (PASSPHRASE, flipped,
                    i < 8    ? CSL_SEALED_ERROR_FOREIGN
                    : i == 8 ? CSL_SEALED_ERROR_NEWER
                             : CSL_SEALED_ERROR_DAMAGED);
    copy[i] ^= 0x10;
  }
}

static GBytes *
with_byte (GBytes *file, gsize at, guint8 byte)
{
  gsize length = g_bytes_get_size (file);
  guint8 *copy = g_memdup2 (g_bytes_get_data (file, NULL), length);

  copy[at] = byte;
  crypto_generichash (copy + length - 32, 32, copy, length - 32, NULL, 0);
  return g_bytes_new_take (copy, length);
}

/* Somebody who makes the sum right again gets nowhere. */
static void
test_forgery (void)
{
  g_autoptr (GBytes) content = make_content (50);
  g_autoptr (GBytes) file = seal (content);
  const guint8 *data = g_bytes_get_data (file, NULL);
  g_autoptr (GBytes) zero = with_byte (file, 10, 1);
  g_autoptr (GBytes) nonce = with_byte (file, 100, data[100] ^ 1);
  g_autoptr (GBytes) cipher = with_byte (file, 200, data[200] ^ 1);
  g_autoptr (GBytes) memory = with_byte (file, 16, 0x7f);
  g_autoptr (GBytes) operations = with_byte (file, 12, 0x7f);
  g_autoptr (GBytes) lock = with_byte (file, 9, CSL_SEALED_PUBLIC_KEY);
  g_autoptr (GBytes) unknown = with_byte (file, 9, 9);

  assert_refused (PASSPHRASE, zero, CSL_SEALED_ERROR_WRONG_KEY);
  assert_refused (PASSPHRASE, nonce, CSL_SEALED_ERROR_WRONG_KEY);
  assert_refused (PASSPHRASE, cipher, CSL_SEALED_ERROR_WRONG_KEY);
  /* Costs that would take all memory, or all day. */
  assert_refused (PASSPHRASE, memory, CSL_SEALED_ERROR_DAMAGED);
  assert_refused (PASSPHRASE, operations, CSL_SEALED_ERROR_DAMAGED);
  assert_refused (PASSPHRASE, lock, CSL_SEALED_ERROR_LOCK);
  assert_refused (PASSPHRASE, unknown, CSL_SEALED_ERROR_DAMAGED);
}

static void
test_foreign (void)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) letter =
    g_bytes_new_static ("Dear Sir or Madam, with regard to", 33);

  assert_refused (PASSPHRASE, nothing, CSL_SEALED_ERROR_FOREIGN);
  assert_refused (PASSPHRASE, letter, CSL_SEALED_ERROR_FOREIGN);
}

static void
test_tells_nothing (void)
{
  static const char text[] = "Amina Rahman, 12 Harbour Street, hearing on 2 December";
  g_autoptr (GBytes) content = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) file = seal (content);
  gsize length;
  const char *data = g_bytes_get_data (file, &length);

  for (gsize i = 0; i + 4 <= strlen (text); i++)
    g_assert_null (memmem (data, length, text + i, 4));
}

static void
test_public_key (void)
{
  g_auto (TestEnv) env = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = make_content (9000);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (GBytes) others = NULL;
  guint8 public_key[32], private_key[32], other_public[32], other_private[32];
  CslSealedLock lock;

  test_env_init (&env, 3);
  g_assert_cmpint (sodium_init (), >=, 0);
  crypto_box_keypair (public_key, private_key);
  crypto_box_keypair (other_public, other_private);
  file = csl_sealed_write_to_key (&env.env, public_key, content, &error);
  g_assert_no_error (error);
  g_assert_true (csl_sealed_get_lock (file, &lock, &error));
  g_assert_cmpint (lock, ==, CSL_SEALED_PUBLIC_KEY);
  again = csl_sealed_read_with_key (public_key, private_key, file, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (content, again));
  others = csl_sealed_read_with_key (other_public, other_private, file, &error);
  g_assert_null (others);
  g_assert_error (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_WRONG_KEY);
  assert_refused (PASSPHRASE, file, CSL_SEALED_ERROR_LOCK);
}

/* Files written today are read for ever; the same random bytes make the same file. */
static void
test_vector (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "sealed", NULL);
  g_autofree char *file_path = g_build_filename (path, "vector.caseload", NULL);
  g_autofree char *content_path = g_build_filename (path, "vector.txt", NULL);
  g_autofree char *text = NULL, *file_text = NULL;
  gsize length, file_length;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = NULL, file = NULL, again = NULL, made = NULL;

  g_assert_true (g_file_get_contents (content_path, &text, &length, &error));
  g_assert_true (g_file_get_contents (file_path, &file_text, &file_length, &error));
  content = g_bytes_new_static (text, length);
  file = g_bytes_new_static (file_text, file_length);
  again = csl_sealed_read (PASSPHRASE, file, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (content, again));
  made = seal (content);
  g_assert_true (g_bytes_equal (file, made));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/sealed/round-trip", test_round_trip);
  g_test_add_func ("/store/sealed/passphrase", test_opens_with_its_passphrase_only);
  g_test_add_func ("/store/sealed/one-spelling", test_one_spelling);
  g_test_add_func ("/store/sealed/damage", test_damage);
  g_test_add_func ("/store/sealed/forgery", test_forgery);
  g_test_add_func ("/store/sealed/foreign", test_foreign);
  g_test_add_func ("/store/sealed/tells-nothing", test_tells_nothing);
  g_test_add_func ("/store/sealed/public-key", test_public_key);
  g_test_add_func ("/store/sealed/vector", test_vector);
  return g_test_run ();
}
