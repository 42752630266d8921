/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslLineReader: cuts a stream of bytes into lines, with limits. */
#pragma once

#include "core/wire/csl-transport.h"

G_BEGIN_DECLS

typedef struct
{
  gsize max_line;  /* bytes of one line without its newline */
  gsize max_total; /* bytes of the whole stream */
  CslLineFunc on_line;
  gpointer data;
  /* private */
  GString *pending; /* (owned): start of a line that is not complete yet */
  gsize total;
} CslLineReader;

void csl_line_reader_init (CslLineReader *self,
                           gsize max_line,
                           gsize max_total,
                           CslLineFunc on_line,
                           gpointer data);
void csl_line_reader_clear (CslLineReader *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslLineReader, csl_line_reader_clear)
bool csl_line_reader_push (CslLineReader *self,
                           const char *bytes,
                           gsize length,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csl_line_reader_finish (CslLineReader *self, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
