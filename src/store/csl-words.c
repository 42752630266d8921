/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in texts, cut and compared as the tokenizer of the full-text index ("unicode61 remove_diacritics 2") does it:
 * words are runs of letters and digits, accents belong to their letter and do not count. */
#include "config.h"

#include "store/csl-words.h"

#include "store/csl-db-private.h"

#include <string.h>

/* Without case and, as the tokenizer has it, without the accents of Latin letters only. */
static gunichar
fold_letter (gunichar c)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  if (c >= 0x80 &&
      g_unichar_fully_decompose (c, FALSE, parts, G_N_ELEMENTS (parts)) > 1 &&
      g_unichar_get_script (parts[0]) == G_UNICODE_SCRIPT_LATIN)
    c = parts[0];
  return g_unichar_tolower (c);
}

/* Accents that stand alone are dropped, so a word is one run of letters and digits. */
static char *
fold (const char *text)
{
  GString *folded = g_string_sized_new (strlen (text));

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (!g_unichar_ismark (c))
      g_string_append_unichar (folded, fold_letter (c));
  }
  return g_string_free (folded, FALSE);
}

/* The words between the quotes. */
static char **
parse_expression (const char *expression)
{
  g_auto (GStrv) pieces = g_strsplit (expression, "\"", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (guint i = 0; pieces[i] != NULL; i++)
    if (i % 2 == 1)
      g_ptr_array_add (words, fold (pieces[i]));
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_steal (words, NULL);
}

/* @text: folded */
static bool
has_beginning (const char *text, const char *word)
{
  bool in_word = false;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    bool is_word = g_unichar_isalnum (g_utf8_get_char (p));

    if (is_word && !in_word && g_str_has_prefix (p, word))
      return true;
    in_word = is_word;
  }
  return *word == '\0';
}

static bool
has_words (char **words, char **texts)
{
  for (; *words != NULL; words++) {
    bool found = false;

    for (guint i = 0; texts[i] != NULL && !found; i++)
      found = has_beginning (texts[i], *words);
    if (!found)
      return false;
  }
  return true;
}

static void
words_free (gpointer words)
{
  g_strfreev (words);
}

static void
has_words_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  char **words = sqlite3_get_auxdata (context, 0);
  g_auto (GStrv) texts = g_new0 (char *, n);
  guint n_texts = 0;
  bool found;

  for (int i = 1; i < n; i++) {
    const char *text = (const char *) sqlite3_value_text (values[i]);

    if (text != NULL)
      texts[n_texts++] = fold (text);
  }
  if (words != NULL) {
    sqlite3_result_int (context, has_words (words, texts));
    return;
  }
  words = parse_expression ((const char *) sqlite3_value_text (values[0]));
  found = has_words (words, texts);
  sqlite3_set_auxdata (context, 0, words, words_free);
  sqlite3_result_int (context, found);
}

bool
csl_words_install (CslDb *db, GError **error)
{
  int code =
    sqlite3_create_function (csl_db_get_handle (db), CSL_WORDS_FUNCTION, -1,
                             SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                             has_words_cb, NULL, NULL);

  return code == SQLITE_OK || csl_db_fail (db, code, error);
}
