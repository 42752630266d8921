/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-twin.c: I18: the same operations in the same order come to the same. Now and then a push goes to a copy of the
 * server as well, as it was just before: group by group, the first one twice, and every computer's clock stands still. */
#include "sim/whole/csl-sim-twin.h"

#include "server/csd-server-private.h"
#include "server/csd-test-agency.h"

#include <glib/gstdio.h>
#include <string.h>

#define EVERY 29 /* exchange or so */

struct _CslSimTwin
{
  CslSimWorld *world;
  char *folder;      /* (owned) */
  CslSimDisk *disk;  /* (owned) */
  CsdServer *server; /* (owned) */
  guint64 random;    /* of the world, before the push */
};

CslSimTwin *
csl_sim_twin_new (CslSimWorld *world, const char *path)
{
  const CslSimDiskFaults none = { 0 };
  g_autofree char *source = g_build_filename (world->folder, "server", NULL);
  g_autofree char *name = NULL;
  CslSimTwin *self;

  if (strcmp (path, "/v1/sync/push") != 0 ||
      world->tally.counts[CSL_SIM_EXCHANGES] % EVERY != 0 ||
      memcmp (csl_sim_disk_get_faults (world->disk), &none, sizeof none) != 0)
    return NULL;
  self = g_new0 (CslSimTwin, 1);
  self->world = world;
  self->random = world->random;
  name = g_strdup_printf ("twin-%u", world->n_twins++);
  self->folder = g_build_filename (world->folder, name, NULL);
  g_assert_cmpint (g_mkdir (self->folder, 0700), ==, 0);
  csl_sim_world_copy_plain_files (source, self->folder);
  self->disk = csl_sim_disk_copy (world->disk, self->folder, 0);
  return self;
}

void
csl_sim_twin_free (CslSimTwin *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->server, csd_server_free);
  csl_sim_disk_free (self->disk);
  g_free (self->folder);
  g_free (self);
}

static CslDb *
open_data (CslSimTwin *self, guint organisation)
{
  g_autofree char *name =
    g_strdup_printf ("org-%s.db", self->world->organisations[organisation].id);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  CslDb *db = csl_db_open (path, NULL, CSL_DB_READ_ONLY, &error);

  g_assert_no_error (error);
  return db;
}

/* Every record with its content. When a computer's clock says that work was written is told as it is. */
static char *
dump (CslDb *db)
{
  static const char sql[] =
    "SELECT r.id || ' ' || r.type || ' ' || r.state || ' ' || b.name || ' ' ||"
    " coalesce (json_remove (r.doc, '$.written_at'), '') FROM _rec r"
    " JOIN _bucket b ON b.bucket = r.bucket ORDER BY r.id";
  csl_auto_reset CslStmt *stmt = csl_db_prepare (db, sql, NULL);
  GString *text = g_string_new (NULL);

  g_assert_nonnull (stmt);
  while (csl_stmt_step (stmt, NULL))
    g_string_append (g_string_append (text, csl_stmt_get_text (stmt, 0)), "\n");
  return g_string_free (text, FALSE);
}

static char *
dup_member (const char *line, const char *name)
{
  g_autofree char *start = g_strdup_printf ("\"%s\":\"", name);
  const char *at = strstr (line, start);
  const char *end = at != NULL ? strchr (at + strlen (start), '"') : NULL;

  return end != NULL
           ? g_strndup (at + strlen (start), (gsize) (end - at) - strlen (start))
           : g_strdup ("");
}

/* What is known already must come as it came. */
static bool
is_known (CslDb *db, const char *line)
{
  g_autofree char *op = dup_member (line, "op");
  csl_auto_reset CslStmt *stmt =
    csl_db_prepare (db, "SELECT 1 FROM _op WHERE op = ?1", NULL);

  csl_stmt_bind_text_at (stmt, 1, op);
  return csl_stmt_step (stmt, NULL);
}

static void
append_line (GString *text, CslDb *db, const char *line)
{
  const char *at = strstr (line, "\"at\":{");
  const char *end = at != NULL ? strchr (at, '}') : NULL;

  if (end == NULL || is_known (db, line))
    g_string_append (text, line);
  else
    g_string_append_printf (
      text, "%.*s\"at\":{\"wall\":\"2001-01-01T00:00:00.000Z\",\"mono\":1}%s",
      (int) (at - line), line, end + 1);
  g_string_append_c (text, '\n');
}

/* FALSE: it reads nothing more of this push. */
static bool
send_group (CslSimTwin *self, const char *authorization, const GString *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text->str, text->len);
  g_autoptr (GString) answer = g_string_new (NULL);
  CsdRequest request = { .method = "POST",
                         .path = "/v1/sync/push",
                         .authorization = authorization,
                         .body = body,
                         .remote = "192.0.2.1" };
  CsdResponse head = { 0 };

  csd_test_ask (self->server, &request, &head, answer);
  if (head.status != 200)
    csl_sim_fail (self->world, "server", "I18: the same push is answered %u %s",
                  head.status, answer->str);
  return strstr (answer->str, "{\"t\":") == NULL;
}

static void
send_all (CslSimTwin *self, guint organisation, const char *authorization, GBytes *body)
{
  g_autoptr (CslDb) db = open_data (self, organisation);
  g_autofree char *text =
    g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint i = 1;

  for (guint n = 0; lines[0] != NULL && lines[i] != NULL && *lines[i] != '\0'; n++) {
    g_autofree char *group = dup_member (lines[i], "g");
    g_autoptr (GString) part = g_string_new (lines[0]);

    g_string_append_c (part, '\n');
    for (; lines[i] != NULL && *lines[i] != '\0'; i++) {
      g_autofree char *other = dup_member (lines[i], "g");

      if (strcmp (group, other) != 0)
        break;
      append_line (part, db, lines[i]);
    }
    if (!send_group (self, authorization, part) ||
        (n == 0 && !send_group (self, authorization, part)))
      return;
  }
}

/* Whose they are is in the token: the other organisation stays as it is. */
static guint
find_organisation (CslSimTwin *self, GBytes *body)
{
  g_autofree char *text =
    g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  const char *lines = strchr (text, '\n');
  g_autofree char *by = dup_member (lines != NULL ? lines : "", "by");

  for (guint i = 0; i < CSL_SIM_PEOPLE; i++)
    if (strcmp (self->world->users[i], by) == 0)
      return csl_sim_people[i].organisation;
  return 0;
}

void
csl_sim_twin_compare (CslSimTwin *self, const char *authorization, GBytes *body)
{
  CslSimWorld *world = self->world;
  const guint organisation = find_organisation (self, body);
  const guint64 random = world->random;
  g_autofree char *wanted = dump (csl_sim_server_observe (world, organisation));
  g_autofree char *got = NULL;
  g_autoptr (CslDb) db = NULL;
  g_autoptr (GError) error = NULL;

  self->server =
    csd_server_open (self->folder, world->schema, &world->env, &world->config, &error);
  g_assert_no_error (error);
  g_assert_nonnull (csd_server_get_organisation (self->server,
                                                 world->organisations[organisation].id,
                                                 &error));
  world->random = self->random;
  send_all (self, organisation, authorization, body);
  world->random = random;
  db = open_data (self, organisation);
  got = dump (db);
  csl_sim_world_count (world, CSL_SIM_CHECKED_TWIN);
  if (strcmp (got, wanted) != 0)
    csl_sim_fail (world, "server", "I18: the same operations came to\n%s\nand to\n%s",
                  wanted, got);
}
