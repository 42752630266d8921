/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations of a pull: fills, changes, drops, pages, sums, epochs; who sees what. */
#include "core/wire/csl-sums.h"
#include "core/wire/csl-wire-record.h"
#include "server/csd-work.h"
#include "server/jobs/csd-jobs.h"

#include <glib/gstdio.h>
#include <string.h>

/* What a replica holds: id → line of its put. */
typedef struct
{
  GHashTable *rows; /* (owned) */
  GHashTable *sums; /* (owned) bucket → last sum line */
  gint64 since;
} Replica;

static void
replica_init (Replica *replica)
{
  replica->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  replica->sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  replica->since = 0;
}

static void
replica_clear (Replica *replica)
{
  g_hash_table_unref (replica->rows);
  g_hash_table_unref (replica->sums);
}

static void
drop (Replica *replica, const char *bucket)
{
  GHashTableIter iter;
  gpointer line = NULL;

  g_hash_table_iter_init (&iter, replica->rows);
  while (g_hash_table_iter_next (&iter, NULL, &line)) {
    g_autofree char *b = json_get (line, "b");

    if (strcmp (b, bucket) == 0)
      g_hash_table_iter_remove (&iter);
  }
  g_hash_table_remove (replica->sums, bucket);
}

static void
take_line (Replica *replica, const char *line)
{
  g_autofree char *t = json_get (line, "t");
  g_autofree char *id = json_get (line, "id");
  g_autofree char *b = json_get (line, "b");

  if (strcmp (t, "put") == 0)
    g_hash_table_replace (replica->rows, g_strdup (id), g_strdup (line));
  else if (strcmp (t, "gone") == 0) {
    const char *row = g_hash_table_lookup (replica->rows, id);
    g_autofree char *row_b = row != NULL ? json_get (row, "b") : NULL;

    if (g_strcmp0 (row_b, b) == 0)
      g_hash_table_remove (replica->rows, id);
  } else if (strcmp (t, "drop") == 0) {
    drop (replica, b);
  } else if (strcmp (t, "sum") == 0) {
    g_hash_table_replace (replica->sums, g_strdup (b), g_strdup (line));
  } else if (strcmp (t, "done") == 0) {
    g_autofree char *seq = json_get (line, "seq");

    replica->since = g_ascii_strtoll (seq, NULL, 10);
  }
}

static guint64
hash_of (Client *client, const char *line)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *k = json_get (line, "k");
  g_autofree char *id = json_get (line, "id");
  g_autofree char *rev = json_get (line, "rev");
  g_autoptr (CslRecord) record =
    csl_record_new (csl_schema_lookup_type (client->fixture->schema, k), id);

  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, line, strlen (line), &csl_json_limits_line, NULL));
  g_assert_true (
    csl_wire_record_read (record, &json, csl_json_member (&json, 0, "d"), NULL));
  record->rev = g_ascii_strtoll (rev, NULL, 10);
  return csl_wire_record_hash (record);
}

/* I20: every sum the server sent is that of the rows the replica holds. */
static void
check_sums (Client *client, Replica *replica)
{
  GHashTableIter sums;
  gpointer bucket = NULL;
  gpointer line = NULL;

  g_hash_table_iter_init (&sums, replica->sums);
  while (g_hash_table_iter_next (&sums, &bucket, &line)) {
    GHashTableIter rows;
    gpointer row = NULL;
    guint64 sum = 0;
    gint64 count = 0;
    g_autofree char *expected_count = NULL;
    g_autofree char *expected_sum = NULL;

    g_hash_table_iter_init (&rows, replica->rows);
    while (g_hash_table_iter_next (&rows, NULL, &row)) {
      g_autofree char *b = json_get (row, "b");

      if (strcmp (b, bucket) != 0)
        continue;
      sum += hash_of (client, row);
      count++;
    }
    expected_count = g_strdup_printf ("%" G_GINT64_FORMAT, count);
    expected_sum = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", sum);
    assert_json (line, "count", expected_count);
    assert_json (line, "sum", expected_sum);
  }
}

static guint
pull_into (Client *client, Replica *replica, gint64 page_bytes)
{
  guint pages = 0;
  g_auto (GStrv) lines = client_pull (client, replica->since, page_bytes, &pages);

  for (guint i = 0; lines[i] != NULL; i++)
    take_line (replica, lines[i]);
  check_sums (client, replica);
  return pages;
}

static bool
holds (Replica *replica, const char *id)
{
  return g_hash_table_contains (replica->rows, id);
}

static void
test_fill (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40];
  char file[40];
  char note[40];
  g_auto (GStrv) lines = NULL;
  Replica replica;

  client_make_case (client, person, file);
  add_note (client, person, file, "Called.", note);
  replica_init (&replica);
  pull_into (client, &replica, 0);
  g_assert_true (holds (&replica, person));
  g_assert_true (holds (&replica, file));
  g_assert_true (holds (&replica, note));
  g_assert_true (holds (&replica, fixture->maria));
  g_assert_cmpint (replica.since, ==, get_head (fixture));
  lines = client_pull (client, 0, 0, NULL);
  g_assert_cmpuint (count_lines (lines, "commit"), ==, 0);
  g_assert_cmpuint (count_lines (lines, "open"), ==, count_lines (lines, "sum"));
  replica_clear (&replica);
}

/* L3: nothing new is a few hundred bytes. */
static void
test_nothing_new (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *body =
    g_strdup_printf ("{\"device\":\"%s\",\"inc\":\"%s\",\"since\":%" G_GINT64_FORMAT
                     ",\"schema\":1}",
                     client->device, client->inc, get_head (fixture));
  g_autoptr (Reply) reply = client_post (client, "/v1/sync/pull", body);
  g_auto (GStrv) lines = reply_lines (reply);

  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  g_assert_cmpuint (reply->body->len, <, 1024);
}

static char *
digest (Replica *replica)
{
  g_autoptr (GList) names = g_hash_table_get_keys (replica->sums);
  g_autoptr (CslSums) sums = csl_sums_new ();

  names = g_list_sort (names, (GCompareFunc) strcmp);
  for (GList *at = names; at != NULL; at = at->next) {
    const char *line = g_hash_table_lookup (replica->sums, at->data);
    g_autofree char *count = json_get (line, "count");
    g_autofree char *sum = json_get (line, "sum");

    csl_sums_add (sums, at->data, g_ascii_strtoll (count, NULL, 10),
                  g_ascii_strtoull (sum, NULL, 16));
  }
  return csl_sums_finish (sums);
}

static void
test_digest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40];
  char file[40];
  Replica replica;
  const char *wrong = "0123456789abcdef";

  client_make_case (client, person, file);
  replica_init (&replica);
  pull_into (client, &replica, 0);
  for (guint round = 0; round < 3; round++) {
    g_autofree char *good = digest (&replica);
    g_autofree char *body =
      g_strdup_printf ("{\"device\":\"%s\",\"inc\":\"%s\",\"since\":%" G_GINT64_FORMAT
                       ",\"schema\":1,\"sums\":\"%s\"}",
                       client->device, client->inc, replica.since,
                       round == 1 ? wrong : good);
    g_autoptr (Reply) reply = client_post (client, "/v1/sync/pull", body);
    g_auto (GStrv) lines = reply_lines (reply);

    g_assert_cmpuint (count_lines (lines, "sum"), ==,
                      round == 1 ? g_hash_table_size (replica.sums) : 0);
  }
  replica_clear (&replica);
}

/* L5: a page of one row gets everything too, and the same. */
static void
test_small_pages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40];
  char file[40];
  char note[40];
  Replica small;
  Replica large;

  replica_init (&small);
  replica_init (&large);
  client_make_case (client, person, file);
  add_note (client, person, file, "One.", note);
  g_assert_cmpuint (pull_into (client, &small, 1), >, 10);
  g_assert_cmpuint (pull_into (client, &large, 0), ==, 1);
  g_assert_cmpuint (g_hash_table_size (small.rows), ==, g_hash_table_size (large.rows));
  for (guint i = 0; i < 5; i++)
    add_note (client, person, file, "More.", note);
  client_make_case (client, person, file);
  g_assert_cmpuint (pull_into (client, &small, 1), >, 5);
  g_assert_cmpuint (pull_into (client, &large, 0), ==, 1);
  g_assert_cmpuint (g_hash_table_size (small.rows), ==, g_hash_table_size (large.rows));
  replica_clear (&small);
  replica_clear (&large);
}

/* I12, I13: a grant brings rows older than it; its end takes them away. */
static void
test_access (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  char person[40];
  char file[40];
  char note[40];
  char assignment[40];
  Replica replica;
  g_auto (GStrv) lines = NULL;
  gint64 since = 0;

  client_make_case (amina, person, file);
  add_note (amina, person, file, "Canary in the mine.", note);
  replica_init (&replica);
  pull_into (maria, &replica, 0);
  g_assert_false (holds (&replica, person));
  g_assert_false (holds (&replica, file));
  g_assert_false (holds (&replica, note));
  give_case (manager, file, fixture->maria, assignment);
  pull_into (maria, &replica, 0);
  g_assert_true (holds (&replica, person));
  g_assert_true (holds (&replica, file));
  g_assert_true (holds (&replica, note));
  end_assignment (manager, assignment);
  since = replica.since;
  lines = client_pull (maria, since, 0, NULL);
  g_assert_cmpuint (count_lines (lines, "drop"), ==, 4);
  g_assert_false (any_contains (lines, "Canary"));
  pull_into (maria, &replica, 0);
  g_assert_false (holds (&replica, person));
  g_assert_false (holds (&replica, file));
  g_assert_false (holds (&replica, note));
  replica_clear (&replica);
}

/* Lost and given back between two pulls: nothing is dropped, nothing is missing. */
static void
test_access_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  char person[40];
  char file[40];
  char note[40];
  char first[40];
  char second[40];
  Replica replica;
  g_auto (GStrv) lines = NULL;

  client_make_case (amina, person, file);
  give_case (manager, file, fixture->maria, first);
  replica_init (&replica);
  pull_into (maria, &replica, 0);
  end_assignment (manager, first);
  add_note (amina, person, file, "While away.", note);
  give_case (manager, file, fixture->maria, second);
  lines = client_pull (maria, replica.since, 0, NULL);
  g_assert_cmpuint (count_lines (lines, "drop"), ==, 0);
  pull_into (maria, &replica, 0);
  g_assert_true (holds (&replica, note));
  replica_clear (&replica);
}

/* Access that ends while a pull is under way is over for its next page too. */
static void
test_access_during_pull (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  char person[40];
  char file[40];
  char note[40];
  char assignment[40];
  g_autofree char *resume = NULL;
  guint pages = 0;

  client_make_case (amina, person, file);
  add_note (amina, person, file, "Canary in the mine.", note);
  give_case (manager, file, fixture->maria, assignment);
  do {
    g_autofree char *body = g_strdup_printf (
      "{\"device\":\"%s\",\"inc\":\"%s\",\"since\":0,\"schema\":1,\"max_bytes\":1%s%s}",
      maria->device, maria->inc, resume != NULL ? ",\"resume\":" : "",
      resume != NULL ? resume : "");
    g_autoptr (Reply) reply = client_post (maria, "/v1/sync/pull", body);
    g_auto (GStrv) lines = reply_lines (reply);
    const char *page = find_line (lines, "t", "page", NULL);

    g_clear_pointer (&resume, g_free);
    if (page != NULL)
      resume = json_get (page, "resume");
    g_assert_false (any_contains (lines, "Canary"));
    if (pages++ == 0)
      end_assignment (manager, assignment);
  } while (resume != NULL);
}

/* One page of a byte, from where the replica stands. Returns the position to go on from, or NULL at the end. */
static char *
pull_page (Client *client, Replica *replica, const char *resume)
{
  g_autofree char *body =
    g_strdup_printf ("{\"device\":\"%s\",\"inc\":\"%s\",\"since\":%" G_GINT64_FORMAT
                     ",\"schema\":1,\"max_bytes\":1%s%s}",
                     client->device, client->inc, replica->since,
                     resume != NULL ? ",\"resume\":" : "", resume != NULL ? resume : "");
  g_autoptr (Reply) reply = client_post (client, "/v1/sync/pull", body);
  g_auto (GStrv) lines = reply_lines (reply);
  const char *page = find_line (lines, "t", "page", NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    take_line (replica, lines[i]);
  return page != NULL ? json_get (page, "resume") : NULL;
}

/* Access that ended while a pull was under way and came back before the next one: the commits of the pages that left the
 * bucket out are not taken for sent (I13). */
static void
test_access_lost_and_back_during_pull (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  Replica replica;
  char person[40];
  char file[40];
  char notes[3][40];
  char assignment[40];
  g_autofree char *resume = NULL;

  replica_init (&replica);
  client_make_case (amina, person, file);
  give_case (manager, file, fixture->maria, assignment);
  pull_into (maria, &replica, 0);
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    add_note (amina, person, file, "One of three.", notes[i]);
  resume = pull_page (maria, &replica, NULL);
  g_assert_nonnull (resume);
  end_assignment (manager, assignment);
  while (resume != NULL) {
    char *next = pull_page (maria, &replica, resume);
    g_free (resume);
    resume = next;
  }
  give_case (manager, file, fixture->maria, assignment);
  pull_into (maria, &replica, 0);
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    g_assert_true (holds (&replica, notes[i]));
  check_sums (maria, &replica);
  replica_clear (&replica);
}

/* A role that ends takes everything; a role that begins brings everything. */
static void
test_roles (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (GError) error = NULL;
  char person[40];
  char file[40];
  char note[40];
  Replica replica;

  client_make_case (amina, person, file);
  add_note (amina, person, file, "Called.", note);
  replica_init (&replica);
  pull_into (maria, &replica, 0);
  g_assert_false (holds (&replica, file));
  g_assert_true (csd_server_add_membership (fixture->server, fixture->organisation,
                                            fixture->maria, "manager", fixture->centre_a,
                                            &error));
  g_assert_no_error (error);
  pull_into (maria, &replica, 0);
  g_assert_true (holds (&replica, file));
  g_assert_true (holds (&replica, person));
  g_assert_true (holds (&replica, note));
  replica_clear (&replica);
}

/* Maria is a manager until the 20th of November 2026. */
static void
make_passing_manager (Fixture *fixture)
{
  g_autoptr (CslRecord) record = NULL;
  g_autoptr (GError) error = NULL;
  CsdImport import = { .created_at = "2026-11-18T10:00:00.000Z" };
  char id[40];

  new_id (fixture, id);
  record = csl_record_new (csl_schema_lookup_type (fixture->schema, "membership"), id);
  csl_record_set_text (record, "user", fixture->maria);
  csl_record_set_text (record, "organisation", fixture->organisation);
  csl_record_set_text (record, "role", "manager");
  csl_record_set_text (record, "status", "active");
  csl_record_set_text (record, "valid_to", "2026-11-20");
  import.record = record;
  g_assert_true (
    csd_server_import (fixture->server, fixture->organisation, &import, 1, &error));
  g_assert_no_error (error);
}

/* A role that ends by date ends by a commit. */
static void
test_role_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (GError) error = NULL;
  char person[40];
  char file[40];
  gint64 head = 0;
  Replica replica;

  client_make_case (amina, person, file);
  make_passing_manager (fixture);
  replica_init (&replica);
  pull_into (maria, &replica, 0);
  g_assert_true (holds (&replica, file));
  head = get_head (fixture);
  g_assert_true (csd_jobs_update_access (fixture->server, &error));
  g_assert_cmpint (get_head (fixture), ==, head);
  fixture->now_ms += 4 * 24 * 3600 * G_GINT64_CONSTANT (1000);
  {
    g_autoptr (Reply) again = client_sign_in (maria, "maria", PASSWORD);

    client_take_tokens (maria, again);
  }
  g_assert_true (csd_jobs_update_access (fixture->server, &error));
  g_assert_cmpint (get_head (fixture), ==, head + 1);
  pull_into (maria, &replica, 0);
  g_assert_false (holds (&replica, file));
  replica_clear (&replica);
}

static bool
refuse_to_read (CsdStorage *storage, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "disk I/O error");
  return false;
}

/* I14: a server that cannot read says so; an empty page would be taken for one that was cut, and asked for at once. */
static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  CsdOrganisation *organisation =
    csd_server_get_organisation (fixture->server, fixture->organisation, NULL);
  g_autofree char *body =
    g_strdup_printf ("{\"device\":\"%s\",\"since\":0,\"schema\":1}", client->device);
  g_autoptr (Reply) reply = NULL;

  organisation->storage->begin_read = refuse_to_read;
  g_test_expect_message ("caseload-server", G_LOG_LEVEL_WARNING, "*disk I/O error*");
  reply = client_post (client, "/v1/sync/pull", body);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (reply->status, ==, 500);
  g_assert_null (strstr (reply->body->str, "disk"));
}

/* I12: roles end on their day also beside an organisation whose file is damaged. */
static void
test_expired_beside_damage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  char other[40];
  gint64 head = 0;

  g_assert_true (
    csd_server_add_organisation (fixture->server, "acme", "Acme", other, &error));
  g_assert_no_error (error);
  fixture_restart (fixture);
  path = csd_server_dup_organisation_path (fixture->server, other);
  g_assert_true (g_file_set_contents (path, "This is no database any more.", -1, NULL));
  make_passing_manager (fixture);
  head = get_head (fixture);
  fixture->now_ms += 4 * 24 * 3600 * G_GINT64_CONSTANT (1000);
  g_assert_false (csd_jobs_update_access (fixture->server, &error));
  g_assert_nonnull (error);
  g_assert_cmpint (get_head (fixture), ==, head + 1);
}

/* The matrix of rights over one case file: canaries in every place. */
static void
test_matrix (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *user;
    bool client, file, note;
  } matrix[] = {
    { "amina", true, true, true },   { "maria", false, false, false },
    { "bill", false, false, false }, { "chair", true, true, true },
    { "manager", true, true, true }, { "clerk", true, false, false },
  };
  g_autoptr (Client) amina = client_new (fixture, "amina");
  char person[40];
  char file[40];
  char note[40];

  client_make_case (amina, person, file);
  add_note (amina, person, file, "Canary in the mine.", note);
  for (guint i = 0; i < G_N_ELEMENTS (matrix); i++) {
    g_autoptr (Client) client = client_new (fixture, matrix[i].user);
    g_auto (GStrv) lines = client_pull (client, 0, 0, NULL);
    g_autofree char *ids = g_strdup_printf (
      "{\"ids\":[[\"client\",\"%s\"],[\"case\",\"%s\"],[\"note\",\"%s\"]]}", person, file,
      note);
    g_autoptr (Reply) fetched = client_post (client, "/v1/sync/fetch", ids);
    g_auto (GStrv) rows = reply_lines (fetched);
    g_autofree char *bucket = g_strdup_printf ("{\"bucket\":\"c:%s:notes\"}", file);
    g_autoptr (Reply) manifest = client_post (client, "/v1/sync/manifest", bucket);

    g_test_message ("%s", matrix[i].user);
    g_assert_cmpint (find_line (lines, "id", person, NULL) != NULL, ==, matrix[i].client);
    g_assert_cmpint (find_line (lines, "id", file, NULL) != NULL, ==, matrix[i].file);
    g_assert_cmpint (any_contains (lines, "Canary"), ==, matrix[i].note);
    g_assert_cmpint (find_line (rows, "t", "put", "id", person, NULL) != NULL, ==,
                     matrix[i].client);
    g_assert_cmpint (find_line (rows, "t", "put", "id", file, NULL) != NULL, ==,
                     matrix[i].file);
    g_assert_cmpint (any_contains (rows, "Canary"), ==, matrix[i].note);
    g_assert_cmpuint (manifest->status, ==, matrix[i].note ? 200 : 404);
  }
}

/* A difference about a note stays with those who may read notes. */
static void
test_conflict_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) elsewhere = client_new (fixture, "amina");
  char person[40];
  char file[40];
  char note[40];
  gint64 base = 0;
  g_autofree char *bucket = NULL;
  g_auto (GStrv) lines = NULL;

  client_make_case (amina, person, file);
  add_note (amina, person, file, "First.", note);
  base = get_head (fixture);
  client_expect (amina,
                 client_op (amina, "update", "note", note, base,
                            "{\"content\":\"Second.\"}", "{\"content\":\"First.\"}"),
                 "ok");
  client_expect (elsewhere,
                 client_op (elsewhere, "update", "note", note, base,
                            "{\"content\":\"Third.\"}", "{\"content\":\"First.\"}"),
                 "conflict");
  lines = client_pull (amina, base, 0, NULL);
  bucket = g_strdup_printf ("c:%s:notes", file);
  g_assert_nonnull (
    find_line (lines, "t", "put", "k", "sync_conflict", "b", bucket, NULL));
}

static void
test_manifest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40];
  char file[40];
  Replica replica;
  g_autoptr (Reply) all = NULL;
  g_auto (GStrv) sums = NULL;
  g_autofree char *body = NULL;
  g_autoptr (Reply) one = NULL;
  g_auto (GStrv) rows = NULL;
  g_autofree char *hash = NULL;
  const char *row = NULL;

  client_make_case (client, person, file);
  replica_init (&replica);
  pull_into (client, &replica, 0);
  all = client_post (client, "/v1/sync/manifest", "{}");
  sums = reply_lines (all);
  g_assert_cmpuint (count_lines (sums, "sum"), ==, g_hash_table_size (replica.sums));
  body = g_strdup_printf ("{\"bucket\":\"c:%s\"}", file);
  one = client_post (client, "/v1/sync/manifest", body);
  rows = reply_lines (one);
  row = find_line (rows, "t", "row", "k", "case", "id", file, NULL);
  hash = g_strdup_printf ("%016" G_GINT64_MODIFIER "x",
                          hash_of (client, g_hash_table_lookup (replica.rows, file)));
  assert_json (row, "h", hash);
  g_assert_cmpuint (count_lines (rows, "done"), ==, 1);
  replica_clear (&replica);
}

/* I21: an older database under the same place is another history. */
static void
test_restored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40];
  char file[40];
  g_autofree char *body = NULL;
  g_autofree char *epoch = NULL;

  keep_data (fixture);
  {
    g_autoptr (Reply) hello =
      reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);

    epoch = json_get (hello->body->str, "epoch");
  }
  client_make_case (client, person, file);
  body = g_strdup_printf (
    "{\"device\":\"%s\",\"inc\":\"%s\",\"epoch\":\"%s\",\"since\":%" G_GINT64_FORMAT
    ",\"schema\":1}",
    client->device, client->inc, epoch, get_head (fixture));
  {
    g_autoptr (Reply) same = client_post (client, "/v1/sync/pull", body);
    g_auto (GStrv) lines = reply_lines (same);

    g_assert_nonnull (find_line (lines, "t", "done", NULL));
  }
  put_data_back (fixture);
  {
    g_autoptr (Reply) other = client_post (client, "/v1/sync/pull", body);
    g_auto (GStrv) lines = reply_lines (other);
    g_autofree char *now = json_get (lines[0], "epoch");

    g_assert_cmpuint (g_strv_length (lines), ==, 1);
    assert_json (lines[0], "t", "epoch");
    g_assert_cmpstr (now, !=, epoch);
  }
}

/* A cursor below the horizon cannot be told what went away: it compares instead. */
static void
test_horizon (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  CsdOrganisation *organisation =
    csd_server_get_organisation (fixture->server, fixture->organisation, NULL);
  CsdStorage *storage = organisation->storage;
  gint64 since = get_head (fixture) - 2;
  gint64 seq = 0;
  g_auto (GStrv) old = NULL;
  g_auto (GStrv) fresh = NULL;

  g_assert_true (storage->begin (storage, &seq, NULL));
  g_assert_true (storage->raise_horizon (storage, seq - 1, NULL));
  g_assert_true (storage->commit (storage, NULL));
  old = client_pull (client, since, 0, NULL);
  g_assert_cmpuint (g_strv_length (old), ==, 2);
  assert_json (old[1], "t", "reconcile");
  fresh = client_pull (client, 0, 0, NULL);
  g_assert_nonnull (find_line (fresh, "t", "done", NULL));
}

static char *
make_task (Client *client, const char *file, char id[40])
{
  g_autofree char *set =
    g_strdup_printf ("{\"case\":\"%s\",\"title\":\"Ring them\",\"status\":\"pending\","
                     "\"priority\":\"low\",\"assigned_to\":\"%s\"}",
                     file, client->user);

  new_id (client->fixture, id);
  return client_op (client, "create", "task", id, 0, set, NULL);
}

static gint64
get_horizon (Fixture *fixture)
{
  CsdOrganisation *organisation =
    csd_server_get_organisation (fixture->server, fixture->organisation, NULL);

  return organisation->storage->get_horizon (organisation->storage);
}

static void
add_task (Client *client, const char *file, char id[40])
{
  g_autofree char *line = make_task (client, file, id);
  g_auto (GStrv) answers = client_push (client, line, NULL);

  assert_json (answers[0], "r", "ok");
}

/* What a pull brought that was cut, and begun anew because access had ended meanwhile, may have been deleted since: the new one
 * fills the file as it is, which says of no row that it is gone. */
static void
check_gone_after_cut_fill (Fixture *fixture, bool had_something)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Client) manager = client_new (fixture, "manager");
  g_autofree char *deleted = NULL;
  g_auto (GStrv) answers = NULL;
  Replica replica;
  char person[40], file[40], other_person[40], other_file[40];
  char task[40], kept[40], first[40], second[40];
  char *resume = NULL;

  replica_init (&replica);
  client_make_case (amina, other_person, other_file);
  give_case (manager, other_file, fixture->maria, first);
  if (had_something)
    pull_into (maria, &replica, 0);
  client_make_case (amina, person, file);
  add_task (amina, file, task);
  add_task (amina, file, kept);
  give_case (manager, file, fixture->maria, second);
  do {
    char *next = pull_page (maria, &replica, resume);
    g_free (resume);
    resume = next;
    g_assert_nonnull (resume);
  } while (!holds (&replica, task));
  deleted = client_op (amina, "delete", "task", task, get_head (fixture), "{}", NULL);
  answers = client_push (amina, deleted, NULL);
  end_assignment (manager, first);
  while (resume != NULL) {
    char *next = pull_page (maria, &replica, resume);
    g_free (resume);
    resume = next;
  }
  g_assert_false (holds (&replica, task));
  g_assert_true (holds (&replica, kept));
  g_assert_false (holds (&replica, other_file));
  check_sums (maria, &replica);
  replica_clear (&replica);
}

static void
test_gone_after_cut_fill (Fixture *fixture, gconstpointer data)
{
  check_gone_after_cut_fill (fixture, true);
}

static void
test_gone_after_cut_first_fill (Fixture *fixture, gconstpointer data)
{
  check_gone_after_cut_fill (fixture, false);
}

/* Half a year later the server no longer knows what was deleted; a device that was away all the time is told to compare,
 * and what it still has to say is taken. */
static void
test_forgotten (Fixture *fixture, gconstpointer data)
{
  const gint64 day_ms = 24 * 3600 * G_GINT64_CONSTANT (1000);
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) away = client_new (fixture, "amina");
  g_autoptr (GError) error = NULL;
  char person[40], file[40], task[40];
  g_autofree char *made = NULL;
  g_autofree char *deleted = NULL;
  g_autofree char *edit = NULL;
  g_auto (GStrv) one = NULL;
  g_auto (GStrv) two = NULL;
  g_auto (GStrv) three = NULL;
  g_auto (GStrv) young = NULL;
  g_auto (GStrv) old = NULL;
  gint64 since = 0;

  client_make_case (amina, person, file);
  made = make_task (amina, file, task);
  one = client_push (amina, made, NULL);
  assert_json (one[0], "r", "ok");
  since = get_head (fixture);
  edit = client_op (away, "update", "case", file, since, "{\"priority\":\"high\"}",
                    "{\"priority\":null}");
  deleted = client_op (amina, "delete", "task", task, since, "{}", NULL);
  two = client_push (amina, deleted, NULL);
  assert_json (two[0], "r", "ok");
  for (guint i = 0; i < 2; i++) {
    g_assert_true (csd_jobs_forget (fixture->server, 180, &error));
    g_assert_no_error (error);
    fixture->now_ms += 89 * day_ms;
  }
  {
    g_autoptr (Reply) again = client_sign_in (away, "amina", PASSWORD);

    client_take_tokens (away, again);
  }
  g_assert_true (csd_jobs_forget (fixture->server, 180, &error));
  g_assert_cmpint (get_horizon (fixture), <=, since);
  young = client_pull (away, since, 0, NULL);
  g_assert_nonnull (find_line (young, "t", "gone", "id", task, NULL));
  fixture->now_ms += 3 * day_ms;
  {
    g_autoptr (Reply) again = client_sign_in (away, "amina", PASSWORD);

    client_take_tokens (away, again);
  }
  g_assert_true (csd_jobs_forget (fixture->server, 180, &error));
  g_assert_no_error (error);
  g_assert_cmpint (get_horizon (fixture), >, since);
  old = client_pull (away, since, 0, NULL);
  g_assert_cmpuint (g_strv_length (old), ==, 2);
  assert_json (old[1], "t", "reconcile");
  three = client_push (away, edit, NULL);
  assert_json (three[0], "r", "ok");
  assert_verified (fixture);
}

/* However much there is to forget, one turn is short. */
static void
test_forgotten_in_turns (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  CsdOrganisation *organisation =
    csd_server_get_organisation (fixture->server, fixture->organisation, NULL);
  CsdStorage *storage = organisation->storage;
  char person[40], file[40];
  gint64 last = 0;
  guint turns = 0;

  client_make_case (amina, person, file);
  for (guint i = 0; i < 10; i++) {
    char task[40];
    g_autofree char *made = make_task (amina, file, task);
    g_auto (GStrv) one = client_push (amina, made, NULL);
    g_autofree char *deleted =
      client_op (amina, "delete", "task", task, get_head (fixture), "{}", NULL);
    g_auto (GStrv) two = client_push (amina, deleted, NULL);

    assert_json (two[0], "r", "ok");
  }
  while (get_horizon (fixture) < get_head (fixture)) {
    g_assert_true (storage->forget (storage, 1000, 0, 3, NULL));
    g_assert_cmpint (get_horizon (fixture), >, last);
    last = get_horizon (fixture);
    turns++;
  }
  g_assert_cmpuint (turns, ==, 4);
  assert_verified (fixture);
}

/* An administrator's command writes into the file of a running server. */
static void
test_second_process (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (CsdServer) other = NULL;
  g_autoptr (GError) error = NULL;
  char person[40];
  char file[40];
  Replica replica;

  client_make_case (amina, person, file);
  replica_init (&replica);
  pull_into (amina, &replica, 0);
  other = csd_server_open (fixture->folder, fixture->schema, &fixture->env,
                           &fixture->config, &error);
  g_assert_no_error (error);
  g_assert_true (csd_server_add_membership (other, fixture->organisation, fixture->maria,
                                            "manager", fixture->centre_a, &error));
  g_assert_no_error (error);
  client_make_case (amina, person, file);
  pull_into (amina, &replica, 0);
  assert_verified (fixture);
  {
    g_autoptr (Client) maria = client_new (fixture, "maria");
    g_auto (GStrv) lines = client_pull (maria, 0, 0, NULL);

    g_assert_nonnull (find_line (lines, "t", "put", "id", file, NULL));
  }
  replica_clear (&replica);
}

/* I1: what was answered is there after the server starts again. */
static void
test_durable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  char person[40];
  char file[40];
  gint64 head = 0;
  g_auto (GStrv) lines = NULL;

  client_make_case (client, person, file);
  head = get_head (fixture);
  fixture_restart (fixture);
  g_assert_cmpint (get_head (fixture), ==, head);
  lines = client_pull (client, 0, 0, NULL);
  g_assert_nonnull (find_line (lines, "t", "put", "id", file, NULL));
  assert_verified (fixture);
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *ahead =
    g_strdup_printf ("{\"device\":\"%s\",\"inc\":\"%s\",\"since\":999999,\"schema\":1}",
                     client->device, client->inc);
  g_autofree char *other =
    g_strdup_printf ("{\"device\":\"%s\",\"inc\":\"%s\",\"since\":0,\"schema\":1}",
                     client->inc, client->inc);
  g_autofree char *strange =
    g_strdup_printf ("{\"device\":\"%s\",\"inc\":\"%s\",\"since\":0,\"schema\":1,"
                     "\"resume\":{\"until\":77}}",
                     client->device, client->inc);
  g_autoptr (Reply) one = client_post (client, "/v1/sync/pull", ahead);
  g_autoptr (Reply) two = client_post (client, "/v1/sync/pull", other);
  g_autoptr (Reply) three = client_post (client, "/v1/sync/pull", strange);
  g_auto (GStrv) lines = reply_lines (three);

  g_assert_cmpuint (one->status, ==, 400);
  g_assert_cmpstr (one->code, ==, "since");
  g_assert_cmpuint (two->status, ==, 403);
  g_assert_cmpstr (two->code, ==, "device");
  g_assert_nonnull (find_line (lines, "t", "done", NULL));
}

#define ADD(path, func)                                                                  \
  g_test_add ("/server/pull/" path, Fixture, NULL, fixture_set_up, func,                 \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("fill", test_fill);
  ADD ("nothing-new", test_nothing_new);
  ADD ("digest", test_digest);
  ADD ("small-pages", test_small_pages);
  ADD ("access", test_access);
  ADD ("access-back", test_access_back);
  ADD ("access-during-pull", test_access_during_pull);
  ADD ("I13/access-lost-and-back-during-pull", test_access_lost_and_back_during_pull);
  ADD ("I8/gone-after-cut-fill", test_gone_after_cut_fill);
  ADD ("I8/gone-after-cut-first-fill", test_gone_after_cut_first_fill);
  ADD ("roles", test_roles);
  ADD ("role-ends", test_role_ends);
  ADD ("matrix", test_matrix);
  ADD ("conflict-place", test_conflict_place);
  ADD ("manifest", test_manifest);
  ADD ("restored", test_restored);
  ADD ("horizon", test_horizon);
  ADD ("I12/forgotten", test_forgotten);
  ADD ("forgotten-in-turns", test_forgotten_in_turns);
  ADD ("second-process", test_second_process);
  ADD ("durable", test_durable);
  ADD ("refusals", test_refusals);
  ADD ("I12-expired-beside-damage", test_expired_beside_damage);
  ADD ("I14-unreadable", test_unreadable);
  return g_test_run ();
}
