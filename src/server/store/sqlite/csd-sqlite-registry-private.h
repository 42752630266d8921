/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the SQLite registry share. */
#pragma once

#include "server/store/csd-registry.h"
#include "store/csl-db.h"

G_BEGIN_DECLS

/* The connection to caseload.db (borrowed). */
CslDb *csd_sqlite_registry_get_db (CsdRegistry *base);
/* Give @base its functions for sessions and attempts, devices, and recovery keys and sealed work. */
void csd_sqlite_sessions_install (CsdRegistry *base);
void csd_sqlite_devices_install (CsdRegistry *base);
void csd_sqlite_sealed_install (CsdRegistry *base);

/* And those for the rules of locked replicas (csd-sqlite-lock.c). */
void csd_sqlite_lock_install (CsdRegistry *base);

G_END_DECLS
