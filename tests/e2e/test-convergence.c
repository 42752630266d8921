/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-convergence.c: three people with real replicas and real sync drivers, the real server, and a
 * network that loses, repeats, delays and cuts. One seed is one history.
 *
 *   test-convergence                 seeds 1–400, as many as fit in 50 s (at least 100)
 *   CSL_SIM_SEED=17 test-convergence only that one
 *   CSL_SIM_SEEDS=5000 …             that many, however long it takes
 */
#include "sim/csl-sim-check.h"

#define STEPS         60
#define MOST_ACTS     4 /* between two looks at the network */
#define MAX_ROUNDS    80
#define DEFAULT_SEEDS 400
#define LEAST_SEEDS   100
#define BUDGET_US     (50 * G_USEC_PER_SEC)

typedef struct
{
  CslSchema *schema;
  CslSimWorld *template;
  CslSimTally tally;
} Fixture;

/* Old copies of files come back: of the server's disk, or of a device's. */
static void
disaster (CslSimWorld *world, CslSimClient **clients)
{
  CslSimClient *client = clients[csl_sim_world_pick (world, CSL_SIM_USERS)];
  guint roll = csl_sim_world_pick (world, 4);

  if (roll == 0)
    csl_sim_world_back_up (world);
  else if (roll == 1)
    csl_sim_client_copy (client);
  else if (roll == 2)
    csl_sim_world_restore (world);
  else
    for (guint i = 0; i < CSL_SIM_USERS; i++)
      csl_sim_client_rewind (clients[i]);
}

static void
step (CslSimWorld *world, CslSimClient **clients)
{
  CslSimClient *client = clients[csl_sim_world_pick (world, CSL_SIM_USERS)];
  guint roll = csl_sim_world_pick (world, 100);

  if (roll < 50)
    for (guint i = csl_sim_world_pick (world, MOST_ACTS); i < MOST_ACTS; i++)
      csl_sim_client_act (client);
  else if (roll < 88) {
    csl_sim_client_sync (client);
    csl_sim_check_running (client, clients, CSL_SIM_USERS);
  } else if (roll < 92)
    csl_sim_client_restart (client);
  else if (roll < 93)
    csl_sim_world_restart (world);
  else if (roll < 95)
    disaster (world, clients);
  else if (roll < 96)
    world->now_ms += 20 * 60 * 1000; /* tokens expire */
  else if (roll < 97)
    csl_sim_world_forget (world); /* whoever is not at the head has been away for long */
  else
    world->now_ms += csl_sim_world_pick (world, 60 * 1000);
}

/* Everybody has something to work on. */
static void
begin (CslSimWorld *world, CslSimClient **clients)
{
  for (guint i = 0; i < CSL_SIM_USERS; i++)
    csl_sim_client_sync (clients[i]);
  for (guint i = 0; i < 4; i++)
    csl_sim_client_open_case (clients[i % 2]);
  for (guint i = 0; i < CSL_SIM_USERS; i++)
    csl_sim_client_sync (clients[i]);
  if (csl_sim_world_chance (world, 300))
    csl_sim_world_back_up (world);
  if (csl_sim_world_chance (world, 300))
    csl_sim_client_copy (clients[csl_sim_world_pick (world, CSL_SIM_USERS)]);
}

static bool
is_done (CslSimWorld *world, CslSimClient **clients)
{
  gint64 head = csl_sim_world_get_head (world);

  for (guint i = 0; i < CSL_SIM_USERS; i++) {
    CslOutboxCounts counts = csl_sim_client_count (clients[i]);

    if (counts.queued + counts.sent > 0 ||
        csl_sim_client_get_identity (clients[i]).since != head)
      return false;
  }
  return true;
}

static void
describe (CslSimWorld *world, CslSimClient **clients)
{
  for (guint i = 0; i < CSL_SIM_USERS; i++) {
    CslOutboxCounts counts = csl_sim_client_count (clients[i]);

    g_test_message ("%s: status %d, since %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                    ", %u queued, %u sent, %u held, %u rejected",
                    clients[i]->name,
                    csl_sync_driver_get_snapshot (clients[i]->driver)->status,
                    csl_sim_client_get_identity (clients[i]).since,
                    csl_sim_world_get_head (world), counts.queued, counts.sent,
                    counts.held, counts.rejected);
  }
}

/* No more faults: everybody is done within bounded rounds (L1). */
static void
settle (CslSimWorld *world, CslSimClient **clients)
{
  guint quiet = 0;

  world->faults = (CslSimFaults){ 0 };
  for (guint round = 0; quiet < 2; round++) {
    for (guint i = 0; i < CSL_SIM_USERS; i++) {
      csl_sim_client_sync (clients[i]);
      csl_sim_check_running (clients[i], clients, CSL_SIM_USERS);
    }
    world->now_ms += 6 * 60 * 1000;
    quiet = is_done (world, clients) ? quiet + 1 : 0;
    if (round == MAX_ROUNDS)
      describe (world, clients);
    if (round == MAX_ROUNDS)
      g_error ("seed %" G_GUINT64_FORMAT ": L1: not done after %u rounds", world->seed,
               round);
  }
}

static void
run_seed (Fixture *fixture, guint64 seed)
{
  g_autoptr (CslSimWorld) world =
    csl_sim_world_new (fixture->schema, fixture->template, seed);
  CslSimClient *clients[CSL_SIM_USERS];

  for (guint i = 0; i < CSL_SIM_USERS; i++)
    clients[i] = csl_sim_client_new (world, i, 0);
  begin (world, clients);
  csl_sim_world_roll_faults (world);
  for (guint i = 0; i < STEPS; i++)
    step (world, clients);
  settle (world, clients);
  csl_sim_check_quiet (world, clients, CSL_SIM_USERS);
  csl_sim_world_count (world, &fixture->tally);
  for (guint i = 0; i < CSL_SIM_USERS; i++)
    csl_sim_client_free (clients[i]);
}

/* A device that compares its buckets, and is cut, finds the server with another history when it goes on. */
static void
test_restored_while_comparing (void)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  g_autoptr (CslSimWorld) template = csl_sim_world_new_template (schema);
  g_autoptr (CslSimWorld) world = csl_sim_world_new (schema, template, 96);
  CslSimClient *clients[CSL_SIM_USERS];

  for (guint i = 0; i < CSL_SIM_USERS; i++)
    clients[i] = csl_sim_client_new (world, i, 0);
  begin (world, clients);
  csl_sim_world_back_up (world);
  for (guint i = 0; i < 100 && !csl_sim_client_get_identity (clients[2]).reconcile; i++) {
    world->faults = (CslSimFaults){ 0 };
    csl_sim_client_open_case (clients[0]);
    csl_sim_client_sync (clients[0]);
    csl_sim_world_forget (world);
    world->faults = (CslSimFaults){ .busy = 600 };
    csl_sim_client_sync (clients[2]);
    world->now_ms += 6 * 60 * 1000;
  }
  g_assert_true (csl_sim_client_get_identity (clients[2]).reconcile);
  csl_sim_world_restore (world);
  settle (world, clients);
  csl_sim_check_quiet (world, clients, CSL_SIM_USERS);
  for (guint i = 0; i < CSL_SIM_USERS; i++)
    csl_sim_client_free (clients[i]);
}

static guint64
read_number (const char *name, guint64 fallback)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : fallback;
}

/* A run in which nothing happened proves nothing. */
static void
check_tally (const CslSimTally *tally, bool enough)
{
  g_test_message ("%" G_GINT64_FORMAT " operations, %" G_GINT64_FORMAT
                  " refused, %" G_GINT64_FORMAT " conflicts, %" G_GINT64_FORMAT
                  " escrowed, %" G_GINT64_FORMAT " accesses ended, %" G_GINT64_FORMAT
                  " faults in %" G_GINT64_FORMAT " exchanges, %" G_GINT64_FORMAT
                  " servers restored, %" G_GINT64_FORMAT
                  " devices rewound, %" G_GINT64_FORMAT " times all tombstones forgotten",
                  tally->operations, tally->refused, tally->conflicts, tally->escrowed,
                  tally->ended_access, tally->faults, tally->exchanges, tally->restored,
                  tally->rewound, tally->forgotten);
  if (!enough)
    return;
  g_assert_cmpint (tally->operations, >, 1000);
  g_assert_cmpint (tally->refused, >, 0);
  g_assert_cmpint (tally->conflicts, >, 0);
  g_assert_cmpint (tally->escrowed, >, 0);
  g_assert_cmpint (tally->ended_access, >, 0);
  g_assert_cmpint (tally->faults, >, 100);
  g_assert_cmpint (tally->forgotten, >, 10);
}

static void
test_seeds (void)
{
  Fixture fixture = { .schema = csl_schema_new_builtin () };
  guint64 only = read_number ("CSL_SIM_SEED", 0);
  guint64 wanted = read_number ("CSL_SIM_SEEDS", 0);
  guint64 last = only != 0 ? only : wanted != 0 ? wanted : DEFAULT_SEEDS;
  gint64 start_us = g_get_monotonic_time ();
  guint64 seed;

  fixture.template = csl_sim_world_new_template (fixture.schema);
  for (seed = only != 0 ? only : 1; seed <= last; seed++) {
    if (wanted == 0 && seed > LEAST_SEEDS &&
        g_get_monotonic_time () - start_us > BUDGET_US)
      break;
    run_seed (&fixture, seed);
  }
  g_test_message ("%" G_GUINT64_FORMAT " seeds in %.1f s", seed - 1,
                  (double) (g_get_monotonic_time () - start_us) / G_USEC_PER_SEC);
  check_tally (&fixture.tally, seed - 1 >= LEAST_SEEDS && only == 0);
  csl_sim_world_free (fixture.template);
  csl_schema_unref (fixture.schema);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/e2e/convergence/restored-while-comparing",
                   test_restored_while_comparing);
  g_test_add_func ("/e2e/convergence/seeds", test_seeds);
  return g_test_run ();
}
