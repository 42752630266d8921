/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-work.c: cases, notes, access, backups. */
#include "server/csd-work.h"

void
work_init (Work *work, Fixture *fixture)
{
  work->amina = client_new (fixture, "amina");
  work->manager = client_new (fixture, "manager");
  client_make_case (work->amina, work->person, work->file);
  work->base = get_head (fixture);
}

void
work_clear (Work *work)
{
  client_free (work->amina);
  client_free (work->manager);
}

void
push_ok (Client *client,
         const char *act,
         const char *type,
         const char *id,
         const char *set,
         const char *was)
{
  client_expect (client,
                 client_op (client, act, type, id, get_head (client->fixture), set, was),
                 "ok");
}

char *
dup_note_set (const char *person, const char *file, const char *author, const char *text)
{
  return g_strdup_printf ("{\"client\":\"%s\",\"case\":\"%s\",\"kind\":\"case\","
                          "\"author\":\"%s\",\"content\":\"%s\"}",
                          person, file, author, text);
}

void
add_note (Client *client,
          const char *person,
          const char *file,
          const char *text,
          char id[40])
{
  g_autofree char *set = dup_note_set (person, file, client->user, text);

  new_id (client->fixture, id);
  client_expect (client, client_op (client, "create", "note", id, 0, set, NULL), "ok");
}

void
give_case (Client *manager, const char *file, const char *user, char id[40])
{
  g_autofree char *set =
    g_strdup_printf ("{\"case\":\"%s\",\"user\":\"%s\",\"duty\":\"cover\","
                     "\"from_at\":\"2026-11-20T15:00:00.000Z\"}",
                     file, user);

  new_id (manager->fixture, id);
  push_ok (manager, "create", "case_assignment", id, set, NULL);
}

void
end_assignment (Client *manager, const char *assignment)
{
  push_ok (manager, "update", "case_assignment", assignment,
           "{\"to_at\":\"2026-11-21T15:00:00.000Z\"}", NULL);
}

char *
dup_event_set (Fixture *fixture, const char *file, const char *action)
{
  return g_strdup_printf ("{\"case\":\"%s\",\"action\":\"%s\",\"user\":\"%s\","
                          "\"occurred_at\":\"2026-11-20T15:00:00.000Z\"}",
                          file, action, fixture->amina);
}

Reply *
client_ask_history (Client *client, const char *type, const char *id)
{
  g_autofree char *body = g_strdup_printf ("{\"k\":\"%s\",\"id\":\"%s\"}", type, id);

  return client_post (client, "/v1/sync/history", body);
}

static char *
dup_data_path (Fixture *fixture, const char *suffix)
{
  return g_strdup_printf ("%s/org-%s.db%s", fixture->folder, fixture->organisation,
                          suffix);
}

static void
copy_file (const char *from, const char *to)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (from, &text, &length, NULL));
  g_assert_true (g_file_set_contents (to, text, (gssize) length, NULL));
}

void
keep_data (Fixture *fixture)
{
  g_autofree char *data = dup_data_path (fixture, "");
  g_autofree char *backup = dup_data_path (fixture, ".backup");

  /* Closed once, so that the file is whole. */
  fixture_restart (fixture);
  copy_file (data, backup);
}

void
put_data_back (Fixture *fixture)
{
  g_autofree char *data = dup_data_path (fixture, "");
  g_autofree char *backup = dup_data_path (fixture, ".backup");
  g_autoptr (GError) error = NULL;

  csd_server_free (fixture->server);
  copy_file (backup, data);
  fixture->server = csd_server_open (fixture->folder, fixture->schema, &fixture->env,
                                     &fixture->config, &error);
  g_assert_no_error (error);
}
