/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-act-more.c: settling differences, mending what was refused, lists that several people edit, and work that the
 * server will refuse. */
#include "core/base/csl-id.h"
#include "sim/whole/csl-sim-act.h"

#include <string.h>

/* Their value, or mine again. */
static void
decide_difference (CslSimClient *self)
{
  g_autoptr (CslRecord) before = csl_sim_act_pick (self, "sync_conflict");
  g_autoptr (CslRecord) after = NULL;
  CslSimAct act = { .n = 1 };

  if (before == NULL || g_strcmp0 (csl_record_get_text (before, "state"), "open") != 0)
    return;
  after = csl_record_copy (before);
  csl_record_set_text (after, "state", "resolved_theirs");
  act.act.resolves = before->id;
  act.changes[0] = (CslReplicaChange){ before, after };
  csl_sim_act_commit (self, &act);
}

/* A client whose e-mail address is none, and a case that depends on it. */
static void
open_bad_case (CslSimClient *self)
{
  g_autoptr (CslRecord) client = csl_sim_act_new_record (self, "client");
  g_autoptr (CslRecord) record = csl_sim_act_new_record (self, "case");
  CslSimAct first = { .changes = { { NULL, client } }, .n = 1 };
  CslSimAct second = { .changes = { { NULL, record } }, .n = 1 };

  csl_sim_act_type (self, client, "first_name");
  csl_record_set_text (client, "last_name", "Sample");
  csl_record_set_text (client, "email", "not an address");
  if (!csl_sim_act_commit (self, &first))
    return;
  csl_record_set_text (record, "client", client->id);
  csl_record_set_text (record, "case_type", "housing");
  csl_sim_act_type (self, record, "title");
  csl_sim_act_commit (self, &second);
}

/* @type: (nullable) of which the record is. */
static CslOutboxEntry *
pick_entry (CslSimClient *self, CslOutboxState state, const char *type)
{
  g_autoptr (GPtrArray) entries = csl_sim_client_list_outbox (self);

  for (guint i = 0; i < entries->len; i++) {
    const CslOutboxEntry *entry = entries->pdata[i];

    if (entry->state == state &&
        (type == NULL || (entry->type != NULL && strcmp (entry->type->name, type) == 0)))
      return g_ptr_array_steal_index (entries, i);
  }
  return NULL;
}

/* The refused client gets a real address: what is changed on a refused record corrects it. */
void
csl_sim_client_mend_refused (CslSimClient *self)
{
  g_autoptr (CslOutboxEntry) entry = pick_entry (self, CSL_OUTBOX_REJECTED, "client");
  g_autoptr (CslRecord) before = NULL;
  g_autoptr (CslRecord) after = NULL;
  CslSimAct act = { .n = 1 };

  if (entry == NULL)
    return;
  before = csl_reader_get (self->reader, entry->type, entry->id, NULL);
  if (before == NULL)
    return;
  after = csl_record_copy (before);
  csl_record_set_text (after, "email", "amina@example.org");
  act.changes[0] = (CslReplicaChange){ before, after };
  csl_sim_act_commit (self, &act);
}

typedef bool (*EntryFunc) (CslReplica *replica, gint64 n, GError **error);

typedef struct
{
  EntryFunc func;
  gint64 n;
} EntryWork;

static bool
entry_work (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  EntryWork *work = data;

  return work->func (replica, work->n, error);
}

/* Sends once more what was refused. */
static void
retry_refused (CslSimClient *self)
{
  g_autoptr (CslOutboxEntry) entry = pick_entry (self, CSL_OUTBOX_REJECTED, NULL);
  EntryWork work = { csl_replica_retry, entry != NULL ? entry->n : 0 };

  if (entry != NULL)
    csl_vault_run (self->vault, 0, entry_work, &work, NULL);
}

/* Elements of an agenda, all with a word of their own. */
static char *
print_agenda (CslSimClient *self, const CslRecord *visit, const char *old)
{
  CslId id = csl_id_new (&self->env);
  const char *word = csl_sim_act_make_word (self, visit);

  if (old == NULL || strlen (old) < 3)
    return g_strdup_printf ("[{\"id\":\"%s\",\"text\":\"%s\"}]", id.text, word);
  return g_strdup_printf ("[{\"id\":\"%s\",\"text\":\"%s\"},%s", id.text, word, old + 1);
}

static void
set_agenda (CslSimClient *self, CslRecord *visit)
{
  guint field = csl_record_type_lookup_field (visit->type, "agenda")->index;
  const char *old = csl_value_get_text (&visit->values[field]);

  csl_value_take_json (&visit->values[field], print_agenda (self, visit, old));
}

static void
plan_visit (CslSimClient *self)
{
  g_autoptr (CslRecord) about = csl_sim_act_pick (self, "case");
  g_autoptr (CslRecord) visit = NULL;
  CslSimAct act = { .n = 1 };

  if (about == NULL || csl_schema_lookup_type (self->schema, "visit") == NULL)
    return;
  visit = csl_sim_act_new_about (self, about, "visit", "purpose");
  set_agenda (self, visit);
  act.changes[0].after = visit;
  csl_sim_act_commit (self, &act);
}

/* Two people add to the same list: both elements stay. */
static void
change_agenda (CslSimClient *self)
{
  g_autoptr (CslRecord) before = csl_sim_act_pick (self, "visit");
  g_autoptr (CslRecord) after = NULL;
  CslSimAct act = { .n = 1 };

  if (before == NULL)
    return;
  after = csl_record_copy (before);
  set_agenda (self, after);
  act.changes[0] = (CslReplicaChange){ before, after };
  csl_sim_act_commit (self, &act);
}

void
csl_sim_client_act_more (CslSimClient *self)
{
  guint roll = csl_sim_world_pick (self->world, 100);

  if (roll < 22)
    decide_difference (self);
  else if (roll < 30)
    open_bad_case (self);
  else if (roll < 42)
    csl_sim_client_mend_refused (self);
  else if (roll < 47)
    retry_refused (self);
  else if (roll < 65)
    plan_visit (self);
  else if (roll < 95)
    change_agenda (self);
  else
    csl_sim_act_delete (self, "visit");
}
