/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-line-reader.c: cuts a stream of bytes into lines.
 *
 * Lines that arrive whole are handed out in place; only the piece of a line that spans two
 * reads is copied. Memory never exceeds one line, whatever the other end sends.
 */
#include "client/net/csl-line-reader.h"

#include <string.h>

/**
 * csl_line_reader_init:
 * @max_line: longest line, in bytes
 * @max_total: longest stream, in bytes
 * @on_line: called for each line, without its newline; empty lines are left out
 */
void
csl_line_reader_init (CslLineReader *self,
                      gsize max_line,
                      gsize max_total,
                      CslLineFunc on_line,
                      gpointer data)
{
  *self = (CslLineReader){
    .max_line = max_line,
    .max_total = max_total,
    .on_line = on_line,
    .data = data,
    .pending = g_string_new (NULL),
  };
}

/** csl_line_reader_clear: frees what @self holds; safe to call twice. */
void
csl_line_reader_clear (CslLineReader *self)
{
  if (self->pending != NULL)
    g_string_free (self->pending, TRUE);
  self->pending = NULL;
}

static bool
emit (CslLineReader *self, const char *line, gsize length, GError **error)
{
  if (length > 0 && line[length - 1] == '\r')
    length--;
  return length == 0 || self->on_line (line, length, self->data, error);
}

/* Keeps @length bytes of an unfinished line. */
static bool
keep (CslLineReader *self, const char *bytes, gsize length, GError **error)
{
  if (self->pending->len + length > self->max_line) {
    g_set_error (error, CSL_NET_ERROR, CSL_NET_ERROR_GARBAGE,
                 "a line of the answer is longer than %" G_GSIZE_FORMAT " bytes",
                 self->max_line);
    return false;
  }
  g_string_append_len (self->pending, bytes, (gssize) length);
  return true;
}

/**
 * csl_line_reader_push:
 *
 * Takes the next @length bytes of the stream and hands out the lines they complete.
 *
 * Returns: %FALSE with %CSL_NET_ERROR_GARBAGE when a limit is passed, or with the error of
 *   the line function
 */
bool
csl_line_reader_push (CslLineReader *self,
                      const char *bytes,
                      gsize length,
                      GError **error)
{
  const char *end = bytes + length;

  self->total += length;
  if (self->total > self->max_total) {
    g_set_error (error, CSL_NET_ERROR, CSL_NET_ERROR_GARBAGE,
                 "the answer is longer than %" G_GSIZE_FORMAT " bytes", self->max_total);
    return false;
  }
  while (bytes < end) {
    const char *newline = memchr (bytes, '\n', (gsize) (end - bytes));

    if (newline == NULL)
      return keep (self, bytes, (gsize) (end - bytes), error);
    if (self->pending->len == 0 && (gsize) (newline - bytes) <= self->max_line) {
      if (!emit (self, bytes, (gsize) (newline - bytes), error))
        return false;
    } else {
      if (!keep (self, bytes, (gsize) (newline - bytes), error) ||
          !emit (self, self->pending->str, self->pending->len, error))
        return false;
      g_string_truncate (self->pending, 0);
    }
    bytes = newline + 1;
  }
  return true;
}

/**
 * csl_line_reader_finish:
 *
 * Says that the stream ended.
 *
 * Returns: %FALSE with %CSL_NET_ERROR_CUT when it ended inside a line
 */
bool
csl_line_reader_finish (CslLineReader *self, GError **error)
{
  if (self->pending->len == 0)
    return true;
  g_set_error (error, CSL_NET_ERROR, CSL_NET_ERROR_CUT,
               "the answer ended in the middle of a line");
  return false;
}
