/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-ledger.c: lines with a checksum, appended and synced.
 *
 *   <8 hexadecimal digits of the SHA-256 of the text> SPACE <text> LF
 *
 * Several processes may append: each write holds the lock of the file. A last line without its newline was cut by a
 * power cut, and is taken away.
 */
#include "config.h"

#include "server/store/csd-ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define SUM_LENGTH 8

/* What stands behind such a line says all again that is known; what cannot be read before it is known too. */
#define RENEWED "renewed "

struct _CsdLedger
{
  char *path; /* (owned) */
  int file;
  GPtrArray *lines; /* (owned) of char* */
  guint n_damaged;
};

static bool
fail (const CsdLedger *self, GError **error)
{
  const int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", self->path,
               g_strerror (code));
  return false;
}

static void
compute_sum (const char *text, char ret_sum[SUM_LENGTH + 1])
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  g_strlcpy (ret_sum, sum, SUM_LENGTH + 1);
}

static void
take_line (CsdLedger *self, const char *line)
{
  char sum[SUM_LENGTH + 1];

  if (*line == '\0')
    return;
  if (strlen (line) > SUM_LENGTH + 1 && line[SUM_LENGTH] == ' ') {
    compute_sum (line + SUM_LENGTH + 1, sum);
    if (strncmp (line, sum, SUM_LENGTH) == 0) {
      if (g_str_has_prefix (line + SUM_LENGTH + 1, RENEWED))
        self->n_damaged = 0;
      g_ptr_array_add (self->lines, g_strdup (line + SUM_LENGTH + 1));
      return;
    }
  }
  self->n_damaged++;
}

/* With the lock held. */
static bool
read_lines (CsdLedger *self, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length = 0;
  gsize whole;

  if (!g_file_get_contents (self->path, &text, &length, error))
    return false;
  whole = length;
  while (whole > 0 && text[whole - 1] != '\n')
    whole--;
  if (whole < length && ftruncate (self->file, (off_t) whole) != 0)
    return fail (self, error);
  text[whole] = '\0';
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    take_line (self, lines[i]);
  return true;
}

/* A new file is there after a power cut only when its folder is synced too. */
static bool
sync_folder (CsdLedger *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  int file = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  bool good = file >= 0 && fsync (file) == 0;

  if (!good)
    fail (self, error);
  if (file >= 0)
    close (file);
  return good;
}

static bool
open_file (CsdLedger *self, GError **error)
{
  bool is_new = !g_file_test (self->path, G_FILE_TEST_EXISTS);
  bool good;

  self->file = g_open (self->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (self->file < 0 || flock (self->file, LOCK_EX) != 0)
    return fail (self, error);
  good = (!is_new || sync_folder (self, error)) && read_lines (self, error);
  flock (self->file, LOCK_UN);
  return good;
}

CsdLedger *
csd_ledger_open (const char *database, GError **error)
{
  g_autoptr (CsdLedger) self = g_new0 (CsdLedger, 1);
  gsize length = strlen (database);

  if (g_str_has_suffix (database, ".db"))
    length -= strlen (".db");
  self->path = g_strdup_printf ("%.*s.ledger", (int) length, database);
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->file = -1;
  return open_file (self, error) ? g_steal_pointer (&self) : NULL;
}

void
csd_ledger_free (CsdLedger *self)
{
  if (self->file >= 0)
    close (self->file);
  g_ptr_array_unref (self->lines);
  g_free (self->path);
  g_free (self);
}

const char *
csd_ledger_get_path (const CsdLedger *self)
{
  return self->path;
}

GPtrArray *
csd_ledger_get_lines (const CsdLedger *self)
{
  return self->lines;
}

void
csd_ledger_forget_lines (CsdLedger *self)
{
  g_ptr_array_set_size (self->lines, 0);
}

guint
csd_ledger_get_n_damaged (const CsdLedger *self)
{
  return self->n_damaged;
}

static bool
write_all (CsdLedger *self, const GString *text, GError **error)
{
  gsize done = 0;

  while (done < text->len) {
    gssize n = write (self->file, text->str + done, text->len - done);

    if (n < 0 && errno != EINTR)
      return fail (self, error);
    done += n > 0 ? (gsize) n : 0;
  }
  return fdatasync (self->file) == 0 || fail (self, error);
}

bool
csd_ledger_append (CsdLedger *self, GPtrArray *lines, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  bool good;

  if (lines->len == 0)
    return true;
  for (guint i = 0; i < lines->len; i++) {
    const char *line = g_ptr_array_index (lines, i);
    char sum[SUM_LENGTH + 1];

    if (g_str_has_prefix (line, RENEWED))
      self->n_damaged = 0;
    compute_sum (line, sum);
    g_string_append_printf (text, "%s %s\n", sum, line);
  }
  if (flock (self->file, LOCK_EX) != 0)
    return fail (self, error);
  good = write_all (self, text, error);
  flock (self->file, LOCK_UN);
  return good;
}
