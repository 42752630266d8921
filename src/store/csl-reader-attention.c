/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What needs somebody, and how long there was no contact: for the order of lists and the mark in a row.
 *
 * A case or client needs somebody when it, or anything in its buckets, was refused or is in review, or when an open
 * difference is about it. A case also when that is so for its client rather than for another case.
 */
#include "config.h"

#include "store/csl-reader-private.h"

#include <string.h>

/* Most rows ordered like that, two looks into an index each: some ten milliseconds. */
#define MOST_RANKED 10000

#define NEEDY_STATES "\"state\" IN ('rejected', 'escrow')"

static const char *const differences[] = { "record", "case", "client", "state" };

static bool
has_differences (CslReader *self)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, "sync_conflict");

  for (guint i = 0; type != NULL && i < G_N_ELEMENTS (differences); i++)
    if (csl_record_type_lookup_field (type, differences[i]) == NULL)
      return false;
  return type != NULL;
}

/* "case", "client": how differences and buckets name what belongs to a record of @type; NULL: not at all. */
static const char *
scope_of (const CslRecordType *type, char *ret_letter)
{
  if (strcmp (type->name, "case") == 0) {
    *ret_letter = 'c';
    return "case";
  }
  *ret_letter = 'p';
  return strcmp (type->name, "client") == 0 ? "client" : NULL;
}

/* SELECT of the ids that what belongs to @scope is about. */
static void
append_owners (GString *sql, const char *scope, char letter)
{
  g_string_append (sql, "SELECT substr (\"bucket\", 3, 36) FROM \"_outbox\" WHERE "
                        "" NEEDY_STATES " AND substr (\"bucket\", 1, 1) = '");
  g_string_append_c (sql, letter);
  g_string_append (sql, "' UNION SELECT ");
  csl_ddl_append_name (sql, scope);
  g_string_append (sql, " FROM \"sync_conflict\" WHERE \"state\" = 'open' AND ");
  csl_ddl_append_name (sql, scope);
  g_string_append (sql, " IS NOT NULL");
}

/* SELECT of the ids of records of @type that need somebody. */
static void
append_needy (GString *sql, const CslRecordType *type)
{
  char letter;
  const char *scope = scope_of (type, &letter);

  g_string_append (sql, "SELECT \"id\" FROM \"_outbox\" WHERE " NEEDY_STATES
                        " UNION SELECT \"record\" FROM \"sync_conflict\" WHERE "
                        "\"state\" = 'open'");
  if (scope == NULL)
    return;
  g_string_append (sql, " UNION ");
  append_owners (sql, scope, letter);
  if (letter != 'c' || type->client_field < 0)
    return;
  g_string_append (sql, " UNION SELECT \"id\" FROM \"case\" WHERE ");
  csl_ddl_append_name (sql, type->fields[type->client_field].name);
  g_string_append (sql, " IN (");
  append_owners (sql, "client", 'p');
  g_string_append (sql, " AND \"case\" IS NULL)");
}

/* The newest contact of the row t, as text; '' when there was none. */
static void
append_contact (GString *sql, CslReader *self, const CslRecordType *type)
{
  g_string_append (sql, "max (''");
  for (guint i = 0; i < self->n_types; i++) {
    const CslRecordType *contact = csl_schema_get_type (self->schema, i);
    int link = strcmp (type->name, "case") == 0 ? contact->case_field
                                                : contact->client_field;

    if (!contact->contact || link < 0 || contact->fields[link].target != type)
      continue;
    g_string_append (sql, ", coalesce ((SELECT max (");
    csl_ddl_append_name (sql, contact->fields[contact->when_field].name);
    g_string_append (sql, ") FROM ");
    csl_ddl_append_name (sql, contact->name);
    g_string_append (sql, " WHERE ");
    csl_ddl_append_name (sql, contact->fields[link].name);
    g_string_append (sql, " = t.\"id\"), '')");
  }
  /* With one value alone it would be another function. */
  g_string_append (sql, ", '')");
}

void
csl_reader_append_attention (CslReader *self, GString *sql, const CslRecordType *type)
{
  if (has_differences (self)) {
    g_string_append (sql, "t.\"id\" IN (");
    append_needy (sql, type);
    g_string_append (sql, ") DESC, ");
  }
  append_contact (sql, self, type);
  g_string_append (sql, ", ");
}

bool
csl_reader_may_rank (CslReader *self, const CslQuery *query)
{
  g_autoptr (CslQuery) counted = NULL;
  gint64 n;

  if (!query->by_attention || query->search != NULL || query->via != NULL)
    return false;
  counted = csl_query_copy (query);
  counted->by_attention = false;
  n = csl_reader_count (self, counted, NULL);
  return n >= 0 && n <= MOST_RANKED;
}

/* -- One record ------------------------------------------------------------------------ */

static bool
has_difference (CslReader *self, const char *id, const char *client)
{
  static const char sql[] =
    "SELECT 1 FROM \"sync_conflict\" WHERE \"state\" = 'open' AND (\"case\" = :id OR "
    "\"client\" = :id OR (\"case\" IS NULL AND \"client\" = :client)) LIMIT 1";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, NULL);

  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_text (stmt, ":client", client);
  return csl_stmt_step (stmt, NULL);
}

/* An id is one of a case or of a client, never of both: the letter of the bucket need not be looked at. */
guint
csl_reader_get_concern (CslReader *self, const CslRecord *record)
{
  static const char sql[] =
    "SELECT DISTINCT \"state\" FROM \"_outbox\" WHERE \"state\" IN ('queued', 'held', "
    "'sent', 'rejected', 'escrow') AND substr (\"bucket\", 3, 36) IN (:id, :client)";
  const CslRecordType *type = record->type;
  guint state = csl_reader_get_state (self, type, record->id);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, NULL);
  const char *client = NULL;

  if (strcmp (type->name, "case") == 0 && type->client_field >= 0)
    client = csl_value_get_text (&record->values[type->client_field]);
  if (has_differences (self) && has_difference (self, record->id, client))
    state = csl_reader_more_urgent (state, CSL_READER_DIFFERS);
  if (stmt == NULL)
    return state;
  csl_stmt_bind_text (stmt, ":id", record->id);
  csl_stmt_bind_text (stmt, ":client", client);
  while (csl_stmt_step (stmt, NULL))
    state =
      csl_reader_more_urgent (state, csl_reader_state_of (csl_stmt_get_text (stmt, 0)));
  return state;
}
