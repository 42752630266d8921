/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-world.c: fills a server's folder. */
#include "bench/bench-world.h"

#include "core/base/csl-time.h"
#include "server/csd-admin.h"

#define SLICE 5000

typedef struct
{
  BenchWorld *world; /* (unowned) */
  BenchNotes *notes; /* (unowned) */
  CsdServer *server; /* (unowned) */
  GArray *imports;   /* (owned) of CsdImport */
} Filling;

static void
flush (Filling *filling)
{
  g_autoptr (GError) error = NULL;
  GArray *imports = filling->imports;

  if (!csd_server_import (filling->server, filling->world->organisation,
                          (const CsdImport *) (gpointer) imports->data, imports->len,
                          &error))
    g_error ("%s", error->message);
  for (guint i = 0; i < imports->len; i++) {
    CsdImport *import = &g_array_index (imports, CsdImport, i);

    csl_record_free (import->record);
    g_free ((char *) import->created_at);
  }
  g_array_set_size (imports, 0);
}

/* Takes @record. */
static void
add (Filling *filling, CslRecord *record, const char *author)
{
  CsdImport import = { .record = record,
                       .created_by = author,
                       .created_at = csl_instant_format (filling->notes->now_ms, NULL) };

  g_array_append_val (filling->imports, import);
  if (filling->imports->len >= SLICE)
    flush (filling);
}

static CslRecord *
new_record (Filling *filling, const char *type, char ret_id[40])
{
  bench_notes_new_id (filling->notes, ret_id);
  return csl_record_new (csl_schema_lookup_type (filling->world->schema, type), ret_id);
}

static void
add_centre (Filling *filling)
{
  BenchWorld *self = filling->world;
  CslRecord *centre = new_record (filling, "centre", self->centre);

  csl_record_set_text (centre, "name", "Riverside");
  csl_record_set_text (centre, "code", "R");
  csl_record_set_text (centre, "organisation", self->organisation);
  add (filling, centre, self->organisation);
  flush (filling);
}

static void
add_person (Filling *filling, const char *username, char ret_id[40])
{
  const CsdNewAccount account = { .username = username,
                                  .first_name = username,
                                  .password = BENCH_PASSWORD,
                                  .role = "caseworker",
                                  .centre = filling->world->centre };
  g_autoptr (GError) error = NULL;

  if (!csd_server_add_account (filling->server, filling->world->organisation, &account,
                               ret_id, &error))
    g_error ("%s", error->message);
}

static void
add_assignment (Filling *filling, const char *case_id, const char *user)
{
  g_autofree char *from = csl_instant_format (filling->notes->now_ms, NULL);
  char id[40];
  CslRecord *record = new_record (filling, "case_assignment", id);

  csl_record_set_text (record, "case", case_id);
  csl_record_set_text (record, "user", user);
  csl_record_set_text (record, "duty", "lead");
  csl_record_set_text (record, "from_at", from);
  add (filling, record, user);
}

static void
add_case (Filling *filling)
{
  BenchWorld *self = filling->world;
  char client[40], id[40];
  CslRecord *record = new_record (filling, "client", client);
  g_autofree char *title = bench_notes_dup_text (filling->notes, 40);

  csl_record_set_text (record, "first_name", bench_notes_pick_word (filling->notes));
  csl_record_set_text (record, "last_name", bench_notes_pick_word (filling->notes));
  csl_record_set_text (record, "centre", self->centre);
  add (filling, record, self->amina);
  record = new_record (filling, "case", id);
  csl_record_set_text (record, "client", client);
  csl_record_set_text (record, "title", title);
  csl_record_set_text (record, "status", "in_progress");
  csl_record_set_text (record, "priority", "medium");
  csl_record_set_text (record, "centre", self->centre);
  csl_record_set_text (record, "case_type", "debt_advice");
  csl_record_set_text (record, "advisor", self->amina);
  add (filling, record, self->amina);
  add_assignment (filling, id, self->amina);
  add_assignment (filling, id, self->maria);
  g_ptr_array_add (self->cases, g_strdup (id));
  g_ptr_array_add (self->clients, g_strdup (client));
}

static CsdServer *
open_server (BenchWorld *self, BenchNotes *notes)
{
  g_autoptr (GError) error = NULL;
  CsdServerConfig config;
  CsdServer *server = NULL;

  csd_server_config_init (&config);
  if (!csd_server_create (self->folder, &notes->env, &error))
    g_error ("%s", error->message);
  server = csd_server_open (self->folder, self->schema, &notes->env, &config, &error);
  if (server == NULL || !csd_server_add_organisation (server, BENCH_CODE, "Riverside",
                                                      self->organisation, &error))
    g_error ("%s", error->message);
  return server;
}

void
bench_world_init (BenchWorld *self,
                  BenchNotes *notes,
                  const CslSchema *schema,
                  const char *folder,
                  guint n_cases,
                  guint n_notes)
{
  Filling filling = { .world = self,
                      .notes = notes,
                      .imports = g_array_new (FALSE, FALSE, sizeof (CsdImport)) };

  *self = (BenchWorld){ .schema = schema };
  self->folder = g_build_filename (folder, "server", NULL);
  self->cases = g_ptr_array_new_with_free_func (g_free);
  self->clients = g_ptr_array_new_with_free_func (g_free);
  filling.server = open_server (self, notes);
  add_centre (&filling);
  add_person (&filling, "amina", self->amina);
  add_person (&filling, "maria", self->maria);
  for (guint i = 0; i < n_cases; i++)
    add_case (&filling);
  for (guint i = 0; i < n_notes; i++)
    add (&filling,
         bench_notes_new_note (notes, schema, self->clients->pdata[i % n_cases],
                               self->cases->pdata[i % n_cases], self->amina),
         self->amina);
  flush (&filling);
  g_array_unref (filling.imports);
  csd_server_free (filling.server);
}

void
bench_world_clear (BenchWorld *self)
{
  g_free (self->folder);
  g_clear_pointer (&self->cases, g_ptr_array_unref);
  g_clear_pointer (&self->clients, g_ptr_array_unref);
}
