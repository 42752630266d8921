/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of acts share. */
#pragma once

#include "sim/whole/csl-sim-client.h"

G_BEGIN_DECLS

/* What is saved in one go. */
typedef struct
{
  CslReplicaChange changes[2];
  guint n;
  CslReplicaAct act;
} CslSimAct;

/* FALSE: the disk failed. Any other refusal ends the history. */
bool csl_sim_act_commit (CslSimClient *self, CslSimAct *act);
CslRecord *csl_sim_act_new_record (CslSimClient *self, const char *type);
/* A record of @type about this case, with a word in @field. */
CslRecord *csl_sim_act_new_about (CslSimClient *self,
                                  const CslRecord *about,
                                  const char *type,
                                  const char *field);
/* Deletes a random record of @type, if there is one. */
void csl_sim_act_delete (CslSimClient *self, const char *type);
/* Types @field of @record: a new word. */
void csl_sim_act_type (CslSimClient *self, CslRecord *record, const char *field);
/* Writes a new word into @field of the record that looks like @before, and remembers that its author saw it. */
void csl_sim_act_change (CslSimClient *self, CslRecord *before, const char *field);
/* A word of its own, for something else than a whole field of @record (unowned). */
const char *csl_sim_act_make_word (CslSimClient *self, const CslRecord *record);
/* A random record of @type here, or NULL. */
CslRecord *csl_sim_act_pick (CslSimClient *self, const char *type);
/* @word is given up by its author. */
void csl_sim_act_forget_word (CslSimClient *self, const char *word);
/* Settling differences, mending what was refused, lists, work that will be refused. */
void csl_sim_client_act_more (CslSimClient *self);

G_END_DECLS
