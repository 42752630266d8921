/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-parts.h"

#include "server/demo/csd-demo-daily.h"

/* Moment of day @day of the case at @hour:@minute where the worker is. */
static gint64
moment_of (CsdDemoCase *self, gint64 day, int hour, int minute)
{
  gint64 ms = self->opened_ms + day * CSD_DEMO_DAY_MS;
  int days = (int) ((ms - self->world->now_ms) / CSD_DEMO_DAY_MS);

  return csd_demo_moment (self->world, days, hour, minute);
}

/* Storyline days are working days of the case; nothing is written in the future. */
static bool
has_happened (CsdDemoCase *self, gint64 ms)
{
  return ms < self->world->now_ms - CSD_DEMO_HOUR_MS;
}

/* A record of the case at @ms, its text fields taken from the storyline through the same draws. */
static CslRecord *
part_new (CsdDemoCase *self, const char *type, gint64 ms)
{
  CslRecord *record = csd_demo_record_new (self->world, type, ms, self->worker->id);

  csl_record_set_text (record, "client", self->client->id);
  if (csl_record_type_lookup_field (record->type, "case") != NULL)
    csl_record_set_text (record, "case", self->id);
  return record;
}

static void
set_expanded (CsdDemoCase *self,
              CslRecord *record,
              const char *field,
              JsonObject *from,
              const char *member)
{
  g_autofree char *text =
    csd_demo_text_expand (&self->text, csd_demo_get_text (from, member));

  csl_record_set_text (record, field, text);
}

static void
set_plain (CslRecord *record, const char *field, JsonObject *from, const char *member)
{
  const char *text = csd_demo_get_text (from, member);

  if (text != NULL)
    csl_record_set_text (record, field, text);
}

/* -- notes and visits -- */

/* The visit a note was written on. Its id goes into @note. */
static void
emit_visit (CsdDemoCase *self, CslRecord *note, gint64 ms, gint64 minutes)
{
  CslRecord *visit = part_new (self, "visit", ms);
  const CsdDemoPerson *person = &self->client->person;
  g_autofree char *address = g_strdup_printf ("%s, %s", person->street, person->city);

  csl_record_set_text (visit, "purpose", csl_record_get_text (note, "title"));
  csl_record_set_text (visit, "address", address);
  csl_record_set_text (visit, "user", self->worker->id);
  csl_record_set_text (visit, "safety_status", "checked_out");
  if (csd_demo_chance (self->world, 35)) {
    g_autofree char *safety = csd_demo_daily_dup_line (&self->text, "safety_lines");
    csl_record_set_text (visit, "safety_line", safety);
  }
  csd_demo_set_instant (self->world, visit, "planned_start", ms);
  csd_demo_set_instant (self->world, visit, "started_at", ms);
  csd_demo_set_instant (self->world, visit, "ended_at", ms + MAX (minutes, 10) * 60000);
  csl_record_set_text (note, "visit", visit->id);
  csd_demo_emit (self->world, visit, ms, self->worker->id);
}

/* The sentences of the pools suit most notes, not all, and not the last. */
static bool
stands_alone (CsdDemoCase *self, JsonObject *from, gint64 day)
{
  return json_object_has_member (from, "alone") || day >= self->stop_day;
}

void
csd_demo_parts_emit_note (CsdDemoCase *self, JsonObject *from, gint64 day)
{
  const char *kind = csd_demo_get_text (from, "kind");
  gint64 minutes = csd_demo_get_int (from, "minutes", 15);
  gint64 ms = moment_of (self, day, 9 + (int) csd_demo_pick (self->world, 8),
                         15 * (int) csd_demo_pick (self->world, 4));
  CslRecord *note;
  g_autofree char *content = NULL;

  if (!has_happened (self, ms))
    return;
  self->text.day_ms = ms;
  self->text.minutes = minutes;
  note = part_new (self, "note", ms);
  set_expanded (self, note, "title", from, "title");
  content = csd_demo_text_note (&self->text, csd_demo_get_text (from, "text"), kind,
                                stands_alone (self, from, day));
  csl_record_set_text (note, "content", content);
  csl_record_set_text (note, "kind", kind);
  csl_record_set_text (note, "author", self->worker->id);
  csl_record_set_text (note, "category",
                       g_hash_table_lookup (self->agency->categories, kind));
  csl_record_set_int (note, "duration_minutes", minutes);
  csl_record_set_bool (note, "is_final", true);
  csd_demo_set_instant (self->world, note, "occurred_at", ms);
  csd_demo_set_instant (self->world, note, "finalised_at", ms + minutes * 60000);
  if (g_str_equal (kind, "visit"))
    emit_visit (self, note, ms, minutes);
  csd_demo_emit (self->world, note, ms + minutes * 60000, self->worker->id);
  self->n_notes++;
}

static void
emit_note (CsdDemoCase *self, JsonObject *from)
{
  csd_demo_parts_emit_note (self, from, csd_demo_get_int (from, "day", 0));
}

/* -- appointments -- */

static const char *
past_status (CsdDemoWorld *world)
{
  return csd_demo_chance (world, 86)   ? "completed"
         : csd_demo_chance (world, 60) ? "no_show"
                                       : "cancelled";
}

static void
emit_appointment (CsdDemoCase *self, JsonObject *from)
{
  gint64 ms = moment_of (self, csd_demo_get_int (from, "day", 0),
                         (int) csd_demo_get_int (from, "hour", 10), 0);
  gint64 made_ms = MIN (ms - 2 * CSD_DEMO_DAY_MS, self->world->now_ms - CSD_DEMO_DAY_MS);
  bool past = has_happened (self, ms);
  CslRecord *record;

  if (!past && self->closed)
    return;
  self->text.day_ms = ms;
  record = part_new (self, "appointment", MAX (made_ms, self->opened_ms));
  set_plain (record, "appointment_type", from, "type");
  set_plain (record, "meeting_mode", from, "mode");
  set_expanded (self, record, "location", from, "location");
  set_expanded (self, record, "preparation_notes", from, "preparation");
  csl_record_set_text (record, "advisor", self->worker->id);
  csl_record_set_text (record, "centre", self->worker->centre->id);
  csl_record_set_text (record, "status", past ? past_status (self->world) : "confirmed");
  csd_demo_set_instant (self->world, record, "start_at", ms);
  csd_demo_set_instant (self->world, record, "end_at",
                        ms + csd_demo_get_int (from, "minutes", 60) * 60000);
  csd_demo_emit (self->world, record, MAX (made_ms, self->opened_ms), self->worker->id);
}

void
csd_demo_case_add_appointment (CsdDemoCase *self,
                               gint64 start_ms,
                               const char *type,
                               const char *mode)
{
  CsdDemoWorld *world = self->world;
  gint64 made_ms = world->now_ms - CSD_DEMO_DAY_MS;
  CslRecord *record = part_new (self, "appointment", made_ms);
  const CsdDemoPerson *person = &self->client->person;
  bool home = g_str_equal (mode, "home_visit");
  g_autofree char *address =
    g_strdup_printf ("%s%s%s, %s", person->line2 != NULL ? person->line2 : "",
                     person->line2 != NULL ? ", " : "", person->street, person->city);

  csl_record_set_text (record, "appointment_type", type);
  csl_record_set_text (record, "meeting_mode", mode);
  csl_record_set_text (record, "location",
                       home                          ? address
                       : g_str_equal (mode, "phone") ? NULL
                                                     : self->worker->centre->name);
  csl_record_set_text (record, "advisor", self->worker->id);
  csl_record_set_text (record, "centre", self->worker->centre->id);
  csl_record_set_text (record, "status", "confirmed");
  csd_demo_set_instant (world, record, "start_at", start_ms);
  csd_demo_set_instant (world, record, "end_at", start_ms + CSD_DEMO_HOUR_MS);
  csd_demo_emit (world, record, made_ms, self->worker->id);
}

/* -- the rest -- */

static void
emit_task (CsdDemoCase *self, JsonObject *from)
{
  gint64 day = csd_demo_get_int (from, "day", 0);
  gint64 made_ms = moment_of (self, day, 16, 30);
  gint64 due_ms = moment_of (self, day + csd_demo_get_int (from, "due", 7), 17, 0);
  bool past = due_ms < self->world->now_ms;
  bool done = self->closed || (past && csd_demo_chance (self->world, 88));
  CslRecord *record;

  if (!has_happened (self, made_ms))
    return;
  self->text.day_ms = made_ms;
  record = part_new (self, "task", made_ms);
  set_expanded (self, record, "title", from, "title");
  set_plain (record, "priority", from, "priority");
  csl_record_set_text (record, "assigned_to", self->worker->id);
  csl_record_set_text (record, "status", done ? "completed" : "pending");
  csd_demo_set_instant (self->world, record, "due_at", due_ms);
  if (done)
    csd_demo_set_instant (self->world, record, "completed_at",
                          MIN (due_ms - CSD_DEMO_DAY_MS,
                               self->world->now_ms - CSD_DEMO_DAY_MS));
  csd_demo_emit (self->world, record, made_ms, self->worker->id);
}

static void
emit_goal (CsdDemoCase *self, JsonObject *from)
{
  gint64 target_ms = self->opened_ms +
                     csd_demo_get_int (from, "target", 90) * CSD_DEMO_DAY_MS;
  gint64 made_ms = self->opened_ms + 2 * CSD_DEMO_HOUR_MS;
  gint64 age = self->world->now_ms - self->opened_ms;
  int percent = (int) CLAMP (age * 100 / MAX (target_ms - self->opened_ms, 1), 0, 90);
  bool reached = self->closed && csd_demo_chance (self->world, 80);
  CslRecord *record;

  if (!has_happened (self, made_ms))
    return;
  self->text.day_ms = self->opened_ms;
  record = part_new (self, "goal", made_ms);
  set_expanded (self, record, "description", from, "description");
  set_expanded (self, record, "success_measure", from, "measure");
  set_plain (record, "goal_domain", from, "domain");
  csl_record_set_text (record, "status",
                       reached        ? "completed"
                       : self->closed ? "abandoned"
                       : percent > 15 ? "in_progress"
                                      : "pending");
  csl_record_set_int (record, "progress_percent", reached ? 100 : percent / 5 * 5);
  csd_demo_set_date (self->world, record, "target_date", target_ms);
  csd_demo_emit (self->world, record, made_ms, self->worker->id);
}

static void
emit_barrier (CsdDemoCase *self, JsonObject *from)
{
  gint64 made_ms = self->opened_ms + 2 * CSD_DEMO_HOUR_MS;
  CslRecord *record;

  if (!has_happened (self, made_ms))
    return;
  self->text.day_ms = self->opened_ms;
  record = part_new (self, "barrier", made_ms);
  set_plain (record, "barrier_type", from, "type");
  set_plain (record, "severity", from, "severity");
  set_expanded (self, record, "description", from, "text");
  csd_demo_emit (self->world, record, made_ms, self->worker->id);
}

static void
emit_communication (CsdDemoCase *self, JsonObject *from)
{
  gint64 ms = moment_of (self, csd_demo_get_int (from, "day", 0),
                         9 + (int) csd_demo_pick (self->world, 8), 20);
  CslRecord *record;

  if (!has_happened (self, ms))
    return;
  self->text.day_ms = ms;
  record = part_new (self, "communication", ms);
  set_plain (record, "channel", from, "channel");
  set_plain (record, "direction", from, "direction");
  set_plain (record, "outcome", from, "outcome");
  set_expanded (self, record, "subject", from, "subject");
  set_expanded (self, record, "content", from, "content");
  csl_record_set_text (record, "user", self->worker->id);
  csd_demo_set_instant (self->world, record, "occurred_at", ms);
  csd_demo_emit (self->world, record, ms, self->worker->id);
}

/* A relative, friend or professional; most have a name of their own. */
static void
emit_contact (CsdDemoCase *self, JsonObject *from)
{
  gint64 ms = self->opened_ms + CSD_DEMO_HOUR_MS;
  g_auto (CsdDemoPerson) other = { 0 };
  g_autofree char *name = NULL;
  g_autofree char *phone = NULL;
  CslRecord *record;

  if (!has_happened (self, ms))
    return;
  csd_demo_person_make (&other, self->world, 0, 25, 70);
  self->text.day_ms = self->opened_ms;
  name = csd_demo_text_expand (&self->text, csd_demo_get_text (from, "name"));
  if (name == NULL)
    name = g_strdup_printf ("%s %s", other.first,
                            json_object_has_member (from, "same_last")
                              ? self->client->person.last
                              : other.last);
  phone = csd_demo_dup_phone (self->world, NULL);
  record = part_new (self, "client_contact", ms);
  csl_record_set_text (record, "name", name);
  csl_record_set_text (record, "phone", phone);
  set_plain (record, "contact_type", from, "type");
  set_expanded (self, record, "relationship", from, "relationship");
  set_expanded (self, record, "notes", from, "notes");
  csl_record_set_bool (record, "can_contact", csd_demo_chance (self->world, 70));
  csl_record_set_bool (record, "is_professional",
                       g_strcmp0 (csd_demo_get_text (from, "type"), "professional") == 0);
  csd_demo_emit (self->world, record, ms, self->worker->id);
}

static void
emit_each (CsdDemoCase *self,
           const char *member,
           void (*emit) (CsdDemoCase *, JsonObject *))
{
  JsonArray *list = csd_demo_get_array (self->story, member);

  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *from = json_array_get_object_element (list, i);
    if (csd_demo_get_int (from, "day", 0) <= self->stop_day)
      emit (self, from);
  }
}

void
csd_demo_parts_emit (CsdDemoCase *self)
{
  if (self->client->n_cases == 0)
    emit_each (self, "contacts", emit_contact);
  emit_each (self, "goals", emit_goal);
  emit_each (self, "barriers", emit_barrier);
  emit_each (self, "notes", emit_note);
  csd_demo_daily_emit (self);
  emit_each (self, "communications", emit_communication);
  emit_each (self, "tasks", emit_task);
  emit_each (self, "appointments", emit_appointment);
}
