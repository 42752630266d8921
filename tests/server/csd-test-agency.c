/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-test-agency.c: a server with people, made and taken away. */
#include "config.h"

#include "server/csd-test-agency.h"

#include "core/base/csl-id.h"
#include "core/base/csl-time.h"

#include <glib/gstdio.h>

#define MEMORY "/dev/shm/csd-XXXXXX"

void
csd_test_fill_random (guint64 *state, guint8 *buffer, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    buffer[i] = (guint8) (*state >> 32);
  }
}

static gint64
agency_clock (gpointer data)
{
  return ((CsdTestAgency *) data)->now_ms;
}

static void
agency_random (gpointer data, guint8 *buffer, gsize length)
{
  csd_test_fill_random (&((CsdTestAgency *) data)->random, buffer, length);
}

void
csd_test_add_centre (const CsdTestPlace *place,
                     const char *name,
                     const char *code,
                     char ret_id[40])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CslRecord) record = NULL;
  g_autofree char *now = csl_instant_format (csl_env_wall_ms (place->env), NULL);
  CsdImport import = { .created_at = now, .created_by = place->organisation };
  CslId id = csl_id_new (place->env);

  g_strlcpy (ret_id, id.text, 40);
  record = csl_record_new (csl_schema_lookup_type (place->schema, "centre"), id.text);
  csl_record_set_text (record, "name", name);
  csl_record_set_text (record, "code", code);
  csl_record_set_text (record, "organisation", place->organisation);
  import.record = record;
  g_assert_true (
    csd_server_import (place->server, place->organisation, &import, 1, &error));
  g_assert_no_error (error);
}

void
csd_test_add_person (const CsdTestPlace *place,
                     const char *username,
                     const char *role,
                     const char *centre,
                     char ret_id[40])
{
  g_autoptr (GError) error = NULL;
  const CsdNewAccount account = { .username = username,
                                  .first_name = username,
                                  .password = CSD_TEST_PASSWORD,
                                  .role = role,
                                  .centre = centre };

  g_assert_true (csd_server_add_account (place->server, place->organisation, &account,
                                         ret_id, &error));
  g_assert_no_error (error);
}

static void
open_server (CsdTestAgency *self)
{
  g_autoptr (GError) error = NULL;

  self->server =
    csd_server_open (self->folder, self->schema, &self->env, &self->config, &error);
  g_assert_no_error (error);
}

static char *
make_folder (bool in_memory)
{
  g_autofree char *memory = g_strdup (MEMORY);
  g_autoptr (GError) error = NULL;
  char *folder;

  if (in_memory && g_mkdtemp (memory) != NULL)
    return g_steal_pointer (&memory);
  folder = g_dir_make_tmp ("csd-XXXXXX", &error);
  g_assert_no_error (error);
  return folder;
}

static void
add_people (CsdTestAgency *self)
{
  const CsdTestPlace place = { self->server, self->schema, &self->env,
                               self->organisation };

  csd_test_add_centre (&place, "A", "A", self->centre_a);
  csd_test_add_centre (&place, "B", "B", self->centre_b);
  csd_test_add_person (&place, "amina", "caseworker", self->centre_a, self->amina);
  csd_test_add_person (&place, "maria", "caseworker", self->centre_a, self->maria);
  csd_test_add_person (&place, "bill", "caseworker", self->centre_b, self->bill);
  csd_test_add_person (&place, "chair", "chair", self->centre_a, self->chair);
  csd_test_add_person (&place, "manager", "manager", self->centre_a, self->manager);
  csd_test_add_person (&place, "clerk", "clerk", self->centre_a, self->clerk);
}

void
csd_test_agency_init (CsdTestAgency *self, bool in_memory)
{
  g_autoptr (GError) error = NULL;

  self->folder = make_folder (in_memory);
  self->env = (CslEnv){ agency_clock, agency_clock, agency_random, self };
  self->now_ms = G_GINT64_CONSTANT (1795000000000);
  self->signs_in_at = "riverside";
  self->random = 88172645463325252u;
  self->schema = csl_schema_new_builtin ();
  csd_server_config_init (&self->config);
  self->config.password_cost = (CsdPasswordCost){ 1, 8192 };
  g_assert_true (csd_server_create (self->folder, &self->env, &error));
  g_assert_no_error (error);
  open_server (self);
  g_assert_true (csd_server_add_organisation (self->server, "riverside",
                                              "Riverside Advice", self->organisation,
                                              &error));
  g_assert_no_error (error);
  add_people (self);
}

void
csd_test_agency_restart (CsdTestAgency *self)
{
  csd_server_free (self->server);
  open_server (self);
}

void
csd_test_agency_clear (CsdTestAgency *self)
{
  g_autoptr (GDir) folder = NULL;
  const char *name;

  csd_server_free (self->server);
  csl_schema_unref (self->schema);
  folder = g_dir_open (self->folder, 0, NULL);
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
}

void
csd_test_agency_verify (CsdTestAgency *self)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  g_assert_true (csd_server_verify (self->server, self->organisation, findings, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < findings->len; i++)
    g_test_message ("%s", (const char *) g_ptr_array_index (findings, i));
  g_assert_cmpuint (findings->len, ==, 0);
}

static void
write_cb (CsdResponse *response, const char *text, gsize length, gpointer data)
{
  g_string_append_len (data, text, (gssize) length);
}

void
csd_test_ask (CsdServer *server,
              const CsdRequest *request,
              CsdResponse *ret_head,
              GString *body)
{
  csd_response_init (ret_head, write_cb, body);
  csd_server_handle (server, request, ret_head);
}
