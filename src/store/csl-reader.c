/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslReader: single records, pages of rows, badges, drafts. Lists are in csl-reader-list.c, words in
 * csl-reader-search.c. */
#include "config.h"

#include "store/csl-reader.h"

#include "store/csl-reader-private.h"
#include "store/csl-words.h"

#include <string.h>

/* Statements of generated lists are kept up to this many; a person uses a handful of lists at a time. */
#define MOST_STATEMENTS 128

CslReader *
csl_reader_new_borrowing (CslDb *db, const CslSchema *schema, GError **error)
{
  CslReader *self;

  if (!csl_words_install (db, error))
    return NULL;
  self = g_new0 (CslReader, 1);
  self->db = db;
  self->borrowed = true;
  self->schema = schema;
  self->n_types = csl_schema_get_n_types (schema);
  self->tables = g_new0 (CslRecordTable *, self->n_types);
  for (guint i = 0; i < self->n_types; i++)
    self->tables[i] = csl_record_table_new (db, csl_schema_get_type (schema, i));
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify) csl_stmt_free);
  return self;
}

/**
 * csl_reader_open:
 *
 * Returns: (transfer full): a reader of a replica that was created or opened (and so brought up to date) before
 */
CslReader *
csl_reader_open (const char *path,
                 const guint8 *key,
                 const CslSchema *schema,
                 GError **error)
{
  g_autoptr (CslDb) db = csl_db_open (path, key, CSL_DB_READ_ONLY, error);
  CslReader *self = db != NULL ? csl_reader_new_borrowing (db, schema, error) : NULL;

  if (self == NULL)
    return NULL;
  self->borrowed = false;
  g_steal_pointer (&db);
  return self;
}

void
csl_reader_free (CslReader *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->statements);
  for (guint i = 0; i < self->n_types; i++)
    csl_record_table_free (self->tables[i]);
  g_free (self->tables);
  if (!self->borrowed)
    csl_db_free (self->db);
  g_free (self);
}

CslStmt *
csl_reader_prepare (CslReader *self, const char *sql, GError **error)
{
  CslStmt *stmt = g_hash_table_lookup (self->statements, sql);

  if (stmt != NULL) {
    csl_stmt_reset (stmt);
    return stmt;
  }
  if (g_hash_table_size (self->statements) >= MOST_STATEMENTS)
    g_hash_table_remove_all (self->statements);
  stmt = csl_db_prepare_once (self->db, sql, error);
  if (stmt != NULL)
    g_hash_table_insert (self->statements, g_strdup (sql), stmt);
  return stmt;
}

gint64
csl_reader_get_data_version (CslReader *self)
{
  return csl_db_get_data_version (self->db);
}

CslRecord *
csl_reader_get (CslReader *self,
                const CslRecordType *type,
                const char *id,
                GError **error)
{
  return csl_record_table_get (self->tables[type->position], id, NULL, error);
}

/**
 * csl_reader_get_rows:
 *
 * Returns: (transfer full): array of @n_rows records, in the order of @rows; %NULL elements for rows that have gone
 */
GPtrArray *
csl_reader_get_rows (CslReader *self,
                     const CslRecordType *type,
                     const gint64 *rows,
                     guint n_rows,
                     GError **error)
{
  g_autoptr (GPtrArray) records =
    g_ptr_array_new_full (n_rows, (GDestroyNotify) csl_record_free);
  g_autoptr (GError) local = NULL;

  /* One snapshot for the page. */
  if (!csl_db_begin_read (self->db, error))
    return NULL;
  for (guint i = 0; i < n_rows && local == NULL; i++)
    g_ptr_array_add (records, csl_record_table_get_by_row (self->tables[type->position],
                                                           rows[i], NULL, &local));
  csl_db_rollback (self->db);
  if (local == NULL)
    return g_steal_pointer (&records);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* -- Badges ---------------------------------------------------------------------------- */

guint
csl_reader_state_of (const char *state)
{
  static const struct
  {
    const char *name;
    guint state;
  } states[] = {
    { "queued", CSL_READER_WAITING }, { "held", CSL_READER_WAITING },
    { "sent", CSL_READER_SENT },      { "rejected", CSL_READER_REFUSED },
    { "escrow", CSL_READER_REVIEW },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i].name) == 0)
      return states[i].state;
  return CSL_READER_SYNCED;
}

guint
csl_reader_more_urgent (guint a, guint b)
{
  static const guint urgency[] = {
    [CSL_READER_SYNCED] = 0, [CSL_READER_SENT] = 1,    [CSL_READER_WAITING] = 2,
    [CSL_READER_REVIEW] = 3, [CSL_READER_DIFFERS] = 4, [CSL_READER_REFUSED] = 5,
  };

  return urgency[a] >= urgency[b] ? a : b;
}

static bool
has_open_difference (CslReader *self, const char *id)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, "sync_conflict");
  g_autoptr (GString) sql = NULL;
  csl_auto_reset CslStmt *stmt = NULL;

  if (type == NULL || csl_record_type_lookup_field (type, "record") == NULL ||
      csl_record_type_lookup_field (type, "record_type") == NULL ||
      csl_record_type_lookup_field (type, "state") == NULL)
    return false;
  sql = g_string_new ("SELECT 1 FROM \"sync_conflict\" WHERE \"record\" = :id AND "
                      "\"state\" = 'open' LIMIT 1");
  stmt = csl_reader_prepare (self, sql->str, NULL);
  if (stmt == NULL)
    return false;
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_step (stmt, NULL);
}

guint
csl_reader_get_state (CslReader *self, const CslRecordType *type, const char *id)
{
  static const char sql[] =
    "SELECT \"state\" FROM \"_outbox\" WHERE \"id\" = :id AND \"state\" <> 'acked'";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, NULL);
  guint state = has_open_difference (self, id) ? CSL_READER_DIFFERS : CSL_READER_SYNCED;

  if (stmt == NULL)
    return state;
  csl_stmt_bind_text (stmt, ":id", id);
  while (csl_stmt_step (stmt, NULL))
    state =
      csl_reader_more_urgent (state, csl_reader_state_of (csl_stmt_get_text (stmt, 0)));
  return state;
}

/* -- Drafts, history, pending ---------------------------------------------------------- */

CslRecord *
csl_reader_find_draft (CslReader *self,
                       const char *form_type,
                       const char *entity_type,
                       const char *entity_id)
{
  static const char sql[] =
    "SELECT \"id\" FROM \"form_draft\" WHERE \"form_type\" = :form AND "
    "\"entity_type\" IS :type AND \"entity_id\" IS :id AND \"completed\" IS NOT 1 "
    "ORDER BY \"_order\" DESC LIMIT 1";
  const CslRecordType *type = csl_schema_lookup_type (self->schema, "form_draft");
  csl_auto_reset CslStmt *stmt = NULL;

  if (type == NULL)
    return NULL;
  stmt = csl_db_prepare (self->db, sql, NULL);
  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":form", form_type);
  csl_stmt_bind_text (stmt, ":type", entity_type);
  csl_stmt_bind_text (stmt, ":id", entity_id);
  if (!csl_stmt_step (stmt, NULL))
    return NULL;
  return csl_reader_get (self, type, csl_stmt_get_text (stmt, 0), NULL);
}

char *
csl_reader_dup_history (CslReader *self, const char *type, const char *id)
{
  static const char sql[] =
    "SELECT \"text\" FROM \"_history\" WHERE \"id\" = :id AND \"type\" = :type";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, NULL);

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":type", type);
  csl_stmt_bind_text (stmt, ":id", id);
  return csl_stmt_step (stmt, NULL) ? csl_stmt_dup_text (stmt, 0) : NULL;
}

GPtrArray *
csl_reader_list_pending (CslReader *self,
                         const char *type,
                         const char *id,
                         GError **error)
{
  static const char sql[] =
    "SELECT \"line\" FROM \"_outbox\" WHERE \"id\" = :id AND \"type\" = :type "
    "AND \"state\" IN ('queued', 'sent', 'held', 'rejected') ORDER BY \"entry\"";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (self->db, sql, error);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;

  if (stmt == NULL)
    return NULL;
  csl_stmt_bind_text (stmt, ":id", id);
  csl_stmt_bind_text (stmt, ":type", type);
  while (csl_stmt_step (stmt, &local))
    g_ptr_array_add (lines, csl_stmt_dup_text (stmt, 0));
  if (local == NULL)
    return g_steal_pointer (&lines);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
