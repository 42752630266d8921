/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-answers.c: reads along what is pushed and answered. The same operation gets the same answer for ever (I3);
 * every kind of answer is counted. */
#include "core/base/csl-json-scan.h"
#include "core/wire/csl-answer.h"
#include "sim/whole/csl-sim-world.h"

#include <string.h>

static const CslSimCount verdict_counts[] = {
  [CSL_VERDICT_OK] = CSL_SIM_VERDICT_OK,
  [CSL_VERDICT_MERGED] = CSL_SIM_VERDICT_MERGED,
  [CSL_VERDICT_CONFLICT] = CSL_SIM_VERDICT_CONFLICT,
  [CSL_VERDICT_REJECTED] = CSL_SIM_VERDICT_REJECTED,
  [CSL_VERDICT_HELD] = CSL_SIM_VERDICT_HELD,
  [CSL_VERDICT_ESCROW] = CSL_SIM_VERDICT_ESCROW,
  [CSL_VERDICT_REDIRECT] = CSL_SIM_VERDICT_OK,
  [CSL_VERDICT_GAP] = CSL_SIM_VERDICT_GAP,
  [CSL_VERDICT_DEVICE_REWOUND] = CSL_SIM_VERDICT_REWOUND,
  [CSL_VERDICT_BUSY] = CSL_SIM_NET_503,
  [CSL_VERDICT_EPOCH] = CSL_SIM_VERDICT_EPOCH,
};

/* A member of a pushed line; NULL: it has none. Caller frees. */
static char *
dup_text (const char *line, const char *name)
{
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  return csl_json_scan (&json, line, strlen (line), &csl_json_limits_line, NULL)
           ? csl_json_member_dup_string (&json, 0, name)
           : NULL;
}

/* Without what may differ: the number in this incarnation, and that it was asked before. */
static char *
print_answer (const CslAnswer *answer)
{
  CslAnswer copy = *answer;

  copy.dup = false;
  copy.n = 0;
  return csl_answer_print (&copy);
}

static bool
names_erased (CslSimWorld *self, const char *line)
{
  bool known = false;

  for (guint i = 0; !known && i < CSL_SIM_ORGANISATIONS; i++) {
    csl_auto_reset CslStmt *stmt =
      csl_db_prepare (csl_sim_server_observe (self, i),
                      "SELECT 1 FROM _rec WHERE state = 2 AND instr (?1, id) > 0", NULL);

    csl_stmt_bind_text_at (stmt, 1, line);
    known = csl_stmt_step (stmt, NULL);
  }
  return known;
}

/* What was answered about somebody who is erased by law since says only that. A change of a record that the server never made
 * (its creation waits for a decision) names nobody; the creation does. */
static bool
is_erased_since (CslSimWorld *self, const CslAnswer *answer)
{
  const char *line = g_hash_table_lookup (self->typed, answer->op);
  g_autofree char *record = line != NULL ? dup_text (line, "id") : NULL;
  bool known = false;
  GHashTableIter iter;
  gpointer other;

  if (record == NULL || answer->verdict != CSL_VERDICT_REJECTED ||
      g_strcmp0 (answer->code, "erased") != 0)
    return false;
  g_hash_table_iter_init (&iter, self->typed);
  while (!known && g_hash_table_iter_next (&iter, NULL, &other))
    known = strstr (other, record) != NULL && names_erased (self, other);
  return known;
}

static void
note_answer (CslSimWorld *self, const CslAnswer *answer)
{
  g_autofree char *text = print_answer (answer);
  const char *before = g_hash_table_lookup (self->answers, answer->op);

  csl_sim_world_count (self, verdict_counts[answer->verdict]);
  if (answer->dup)
    csl_sim_world_count (self, CSL_SIM_VERDICT_DUP);
  if (answer->verdict >= CSL_VERDICT_GAP || answer->verdict == CSL_VERDICT_HELD ||
      g_strcmp0 (answer->code, "op_reuse") == 0)
    return;
  if (before != NULL && answer->dup) {
    csl_sim_world_count (self, CSL_SIM_CHECKED_ANSWER);
    if (strcmp (before, text) != 0 && !is_erased_since (self, answer))
      csl_sim_fail (self, "server", "I3: %s was answered\n  %s\nand now\n  %s",
                    answer->op, before, text);
  }
  g_hash_table_insert (self->answers, g_strdup (answer->op), g_steal_pointer (&text));
}

/* Does the line of an operation, or of another of its group, speak of @record? */
static bool
speaks_of (CslSimWorld *self, const char *line, const char *record)
{
  g_autofree char *group = dup_text (line, "g");
  GHashTableIter iter;
  gpointer other;

  if (strstr (line, record) != NULL)
    return true;
  g_hash_table_iter_init (&iter, self->typed);
  while (group != NULL && g_hash_table_iter_next (&iter, NULL, &other))
    if (strstr (other, group) != NULL && strstr (other, record) != NULL)
      return true;
  return false;
}

/* I6: @held waits for something that its line, or another of its group, speaks of. Its number may be one of an earlier
 * incarnation. */
static void
check_held (CslSimWorld *self, const CslAnswer *held)
{
  static const char sql[] =
    "SELECT c.record FROM _op o JOIN _op c ON c.device = o.device AND c.n = ?2"
    " WHERE o.op = ?1";
  const char *line = g_hash_table_lookup (self->typed, held->op);

  for (guint i = 0; line != NULL && i < CSL_SIM_ORGANISATIONS; i++) {
    csl_auto_reset CslStmt *stmt =
      csl_db_prepare (csl_sim_server_observe (self, i), sql, NULL);
    bool any = false, known = false;

    csl_stmt_bind_text_at (stmt, 1, held->op);
    csl_stmt_bind_int_at (stmt, 2, held->held_by);
    for (; !known && csl_stmt_step (stmt, NULL); any = true)
      known = speaks_of (self, line, csl_stmt_get_text (stmt, 0));
    if (any)
      csl_sim_world_count (self, CSL_SIM_CHECKED_HELD);
    if (any && !known)
      csl_sim_fail (self, "server",
                    "I6: %s waits for number %" G_GINT64_FORMAT
                    ", of which it says nothing: %s",
                    held->op, held->held_by, line);
  }
}

/* I6: whatever is refused, everything else that came with it is answered, unless the server says why it stopped. */
static void
check_all_answered (CslSimWorld *self, char **lines, GHashTable *answered)
{
  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree char *op = dup_text (lines[i], "op");

    if (op != NULL && !g_hash_table_contains (answered, op))
      csl_sim_fail (self, "server", "I6: %s was pushed and not answered", op);
  }
}

static void
note_line (CslSimWorld *self, const char *line)
{
  g_autofree char *op = dup_text (line, "op");

  if (op != NULL)
    g_hash_table_insert (self->typed, g_steal_pointer (&op), g_strdup (line));
}

void
csl_sim_note_push (CslSimWorld *self, GBytes *body, const GString *answer)
{
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  g_autofree char *text = g_strndup (data, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_auto (GStrv) answers = g_strsplit (answer->str, "\n", -1);
  g_autoptr (GHashTable) answered =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  bool stopped = false;

  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    note_line (self, lines[i]);
  for (guint i = 0; answers[i] != NULL; i++) {
    g_auto (CslAnswer) one = { 0 };

    if (*answers[i] == '\0')
      continue;
    if (!csl_answer_parse (&one, answers[i], strlen (answers[i]), NULL))
      csl_sim_fail (self, "server", "protocol: no answer: %s", answers[i]);
    note_answer (self, &one);
    if (one.verdict == CSL_VERDICT_HELD)
      check_held (self, &one);
    stopped = stopped || one.verdict >= CSL_VERDICT_GAP;
    if (*one.op != '\0')
      g_hash_table_add (answered, g_strdup (one.op));
  }
  if (!stopped && lines[0] != NULL)
    check_all_answered (self, lines + 1, answered);
}

void
csl_sim_note_pull (CslSimWorld *self, const GString *answer)
{
  static const struct
  {
    const char *start;
    CslSimCount count;
  } kinds[] = {
    { "{\"t\":\"drop\"", CSL_SIM_PULL_DROP },
    { "{\"t\":\"gone\"", CSL_SIM_PULL_GONE },
    { "{\"t\":\"open\"", CSL_SIM_PULL_FILL },
    { "{\"t\":\"page\"", CSL_SIM_PULL_PAGE },
    { "{\"t\":\"epoch\"", CSL_SIM_VERDICT_EPOCH },
  };
  const char *line = answer->str;

  while (line != NULL && *line != '\0') {
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
      if (g_str_has_prefix (line, kinds[i].start))
        csl_sim_world_count (self, kinds[i].count);
    line = strchr (line, '\n');
    if (line != NULL)
      line++;
  }
}
