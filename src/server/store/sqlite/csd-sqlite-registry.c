/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-registry.c: organisations and accounts in caseload.db. */
#define G_LOG_DOMAIN "caseload-server"
#include "config.h"

#include "server/store/sqlite/csd-sqlite-registry.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-registry-private.h"

#include <string.h>

GResource *csd_server_sql_get_resource (void);

#define MIGRATIONS "/org/caseload/Caseload/server/sql/registry"

typedef struct
{
  CsdRegistry base;
  CslDb *db;         /* (owned) */
  CsdLedger *ledger; /* (owned) */
  gint64 n_healed;   /* times that it was opened again */
  bool told;         /* that it has failed and is not well yet */
} CsdSqliteRegistry;

CslDb *
csd_sqlite_registry_get_db (CsdRegistry *base)
{
  return ((CsdSqliteRegistry *) base)->db;
}

CsdLedger *
csd_sqlite_registry_get_ledger (CsdRegistry *base)
{
  return ((CsdSqliteRegistry *) base)->ledger;
}

static void
registry_free (CsdRegistry *base)
{
  CsdSqliteRegistry *self = (CsdSqliteRegistry *) base;

  g_clear_pointer (&self->db, csl_db_free);
  g_clear_pointer (&self->ledger, csd_ledger_free);
  g_mutex_clear (&base->mutex);
  g_free (self);
}

static CsdRegistry *
open_again (CsdSqliteRegistry *self, GError **error)
{
  CsdRegistry *again = NULL;

  if (!csl_db_check_file (self->db, error))
    return NULL;
  again = csd_sqlite_registry_open (csl_db_get_path (self->db), false, error);
  /* As in the storage: what was given up stays so. */
  if (again != NULL && !csl_db_truncate_wal (((CsdSqliteRegistry *) again)->db, NULL))
    g_debug ("The log of a registry that was opened again is not empty");
  return again;
}

static void
heal (CsdRegistry *base)
{
  CsdSqliteRegistry *self = (CsdSqliteRegistry *) base;
  g_autoptr (CsdRegistry) again = NULL;
  g_autoptr (GError) error = NULL;

  if (!csl_db_has_failed (self->db))
    return;
  again = open_again (self, &error);
  if (again == NULL) {
    if (!self->told)
      g_warning ("caseload.db cannot be used: %s", error->message);
    self->told = true;
    return;
  }
  csl_db_free (self->db);
  csd_ledger_free (self->ledger);
  self->db = g_steal_pointer (&((CsdSqliteRegistry *) again)->db);
  self->ledger = g_steal_pointer (&((CsdSqliteRegistry *) again)->ledger);
  self->told = false;
  self->n_healed++;
  g_message ("caseload.db had failed, and was opened again");
}

static bool
back_up (CsdRegistry *base, const char *path, GError **error)
{
  return csl_db_back_up (csd_sqlite_registry_get_db (base), path, error);
}

static bool
add_organisation (CsdRegistry *base, const CsdOrganisationRow *row, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "INSERT INTO organisation (id, code, name, lock_secret)"
                    " VALUES (:id, :code, :name, randomblob (32))",
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
    csl_db_prepare (csd_sqlite_registry_get_db (base),
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
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "SELECT id, code, name FROM organisation ORDER BY code", error);

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &step_error)) {
    CsdOrganisationRow row = { 0 };

    read_organisation (stmt, &row);
    func (&row, data);
  }
  return csl_error_pass (&step_error, error);
}

static bool
write_account (CsdRegistry *base, const CsdAccount *account, GError **error)
{
  g_autofree char *folded = csd_registry_fold_name (account->username);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    csd_sqlite_registry_get_db (base),
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
  return csl_error_pass (&step_error, error);
}

static bool
find_accounts (CsdRegistry *base,
               const char *code,
               const char *username,
               CsdAccountFunc func,
               gpointer data,
               GError **error)
{
  g_autofree char *folded = csd_registry_fold_name (username);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "SELECT " ACCOUNT_COLUMNS
                    " FROM account a JOIN organisation o ON o.id = a.organisation"
                    " WHERE a.folded = :folded"
                    " AND (:code IS NULL OR o.code = lower (:code) OR o.id = :code)",
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
    csl_db_prepare (csd_sqlite_registry_get_db (base),
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

/* Blocked: first here, then in the ledger. Let in again: the other way round. */
static bool
put_account (CsdRegistry *base, const CsdAccount *account, GError **error)
{
  GError *find_error = NULL;
  CsdAccount before;
  bool was = false;

  if (find_account (base, account->user, &before, &find_error))
    was = before.disabled;
  if (!csl_error_pass (&find_error, error))
    return false;
  if (was && !account->disabled &&
      !csd_sqlite_registry_note_account (base, account->user, false, error))
    return false;
  return write_account (base, account, error) &&
         (was || !account->disabled ||
          csd_sqlite_registry_note_account (base, account->user, true, error));
}

/* One statement: another program may be changing the account just now. */
static bool
change_hash (CsdRegistry *base,
             const char *user,
             const char *old,
             const char *hash,
             GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "UPDATE account SET hash = :hash, must_change = 0"
                    " WHERE id = :id AND hash = :old AND disabled = 0",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", user);
  csl_stmt_bind_text (stmt, ":old", old);
  csl_stmt_bind_text (stmt, ":hash", hash);
  return csl_stmt_run (stmt, error) &&
         csl_db_get_changes (csd_sqlite_registry_get_db (base)) == 1;
}

static bool
list_accounts (CsdRegistry *base, CsdAccountFunc func, gpointer data, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csd_sqlite_registry_get_db (base),
                    "SELECT " ACCOUNT_COLUMNS
                    " FROM account a ORDER BY organisation, folded",
                    error);

  return stmt != NULL && read_accounts (stmt, func, data, error);
}

static gint64
get_version (CsdRegistry *base)
{
  CsdSqliteRegistry *self = (CsdSqliteRegistry *) base;

  /* Each connection counts by itself. */
  return csl_db_get_data_version (self->db) + (self->n_healed << 32);
}

CsdRegistry *
csd_sqlite_registry_open (const char *path, bool create, GError **error)
{
  CsdSqliteRegistry *self = g_new0 (CsdSqliteRegistry, 1);

  self->base = (CsdRegistry){
    .free = registry_free,
    .heal = heal,
    .back_up = back_up,
    .add_organisation = add_organisation,
    .find_organisation = find_organisation,
    .list_organisations = list_organisations,
    .put_account = put_account,
    .change_hash = change_hash,
    .find_accounts = find_accounts,
    .find_account = find_account,
    .list_accounts = list_accounts,
    .get_version = get_version,
  };
  g_mutex_init (&self->base.mutex);
  csd_sqlite_lock_install (&self->base);
  csd_sqlite_sessions_install (&self->base);
  csd_sqlite_devices_install (&self->base);
  csd_sqlite_sealed_install (&self->base);
  csd_sqlite_registry_ledger_install (&self->base);
  self->db =
    csl_db_open (path, NULL, CSL_DB_FOREIGN_KEYS | (create ? CSL_DB_CREATE : 0), error);
  if (self->db != NULL &&
      csl_db_migrate (self->db, csd_server_sql_get_resource (), MIGRATIONS, error))
    self->ledger = csd_ledger_open (path, error);
  if (self->ledger != NULL && csd_sqlite_registry_meet_ledger (&self->base, error))
    return &self->base;
  registry_free (&self->base);
  return NULL;
}
