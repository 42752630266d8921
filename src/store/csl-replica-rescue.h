/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unsent work out of a file that cannot be opened as a replica any more. */
#pragma once

#include "core/base/csl-env.h"
#include "core/schema/csl-schema.h"
#include "core/wire/csl-work-copy.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

/* Reads whatever can be read, from a passing copy beside @path: the damaged file itself stays as it is, to the byte. name is
 * left NULL. @ret_complete: nothing was unreadable. CSL_STORE_ERROR_* when nothing at all could be read. @ret_copy:
 * uninitialised memory. */
bool csl_replica_rescue (const char *path,
                         const guint8 *key,
                         const CslSchema *schema,
                         const CslEnv *env,
                         CslWorkCopy *ret_copy,
                         bool *ret_complete,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A setting (csl_replica_put_setting()) of the same file; NULL: it has none, or it cannot be read. */
char *csl_replica_rescue_setting (const char *path, const guint8 *key, const char *name)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
