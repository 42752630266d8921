/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-tls.c: certificates for tests, made by openssl when the test starts. */
#include "csl-test-tls.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

static const char script[] =
  "set -e; cd \"$0\"\n"
  "printf '[v3]\\nbasicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign\\n' > ca.cnf\n"
  "printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\n' > good.cnf\n"
  "printf 'subjectAltName=DNS:other.example\\n' > other.cnf\n"
  "new_key () { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
  "new_authority () { new_key $1; openssl req -new -key $1.key -subj /CN=$1 -out "
  "$1.csr;\n"
  "  openssl x509 -req -in $1.csr -signkey $1.key -days 30 -extfile ca.cnf -extensions "
  "v3\n"
  "    -out $1.crt; }\n"
  "new_server () { new_key $1; openssl req -new -key $1.key -subj /CN=$1 -out $1.csr;\n"
  "  openssl x509 -req -in $1.csr -CA $2.crt -CAkey $2.key -CAcreateserial $4\n"
  "    -extfile $3.cnf -out $1.crt; cat $1.crt $1.key > $1.pem; }\n"
  "new_authority authority; new_authority nobody\n"
  /* Newer versions know both ends of the time, and no end before the beginning. */
  "past=\"-days -1\"; if openssl x509 -help 2>&1 | grep -q not_after; then\n"
  "  past=\"-not_before 20200101000000Z -not_after 20200102000000Z\"; fi\n"
  "new_server good authority good '-days 30'; new_server expired authority good "
  "\"$past\"\n"
  "new_server wrong-host authority other '-days 30'; new_server stranger nobody good "
  "'-days 30'\n";

CslTestTls *
csl_test_tls_new (void)
{
  CslTestTls *self = g_new0 (CslTestTls, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *joined = NULL;
  g_auto (GStrv) lines = g_strsplit (script, "\n    -", -1);
  char *argv[] = { (char *) "/bin/sh", (char *) "-c", NULL, NULL, NULL };
  int status;

  self->folder = g_dir_make_tmp ("csl-tls-XXXXXX", &error);
  g_assert_no_error (error);
  joined = g_strjoinv (" -", lines);
  argv[2] = joined;
  argv[3] = self->folder;
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
  self->authority = g_build_filename (self->folder, "authority.crt", NULL);
  self->good = g_build_filename (self->folder, "good.pem", NULL);
  self->expired = g_build_filename (self->folder, "expired.pem", NULL);
  self->wrong_host = g_build_filename (self->folder, "wrong-host.pem", NULL);
  self->stranger = g_build_filename (self->folder, "stranger.pem", NULL);
  return self;
}

void
csl_test_tls_free (CslTestTls *self)
{
  g_free (self->folder);
  g_free (self->authority);
  g_free (self->good);
  g_free (self->expired);
  g_free (self->wrong_host);
  g_free (self->stranger);
  g_free (self);
}
