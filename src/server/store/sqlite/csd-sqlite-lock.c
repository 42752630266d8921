/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-lock.c: how an organisation's replicas are locked, in caseload.db. */
#include "config.h"

#include "server/store/sqlite/csd-sqlite-registry-private.h"

#include <string.h>

static bool
get_lock (CsdRegistry *base,
          const char *organisation,
          CsdLockPolicy *ret_policy,
          GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "SELECT lock_secret, lease_days, lock_minutes, may_recover"
                    " FROM organisation WHERE id = :id",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", organisation);
  if (!csl_stmt_step (stmt, error) ||
      csl_stmt_get_size (stmt, 0) != sizeof ret_policy->secret)
    return false;
  memcpy (ret_policy->secret, csl_stmt_get_blob (stmt, 0), sizeof ret_policy->secret);
  ret_policy->lease_days = csl_stmt_get_int (stmt, 1);
  ret_policy->lock_minutes = csl_stmt_get_int (stmt, 2);
  ret_policy->may_recover = csl_stmt_get_int (stmt, 3) != 0;
  return true;
}

/* The secret stays: replicas in the field are locked with what comes from it. */
static bool
set_lock (CsdRegistry *base,
          const char *organisation,
          const CsdLockPolicy *policy,
          GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "UPDATE organisation SET lease_days = :days, lock_minutes = :minutes,"
                    " may_recover = :recover WHERE id = :id",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", organisation);
  csl_stmt_bind_int (stmt, ":days", policy->lease_days);
  csl_stmt_bind_int (stmt, ":minutes", policy->lock_minutes);
  csl_stmt_bind_int (stmt, ":recover", policy->may_recover);
  return csl_stmt_run (stmt, error);
}

void
csd_sqlite_lock_install (CsdRegistry *base)
{
  base->get_lock = get_lock;
  base->set_lock = set_lock;
}
