/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo.h"

#include "server/demo/csd-demo-case.h"

/* Cases that ran to their end, of a hundred; the others are going on today. */
#define CLOSED_PERCENT 60
/* Clients who come back with a second or third matter, of a hundred cases. */
#define RETURN_PERCENT 45

/* What is being made of one agency. */
typedef struct
{
  CsdDemoWorld *world;   /* (unowned) */
  CsdDemoAgency *agency; /* (unowned) */
  GPtrArray *stories;    /* (owned) of JsonObject: of this agency's locale */
  GPtrArray *clients;    /* (owned) of CsdDemoClient */
  GHashTable *planned;   /* (owned) worker id → how many appointments near today */
  CsdDemoCount count;
} Making;

static void
client_free (gpointer data)
{
  CsdDemoClient *client = data;

  csd_demo_person_clear (&client->person);
  g_free (client);
}

static JsonObject *
find_agency (const CsdDemoCorpus *corpus, const char *key)
{
  JsonArray *list =
    csd_demo_get_array (json_node_get_object (corpus->agency), "organisations");

  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *agency = json_array_get_object_element (list, i);
    if (g_str_equal (csd_demo_get_text (agency, "key"), key))
      return agency;
  }
  return NULL;
}

const char **
csd_demo_list_agencies (const CsdDemoCorpus *corpus)
{
  JsonArray *list =
    csd_demo_get_array (json_node_get_object (corpus->agency), "organisations");
  guint size = json_array_get_length (list);
  const char **keys = g_new0 (const char *, size + 1);

  for (guint i = 0; i < size; i++)
    keys[i] = csd_demo_get_text (json_array_get_object_element (list, i), "key");
  return keys;
}

static GPtrArray *
list_stories (CsdDemoWorld *world)
{
  GPtrArray *stories = g_ptr_array_new ();

  for (guint i = 0; i < world->corpus->stories->len; i++) {
    JsonObject *story = world->corpus->stories->pdata[i];
    if (g_strcmp0 (csd_demo_get_text (story, "locale"), world->locale) == 0)
      g_ptr_array_add (stories, story);
  }
  return stories;
}

static bool
offers (const CsdDemoCentre *centre, JsonObject *story)
{
  return g_strv_contains ((const char *const *) centre->programmes,
                          csd_demo_get_text (story, "programme"));
}

/* A caseworker of a centre that offers the storyline's programme. */
static const CsdDemoWorker *
pick_worker (Making *making, JsonObject *story)
{
  g_autoptr (GPtrArray) workers =
    csd_demo_agency_list_workers (making->agency, "caseworker", NULL);
  g_autoptr (GPtrArray) able = g_ptr_array_new ();

  for (guint i = 0; i < workers->len; i++) {
    const CsdDemoWorker *worker = workers->pdata[i];
    if (offers (worker->centre, story))
      g_ptr_array_add (able, (gpointer) worker);
  }
  return able->len > 0 ? able->pdata[csd_demo_pick (making->world, able->len)]
                       : workers->pdata[csd_demo_pick (making->world, workers->len)];
}

/* Somebody of the same centre who may have this matter too, or NULL. */
static CsdDemoClient *
pick_returning (Making *making, const CsdDemoWorker *worker, JsonObject *story)
{
  for (guint tries = 0; tries < 24 && making->clients->len > 0; tries++) {
    CsdDemoClient *client =
      making->clients->pdata[csd_demo_pick (making->world, making->clients->len)];
    if (client->centre == worker->centre && client->n_cases < 3 &&
        csd_demo_client_fits (client, story))
      return client;
  }
  return NULL;
}

/* An appointment today for the worker's first few cases, then on the days around it. */
static void
plan_near_today (Making *making, CsdDemoCase *story_case)
{
  static const struct
  {
    int day, hour, minute;
    const char *type, *mode;
  } plan[] = {
    { 0, 10, 30, "home_visit", "home_visit" },
    { 0, 13, 0, "advice", "phone" },
    { 0, 15, 30, "review", "in_person" },
    { 1, 9, 30, "home_visit", "home_visit" },
    { 1, 14, 0, "advice", "in_person" },
    { 2, 11, 0, "budget", "in_person" },
    { 3, 10, 0, "home_visit", "home_visit" },
    { 5, 15, 0, "review", "in_person" },
    { 7, 10, 30, "support_session", "in_person" },
    { 8, 13, 30, "home_visit", "home_visit" },
  };
  guint n =
    GPOINTER_TO_UINT (g_hash_table_lookup (making->planned, story_case->worker->id));
  gint64 start_ms;

  if (n >= G_N_ELEMENTS (plan))
    return;
  start_ms = csd_demo_moment (making->world, plan[n].day, plan[n].hour, plan[n].minute);
  csd_demo_case_add_appointment (story_case, start_ms, plan[n].type, plan[n].mode);
  g_hash_table_insert (making->planned, (gpointer) story_case->worker->id,
                       GUINT_TO_POINTER (n + 1));
}

static gint64
pick_opening (Making *making, JsonObject *story, bool closed)
{
  int length = csd_demo_story_get_length (story);
  int days = closed ? length + 10 + (int) csd_demo_pick (making->world, 420)
                    : (int) csd_demo_pick (making->world, (guint) (length + 12));

  return csd_demo_moment (making->world, -days,
                          9 + (int) csd_demo_pick (making->world, 7), 15);
}

static void
make_case (Making *making, guint n_clients)
{
  CsdDemoWorld *world = making->world;
  JsonObject *story = making->stories->pdata[csd_demo_pick (world, making->stories->len)];
  const CsdDemoWorker *worker = pick_worker (making, story);
  bool closed = csd_demo_chance (world, CLOSED_PERCENT);
  CsdDemoCase made = { .world = world,
                       .agency = making->agency,
                       .story = story,
                       .closed = closed };
  bool again = making->clients->len >= n_clients ||
               csd_demo_chance (world, RETURN_PERCENT);
  CsdDemoClient *client = again ? pick_returning (making, worker, story) : NULL;

  made.opened_ms =
    MIN (pick_opening (making, story, closed), world->now_ms - 2 * CSD_DEMO_HOUR_MS);
  if (client == NULL) {
    client = g_new0 (CsdDemoClient, 1);
    csd_demo_client_make (client, world, worker, story,
                          made.opened_ms - CSD_DEMO_HOUR_MS);
    g_ptr_array_add (making->clients, client);
  }
  made.client = client;
  made.worker = worker;
  csd_demo_case_make (&made);
  if (!closed && world->now_ms - made.opened_ms > 4 * CSD_DEMO_DAY_MS)
    plan_near_today (making, &made);
  making->count.cases++;
  making->count.notes += made.n_notes;
}

CslRecord *
csd_demo_make_organisation (CsdDemoWorld *world, const char *key)
{
  static const char *const fields[] = { "name", "code", "kind", "registration_no",
                                        "website" };
  JsonObject *description = find_agency (world->corpus, key);
  g_autofree char *code = NULL;
  CslRecord *record;

  g_return_val_if_fail (description != NULL, NULL);

  csd_demo_world_set_locale (world, csd_demo_get_text (description, "locale"));
  record = csd_demo_record_new (world, "organisation",
                                world->now_ms - 1200 * CSD_DEMO_DAY_MS, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    csl_record_set_text (record, fields[i], csd_demo_get_text (description, fields[i]));
  csl_record_set_text (record, "display_name", csd_demo_get_text (description, "name"));
  csl_record_set_text (record, "locale",
                       g_str_equal (world->locale, "us") ? "en-US" : "en-GB");
  csl_record_set_text (record, "currency", world->currency);
  code = g_ascii_strdown (csl_record_get_text (record, "code"), -1);
  csl_record_set_text (record, "code", code);
  return record;
}

CsdDemoAgency *
csd_demo_make (CsdDemoWorld *world,
               const char *key,
               const char *organisation,
               const CsdDemoSize *size,
               CsdDemoCount *ret_count)
{
  JsonObject *description = find_agency (world->corpus, key);
  g_autoptr (GPtrArray) stories = NULL;
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (client_free);
  g_autoptr (GHashTable) planned = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (CsdDemoAgency) agency = NULL;
  Making making = { .world = world, .clients = clients, .planned = planned };

  g_return_val_if_fail (description != NULL, NULL);

  csd_demo_world_set_locale (world, csd_demo_get_text (description, "locale"));
  stories = list_stories (world);
  agency = csd_demo_agency_make (world, description, organisation);
  if (agency == NULL)
    return NULL;
  making.agency = agency;
  making.stories = stories;
  while (world->error == NULL &&
         (clients->len < size->clients || making.count.cases < size->cases ||
          making.count.notes < size->notes))
    make_case (&making, size->clients);
  making.count.clients = clients->len;
  *ret_count = making.count;
  return world->error == NULL ? g_steal_pointer (&agency) : NULL;
}
