/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-act.c: what people do at random. Every text typed is a word that occurs nowhere else. */
#include "sim/whole/csl-sim-act.h"

#include "core/base/csl-id.h"
#include "core/base/csl-time.h"
#include "core/wire/csl-wire-record.h"

#include <string.h>

static bool
commit_work (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  CslSimAct *act = data;

  return csl_replica_commit (replica, act->changes, act->n, &act->act, error);
}

/* A save that did not come back may have happened or not: nothing was promised about its words. */
static void
forget_unsaved (CslSimClient *self)
{
  csl_sim_world_count (self->world, CSL_SIM_ACTS_UNKNOWN);
  g_ptr_array_set_size (self->tokens, (int) self->saved_tokens);
}

static bool
is_fault (CslSimClient *self, const GError *error)
{
  const CslSimDiskTally *tally = csl_sim_disk_get_tally (self->disk);

  return csl_sim_disk_is_dead (self->disk) ||
         tally->full + tally->read_errors + tally->write_errors + tally->sync_errors > 0;
}

bool
csl_sim_act_commit (CslSimClient *self, CslSimAct *act)
{
  g_autoptr (GError) error = NULL;

  act->act.squash = csl_sim_world_chance (self->world, 500);
  if (csl_vault_run (self->vault, 0, commit_work, act, &error)) {
    csl_sim_world_count (self->world, CSL_SIM_ACTS_PROMISED);
    self->saved_tokens = self->tokens->len;
    return true;
  }
  if (!is_fault (self, error))
    csl_sim_fail (self->world, self->name, "a save is refused: %s", error->message);
  forget_unsaved (self);
  return false;
}

CslRecord *
csl_sim_act_new_record (CslSimClient *self, const char *type)
{
  CslId id = csl_id_new (&self->env);
  CslRecord *record =
    csl_record_new (csl_schema_lookup_type (self->schema, type), id.text);
  CslDefaults defaults = { .now_ms = csl_env_wall_ms (&self->env),
                           .user = self->user,
                           .centre =
                             self->world->organisations[self->organisation].centre };

  csl_record_apply_defaults (record, &defaults);
  return record;
}

const char *
csl_sim_act_make_word (CslSimClient *self, const CslRecord *record)
{
  char *token = csl_sim_world_make_token (self->world, self->organisation);
  bool client = strcmp (record->type->name, "client") == 0;
  const char *about = client ? record->id : csl_record_get_text (record, "client");

  g_hash_table_insert (self->world->words, g_strdup (token), (gpointer) self->user);
  g_hash_table_insert (self->world->about, g_strdup (token), g_strdup (about));
  g_ptr_array_add (self->tokens, token);
  g_ptr_array_add (self->tokens_since, g_strdup (token));
  return token;
}

void
csl_sim_act_type (CslSimClient *self, CslRecord *record, const char *field)
{
  csl_record_set_text (record, field, csl_sim_act_make_word (self, record));
}

CslRecord *
csl_sim_act_pick (CslSimClient *self, const char *type)
{
  const CslRecordType *found = csl_schema_lookup_type (self->schema, type);
  g_autoptr (CslQuery) query = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GPtrArray) records = NULL;
  gint64 row;

  /* An older program does not show what it does not know. */
  if (found == NULL)
    return NULL;
  query = csl_query_new (found);
  rows = csl_reader_list (self->reader, query, &error);
  /* A disk that fails shows nothing. */
  if (rows == NULL || rows->len == 0)
    return NULL;
  row = g_array_index (rows, gint64, csl_sim_world_pick (self->world, rows->len));
  records = csl_reader_get_rows (self->reader, found, &row, 1, &error);
  return records != NULL ? g_steal_pointer (&records->pdata[0]) : NULL;
}

CslRecord *
csl_sim_act_new_about (CslSimClient *self,
                       const CslRecord *about,
                       const char *type,
                       const char *field)
{
  CslRecord *record = csl_sim_act_new_record (self, type);

  csl_record_set_text (record, "case", about->id);
  csl_record_set_text (record, "client", csl_record_get_text (about, "client"));
  csl_sim_act_type (self, record, field);
  return record;
}

static void
remember_deleting (CslSimClient *self, const CslRecord *record)
{
  g_autofree char *key = g_strdup_printf ("%s %s", self->device, record->id);
  GPtrArray *seen = g_hash_table_lookup (self->world->deleters, key);
  GString *doc = g_string_new (NULL);

  if (seen == NULL) {
    seen = g_ptr_array_new_with_free_func (g_free);
    g_hash_table_insert (self->world->deleters, g_steal_pointer (&key), seen);
  }
  csl_wire_record_write (record, doc);
  g_ptr_array_add (seen, g_string_free (doc, FALSE));
  g_hash_table_add (self->world->deleted, g_strdup (record->id));
}

void
csl_sim_act_delete (CslSimClient *self, const char *type)
{
  g_autoptr (CslRecord) record = csl_sim_act_pick (self, type);
  CslSimAct act = { .n = 1 };

  if (record == NULL)
    return;
  act.changes[0].before = record;
  remember_deleting (self, record);
  csl_sim_act_commit (self, &act);
}

void
csl_sim_client_open_case (CslSimClient *self)
{
  g_autoptr (CslRecord) client = csl_sim_act_new_record (self, "client");
  g_autoptr (CslRecord) record = csl_sim_act_new_record (self, "case");
  CslSimAct act = { .changes = { { NULL, client }, { NULL, record } }, .n = 2 };

  csl_sim_act_type (self, client, "first_name");
  csl_record_set_text (client, "last_name", "Sample");
  csl_record_set_text (record, "client", client->id);
  csl_record_set_text (record, "case_type", "housing");
  csl_sim_act_type (self, record, "title");
  csl_sim_act_commit (self, &act);
}

void
csl_sim_client_write_note (CslSimClient *self)
{
  g_autoptr (CslRecord) about = csl_sim_act_pick (self, "case");
  g_autoptr (CslRecord) note = NULL;
  CslSimAct act = { .n = 1 };

  if (about == NULL)
    return;
  note = csl_sim_act_new_about (self, about, "note", "content");
  act.changes[0].after = note;
  csl_sim_act_commit (self, &act);
}

/* Two tasks in one act: both or none, everywhere. */
static void
plan_two_tasks (CslSimClient *self)
{
  g_autoptr (CslRecord) about = csl_sim_act_pick (self, "case");
  g_autoptr (CslRecord) first = NULL;
  g_autoptr (CslRecord) second = NULL;
  CslSimAct act = { .n = 2 };

  if (about == NULL)
    return;
  first = csl_sim_act_new_about (self, about, "task", "title");
  second = csl_sim_act_new_about (self, about, "task", "title");
  act.changes[0].after = first;
  act.changes[1].after = second;
  csl_sim_act_commit (self, &act);
  /* Both or none, also when nobody knows whether it was saved. */
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

/* Nobody knows what the record shows now. */
static void
forget_edits (CslSimClient *self, const char *id)
{
  for (guint i = self->edits->len; i > 0; i--)
    if (strcmp (((CslSimEdit *) self->edits->pdata[i - 1])->id, id) == 0)
      g_ptr_array_remove_index_fast (self->edits, i - 1);
}

/* Who writes over an own word may fold both into one operation: the first one is given up. */
void
csl_sim_act_forget_word (CslSimClient *self, const char *word)
{
  guint position;

  if (word != NULL &&
      g_ptr_array_find_with_equal_func (self->tokens, word, g_str_equal, &position)) {
    g_ptr_array_remove_index (self->tokens, position);
    self->saved_tokens = self->tokens->len;
  }
}

void
csl_sim_act_change (CslSimClient *self, CslRecord *before, const char *field)
{
  g_autoptr (CslRecord) after = csl_record_copy (before);
  CslSimAct act = { .changes = { { before, after } }, .n = 1 };

  csl_sim_act_forget_word (self, csl_record_get_text (before, field));
  csl_sim_act_type (self, after, field);
  if (csl_sim_act_commit (self, &act))
    remember_edit (self, before, after,
                   csl_record_type_lookup_field (before->type, field)->index);
  else
    forget_edits (self, before->id);
}

static void
change_something (CslSimClient *self)
{
  const Target *target =
    &targets[csl_sim_world_pick (self->world, G_N_ELEMENTS (targets))];
  g_autoptr (CslRecord) before = csl_sim_act_pick (self, target->type);

  if (before != NULL &&
      csl_record_type_lookup_field (before->type, target->field) != NULL)
    csl_sim_act_change (self, before, target->field);
}

void
csl_sim_client_give_access (CslSimClient *self)
{
  g_autoptr (CslRecord) about = csl_sim_act_pick (self, "case");
  g_autoptr (CslRecord) assignment = NULL;
  CslSimAct act = { .n = 1 };

  if (about == NULL)
    return;
  assignment = csl_sim_act_new_record (self, "case_assignment");
  csl_record_set_text (assignment, "case", about->id);
  csl_record_set_text (assignment, "user",
                       self->world->users[csl_sim_world_pick (self->world, 2)]);
  act.changes[0].after = assignment;
  csl_sim_world_count (self->world, CSL_SIM_ACCESS_GIVEN);
  csl_sim_act_commit (self, &act);
}

void
csl_sim_client_take_access (CslSimClient *self)
{
  g_autoptr (CslRecord) before = csl_sim_act_pick (self, "case_assignment");
  g_autoptr (CslRecord) after = NULL;
  g_autofree char *now = csl_instant_format (csl_env_wall_ms (&self->env), NULL);
  CslSimAct act = { .n = 1 };

  if (before == NULL || csl_record_get_text (before, "to_at") != NULL)
    return;
  after = csl_record_copy (before);
  csl_record_set_text (after, "to_at", now);
  csl_sim_world_count (self->world, CSL_SIM_ACCESS_TAKEN);
  act.changes[0] = (CslReplicaChange){ before, after };
  csl_sim_act_commit (self, &act);
}

void
csl_sim_client_act (CslSimClient *self)
{
  bool manager = strcmp (self->person->role, "manager") == 0;
  guint roll = csl_sim_world_pick (self->world, 100);

  if (manager && roll < 25)
    csl_sim_client_give_access (self);
  else if (manager && roll < 42)
    csl_sim_client_take_access (self);
  else if (roll < 4)
    csl_sim_client_open_case (self);
  else if (roll < 20)
    csl_sim_client_write_note (self);
  else if (roll < 31)
    plan_two_tasks (self);
  else if (roll < 37)
    csl_sim_act_delete (self, csl_sim_world_chance (self->world, 500) ? "task" : "note");
  else if (roll < 58)
    csl_sim_client_act_more (self);
  else
    change_something (self);
}
