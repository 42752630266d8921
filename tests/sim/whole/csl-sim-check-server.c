/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-check-server.c: what the server kept, against what was sent to it. */
#include "core/base/csl-json-scan.h"
#include "server/csd-admin.h"
#include "sim/whole/csl-sim-check.h"

#include <string.h>

/* Edits of one text on top of each other that are looked through. */
#define MAX_LAYERS 64

/* Fails with the first row of @sql, if there is one. */
static void
expect_none (CslSimWorld *world, guint organisation, const char *what, const char *sql)
{
  CslDb *db = csl_sim_server_observe (world, organisation);
  g_autoptr (GError) error = NULL;
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, &error);

  g_assert_no_error (error);
  if (csl_stmt_step (stmt, NULL))
    csl_sim_fail (world, "server", "%s: %s", what, csl_stmt_get_text (stmt, 0));
}

static void
check_log (CslSimWorld *world, guint organisation)
{
  /* An operation has one effect on a record. */
  static const char twice[] = "SELECT op FROM _hist WHERE op IS NOT NULL"
                              " GROUP BY op, rec HAVING count (*) > 1";
  /* What has an effect was answered, and not refused. */
  static const char unanswered[] =
    "SELECT h.op FROM _hist h LEFT JOIN _op o ON o.op = h.op"
    " WHERE h.op IS NOT NULL AND (o.op IS NULL OR o.state <> 0)";
  /* Of one device on one record: in the order it was written. */
  static const char order[] =
    "SELECT a.op || ' ' || a.n || ' ' || h.seq || ' before ' || b.op || ' ' || b.n || ' '"
    " || i.seq FROM _hist h JOIN _op a ON a.op = h.op"
    " JOIN _hist i ON i.rec = h.rec AND i.seq < h.seq JOIN _op b ON b.op = i.op"
    " WHERE b.device = a.device AND b.inc = a.inc AND b.n > a.n";
  /* A device that begins again with an older file begins a new row of numbers. */
  static const char numbers[] =
    "SELECT min (op) || ' and ' || max (op) || ' are both number ' || n FROM _op"
    " GROUP BY device, inc, n HAVING count (DISTINCT op) > 1";
  /* What waits for a supervisor is there. */
  static const char kept[] =
    "SELECT op FROM _op WHERE json_extract (answer, '$.r') = 'escrow'"
    " AND op NOT IN (SELECT op FROM _escrow)";
  /* A difference that was told about is there. */
  static const char difference[] =
    "SELECT op FROM _op WHERE json_extract (answer, '$.conflict') IS NOT NULL"
    " AND json_extract (answer, '$.conflict') NOT IN (SELECT id FROM _rec)";
  /* The newest value of each field in the history is the one in the record. */
  static const char replay[] =
    "SELECT r.id || ' ' || name FROM (SELECT h.rec, json_extract (f.value, '$.f') AS "
    "name,"
    " json_extract (f.value, '$.now') AS now, max (h.seq * 1000 + h.n)"
    " FROM _hist h, json_each (h.fields) f GROUP BY 1, 2) JOIN _rec r ON r.key = rec"
    " WHERE r.state = 0 AND name NOT LIKE 'updated_%' AND json_extract (r.doc, '$.' || "
    "name) IS NOT now";

  csl_sim_world_count (world, CSL_SIM_CHECKED_HISTORY);
  expect_none (world, organisation, "I3", twice);
  expect_none (world, organisation, "I1", unanswered);
  expect_none (world, organisation, "I4", order);
  expect_none (world, organisation, "I22", numbers);
  expect_none (world, organisation, "I2", kept);
  expect_none (world, organisation, "I16", difference);
  expect_none (world, organisation, "history = state", replay);
}

/* One field of an operation, as the server saw its line. */
typedef struct
{
  char *id;       /* (owned) of the record */
  char *was, *to; /* (owned) (nullable): as JSON */
  bool settles;
} Typed;

static void
typed_clear (Typed *self)
{
  g_free (self->id);
  g_free (self->was);
  g_free (self->to);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Typed, typed_clear)

static void
typed_read (Typed *self, const char *line, const char *field)
{
  g_auto (CslJson) json = { 0 };
  guint set, was;

  *self = (Typed){ 0 };
  csl_json_init (&json);
  if (line == NULL ||
      !csl_json_scan (&json, line, strlen (line), &csl_json_limits_line, NULL))
    return;
  set = csl_json_member (&json, 0, "set");
  was = csl_json_member (&json, 0, "was");
  self->id = csl_json_member_dup_string (&json, 0, "id");
  self->to = set != 0 ? csl_json_member_dup_string (&json, set, field) : NULL;
  self->was = was != 0 ? csl_json_member_dup_string (&json, was, field) : NULL;
  self->settles = csl_json_member (&json, 0, "resolves") != 0;
}

/* The text that some operation replaced by @top in that field; NULL: there is none. */
static char *
find_below (CslSimWorld *world, const char *record, const char *field, const char *top)
{
  g_autofree char *key = g_strdup_printf ("%s %s %s", record, field, top);
  const char *lost = g_hash_table_lookup (world->lost, key);
  GHashTableIter iter;
  gpointer line;

  if (lost != NULL)
    return g_strdup (lost);
  g_hash_table_iter_init (&iter, world->typed);
  while (g_hash_table_iter_next (&iter, NULL, &line)) {
    g_auto (Typed) typed;

    typed_read (&typed, line, field);
    if (typed.was != NULL && g_strcmp0 (typed.id, record) == 0 &&
        g_strcmp0 (typed.to, top) == 0)
      return g_steal_pointer (&typed.was);
  }
  return NULL;
}

/* Was @seen written over @was? A server that was put back has the older text again; who saw the newer one knew it. What
 * came in between is offered again, and kept as a conflict. */
static bool
is_lost_since (CslSimWorld *world,
               const char *record,
               const char *field,
               const char *was,
               const char *seen)
{
  g_autofree char *top = g_strdup (seen);

  if (world->tally.counts[CSL_SIM_SERVER_RESTORED] == 0)
    return false;
  for (guint i = 0; i < MAX_LAYERS && top != NULL; i++) {
    char *below = find_below (world, record, field, top);

    g_free (top);
    top = below;
    if (g_strcmp0 (top, was) == 0)
      return true;
  }
  return false;
}

/* What the server had in a field when somebody wrote over it, or deleted it. */
typedef struct
{
  const char *record, *field, *was, *who;
} Touched;

/* Did they write @seen over what was there, and the server did not take it? Then they knew what it still has. Words come once,
 * so a word without a place in the history was never taken. What is folded into the line that makes a record leaves nothing
 * below it: there only their own first words are taken as known. */
static bool
wrote_in_vain (CslSimWorld *world,
               guint organisation,
               const Touched *touched,
               const char *seen)
{
  static const char sql[] =
    "SELECT 1 FROM _hist h JOIN _rec r ON r.key = h.rec, json_each (h.fields) f"
    " WHERE r.id = ?1 AND ?2 IN (json_extract (f.value, '$.now'),"
    " json_extract (f.value, '$.was'))";
  g_autofree char *below = find_below (world, touched->record, touched->field, seen);
  csl_auto_reset CslStmt *taken =
    csl_db_prepare (csl_sim_server_observe (world, organisation), sql, NULL);

  csl_stmt_bind_text_at (taken, 1, touched->record);
  csl_stmt_bind_text_at (taken, 2, seen);
  return (below != NULL ? strcmp (below, touched->was) == 0
                        : csl_sim_world_has_typed (world, touched->who, touched->was)) &&
         csl_sim_world_has_typed (world, touched->who, seen) &&
         !csl_stmt_step (taken, NULL);
}

/* Was @text written into that field on that computer, by the same person? */
static bool
is_own_word (CslSimWorld *world,
             guint organisation,
             const Touched *touched,
             const char *device,
             const char *text)
{
  static const char sql[] =
    "SELECT 1 FROM _hist h JOIN _rec r ON r.key = h.rec, json_each (h.fields) f"
    " WHERE r.id = ?1 AND h.device = ?2 AND json_extract (f.value, '$.f') = ?3"
    " AND json_extract (f.value, '$.now') = ?4";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (world, organisation), sql, NULL);

  csl_stmt_bind_text_at (stmt, 1, touched->record);
  csl_stmt_bind_text_at (stmt, 2, device);
  csl_stmt_bind_text_at (stmt, 3, touched->field);
  csl_stmt_bind_text_at (stmt, 4, text);
  return csl_sim_world_has_typed (world, touched->who, text) &&
         csl_stmt_step (stmt, NULL);
}

/* Did the same computer write what it wrote over, over words of its author, or layer by layer on what they saw? Who saves a
 * page that was open for long, and then changes that again, has typed all of it. */
static bool
is_own_work (CslSimWorld *world,
             guint organisation,
             const Touched *touched,
             const char *device,
             const char *seen)
{
  g_autofree char *top = g_strdup (touched->was);

  if (csl_sim_world_has_typed (world, touched->who, seen))
    return is_own_word (world, organisation, touched, device, touched->was);
  for (guint i = 0; i < MAX_LAYERS && top != NULL; i++) {
    char *below;

    if (!is_own_word (world, organisation, touched, device, top))
      return false;
    below = find_below (world, touched->record, touched->field, top);
    g_free (top);
    top = below;
    if (g_strcmp0 (top, seen) == 0)
      return true;
  }
  return false;
}

/* I16: who changed a text saw what was there, or it was theirs. */
static void
check_overwritten (CslSimWorld *world, guint organisation)
{
  static const char sql[] =
    "SELECT h.op, json_extract (f.value, '$.f'), json_extract (f.value, '$.was'),"
    " json_extract (f.value, '$.now'), r.id, h.who, h.device FROM _hist h JOIN _rec r ON "
    "r.key ="
    " h.rec, json_each (h.fields) f WHERE h.act IN ('update', 'offer') AND h.op IS NOT "
    "NULL"
    " AND json_type (f.value, '$.now') = 'text'"
    " AND json_extract (f.value, '$.was') LIKE 'zqtk%'";
  CslDb *db = csl_sim_server_observe (world, organisation);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);

  while (csl_stmt_step (stmt, NULL)) {
    const char *was = csl_stmt_get_text (stmt, 2);
    const char *field = csl_stmt_get_text (stmt, 1);
    const Touched touched = { csl_stmt_get_text (stmt, 4), field, was,
                              csl_stmt_get_text (stmt, 5) };
    g_auto (Typed) typed;

    typed_read (&typed, g_hash_table_lookup (world->typed, csl_stmt_get_text (stmt, 0)),
                field);
    if (typed.was == NULL || typed.settles || strcmp (typed.was, was) == 0 ||
        strcmp (was, csl_stmt_get_text (stmt, 3)) == 0 ||
        is_lost_since (world, csl_stmt_get_text (stmt, 4), field, was, typed.was) ||
        wrote_in_vain (world, organisation, &touched, typed.was) ||
        is_own_work (world, organisation, &touched, csl_stmt_get_text (stmt, 6),
                     typed.was))
      continue;
    csl_sim_fail (world, "server",
                  "I16: operation %s replaced %s by %s in %s of %s, its author saw %s",
                  csl_stmt_get_text (stmt, 0), was, csl_stmt_get_text (stmt, 3), field,
                  csl_stmt_get_text (stmt, 4), typed.was);
  }
}

/* What @field showed in the record @doc; NULL: nothing. */
static char *
dup_member (const char *doc, const char *field)
{
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (!csl_json_scan (&json, doc, strlen (doc), &csl_json_limits_line, NULL))
    return NULL;
  return csl_json_member_dup_string (&json, 0, field);
}

/* Did @doc, as somebody saw it, show every word of the field, or one that was written over it: in a history that was lost, or
 * by themselves and in vain? */
static bool
showed (CslSimWorld *world, guint organisation, const char *doc, const Touched *touched)
{
  g_autofree char *seen = dup_member (doc, touched->field);
  g_autoptr (GHashTable) shown =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) words =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer word;

  csl_sim_check_collect_words (doc, touched->record, shown);
  csl_sim_check_collect_words (touched->was, touched->record, words);
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    if (!g_hash_table_contains (shown, word))
      return seen != NULL && (is_lost_since (world, touched->record, touched->field,
                                             touched->was, seen) ||
                              wrote_in_vain (world, organisation, touched, seen));
  return true;
}

/* I16: who deleted a record saw what was in it. */
static void
check_deleted (CslSimWorld *world, guint organisation)
{
  static const char sql[] =
    "SELECT h.device || ' ' || r.id, r.id, j.key, j.value, h.op, h.who FROM _rec r JOIN "
    "_hist h"
    " ON h.rec = r.key AND h.seq = r.seq AND h.act = 'delete', json_each (r.doc) j"
    " WHERE r.state = 1 AND h.op IS NOT NULL AND j.value LIKE '%zqtk%'";
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_server_observe (world, organisation), sql, NULL);

  while (csl_stmt_step (stmt, NULL)) {
    const GPtrArray *seen =
      g_hash_table_lookup (world->deleters, csl_stmt_get_text (stmt, 0));
    const Touched touched = { csl_stmt_get_text (stmt, 1), csl_stmt_get_text (stmt, 2),
                              csl_stmt_get_text (stmt, 3), csl_stmt_get_text (stmt, 5) };
    bool known = seen == NULL;

    for (guint i = 0; !known && i < seen->len; i++)
      known = showed (world, organisation, seen->pdata[i], &touched);
    csl_sim_world_count (world, CSL_SIM_CHECKED_DELETE);
    if (!known)
      csl_sim_fail (world, "server",
                    "I16: operation %s deleted %s with %s in %s, its author saw %s",
                    csl_stmt_get_text (stmt, 4), csl_stmt_get_text (stmt, 1),
                    csl_stmt_get_text (stmt, 3), csl_stmt_get_text (stmt, 2),
                    (char *) seen->pdata[seen->len - 1]);
  }
}

/* I21: a word was typed into one record, and is in no copy of it. Differences and stranded work hold what was typed until
 * somebody decides (docs/protocol.md part 11). */
static void
check_copies (CslSimWorld *world, guint organisation)
{
  static const char sql[] = "SELECT id, doc FROM _rec WHERE state = 0 AND"
                            " type NOT IN ('sync_conflict', 'stranded_work')";
  CslDb *db = csl_sim_server_observe (world, organisation);
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);
  g_autoptr (GHashTable) owners =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  while (csl_stmt_step (stmt, NULL)) {
    const char *id = csl_stmt_get_text (stmt, 0);
    g_autoptr (GHashTable) words =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter iter;
    gpointer word;

    csl_sim_check_collect_words (csl_stmt_get_text (stmt, 1), id, words);
    g_hash_table_iter_init (&iter, words);
    while (g_hash_table_iter_next (&iter, &word, NULL)) {
      const char *owner = g_hash_table_lookup (owners, word);

      if (owner != NULL)
        csl_sim_fail (world, "server", "I21: the word %s is in %s and in %s",
                      (char *) word, owner, id);
      g_hash_table_insert (owners, g_strdup (word), g_strdup (id));
    }
  }
}

/* I1: what a device was told is done is in the server's log. */
static void
check_acknowledged (CslSimClient *client)
{
  static const char sql[] = "SELECT \"op\" FROM \"_outbox\" WHERE \"state\" = 'acked'";
  static const char known[] = "SELECT 1 FROM _op WHERE op = :op AND state = 0";
  CslDb *server = csl_sim_server_observe (client->world, client->organisation);
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (csl_sim_client_inspect (client), sql, NULL);

  while (csl_stmt_step (stmt, NULL)) {
    csl_auto_reset CslStmt *ask = csl_db_prepare (server, known, NULL);

    csl_stmt_bind_text (ask, ":op", csl_stmt_get_text (stmt, 0));
    if (!csl_stmt_step (ask, NULL))
      csl_sim_fail (client->world, client->name,
                    "I1: operation %s was acknowledged and the server has it not",
                    csl_stmt_get_text (stmt, 0));
  }
}

static void
verify (CslSimWorld *world, guint organisation)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_assert_true (csd_server_verify (world->server, world->organisations[organisation].id,
                                    findings, &error));
  g_assert_no_error (error);
  if (findings->len > 0)
    csl_sim_fail (world, "server", "I17: %s", (char *) findings->pdata[0]);
}

void
csl_sim_check_server (CslSimWorld *world, CslSimClient **clients, guint n_clients)
{
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    verify (world, i);
    check_log (world, i);
    check_overwritten (world, i);
    check_deleted (world, i);
    check_copies (world, i);
    csl_sim_check_erased (world, i);
  }
  for (guint i = 0; i < n_clients; i++)
    check_acknowledged (clients[i]);
}
