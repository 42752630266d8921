/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs of other versions: whoever was ever released delivers its work, and what this server does not know yet is kept. */
#include "server/csd-work.h"

#include <string.h>

/* The operation as a program with another version of the record types wrote it. Takes @op. */
static char *
with_schema (char *op, const char *version)
{
  g_autofree char *said = g_strdup_printf ("\"schema\":%s", version);
  g_autoptr (GString) line = g_string_new (op);

  g_free (op);
  g_assert_cmpuint (g_string_replace (line, "\"schema\":1", said, 1), ==, 1);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static char *
dup_put (Client *client, const char *type, const char *id)
{
  g_auto (GStrv) lines = client_pull (client, 0, 0, NULL);

  return g_strdup (find_line (lines, "t", "put", "k", type, "id", id, NULL));
}

/* Written long ago, and by a program of tomorrow: the number alone keeps nobody out. */
static void
test_any_schema (Fixture *fixture, gconstpointer data)
{
  static const char *const versions[] = { "0", "1", "2", "999" };
  g_auto (Work) work = { 0 };

  work_init (&work, fixture);
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++) {
    g_autofree char *set = g_strdup_printf ("{\"first_name\":\"Name%s\"}", versions[i]);
    char *op = client_op (work.amina, "update", "client", work.person, get_head (fixture),
                          set, "{}");

    client_expect (work.amina, with_schema (op, versions[i]), "ok");
    g_autofree char *put = dup_put (work.amina, "client", work.person);
    g_assert_nonnull (strstr (put, "\"first_name\":\"Name"));
    g_assert_nonnull (strstr (put, versions[i]));
  }
  assert_verified (fixture);
}

/* A field that only a newer program knows is kept; an older one that changes another field, and does not mention it, cannot erase
 * it. */
static void
test_unknown_field (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  char *op;

  work_init (&work, fixture);
  op = client_op (work.amina, "update", "client", work.person, work.base,
                  "{\"mood\":{\"today\":[1,\"good\"]}}", "{}");
  client_expect (work.amina, with_schema (op, "2"), "ok");
  op = client_op (work.amina, "update", "client", work.person, get_head (fixture),
                  "{\"first_name\":\"Changed\"}", "{}");
  client_expect (work.amina, op, "ok");
  fixture_restart (fixture);

  g_autofree char *put = dup_put (work.amina, "client", work.person);
  g_assert_nonnull (put);
  g_assert_nonnull (strstr (put, "\"mood\":{\"today\":[1,\"good\"]}"));
  g_assert_nonnull (strstr (put, "\"first_name\":\"Changed\""));
  assert_verified (fixture);
}

/* A type that this server does not know is refused with a reason, alone: what else was sent arrives. */
static void
test_unknown_type (Fixture *fixture, gconstpointer data)
{
  g_auto (Work) work = { 0 };
  char id[40];

  work_init (&work, fixture);
  new_id (fixture, id);
  g_autofree char *robot = with_schema (client_op (work.amina, "create", "robot", id, 0,
                                                   "{\"name\":\"R2\"}", NULL),
                                        "2");
  g_autofree char *known = client_op (work.amina, "update", "client", work.person,
                                      work.base, "{\"first_name\":\"Arrived\"}", "{}");
  g_auto (GStrv) answers = client_push (work.amina, robot, known, NULL);

  assert_json (answers[0], "r", "rejected");
  assert_json (answers[0], "code", "unknown_type");
  assert_json (answers[1], "r", "ok");
  assert_verified (fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                              \
  g_test_add ("/server/versions/" name, Fixture, NULL, fixture_set_up, function,         \
              fixture_tear_down)
  ADD ("any-schema", test_any_schema);
  ADD ("unknown-field", test_unknown_field);
  ADD ("unknown-type", test_unknown_type);
  return g_test_run ();
}
