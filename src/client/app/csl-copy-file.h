/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealed copies as files (docs/sealed-copy.md). For a thread that may wait: sealing takes a second. */
#pragma once

#include "core/base/csl-env.h"
#include "core/wire/csl-work-copy.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Written, read back from the disk and opened again before it is said to be there. CSL_SEALED_ERROR_*, G_IO_ERROR_*. */
bool csl_copy_file_save_sync (GFile *file,
                              const CslEnv *env,
                              const char *passphrase,
                              const CslWorkCopy *copy,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @ret_copy: cleared or uninitialised memory. CSL_SEALED_ERROR_*, G_IO_ERROR_*. */
bool csl_copy_file_load_sync (GFile *file,
                              const char *passphrase,
                              CslWorkCopy *ret_copy,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
