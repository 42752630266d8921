/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the SQLite registry share. */
#pragma once

#include "server/store/csd-registry.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

/* The connection to caseload.db (borrowed). */
CslDb *csd_sqlite_registry_get_db (CsdRegistry *base);
/* Gives @base its functions for devices, sessions and attempts (csd-sqlite-sessions.c). */
void csd_sqlite_sessions_install (CsdRegistry *base);

/* And those for the rules of locked replicas (csd-sqlite-lock.c). */
void csd_sqlite_lock_install (CsdRegistry *base);

G_END_DECLS
