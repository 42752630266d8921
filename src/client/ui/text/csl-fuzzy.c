/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-fuzzy.c: words first, letters in order last. Everything is compared without case and accents. */
#define G_LOG_DOMAIN "csl-fuzzy"

#include "config.h"

#include "client/ui/text/csl-fuzzy.h"

#include <string.h>

/* Fewer letters in order are in almost every name. */
#define LEAST_LETTERS 3
/* Shorter names fit better: at most this much is taken off. */
#define MOST_OFF 60

static char *
dup_plain (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *apart = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
  GString *plain = g_string_new (NULL);

  for (const char *p = apart; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (g_unichar_isalnum (c))
      g_string_append_unichar (plain, c);
    else if (!g_unichar_ismark (c))
      g_string_append_c (plain, ' ');
  }
  return g_string_free (plain, FALSE);
}

static gboolean
begins_a_word (const char *plain, const char *typed_word)
{
  g_auto (GStrv) words = g_strsplit (plain, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (words[i], typed_word))
      return TRUE;
  return FALSE;
}

/* Does every word typed begin one of the words? */
static gboolean
words_fit (const char *plain, const char *typed)
{
  g_auto (GStrv) typed_words = g_strsplit (typed, " ", -1);
  gboolean any = FALSE;

  for (guint i = 0; typed_words[i] != NULL; i++) {
    if (*typed_words[i] == '\0')
      continue;
    if (!begins_a_word (plain, typed_words[i]))
      return FALSE;
    any = TRUE;
  }
  return any;
}

/* Are the letters there in this order, the first one at the beginning? */
static gboolean
letters_fit (const char *plain, const char *typed)
{
  const char *place = plain;

  if (*typed == '\0' || *plain != *typed || g_utf8_strlen (typed, -1) < LEAST_LETTERS)
    return FALSE;
  for (const char *p = typed; *p != '\0'; p = g_utf8_next_char (p)) {
    const gunichar c = g_utf8_get_char (p);

    if (c == ' ')
      continue;
    place = g_utf8_strchr (place, -1, c);
    if (place == NULL)
      return FALSE;
    place = g_utf8_next_char (place);
  }
  return TRUE;
}

guint
csl_fuzzy_score (const char *title, const char *words, const char *typed)
{
  g_autofree char *plain = dup_plain (title);
  g_autofree char *wanted = dup_plain (typed);
  const guint off = (guint) MIN (strlen (plain), MOST_OFF);

  g_strstrip (wanted);
  if (g_str_has_prefix (plain, wanted) && *wanted != '\0')
    return CSL_FUZZY_TITLE + MOST_OFF * 2 - off;
  if (words_fit (plain, wanted))
    return CSL_FUZZY_TITLE + MOST_OFF - off;
  if (words != NULL) {
    g_autofree char *others = dup_plain (words);
    g_autofree char *all = g_strconcat (plain, " ", others, NULL);

    if (words_fit (all, wanted))
      return CSL_FUZZY_WORDS + MOST_OFF - off;
  }
  return letters_fit (plain, wanted) ? CSL_FUZZY_LETTERS + MOST_OFF - off : 0;
}
