/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-rights.c: what rights depend on: who made, holds and shares a case or client; roles and teams. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

#include <string.h>

static bool
load_assigned (CsdSqlite *self, CsdCaseInfo *info, GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT \"user\" FROM case_assignment WHERE \"case\" = ?1 AND to_at IS NULL", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, info->id);
  while (csl_stmt_step (stmt, &step_error))
    g_ptr_array_add (info->assigned, csl_stmt_dup_text (stmt, 0));
  return csl_error_pass (&step_error, error);
}

/* From the feed row, which a deleted case still has: its file stays where it is until it is restored. */
static bool
sqlite_load_case (CsdStorage *base, const char *id, CsdCaseInfo *ret_info, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT doc ->> 'created_by', doc ->> 'advisor', doc ->> 'centre',"
                    " doc ->> 'team', doc ->> 'client' FROM _rec"
                    " WHERE id = ?1 AND type = 'case' AND state < 2",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, id);
  if (!csl_stmt_step (stmt, error))
    return false;
  memset (ret_info, 0, sizeof *ret_info);
  g_strlcpy (ret_info->id, id, sizeof ret_info->id);
  csl_stmt_copy_text (stmt, 0, ret_info->created_by, sizeof ret_info->created_by);
  csl_stmt_copy_text (stmt, 1, ret_info->advisor, sizeof ret_info->advisor);
  csl_stmt_copy_text (stmt, 2, ret_info->centre, sizeof ret_info->centre);
  csl_stmt_copy_text (stmt, 3, ret_info->team, sizeof ret_info->team);
  csl_stmt_copy_text (stmt, 4, ret_info->client, sizeof ret_info->client);
  ret_info->assigned = g_ptr_array_new_with_free_func (g_free);
  if (load_assigned (self, ret_info, error))
    return true;
  csd_case_info_clear (ret_info);
  return false;
}

static bool
sqlite_load_client (CsdStorage *base,
                    const char *id,
                    CsdClientInfo *ret_info,
                    GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT doc ->> 'created_by', doc ->> 'primary_worker', doc ->> 'centre'"
    " FROM _rec WHERE id = ?1 AND type = 'client' AND state < 2",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, id);
  if (!csl_stmt_step (stmt, error))
    return false;
  memset (ret_info, 0, sizeof *ret_info);
  g_strlcpy (ret_info->id, id, sizeof ret_info->id);
  csl_stmt_copy_text (stmt, 0, ret_info->created_by, sizeof ret_info->created_by);
  csl_stmt_copy_text (stmt, 1, ret_info->primary_worker, sizeof ret_info->primary_worker);
  csl_stmt_copy_text (stmt, 2, ret_info->centre, sizeof ret_info->centre);
  return true;
}

static bool
list_text (CslStmt *stmt, CsdIdFunc func, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  GError *step_error = NULL;

  while (csl_stmt_step (stmt, &step_error))
    g_ptr_array_add (ids, csl_stmt_dup_text (stmt, 0));
  if (!csl_error_pass (&step_error, error))
    return false;
  for (guint i = 0; i < ids->len; i++)
    func (g_ptr_array_index (ids, i), data);
  return true;
}

static bool
sqlite_list_client_cases (CsdStorage *base,
                          const char *client,
                          CsdIdFunc func,
                          gpointer data,
                          GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "SELECT id FROM \"case\" WHERE client = ?1", error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, client);
  return list_text (stmt, func, data, error);
}

static bool
sqlite_list_ids (CsdStorage *base,
                 const CslRecordType *type,
                 CsdIdFunc func,
                 gpointer data,
                 GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  g_autoptr (GString) sql = g_string_new ("SELECT id FROM ");
  g_autoptr (CslStmt) stmt = NULL;

  csl_ddl_append_name (sql, type->name);
  stmt = csl_db_prepare_once (self->db, sql->str, error);
  return stmt != NULL && list_text (stmt, func, data, error);
}

static bool
load_memberships (CsdSqlite *self, const char *today, GArray *rows, GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT m.\"user\", m.role, m.centre FROM membership m"
    " JOIN \"user\" u ON u.id = m.\"user\""
    " WHERE ifnull (m.status, 'active') = 'active' AND ifnull (u.is_active, 1) = 1"
    " AND ifnull (m.valid_from, :today) <= :today AND ifnull (m.valid_to, :today) >= "
    ":today",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":today", today);
  while (csl_stmt_step (stmt, &step_error)) {
    CsdMembershipRow row = { 0 };

    csl_stmt_copy_text (stmt, 0, row.user, sizeof row.user);
    csl_stmt_copy_text (stmt, 1, row.role, sizeof row.role);
    csl_stmt_copy_text (stmt, 2, row.centre, sizeof row.centre);
    g_array_append_val (rows, row);
  }
  return csl_error_pass (&step_error, error);
}

static bool
sqlite_load_directory (CsdStorage *base,
                       const char *today,
                       GArray *memberships,
                       GHashTable *teams,
                       GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT team || ' ' || \"user\" FROM team_member"
    " WHERE ifnull (is_active, 1) = 1 AND ifnull (left_at, :today) >= :today",
    error);

  if (stmt == NULL || !load_memberships (self, today, memberships, error))
    return false;
  csl_stmt_bind_text (stmt, ":today", today);
  while (csl_stmt_step (stmt, &step_error))
    g_hash_table_add (teams, csl_stmt_dup_text (stmt, 0));
  return csl_error_pass (&step_error, error);
}

void
csd_sqlite_init_rights (CsdStorage *base)
{
  base->load_case = sqlite_load_case;
  base->load_client = sqlite_load_client;
  base->list_client_cases = sqlite_list_client_cases;
  base->list_ids = sqlite_list_ids;
  base->load_directory = sqlite_load_directory;
}
