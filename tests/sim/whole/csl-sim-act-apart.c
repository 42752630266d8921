/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-act-apart.c: what people do in steps of their own: an act of which the server refuses one half, several people
 * over one field, a case that goes to another centre. */
#include "sim/whole/csl-sim-act.h"

#include <string.h>

#define MOST_CASES 4
#define QUARRELLED "title"

/* A note, and a client whose e-mail address is none, in one act: the server takes both or none. */
void
csl_sim_client_write_half_refused (CslSimClient *self)
{
  g_autoptr (CslRecord) about = csl_sim_act_pick (self, "case");
  g_autoptr (CslRecord) note = NULL;
  g_autoptr (CslRecord) client = NULL;
  CslSimAct act = { .n = 2 };

  if (about == NULL)
    return;
  note = csl_sim_act_new_about (self, about, "note", "content");
  client = csl_sim_act_new_record (self, "client");
  csl_sim_act_type (self, client, "first_name");
  csl_record_set_text (client, "last_name", "Sample");
  csl_record_set_text (client, "email", "not an address");
  act.changes[0].after = note;
  act.changes[1].after = client;
  csl_sim_world_count (self->world, CSL_SIM_HALF_REFUSED);
  csl_sim_act_commit (self, &act);
}

/* The cases that the person has had for longest: those that several people see. */
static CslRecord *
pick_old_case (CslSimClient *self)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, "case");
  g_autoptr (CslQuery) query = csl_query_new (type);
  g_autoptr (GArray) rows = csl_reader_list (self->reader, query, NULL);
  g_autoptr (GPtrArray) records = NULL;
  CslRecord *old[MOST_CASES] = { NULL };
  guint n = 0;

  if (rows == NULL || rows->len == 0)
    return NULL;
  records = csl_reader_get_rows (self->reader, type,
                                 (const gint64 *) (gpointer) rows->data, rows->len, NULL);
  for (guint i = 0; records != NULL && i < records->len; i++) {
    CslRecord *record = records->pdata[i];

    for (guint k = 0; k < MOST_CASES && record != NULL; k++)
      if (old[k] == NULL || strcmp (record->id, old[k]->id) < 0) {
        CslRecord *later = old[k];

        n += later == NULL;
        old[k] = record;
        record = later;
      }
  }
  return n > 0 ? csl_record_copy (old[csl_sim_world_pick (self->world, n)]) : NULL;
}

/* Writes what was opened, perhaps long ago and in another history, over whatever is there now. */
static void
save_form (CslSimClient *self)
{
  g_autoptr (CslRecord) before = g_steal_pointer (&self->form);
  g_autoptr (CslRecord) now =
    csl_reader_get (self->reader, before->type, before->id, NULL);

  if (now == NULL)
    return;
  csl_sim_world_count (self->world, CSL_SIM_FORM_SAVED);
  csl_sim_act_forget_word (self, csl_record_get_text (now, QUARRELLED));
  csl_sim_act_change (self, before, QUARRELLED);
}

void
csl_sim_client_quarrel (CslSimClient *self)
{
  g_autoptr (CslRecord) before = NULL;

  if (self->form != NULL) {
    save_form (self);
    return;
  }
  before = pick_old_case (self);
  if (before == NULL)
    return;
  csl_sim_world_count (self->world, CSL_SIM_QUARRELLED);
  if (csl_sim_world_chance (self->world, 400))
    self->form = g_steal_pointer (&before);
  else
    csl_sim_act_change (self, before, QUARRELLED);
}

/* To the other centre, or back: whoever works only in one of them loses sight of it, or gets it. */
void
csl_sim_client_move_case (CslSimClient *self)
{
  const CslSimOrganisation *organisation =
    &self->world->organisations[self->organisation];
  g_autoptr (CslRecord) before = pick_old_case (self);
  g_autoptr (CslRecord) after = NULL;
  CslSimAct act = { .n = 1 };
  bool away;

  if (before == NULL)
    return;
  away = g_strcmp0 (csl_record_get_text (before, "centre"), organisation->centre) == 0;
  after = csl_record_copy (before);
  csl_record_set_text (after, "centre",
                       away ? organisation->elsewhere : organisation->centre);
  act.changes[0] = (CslReplicaChange){ before, after };
  csl_sim_world_count (self->world, CSL_SIM_CASE_MOVED);
  csl_sim_act_commit (self, &act);
}
