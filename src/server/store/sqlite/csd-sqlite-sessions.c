/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-sessions.c: sessions and attempts at signing in, in caseload.db. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-registry-private.h"

#include <string.h>

#define ATTEMPT_KEEP_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

/* One statement: another program may be changing the account just now. */
static bool
add_session (CsdRegistry *base,
             const CsdSession *session,
             const char *hash,
             GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "INSERT INTO session (id, account, organisation, device, created_ms,"
                    " generation, used, revoked) SELECT :id, id, :organisation, :device,"
                    " :created, :generation, :used, 0 FROM account"
                    " WHERE id = :account AND hash = :hash AND disabled = 0",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", session->id);
  csl_stmt_bind_text (stmt, ":account", session->user);
  csl_stmt_bind_text (stmt, ":hash", hash);
  csl_stmt_bind_text (stmt, ":organisation", session->organisation);
  csl_stmt_bind_text (stmt, ":device", session->device);
  csl_stmt_bind_int (stmt, ":created", session->created_ms);
  csl_stmt_bind_int (stmt, ":generation", session->generation);
  csl_stmt_bind_int (stmt, ":used", session->used);
  return csl_stmt_run (stmt, error) &&
         csl_db_get_changes (csd_sqlite_registry_get_db (base)) == 1;
}

static bool
find_session (CsdRegistry *base, const char *id, CsdSession *ret_session, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    csd_sqlite_registry_get_db (base),
    "SELECT s.account, s.organisation, s.device, s.created_ms, s.generation, s.used, "
    "s.revoked,"
    " a.disabled, d.status, d.public_key FROM session s JOIN account a ON a.id = "
    "s.account"
    " JOIN device d ON d.id = s.device AND d.account = s.account WHERE s.id = :id",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  if (!csl_stmt_step (stmt, error))
    return false;
  memset (ret_session, 0, sizeof *ret_session);
  g_strlcpy (ret_session->id, id, sizeof ret_session->id);
  csl_stmt_copy_text (stmt, 0, ret_session->user, sizeof ret_session->user);
  csl_stmt_copy_text (stmt, 1, ret_session->organisation,
                      sizeof ret_session->organisation);
  csl_stmt_copy_text (stmt, 2, ret_session->device, sizeof ret_session->device);
  ret_session->created_ms = csl_stmt_get_int (stmt, 3);
  ret_session->generation = csl_stmt_get_int (stmt, 4);
  ret_session->used = csl_stmt_get_int (stmt, 5) != 0;
  ret_session->revoked = csl_stmt_get_int (stmt, 6) != 0;
  ret_session->disabled = csl_stmt_get_int (stmt, 7) != 0;
  ret_session->device_status = (CsdDeviceStatus) csl_stmt_get_int (stmt, 8);
  if (csl_stmt_get_size (stmt, 9) == sizeof ret_session->device_key)
    memcpy (ret_session->device_key, csl_stmt_get_blob (stmt, 9),
            sizeof ret_session->device_key);
  return true;
}

static bool
update_session (CsdRegistry *base, const CsdSession *session, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "UPDATE session SET generation = :generation, used = :used,"
                    " revoked = :revoked WHERE id = :id",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", session->id);
  csl_stmt_bind_int (stmt, ":generation", session->generation);
  csl_stmt_bind_int (stmt, ":used", session->used);
  csl_stmt_bind_int (stmt, ":revoked", session->revoked);
  return csl_stmt_run (stmt, error);
}

static bool
revoke_sessions (CsdRegistry *base,
                 const char *user,
                 const char *keep,
                 GPtrArray *ended,
                 GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "UPDATE session SET revoked = 1 WHERE account = :id AND revoked = 0"
                    " AND id <> :keep RETURNING id",
                    error);
  GError *step_error = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", user);
  csl_stmt_bind_text (stmt, ":keep", keep != NULL ? keep : "");
  while (csl_stmt_step (stmt, &step_error)) {
    if (ended != NULL)
      g_ptr_array_add (ended, csl_stmt_dup_text (stmt, 0));
  }
  return csl_error_pass (&step_error, error);
}

static bool
get_attempts (CsdRegistry *base,
              const char *key,
              CsdAttempts *ret_attempts,
              GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "SELECT failures, next_ms FROM attempt WHERE key = :id", error);

  ret_attempts->failures = 0;
  ret_attempts->next_ms = 0;
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", key);
  if (!csl_stmt_step (stmt, error))
    return false;
  ret_attempts->failures = csl_stmt_get_int (stmt, 0);
  ret_attempts->next_ms = csl_stmt_get_int (stmt, 1);
  return true;
}

static bool
forget_attempts (CsdRegistry *base, const char *key, gint64 now_ms, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "DELETE FROM attempt WHERE key = :id OR at_ms < :old", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", key);
  csl_stmt_bind_int (stmt, ":old", now_ms - ATTEMPT_KEEP_MS);
  return csl_stmt_run (stmt, error);
}

static bool
set_attempts (CsdRegistry *base,
              const char *key,
              const CsdAttempts *attempts,
              gint64 now_ms,
              GError **error)
{
  csl_auto_reset CslStmt *stmt = NULL;

  if (attempts->failures == 0)
    return forget_attempts (base, key, now_ms, error);
  stmt = csl_db_prepare (csd_sqlite_registry_get_db (base),
                         "INSERT OR REPLACE INTO attempt (key, failures, next_ms, at_ms)"
                         " VALUES (:id, :failures, :next, :now)",
                         error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", key);
  csl_stmt_bind_int (stmt, ":failures", attempts->failures);
  csl_stmt_bind_int (stmt, ":next", attempts->next_ms);
  csl_stmt_bind_int (stmt, ":now", now_ms);
  return csl_stmt_run (stmt, error);
}

void
csd_sqlite_sessions_install (CsdRegistry *base)
{
  base->add_session = add_session;
  base->find_session = find_session;
  base->update_session = update_session;
  base->revoke_sessions = revoke_sessions;
  base->get_attempts = get_attempts;
  base->set_attempts = set_attempts;
}
