/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is imported has the form that clients and pushes give it, so that everybody's checksums agree. */
#include "core/wire/csl-wire-record.h"
#include "server/csd-fixture.h"

#include <string.h>

static CslRecord *
new_category (Fixture *fixture, const char *name, char id[40])
{
  CslRecord *record = NULL;

  new_id (fixture, id);
  record = csl_record_new (csl_schema_lookup_type (fixture->schema, "note_category"), id);
  csl_record_set_text (record, "name", name);
  csl_record_set_bool (record, "is_active", true);
  return record;
}

static bool
import (Fixture *fixture, const CslRecord *record, GError **error)
{
  const CsdImport import = { .record = (CslRecord *) record,
                             .created_at = "2026-11-18T10:00:00.000Z" };

  return csd_server_import (fixture->server, fixture->organisation, &import, 1, error);
}

/* As a client computes it: from what it read. */
static char *
dup_hash (Fixture *fixture, const char *put)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *id = json_get (put, "id");
  g_autofree char *rev = json_get (put, "rev");
  g_autoptr (CslRecord) record =
    csl_record_new (csl_schema_lookup_type (fixture->schema, "note_category"), id);

  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, put, strlen (put), &csl_json_limits_line, NULL));
  g_assert_true (
    csl_wire_record_read (record, &json, csl_json_member (&json, 0, "d"), NULL));
  record->rev = g_ascii_strtoll (rev, NULL, 10);
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x", csl_wire_record_hash (record));
}

static void
test_text_is_trimmed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "chair");
  g_autoptr (GError) error = NULL;
  g_autofree char *body =
    g_strdup_printf ("{\"bucket\":\"a:%s\"}", fixture->organisation);
  char id[40];
  g_autoptr (CslRecord) record = new_category (fixture, " \n Home visits\t ", id);
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) rows = NULL;
  g_autoptr (Reply) manifest = NULL;
  g_autofree char *hash = NULL;
  const char *put = NULL;

  g_assert_true (import (fixture, record, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (csl_record_get_text (record, "name"), ==, " \n Home visits\t ");
  lines = client_pull (client, 0, 0, NULL);
  put = find_line (lines, "t", "put", "id", id, NULL);
  g_assert_nonnull (put);
  g_assert_nonnull (strstr (put, "\"name\":\"Home visits\""));
  hash = dup_hash (fixture, put);
  manifest = client_post (client, "/v1/sync/manifest", body);
  rows = reply_lines (manifest);
  g_assert_nonnull (find_line (rows, "t", "row", "id", id, "h", hash, NULL));
  assert_verified (fixture);
}

/* What becomes nothing by trimming is missing. */
static void
test_only_spaces (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 head = get_head (fixture);
  char id[40];
  g_autoptr (CslRecord) record = new_category (fixture, "  \t", id);

  g_assert_false (import (fixture, record, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, id));
  g_assert_nonnull (strstr (error->message, "note_category"));
  g_assert_nonnull (strstr (error->message, "name"));
  g_assert_cmpint (get_head (fixture), ==, head);
}

/* Nothing that a client could not read back gets in. */
static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "Latin \xe9 text", "Cut \xf0\x9f\x98" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;
    gint64 head = get_head (fixture);
    char id[40];
    g_autoptr (CslRecord) record = new_category (fixture, names[i], id);

    g_assert_false (import (fixture, record, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    g_assert_nonnull (strstr (error->message, id));
    g_assert_nonnull (strstr (error->message, "note_category"));
    g_assert_cmpint (get_head (fixture), ==, head);
  }
}

#define ADD(path, func)                                                                  \
  g_test_add ("/server/import/" path, Fixture, NULL, fixture_set_up, func,               \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("text-is-trimmed", test_text_is_trimmed);
  ADD ("only-spaces", test_only_spaces);
  ADD ("unreadable", test_unreadable);
  return g_test_run ();
}
