/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-aside.c: the note in a folder that was set aside, what is sealed in it, and its end. */
#include "client/app/csl-aside.h"

#include "client/app/csl-key-file.h"
#include "client/app/csl-keyring.h"
#include "client/app/csl-removal-private.h"
#include "store/csl-env-system.h"
#include "store/csl-sealed.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define NOTE   "aside.ini"
#define SEALED "unsent.sealed"
#define GROUP  "aside"

bool
csl_aside_is (const char *folder)
{
  g_autofree char *name = g_path_get_basename (folder);

  return strstr (name, CSL_ASIDE_MARK) != NULL;
}

/* -- the note -- */

static bool
write_file (const char *folder,
            const char *name,
            const void *data,
            gsize length,
            GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_set_contents_full (path, data, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT |
                                     G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

static bool
seal (const char *folder, const CslWorkCopy *work, const guint8 *key, GError **error)
{
  GString *text = csl_work_copy_print (work, error);
  g_autoptr (GBytes) content = text != NULL ? g_string_free_to_bytes (text) : NULL;
  g_autoptr (GBytes) box =
    content != NULL ? csl_sealed_write_to_key (csl_env_system (), key, content, error)
                    : NULL;

  return box != NULL && write_file (folder, SEALED, g_bytes_get_data (box, NULL),
                                    g_bytes_get_size (box), error);
}

bool
csl_aside_write_note (const char *folder,
                      const CslAsideNote *note,
                      const CslWorkCopy *work,
                      const char *recovery_key,
                      GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *text = NULL;
  guint8 key[CSL_SEALED_KEY_SIZE];
  const bool seals = work != NULL &&
                     csl_removal_decode_key (recovery_key, key, sizeof key);

  if (seals && !seal (folder, work, key, error))
    return false;
  g_key_file_set_string (file, GROUP, "organisation", note->organisation);
  g_key_file_set_string (file, GROUP, "user", note->user);
  g_key_file_set_boolean (file, GROUP, "safe", note->safe || seals);
  if (seals)
    g_key_file_set_integer (file, GROUP, "entries",
                            (int) (work->lines->len + work->drafts->len));
  text = g_key_file_to_data (file, NULL, NULL);
  return write_file (folder, NOTE, text, strlen (text), error);
}

static GKeyFile *
load_note (const char *folder)
{
  g_autoptr (GKeyFile) note = g_key_file_new ();
  g_autofree char *path = g_build_filename (folder, NOTE, NULL);

  if (!csl_aside_is (folder) ||
      !g_key_file_load_from_file (note, path, G_KEY_FILE_NONE, NULL))
    return NULL;
  return g_steal_pointer (&note);
}

static bool
says (GKeyFile *note, const char *name, const char *value)
{
  g_autofree char *text = g_key_file_get_string (note, GROUP, name, NULL);

  return g_strcmp0 (text, value) == 0;
}

/* -- what is there -- */

GPtrArray *
csl_aside_list (const char *folder, const char *organisation, const char *user)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (parent, name, NULL);
    g_autoptr (GKeyFile) note = load_note (path);

    if (note != NULL && says (note, "organisation", organisation) &&
        says (note, "user", user))
      g_ptr_array_add (found, g_steal_pointer (&path));
  }
  return found;
}

GBytes *
csl_aside_load_sealed (const char *folder, guint *ret_entries)
{
  g_autoptr (GKeyFile) note = load_note (folder);
  g_autofree char *path = g_build_filename (folder, SEALED, NULL);
  const int entries = note != NULL ? g_key_file_get_integer (note, GROUP, "entries", NULL)
                                   : 0;
  char *bytes = NULL;
  gsize length = 0;

  if (entries <= 0 || !g_file_get_contents (path, &bytes, &length, NULL))
    return NULL;
  *ret_entries = (guint) entries;
  return g_bytes_new_take (bytes, length);
}

bool
csl_aside_has_records (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "replica.db", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

bool
csl_aside_is_safe (const char *folder)
{
  g_autoptr (GKeyFile) note = load_note (folder);

  return note != NULL && g_key_file_get_boolean (note, GROUP, "safe", NULL);
}

/* -- its end -- */

/* Where somebody has put the folder back under its own name, the keys are needed there. */
static bool
destroy_keys (const char *folder, GCancellable *cancellable, GError **error)
{
  const char *mark = g_strrstr (folder, CSL_ASIDE_MARK);
  g_autofree char *account_folder = g_strndup (folder, (gsize) (mark - folder));
  g_autofree char *account = g_path_get_basename (account_folder);
  g_autofree char *path = g_build_filename (folder, "keys", NULL);

  return csl_key_file_destroy_sync (path, error) &&
         (g_file_test (account_folder, G_FILE_TEST_EXISTS) ||
          csl_keyring_clear_all_sync (account, cancellable, error));
}

static bool
destroy_files (const char *folder, bool keep_sealed)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  bool destroyed = true;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    const bool is_kept = keep_sealed &&
                         (g_str_equal (name, SEALED) || g_str_equal (name, NOTE));

    if (!is_kept)
      destroyed = g_unlink (path) == 0 && destroyed;
  }
  return destroyed && (keep_sealed || g_rmdir (folder) == 0 || errno == ENOENT);
}

bool
csl_aside_destroy (const char *folder,
                   CslAsideExtent extent,
                   GCancellable *cancellable,
                   GError **error)
{
  guint entries = 0;
  g_autoptr (GBytes) sealed = NULL;
  bool keys;

  g_return_val_if_fail (csl_aside_is (folder), false);
  if (extent == CSL_ASIDE_KEEP_SEALED)
    sealed = csl_aside_load_sealed (folder, &entries);
  keys = destroy_keys (folder, cancellable, error);
  /* Files go also when the keyring does not answer: then the key opens nothing. */
  if (destroy_files (folder, sealed != NULL))
    return keys;
  if (keys)
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                         "what was set aside cannot be removed");
  return false;
}
