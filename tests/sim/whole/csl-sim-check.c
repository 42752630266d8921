/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-check.c: the invariants of the protocol (docs/protocol.md), looked at from outside. */
#include "sim/whole/csl-sim-check.h"

#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-wire-record.h"
#include "sim/whole/csl-sim-compare.h"
#include "sim/whole/csl-sim-model.h"
#include "store/replica-check.h"

#include <string.h>

#define violated(client, ...) csl_sim_fail ((client)->world, (client)->name, __VA_ARGS__)

static CslRecord *
get (CslSimClient *client, const CslRecordType *type, const char *id)
{
  g_autoptr (GError) error = NULL;
  CslRecord *record = csl_reader_get (client->reader, type, id, &error);

  g_assert_no_error (error);
  return record;
}

/* I10: once a person saw an edit, the older value does not come back by itself. What is refused because its person was erased
 * loses its words at once, and can be corrected before the pull that takes the record away. */
static void
check_no_flicker (CslSimClient *client, GPtrArray *entries)
{
  for (guint i = 0; i < client->edits->len; i++) {
    const CslSimEdit *edit = client->edits->pdata[i];
    g_autoptr (CslRecord) record = get (client, edit->type, edit->id);
    const char *now = record != NULL ? csl_value_get_text (&record->values[edit->field])
                                     : NULL;

    if (record != NULL && g_strcmp0 (now, edit->before) == 0 &&
        !csl_sim_world_is_erased (client->world, edit->after) &&
        !csl_sim_is_disputed (entries, edit->id))
      violated (client, "I10: %s of %s %s shows %s again instead of %s",
                edit->type->fields[edit->field].name, edit->type->name, edit->id,
                now != NULL ? now : "nothing", edit->after);
  }
}

static void
check_rev (CslSimClient *client, const CslRecord *record, GHashTable *seen)
{
  gint64 *highest = g_hash_table_lookup (client->revs, record->id);

  g_hash_table_add (seen, g_strdup (record->id));
  if (highest == NULL) {
    g_hash_table_insert (client->revs, g_strdup (record->id),
                         g_memdup2 (&record->rev, sizeof record->rev));
    return;
  }
  if (record->rev < *highest)
    violated (client,
              "I11: rev of %s %s went from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
              record->type->name, record->id, *highest, record->rev);
  *highest = record->rev;
}

GPtrArray *
csl_sim_check_list (CslSimClient *client, const CslRecordType *type)
{
  g_autoptr (CslQuery) query = csl_query_new (type);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = csl_reader_list (client->reader, query, &error);
  GPtrArray *records;

  g_assert_no_error (error);
  records = csl_reader_get_rows (client->reader, type,
                                 (const gint64 *) (gpointer) rows->data, rows->len,
                                 &error);
  g_assert_no_error (error);
  return records;
}

/* I11: within an epoch the rev of a row never goes down; a row that left may come back older. I14: it left for a reason. */
static void
check_revs (CslSimClient *client)
{
  g_autoptr (GHashTable) seen =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  csl_auto_reset CslStmt *rows =
    replica_check_find_rows (client->schema, csl_sim_client_inspect (client));
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer id, rev;

  for (guint i = 0; i < csl_schema_get_n_types (client->schema); i++) {
    const CslRecordType *type = csl_schema_get_type (client->schema, i);
    g_autoptr (GPtrArray) records = NULL;

    if (csl_stmt_get_int (rows, (int) i + 1) == 0)
      continue;
    records = csl_sim_check_list (client, type);
    for (guint k = 0; k < records->len; k++)
      check_rev (client, records->pdata[k], seen);
  }
  g_hash_table_iter_init (&iter, client->revs);
  while (g_hash_table_iter_next (&iter, &id, &rev)) {
    if (g_hash_table_contains (seen, id))
      continue;
    if (*(gint64 *) rev > 0)
      g_ptr_array_add (gone, g_strdup (id));
    g_hash_table_iter_remove (&iter);
  }
  csl_sim_check_absence (client, gone);
}

/* What a restored server lost goes to it row by row, each with an answer of its own, and perhaps from several computers. Until
 * both are there the row that is here is no part of a commit. */
static bool
is_offered (CslSimClient *client, const char *a, const char *b)
{
  static const char sql[] = "SELECT 1 FROM \"_outbox\" WHERE \"offer\" = 1 AND \"id\" IN"
                            " (?1, ?2) AND \"state\" IN ('queued', 'sent')";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_client_inspect (client), sql, NULL);

  csl_stmt_bind_text_at (stmt, 1, a);
  csl_stmt_bind_text_at (stmt, 2, b);
  return csl_stmt_step (stmt, NULL);
}

/* A device that has not heard of the restore yet, or still compares, has offered nothing so far. */
static bool
is_still_to_offer (CslSimClient *author)
{
  CslReplicaIdentity identity = csl_sim_client_get_identity (author);

  return identity.reconcile ||
         strcmp (identity.epoch,
                 csl_sim_model_get_epoch (
                   author->world->organisations[author->organisation].model)) != 0;
}

/* While nobody writes to the file, every rev is what it was when it was looked at. */
static void
check_changed_revs (CslSimClient *client)
{
  gint64 version = csl_sim_client_get_file_version (client);

  g_assert_cmpint (version, >, 0);
  if (version == client->revs_version)
    return;
  check_revs (client);
  client->revs_version = version;
}

/* I5: two records made in one act are both here or both not, unless one of them was changed since. */
static void
check_pairs (CslSimClient *author, CslSimClient *client)
{
  const CslRecordType *type = csl_schema_lookup_type (client->schema, "task");

  for (guint i = 0; i < author->pairs->len; i++) {
    g_auto (GStrv) ids = g_strsplit (author->pairs->pdata[i], " ", 2);
    g_autoptr (CslRecord) first = get (client, type, ids[0]);
    g_autoptr (CslRecord) second = get (client, type, ids[1]);

    if ((first == NULL) != (second == NULL) &&
        !g_hash_table_contains (client->world->deleted, ids[0]) &&
        !g_hash_table_contains (client->world->deleted, ids[1]) &&
        !is_offered (client, ids[0], ids[1]) && !is_offered (author, ids[0], ids[1]) &&
        !is_still_to_offer (author))
      violated (client, "I5: of the pair %s only one half is here",
                (char *) author->pairs->pdata[i]);
  }
}

/* Numbers of another history say nothing. */
static void
forget_other_epoch (CslSimClient *client)
{
  CslReplicaIdentity identity = csl_sim_client_get_identity (client);

  if (strcmp (identity.epoch, client->epoch) != 0) {
    g_hash_table_remove_all (client->revs);
    client->revs_version = 0;
  }
  g_strlcpy (client->epoch, identity.epoch, sizeof client->epoch);
}

void
csl_sim_check_running (CslSimClient *client, CslSimClient **clients, guint n_clients)
{
  g_autoptr (GPtrArray) entries = csl_sim_client_list_outbox (client);

  /* A bucket that is still being filled is shown as such. */
  for (guint i = 0; i < n_clients && !csl_sim_check_is_between_pages (client); i++)
    if (clients[i]->organisation == client->organisation)
      check_pairs (clients[i], client);
  forget_other_epoch (client);
  check_no_flicker (client, entries);
  check_changed_revs (client);
  csl_sim_check_model (client);
}

/* -- when everything has been said -- */

static void
compare_type (CslSimClient *a,
              CslSimClient *b,
              GPtrArray *entries,
              const CslRecordType *type)
{
  g_autoptr (GPtrArray) mine = csl_sim_check_list (a, type);
  g_autoptr (GPtrArray) wanted = csl_sim_check_list (b, type);
  g_autofree char *difference = csl_sim_compare_records (type, mine, wanted, entries);

  if (difference != NULL)
    violated (a, "%s", difference);
}

/* L1, I13: the replica is what a new device of the same person gets. */
static void
check_converged (CslSimClient *client, CslSimClient *fresh)
{
  g_autoptr (GPtrArray) entries = csl_sim_client_list_outbox (client);

  csl_sim_world_count (client->world, CSL_SIM_CHECKED_FRESH);
  for (guint i = 0; i < csl_schema_get_n_types (client->schema); i++) {
    const CslRecordType *type = csl_schema_get_type (client->schema, i);

    if (!type->local)
      compare_type (client, fresh, entries, type);
  }
}

/* I2, I16: every word typed is with the server or in its author's list. */
static void
check_nothing_vanished (CslSimClient *client, const char *server)
{
  g_autoptr (GPtrArray) entries = csl_sim_client_list_outbox (client);
  g_autofree char *outbox = csl_sim_dump_outbox (entries);
  g_autoptr (GHashTable) kept =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  csl_sim_check_collect_words (server, "server", kept);
  csl_sim_check_collect_words (outbox, "outbox", kept);
  for (guint i = 0; i < client->tokens->len; i++) {
    const char *token = client->tokens->pdata[i];

    if (!g_hash_table_contains (kept, token) &&
        !csl_sim_world_is_erased (client->world, token))
      violated (client, "I2: the word %s is nowhere", token);
  }
}

/* What waits and why, for the message. */
static char *
describe_outbox (CslSimClient *client)
{
  static const char sql[] = "SELECT \"entry\", \"n\", \"state\", \"held_by\", "
                            "\"answer\", \"line\" FROM \"_outbox\""
                            " WHERE \"state\" <> 'acked'";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_client_inspect (client), sql, NULL);
  GString *text = g_string_new (NULL);

  while (csl_stmt_step (stmt, NULL))
    g_string_append_printf (text,
                            "\n  %" G_GINT64_FORMAT " n %" G_GINT64_FORMAT
                            " %s by %" G_GINT64_FORMAT " %.90s %.400s",
                            csl_stmt_get_int (stmt, 0), csl_stmt_get_int (stmt, 1),
                            csl_stmt_get_text (stmt, 2), csl_stmt_get_int (stmt, 3),
                            csl_stmt_is_null (stmt, 4) ? "" : csl_stmt_get_text (stmt, 4),
                            csl_stmt_get_text (stmt, 5));
  return g_string_free (text, FALSE);
}

/* L2: nothing waits without somebody who has to act. */
static void
check_outbox_said (CslSimClient *client)
{
  CslOutboxCounts counts = csl_sim_client_count (client);

  if (counts.queued > 0 || counts.sent > 0)
    violated (client, "L2: %u queued and %u sent operations do not go", counts.queued,
              counts.sent);
  if (counts.held > 0 && counts.rejected == 0) {
    g_autofree char *outbox = describe_outbox (client);

    violated (client, "L2: %u operations are held and nothing was refused%s", counts.held,
              outbox);
  }
}

void
csl_sim_check_quiet (CslSimClient *client, CslSimClient *fresh)
{
  g_autofree char *server = csl_sim_server_dump (client->world, client->organisation);

  check_outbox_said (client);
  check_nothing_vanished (client, server);
  if (fresh != NULL)
    check_converged (client, fresh);
}
