/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's own work for 10,000 operations, a first sync and a pull with nothing new; no sockets, no TLS. Notes,
 * tasks and edits of them, over 100 cases; half of the operations are changes.
 */
#include "server/csd-fixture.h"

#include <string.h>

#define N_CASES 100
#define N_OPS   10000
#define BATCH   500

typedef struct
{
  char client[40], file[40];
} Case;

static double
elapsed_ms (gint64 start_us)
{
  return (double) (g_get_monotonic_time () - start_us) / 1000.0;
}

static char *
make_note (Client *client, const Case *file, const char *id)
{
  g_autofree char *set = g_strdup_printf (
    "{\"client\":\"%s\",\"case\":\"%s\",\"kind\":\"visit\",\"author\":\"%s\","
    "\"occurred_at\":\"2026-11-20T15:02:11.000Z\",\"title\":\"Visit at "
    "home\",\"content\":"
    "\"Went through the letters on the kitchen table. Two are from the council, one from "
    "the "
    "landlord about the arrears. Agreed to ring both before Thursday and to bring the "
    "rent "
    "book next time. The heating works again; the younger child has a cough and is at "
    "home "
    "this week.\"}",
    file->client, file->file, client->user);

  return client_op (client, "create", "note", id, 0, set, NULL);
}

static char *
make_edit (Client *client, const char *id, gint64 base)
{
  return client_op (client, "update", "note", id, base,
                    "{\"title\":\"Visit, corrected\"}", "{\"title\":\"Visit at home\"}");
}

/* Bodies of N_OPS operations in batches: a batch of notes, then a batch of changes to them. */
static GPtrArray *
make_bodies (Client *client, const Case *cases)
{
  GPtrArray *bodies = g_ptr_array_new_with_free_func (g_free);
  char ids[BATCH][40];

  for (guint done = 0; done < N_OPS; done += BATCH) {
    GString *body = g_string_new (NULL);

    g_string_printf (body, "{\"t\":\"push\",\"device\":\"%s\",\"inc\":\"%s\"}\n",
                     client->device, client->inc);
    for (guint i = 0; i < BATCH; i++) {
      bool edit = (done / BATCH) % 2 == 1;
      g_autofree char *line = NULL;

      if (!edit)
        new_id (client->fixture, ids[i]);
      line = edit ? make_edit (client, ids[i], 1)
                  : make_note (client, &cases[i % N_CASES], ids[i]);
      g_string_append_printf (body, "%s\n", line);
    }
    g_ptr_array_add (bodies, g_string_free (body, FALSE));
  }
  return bodies;
}

static void
bench (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (GPtrArray) bodies = NULL;
  g_autofree char *empty = NULL;
  Case cases[N_CASES];
  gint64 start = 0;
  double ms = 0;
  guint ok = 0;

  for (guint i = 0; i < N_CASES; i++)
    client_make_case (client, cases[i].client, cases[i].file);
  bodies = make_bodies (client, cases);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < bodies->len; i++) {
    g_autoptr (Reply) reply =
      client_post (client, "/v1/sync/push", g_ptr_array_index (bodies, i));

    for (const char *at = reply->body->str; (at = strstr (at, "\"r\":\"ok\"")) != NULL;
         at++)
      ok++;
  }
  ms = elapsed_ms (start);
  g_assert_cmpuint (ok, ==, N_OPS);
  g_test_message ("push of %d operations: %.0f ms, %.0f us each", N_OPS, ms,
                  ms * 1000.0 / N_OPS);
  g_test_minimized_result (ms, "push %.0f ms", ms);

  start = g_get_monotonic_time ();
  {
    g_auto (GStrv) lines = client_pull (client, 0, 0, NULL);

    ms = elapsed_ms (start);
    g_test_message ("first sync of %u lines (parsed by the test): %.0f ms",
                    g_strv_length (lines), ms);
  }
  empty = g_strdup_printf ("{\"device\":\"%s\",\"inc\":\"%s\",\"since\":%" G_GINT64_FORMAT
                           ",\"schema\":1}",
                           client->device, client->inc, get_head (fixture));
  start = g_get_monotonic_time ();
  for (guint i = 0; i < 1000; i++) {
    g_autoptr (Reply) reply = client_post (client, "/v1/sync/pull", empty);

    g_assert_cmpuint (reply->status, ==, 200);
  }
  g_test_message ("pull with nothing new: %.3f ms", elapsed_ms (start) / 1000.0);
}

/* Milliseconds for 250 new clients with a case each. */
static double
create_files (Client *client)
{
  g_autoptr (GString) body = g_string_new (NULL);
  gint64 start = 0;

  g_string_printf (body, "{\"t\":\"push\",\"device\":\"%s\",\"inc\":\"%s\"}\n",
                   client->device, client->inc);
  for (guint i = 0; i < 250; i++) {
    char person[40];
    char file[40];
    g_autofree char *lines = NULL;

    lines = client_dup_case_lines (client, person, file);
    g_string_append (body, lines);
  }
  start = g_get_monotonic_time ();
  {
    g_autoptr (Reply) reply = client_post (client, "/v1/sync/push", body->str);

    g_assert_null (strstr (reply->body->str, "rejected"));
  }
  return elapsed_ms (start);
}

/* The work for a new case does not grow with the number of cases, nor much with that of people who see it. */
static void
bench_growth (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  double first = 0;
  double last = 0;

  for (guint i = 0; i < 30; i++) {
    g_autofree char *name = g_strdup_printf ("extra%u", i);
    g_autoptr (GError) error = NULL;
    const CsdNewAccount account = { .username = name,
                                    .password = PASSWORD,
                                    .role = i % 3 == 0 ? "manager" : "caseworker",
                                    .centre = fixture->centre_a };

    g_assert_true (csd_server_add_account (fixture->server, fixture->organisation,
                                           &account, NULL, &error));
  }
  first = create_files (client);
  for (guint i = 0; i < 7; i++)
    last = create_files (client);
  g_test_message ("500 creates: %.0f ms; with 1,750 cases there: %.0f ms", first, last);
  g_assert_cmpfloat (last, <, 4 * first + 50);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/bench/push", Fixture, NULL, fixture_set_up, bench, fixture_tear_down);
  g_test_add ("/bench/growth", Fixture, NULL, fixture_set_up, bench_growth,
              fixture_tear_down);
  return g_test_run ();
}
