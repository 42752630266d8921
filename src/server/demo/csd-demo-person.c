/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-person.h"

/* Not in postcodes, as they read like digits. */
static const char postcode_letters[] = "ABDEFGHJLNPQRSTUWXYZ";

char *
csd_demo_dup_pattern (CsdDemoWorld *world, const char *pattern)
{
  char *text = g_strdup (pattern);

  for (char *c = text; *c != '\0'; c++)
    if (*c == '#')
      *c = (char) ('0' + csd_demo_pick (world, 10));
    else if (*c == '@')
      *c = postcode_letters[csd_demo_pick (world, sizeof postcode_letters - 1)];
  return text;
}

static JsonObject *
get_place (CsdDemoWorld *world)
{
  return csd_demo_get_object (json_node_get_object (world->corpus->places),
                              world->locale);
}

/* An object of @list drawn by @weight (a member, or a member of the locale inside "weight"). */
static JsonObject *
pick_weighted (CsdDemoWorld *world, JsonArray *list, bool by_locale)
{
  gint64 total = 0, left;

  for (guint round = 0; round < 2; round++) {
    left = round == 1 ? (gint64) csd_demo_pick (world, (guint) total) : 0;
    for (guint i = 0; i < json_array_get_length (list); i++) {
      JsonObject *object = json_array_get_object_element (list, i);
      gint64 weight =
        by_locale
          ? csd_demo_get_int (csd_demo_get_object (object, "weight"), world->locale, 0)
          : csd_demo_get_int (object, "weight", 1);

      if (round == 0)
        total += weight;
      else if ((left -= weight) < 0)
        return object;
    }
  }
  return json_array_get_object_element (list, 0);
}

char *
csd_demo_dup_phone (CsdDemoWorld *world, const char *city)
{
  JsonObject *place = get_place (world);
  JsonArray *towns = csd_demo_get_array (place, "towns");

  for (guint i = 0; city != NULL && i < json_array_get_length (towns); i++) {
    JsonObject *town = json_array_get_object_element (towns, i);
    if (g_strcmp0 (csd_demo_get_text (town, "city"), city) == 0)
      return csd_demo_dup_pattern (world, csd_demo_get_text (town, "landline"));
  }
  return csd_demo_dup_pattern (world,
                               csd_demo_pick_text (world,
                                                   csd_demo_get_array (place, "mobile")));
}

/* One of the groups named in @wanted; by the weights of the locale when that is empty. */
static JsonObject *
pick_group (CsdDemoWorld *world, JsonArray *wanted)
{
  JsonArray *groups =
    csd_demo_get_array (json_node_get_object (world->corpus->names), "groups");
  const char *name;

  if (json_array_get_length (wanted) == 0)
    return pick_weighted (world, groups, true);
  name = csd_demo_pick_text (world, wanted);
  for (guint i = 0; i < json_array_get_length (groups); i++) {
    JsonObject *group = json_array_get_object_element (groups, i);
    if (g_strcmp0 (csd_demo_get_text (group, "group"), name) == 0)
      return group;
  }
  return pick_weighted (world, groups, true);
}

/* The first language of a group is the one its storylines mean. */
static char *
dup_language (CsdDemoWorld *world, JsonObject *group, bool wanted)
{
  JsonArray *languages = csd_demo_get_array (group, "languages");

  return g_strdup (wanted && json_array_get_length (languages) > 0
                     ? json_array_get_string_element (languages, 0)
                     : csd_demo_pick_text (world, languages));
}

static void
make_name (CsdDemoPerson *person, CsdDemoWorld *world, char gender, JsonArray *wanted)
{
  JsonObject *names = json_node_get_object (world->corpus->names);
  JsonObject *group = pick_group (world, wanted);
  char member[2] = { gender, '\0' };
  const char *shorter, *nickname;
  JsonArray *firsts;

  person->gender = gender;
  firsts = csd_demo_get_array (group, member);
  if (json_array_get_length (firsts) == 0)
    firsts = csd_demo_get_array (group, csd_demo_chance (world, 50) ? "f" : "m");
  person->first = g_strdup (csd_demo_pick_text (world, firsts));
  person->last =
    g_strdup (csd_demo_pick_text (world, csd_demo_get_array (group, "last")));
  person->language = dup_language (world, group, json_array_get_length (wanted) > 0);
  person->gender_label = g_strdup (
    csd_demo_pick_text (world, csd_demo_get_array (csd_demo_get_object (names, "genders"),
                                                   member)));
  shorter = csd_demo_get_text (csd_demo_get_object (names, "short"), person->first);
  nickname =
    csd_demo_pick_text (world,
                        csd_demo_get_array (csd_demo_get_object (names, "nicknames"),
                                            member));
  if (shorter != NULL && csd_demo_chance (world, 60))
    person->preferred = g_strdup (shorter);
  else if (csd_demo_chance (world, 3))
    person->preferred = g_strdup (nickname);
  person->called =
    g_strdup (person->preferred != NULL ? person->preferred : person->first);
}

static void
make_home (CsdDemoPerson *person, CsdDemoWorld *world)
{
  JsonObject *place = get_place (world);
  JsonObject *town = pick_weighted (world, csd_demo_get_array (place, "towns"), false);
  const char *street = csd_demo_pick_text (world, csd_demo_get_array (place, "streets"));
  const char *line2 = csd_demo_pick_text (world, csd_demo_get_array (place, "line2"));
  guint number = g_str_equal (world->locale, "us") ? 100 + csd_demo_pick (world, 2400)
                                                   : 1 + csd_demo_pick (world, 180);

  person->street = g_strdup_printf ("%u %s", number, street);
  person->line2 = line2[0] != '\0' ? g_strdup (line2) : NULL;
  person->city = g_strdup (csd_demo_get_text (town, "city"));
  person->postcode =
    csd_demo_dup_pattern (world,
                          csd_demo_pick_text (world,
                                              csd_demo_get_array (town, "postcodes")));
  person->mobile =
    csd_demo_dup_phone (world, csd_demo_chance (world, 15) ? person->city : NULL);
}

static char
pick_gender (CsdDemoWorld *world)
{
  static const char genders[] = "ffffmmmmn";

  return genders[csd_demo_pick (world, sizeof genders - 1)];
}

static void
make_age (CsdDemoPerson *person, CsdDemoWorld *world, int age_from, int age_to)
{
  gint64 days;

  person->age = age_from +
                (int) csd_demo_pick (world, (guint) MAX (1, age_to - age_from + 1));
  days = person->age * G_GINT64_CONSTANT (36525) / 100 + 1 + csd_demo_pick (world, 360);
  person->birth_date = csd_demo_dup_date (world, world->now_ms - days * CSD_DEMO_DAY_MS);
}

void
csd_demo_person_make (CsdDemoPerson *person,
                      CsdDemoWorld *world,
                      char gender,
                      int age_from,
                      int age_to)
{
  *person = (CsdDemoPerson){ 0 };
  make_name (person, world, gender != 0 ? gender : pick_gender (world),
             csd_demo_get_array (NULL, NULL));
  make_home (person, world);
  make_age (person, world, age_from, age_to);
}

void
csd_demo_person_make_for_story (CsdDemoPerson *person,
                                CsdDemoWorld *world,
                                JsonObject *story)
{
  const char *gender = csd_demo_get_text (story, "gender");
  JsonArray *ages = csd_demo_get_array (story, "age");
  bool has_age = json_array_get_length (ages) == 2;

  *person = (CsdDemoPerson){ 0 };
  make_name (person, world, gender != NULL ? gender[0] : pick_gender (world),
             csd_demo_get_array (story, "groups"));
  make_home (person, world);
  make_age (person, world, has_age ? (int) json_array_get_int_element (ages, 0) : 19,
            has_age ? (int) json_array_get_int_element (ages, 1) : 68);
}

void
csd_demo_person_clear (CsdDemoPerson *person)
{
  g_free (person->first);
  g_free (person->last);
  g_free (person->called);
  g_free (person->preferred);
  g_free (person->language);
  g_free (person->gender_label);
  g_free (person->birth_date);
  g_free (person->street);
  g_free (person->line2);
  g_free (person->city);
  g_free (person->postcode);
  g_free (person->mobile);
}
