/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-case.h"

#include "server/demo/csd-demo-daily.h"
#include "server/demo/csd-demo-parts.h"

int
csd_demo_story_get_length (JsonObject *story)
{
  JsonArray *notes = csd_demo_get_array (story, "notes");
  int last = 0;

  for (guint i = 0; i < json_array_get_length (notes); i++)
    last = MAX (last, (int) csd_demo_get_int (json_array_get_object_element (notes, i),
                                              "day", 0));
  return last;
}

/* -- the client -- */

static bool
has_flag (JsonObject *story, const char *flag)
{
  JsonArray *flags = csd_demo_get_array (story, "flags");

  for (guint i = 0; i < json_array_get_length (flags); i++)
    if (g_str_equal (json_array_get_string_element (flags, i), flag))
      return true;
  return false;
}

static void
set_safe_contact (CsdDemoText *text, CslRecord *record, bool protected_person)
{
  CsdDemoWorld *world = text->world;

  csl_record_set_bool (record, "safe_to_call",
                       !protected_person || csd_demo_chance (world, 50));
  csl_record_set_bool (record, "safe_to_leave_voicemail",
                       !protected_person && csd_demo_chance (world, 75));
  csl_record_set_bool (record, "safe_to_text",
                       protected_person || csd_demo_chance (world, 85));
  csl_record_set_bool (record, "safe_to_write", !protected_person);
  if (protected_person)
    csl_record_set_text (
      record, "safe_contact",
      "Text first and wait for an answer. No letters to the house, no voicemail.");
  else if (csd_demo_chance (text->world, 30)) {
    g_autofree char *line = csd_demo_daily_dup_line (text, "safe_contact");
    csl_record_set_text (record, "safe_contact", line);
    csl_record_set_bool (record, "safe_to_text", true);
  }
}

bool
csd_demo_client_fits (const CsdDemoClient *client, JsonObject *story)
{
  const char *gender = csd_demo_get_text (story, "gender");
  JsonArray *ages = csd_demo_get_array (story, "age");
  int age = client->person.age;

  if (json_array_get_length (csd_demo_get_array (story, "groups")) > 0)
    return false;
  if (gender != NULL && gender[0] != client->person.gender)
    return false;
  if (json_array_get_length (ages) < 2)
    return age >= 19;
  return age >= json_array_get_int_element (ages, 0) &&
         age <= json_array_get_int_element (ages, 1);
}

static void
set_person (CslRecord *record, const CsdDemoPerson *person)
{
  csl_record_set_text (record, "first_name", person->first);
  csl_record_set_text (record, "last_name", person->last);
  csl_record_set_text (record, "preferred_name", person->preferred);
  csl_record_set_text (record, "date_of_birth", person->birth_date);
  csl_record_set_text (record, "gender", person->gender_label);
  csl_record_set_text (record, "phone_primary", person->mobile);
  csl_record_set_text (record, "address_line1", person->street);
  csl_record_set_text (record, "address_line2", person->line2);
  csl_record_set_text (record, "city", person->city);
  csl_record_set_text (record, "postcode", person->postcode);
  csl_record_set_text (record, "preferred_language", person->language);
}

static void
add_flags (CsdDemoClient *client, CsdDemoText *text, JsonObject *story, gint64 ms)
{
  CsdDemoWorld *world = text->world;
  JsonArray *flags = csd_demo_get_array (story, "flags");

  for (guint i = 0; i < json_array_get_length (flags); i++) {
    CslRecord *record =
      csd_demo_record_new (world, "client_flag", ms, client->worker->id);

    const char *type = json_array_get_string_element (flags, i);
    g_autofree char *note = csd_demo_daily_dup_flag (text, type);

    csl_record_set_text (record, "client", client->id);
    csl_record_set_text (record, "flag_type", type);
    csl_record_set_text (record, "note", note);
    csl_record_set_bool (record, "show_as_banner", true);
    csl_record_set_text (record, "raised_by", client->worker->id);
    csd_demo_set_instant (world, record, "raised_at", ms);
    csd_demo_emit (world, record, ms, client->worker->id);
  }
}

static void
add_consent (CsdDemoClient *client, CsdDemoWorld *world, gint64 ms)
{
  CslRecord *record = csd_demo_record_new (world, "consent", ms, client->worker->id);

  csl_record_set_text (record, "client", client->id);
  csl_record_set_text (record, "consent_type", "data_processing");
  csl_record_set_bool (record, "granted", true);
  csl_record_set_text (record, "method",
                       csd_demo_chance (world, 70) ? "signature" : "verbal");
  csl_record_set_text (record, "recorded_by", client->worker->id);
  csd_demo_set_instant (world, record, "granted_at", ms);
  csd_demo_emit (world, record, ms, client->worker->id);
}

void
csd_demo_client_make (CsdDemoClient *client,
                      CsdDemoWorld *world,
                      const CsdDemoWorker *worker,
                      JsonObject *story,
                      gint64 ms)
{
  CslRecord *record = csd_demo_record_new (world, "client", ms, worker->id);
  bool protected_person = has_flag (story, "domestic_abuse");
  CsdDemoText text;

  g_strlcpy (client->id, record->id, sizeof client->id);
  client->worker = worker;
  client->centre = worker->centre;
  csd_demo_person_make_for_story (&client->person, world, story);
  csd_demo_text_init (&text, world, &client->person);
  text.vars = csd_demo_get_object (story, "vars");
  text.worker = worker->first;
  text.centre = worker->centre->name;
  text.day_ms = ms;
  set_person (record, &client->person);
  set_safe_contact (&text, record, protected_person);
  csl_record_set_bool (record, "interpreter_needed",
                       !g_str_equal (client->person.language, "English") &&
                         csd_demo_chance (world, 35));
  if (protected_person)
    csl_record_set_text (record, "sensitivity", "protected_person");
  csl_record_set_text (record, "centre", worker->centre->id);
  csl_record_set_text (record, "primary_worker", worker->id);
  csd_demo_set_date (world, record, "intake_date", ms);
  csd_demo_emit (world, record, ms, worker->id);
  add_flags (client, &text, story, ms);
  csd_demo_text_clear (&text);
  add_consent (client, world, ms);
}

/* -- the case -- */

typedef struct
{
  const char *status;
  gint64 ended_ms; /* 0 when it goes on */
} Ending;

/* About one ended case in six stopped half-way. */
static void
decide_stop (CsdDemoCase *self)
{
  static const char *const reasons[] = { "lost_contact", "client_withdrew", "moved_away",
                                         "referred_on" };
  int length = csd_demo_story_get_length (self->story);

  self->stop_day = length;
  if (!self->closed || json_object_has_member (self->story, "plain") ||
      !csd_demo_chance (self->world, 17))
    return;
  self->closure = reasons[csd_demo_pick (self->world, G_N_ELEMENTS (reasons))];
  self->stop_day = length * (40 + (int) csd_demo_pick (self->world, 40)) / 100;
}

/* Where the case stands today. */
static Ending
find_ending (CsdDemoCase *self)
{
  gint64 age_days = (self->world->now_ms - self->opened_ms) / CSD_DEMO_DAY_MS;
  Ending ending = { "in_progress", 0 };

  if (self->closed) {
    ending.ended_ms = self->opened_ms + (self->stop_day + 7) * CSD_DEMO_DAY_MS;
    ending.status = g_strcmp0 (self->closure, "referred_on") == 0       ? "referred"
                    : g_strcmp0 (self->closure, "client_withdrew") == 0 ? "cancelled"
                                                                        : "completed";
  } else if (age_days <= 1)
    ending.status = csd_demo_chance (self->world, 50) ? "pending_review" : "new";
  else if (age_days <= 3)
    ending.status = "assigned";
  else if (csd_demo_chance (self->world, 5))
    ending.status = "pending_completion";
  return ending;
}

static bool
is_assigned (const char *status)
{
  return !g_str_equal (status, "new") && !g_str_equal (status, "pending_review");
}

static const char *
get_closure_reason (CsdDemoCase *self)
{
  const char *closure = csd_demo_get_text (self->story, "closure");

  if (self->closure != NULL)
    return self->closure;
  if (closure != NULL)
    return closure;
  return csd_demo_chance (self->world, 60) ? "solution_in_place" : "advice_complete";
}

static void
set_case_texts (CsdDemoCase *self, CslRecord *record)
{
  static const char *const fields[] = { "title", "description", "summary" };

  self->text.day_ms = self->opened_ms;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_autofree char *text =
      csd_demo_text_expand (&self->text, csd_demo_get_text (self->story, fields[i]));
    csl_record_set_text (record, fields[i], text);
  }
}

static void
emit_case (CsdDemoCase *self, const Ending *ending)
{
  CsdDemoWorld *world = self->world;
  CslRecord *record =
    csd_demo_record_new (world, "case", self->opened_ms, self->worker->id);
  const char *priority = csd_demo_get_text (self->story, "priority");

  g_strlcpy (self->id, record->id, sizeof self->id);
  csl_record_set_text (record, "client", self->client->id);
  csl_record_set_text (record, "centre", self->worker->centre->id);
  csl_record_set_text (record, "case_type", csd_demo_get_text (self->story, "case_type"));
  csl_record_set_text (record, "priority", priority != NULL ? priority : "medium");
  csl_record_set_text (record, "status", ending->status);
  set_case_texts (self, record);
  csd_demo_set_date (world, record, "opening_date", self->opened_ms);
  if (is_assigned (ending->status))
    csl_record_set_text (record, "advisor", self->worker->id);
  if (ending->ended_ms > 0) {
    csd_demo_set_date (world, record, "closing_date", ending->ended_ms);
    csl_record_set_text (record, "closure_reason", get_closure_reason (self));
  } else
    csd_demo_set_date (world, record, "next_review_date",
                       world->now_ms +
                         (3 + (gint64) csd_demo_pick (world, 40)) * CSD_DEMO_DAY_MS);
  csd_demo_emit (world, record, self->opened_ms, self->worker->id);
}

static void
emit_event (CsdDemoCase *self,
            gint64 ms,
            const char *user,
            const char *action,
            const char *from,
            const char *to)
{
  CslRecord *record = csd_demo_record_new (self->world, "case_event", ms, user);

  csl_record_set_text (record, "case", self->id);
  csl_record_set_text (record, "action", action);
  csl_record_set_text (record, "from_value", from);
  csl_record_set_text (record, "to_value", to);
  csl_record_set_text (record, "user", user);
  csd_demo_set_instant (self->world, record, "occurred_at", ms);
  csd_demo_emit (self->world, record, ms, user);
}

/* The steps from new to where it stands, each with its event. */
static void
emit_events (CsdDemoCase *self, const Ending *ending)
{
  const char *chair = csd_demo_agency_get_worker (self->agency, "chair")->id;
  const char *me = self->worker->id;
  gint64 at = self->opened_ms;

  emit_event (self, at, me, "created", NULL, "new");
  if (g_str_equal (ending->status, "new"))
    return;
  emit_event (self, at + CSD_DEMO_HOUR_MS, me, "status_changed", "new", "pending_review");
  if (!is_assigned (ending->status))
    return;
  emit_event (self, at + 3 * CSD_DEMO_HOUR_MS, chair, "assigned", "pending_review",
              "assigned");
  if (g_str_equal (ending->status, "assigned"))
    return;
  emit_event (self, at + 5 * CSD_DEMO_HOUR_MS, me, "status_changed", "assigned",
              "in_progress");
  if (g_str_equal (ending->status, "pending_completion"))
    emit_event (self, self->world->now_ms - 20 * CSD_DEMO_HOUR_MS, me, "status_changed",
                "in_progress", "pending_completion");
  else if (ending->ended_ms > 0)
    emit_event (self, ending->ended_ms, chair, "status_changed", "in_progress",
                ending->status);
}

static void
emit_assignment (CsdDemoCase *self, const char *user, const char *duty, gint64 to_ms)
{
  CslRecord *record =
    csd_demo_record_new (self->world, "case_assignment", self->opened_ms, user);

  csl_record_set_text (record, "case", self->id);
  csl_record_set_text (record, "user", user);
  csl_record_set_text (record, "duty", duty);
  csd_demo_set_instant (self->world, record, "from_at",
                        self->opened_ms + 3 * CSD_DEMO_HOUR_MS);
  if (to_ms > 0)
    csd_demo_set_instant (self->world, record, "to_at", to_ms);
  csd_demo_emit (self->world, record, self->opened_ms,
                 csd_demo_agency_get_worker (self->agency, "chair")->id);
}

/* The lead, and now and then a colleague of the same centre. */
static void
emit_assignments (CsdDemoCase *self, const Ending *ending)
{
  g_autoptr (GPtrArray) colleagues =
    csd_demo_agency_list_workers (self->agency, "caseworker", self->worker->centre);
  const CsdDemoWorker *second;

  if (!is_assigned (ending->status))
    return;
  emit_assignment (self, self->worker->id, "lead", ending->ended_ms);
  if (ending->ended_ms > 0 || colleagues->len < 2 || !csd_demo_chance (self->world, 30))
    return;
  second = colleagues->pdata[csd_demo_pick (self->world, colleagues->len)];
  if (second != self->worker)
    emit_assignment (self, second->id, "second_worker", 0);
}

void
csd_demo_case_make (CsdDemoCase *self)
{
  Ending ending;

  csd_demo_text_init (&self->text, self->world, &self->client->person);
  self->text.vars = csd_demo_get_object (self->story, "vars");
  self->text.worker = self->worker->first;
  self->text.centre = self->worker->centre->name;
  decide_stop (self);
  ending = find_ending (self);
  emit_case (self, &ending);
  emit_events (self, &ending);
  emit_assignments (self, &ending);
  csd_demo_parts_emit (self);
  self->client->n_cases++;
  csd_demo_text_clear (&self->text);
}
