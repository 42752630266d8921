/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-story.c: the beginning of a history, its steps, and the quiet after it. */
#include "sim/whole/csl-sim-story.h"

#include "sim/csl-sim-older.h"
#include "sim/simvfs/csl-sim-vfs.h"
#include "sim/whole/csl-sim-check.h"
#include "sim/whole/csl-sim-steps.h"
#include "sim/whole/csl-sim-worlds.h"

#include <string.h>

#define MAX_ROUNDS   80
#define ROUND_MS     (6 * 60 * 1000) /* longer than the longest wait */
#define OLDER_NUMBER 8
#define BLANK_NUMBER 9
#define AUDITS       2 /* of a file in which something is wrong */

/* Whose devices they are. */
static const guint people[CSL_SIM_DEVICES] = { 0, 0, 1, 2, 3 };

static void
open_cases (CslSimTemplate *self)
{
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    csl_sim_client_sync (self->devices[i]);
  for (guint i = 0; i < CSL_SIM_DEVICES; i += 2) {
    csl_sim_client_open_case (self->devices[i]);
    csl_sim_client_open_case (self->devices[i]);
  }
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < CSL_SIM_DEVICES; i++)
      csl_sim_client_sync (self->devices[i]);
}

static CslSchema *
load_older (void)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  CslSchema *schema = csl_schema_new_from_folder (CSL_SIM_OLDER_TYPES, problems);

  if (schema == NULL) {
    g_autofree char *text = csl_problems_dup_text (problems);

    g_error ("The older record types: %s", text);
  }
  return schema;
}

CslSimTemplate *
csl_sim_template_new (void)
{
  CslSimTemplate *self = g_new0 (CslSimTemplate, 1);

  self->schema = csl_schema_new_builtin ();
  self->older_schema = load_older ();
  self->world = csl_sim_world_new_template (self->schema);
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    self->devices[i] = csl_sim_client_new (self->world, self->schema, people[i],
                                           i > 0 && people[i] == people[i - 1] ? 2 : 1);
  for (guint i = 0; i < CSL_SIM_PEOPLE; i++)
    self->blanks[i] = csl_sim_client_new (self->world, self->schema, i, BLANK_NUMBER);
  open_cases (self);
  csl_sim_world_add_elsewhere (self->world);
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    csl_sim_client_sync (self->devices[i]);
  self->older = csl_sim_client_new (self->world, self->older_schema,
                                    people[CSL_SIM_OLDER_DEVICE], OLDER_NUMBER);
  csl_sim_client_sync (self->older);
  csl_sim_client_stop (self->older);
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    csl_sim_client_stop (self->devices[i]);
  for (guint i = 0; i < CSL_SIM_PEOPLE; i++)
    csl_sim_client_stop (self->blanks[i]);
  csl_sim_world_close (self->world);
  return self;
}

void
csl_sim_template_free (CslSimTemplate *self)
{
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    csl_sim_client_free (self->devices[i]);
  for (guint i = 0; i < CSL_SIM_PEOPLE; i++)
    csl_sim_client_free (self->blanks[i]);
  csl_sim_client_free (self->older);
  csl_sim_world_free (self->world);
  csl_schema_unref (self->older_schema);
  csl_schema_unref (self->schema);
  g_free (self);
}

static bool
is_done (CslSimWorld *world, CslSimClient **clients)
{
  for (guint i = 0; i < CSL_SIM_DEVICES; i++) {
    CslOutboxCounts counts = csl_sim_client_count (clients[i]);

    if (counts.queued + counts.sent > 0 ||
        csl_sim_client_get_identity (clients[i]).since !=
          csl_sim_server_get_head (world, clients[i]->organisation))
      return false;
  }
  return true;
}

static void
describe (CslSimWorld *world, CslSimClient **clients)
{
  GString *text = g_string_new ("L1: not done");

  for (guint i = 0; i < CSL_SIM_DEVICES; i++) {
    CslOutboxCounts counts = csl_sim_client_count (clients[i]);

    g_string_append_printf (text,
                            "; %s: status %d, at %" G_GINT64_FORMAT
                            " of %" G_GINT64_FORMAT ", %u queued, %u sent",
                            clients[i]->name,
                            csl_sync_driver_get_snapshot (clients[i]->driver)->status,
                            csl_sim_client_get_identity (clients[i]).since,
                            csl_sim_server_get_head (world, clients[i]->organisation),
                            counts.queued, counts.sent);
  }
  csl_sim_fail (world, "quiet", "%s", text->str);
}

/* No more faults: everybody is done within bounded rounds (L1). Clocks stay wrong. */
static void
settle (CslSimWorld *world, CslSimClient **clients)
{
  guint quiet = 0;

  world->faults = (CslSimFaults){ 0 };
  csl_sim_steps_enable_all (world);
  for (guint round = 0; quiet < 2; round++) {
    for (guint i = 0; i < CSL_SIM_DEVICES; i++) {
      csl_sim_client_sync (clients[i]);
      if (csl_sim_client_sign_in (clients[i]))
        csl_sim_client_sync (clients[i]);
      if (clients[i]->planted && round < AUDITS)
        csl_sim_client_audit (clients[i]);
      csl_sim_check_running (clients[i], clients, CSL_SIM_DEVICES);
    }
    world->now_ms += ROUND_MS;
    quiet = is_done (world, clients) ? quiet + 1 : 0;
    if (round == MAX_ROUNDS)
      describe (world, clients);
  }
}

/* A new device of the person, as it is after its first sync. It is made once per person. */
static CslSimClient *
get_fresh (const CslSimTemplate *template,
           CslSimWorld *world,
           CslSimClient **fresh,
           guint person)
{
  if (fresh[person] != NULL)
    return fresh[person];
  fresh[person] = csl_sim_client_new_copy (world, template->blanks[person]);
  /* It was signed out with the others when the account was disabled. */
  fresh[person]->ask_allowed = true;
  csl_sim_client_sync (fresh[person]);
  csl_sim_client_sign_in (fresh[person]);
  csl_sim_client_sync (fresh[person]);
  csl_sim_check_model (fresh[person]);
  return fresh[person];
}

static void
check_everything (const CslSimTemplate *template,
                  const CslSimPlan *plan,
                  CslSimWorld *world,
                  CslSimClient **clients)
{
  CslSimClient *fresh[CSL_SIM_PEOPLE] = { NULL };

  csl_sim_check_server (world, clients, CSL_SIM_DEVICES);
  for (guint i = 0; i < CSL_SIM_DEVICES; i++) {
    /* What a new device gets is compared row by row, here and there. */
    bool compare = (template->thorough || clients[i]->upgraded ||
                    i == world->seed % (2 * CSL_SIM_DEVICES)) &&
                   clients[i]->schema == world->schema;

    clients[i]->planted = false;
    csl_sim_check_model (clients[i]);
    csl_sim_check_file (clients[i]);
    if (plan->older)
      csl_sim_check_known (clients[i]);
    csl_sim_check_taken (clients[i]);
    csl_sim_check_search (clients[i]);
    csl_sim_check_quiet (clients[i],
                         compare ? get_fresh (template, world, fresh, people[i]) : NULL);
  }
  for (guint i = 0; i < CSL_SIM_PEOPLE; i++)
    csl_sim_client_free (fresh[i]);
}

static void
digest_worlds_end (CslSimWorld *world)
{
  for (guint i = 0; i < CSL_SIM_ORGANISATIONS; i++) {
    g_autofree char *text = csl_sim_server_dump (world, i);

    g_checksum_update (world->digest, (const guchar *) text, -1);
  }
}

/* Nobody reads the files any more: they need not be put in order. */
static void
leave (CslSimWorld *world, CslSimClient **clients)
{
  csl_sim_disk_kill (world->disk);
  for (guint i = 0; i < CSL_SIM_DEVICES; i++) {
    csl_sim_disk_kill (clients[i]->disk);
    csl_sim_client_free (clients[i]);
  }
}

/* The time of trouble. */
static void
play (const CslSimPlan *plan,
      const CslSimScripted *scripted,
      CslSimWorld *world,
      CslSimClient **clients)
{
  if (scripted != NULL)
    scripted->play (world, clients);
  for (guint i = 0; i < plan->steps->len; i++)
    csl_sim_steps_take (world, clients, &g_array_index (plan->steps, CslSimStep, i));
}

void
csl_sim_story_play (const CslSimTemplate *template,
                    const CslSimPlan *plan,
                    bool trace,
                    CslSimTally *tally,
                    char ret_digest[65])
{
  g_autoptr (CslSimWorld) world =
    csl_sim_world_new (template->world, plan->seed, plan->page_bytes);
  CslSimClient *clients[CSL_SIM_DEVICES];
  const CslSimScripted *scripted =
    plan->world != NULL ? csl_sim_worlds_lookup (plan->world) : NULL;

  world->trace = trace;
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    clients[i] = csl_sim_client_new_copy (world, plan->older && i == CSL_SIM_OLDER_DEVICE
                                                   ? template->older
                                                   : template->devices[i]);
  if (plan->older)
    csl_sim_world_count (world, CSL_SIM_CLIENT_OLDER);
  world->faults = plan->faults;
  play (plan, scripted, world, clients);
  csl_sim_world_reseed (world, plan->seed);
  settle (world, clients);
  check_everything (template, plan, world, clients);
  if (scripted != NULL && scripted->check != NULL)
    scripted->check (world, clients);
  digest_worlds_end (world);
  g_strlcpy (ret_digest, g_checksum_get_string (world->digest), 65);
  csl_sim_tally_add (tally, &world->tally);
  leave (world, clients);
}
