/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-check-file.c: what the file of a device holds, and what it must not hold. */
#include "server/csd-server-private.h"
#include "sim/whole/csl-sim-check.h"
#include "sim/whole/csl-sim-model.h"
#include "store/replica-check.h"

#include <string.h>

#define violated(client, ...) csl_sim_fail ((client)->world, (client)->name, __VA_ARGS__)

/* I13: everything the person may see is here, complete. */
static void
check_complete (CslSimClient *client, const char *bucket)
{
  static const char sql[] =
    "SELECT \"count\", \"sum\", \"state\" FROM \"_bucket\" WHERE \"name\" = :name";
  CslSimWorld *world = client->world;
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_client_inspect (client), sql, NULL);
  gint64 count, sum;
  bool found;

  csl_sim_model_lookup (world->organisations[client->organisation].model, bucket,
                        G_MAXINT64, &count, &sum);
  csl_stmt_bind_text (stmt, ":name", bucket);
  found = csl_stmt_step (stmt, NULL);
  csl_sim_world_count (world, CSL_SIM_CHECKED_ACCESS);
  if (count > 0 && (!found || csl_stmt_get_int (stmt, 0) != count ||
                    csl_stmt_get_int (stmt, 1) != sum))
    violated (client,
              "I13: of %s %" G_GINT64_FORMAT " rows are here and %" G_GINT64_FORMAT
              " should be",
              bucket, found ? csl_stmt_get_int (stmt, 0) : 0, count);
}

static void
check_all_complete (CslSimClient *client)
{
  CslSimWorld *world = client->world;
  CsdOrganisation *organisation =
    csd_server_get_organisation (world->server,
                                 world->organisations[client->organisation].id, NULL);
  CsdStorage *storage = organisation->storage;
  g_autoptr (GHashTable) masks = storage->list_user_buckets (storage, client->user, NULL);
  GHashTableIter iter;
  gpointer base, mask;

  g_hash_table_iter_init (&iter, masks);
  while (g_hash_table_iter_next (&iter, &base, &mask))
    for (guint bit = 1; bit != 0 && bit <= GPOINTER_TO_UINT (mask); bit <<= 1) {
      g_autofree char *name = NULL;

      if ((GPOINTER_TO_UINT (mask) & bit) == 0)
        continue;
      name = csd_organisation_join_bucket (organisation, base, bit);
      check_complete (client, name);
    }
}

/* What records said in a history that a restored server lost. */
static void
add_lost_words (CslSimClient *client, GHashTable *words)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, client->world->lost_words);
  while (g_hash_table_iter_next (&iter, &entry, NULL)) {
    g_auto (GStrv) parts = g_strsplit (entry, " ", 2);

    if (csl_sim_check_may_see (client, parts[0], G_MAXINT64))
      g_hash_table_insert (words, g_strdup (parts[1]), g_strdup (""));
  }
}

/* Every word of the records the person may see, and of what they said before: their history is open to the same people. */
static GHashTable *
list_open_words (CslSimClient *client, CslDb *server)
{
  static const char sql[] =
    "SELECT r.doc, b.name FROM _rec r JOIN _bucket b ON b.bucket = r.bucket"
    " WHERE r.state = 0 UNION ALL "
    "SELECT h.fields, b.name FROM _hist h JOIN _rec r ON r.key = h.rec"
    " JOIN _bucket b ON b.bucket = r.bucket WHERE r.state = 0";
  GHashTable *words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (CslStmt) stmt = csl_db_prepare_once (server, sql, NULL);

  while (csl_stmt_step (stmt, NULL))
    if (csl_sim_check_may_see (client, csl_stmt_get_text (stmt, 1), G_MAXINT64))
      csl_sim_check_collect_words (csl_stmt_get_text (stmt, 0), "", words);
  add_lost_words (client, words);
  return words;
}

/* Work that waits for a decision quotes what its author saw in the file. That is no secret from those who see the file. */
static bool
is_quoted (CslSimClient *client, CslDb *server, const char *bucket, const char *word)
{
  g_autoptr (GHashTable) open = NULL;

  if (!g_str_has_suffix (bucket, ":stranded"))
    return false;
  open = list_open_words (client, server);
  return g_hash_table_contains (open, word);
}

/* I12: no word of a record the person may not see, but what was typed here. */
static void
check_confidential (CslSimClient *client, GHashTable *words)
{
  static const char sql[] =
    "SELECT r.doc, b.name FROM _rec r JOIN _bucket b ON b.bucket = r.bucket"
    " WHERE r.state = 0";
  CslDb *server = csl_sim_server_observe (client->world, client->organisation);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (server, sql, NULL);

  while (csl_stmt_step (stmt, NULL)) {
    g_autoptr (GHashTable) secret = NULL;
    GHashTableIter iter;
    gpointer word;

    if (csl_sim_check_may_see (client, csl_stmt_get_text (stmt, 1), G_MAXINT64))
      continue;
    secret = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    csl_sim_check_collect_words (csl_stmt_get_text (stmt, 0), "", secret);
    g_hash_table_iter_init (&iter, secret);
    while (g_hash_table_iter_next (&iter, &word, NULL))
      if (g_hash_table_contains (words, word) &&
          !csl_sim_world_has_typed (client->world, client->user, word) &&
          !is_quoted (client, server, csl_stmt_get_text (stmt, 1), word))
        violated (client, "I12: the word %s of %s is in %s", (char *) word,
                  csl_stmt_get_text (stmt, 1),
                  (char *) g_hash_table_lookup (words, word));
  }
}

/* I15: of somebody who was erased by law nothing is left here, whoever wrote it, sent or not. */
static void
check_erased (CslSimClient *client, GHashTable *words)
{
  GHashTableIter iter;
  gpointer word, where;

  if (g_hash_table_size (client->world->erased) == 0)
    return;
  csl_sim_world_count (client->world, CSL_SIM_CHECKED_ERASED);
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, &where))
    if (csl_sim_world_is_erased (client->world, word))
      violated (client, "I15: the word %s of somebody erased is in %s", (char *) word,
                (char *) where);
}

/* Tenant isolation: every word on the device is of its own organisation. */
static void
check_tenant (CslSimClient *client, GHashTable *words)
{
  GHashTableIter iter;
  gpointer word;

  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    if (((char *) word)[4] != "ab"[client->organisation])
      violated (client, "tenant: the word %s is of another organisation", (char *) word);
}

/* I19: what is referred to is here, or the person may not see it, or it ended. */
static void
check_reference (CslSimClient *client, const CslRecord *record, guint index)
{
  static const char sql[] =
    "SELECT b.name FROM _rec r JOIN _bucket b ON b.bucket = r.bucket"
    " WHERE r.id = :id AND r.state = 0";
  const CslField *field = &record->type->fields[index];
  const char *id = csl_value_get_text (&record->values[index]);
  const CslRecordType *type = field->target;
  csl_auto_reset CslStmt *stmt = NULL;
  g_autoptr (CslRecord) target = NULL;

  if (id == NULL || type == NULL)
    return;
  csl_sim_world_count (client->world, CSL_SIM_CHECKED_REFERENCE);
  target = csl_reader_get (client->reader, type, id, NULL);
  if (target != NULL)
    return;
  stmt = csl_db_prepare (csl_sim_server_observe (client->world, client->organisation),
                         sql, NULL);
  csl_stmt_bind_text (stmt, ":id", id);
  if (csl_stmt_step (stmt, NULL) &&
      csl_sim_check_may_see (client, csl_stmt_get_text (stmt, 0), G_MAXINT64))
    violated (client, "I19: %s of %s %s is not here", field->name, record->type->name,
              record->id);
}

static void
check_references (CslSimClient *client)
{
  static const char *const types[] = { "case", "task", "note", "visit" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    const CslRecordType *type = csl_schema_lookup_type (client->schema, types[i]);
    g_autoptr (GPtrArray) records = type != NULL ? csl_sim_check_list (client, type)
                                                 : NULL;

    for (guint k = 0; records != NULL && k < records->len; k++) {
      const CslRecord *record = records->pdata[k];

      for (guint f = 0; f < record->type->n_fields; f++)
        check_reference (client, record, f);
    }
  }
}

void
csl_sim_check_file_whole (CslSimClient *client)
{
  CslDb *db = csl_sim_client_inspect (client);

  csl_sim_world_count (client->world, CSL_SIM_CHECKED_LAID);
  csl_sim_check_begin ("I9");
  replica_check_laid (client->schema, db);
  csl_sim_check_begin ("I20");
  if (!client->planted)
    replica_check_sums (client->schema, db);
  csl_sim_check_end ();
}

/* I20: where nobody planted a difference there is nothing to repair. */
static void
check_repairs (CslSimClient *client)
{
  static const char sql[] = "SELECT \"name\" FROM \"_bucket\" WHERE \"repaired_2\" <> 0";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_client_inspect (client), sql, NULL);

  if (!client->ever_planted && csl_stmt_step (stmt, NULL))
    violated (client, "I20: %s had to be repaired", csl_stmt_get_text (stmt, 0));
}

void
csl_sim_check_file (CslSimClient *client)
{
  g_autoptr (GHashTable) words = csl_sim_check_list_words (client);

  csl_sim_check_file_whole (client);
  check_repairs (client);
  check_all_complete (client);
  check_confidential (client, words);
  check_erased (client, words);
  check_tenant (client, words);
  check_references (client);
}
