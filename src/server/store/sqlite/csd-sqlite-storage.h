/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The embedded storage: one SQLite file for each organisation, org-<id>.db, and beside it org-<id>.epoch and org-<id>.ledger. */
#pragma once

#include "core/base/csl-env.h"
#include "core/schema/csl-schema.h"
#include "server/store/csd-storage.h"

G_BEGIN_DECLS

/* Opens the file, or makes it with @create; brings its tables up to date with @schema. When the file beside it has a
 * higher head, the database was restored from a backup and gets a new epoch. @schema and @env outlive the storage.
 * Errors of CSL_STORE_ERROR. */
CsdStorage *csd_sqlite_storage_open (const char *path,
                                     const CslSchema *schema,
                                     const CslEnv *env,
                                     bool create,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
