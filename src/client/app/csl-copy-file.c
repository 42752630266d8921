/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-copy-file.c: a sealed copy on a disk that may be pulled out the next moment. */
#include "client/app/csl-copy-file.h"

#include "store/csl-sealed.h"

#include <fcntl.h>
#include <unistd.h>

/* Nobody writes that much without a network; somebody may choose a film. */
#define MAX_FILE (256 * 1024 * 1024)

static GBytes *
read_file (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, error);

  if (info == NULL)
    return NULL;
  if (g_file_info_get_size (info) <= MAX_FILE)
    return g_file_load_bytes (file, NULL, NULL, error);
  g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_FOREIGN,
                       "the file is too large to be a sealed copy");
  return NULL;
}

/* A stick is often pulled out at once. */
static void
flush_to_disk (GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;

  if (fd < 0)
    return;
  (void) fsync (fd);
  close (fd);
}

static bool
write_file (GFile *file, GBytes *sealed, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (sealed, &length);

  if (!g_file_replace_contents (file, data, length, NULL, FALSE,
                                G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                NULL, NULL, error))
    return false;
  flush_to_disk (file);
  return true;
}

static bool
verify (GFile *copy, const char *passphrase, GBytes *content, GError **error)
{
  g_autoptr (GBytes) file = read_file (copy, error);
  g_autoptr (GBytes) again = NULL;

  if (file != NULL)
    again = csl_sealed_read (passphrase, file, error);
  if (again == NULL)
    return false;
  if (g_bytes_equal (content, again))
    return true;
  g_set_error_literal (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_DAMAGED,
                       "what was written reads differently");
  return false;
}

bool
csl_copy_file_save_sync (GFile *file,
                         const CslEnv *env,
                         const char *passphrase,
                         const CslWorkCopy *copy,
                         GError **error)
{
  GString *text = csl_work_copy_print (copy, error);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) sealed = NULL;

  if (text == NULL)
    return false;
  content = g_string_free_to_bytes (text);
  sealed = csl_sealed_write (env, passphrase, content, error);
  return sealed != NULL && write_file (file, sealed, error) &&
         verify (file, passphrase, content, error);
}

bool
csl_copy_file_load_sync (GFile *file,
                         const char *passphrase,
                         CslWorkCopy *ret_copy,
                         GError **error)
{
  g_autoptr (GBytes) bytes = read_file (file, error);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) raw = NULL;

  if (bytes == NULL)
    return false;
  content = csl_sealed_read (passphrase, bytes, error);
  if (content == NULL)
    return false;
  if (csl_work_copy_parse (ret_copy, g_bytes_get_data (content, NULL),
                           g_bytes_get_size (content), &raw))
    return true;
  g_set_error_literal (error, CSL_SEALED_ERROR,
                       g_error_matches (raw, CSL_WIRE_ERROR, CSL_WIRE_ERROR_UNKNOWN)
                         ? CSL_SEALED_ERROR_NEWER
                         : CSL_SEALED_ERROR_DAMAGED,
                       raw->message);
  return false;
}
