/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-act.c: what people do at random. Every text typed is a word that occurs nowhere else. */
#include "core/base/csl-id.h"
#include "core/base/csl-time.h"
#include "sim/csl-sim-client.h"

#include <string.h>

typedef struct
{
  CslReplicaChange changes[2];
  guint n;
  CslReplicaAct act;
} Act;

static bool
commit_work (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  Act *act = data;

  return csl_replica_commit (replica, act->changes, act->n, &act->act, error);
}

static void
commit (CslSimClient *self, Act *act)
{
  g_autoptr (GError) error = NULL;

  act->act.squash = csl_sim_world_chance (self->world, 500);
  csl_vault_run (self->vault, 0, commit_work, act, &error);
  g_assert_no_error (error);
}

static CslRecord *
new_record (CslSimClient *self, const char *type)
{
  CslId id = csl_id_new (&self->world->env);
  CslRecord *record =
    csl_record_new (csl_schema_lookup_type (self->world->schema, type), id.text);
  CslDefaults defaults = { .now_ms = self->world->now_ms,
                           .user = self->user,
                           .centre = self->world->centre };

  csl_record_apply_defaults (record, &defaults);
  return record;
}

/* Types @field of @record: a new word. */
static void
type_token (CslSimClient *self, CslRecord *record, const char *field)
{
  char *token = csl_sim_world_make_token (self->world);

  csl_record_set_text (record, field, token);
  g_ptr_array_add (self->tokens, token);
  g_ptr_array_add (self->tokens_since, g_strdup (token));
}

/* A random record of @type here, or NULL. */
static CslRecord *
pick_record (CslSimClient *self, const char *type)
{
  const CslRecordType *found = csl_schema_lookup_type (self->world->schema, type);
  g_autoptr (CslQuery) query = csl_query_new (found);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = csl_reader_list (self->reader, query, &error);
  g_autoptr (GPtrArray) records = NULL;
  gint64 row;

  g_assert_no_error (error);
  if (rows->len == 0)
    return NULL;
  row = g_array_index (rows, gint64, csl_sim_world_pick (self->world, rows->len));
  records = csl_reader_get_rows (self->reader, found, &row, 1, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&records->pdata[0]);
}

void
csl_sim_client_open_case (CslSimClient *self)
{
  g_autoptr (CslRecord) client = new_record (self, "client");
  g_autoptr (CslRecord) record = new_record (self, "case");
  Act act = { .changes = { { NULL, client }, { NULL, record } }, .n = 2 };

  type_token (self, client, "first_name");
  csl_record_set_text (client, "last_name", "Sample");
  csl_record_set_text (record, "client", client->id);
  csl_record_set_text (record, "case_type", "housing");
  type_token (self, record, "title");
  commit (self, &act);
}

static void
write_note (CslSimClient *self)
{
  g_autoptr (CslRecord) about = pick_record (self, "case");
  g_autoptr (CslRecord) note = NULL;
  Act act = { .n = 1 };

  if (about == NULL)
    return;
  note = new_record (self, "note");
  csl_record_set_text (note, "case", about->id);
  csl_record_set_text (note, "client", csl_record_get_text (about, "client"));
  type_token (self, note, "content");
  act.changes[0].after = note;
  commit (self, &act);
}

static CslRecord *
new_task (CslSimClient *self, const CslRecord *about)
{
  CslRecord *task = new_record (self, "task");

  csl_record_set_text (task, "case", about->id);
  csl_record_set_text (task, "client", csl_record_get_text (about, "client"));
  type_token (self, task, "title");
  return task;
}

/* Two tasks in one act: both or none, everywhere. */
static void
plan_two_tasks (CslSimClient *self)
{
  g_autoptr (CslRecord) about = pick_record (self, "case");
  g_autoptr (CslRecord) first = NULL;
  g_autoptr (CslRecord) second = NULL;
  Act act = { .n = 2 };

  if (about == NULL)
    return;
  first = new_task (self, about);
  second = new_task (self, about);
  act.changes[0].after = first;
  act.changes[1].after = second;
  commit (self, &act);
  g_ptr_array_add (self->pairs, g_strdup_printf ("%s %s", first->id, second->id));
}

typedef struct
{
  const char *type, *field;
} Target;

static const Target targets[] = {
  { "case", "title" },       { "case", "description" }, { "client", "preferred_name" },
  { "client", "last_name" }, { "note", "content" },     { "task", "title" },
  { "task", "description" }, { "case", "summary" },
};

/* What the author must go on seeing; an older edit of the same field is replaced. */
static void
remember_edit (CslSimClient *self,
               const CslRecord *before,
               const CslRecord *after,
               guint field)
{
  CslSimEdit *edit = g_new0 (CslSimEdit, 1);

  for (guint i = 0; i < self->edits->len; i++) {
    CslSimEdit *old = self->edits->pdata[i];

    if (old->field == field && strcmp (old->id, before->id) == 0) {
      g_ptr_array_remove_index_fast (self->edits, i);
      break;
    }
  }
  edit->type = before->type;
  g_strlcpy (edit->id, before->id, sizeof edit->id);
  edit->field = field;
  edit->before = g_strdup (csl_value_get_text (&before->values[field]));
  edit->after = g_strdup (csl_value_get_text (&after->values[field]));
  g_ptr_array_add (self->edits, edit);
}

/* Who writes over an own word may fold both into one operation: the first one is given up. */
static void
forget_own_word (CslSimClient *self, const char *word)
{
  guint position;

  if (word != NULL &&
      g_ptr_array_find_with_equal_func (self->tokens, word, g_str_equal, &position))
    g_ptr_array_remove_index_fast (self->tokens, position);
}

static void
change_something (CslSimClient *self)
{
  const Target *target =
    &targets[csl_sim_world_pick (self->world, G_N_ELEMENTS (targets))];
  g_autoptr (CslRecord) before = pick_record (self, target->type);
  g_autoptr (CslRecord) after = NULL;
  Act act = { .n = 1 };

  if (before == NULL)
    return;
  after = csl_record_copy (before);
  forget_own_word (self, csl_record_get_text (before, target->field));
  type_token (self, after, target->field);
  act.changes[0] = (CslReplicaChange){ before, after };
  commit (self, &act);
  remember_edit (self, before, after,
                 csl_record_type_lookup_field (before->type, target->field)->index);
}

static void
delete_something (CslSimClient *self)
{
  g_autoptr (CslRecord) record =
    pick_record (self, csl_sim_world_chance (self->world, 500) ? "task" : "note");
  Act act = { .n = 1 };

  if (record == NULL)
    return;
  act.changes[0].before = record;
  g_hash_table_add (self->world->deleted, g_strdup (record->id));
  commit (self, &act);
}

static void
give_access (CslSimClient *self)
{
  g_autoptr (CslRecord) about = pick_record (self, "case");
  g_autoptr (CslRecord) assignment = NULL;
  Act act = { .n = 1 };

  if (about == NULL)
    return;
  assignment = new_record (self, "case_assignment");
  csl_record_set_text (assignment, "case", about->id);
  csl_record_set_text (assignment, "user",
                       self->world->users[csl_sim_world_pick (self->world, 2)]);
  act.changes[0].after = assignment;
  commit (self, &act);
}

static void
take_access (CslSimClient *self)
{
  g_autoptr (CslRecord) before = pick_record (self, "case_assignment");
  g_autoptr (CslRecord) after = NULL;
  g_autofree char *now = csl_instant_format (self->world->now_ms, NULL);
  Act act = { .n = 1 };

  if (before == NULL || csl_record_get_text (before, "to_at") != NULL)
    return;
  after = csl_record_copy (before);
  csl_record_set_text (after, "to_at", now);
  act.changes[0] = (CslReplicaChange){ before, after };
  commit (self, &act);
}

static void
decide_difference (CslSimClient *self)
{
  g_autoptr (CslRecord) before = pick_record (self, "sync_conflict");
  g_autoptr (CslRecord) after = NULL;
  Act act = { .n = 1 };

  if (before == NULL || g_strcmp0 (csl_record_get_text (before, "state"), "open") != 0)
    return;
  after = csl_record_copy (before);
  csl_record_set_text (after, "state", "resolved_theirs");
  act.act.resolves = before->id;
  act.changes[0] = (CslReplicaChange){ before, after };
  commit (self, &act);
}

void
csl_sim_client_act (CslSimClient *self)
{
  bool manager = strcmp (self->username, "manager") == 0;
  guint roll = csl_sim_world_pick (self->world, 100);

  if (manager && roll < 30)
    give_access (self);
  else if (manager && roll < 50)
    take_access (self);
  else if (roll < 4)
    csl_sim_client_open_case (self);
  else if (roll < 22)
    write_note (self);
  else if (roll < 34)
    plan_two_tasks (self);
  else if (roll < 40)
    delete_something (self);
  else if (roll < 46)
    decide_difference (self);
  else
    change_something (self);
}
