/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-worlds.c: a server that lost a day, a laptop that was away for more than a year, a line on which no new token
 * ever arrives at the first attempt. */
#include "sim/whole/csl-sim-worlds.h"

#include "server/csd-server-private.h"
#include "server/jobs/csd-jobs.h"
#include "sim/whole/csl-sim-check.h"

#include <string.h>

#define HOUR_MS    (G_GINT64_CONSTANT (60) * 60 * 1000)
#define DAY_MS     (24 * HOUR_MS)
#define MANAGER    3 /* the device */
#define MANY_NOTES 10000
#define AWAY_DAYS  400
#define LOST       10000 /* refresh replies */

static void
sync_all (CslSimClient **clients)
{
  for (guint i = 0; i < CSL_SIM_DEVICES; i++) {
    csl_sim_client_sync (clients[i]);
    csl_sim_client_sign_in (clients[i]);
    csl_sim_client_sync (clients[i]);
  }
}

/* An hour of work; every device has sent it and has what the others sent. */
static void
work_an_hour (CslSimWorld *world, CslSimClient **clients)
{
  world->now_ms += HOUR_MS;
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    for (guint k = 0; k < 3; k++)
      csl_sim_client_act (clients[i]);
  sync_all (clients);
  sync_all (clients);
}

/* -- a server from yesterday -- */

static char *seen_before
  [CSL_SIM_DEVICES]; /* (owned): buckets each person could see before the disk was lost */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
print_access (CslSimClient *client)
{
  CslSimWorld *world = client->world;
  CsdOrganisation *organisation =
    csd_server_get_organisation (world->server,
                                 world->organisations[client->organisation].id, NULL);
  CsdStorage *storage = organisation->storage;
  g_autoptr (GHashTable) masks = storage->list_user_buckets (storage, client->user, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer base, mask;

  g_hash_table_iter_init (&iter, masks);
  while (g_hash_table_iter_next (&iter, &base, &mask))
    g_ptr_array_add (names,
                     g_strdup_printf ("%s %u", (char *) base, GPOINTER_TO_UINT (mask)));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv ("; ", (char **) names->pdata);
}

/* The backup is a day old; everybody was told of everything since, and has nothing waiting. */
static void
play_old_backup (CslSimWorld *world, CslSimClient **clients)
{
  guint64 *taken = &world->tally.counts[CSL_SIM_ACCESS_TAKEN];
  guint64 before;

  for (guint hour = 0; hour < 6; hour++)
    work_an_hour (world, clients);
  csl_sim_client_give_access (clients[MANAGER]);
  sync_all (clients);
  csl_sim_server_back_up (world, false);
  before = *taken;
  for (guint hour = 0; hour < 24; hour++)
    work_an_hour (world, clients);
  for (guint i = 0; i < 200 && *taken < before + 3; i++)
    csl_sim_client_take_access (clients[MANAGER]);
  g_assert_cmpuint (*taken, >=, before + 3);
  sync_all (clients);
  sync_all (clients);
  for (guint i = 0; i < CSL_SIM_DEVICES; i++)
    seen_before[i] = print_access (clients[i]);
  csl_sim_server_restore (world);
}

/* What was given or taken in the lost day was given or taken. */
static void
check_old_backup (CslSimWorld *world, CslSimClient **clients)
{
  for (guint i = 0; i < CSL_SIM_DEVICES; i++) {
    g_autofree char *now = print_access (clients[i]);

    if (strcmp (now, seen_before[i]) != 0)
      csl_sim_fail (world, clients[i]->name,
                    "I21: may see\n  %s\nand before the loss\n  %s", now, seen_before[i]);
    g_free (seen_before[i]);
  }
}

/* -- a laptop in a drawer -- */

static void
forget_tombstones (CslSimWorld *world)
{
  g_autoptr (GError) error = NULL;

  if (!csd_jobs_forget (world->server, 0, &error))
    csl_sim_fail (world, "server", "tombstones: %s", error->message);
}

/* Somebody writes ten thousand notes in a year without a network, while the others go on. */
static void
play_long_away (CslSimWorld *world, CslSimClient **clients)
{
  CslSimClient *away = clients[0];

  sync_all (clients);
  for (guint i = 0; i < MANY_NOTES; i++) {
    csl_sim_client_write_note (away);
    world->now_ms += AWAY_DAYS * DAY_MS / MANY_NOTES;
    if (i % (MANY_NOTES / 20) != 0)
      continue;
    csl_sim_client_act (clients[2]);
    csl_sim_client_act (clients[MANAGER]);
    csl_sim_client_sync (clients[2]);
    csl_sim_client_sign_in (clients[2]);
    csl_sim_client_sync (clients[MANAGER]);
    csl_sim_client_sign_in (clients[MANAGER]);
    forget_tombstones (world);
  }
  g_assert_cmpuint (csl_sim_client_count (away).queued, >=, MANY_NOTES);
}

static void
check_long_away (CslSimWorld *world, CslSimClient **clients)
{
  CslDb *db = csl_sim_server_observe (world, clients[0]->organisation);
  gint64 notes = csl_db_query_int (db, "SELECT count (*) FROM _op WHERE state = 0", 0);
  CslOutboxCounts counts = csl_sim_client_count (clients[0]);

  if (notes < MANY_NOTES || counts.queued + counts.sent + counts.held > 0)
    csl_sim_fail (world, clients[0]->name,
                  "L1: of %d notes the server answered %" G_GINT64_FORMAT, MANY_NOTES,
                  notes);
}

/* -- a line that loses every new token once -- */

static bool
refresh (CslSimClient *client)
{
  g_auto (CslExchangeReply) reply = { 0 };
  g_auto (CslTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  return csl_credentials_refresh (client->credentials, client->transport, &tokens, &reply,
                                  NULL, &error);
}

static void
play_lost_refresh (CslSimWorld *world, CslSimClient **clients)
{
  CslSimClient *client = clients[0];
  guint64 *lost = &world->tally.counts[CSL_SIM_NET_REPLY_LOST];

  sync_all (clients);
  for (guint i = 0; *lost < LOST; i++) {
    world->now_ms += HOUR_MS / 3;
    for (guint k = csl_sim_world_pick (world, 3) + 1; k > 0; k--) {
      world->faults.lose_reply = 1000;
      g_assert_false (refresh (client));
      world->faults.lose_reply = 0;
    }
    if (!refresh (client))
      csl_sim_fail (world, client->name, "L2: signed out after %u lost replies",
                    (guint) *lost);
    if (i % 100 != 0)
      continue;
    csl_sim_client_act (client);
    csl_sim_client_sync (client);
    if (!csl_sim_client_is_signed_in (client))
      csl_sim_fail (world, client->name, "L2: asked for the password");
  }
}

const CslSimScripted *
csl_sim_worlds_lookup (const char *name)
{
  static const CslSimScripted all[] = {
    { "old-backup", play_old_backup, check_old_backup },
    { "long-away", play_long_away, check_long_away },
    { "lost-refresh", play_lost_refresh, NULL },
    { "lost-laptop", csl_sim_world_laptop_play, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    if (strcmp (all[i].name, name) == 0)
      return &all[i];
  return NULL;
}
