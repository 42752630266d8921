/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the SQLite registry share. */
#pragma once

#include "server/store/csd-ledger.h"
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

/* The file beside caseload.db (borrowed), and what is written into it. */
CsdLedger *csd_sqlite_registry_get_ledger (CsdRegistry *base);
void csd_sqlite_registry_ledger_install (CsdRegistry *base);
bool csd_sqlite_registry_note_account (CsdRegistry *base,
                                       const char *user,
                                       bool disabled,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csd_sqlite_registry_note_device (CsdRegistry *base,
                                      const CsdDevice *device,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* When it is opened: what the file knows and the database does not is done again, and the other way round. */
bool csd_sqlite_registry_meet_ledger (CsdRegistry *base, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
