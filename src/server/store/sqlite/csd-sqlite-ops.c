/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-ops.c: what has become of operations, the history of records, devices. */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-mut.h"
#include "server/store/sqlite/csd-sqlite-private.h"

#include <string.h>

enum {
  OP_DONE = 0,
  OP_REFUSED = 1,
  OP_HELD = 2,
};

static bool
sqlite_find_op (CsdStorage *base, const char *op, CsdOpDone *ret_done, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "SELECT hash, device, inc, n, who, record, seq, is_create, state, answer"
    " FROM _op WHERE op = ?1",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, op);
  if (!csl_stmt_step (stmt, error))
    return false;
  memset (ret_done, 0, sizeof *ret_done);
  g_strlcpy (ret_done->op, op, sizeof ret_done->op);
  ret_done->hash = (guint64) csl_stmt_get_int (stmt, 0);
  csl_stmt_copy_text (stmt, 1, ret_done->device, sizeof ret_done->device);
  csl_stmt_copy_text (stmt, 2, ret_done->inc, sizeof ret_done->inc);
  ret_done->n = csl_stmt_get_int (stmt, 3);
  csl_stmt_copy_text (stmt, 4, ret_done->user, sizeof ret_done->user);
  csl_stmt_copy_text (stmt, 5, ret_done->record, sizeof ret_done->record);
  ret_done->seq = csl_stmt_get_int (stmt, 6);
  ret_done->create = csl_stmt_get_int (stmt, 7) != 0;
  ret_done->held = csl_stmt_get_int (stmt, 8) == OP_HELD;
  ret_done->refused = csl_stmt_get_int (stmt, 8) == OP_REFUSED;
  ret_done->answer = csl_stmt_dup_text (stmt, 9);
  return true;
}

static bool
sqlite_put_op (CsdStorage *base, const CsdOpDone *done, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT INTO _op (op, hash, device, inc, n, who, record, seq, "
                    "is_create, state, answer)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
                    " ON CONFLICT (op) DO UPDATE SET inc = ?4, n = ?5, seq = ?8, state = "
                    "?10, answer = ?11",
                    error);
  int state = OP_DONE;

  if (stmt == NULL)
    return false;
  if (done->held)
    state = OP_HELD;
  else if (done->refused)
    state = OP_REFUSED;
  csl_stmt_bind_text_at (stmt, 1, done->op);
  csl_stmt_bind_int_at (stmt, 2, (gint64) done->hash);
  csl_stmt_bind_text_at (stmt, 3, done->device);
  csl_stmt_bind_text_at (stmt, 4, done->inc);
  csl_stmt_bind_int_at (stmt, 5, done->n);
  csl_stmt_bind_text_at (stmt, 6, done->user);
  csl_stmt_bind_text_at (stmt, 7, done->record);
  csl_stmt_bind_int_at (stmt, 8, done->seq);
  csl_stmt_bind_int_at (stmt, 9, done->create ? 1 : 0);
  csl_stmt_bind_int_at (stmt, 10, state);
  csl_stmt_bind_text_at (stmt, 11, done->answer);
  return csl_stmt_run (stmt, error);
}

static gint64
sqlite_find_failed_create (CsdStorage *base,
                           const char *device,
                           const char *record,
                           bool *ret_erased,
                           GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    CSL_MUT (47)
                      ? "SELECT max (n), 0 FROM _op WHERE ?1 <> '' AND device = ?2"
                        " AND state > 0 AND is_create = 1"
                      : "SELECT max (n), answer ->> '$.code' IS 'erased' FROM _op"
                        " WHERE record = ?1 AND device = ?2 AND state > 0"
                        " AND is_create = 1",
                    error);

  *ret_erased = false;
  if (stmt == NULL)
    return 0;
  csl_stmt_bind_text_at (stmt, 1, record);
  csl_stmt_bind_text_at (stmt, 2, device);
  if (!csl_stmt_step (stmt, error))
    return 0;
  *ret_erased = csl_stmt_get_int (stmt, 1) != 0;
  return csl_stmt_get_int (stmt, 0);
}

static gint64
sqlite_get_last_n (CsdStorage *base, const char *device, const char *inc)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db, "SELECT last_n FROM _device WHERE device = ?1 AND inc = ?2",
                    NULL);

  if (stmt == NULL)
    return 0;
  csl_stmt_bind_text_at (stmt, 1, device);
  csl_stmt_bind_text_at (stmt, 2, inc);
  return csl_stmt_step (stmt, NULL) ? csl_stmt_get_int (stmt, 0) : 0;
}

static bool
sqlite_set_last_n (CsdStorage *base,
                   const char *device,
                   const char *inc,
                   const char *user,
                   gint64 n,
                   GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "INSERT INTO _device (device, inc, who, last_n) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (device, inc) DO UPDATE SET last_n = ?4",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text_at (stmt, 1, device);
  csl_stmt_bind_text_at (stmt, 2, inc);
  csl_stmt_bind_text_at (stmt, 3, user);
  csl_stmt_bind_int_at (stmt, 4, n);
  return csl_stmt_run (stmt, error);
}

static char *
dup_note_key (const char *device, const char *user)
{
  return g_strconcat (device, " ", user, NULL);
}

static void
sqlite_note_device (CsdStorage *base,
                    const char *device,
                    const char *user,
                    gint64 acked,
                    gint64 unsent,
                    const char *at)
{
  CsdSqlite *self = (CsdSqlite *) base;
  CsdDeviceNote *note = g_new0 (CsdDeviceNote, 1);

  g_strlcpy (note->user, user, sizeof note->user);
  g_strlcpy (note->at, at, sizeof note->at);
  note->acked = acked;
  note->unsent = unsent;
  g_strlcpy (note->device, device, sizeof note->device);
  g_hash_table_replace (self->notes, dup_note_key (device, user), note);
}

static bool
sqlite_find_device_note (CsdStorage *base,
                         const char *device,
                         const char *user,
                         CsdDeviceNote *ret_note,
                         GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  g_autofree char *key = dup_note_key (device, user);
  const CsdDeviceNote *note = g_hash_table_lookup (self->notes, key);
  csl_auto_reset CslStmt *stmt = NULL;

  if (note != NULL) {
    *ret_note = *note;
    return true;
  }
  stmt = csl_db_prepare (self->db,
                         "SELECT who, last_seen, acked, unsent FROM _device_note"
                         " WHERE device = :device AND who = :who",
                         error);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":device", device);
  csl_stmt_bind_text (stmt, ":who", user);
  if (!csl_stmt_step (stmt, error))
    return false;
  g_strlcpy (ret_note->device, device, sizeof ret_note->device);
  csl_stmt_copy_text (stmt, 0, ret_note->user, sizeof ret_note->user);
  csl_stmt_copy_text (stmt, 1, ret_note->at, sizeof ret_note->at);
  ret_note->acked = csl_stmt_get_int (stmt, 2);
  ret_note->unsent = csl_stmt_get_int (stmt, 3);
  return true;
}

static bool
write_note (CsdSqlite *self, const CsdDeviceNote *note, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    "INSERT OR REPLACE INTO _device_note (device, who, acked, unsent, last_seen)"
    " VALUES (:device, :who, :acked, :unsent, :at)",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":device", note->device);
  csl_stmt_bind_text (stmt, ":who", note->user);
  csl_stmt_bind_int (stmt, ":acked", note->acked);
  csl_stmt_bind_int (stmt, ":unsent", note->unsent);
  csl_stmt_bind_text (stmt, ":at", note->at);
  return csl_stmt_run (stmt, error);
}

bool
csd_sqlite_flush_notes (CsdSqlite *self, GError **error)
{
  GHashTableIter iter;
  gpointer note = NULL;

  g_hash_table_iter_init (&iter, self->notes);
  while (g_hash_table_iter_next (&iter, NULL, &note))
    if (!write_note (self, note, error))
      return false;
  g_hash_table_remove_all (self->notes);
  return true;
}

static bool
sqlite_add_history (CsdStorage *base, const CsdHistory *entry, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "INSERT INTO _hist (rec, seq, n, who, at, op, device, act, fields, "
                    "accepted_by)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, entry->record_key);
  csl_stmt_bind_int_at (stmt, 2, entry->seq);
  csl_stmt_bind_int_at (stmt, 3, self->n);
  csl_stmt_bind_text_at (stmt, 4, entry->who);
  csl_stmt_bind_text_at (stmt, 5, entry->at);
  csl_stmt_bind_text_at (stmt, 6, entry->op);
  csl_stmt_bind_text_at (stmt, 7, entry->device);
  csl_stmt_bind_text_at (stmt, 8, entry->act);
  csl_stmt_bind_text_at (stmt, 9, entry->fields);
  csl_stmt_bind_text_at (stmt, 10, entry->accepted_by);
  return csl_stmt_run (stmt, error);
}

static bool
sqlite_list_history (CsdStorage *base,
                     gint64 record_key,
                     gint64 before,
                     guint limit,
                     CsdHistoryFunc func,
                     gpointer data,
                     GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  GError *step_error = NULL;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT seq, who, at, op, device, act, fields, accepted_by FROM _hist"
                    " WHERE rec = :rec AND seq < :before ORDER BY seq DESC, n DESC",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":rec", record_key);
  csl_stmt_bind_int (stmt, ":before", before);
  /* Counted here: SQLite prepares a statement anew whenever its LIMIT is bound. */
  for (; limit > 0 && csl_stmt_step (stmt, &step_error); limit--) {
    CsdHistory entry = {
      .record_key = record_key,
      .seq = csl_stmt_get_int (stmt, 0),
      .who = csl_stmt_get_text (stmt, 1),
      .at = csl_stmt_get_text (stmt, 2),
      .op = csl_stmt_get_text (stmt, 3),
      .device = csl_stmt_get_text (stmt, 4),
      .act = csl_stmt_get_text (stmt, 5),
      .fields = csl_stmt_get_text (stmt, 6),
      .accepted_by = csl_stmt_get_text (stmt, 7),
    };

    if (!func (&entry, data))
      return true;
  }
  return csl_error_pass (&step_error, error);
}

static bool
sqlite_find_author (CsdStorage *base,
                    gint64 record_key,
                    gint64 seq,
                    char ret_who[40],
                    char ret_at[64],
                    GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT who, at FROM _hist WHERE rec = :rec AND seq <= :seq"
                    " ORDER BY seq DESC, n DESC LIMIT 1",
                    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":rec", record_key);
  csl_stmt_bind_int (stmt, ":seq", seq);
  if (!csl_stmt_step (stmt, error))
    return false;
  csl_stmt_copy_text (stmt, 0, ret_who, 40);
  csl_stmt_copy_text (stmt, 1, ret_at, 64);
  return true;
}

void
csd_sqlite_init_ops (CsdStorage *base)
{
  base->find_op = sqlite_find_op;
  base->put_op = sqlite_put_op;
  base->find_failed_create = sqlite_find_failed_create;
  base->get_last_n = sqlite_get_last_n;
  base->set_last_n = sqlite_set_last_n;
  base->note_device = sqlite_note_device;
  base->find_device_note = sqlite_find_device_note;
  base->add_history = sqlite_add_history;
  base->list_history = sqlite_list_history;
  base->find_author = sqlite_find_author;
}
