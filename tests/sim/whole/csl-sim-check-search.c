/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-check-search.c: when all is quiet, the search index has followed and says what the records say. */
#include "sim/whole/csl-sim-check.h"
#include "store/csl-ddl.h"

#define violated(client, ...) csl_sim_fail ((client)->world, (client)->name, __VA_ARGS__)

/* The index compares itself with the table that its content is in. */
static void
check_index (CslSimClient *client, CslDb *db, const CslRecordType *type)
{
  g_autofree char *name = csl_ddl_dup_search_name (type);
  g_autoptr (GString) sql = g_string_new ("INSERT INTO ");
  g_autoptr (GError) error = NULL;

  csl_ddl_append_name (sql, name);
  g_string_append (sql, " (");
  csl_ddl_append_name (sql, name);
  g_string_append (sql, ", \"rank\") VALUES ('integrity-check', 1)");
  if (!csl_db_execute (db, sql->str, &error))
    violated (client, "search: the index of %s: %s", type->name, error->message);
}

static char *
write_find_words (const CslSchema *schema)
{
  GString *sql = g_string_new ("SELECT 0");

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);
    g_autofree char *name = csl_ddl_dup_search_name (type);
    g_autofree char *data = g_strconcat (name, "_data", NULL);

    if (!csl_record_type_is_searchable (type)) {
      g_string_append (sql, ", 0");
      continue;
    }
    /* The first ten numbers of FTS5 are what it knows of itself, above them are leaves with words. */
    g_string_append (sql, ", EXISTS (SELECT 1 FROM ");
    csl_ddl_append_name (sql, type->name);
    g_string_append (sql, ") OR EXISTS (SELECT 1 FROM ");
    csl_ddl_append_name (sql, data);
    g_string_append (sql, " WHERE id > 10)");
  }
  return g_string_free (sql, FALSE);
}

/* Where there is neither a row nor a word, nothing can differ. */
static void
check_indexes (CslSimClient *client, CslDb *db)
{
  const CslSchema *schema = client->schema;
  csl_auto_reset CslStmt *words =
    csl_db_prepare (db, csl_schema_derive (schema, write_find_words), NULL);

  g_assert_nonnull (words);
  g_assert_true (csl_stmt_step (words, NULL));
  for (guint i = 0; i < csl_schema_get_n_types (schema); i++)
    if (csl_stmt_get_int (words, (int) i + 1) != 0)
      check_index (client, db, csl_schema_get_type (schema, i));
}

void
csl_sim_check_search (CslSimClient *client)
{
  CslDb *db = csl_sim_client_inspect (client);
  gint64 reads_only = csl_db_query_int (db, "PRAGMA query_only", 0);
  gint64 stale;

  /* From the file, not from what the connection remembers of it. The check writes nothing, but it is told in a statement that
   * writes. */
  csl_db_execute (db, "PRAGMA shrink_memory; PRAGMA query_only = OFF", NULL);
  csl_sim_world_count (client->world, CSL_SIM_CHECKED_SEARCH);
  stale = csl_db_query_int (db, "SELECT count (*) FROM \"_stale\"", -1);
  if (stale != 0)
    violated (client, "search: %" G_GINT64_FORMAT " rows wait for the index", stale);
  check_indexes (client, db);
  if (reads_only != 0)
    csl_db_execute (db, "PRAGMA query_only = ON", NULL);
}
