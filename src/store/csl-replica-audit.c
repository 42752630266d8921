/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work in slices for idle times: reading everything the server sent and comparing it with its hash.
 *
 * Round and round: the table of each type, then the versions kept aside (_shadow, _unknown), then the sums of the buckets,
 * then every page of the file, which has a checksum of its own in an encrypted one: indexes, full-text, what waits. Content
 * that is not what was sent, or does not add up, is fetched again with its bucket. A page that cannot be read is an error, and the connection refuses everything from
 * then on (csl_db_fail): nothing is written on top of it.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-replica-private.h"

/* -- Rows ------------------------------------------------------------------------------ */

static void
add_bad_bucket (CslReplica *self, gint64 number, GPtrArray *bad_buckets)
{
  const CslBucket *bucket = csl_replica_get_bucket_by_number (self, number);

  if (bucket != NULL && !CSL_MUT (52) &&
      !g_ptr_array_find_with_equal_func (bad_buckets, bucket->name, g_str_equal, NULL))
    g_ptr_array_add (bad_buckets, g_strdup (bucket->name));
}

static bool
audit_type (CslReplica *self,
            guint max_rows,
            GPtrArray *bad_buckets,
            guint *ret_n,
            GError **error)
{
  const CslRecordType *type = csl_schema_get_type (self->schema, self->audit_part);
  csl_auto_reset CslStmt *stmt =
    csl_record_table_scan (csl_replica_get_table (self, type), CSL_SCAN_AFTER, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int_at (stmt, 1, self->audit_row);
  csl_stmt_bind_int_at (stmt, 2, max_rows);
  while (csl_stmt_step (stmt, &local)) {
    CslRowInfo info;
    g_autoptr (CslRecord) record = csl_record_table_read (type, stmt, 0, &info);

    (*ret_n)++;
    self->audit_row = info.row;
    /* Rows with operations laid over them are not what the server sent. */
    if (record->rev > 0 && !csl_replica_is_laid (self, record->id) &&
        csl_wire_record_hash (record) != info.hash)
      add_bad_bucket (self, info.bucket, bad_buckets);
  }
  return csl_error_pass (&local, error);
}

/* -- Versions kept aside ---------------------------------------------------------------- */

static const char shadow_sql[] =
  "SELECT \"type\", \"id\", \"bucket\", \"rev\", \"hash\", \"doc\" FROM \"_shadow\" "
  "WHERE (\"id\", \"type\") > (:id, :type) ORDER BY \"id\", \"type\" LIMIT :most";
static const char unknown_sql[] =
  "SELECT \"type\", \"id\", \"bucket\", \"rev\", \"hash\", \"doc\" FROM \"_unknown\" "
  "WHERE (\"id\", \"type\") > (:id, :type) ORDER BY \"id\", \"type\" LIMIT :most";

/* Their content is the wire's own text. */
static bool
is_as_sent (CslStmt *stmt, const char *type_name)
{
  CslRecordType type;
  g_autoptr (CslRecord) record = csl_replica_unknown_record (&type, type_name,
                                                             csl_stmt_get_text (stmt, 1),
                                                             csl_stmt_get_text (stmt, 5));

  record->rev = csl_stmt_get_int (stmt, 3);
  return csl_wire_record_hash (record) == (guint64) csl_stmt_get_int (stmt, 4);
}

static bool
audit_aside (CslReplica *self,
             const char *sql,
             guint max_rows,
             GPtrArray *bad_buckets,
             guint *ret_n,
             GError **error)
{
  g_autofree char *id = g_strdup (self->audit_id);
  g_autofree char *type = g_strdup (self->audit_name);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_text (stmt, ":type", type);
  csl_stmt_bind_int (stmt, ":most", max_rows);
  while (csl_stmt_step (stmt, &local)) {
    (*ret_n)++;
    csl_stmt_copy_text (stmt, 0, self->audit_name, sizeof self->audit_name);
    csl_stmt_copy_text (stmt, 1, self->audit_id, sizeof self->audit_id);
    if (!is_as_sent (stmt, self->audit_name))
      add_bad_bucket (self, csl_stmt_get_int (stmt, 2), bad_buckets);
  }
  csl_stmt_reset (stmt); /* before the texts it is bound to go */
  return csl_error_pass (&local, error);
}

/* -- Sums ------------------------------------------------------------------------------ */

typedef struct
{
  gint64 count;
  guint64 sum;
} Sum;

/* @stmt: rows with an id in column 1 and a hash in column 3. */
static bool
add_up (CslReplica *self, CslStmt *stmt, bool aside, Sum *sum, GError **error)
{
  g_autoptr (GError) local = NULL;

  while (csl_stmt_step (stmt, &local)) {
    if (!aside && csl_replica_is_laid (self, csl_stmt_get_text (stmt, 1)))
      continue;
    sum->count++;
    sum->sum += (guint64) csl_stmt_get_int (stmt, 3);
  }
  return csl_error_pass (&local, error);
}

static bool
add_up_types (CslReplica *self, gint64 bucket, Sum *sum, GError **error)
{
  for (guint i = 0; i < self->n_types; i++) {
    const CslRecordType *type = csl_schema_get_type (self->schema, i);
    csl_auto_reset CslStmt *stmt =
      csl_record_table_scan (csl_replica_get_table (self, type), CSL_SCAN_BUCKET, error);

    if (stmt == NULL)
      return false;
    csl_stmt_bind_int_at (stmt, 1, bucket);
    if (!add_up (self, stmt, false, sum, error))
      return false;
  }
  return true;
}

static bool
add_up_aside (CslReplica *self, gint64 bucket, Sum *sum, GError **error)
{
  static const char sql[] =
    "SELECT \"type\", \"id\", \"rev\", \"hash\" FROM \"_shadow\" WHERE \"bucket\" = "
    ":bucket "
    "UNION ALL SELECT \"type\", \"id\", \"rev\", \"hash\" FROM \"_unknown\" WHERE "
    "\"bucket\" = :bucket";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":bucket", bucket);
  return add_up (self, stmt, true, sum, error);
}

/* The first bucket behind @after; 0: there is none. */
static bool
find_next_bucket (CslReplica *self, gint64 after, gint64 *ret_bucket, GError **error)
{
  static const char sql[] =
    "SELECT coalesce (min (\"bucket\"), 0) FROM \"_bucket\" WHERE \"bucket\" > :after";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":after", after);
  if (!csl_stmt_step (stmt, error))
    return false;
  *ret_bucket = csl_stmt_get_int (stmt, 0);
  return true;
}

/* A bucket at a time: nothing may change while it is added up. */
static bool
audit_sums (CslReplica *self,
            guint max_rows,
            GPtrArray *bad_buckets,
            guint *ret_n,
            GError **error)
{
  while (*ret_n < max_rows) {
    const CslBucket *bucket = NULL;
    Sum sum = { 0 };
    gint64 next = 0;

    if (!find_next_bucket (self, self->audit_row, &next, error))
      return false;
    if (next == 0)
      return true;
    if (!add_up_types (self, next, &sum, error) ||
        !add_up_aside (self, next, &sum, error))
      return false;
    self->audit_row = next;
    *ret_n += 1 + (guint) sum.count;
    bucket = csl_replica_get_bucket_by_number (self, next);
    if (bucket != NULL && (bucket->count != sum.count || bucket->sum != sum.sum))
      add_bad_bucket (self, next, bad_buckets);
  }
  return true;
}

/* -- Pages ----------------------------------------------------------------------------- */

static bool
read_page (CslReplica *self, gint64 page, GError **error)
{
  static const char sql[] =
    "SELECT length (\"data\") FROM \"sqlite_dbpage\" WHERE \"pgno\" = :page";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return false;
  csl_stmt_bind_int (stmt, ":page", page);
  if (csl_stmt_step (stmt, &local) || local == NULL)
    return true;
  g_propagate_error (error, g_steal_pointer (&local));
  return false;
}

static bool
audit_pages (CslReplica *self, guint max_rows, guint *ret_n, GError **error)
{
  gint64 last = csl_db_query_int (self->db, "PRAGMA page_count", 0);

  for (; *ret_n < max_rows && self->audit_row < last; (*ret_n)++)
    if (!read_page (self, ++self->audit_row, error))
      return false;
  return true;
}

/* -- Round and round ------------------------------------------------------------------- */

static bool
audit_part (CslReplica *self,
            guint max_rows,
            GPtrArray *bad_buckets,
            guint *ret_n,
            GError **error)
{
  if (self->audit_part < self->n_types)
    return audit_type (self, max_rows, bad_buckets, ret_n, error);
  if (self->audit_part == self->n_types + 2)
    return audit_sums (self, max_rows, bad_buckets, ret_n, error);
  if (self->audit_part == self->n_types + 3)
    return audit_pages (self, max_rows, ret_n, error);
  return audit_aside (self, self->audit_part == self->n_types ? shadow_sql : unknown_sql,
                      max_rows, bad_buckets, ret_n, error);
}

bool
csl_replica_audit_slice (CslReplica *self,
                         guint max_rows,
                         GPtrArray *bad_buckets,
                         GError **error)
{
  guint n_parts = self->n_types + 4, left = max_rows;

  for (guint i = 0; i < n_parts && left > 0; i++) {
    guint n = 0;

    if (!audit_part (self, left, bad_buckets, &n, error))
      return false;
    if (n >= left)
      return true;
    left -= n;
    self->audit_part = (self->audit_part + 1) % n_parts;
    self->audit_row = 0;
    *self->audit_id = *self->audit_name = '\0';
  }
  return true;
}
