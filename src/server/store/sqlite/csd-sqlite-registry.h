/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The embedded registry: one SQLite file, caseload.db. */
#pragma once

#include "server/store/csd-registry.h"

G_BEGIN_DECLS

CsdRegistry *csd_sqlite_registry_open (const char *path, bool create, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
