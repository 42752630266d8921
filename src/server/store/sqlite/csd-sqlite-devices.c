/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-devices.c: the computers people work on, in caseload.db. */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-registry-private.h"

#include <string.h>

#define db_of csd_sqlite_registry_get_db

/* Statements of this folder name them by number. */
G_STATIC_ASSERT (CSD_DEVICE_ENROLLED == 0 && CSD_DEVICE_WIPE_PENDING == 2 &&
                 CSD_DEVICE_WIPED == 3);

static bool
put_device (CsdRegistry *base, const CsdDevice *device, gint64 now_ms, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    db_of (base),
    "INSERT INTO device (id, account, organisation, name, platform, app, public_key,"
    " added_ms) VALUES (:id, :account, :organisation, :name, :platform, :app, :key, :now)"
    " ON CONFLICT (id, account) DO UPDATE SET name = :name, platform = :platform,"
    " app = :app, public_key = :key WHERE status = 0",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", device->id);
  csl_stmt_bind_text (stmt, ":account", device->user);
  csl_stmt_bind_text (stmt, ":organisation", device->organisation);
  csl_stmt_bind_text (stmt, ":name", device->name);
  csl_stmt_bind_text (stmt, ":platform", device->platform);
  csl_stmt_bind_text (stmt, ":app", device->app);
  csl_stmt_bind_blob (stmt, ":key", device->public_key, sizeof device->public_key);
  csl_stmt_bind_int (stmt, ":now", now_ms);
  return csl_stmt_run (stmt, error) && csl_db_get_changes (db_of (base)) == 1;
}

#define DEVICE_COLUMNS                                                                   \
  "id, account, organisation, name, platform, app, public_key, status, counter,"         \
  " added_ms, ordered_ms, wiped_ms"

static void
read_device (CslStmt *stmt, CsdDevice *device)
{
  memset (device, 0, sizeof *device);
  csl_stmt_copy_text (stmt, 0, device->id, sizeof device->id);
  csl_stmt_copy_text (stmt, 1, device->user, sizeof device->user);
  csl_stmt_copy_text (stmt, 2, device->organisation, sizeof device->organisation);
  csl_stmt_copy_text (stmt, 3, device->name, sizeof device->name);
  csl_stmt_copy_text (stmt, 4, device->platform, sizeof device->platform);
  csl_stmt_copy_text (stmt, 5, device->app, sizeof device->app);
  if (csl_stmt_get_size (stmt, 6) == sizeof device->public_key)
    memcpy (device->public_key, csl_stmt_get_blob (stmt, 6), sizeof device->public_key);
  device->status = (CsdDeviceStatus) csl_stmt_get_int (stmt, 7);
  device->counter = csl_stmt_get_int (stmt, 8);
  device->added_ms = csl_stmt_get_int (stmt, 9);
  device->ordered_ms = csl_stmt_get_int (stmt, 10);
  device->wiped_ms = csl_stmt_get_int (stmt, 11);
}

static bool
find_device (CsdRegistry *base,
             const char *id,
             const char *user,
             CsdDevice *ret_device,
             GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT " DEVICE_COLUMNS
                    " FROM device WHERE id = :id AND account = :account",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_text (stmt, ":account", user);
  if (!csl_stmt_step (stmt, error))
    return false;
  read_device (stmt, ret_device);
  return true;
}

static void
bind_nullable (CslStmt *stmt, const char *name, const char *text)
{
  if (text != NULL)
    csl_stmt_bind_text (stmt, name, text);
  else
    csl_stmt_bind_null (stmt, name);
}

static bool
list_devices (CsdRegistry *base,
              const char *organisation,
              const char *user,
              CsdDeviceFunc func,
              gpointer data,
              GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT " DEVICE_COLUMNS " FROM device"
                    " WHERE (:organisation IS NULL OR organisation = :organisation)"
                    " AND (:account IS NULL OR account = :account)"
                    " ORDER BY organisation, account, added_ms, id",
                    error);

  if (stmt == NULL)
    return false;
  bind_nullable (stmt, ":organisation", organisation);
  bind_nullable (stmt, ":account", user);
  while (csl_stmt_step (stmt, &step_error)) {
    CsdDevice device;

    read_device (stmt, &device);
    func (&device, data);
  }
  return csl_error_pass (&step_error, error);
}

static void
bind_device (CslStmt *stmt, const CsdDevice *device)
{
  csl_stmt_bind_text (stmt, ":id", device->id);
  csl_stmt_bind_text (stmt, ":account", device->user);
}

static bool
list_open_sessions (CsdRegistry *base,
                    const CsdDevice *device,
                    GPtrArray *ended,
                    GError **error)
{
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "SELECT id FROM session WHERE device = :id AND account = :account"
                    " AND revoked = 0",
                    error);

  if (stmt == NULL)
    return false;
  bind_device (stmt, device);
  while (csl_stmt_step (stmt, &step_error))
    g_ptr_array_add (ended, csl_stmt_dup_text (stmt, 0));
  return csl_error_pass (&step_error, error);
}

static bool
note_status (CsdRegistry *base, const CsdDevice *device, GError **error)
{
  CsdDevice now;

  return find_device (base, device->id, device->user, &now, error) &&
         csd_sqlite_registry_note_device (base, &now, error);
}

/* The sessions themselves stay: by them the device is recognised when it comes for its order. */
static bool
set_device_status (CsdRegistry *base,
                   const CsdDevice *device,
                   CsdDeviceStatus status,
                   gint64 now_ms,
                   GPtrArray *ended,
                   GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db_of (base),
                    "UPDATE device SET status = :status, counter = counter + 1,"
                    " ordered_ms = CASE WHEN :status = 2 THEN :now ELSE ordered_ms END,"
                    " wiped_ms = CASE WHEN :status = 3 THEN :now ELSE wiped_ms END"
                    " WHERE id = :id AND account = :account",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":status", status);
  csl_stmt_bind_int (stmt, ":now", now_ms);
  bind_device (stmt, device);
  return csl_stmt_run (stmt, error) && note_status (base, device, error) &&
         (ended == NULL || list_open_sessions (base, device, ended, error));
}

void
csd_sqlite_devices_install (CsdRegistry *base)
{
  base->put_device = put_device;
  base->find_device = find_device;
  base->list_devices = list_devices;
  base->set_device_status = set_device_status;
}
