/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Helpers of the store's tests. */
#define _GNU_SOURCE
#define _GNU_SOURCE
#include "store-support.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

const guint8 test_key[CSL_DB_KEY_SIZE] = "0123456789abcdef0123456789abcde";

char *
test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("csl-store-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
test_folder_remove (char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
}

static bool
file_contains (const char *path, const char *text)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &content, &length, NULL) &&
         memmem (content, length, text, strlen (text)) != NULL;
}

bool
test_database_contains (const char *path, const char *text)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);

  return file_contains (path, text) || file_contains (wal, text) ||
         file_contains (journal, text);
}

static gint64
env_now (gpointer data)
{
  TestEnv *self = data;

  return self->now_ms++;
}

static void
env_random (gpointer data, guint8 *buffer, gsize length)
{
  TestEnv *self = data;

  for (gsize i = 0; i < length; i++)
    buffer[i] = (guint8) g_rand_int (self->random);
}

void
test_env_init (TestEnv *self, guint32 seed)
{
  self->env = (CslEnv){ .wall_ms = env_now,
                        .mono_ms = env_now,
                        .random = env_random,
                        .data = self };
  self->now_ms = G_GINT64_CONSTANT (1795000000000);
  self->random = g_rand_new_with_seed (seed);
}

void
test_env_clear (TestEnv *self)
{
  g_clear_pointer (&self->random, g_rand_free);
}

bool
test_pages_contain (const char *path, const char *text)
{
  guint8 raw[4 + CSL_DB_KEY_SIZE] = "raw:";
  sqlite3 *handle = NULL;
  sqlite3_int64 size = 0;
  unsigned char *pages;
  bool found;

  memcpy (raw + 4, test_key, CSL_DB_KEY_SIZE);
  g_assert_cmpint (sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE, NULL), ==,
                   SQLITE_OK);
  sqlite3_exec (handle, "PRAGMA cipher = 'aegis'", NULL, NULL, NULL);
  g_assert_cmpint (sqlite3_key (handle, raw, sizeof raw), ==, SQLITE_OK);
  pages = sqlite3_serialize (handle, "main", &size, 0);
  g_assert_nonnull (pages);
  found = memmem (pages, (gsize) size, text, strlen (text)) != NULL;
  sqlite3_free (pages);
  sqlite3_close (handle);
  return found;
}
