/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-server.c: a TLS server that answers each path with exactly the bytes it was told. */
#include "csl-test-server.h"

#include <gio/gio.h>
#include <string.h>

typedef struct
{
  GBytes *bytes; /* (owned) */
  bool cut;
} Answer;

struct _CslTestServer
{
  GSocketService *service;      /* (owned) */
  GTlsCertificate *certificate; /* (owned) */
  char *address;                /* (owned) */
  GMainContext *context;        /* (owned) */
  GMainLoop *loop;              /* (owned) */
  GThread *thread;              /* (owned) */
  GMutex lock;
  GHashTable *answers; /* (owned) char* → Answer */
  char *head;          /* (owned) (nullable) */
  CslTestHandler handler;
  gpointer data;
  bool unplugged;
  GCond ended;
  guint connections, requests, open;
};

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_bytes_unref (answer->bytes);
  g_free (answer);
}

/* Reads one head; NULL at the end of the connection. */
static char *
read_head (GInputStream *stream)
{
  GString *head = g_string_new (NULL);
  char c;

  while (!g_str_has_suffix (head->str, "\r\n\r\n")) {
    if (g_input_stream_read (stream, &c, 1, NULL, NULL) != 1)
      return g_string_free (head, TRUE) != NULL ? NULL : NULL;
    g_string_append_c (head, c);
  }
  return g_string_free (head, FALSE);
}

static GBytes *
read_body (GInputStream *stream, const char *head)
{
  const char *found = g_strstr_len (head, -1, "Content-Length: ");
  guint64 length = found != NULL ? g_ascii_strtoull (found + 16, NULL, 10) : 0;
  char *body = g_malloc (length + 1);

  g_input_stream_read_all (stream, body, length, NULL, NULL, NULL);
  return g_bytes_new_take (body, length);
}

/* What to say to a request; @ret_cut: and then close. */
static GBytes *
find_answer (CslTestServer *self, const char *head, GBytes *body, bool *ret_cut)
{
  g_auto (GStrv) words = g_strsplit (head, " ", 3);
  const Answer *answer;
  GBytes *bytes = NULL;

  g_mutex_lock (&self->lock);
  self->requests++;
  answer = g_hash_table_lookup (self->answers, words[1]);
  if (answer != NULL) {
    bytes = g_bytes_ref (answer->bytes);
    *ret_cut = answer->cut;
  }
  g_free (self->head);
  self->head = g_strdup (head);
  g_mutex_unlock (&self->lock);
  if (bytes == NULL) {
    g_assert_nonnull (self->handler);
    bytes = self->handler (head, body, self->data);
  }
  return bytes;
}

/* One request; FALSE ends the connection. */
static bool
serve (CslTestServer *self, GIOStream *stream)
{
  g_autofree char *head = read_head (g_io_stream_get_input_stream (stream));
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer data;
  bool cut = false;
  gsize length;

  if (head == NULL || self->unplugged)
    return false;
  body = read_body (g_io_stream_get_input_stream (stream), head);
  bytes = find_answer (self, head, body, &cut);
  data = g_bytes_get_data (bytes, &length);
  return g_output_stream_write_all (g_io_stream_get_output_stream (stream), data, length,
                                    NULL, NULL, NULL) &&
         !cut;
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection *connection,
        GObject *source,
        gpointer data)
{
  CslTestServer *self = data;
  g_autoptr (GIOStream) stream = NULL;

  g_mutex_lock (&self->lock);
  self->connections++;
  self->open++;
  g_mutex_unlock (&self->lock);
  stream =
    g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
  g_assert_nonnull (stream);
  while (!self->unplugged && serve (self, stream))
    continue;
  g_io_stream_close (stream, NULL, NULL);
  g_mutex_lock (&self->lock);
  self->open--;
  g_cond_signal (&self->ended);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static gpointer
run_thread (gpointer data)
{
  CslTestServer *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

CslTestServer *
csl_test_server_new (const char *pem)
{
  CslTestServer *self = g_new0 (CslTestServer, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;

  g_mutex_init (&self->lock);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answer_free);
  self->certificate = g_tls_certificate_new_from_file (pem, &error);
  g_assert_no_error (error);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->service = g_threaded_socket_service_new (8);
  /* The service is owned by self and stopped before it goes. */
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &got,
                                 &error);
  g_assert_no_error (error);
  g_main_context_pop_thread_default (self->context);
  self->address =
    g_strdup_printf ("https://127.0.0.1:%u",
                     g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)));
  self->thread = g_thread_new ("test-server", run_thread, self);
  return self;
}

void
csl_test_server_free (CslTestServer *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  /* In the loop, in case it has not begun yet. */
  g_main_context_invoke (self->context, quit_cb, self->loop);
  g_thread_join (self->thread);
  g_mutex_lock (&self->lock);
  while (self->open > 0)
    g_cond_wait (&self->ended, &self->lock);
  g_mutex_unlock (&self->lock);
  g_object_unref (self->service);
  g_object_unref (self->certificate);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->answers);
  g_free (self->head);
  g_free (self->address);
  g_free (self);
}

const char *
csl_test_server_get_address (CslTestServer *self)
{
  return self->address;
}

void
csl_test_server_put (CslTestServer *self, const char *path, GBytes *answer, bool cut)
{
  Answer *entry = g_new0 (Answer, 1);

  entry->bytes = answer;
  entry->cut = cut;
  g_mutex_lock (&self->lock);
  g_hash_table_replace (self->answers, g_strdup (path), entry);
  g_mutex_unlock (&self->lock);
}

void
csl_test_server_set_handler (CslTestServer *self, CslTestHandler handler, gpointer data)
{
  self->handler = handler;
  self->data = data;
}

void
csl_test_server_set_unplugged (CslTestServer *self, bool unplugged)
{
  self->unplugged = unplugged;
}

void
csl_test_server_put_text (CslTestServer *self,
                          const char *path,
                          const char *status,
                          const char *type,
                          const char *body)
{
  char *text = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Type: %s\r\n"
                                "Date: Fri, 20 Nov 2026 20:11:03 GMT\r\n"
                                "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                                status, type, strlen (body), body);

  csl_test_server_put (self, path, g_bytes_new_take (text, strlen (text)), false);
}

guint
csl_test_server_get_connections (CslTestServer *self)
{
  return self->connections;
}

guint
csl_test_server_get_requests (CslTestServer *self)
{
  return self->requests;
}

char *
csl_test_server_dup_head (CslTestServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strdup (self->head);
}
