/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-notes.c: makes notes. */
#include "bench/bench-notes.h"

#include "core/base/csl-id.h"
#include "core/base/csl-time.h"

#include <string.h>

#define FIRST_DAY_MS G_GINT64_CONSTANT (1700000000000)
#define MINUTE_MS    60000

static gint64
clock_cb (gpointer data)
{
  return ((BenchNotes *) data)->now_ms;
}

static void
random_cb (gpointer data, guint8 *buffer, gsize length)
{
  BenchNotes *self = data;

  for (gsize i = 0; i < length; i++)
    buffer[i] = (guint8) g_rand_int (self->random);
}

static void
collect_words (BenchNotes *self)
{
  for (char *at = self->stories; *at != '\0';) {
    char *end = at;

    while (g_ascii_isalpha (*end) || (*end == '\'' && end > at))
      end++;
    if (end - at >= 1 && end - at <= 20)
      g_ptr_array_add (self->words, at);
    at = *end != '\0' ? end + 1 : end;
    *end = '\0';
  }
}

static void
read_stories (BenchNotes *self)
{
  const char *root = g_getenv ("CSL_TEST_SOURCE_ROOT");
  g_autofree char *folder =
    g_build_filename (root != NULL ? root : ".", "data/demo/stories", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GString *all = g_string_new (NULL);
  const char *name = NULL;

  if (dir == NULL)
    g_error ("%s is not there: set CSL_TEST_SOURCE_ROOT", folder);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *text = NULL;

    if (g_file_get_contents (path, &text, NULL, NULL))
      g_string_append (all, text);
  }
  self->stories = g_string_free (all, FALSE);
}

void
bench_notes_init (BenchNotes *self, guint32 seed)
{
  *self = (BenchNotes){ .now_ms = FIRST_DAY_MS };
  self->env = (CslEnv){ clock_cb, clock_cb, random_cb, self };
  self->random = g_rand_new_with_seed (seed);
  self->words = g_ptr_array_new ();
  read_stories (self);
  collect_words (self);
  g_assert_cmpuint (self->words->len, >, 1000);
}

void
bench_notes_clear (BenchNotes *self)
{
  g_rand_free (self->random);
  g_ptr_array_unref (self->words);
  g_free (self->stories);
}

void
bench_notes_new_id (BenchNotes *self, char ret_id[40])
{
  CslId id;

  self->now_ms += MINUTE_MS;
  id = csl_id_new (&self->env);
  g_strlcpy (ret_id, id.text, 40);
}

const char *
bench_notes_pick_word (BenchNotes *self)
{
  gint32 at = g_rand_int_range (self->random, 0, (gint32) self->words->len);

  return g_ptr_array_index (self->words, at);
}

char *
bench_notes_dup_text (BenchNotes *self, gsize length)
{
  GString *text = g_string_sized_new (length + 32);

  while (text->len < length) {
    if (text->len > 0)
      g_string_append_c (text, ' ');
    if (g_rand_int_range (self->random, 0, 25) == 0)
      g_string_append_printf (text, "%d", g_rand_int_range (self->random, 1, 4000));
    else
      g_string_append (text, bench_notes_pick_word (self));
  }
  g_string_truncate (text, length);
  g_strchomp (text->str);
  return g_string_free (text, FALSE);
}

CslRecord *
bench_notes_new_note (BenchNotes *self,
                      const CslSchema *schema,
                      const char *client_id,
                      const char *case_id,
                      const char *author)
{
  g_autofree char *title = bench_notes_dup_text (self, 30);
  g_autofree char *content = bench_notes_dup_text (self, BENCH_NOTE_TEXT - 30);
  g_autofree char *when = NULL;
  CslRecord *record = NULL;
  char id[40];

  bench_notes_new_id (self, id);
  when = csl_instant_format (self->now_ms, NULL);
  record = csl_record_new (csl_schema_lookup_type (schema, "note"), id);
  csl_record_set_text (record, "client", client_id);
  csl_record_set_text (record, "case", case_id);
  csl_record_set_text (record, "kind", "case");
  csl_record_set_text (record, "title", title);
  csl_record_set_text (record, "content", content);
  csl_record_set_text (record, "occurred_at", when);
  csl_record_set_text (record, "visibility", "team");
  csl_record_set_text (record, "author", author);
  return record;
}
