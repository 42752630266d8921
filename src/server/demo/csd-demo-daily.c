/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-daily.h"

#include "server/demo/csd-demo-parts.h"

/* One everyday note for so many days, and at most so many in a case. */
#define DAYS_PER_NOTE 11
#define MAX_NOTES     14

static JsonObject *
get_templates (CsdDemoWorld *world, const char *programme)
{
  return csd_demo_get_object (json_node_get_object (world->corpus->templates), programme);
}

static bool
has_text (JsonArray *list, const char *text)
{
  for (guint i = 0; i < json_array_get_length (list); i++)
    if (g_strcmp0 (json_array_get_string_element (list, i), text) == 0)
      return true;
  return false;
}

/* Do the storyline so far and the person have what the note speaks of? */
static bool
suits (CsdDemoCase *self, JsonObject *note)
{
  JsonArray *needs = csd_demo_get_array (note, "needs");

  if (has_text (csd_demo_get_array (note, "not"),
                csd_demo_get_text (self->story, "programme")))
    return false;
  for (guint i = 0; i < json_array_get_length (needs); i++) {
    const char *name = json_array_get_string_element (needs, i);
    bool there = g_str_equal (name, "interpreter")
                   ? !g_str_equal (self->client->person.language, "English")
                   : g_hash_table_contains (self->text.drawn, name);
    if (!there)
      return false;
  }
  return true;
}

static void
add_suitable (CsdDemoCase *self, const char *programme, GPtrArray *notes)
{
  JsonObject *templates = get_templates (self->world, programme);
  JsonArray *list =
    csd_demo_get_array (csd_demo_get_object (templates, "notes"), self->world->locale);

  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *note = json_array_get_object_element (list, i);
    if (suits (self, note))
      g_ptr_array_add (notes, note);
  }
}

/* Days on which the storyline says nothing are the days for everyday notes. */
static bool
is_free_day (CsdDemoCase *self, int day)
{
  JsonArray *notes = csd_demo_get_array (self->story, "notes");

  for (guint i = 0; i < json_array_get_length (notes); i++)
    if (csd_demo_get_int (json_array_get_object_element (notes, i), "day", 0) == day)
      return false;
  return true;
}

static void
emit_everyday (CsdDemoCase *self)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new ();
  int wanted = MIN (self->stop_day / DAYS_PER_NOTE, MAX_NOTES);

  add_suitable (self, csd_demo_get_text (self->story, "programme"), notes);
  add_suitable (self, "common", notes);
  for (int i = 0; i < wanted && notes->len > 0; i++) {
    int day = 2 + (int) csd_demo_pick (self->world, (guint) MAX (1, self->stop_day - 3));
    guint position = csd_demo_pick (self->world, notes->len);

    if (is_free_day (self, day))
      csd_demo_parts_emit_note (self, g_ptr_array_remove_index (notes, position), day);
  }
}

static void
emit_ending (CsdDemoCase *self)
{
  JsonObject *endings =
    csd_demo_get_object (get_templates (self->world, "common"), "endings");
  JsonArray *notes = csd_demo_get_array (endings, self->closure);

  for (guint i = 0; i < json_array_get_length (notes); i++)
    csd_demo_parts_emit_note (self, json_array_get_object_element (notes, i),
                              self->stop_day + 3 + (int) i * 3);
}

void
csd_demo_daily_emit (CsdDemoCase *self)
{
  if (json_object_has_member (self->story, "plain"))
    return;
  emit_everyday (self);
  if (self->closure != NULL)
    emit_ending (self);
}

char *
csd_demo_daily_dup_line (CsdDemoText *text, const char *list)
{
  JsonArray *lines = csd_demo_get_array (get_templates (text->world, "common"), list);

  if (json_array_get_length (lines) == 0)
    return NULL;
  return csd_demo_text_expand (text, csd_demo_pick_text (text->world, lines));
}

char *
csd_demo_daily_dup_flag (CsdDemoText *text, const char *type)
{
  JsonArray *flags = csd_demo_get_array (get_templates (text->world, "common"), "flags");

  for (guint i = 0; i < json_array_get_length (flags); i++) {
    JsonObject *flag = json_array_get_object_element (flags, i);
    if (g_strcmp0 (csd_demo_get_text (flag, "type"), type) == 0)
      return csd_demo_text_expand (text, csd_demo_get_text (flag, "note"));
  }
  return NULL;
}
