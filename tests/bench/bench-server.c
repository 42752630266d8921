/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-server.c: starts and stops the server's programs. */
#include "bench/bench-server.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

static char *
read_value (GDataInputStream *lines, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);

  if (line == NULL || !g_str_has_prefix (line, name))
    g_error ("the server did not start: %s",
             error != NULL ? error->message : "no answer");
  return g_strdup (line + strlen (name));
}

void
bench_server_start (BenchServer *self, const char *data, const char *prefix)
{
  const char *source = g_getenv ("CSL_TEST_SOURCE_ROOT");
  const char *build = g_getenv ("CSL_TEST_BUILD_ROOT");
  g_autofree char *script =
    g_build_filename (source != NULL ? source : ".", "build-aux/demo-server", NULL);
  g_autofree char *binary = g_build_filename (build != NULL ? build : "build",
                                              "src/server/caseload-server", NULL);
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, script,
                                    "--data", data, "--prefix", prefix, "--port", "0",
                                    "--binary", binary, NULL);
  if (self->process == NULL)
    g_error ("%s", error->message);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  self->address.url = read_value (lines, "URL=");
  self->address.ca_file = read_value (lines, "CA=");
}

void
bench_server_stop (BenchServer *self)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
  g_clear_pointer (&self->address.url, g_free);
  g_clear_pointer (&self->address.ca_file, g_free);
}

gint64
bench_count_network_bytes (void)
{
  gint64 bytes = 0;

  for (int fd = 3; fd < 256; fd++) {
    struct tcp_info info = { 0 };
    socklen_t length = sizeof info;

    if (getsockopt (fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0)
      bytes += (gint64) (info.tcpi_bytes_acked + info.tcpi_bytes_received);
  }
  return bytes;
}
