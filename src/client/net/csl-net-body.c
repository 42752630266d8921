/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-net-body.c: reads the body of an answer.
 *
 * Unpacking happens here and not in libsoup, because only here both sizes are known: an
 * answer that grows out of proportion, or past a limit, is dropped while it streams, and
 * never more than one line of it is in memory.
 */
#include "client/net/csl-net-body.h"

#include "client/net/csl-line-reader.h"
#include "client/net/csl-net-session.h"

#define READ_BYTES   (32 * 1024)
#define UNPACK_BYTES (64 * 1024)
#define MAX_LINE     (1024 * 1024)
#define MAX_TOTAL    (64 * 1024 * 1024)
#define MAX_ERROR    (64 * 1024)
#define RATIO_FROM   (1024 * 1024) /* the ratio is looked at above this many bytes */
#define MAX_RATIO    200           /* what zlib makes of honest records stays below 60 */

typedef struct
{
  GInputStream *stream;
  GCancellable *cancellable;
  GConverter *unpacker; /* (owned) (nullable): gzip */
  bool unpacked_all;
  gsize packed, unpacked;
  bool whole;   /* JSON: one line, whatever is in it */
  GString *all; /* (owned) (nullable): the JSON text so far */
  gsize max_all;
  CslLineReader lines;
} Body;

static void
body_clear (Body *self)
{
  g_clear_object (&self->unpacker);
  csl_line_reader_clear (&self->lines);
  if (self->all != NULL)
    g_string_free (self->all, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Body, body_clear)

static bool
garbage (GError **error, const char *what)
{
  g_set_error_literal (error, CSL_NET_ERROR, CSL_NET_ERROR_GARBAGE, what);
  return false;
}

static bool
body_open (Body *self, SoupMessage *message, GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  const char *encoding = soup_message_headers_get_one (headers, "Content-Encoding");

  if (g_strcmp0 (type, "application/json") == 0)
    self->whole = true;
  else if (g_strcmp0 (type, "application/x-ndjson") != 0)
    return garbage (error, "the answer is not from a Caseload server");
  if (encoding != NULL) {
    if (g_ascii_strcasecmp (encoding, "gzip") != 0)
      return garbage (error, "the answer is packed in an unknown way");
    self->unpacker =
      G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  }
  if (self->whole)
    self->all = g_string_new (NULL);
  return true;
}

static bool
body_take (Body *self, const char *bytes, gsize length, GError **error)
{
  self->unpacked += length;
  if (self->unpacked > RATIO_FROM && self->unpacked / MAX_RATIO > self->packed)
    return garbage (error, "the answer is packed too tightly");
  if (!self->whole)
    return csl_line_reader_push (&self->lines, bytes, length, error);
  if (self->all->len + length > self->max_all)
    return garbage (error, "the answer is too long");
  g_string_append_len (self->all, bytes, (gssize) length);
  return true;
}

static bool
body_unpack (Body *self, const char *bytes, gsize length, GError **error)
{
  char out[UNPACK_BYTES];
  gsize read, written = sizeof out;

  while (!self->unpacked_all && (length > 0 || written == sizeof out)) {
    g_autoptr (GError) local_error = NULL;
    GConverterResult result = g_converter_convert (self->unpacker, bytes, length, out,
                                                   sizeof out, G_CONVERTER_NO_FLAGS,
                                                   &read, &written, &local_error);

    if (result == G_CONVERTER_ERROR)
      return g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
             garbage (error, "the answer cannot be unpacked");
    if (!body_take (self, out, written, error))
      return false;
    self->unpacked_all = result == G_CONVERTER_FINISHED;
    bytes += read;
    length -= read;
  }
  return true;
}

static bool
body_finish (Body *self, GError **error)
{
  if (self->unpacker != NULL && !self->unpacked_all) {
    g_set_error_literal (error, CSL_NET_ERROR, CSL_NET_ERROR_CUT,
                         "the answer ended in the middle");
    return false;
  }
  if (!self->whole)
    return csl_line_reader_finish (&self->lines, error);
  return self->lines.on_line (self->all->str, self->all->len, self->lines.data, error);
}

static bool
body_read (Body *self, GError **error)
{
  char in[READ_BYTES];

  while (true) {
    GError *raw = NULL;
    gssize length =
      g_input_stream_read (self->stream, in, sizeof in, self->cancellable, &raw);

    if (length < 0) {
      csl_net_error_propagate (error, raw);
      return false;
    }
    if (length == 0)
      return body_finish (self, error);
    self->packed += (gsize) length;
    if (!(self->unpacker != NULL ? body_unpack (self, in, (gsize) length, error)
                                 : body_take (self, in, (gsize) length, error)))
      return false;
  }
}

bool
csl_net_body_read_lines (SoupMessage *message,
                         GInputStream *stream,
                         CslLineFunc on_line,
                         gpointer data,
                         gsize *ret_received,
                         GCancellable *cancellable,
                         GError **error)
{
  g_auto (Body) body = { .stream = stream,
                         .cancellable = cancellable,
                         .max_all = MAX_LINE };
  bool read;

  csl_line_reader_init (&body.lines, MAX_LINE, MAX_TOTAL, on_line, data);
  read = body_open (&body, message, error) && body_read (&body, error);
  *ret_received = body.packed;
  return read;
}

static bool
error_line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  return csl_exchange_reply_read_error (data, line, length) ||
         garbage (error, "the explanation is no JSON");
}

void
csl_net_body_read_error (SoupMessage *message,
                         GInputStream *stream,
                         CslExchangeReply *reply,
                         GCancellable *cancellable)
{
  g_auto (Body) body = { .stream = stream,
                         .cancellable = cancellable,
                         .max_all = MAX_ERROR };

  csl_line_reader_init (&body.lines, MAX_ERROR, MAX_ERROR, error_line_cb, reply);
  /* Whatever is wrong with the explanation of an error, the error stays what it is. */
  if (body_open (&body, message, NULL) && !body_read (&body, NULL))
    g_debug ("the explanation of an error cannot be read");
  reply->bytes_received = body.packed;
}
