/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-steps.c: what happens in each kind of step. */
#include "sim/whole/csl-sim-steps.h"

#include "server/jobs/csd-jobs.h"
#include "sim/whole/csl-sim-check.h"

#include <string.h>

#define MOST_ACTS 4
#define HALF      500 /* of a thousand */
#define HOUR_MS   (60 * 60 * 1000)
#define YEAR_MS   (G_GINT64_CONSTANT (365) * 24 * HOUR_MS)
#define MANAGER   3 /* the device */

/* What a step is about. */
typedef struct
{
  CslSimWorld *world;
  CslSimClient **clients;
  CslSimClient *client;
} Scene;

static guint
roll (Scene *scene, guint n)
{
  return csl_sim_world_pick (scene->world, n);
}

static void
act (Scene *scene)
{
  for (guint i = roll (scene, MOST_ACTS); i < MOST_ACTS; i++)
    if (!csl_sim_disk_is_dead (scene->client->disk))
      csl_sim_client_act (scene->client);
}

static void
sync_and_check (Scene *scene)
{
  csl_sim_client_sync (scene->client);
  if (!csl_sim_client_recover (scene->client))
    csl_sim_check_running (scene->client, scene->clients, CSL_SIM_DEVICES);
}

/* Something the program does while it is in trouble. */
static void
do_something (Scene *scene)
{
  if (roll (scene, 2) == 0)
    act (scene);
  else
    csl_sim_client_sync (scene->client);
}

static void
give_or_take_access (Scene *scene)
{
  CslSimClient *manager = scene->clients[MANAGER];

  if (roll (scene, 2) == 0)
    csl_sim_client_give_access (manager);
  else
    csl_sim_client_take_access (manager);
}

static void
crash (Scene *scene)
{
  csl_sim_disk_kill_at (scene->client->disk, 1 + roll (scene, 40));
  do_something (scene);
  if (!csl_sim_disk_is_dead (scene->client->disk))
    csl_sim_disk_kill (scene->client->disk);
  csl_sim_client_recover (scene->client);
  csl_sim_check_file_whole (scene->client);
}

static void
roll_trouble (Scene *scene, CslSimDiskFaults *faults)
{
  switch (roll (scene, 4)) {
  case 0:
    faults->full = true;
    break;
  case 1:
    faults->write_error = 300;
    break;
  case 2:
    faults->sync_error = 1500;
    break;
  default:
    faults->read_error = 50;
    break;
  }
}

static void
trouble (Scene *scene)
{
  roll_trouble (scene, csl_sim_disk_get_faults (scene->client->disk));
  do_something (scene);
  csl_sim_client_recover (scene->client);
}

static void
server_crash (Scene *scene)
{
  csl_sim_disk_kill_at (scene->world->disk, 1 + roll (scene, 60));
  sync_and_check (scene);
  csl_sim_disk_kill_at (scene->world->disk, 0);
  if (roll (scene, 3) == 0)
    csl_sim_server_crash (scene->world, roll (scene, 2) == 0);
}

static void
server_trouble (Scene *scene)
{
  CslSimDiskFaults *faults = csl_sim_disk_get_faults (scene->world->disk);

  roll_trouble (scene, faults);
  csl_sim_client_sync (scene->client);
  *faults = (CslSimDiskFaults){ 0 };
  csl_sim_client_recover (scene->client);
}

static void
server_restart (Scene *scene)
{
  csl_sim_server_close (scene->world);
  csl_sim_server_open (scene->world);
}

/* The person goes on working with the older file: numbers are used twice. */
static void
rewind_and_go_on (Scene *scene)
{
  if (scene->client->copy == NULL)
    return;
  csl_sim_client_sync (scene->client);
  if (csl_sim_client_recover (scene->client))
    return;
  csl_sim_client_rewind (scene->client);
  act (scene);
  csl_sim_client_recover (scene->client);
}

/* Whoever is not at the head has been away for too long. */
static void
forget_tombstones (Scene *scene)
{
  g_autoptr (GError) error = NULL;

  csl_sim_world_count (scene->world, CSL_SIM_TOMBSTONES_FORGOTTEN);
  if (!csd_jobs_forget (scene->world->server, 0, &error))
    csl_sim_fail (scene->world, "server", "tombstones: %s", error->message);
}

static void
turn_clock (Scene *scene)
{
  CslSimClient *client = scene->client;

  switch (roll (scene, 5)) {
  case 0:
    client->skew_ms += 10 * YEAR_MS;
    csl_sim_world_count (scene->world, CSL_SIM_CLOCK_JUMPED);
    break;
  case 1:
    client->skew_ms -= 10 * YEAR_MS;
    csl_sim_world_count (scene->world, CSL_SIM_CLOCK_JUMPED);
    break;
  case 2:
    client->skew_ms -= HOUR_MS;
    csl_sim_world_count (scene->world, CSL_SIM_CLOCK_BACKWARDS);
    break;
  case 3:
    client->frozen_ms = scene->world->now_ms + client->skew_ms;
    csl_sim_world_count (scene->world, CSL_SIM_CLOCK_FROZEN);
    break;
  default:
    client->skew_ms = client->frozen_ms = 0;
    break;
  }
}

static void
turn_server_clock (Scene *scene)
{
  scene->world->server_skew_ms = ((gint64) roll (scene, 5) - 2) * HOUR_MS;
  csl_sim_world_count (scene->world, CSL_SIM_CLOCK_JUMPED);
}

static void
set_disabled (CslSimWorld *world, guint person, bool disabled)
{
  const CslSimPerson *who = &csl_sim_people[person];
  g_autoptr (GError) error = NULL;

  if (!csd_server_set_disabled (world->server, csl_sim_codes[who->organisation],
                                who->username, disabled, &error))
    csl_sim_fail (world, "server", "an account cannot be disabled: %s", error->message);
  world->disabled[person] = disabled;
}

static void
disable (Scene *scene)
{
  guint person = (guint) (scene->client->person - csl_sim_people);

  set_disabled (scene->world, person, !scene->world->disabled[person]);
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    if (scene->clients[i]->person == scene->client->person)
      scene->clients[i]->ask_allowed = true;
  csl_sim_world_count (scene->world, CSL_SIM_ACCOUNT_DISABLED);
}

void
csl_sim_steps_enable_all (CslSimWorld *world)
{
  for (guint i = 0; i < CSL_SIM_PEOPLE; i++)
    if (world->disabled[i])
      set_disabled (world, i, false);
}

/* One bit of the file is wrong: the program refuses, or never reads it; it does not show something else. */
static void
flip (Scene *scene)
{
  CslSimClient *client = scene->client;
  gint64 size;
  gint64 offset;
  guint bit = roll (scene, 8);

  csl_sim_client_stop (client);
  size = csl_sim_disk_get_size (client->disk, "replica.db");
  offset = (gint64) roll (scene, (guint) size);
  if (csl_sim_disk_flip (client->disk, "replica.db", offset, bit)) {
    if (csl_sim_client_is_refused (client))
      csl_sim_world_count (scene->world, CSL_SIM_CLIENT_FLIP_REFUSED);
    csl_sim_disk_flip (client->disk, "replica.db", offset, bit);
  }
  csl_sim_client_reopen (client);
  csl_sim_client_recover (client);
}

/* The server is put back between two exchanges of one sync. */
static void
restore_amid (Scene *scene)
{
  CslSimWorld *world = scene->world;

  if (world->backup == NULL) {
    csl_sim_server_back_up (world, false);
    return;
  }
  world->restore_in = 1 + roll (scene, 5);
  sync_and_check (scene);
  if (world->restore_in == 0)
    csl_sim_world_count (world, CSL_SIM_SERVER_RESTORED_AMID);
  world->restore_in = 0;
}

static void
audit_and_check (Scene *scene)
{
  csl_sim_client_audit (scene->client);
  if (!csl_sim_client_recover (scene->client))
    csl_sim_check_running (scene->client, scene->clients, CSL_SIM_DEVICES);
}

/* Refused in one half; the program may stop between being told and the correction. */
static void
half (Scene *scene)
{
  switch (roll (scene, 4)) {
  case 0:
    csl_sim_client_mend_refused (scene->client);
    break;
  case 1:
    sync_and_check (scene);
    csl_sim_client_restart (scene->client);
    csl_sim_client_mend_refused (scene->client);
    break;
  default:
    csl_sim_client_write_half_refused (scene->client);
    break;
  }
}

/* After whatever happens now the network is back, and nobody touches the program: it comes to the newest by itself. */
static void
leave_alone (Scene *scene)
{
  CslSimWorld *world = scene->world;
  CslSimClient *client = scene->client;
  CslSimFaults faults = world->faults;
  gint64 since, head;
  bool ended;

  world->faults.drop = MAX (world->faults.drop, HALF);
  csl_sim_client_sync (client);
  world->faults = (CslSimFaults){ 0 };
  ended = csl_sim_client_run_alone (client);
  world->faults = faults;
  csl_sim_world_count (world, CSL_SIM_LEFT_ALONE);
  if (csl_sim_client_recover (client) || !csl_sim_client_is_signed_in (client))
    return;
  since = csl_sim_client_get_identity (client).since;
  head = csl_sim_server_get_head (world, client->organisation);
  if (!ended || since != head)
    csl_sim_fail (world, client->name,
                  "L1: left alone at commit %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                  since, head);
  csl_sim_check_running (client, scene->clients, CSL_SIM_DEVICES);
}

void
csl_sim_steps_take (CslSimWorld *world, CslSimClient **clients, const CslSimStep *step)
{
  Scene scene = { world, clients, clients[step->device] };
  CslSimClient *client = scene.client;

  csl_sim_world_say (world, "%s %u %" G_GINT64_MODIFIER "x",
                     csl_sim_verb_get_name (step->verb), step->device, step->number);
  csl_sim_world_reseed (world, step->number);
  csl_sim_disk_reseed (client->disk, step->number);
  switch (step->verb) {
  case CSL_SIM_STEP_ACT:
    act (&scene);
    break;
  case CSL_SIM_STEP_SYNC:
    sync_and_check (&scene);
    break;
  case CSL_SIM_STEP_ACCESS:
    give_or_take_access (&scene);
    break;
  case CSL_SIM_STEP_RESTART:
    csl_sim_client_restart (client);
    break;
  case CSL_SIM_STEP_CRASH:
    crash (&scene);
    break;
  case CSL_SIM_STEP_TROUBLE:
    trouble (&scene);
    break;
  case CSL_SIM_STEP_SERVER_RESTART:
    server_restart (&scene);
    break;
  case CSL_SIM_STEP_SERVER_CRASH:
    server_crash (&scene);
    break;
  case CSL_SIM_STEP_SERVER_TROUBLE:
    server_trouble (&scene);
    break;
  case CSL_SIM_STEP_BACK_UP:
    csl_sim_server_back_up (world, roll (&scene, 2) == 0);
    break;
  case CSL_SIM_STEP_RESTORE:
    csl_sim_server_restore (world);
    break;
  case CSL_SIM_STEP_COPY:
    csl_sim_client_copy (client);
    break;
  case CSL_SIM_STEP_REWIND:
    rewind_and_go_on (&scene);
    break;
  case CSL_SIM_STEP_TOMBSTONES:
    forget_tombstones (&scene);
    break;
  case CSL_SIM_STEP_PAUSE:
    world->now_ms += roll (&scene, 60 * 1000);
    break;
  case CSL_SIM_STEP_EXPIRE:
    world->now_ms += HOUR_MS / 3;
    csl_sim_world_count (world, CSL_SIM_TOKENS_EXPIRED);
    break;
  case CSL_SIM_STEP_CLOCK:
    turn_clock (&scene);
    break;
  case CSL_SIM_STEP_SERVER_CLOCK:
    turn_server_clock (&scene);
    break;
  case CSL_SIM_STEP_DISABLE:
    disable (&scene);
    break;
  case CSL_SIM_STEP_FORGET:
    csl_sim_client_forget_refresh (client);
    break;
  case CSL_SIM_STEP_FLIP:
    flip (&scene);
    break;
  case CSL_SIM_STEP_PLANT:
    csl_sim_client_plant (client);
    break;
  case CSL_SIM_STEP_HALF:
    half (&scene);
    break;
  case CSL_SIM_STEP_ALONE:
    leave_alone (&scene);
    break;
  case CSL_SIM_STEP_AMID:
    restore_amid (&scene);
    break;
  case CSL_SIM_STEP_QUARREL:
    csl_sim_client_quarrel (client);
    break;
  case CSL_SIM_STEP_MOVE:
    csl_sim_client_move_case (client);
    break;
  case CSL_SIM_STEP_ERASE:
    csl_sim_server_erase (world, client->organisation);
    break;
  case CSL_SIM_STEP_AUDIT:
    audit_and_check (&scene);
    break;
  case CSL_SIM_STEP_UPGRADE:
    csl_sim_client_upgrade (client);
    break;
  case CSL_SIM_N_VERBS:
    break;
  }
}
