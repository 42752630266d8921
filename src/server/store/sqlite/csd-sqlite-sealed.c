/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-sealed.c: recovery keys, and the sealed work of lost computers, in caseload.db. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-registry-private.h"

#include <string.h>

#define db_of csd_sqlite_registry_get_db

static bool
put_recovery_key (CsdRegistry *base,
                  const CsdRecoveryKey *key,
                  gint64 now_ms,
                  GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "INSERT INTO recovery_key (organisation, public_key, wrapped, made_ms)"
    " VALUES (:organisation, :public, :wrapped, :now)"
    " ON CONFLICT (organisation) DO UPDATE SET public_key = :public, wrapped = :wrapped",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":organisation", key->organisation);
  csl_stmt_bind_blob (stmt, ":public", key->public_key, sizeof key->public_key);
  if (key->wrapped != NULL)
    csl_stmt_bind_blob (stmt, ":wrapped", g_bytes_get_data (key->wrapped, NULL),
                        g_bytes_get_size (key->wrapped));
  else
    csl_stmt_bind_null (stmt, ":wrapped");
  csl_stmt_bind_int (stmt, ":now", now_ms);
  return csl_stmt_run (stmt, error);
}

static bool
find_recovery_key (CsdRegistry *base,
                   const char *organisation,
                   CsdRecoveryKey *ret_key,
                   GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT public_key, wrapped FROM recovery_key"
                    " WHERE organisation = :organisation",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":organisation", organisation);
  if (!csl_stmt_step (stmt, error) ||
      csl_stmt_get_size (stmt, 0) != sizeof ret_key->public_key)
    return false;
  memset (ret_key, 0, sizeof *ret_key);
  g_strlcpy (ret_key->organisation, organisation, sizeof ret_key->organisation);
  memcpy (ret_key->public_key, csl_stmt_get_blob (stmt, 0), sizeof ret_key->public_key);
  if (!csl_stmt_is_null (stmt, 1))
    ret_key->wrapped =
      g_bytes_new (csl_stmt_get_blob (stmt, 1), csl_stmt_get_size (stmt, 1));
  return true;
}

#define SEALED_COLUMNS                                                                   \
  "id, organisation, account, device, hash, size, entries, begun_ms, complete_ms,"       \
  " imported_ms"

static void
read_sealed (CslStmt *stmt, CsdSealed *sealed)
{
  memset (sealed, 0, sizeof *sealed);
  csl_stmt_copy_text (stmt, 0, sealed->id, sizeof sealed->id);
  csl_stmt_copy_text (stmt, 1, sealed->organisation, sizeof sealed->organisation);
  csl_stmt_copy_text (stmt, 2, sealed->user, sizeof sealed->user);
  csl_stmt_copy_text (stmt, 3, sealed->device, sizeof sealed->device);
  csl_stmt_copy_text (stmt, 4, sealed->hash, sizeof sealed->hash);
  sealed->size = csl_stmt_get_int (stmt, 5);
  sealed->entries = csl_stmt_get_int (stmt, 6);
  sealed->begun_ms = csl_stmt_get_int (stmt, 7);
  sealed->complete_ms = csl_stmt_get_int (stmt, 8);
  sealed->imported_ms = csl_stmt_get_int (stmt, 9);
}

static bool
find_row (CsdRegistry *base, CsdSealed *sealed, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT " SEALED_COLUMNS
                    " FROM sealed WHERE id = :id OR (:id = '' AND"
                    " device = :device AND account = :account AND hash = :hash)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", sealed->id);
  csl_stmt_bind_text (stmt, ":device", sealed->device);
  csl_stmt_bind_text (stmt, ":account", sealed->user);
  csl_stmt_bind_text (stmt, ":hash", sealed->hash);
  if (!csl_stmt_step (stmt, error))
    return false;
  read_sealed (stmt, sealed);
  return true;
}

static bool
find_sealed (CsdRegistry *base,
             CsdSealed *sealed,
             gint64 *ret_parts,
             gint64 *ret_bytes,
             GError **error)
{
  csl_auto_reset CslStmt *stmt = NULL;

  if (!find_row (base, sealed, error))
    return false;
  stmt = csl_db_prepare (db_of (base),
                         "SELECT count (*), coalesce (sum (length (data)), 0)"
                         " FROM sealed_part WHERE sealed = :id",
                         error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", sealed->id);
  if (!csl_stmt_step (stmt, error))
    return false;
  *ret_parts = csl_stmt_get_int (stmt, 0);
  *ret_bytes = csl_stmt_get_int (stmt, 1);
  return true;
}

static bool
insert_row (CsdRegistry *base, const CsdSealed *sealed, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "INSERT INTO sealed (" SEALED_COLUMNS ") VALUES (:id, :organisation, :account,"
    " :device, :hash, :size, :entries, :begun, 0, 0) ON CONFLICT DO NOTHING",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", sealed->id);
  csl_stmt_bind_text (stmt, ":organisation", sealed->organisation);
  csl_stmt_bind_text (stmt, ":account", sealed->user);
  csl_stmt_bind_text (stmt, ":device", sealed->device);
  csl_stmt_bind_text (stmt, ":hash", sealed->hash);
  csl_stmt_bind_int (stmt, ":size", sealed->size);
  csl_stmt_bind_int (stmt, ":entries", sealed->entries);
  csl_stmt_bind_int (stmt, ":begun", sealed->begun_ms);
  return csl_stmt_run (stmt, error);
}

static bool
insert_part (CsdRegistry *base,
             const CsdSealed *sealed,
             gint64 part,
             GBytes *data,
             GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "INSERT OR IGNORE INTO sealed_part (sealed, part, data) SELECT id, :part, :data"
    " FROM sealed WHERE device = :device AND account = :account AND hash = :hash",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":part", part);
  csl_stmt_bind_blob (stmt, ":data", g_bytes_get_data (data, NULL),
                      g_bytes_get_size (data));
  csl_stmt_bind_text (stmt, ":device", sealed->device);
  csl_stmt_bind_text (stmt, ":account", sealed->user);
  csl_stmt_bind_text (stmt, ":hash", sealed->hash);
  return csl_stmt_run (stmt, error);
}

static bool
add_sealed_part (CsdRegistry *base,
                 const CsdSealed *sealed,
                 gint64 part,
                 GBytes *data,
                 GError **error)
{
  if (!csl_db_begin (db_of (base), error))
    return false;
  if (insert_row (base, sealed, error) && insert_part (base, sealed, part, data, error))
    return csl_db_commit (db_of (base), error);
  csl_db_rollback (db_of (base));
  return false;
}

static GBytes *
dup_sealed (CsdRegistry *base, const char *id, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT data FROM sealed_part WHERE sealed = :id ORDER BY part",
                    error);
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  GError *step_error = NULL;

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":id", id);
  while (csl_stmt_step (stmt, &step_error))
    g_byte_array_append (whole, csl_stmt_get_blob (stmt, 0),
                         (guint) csl_stmt_get_size (stmt, 0));
  if (step_error == NULL)
    return g_byte_array_free_to_bytes (g_steal_pointer (&whole));
  g_propagate_error (error, step_error);
  return NULL;
}

static bool
mark_sealed (CsdRegistry *base, const CsdSealed *sealed, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "UPDATE sealed SET complete_ms = :complete, imported_ms = :imported"
                    " WHERE id = :id",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":complete", sealed->complete_ms);
  csl_stmt_bind_int (stmt, ":imported", sealed->imported_ms);
  csl_stmt_bind_text (stmt, ":id", sealed->id);
  return csl_stmt_run (stmt, error);
}

static bool
delete_by_id (CsdRegistry *base, const char *sql, const char *id, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db_of (base), sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_run (stmt, error);
}

static bool
drop_sealed (CsdRegistry *base, const char *id, GError **error)
{
  if (!csl_db_begin (db_of (base), error))
    return false;
  if (delete_by_id (base, "DELETE FROM sealed_part WHERE sealed = :id", id, error) &&
      delete_by_id (base, "DELETE FROM sealed WHERE id = :id", id, error))
    return csl_db_commit (db_of (base), error);
  csl_db_rollback (db_of (base));
  return false;
}

static bool
list_sealed (CsdRegistry *base, CsdSealedFunc func, gpointer data, GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT " SEALED_COLUMNS " FROM sealed ORDER BY begun_ms, id", error);

  if (stmt == NULL)
    return false;
  while (csl_stmt_step (stmt, &step_error)) {
    CsdSealed sealed;

    read_sealed (stmt, &sealed);
    func (&sealed, data);
  }
  return csl_error_pass (&step_error, error);
}

void
csd_sqlite_sealed_install (CsdRegistry *base)
{
  base->put_recovery_key = put_recovery_key;
  base->find_recovery_key = find_recovery_key;
  base->add_sealed_part = add_sealed_part;
  base->find_sealed = find_sealed;
  base->dup_sealed = dup_sealed;
  base->mark_sealed = mark_sealed;
  base->drop_sealed = drop_sealed;
  base->list_sealed = list_sealed;
}
