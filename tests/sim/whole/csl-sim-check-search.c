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

void
csl_sim_check_search (CslSimClient *client)
{
  const CslSchema *schema = client->schema;
  CslDb *db = csl_sim_client_inspect (client);
  gint64 stale;

  /* From the file, not from what the connection remembers of it. The check writes nothing, but it is told in a statement that
   * writes. */
  csl_db_execute (db, "PRAGMA shrink_memory; PRAGMA query_only = OFF", NULL);
  csl_sim_world_count (client->world, CSL_SIM_CHECKED_SEARCH);
  stale = csl_db_query_int (db, "SELECT count (*) FROM \"_stale\"", -1);
  if (stale != 0)
    violated (client, "search: %" G_GINT64_FORMAT " rows wait for the index", stale);
  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);

    if (csl_record_type_is_searchable (type))
      check_index (client, db, type);
  }
  csl_db_execute (db, "PRAGMA query_only = ON", NULL);
}
