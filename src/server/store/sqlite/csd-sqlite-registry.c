/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-registry.c: organisations, accounts, devices and sessions in caseload.db. */
#include "config.h"

#include "server/store/sqlite/csd-sqlite-registry.h"

#include "store/csl-db.h"

#include <string.h>

GResource *csd_server_sql_get_resource (void);

#define MIGRATIONS      "/org/caseload/Caseload/server/sql/registry"
#define ATTEMPT_KEEP_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

typedef struct
{
  CsdRegistry base;
  CslDb *db; /* (owned) */
} CsdSqliteRegistry;

static CslDb *
db_of (CsdRegistry *base)
{
  return ((CsdSqliteRegistry *) base)->db;
}

static void
registry_free (CsdRegistry *base)
{
  CsdSqliteRegistry *self = (CsdSqliteRegistry *) base;

  g_clear_pointer (&self->db, csl_db_free);
  g_free (self);
}

static bool
back_up (CsdRegistry *base, const char *path, GError **error)
{
  return csl_db_back_up (db_of (base), path, error);
}

static bool
add_organisation (CsdRegistry *base, const CsdOrganisationRow *row, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base), "INSERT INTO organisation (id, code, name) VALUES (:id, :code, :name)",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", row->id);
  csl_stmt_bind_text (stmt, ":code", row->code);
  csl_stmt_bind_text (stmt, ":name", row->name);
  return csl_stmt_run (stmt, error);
}

static void
read_organisation (CslStmt *stmt, CsdOrganisationRow *row)
{
  csl_stmt_copy_text (stmt, 0, row->id, sizeof row->id);
  csl_stmt_copy_text (stmt, 1, row->code, sizeof row->code);
  csl_stmt_copy_text (stmt, 2, row->name, sizeof row->name);
}

static bool
find_organisation (CsdRegistry *base,
                   const char *id,
                   CsdOrganisationRow *ret_row,
                   GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT id, code, name FROM organisation WHERE id = :id", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  if (!csl_stmt_step (stmt, error))
    return false;
  read_organisation (stmt, ret_row);
  return true;
}

static bool
list_organisations (CsdRegistry *base,
                    CsdOrganisationFunc func,
                    gpointer data,
                    GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base), "SELECT id, code, name FROM organisation ORDER BY code",
                    error);

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &step_error)) {
    CsdOrganisationRow row = { 0 };

    read_organisation (stmt, &row);
    func (&row, data);
  }
  if (step_error != NULL)
    g_propagate_error (error, step_error);
  return step_error == NULL;
}

static char *
fold (const char *username)
{
  g_autofree char *normal = g_utf8_normalize (username, -1, G_NORMALIZE_NFKC);

  return g_utf8_casefold (normal != NULL ? normal : username, -1);
}

static bool
put_account (CsdRegistry *base, const CsdAccount *account, GError **error)
{
  g_autofree char *folded = fold (account->username);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "INSERT INTO account (id, organisation, username, folded, display_name, hash, "
    "disabled,"
    " must_change) VALUES (:id, :organisation, :username, :folded, :display_name, :hash,"
    " :disabled, :must_change) ON CONFLICT (id) DO UPDATE SET display_name = "
    ":display_name,"
    " hash = :hash, disabled = :disabled, must_change = :must_change",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", account->user);
  csl_stmt_bind_text (stmt, ":organisation", account->organisation);
  csl_stmt_bind_text (stmt, ":username", account->username);
  csl_stmt_bind_text (stmt, ":folded", folded);
  csl_stmt_bind_text (stmt, ":display_name", account->display_name);
  csl_stmt_bind_text (stmt, ":hash", account->hash);
  csl_stmt_bind_int (stmt, ":disabled", account->disabled);
  csl_stmt_bind_int (stmt, ":must_change", account->must_change);
  return csl_stmt_run (stmt, error);
}

#define ACCOUNT_COLUMNS                                                                  \
  "a.id, a.organisation, a.username, a.display_name, a.hash, a.disabled, a.must_change"

static void
read_account (CslStmt *stmt, CsdAccount *account)
{
  csl_stmt_copy_text (stmt, 0, account->user, sizeof account->user);
  csl_stmt_copy_text (stmt, 1, account->organisation, sizeof account->organisation);
  csl_stmt_copy_text (stmt, 2, account->username, sizeof account->username);
  csl_stmt_copy_text (stmt, 3, account->display_name, sizeof account->display_name);
  csl_stmt_copy_text (stmt, 4, account->hash, sizeof account->hash);
  account->disabled = csl_stmt_get_int (stmt, 5) != 0;
  account->must_change = csl_stmt_get_int (stmt, 6) != 0;
}

static bool
read_accounts (CslStmt *stmt, CsdAccountFunc func, gpointer data, GError **error)
{
  GError *step_error = NULL;

  while (csl_stmt_step (stmt, &step_error)) {
    CsdAccount account = { 0 };

    read_account (stmt, &account);
    func (&account, data);
  }
  if (step_error != NULL)
    g_propagate_error (error, step_error);
  return step_error == NULL;
}

static bool
find_accounts (CsdRegistry *base,
               const char *code,
               const char *username,
               CsdAccountFunc func,
               gpointer data,
               GError **error)
{
  g_autofree char *folded = fold (username);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "SELECT " ACCOUNT_COLUMNS
    " FROM account a JOIN organisation o ON o.id = a.organisation"
    " WHERE a.folded = :folded AND (:code IS NULL OR o.code = lower (:code))",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":folded", folded);
  if (code != NULL)
    csl_stmt_bind_text (stmt, ":code", code);
  else
    csl_stmt_bind_null (stmt, ":code");
  return read_accounts (stmt, func, data, error);
}

static bool
find_account (CsdRegistry *base,
              const char *user,
              CsdAccount *ret_account,
              GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT " ACCOUNT_COLUMNS " FROM account a WHERE a.id = :id", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", user);
  if (!csl_stmt_step (stmt, error))
    return false;
  memset (ret_account, 0, sizeof *ret_account);
  read_account (stmt, ret_account);
  return true;
}

static bool
list_accounts (CsdRegistry *base, CsdAccountFunc func, gpointer data, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT " ACCOUNT_COLUMNS
                    " FROM account a ORDER BY organisation, folded",
                    error);

  return stmt != NULL && read_accounts (stmt, func, data, error);
}

static bool
put_device (CsdRegistry *base,
            const char *device,
            const CsdAccount *account,
            const char *name,
            const guint8 key[32],
            gint64 now_ms,
            GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "INSERT INTO device (id, account, organisation, name, public_key, added_ms, revoked)"
    " VALUES (:id, :account, :organisation, :name, :key, :now, 0)"
    " ON CONFLICT (id, account) DO UPDATE SET name = :name, public_key = :key"
    " WHERE revoked = 0",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", device);
  csl_stmt_bind_text (stmt, ":account", account->user);
  csl_stmt_bind_text (stmt, ":organisation", account->organisation);
  csl_stmt_bind_text (stmt, ":name", name);
  csl_stmt_bind_blob (stmt, ":key", key, 32);
  csl_stmt_bind_int (stmt, ":now", now_ms);
  return csl_stmt_run (stmt, error) && csl_db_get_changes (db_of (base)) == 1;
}

static bool
run_with_id (CsdRegistry *base, const char *sql, const char *id, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db_of (base), sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_run (stmt, error);
}

static bool
revoke_device (CsdRegistry *base, const char *device, GError **error)
{
  return run_with_id (base, "UPDATE device SET revoked = 1 WHERE id = :id", device,
                      error) &&
         run_with_id (base, "UPDATE session SET revoked = 1 WHERE device = :id", device,
                      error);
}

static bool
add_session (CsdRegistry *base, const CsdSession *session, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "INSERT INTO session (id, account, organisation, device, created_ms,"
                    " generation, used, revoked) VALUES (:id, :account, :organisation,"
                    " :device, :created, :generation, :used, 0)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", session->id);
  csl_stmt_bind_text (stmt, ":account", session->user);
  csl_stmt_bind_text (stmt, ":organisation", session->organisation);
  csl_stmt_bind_text (stmt, ":device", session->device);
  csl_stmt_bind_int (stmt, ":created", session->created_ms);
  csl_stmt_bind_int (stmt, ":generation", session->generation);
  csl_stmt_bind_int (stmt, ":used", session->used);
  return csl_stmt_run (stmt, error);
}

static bool
find_session (CsdRegistry *base, const char *id, CsdSession *ret_session, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "SELECT s.account, s.organisation, s.device, s.created_ms, s.generation, s.used, "
    "s.revoked,"
    " a.disabled, d.revoked, d.public_key FROM session s JOIN account a ON a.id = "
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
  ret_session->device_revoked = csl_stmt_get_int (stmt, 8) != 0;
  if (csl_stmt_get_size (stmt, 9) == sizeof ret_session->device_key)
    memcpy (ret_session->device_key, csl_stmt_get_blob (stmt, 9),
            sizeof ret_session->device_key);
  return true;
}

static bool
update_session (CsdRegistry *base, const CsdSession *session, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
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
    csl_db_prepare (db_of (base),
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
  if (step_error != NULL)
    g_propagate_error (error, step_error);
  return step_error == NULL;
}

static gint64
get_version (CsdRegistry *base)
{
  return csl_db_get_data_version (db_of (base));
}

static bool
get_attempts (CsdRegistry *base,
              const char *key,
              CsdAttempts *ret_attempts,
              GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base), "SELECT failures, next_ms FROM attempt WHERE key = :id",
                    error);

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
    csl_db_prepare (db_of (base), "DELETE FROM attempt WHERE key = :id OR at_ms < :old",
                    error);

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
  stmt = csl_db_prepare (db_of (base),
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

CsdRegistry *
csd_sqlite_registry_open (const char *path, bool create, GError **error)
{
  CsdSqliteRegistry *self = g_new0 (CsdSqliteRegistry, 1);

  self->base = (CsdRegistry){
    .free = registry_free,
    .back_up = back_up,
    .add_organisation = add_organisation,
    .find_organisation = find_organisation,
    .list_organisations = list_organisations,
    .put_account = put_account,
    .find_accounts = find_accounts,
    .find_account = find_account,
    .list_accounts = list_accounts,
    .put_device = put_device,
    .revoke_device = revoke_device,
    .add_session = add_session,
    .find_session = find_session,
    .update_session = update_session,
    .revoke_sessions = revoke_sessions,
    .get_version = get_version,
    .get_attempts = get_attempts,
    .set_attempts = set_attempts,
  };
  self->db =
    csl_db_open (path, NULL, CSL_DB_FOREIGN_KEYS | (create ? CSL_DB_CREATE : 0), error);
  if (self->db != NULL &&
      csl_db_migrate (self->db, csd_server_sql_get_resource (), MIGRATIONS, error))
    return &self->base;
  registry_free (&self->base);
  return NULL;
}
