/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-world.h"

#include "core/base/csl-id.h"
#include "core/base/csl-time.h"

static gint64
get_clock (gpointer data)
{
  return ((CsdDemoWorld *) data)->clock_ms;
}

static void
fill_random (gpointer data, guint8 *buffer, gsize length)
{
  CsdDemoWorld *self = data;

  for (gsize i = 0; i < length; i++)
    buffer[i] = (guint8) g_rand_int_range (self->chance, 0, 256);
}

void
csd_demo_world_init (CsdDemoWorld *self,
                     const CslSchema *schema,
                     const CsdDemoCorpus *corpus,
                     guint32 seed,
                     gint64 now_ms)
{
  *self = (CsdDemoWorld){ .schema = schema,
                          .corpus = corpus,
                          .now_ms = now_ms,
                          .clock_ms = now_ms };
  self->chance = g_rand_new_with_seed (seed);
  self->env = (CslEnv){ get_clock, get_clock, fill_random, self };
  csd_demo_world_set_locale (self, "uk");
}

void
csd_demo_world_clear (CsdDemoWorld *self)
{
  g_clear_pointer (&self->chance, g_rand_free);
  g_clear_pointer (&self->held_zone, g_time_zone_unref);
  g_clear_error (&self->error);
}

void
csd_demo_world_set_locale (CsdDemoWorld *self, const char *locale)
{
  JsonObject *place =
    csd_demo_get_object (json_node_get_object (self->corpus->places), locale);

  self->locale = locale;
  self->zone = csd_demo_get_text (place, "zone");
  g_clear_pointer (&self->held_zone, g_time_zone_unref);
  self->held_zone = g_time_zone_new_identifier (self->zone);
  self->currency = csd_demo_get_text (place, "currency");
}

guint
csd_demo_pick (CsdDemoWorld *self, guint size)
{
  return size > 1 ? (guint) g_rand_int_range (self->chance, 0, (gint32) size) : 0;
}

bool
csd_demo_chance (CsdDemoWorld *self, guint percent)
{
  return csd_demo_pick (self, 100) < percent;
}

const char *
csd_demo_pick_text (CsdDemoWorld *self, JsonArray *texts)
{
  guint size = json_array_get_length (texts);

  return size > 0 ? json_array_get_string_element (texts, csd_demo_pick (self, size))
                  : "";
}

gint64
csd_demo_moment (CsdDemoWorld *self, int days, int hour, int minute)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (self->zone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (self->now_ms / 1000);
  g_autoptr (GDateTime) here = zone != NULL ? g_date_time_to_timezone (utc, zone)
                                            : g_date_time_ref (utc);
  g_autoptr (GDateTime) day = g_date_time_add_days (here, days);
  g_autoptr (GDateTime) moment =
    g_date_time_new (zone != NULL ? zone : g_date_time_get_timezone (day),
                     g_date_time_get_year (day), g_date_time_get_month (day),
                     g_date_time_get_day_of_month (day), hour, minute, 0);

  return g_date_time_to_unix (moment) * 1000;
}

char *
csd_demo_dup_instant (CsdDemoWorld *self, gint64 ms)
{
  return csl_instant_format (ms, self->zone);
}

char *
csd_demo_dup_date (CsdDemoWorld *self, gint64 ms)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (self->zone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  g_autoptr (GDateTime) here = zone != NULL ? g_date_time_to_timezone (utc, zone)
                                            : g_date_time_ref (utc);

  return g_date_time_format (here, "%Y-%m-%d");
}

CslRecord *
csd_demo_record_new (CsdDemoWorld *self, const char *type, gint64 ms, const char *user)
{
  CslDefaults defaults = { .now_ms = ms, .zone = self->zone, .user = user };
  CslRecord *record;
  CslId id;

  self->clock_ms = ms;
  id = csl_id_new (&self->env);
  record = csl_record_new (csl_schema_lookup_type (self->schema, type), id.text);
  csl_record_apply_defaults (record, &defaults);
  return record;
}

void
csd_demo_set_instant (CsdDemoWorld *self, CslRecord *record, const char *field, gint64 ms)
{
  g_autofree char *text = csd_demo_dup_instant (self, ms);

  csl_record_set_text (record, field, text);
}

void
csd_demo_set_date (CsdDemoWorld *self, CslRecord *record, const char *field, gint64 ms)
{
  g_autofree char *text = csd_demo_dup_date (self, ms);

  csl_record_set_text (record, field, text);
}

/* A record the server would refuse is an error of the demo and stops it. */
static void
check (CsdDemoWorld *self, const CslRecord *record)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();

  csl_record_validate (record, problems);
  if (csl_problems_get_size (problems) > 0) {
    g_autofree char *text = csl_problems_dup_text (problems);
    g_set_error (&self->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "demo %s: %s",
                 record->type->name, text);
  }
}

void
csd_demo_emit (CsdDemoWorld *self, CslRecord *record, gint64 ms, const char *user)
{
  g_autoptr (CslRecord) owned = record;
  g_autofree char *at = csd_demo_dup_instant (self, ms);

  if (self->error == NULL)
    check (self, owned);
  if (self->error == NULL)
    self->sink (owned, at, user, self->sink_data, &self->error);
}
