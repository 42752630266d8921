/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-net-transport.c: what the transport accepts, refuses and makes of broken answers. */
#include "client/net/csl-net-transport.h"
#include "csl-test-server.h"
#include "csl-test-tls.h"

#include <stdio.h>
#include <string.h>

#define NDJSON "application/x-ndjson"
#define JSON   "application/json"

static CslTestTls *tls;

typedef struct
{
  CslTestServer *server;
  CslTransport *transport;
  CslExchangeReply reply;
  GPtrArray *lines;
  guint stop_after; /* lines; 0: never */
  GError *error;
} Fixture;

static char *
token_cb (gpointer data)
{
  return g_strdup ("secret-token");
}

static void
set_up (Fixture *fixture, gconstpointer pem)
{
  const char *certificate = pem != NULL ? *(char *const *) pem : tls->good;
  CslNetOptions options = { .ca_file = tls->authority,
                            .user_agent = "Caseload/test",
                            .schema = 7,
                            .timeout_s = 5,
                            .token = token_cb };

  fixture->server = csl_test_server_new (certificate);
  options.server = csl_test_server_get_address (fixture->server);
  fixture->transport = csl_net_transport_new (&options, &fixture->error);
  g_assert_no_error (fixture->error);
  fixture->lines = g_ptr_array_new_with_free_func (g_free);
}

static void
tear_down (Fixture *fixture, gconstpointer pem)
{
  csl_net_transport_free (fixture->transport);
  csl_test_server_free (fixture->server);
  g_ptr_array_unref (fixture->lines);
  csl_exchange_reply_clear (&fixture->reply);
  g_clear_error (&fixture->error);
}

static bool
line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  Fixture *fixture = data;

  if (fixture->stop_after != 0 && fixture->lines->len == fixture->stop_after) {
    g_set_error (error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_SYNTAX, "enough");
    return false;
  }
  if (fixture->lines->len < 1000)
    g_ptr_array_add (fixture->lines, g_strndup (line, length));
  return true;
}

static bool
exchange (Fixture *fixture, const char *method, const char *path, const char *body)
{
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  CslExchange request = { .method = method, .path = path, .body = bytes };

  csl_exchange_reply_clear (&fixture->reply);
  g_clear_error (&fixture->error);
  g_ptr_array_set_size (fixture->lines, 0);
  return fixture->transport->exchange (fixture->transport, &request, &fixture->reply,
                                       line_cb, fixture, NULL, &fixture->error);
}

static void
test_lines (Fixture *fixture, gconstpointer data)
{
  g_autofree char *head = NULL;

  csl_test_server_put_text (fixture->server, "/v1/sync/pull", "200 OK", NDJSON,
                            "{\"a\":1}\n{\"b\":2}\r\n");
  g_assert_true (exchange (fixture, "POST", "/v1/sync/pull", "{}"));
  g_assert_cmpuint (fixture->lines->len, ==, 2);
  g_assert_cmpstr (fixture->lines->pdata[0], ==, "{\"a\":1}");
  g_assert_cmpstr (fixture->lines->pdata[1], ==, "{\"b\":2}");
  g_assert_cmpuint (fixture->reply.status, ==, 200);
  g_assert_cmpint (fixture->reply.server_time_ms, ==, G_GINT64_CONSTANT (1795205463000));
  g_assert_cmpuint (fixture->reply.bytes_sent, ==, 2);
  g_assert_cmpuint (fixture->reply.bytes_received, ==, 17);
  head = csl_test_server_dup_head (fixture->server);
  g_assert_nonnull (strstr (head, "Authorization: Bearer secret-token\r\n"));
  g_assert_nonnull (strstr (head, "Caseload-Protocol: 1\r\n"));
  g_assert_nonnull (strstr (head, "Caseload-Schema: 7\r\n"));
  g_assert_null (strstr (head, "Cookie"));
}

static void
test_json_is_one_line (Fixture *fixture, gconstpointer data)
{
  csl_test_server_put_text (fixture->server, "/v1/sync/hello", "200 OK", JSON,
                            "{\n\"a\":1\n}");
  g_assert_true (exchange (fixture, "GET", "/v1/sync/hello", NULL));
  g_assert_cmpuint (fixture->lines->len, ==, 1);
  g_assert_cmpstr (fixture->lines->pdata[0], ==, "{\n\"a\":1\n}");
}

static void
test_anonymous (Fixture *fixture, gconstpointer data)
{
  CslExchange request = { .method = "GET", .path = "/", .anonymous = true };
  g_autofree char *head = NULL;

  csl_test_server_put_text (fixture->server, "/", "200 OK", JSON, "{}");
  g_assert_true (fixture->transport->exchange (fixture->transport, &request,
                                               &fixture->reply, line_cb, fixture, NULL,
                                               &fixture->error));
  head = csl_test_server_dup_head (fixture->server);
  g_assert_null (strstr (head, "Authorization"));
}

static void
test_second_post_keeps_connection (Fixture *fixture, gconstpointer data)
{
  csl_test_server_put_text (fixture->server, "/v1/sync/push", "200 OK", NDJSON, "{}\n");
  for (guint i = 0; i < 4; i++)
    g_assert_true (exchange (fixture, "POST", "/v1/sync/push", "{}\n"));
  g_assert_cmpuint (csl_test_server_get_requests (fixture->server), ==, 4);
  g_assert_cmpuint (csl_test_server_get_connections (fixture->server), ==, 1);
}

static void
test_bad_certificate (Fixture *fixture, gconstpointer data)
{
  csl_test_server_put_text (fixture->server, "/", "200 OK", JSON, "{}");
  g_assert_false (exchange (fixture, "POST", "/", "{}"));
  g_assert_error (fixture->error, CSL_NET_ERROR, CSL_NET_ERROR_CERTIFICATE);
  g_assert_cmpuint (csl_test_server_get_requests (fixture->server), ==, 0);
}

static void
test_plain_http_refused (void)
{
  static const char *const addresses[] = {
    "http://localhost:1", "ftp://x",      "", "https://",
    "https://me:pw@x",    "https://x/?q", "x"
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    CslNetOptions options = { .server = addresses[i], .user_agent = "t" };
    g_autoptr (GError) error = NULL;

    g_assert_null (csl_net_transport_new (&options, &error));
    g_assert_error (error, CSL_NET_ERROR, CSL_NET_ERROR_REFUSED);
  }
}

static void
test_nobody_listens (Fixture *fixture, gconstpointer data)
{
  CslNetOptions options = { .server = "https://127.0.0.1:1", .user_agent = "t" };

  csl_net_transport_free (fixture->transport);
  fixture->transport = csl_net_transport_new (&options, NULL);
  g_assert_false (exchange (fixture, "GET", "/", NULL));
  g_assert_error (fixture->error, CSL_NET_ERROR, CSL_NET_ERROR_OFFLINE);
}

typedef struct
{
  const char *name, *status, *type, *extra, *body;
  CslNetError code;
  guint retry;
  const char *server_code;
} Refusal;

static const Refusal refusals[] = {
  { "html", "200 OK", "text/html", "", "<html>Welcome to the hotel",
    CSL_NET_ERROR_GARBAGE, 0, NULL },
  { "no-type", "200 OK", "application/octet-stream", "", "{}\n", CSL_NET_ERROR_GARBAGE, 0,
    NULL },
  { "redirect", "302 Found", JSON, "Location: /elsewhere\r\n", "{}",
    CSL_NET_ERROR_GARBAGE, 0, NULL },
  { "portal", "511 Network Authentication Required", "text/html", "", "",
    CSL_NET_ERROR_GARBAGE, 0, NULL },
  { "400", "400 Bad Request", JSON, "", "{\"code\":\"since\",\"message\":\"m\"}",
    CSL_NET_ERROR_REFUSED, 0, "since" },
  { "401", "401 Unauthorized", JSON, "WWW-Authenticate: Bearer\r\n",
    "{\"code\":\"expired\"}", CSL_NET_ERROR_UNAUTHORIZED, 0, "expired" },
  { "403", "403 Forbidden", JSON, "", "{\"code\":\"locked\"}", CSL_NET_ERROR_REFUSED, 0,
    "locked" },
  { "413", "413 Content Too Large", JSON, "", "{\"code\":\"too_large\"}",
    CSL_NET_ERROR_TOO_LARGE, 0, "too_large" },
  { "426", "426 Upgrade Required", JSON, "", "{\"code\":\"upgrade\"}",
    CSL_NET_ERROR_REFUSED, 0, "upgrade" },
  { "429", "429 Too Many Requests", JSON, "Retry-After: 7\r\n", "{\"code\":\"busy\"}",
    CSL_NET_ERROR_BUSY, 7, "busy" },
  { "503", "503 Service Unavailable", JSON,
    "Retry-After: Fri, 20 Nov 2026 20:12:03 GMT\r\n", "{\"code\":\"busy\"}",
    CSL_NET_ERROR_BUSY, 60, "busy" },
  { "502-html", "502 Bad Gateway", "text/html", "Retry-After: soon\r\n", "<html>",
    CSL_NET_ERROR_BUSY, 0, NULL },
  { "500-deep", "500 Oops", JSON, "", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    CSL_NET_ERROR_BUSY, 0, NULL },
};

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    const Refusal *refusal = &refusals[i];
    char *answer = g_strdup_printf (
      "HTTP/1.1 %s\r\nContent-Type: %s\r\n%sDate: Fri, 20 Nov 2026 20:11:03 GMT\r\n"
      "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
      refusal->status, refusal->type, refusal->extra, strlen (refusal->body),
      refusal->body);

    g_test_message ("%s", refusal->name);
    csl_test_server_put (fixture->server, "/x",
                         g_bytes_new_take (answer, strlen (answer)), false);
    g_assert_false (exchange (fixture, "POST", "/x", "{}"));
    g_assert_error (fixture->error, CSL_NET_ERROR, (int) refusal->code);
    g_assert_cmpuint (fixture->lines->len, ==, 0);
    g_assert_cmpuint (fixture->reply.retry_after_s, ==, refusal->retry);
    g_assert_cmpstr (fixture->reply.error_code, ==, refusal->server_code);
    /* A redirect was not followed, a 401 not tried again. */
    g_assert_cmpuint (csl_test_server_get_requests (fixture->server), ==, i + 1);
  }
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  static const char *const answers[] = {
    /* short of its length */
    "HTTP/1.1 200 OK\r\nContent-Type: " NDJSON
    "\r\nContent-Length: 100\r\n\r\n{\"a\":1}\n",
    /* in a line, everything else in order */
    "HTTP/1.1 200 OK\r\nContent-Type: " NDJSON
    "\r\nContent-Length: 12\r\n\r\n{\"a\":1}\n{\"b\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    csl_test_server_put (fixture->server, "/x",
                         g_bytes_new_static (answers[i], strlen (answers[i])), true);
    g_assert_false (exchange (fixture, "POST", "/x", "{}"));
    g_assert_error (fixture->error, CSL_NET_ERROR, CSL_NET_ERROR_CUT);
    g_assert_cmpuint (fixture->lines->len, <=, 1);
  }
}

/* libsoup 3.2 takes the end of the connection for the end of a chunked body; the last line of
 * each stream ("done", "page") is what tells. Here: nothing is invented. */
static void
test_no_last_chunk (Fixture *fixture, gconstpointer data)
{
  static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: " NDJSON
    "\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\":1}\n\r\n";
  bool whole;

  csl_test_server_put (fixture->server, "/x",
                       g_bytes_new_static (answer, strlen (answer)), true);
  whole = exchange (fixture, "POST", "/x", "{}");
  g_assert_true (whole ||
                 g_error_matches (fixture->error, CSL_NET_ERROR, CSL_NET_ERROR_CUT));
  g_assert_cmpuint (fixture->lines->len, ==, 1);
}

static GBytes *
pack (const char *body, gsize length, gsize times)
{
  g_autoptr (GConverter) packer =
    G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, packer);

  for (gsize i = 0; i < times; i++)
    g_assert_true (g_output_stream_write_all (stream, body, length, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static void
put_packed (Fixture *fixture, const char *type, GBytes *packed, gsize keep)
{
  GString *answer = g_string_new (NULL);
  gsize length;
  const char *data = g_bytes_get_data (packed, &length);

  g_string_append_printf (
    answer,
    "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Encoding: gzip\r\n"
    "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
    type, MIN (length, keep));
  g_string_append_len (answer, data, (gssize) MIN (length, keep));
  csl_test_server_put (fixture->server, "/x", g_string_free_to_bytes (answer), false);
}

static void
test_gzip (Fixture *fixture, gconstpointer data)
{
  const char *line = "{\"t\":\"put\",\"d\":{\"content\":\"She showed the notice.\"}}\n";
  g_autoptr (GBytes) packed = pack (line, strlen (line), 500);

  put_packed (fixture, NDJSON, packed, G_MAXSIZE);
  g_assert_true (exchange (fixture, "POST", "/x", "{}"));
  g_assert_cmpuint (fixture->lines->len, ==, 500);
  g_assert_cmpuint (fixture->reply.bytes_received, ==, g_bytes_get_size (packed));
  /* The end of the packed body is missing, though HTTP is content. */
  put_packed (fixture, NDJSON, packed, g_bytes_get_size (packed) - 9);
  g_assert_false (exchange (fixture, "POST", "/x", "{}"));
  g_assert_error (fixture->error, CSL_NET_ERROR, CSL_NET_ERROR_CUT);
}

static gsize
read_resident_bytes (void)
{
  g_autofree char *text = NULL;
  guint64 size, resident;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &size,
                           &resident),
                   ==, 2);
  return resident * 4096;
}

static void
test_bomb (Fixture *fixture, gconstpointer data)
{
  g_autofree char *zeros = g_malloc0 (1024 * 1024);
  g_autoptr (GBytes) one_line = NULL;
  g_autoptr (GBytes) lines = NULL;
  G_GNUC_UNUSED gsize before;

  memset (zeros, ' ', 1024 * 1024);
  one_line = pack (zeros, 1024 * 1024, 200);
  zeros[1024 * 1024 - 1] = '\n';
  lines = pack (zeros, 1024 * 1024, 200);
  before = read_resident_bytes ();
  put_packed (fixture, NDJSON, one_line, G_MAXSIZE);
  g_assert_false (exchange (fixture, "POST", "/x", "{}"));
  g_assert_error (fixture->error, CSL_NET_ERROR, CSL_NET_ERROR_GARBAGE);
  put_packed (fixture, NDJSON, lines, G_MAXSIZE);
  g_assert_false (exchange (fixture, "POST", "/x", "{}"));
  g_assert_error (fixture->error, CSL_NET_ERROR, CSL_NET_ERROR_GARBAGE);
  put_packed (fixture, JSON, one_line, G_MAXSIZE);
  g_assert_false (exchange (fixture, "POST", "/x", "{}"));
  g_assert_error (fixture->error, CSL_NET_ERROR, CSL_NET_ERROR_GARBAGE);
  /* A sanitizer keeps freed memory for a while: then there is nothing to measure. */
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpuint (read_resident_bytes (), <, before + 30 * 1024 * 1024);
#endif
}

static void
test_line_function_stops (Fixture *fixture, gconstpointer data)
{
  fixture->stop_after = 1;
  csl_test_server_put_text (fixture->server, "/x", "200 OK", NDJSON, "{}\n{}\n{}\n");
  g_assert_false (exchange (fixture, "POST", "/x", "{}"));
  g_assert_error (fixture->error, CSL_WIRE_ERROR, CSL_WIRE_ERROR_SYNTAX);
  /* and the next exchange works */
  fixture->stop_after = 0;
  g_assert_true (exchange (fixture, "POST", "/x", "{}"));
  g_assert_cmpuint (fixture->lines->len, ==, 3);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  CslExchange request = { .method = "GET", .path = "/" };

  g_cancellable_cancel (cancellable);
  g_assert_false (fixture->transport->exchange (fixture->transport, &request,
                                                &fixture->reply, line_cb, fixture,
                                                cancellable, &fixture->error));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, func, data)                                                            \
  g_test_add ("/client/net/" path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  tls = csl_test_tls_new ();
  ADD ("lines", test_lines, NULL);
  ADD ("json-is-one-line", test_json_is_one_line, NULL);
  ADD ("anonymous", test_anonymous, NULL);
  ADD ("second-post-keeps-connection", test_second_post_keeps_connection, NULL);
  ADD ("certificate/stranger", test_bad_certificate, &tls->stranger);
  ADD ("certificate/expired", test_bad_certificate, &tls->expired);
  ADD ("certificate/wrong-host", test_bad_certificate, &tls->wrong_host);
  g_test_add_func ("/client/net/plain-http-refused", test_plain_http_refused);
  ADD ("nobody-listens", test_nobody_listens, NULL);
  ADD ("refusals", test_refusals, NULL);
  ADD ("cut", test_cut, NULL);
  ADD ("no-last-chunk", test_no_last_chunk, NULL);
  ADD ("gzip", test_gzip, NULL);
  ADD ("bomb", test_bomb, NULL);
  ADD ("line-function-stops", test_line_function_stops, NULL);
  ADD ("cancelled", test_cancelled, NULL);
  status = g_test_run ();
  csl_test_tls_free (tls);
  return status;
}
