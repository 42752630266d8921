/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's own keys: one file, mode 0600, made once by `init`. */
#pragma once

#include "core/base/csl-env.h"

#include <gio/gio.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSD_KEY_SIZE 32

typedef struct
{
  guint8 access_key[CSD_KEY_SIZE];  /* signs access tokens */
  guint8 refresh_key[CSD_KEY_SIZE]; /* makes refresh tokens */
  guint8 order_key[CSD_KEY_SIZE];   /* gives each organisation its order key */
} CsdSecrets;

/* Writes a new file; G_IO_ERROR_EXISTS when there is one. */
bool csd_secrets_create (const char *path, const CslEnv *env, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* G_IO_ERROR_PERMISSION_DENIED when others may read the file, G_IO_ERROR_INVALID_DATA when it is no such file. Keys that a
 * file of an older version lacks are made and added to it. */
bool csd_secrets_load (CsdSecrets *ret_secrets,
                       const char *path,
                       const CslEnv *env,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csd_secrets_clear (CsdSecrets *secrets);

G_END_DECLS
