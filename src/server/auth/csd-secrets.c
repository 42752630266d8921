/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-secrets.c: the server's own keys on the disk. */
#include "config.h"

#include "server/auth/csd-secrets.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
fail (GError **error, GIOErrorEnum code, const char *path, const char *what)
{
  g_set_error (error, G_IO_ERROR, code, "%s: %s", path, what);
  return false;
}

bool
csd_secrets_create (const char *path, const CslEnv *env, GError **error)
{
  CsdSecrets secrets;
  int file = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool written = false;

  if (file < 0)
    return fail (error, g_io_error_from_errno (errno), path, "cannot be made");
  csl_env_random (env, secrets.access_key, sizeof secrets.access_key);
  csl_env_random (env, secrets.refresh_key, sizeof secrets.refresh_key);
  csl_env_random (env, secrets.order_key, sizeof secrets.order_key);
  written = write (file, &secrets, sizeof secrets) == (gssize) sizeof secrets &&
            fsync (file) == 0;
  csd_secrets_clear (&secrets);
  close (file);
  if (!written)
    return fail (error, G_IO_ERROR_FAILED, path, "cannot be written");
  return true;
}

/* A file of the first version ends before the order key. The new one is whole on the disk before it takes its place. */
static bool
add_order_key (CsdSecrets *secrets, const char *path, const CslEnv *env, GError **error)
{
  csl_env_random (env, secrets->order_key, sizeof secrets->order_key);
  return g_file_set_contents_full (path, (const char *) secrets, sizeof *secrets,
                                   G_FILE_SET_CONTENTS_CONSISTENT |
                                     G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

bool
csd_secrets_load (CsdSecrets *ret_secrets,
                  const char *path,
                  const CslEnv *env,
                  GError **error)
{
  struct stat status;
  int file = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gssize length = 0;

  if (file < 0)
    return fail (error, g_io_error_from_errno (errno), path, "cannot be read");
  if (fstat (file, &status) != 0 || (status.st_mode & 077) != 0) {
    close (file);
    return fail (error, G_IO_ERROR_PERMISSION_DENIED, path,
                 "other users may read this file; its mode must be 0600");
  }
  length = read (file, ret_secrets, sizeof *ret_secrets);
  close (file);
  if (length == (gssize) G_STRUCT_OFFSET (CsdSecrets, order_key))
    return add_order_key (ret_secrets, path, env, error);
  return length == (gssize) sizeof *ret_secrets ||
         fail (error, G_IO_ERROR_INVALID_DATA, path, "is no file of keys");
}

void
csd_secrets_clear (CsdSecrets *secrets)
{
  sodium_memzero (secrets, sizeof *secrets);
}
