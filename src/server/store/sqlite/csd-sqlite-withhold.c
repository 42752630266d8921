/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sqlite-withhold.c: access that ended in a history of which only the ledger is left. The records of the backup still
 * give it; they are not believed until they have changed (bits of `given` that are given no more are free again), or until
 * somebody who knows the restored server decides anew.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "server/store/sqlite/csd-sqlite-private.h"

/* -1 with @error: nobody knows. */
static gint64
count_rows (CsdSqlite *self, GError **error)
{
  const gint64 n = csl_db_query_int (self->db, "SELECT count (*) FROM _withheld", -1);

  if (n < 0)
    g_set_error_literal (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED,
                         "What is withheld cannot be read");
  return n;
}

bool
csd_sqlite_withhold_load (CsdSqlite *self, GError **error)
{
  const gint64 n = count_rows (self, error);

  self->withholds = n != 0;
  return n >= 0;
}

typedef struct
{
  CsdAccessKey key;
  guint mask, given;
  bool by_role;
} Row;

static bool
put_row (CsdSqlite *self, const Row *row, GError **error)
{
  csl_auto_reset CslStmt *stmt = csl_db_prepare (
    self->db,
    row->mask != 0
      ? "INSERT OR REPLACE INTO _withheld (who, bucket, mask, given, by_role)"
        " VALUES (?1, ?2, ?3, ?4, ?5)"
      : "DELETE FROM _withheld WHERE who = ?1 AND bucket = ?2",
    error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, row->key.who);
  csl_stmt_bind_int_at (stmt, 2, row->key.bucket);
  if (row->mask != 0) {
    csl_stmt_bind_int_at (stmt, 3, row->mask);
    csl_stmt_bind_int_at (stmt, 4, row->given);
    csl_stmt_bind_int_at (stmt, 5, row->by_role ? 1 : 0);
  }
  return csl_stmt_run (stmt, error);
}

/* mask 0: nothing is withheld. */
static bool
find_row (CsdSqlite *self, Row *row, GError **error)
{
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (self->db,
                    "SELECT mask, given, by_role FROM _withheld"
                    " WHERE who = ?1 AND bucket = ?2",
                    error);
  GError *step_error = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, row->key.who);
  csl_stmt_bind_int_at (stmt, 2, row->key.bucket);
  if (csl_stmt_step (stmt, &step_error)) {
    row->mask = (guint) csl_stmt_get_int (stmt, 0);
    row->given = (guint) csl_stmt_get_int (stmt, 1);
    row->by_role = csl_stmt_get_int (stmt, 2) != 0;
  }
  return csl_error_pass (&step_error, error);
}

static bool
find_key (CsdSqlite *self,
          const char *user,
          const char *bucket,
          bool make,
          CsdAccessKey *ret_key,
          GError **error)
{
  CsdBucket *row = csd_sqlite_bucket (self, bucket, make, error);

  ret_key->who = row != NULL ? csd_sqlite_user (self, user, make, error) : 0;
  ret_key->bucket = row != NULL ? row->key : 0;
  return ret_key->who != 0;
}

/* Whoever may not see the file sees no part of it either: work that waits for a decision quotes it, and comes with roles. */
static guint
without (guint wanted, guint withheld)
{
  return (withheld & 1) != 0 ? 0 : wanted & ~withheld;
}

bool
csd_sqlite_withhold_add (CsdSqlite *self,
                         const char *user,
                         const char *bucket,
                         const CsdLoss *loss,
                         GError **error)
{
  CsdStorage *base = &self->base;
  const guint now = base->get_access (base, user, bucket, G_MAXINT64);
  Row row = { 0 };

  if (!find_key (self, user, bucket, true, &row.key, error) ||
      !find_row (self, &row, error))
    return false;
  row.mask |= loss->mask;
  row.given |= now;
  row.by_role = loss->by_role;
  self->withholds = true;
  return put_row (self, &row, error) &&
         base->set_access (base, user, bucket, without (now, loss->mask),
                           CSD_WHY_RESTORED, error);
}

static bool
is_free (const Row *row, CsdDecided decided)
{
  return (decided & CSD_DECIDED_FILE) != 0 ||
         (row->by_role && (decided & CSD_DECIDED_ROLE) != 0);
}

static bool
sqlite_withhold (CsdStorage *base,
                 const char *user,
                 const char *bucket,
                 CsdDecided decided,
                 guint *wanted,
                 GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  GError *find_error = NULL;
  Row row = { 0 };
  guint left;

  if (!self->withholds)
    return true;
  if (!find_key (self, user, bucket, false, &row.key, &find_error)) {
    if (find_error != NULL)
      g_propagate_error (error, find_error);
    return find_error == NULL;
  }
  if (!find_row (self, &row, error))
    return false;
  if (row.mask == 0)
    return true;
  left = is_free (&row, decided) ? 0 : row.mask & ~(row.given & ~*wanted);
  if (left != row.mask || row.given != *wanted) {
    row.mask = left;
    row.given = *wanted;
    if (!put_row (self, &row, error))
      return false;
  }
  *wanted = without (*wanted, left);
  return true;
}

static bool
sqlite_withholds (CsdStorage *base)
{
  return ((CsdSqlite *) base)->withholds;
}

/* When that cannot be read, it was: what is taken for a new decision gives access. */
static bool
sqlite_was_changed (CsdStorage *base, const char *id)
{
  g_autoptr (GError) error = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (((CsdSqlite *) base)->db,
                                                 "SELECT 1 FROM _changed WHERE id = :id",
                                                 NULL);

  if (stmt == NULL)
    return true;
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_step (stmt, &error) || error != NULL;
}

static bool
sqlite_get_ledger (CsdStorage *base, CsdLedgerState *ret_state, GError **error)
{
  CsdSqlite *self = (CsdSqlite *) base;
  const gint64 n = count_rows (self, error);

  *ret_state = (CsdLedgerState){ .withheld = n,
                                 .gap = self->gap,
                                 .rebuilt = self->rebuilt,
                                 .damaged = csd_ledger_get_n_damaged (self->ledger) };
  return n >= 0;
}

void
csd_sqlite_init_withhold (CsdStorage *base)
{
  base->withhold = sqlite_withhold;
  base->withholds = sqlite_withholds;
  base->was_changed = sqlite_was_changed;
  base->get_ledger = sqlite_get_ledger;
}
