/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-agency.h"

/* Who works where. The first caseworker of each agency is the one the demo signs in. */
static const struct
{
  const char *agency, *role, *centre, *first, *last, *username;
} staff[] = {
  { "uk", "admin", NULL, "Priya", "Nandakumar", "priya" },
  { "uk", "manager", "FOU", "Helen", "Marsden", "helen" },
  { "uk", "manager", "LIN", "Winston", "Clarke", "winston" },
  { "uk", "chair", "FOU", "Gwen", "Pritchard", "gwen" },
  { "uk", "clerk", "FOU", "Tom", "Ashdown", "tom" },
  { "uk", "caseworker", "FOU", "Dana", "Whitfield", "dana" },
  { "uk", "caseworker", "FOU", "Maria", "Lopez", "maria" },
  { "uk", "caseworker", "HAR", "Samuel", "Osei", "samuel" },
  { "uk", "caseworker", "LIN", "Ioana", "Petrescu", "ioana" },
  { "uk", "caseworker", "LIN", "Callum", "Reid", "callum" },
  { "uk", "caseworker", "STO", "Farah", "Siddiqui", "farah" },
  { "uk", "trainee", "FOU", "Ben", "Hartley", "ben" },
  { "uk", "housing_manager", "LIN", "Marcia", "Bailey", "marcia" },
  { "uk", "auditor", NULL, "Ruth", "Feldman", "ruth" },
  { "us", "admin", NULL, "Grace", "Lindholm", "grace" },
  { "us", "manager", "DEP", "Curtis", "Bell", "curtis" },
  { "us", "chair", "DEP", "Alma", "Reyes", "alma" },
  { "us", "clerk", "DEP", "Wendy", "Kowalczyk", "wendy" },
  { "us", "caseworker", "DEP", "Jordan", "Ellis", "jordan" },
  { "us", "caseworker", "DEP", "Rosa", "Delgado", "rosa" },
  { "us", "caseworker", "CAR", "Malik", "Turner", "malik" },
  { "us", "caseworker", "HBR", "Kim", "Nguyen", "kim" },
  { "us", "viewer", NULL, "Paul", "Steiner", "paul" },
};

static void
centre_free (gpointer data)
{
  CsdDemoCentre *centre = data;

  g_free (centre->name);
  g_free (centre->code);
  g_free (centre->city);
  g_strfreev (centre->programmes);
  g_free (centre);
}

void
csd_demo_agency_free (CsdDemoAgency *self)
{
  g_free (self->name);
  g_free (self->code);
  g_ptr_array_unref (self->workers);
  g_ptr_array_unref (self->centres);
  g_hash_table_unref (self->categories);
  g_free (self);
}

static void
set_text (CslRecord *record, const char *field, JsonObject *from, const char *member)
{
  csl_record_set_text (record, field, csd_demo_get_text (from, member));
}

/* Everything of the agency itself is older than its first case. */
static gint64
founded (CsdDemoWorld *world)
{
  return world->now_ms - 1200 * CSD_DEMO_DAY_MS;
}

static void
make_centre (CsdDemoAgency *self, CsdDemoWorld *world, JsonObject *description)
{
  CslRecord *record = csd_demo_record_new (world, "centre", founded (world), self->id);
  CsdDemoCentre *centre = g_new0 (CsdDemoCentre, 1);
  JsonArray *programmes = csd_demo_get_array (description, "programmes");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *phone = NULL;

  for (guint i = 0; i < json_array_get_length (programmes); i++)
    g_strv_builder_add (builder, json_array_get_string_element (programmes, i));
  g_strlcpy (centre->id, record->id, sizeof centre->id);
  centre->name = g_strdup (csd_demo_get_text (description, "name"));
  centre->code = g_strdup (csd_demo_get_text (description, "code"));
  centre->city = g_strdup (csd_demo_get_text (description, "city"));
  centre->programmes = g_strv_builder_end (builder);
  phone = csd_demo_dup_phone (world, centre->city);
  set_text (record, "name", description, "name");
  set_text (record, "code", description, "code");
  set_text (record, "city", description, "city");
  set_text (record, "opening_hours", description, "hours");
  csl_record_set_text (record, "phone", phone);
  csl_record_set_text (record, "organisation", self->id);
  g_ptr_array_add (self->centres, centre);
  csd_demo_emit (world, record, founded (world), self->id);
}

static const CsdDemoCentre *
lookup_centre (CsdDemoAgency *self, const char *code)
{
  for (guint i = 0; code != NULL && i < self->centres->len; i++) {
    CsdDemoCentre *centre = self->centres->pdata[i];
    if (g_str_equal (centre->code, code))
      return centre;
  }
  return NULL;
}

static void
make_worker (CsdDemoAgency *self, CsdDemoWorld *world, guint row)
{
  CslRecord *user = csd_demo_record_new (world, "user", founded (world), self->id);
  CslRecord *membership =
    csd_demo_record_new (world, "membership", founded (world), self->id);
  CsdDemoWorker *worker = g_new0 (CsdDemoWorker, 1);
  g_autofree char *email =
    g_strdup_printf ("%s@%s.example", staff[row].username,
                     g_str_equal (world->locale, "us") ? "secondstart" : "castlebridge");
  g_autofree char *phone = csd_demo_dup_phone (world, NULL);

  worker->first = staff[row].first;
  worker->last = staff[row].last;
  worker->username = staff[row].username;
  worker->role = staff[row].role;
  worker->centre = lookup_centre (self, staff[row].centre);
  g_strlcpy (worker->id, user->id, sizeof worker->id);
  csl_record_set_text (user, "username", worker->username);
  csl_record_set_text (user, "email", email);
  csl_record_set_text (user, "first_name", worker->first);
  csl_record_set_text (user, "last_name", worker->last);
  csl_record_set_text (user, "phone", phone);
  csl_record_set_text (membership, "user", worker->id);
  csl_record_set_text (membership, "organisation", self->id);
  csl_record_set_text (membership, "centre",
                       worker->centre != NULL ? worker->centre->id : NULL);
  csl_record_set_text (membership, "role", worker->role);
  csl_record_set_bool (membership, "is_primary", true);
  csd_demo_set_date (world, membership, "valid_from", founded (world));
  g_ptr_array_add (self->workers, worker);
  csd_demo_emit (world, user, founded (world), self->id);
  csd_demo_emit (world, membership, founded (world), self->id);
}

static void
make_team (CsdDemoAgency *self, CsdDemoWorld *world, JsonObject *description)
{
  CslRecord *record = csd_demo_record_new (world, "team", founded (world), self->id);

  set_text (record, "name", description, "name");
  set_text (record, "kind", description, "kind");
  set_text (record, "description", description, "description");
  set_text (record, "contact_details", description, "contact");
  csl_record_set_text (record, "lead", csd_demo_agency_get_worker (self, "manager")->id);
  csd_demo_emit (world, record, founded (world), self->id);
}

static void
make_categories (CsdDemoAgency *self,
                 CsdDemoWorld *world,
                 JsonArray *list,
                 GHashTable *by_name)
{
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *description = json_array_get_object_element (list, i);
    CslRecord *record =
      csd_demo_record_new (world, "note_category", founded (world), self->id);
    const char *kind = csd_demo_get_text (description, "kind");

    set_text (record, "name", description, "name");
    set_text (record, "kind", description, "kind");
    set_text (record, "colour", description, "colour");
    csl_record_set_int (record, "sort_order", i + 1);
    if (kind != NULL && !g_hash_table_contains (self->categories, kind))
      g_hash_table_insert (self->categories, g_strdup (kind), g_strdup (record->id));
    g_hash_table_insert (by_name, g_strdup (csd_demo_get_text (description, "name")),
                         g_strdup (record->id));
    csd_demo_emit (world, record, founded (world), self->id);
  }
}

static void
make_templates (CsdDemoAgency *self,
                CsdDemoWorld *world,
                JsonArray *list,
                GHashTable *categories)
{
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *description = json_array_get_object_element (list, i);
    CslRecord *record =
      csd_demo_record_new (world, "note_template", founded (world), self->id);
    const char *category = csd_demo_get_text (description, "category");

    set_text (record, "name", description, "name");
    set_text (record, "kind", description, "kind");
    set_text (record, "body", description, "body");
    if (category != NULL)
      csl_record_set_text (record, "category",
                           g_hash_table_lookup (categories, category));
    csd_demo_emit (world, record, founded (world), self->id);
  }
}

static void
for_each_object (JsonArray *list,
                 void (*make) (CsdDemoAgency *, CsdDemoWorld *, JsonObject *),
                 CsdDemoAgency *self,
                 CsdDemoWorld *world)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    make (self, world, json_array_get_object_element (list, i));
}

CsdDemoAgency *
csd_demo_agency_make (CsdDemoWorld *world, JsonObject *description, const char *id)
{
  g_autoptr (CsdDemoAgency) self = g_new0 (CsdDemoAgency, 1);
  JsonObject *lists = json_node_get_object (world->corpus->agency);
  g_autoptr (GHashTable) by_name =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *key = csd_demo_get_text (description, "key");

  g_strlcpy (self->id, id, sizeof self->id);
  self->name = g_strdup (csd_demo_get_text (description, "name"));
  self->code = g_strdup (csd_demo_get_text (description, "code"));
  self->centres = g_ptr_array_new_with_free_func (centre_free);
  self->workers = g_ptr_array_new_with_free_func (g_free);
  self->categories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for_each_object (csd_demo_get_array (description, "centres"), make_centre, self, world);
  for (guint i = 0; i < G_N_ELEMENTS (staff); i++)
    if (g_str_equal (staff[i].agency, key))
      make_worker (self, world, i);
  for_each_object (csd_demo_get_array (description, "teams"), make_team, self, world);
  make_categories (self, world, csd_demo_get_array (lists, "note_categories"), by_name);
  make_templates (self, world, csd_demo_get_array (lists, "note_templates"), by_name);
  return world->error == NULL ? g_steal_pointer (&self) : NULL;
}

GPtrArray *
csd_demo_agency_list_workers (CsdDemoAgency *self,
                              const char *role,
                              const CsdDemoCentre *centre)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < self->workers->len; i++) {
    CsdDemoWorker *worker = self->workers->pdata[i];
    if (g_str_equal (worker->role, role) && (centre == NULL || worker->centre == centre))
      g_ptr_array_add (found, worker);
  }
  return found;
}

const CsdDemoWorker *
csd_demo_agency_get_worker (CsdDemoAgency *self, const char *role)
{
  for (guint i = 0; i < self->workers->len; i++) {
    CsdDemoWorker *worker = self->workers->pdata[i];
    if (g_str_equal (worker->role, role))
      return worker;
  }
  return self->workers->pdata[0];
}
