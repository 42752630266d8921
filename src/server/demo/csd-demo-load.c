/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-load.h"

#include "server/auth/csd-password.h"
#include "server/csd-admin.h"
#include "server/demo/csd-demo.h"

#include <sodium.h>

/* Imported together; parents come before children. */
#define BATCH 5000

static const CsdDemoSize size_of_each = { 200, 310, 4000 };

typedef struct
{
  CsdServer *server; /* (unowned) */
  const char *organisation;
  GPtrArray *records; /* (owned) of CslRecord */
  GArray *imports;    /* (owned) of CsdImport */
  GPtrArray *texts;   /* (owned): what imports points at */
} Loading;

static bool
flush (Loading *loading, GError **error)
{
  bool done = csd_server_import (loading->server, loading->organisation,
                                 (const CsdImport *) (void *) loading->imports->data,
                                 loading->imports->len, error);

  g_array_set_size (loading->imports, 0);
  g_ptr_array_set_size (loading->records, 0);
  g_ptr_array_set_size (loading->texts, 0);
  return done;
}

static char *
keep (Loading *loading, const char *text)
{
  char *copy = g_strdup (text);

  if (copy != NULL)
    g_ptr_array_add (loading->texts, copy);
  return copy;
}

static bool
import_cb (CslRecord *record,
           const char *created_at,
           const char *created_by,
           gpointer data,
           GError **error)
{
  Loading *loading = data;
  CsdImport import = { .record = csl_record_copy (record) };

  import.created_at = keep (loading, created_at);
  import.created_by = keep (loading, created_by);
  g_ptr_array_add (loading->records, import.record);
  g_array_append_val (loading->imports, import);
  return loading->imports->len < BATCH || flush (loading, error);
}

/* Four short syllable pairs and two digits: to be read off a screen and typed. */
static void
try_password (char password[CSD_DEMO_PASSWORD_SIZE])
{
  static const char consonants[] = "bdfghjkmnprstvz";
  static const char vowels[] = "aeiou";
  char *out = password;

  for (guint i = 0; i < 8; i++) {
    *out++ = consonants[randombytes_uniform (sizeof consonants - 1)];
    *out++ = vowels[randombytes_uniform (sizeof vowels - 1)];
    if (i == 3)
      *out++ = '-';
  }
  *out++ = (char) ('0' + randombytes_uniform (10));
  *out++ = (char) ('0' + randombytes_uniform (10));
  *out = '\0';
}

/* Now and then the syllables make a user name, and the server refuses that. */
void
csd_demo_make_password (const char *username, char ret_password[CSD_DEMO_PASSWORD_SIZE])
{
  do
    try_password (ret_password);
  while (csd_password_refuse (ret_password, username) != NULL);
}

static bool
add_accounts (CsdServer *server,
              const CsdDemoAgency *agency,
              CsdDemoAccountFunc report,
              gpointer data,
              GError **error)
{
  for (guint i = 0; i < agency->workers->len; i++) {
    const CsdDemoWorker *worker = agency->workers->pdata[i];
    char password[CSD_DEMO_PASSWORD_SIZE];
    CsdNewAccount account = { .user = worker->id,
                              .username = worker->username,
                              .first_name = worker->first,
                              .last_name = worker->last,
                              .password = password };
    CsdDemoAccount made = { .organisation_code = agency->code,
                            .organisation_name = agency->name,
                            .centre_name = worker->centre != NULL ? worker->centre->name
                                                                  : NULL,
                            .first_name = worker->first,
                            .last_name = worker->last,
                            .username = worker->username,
                            .role = worker->role,
                            .password = password };

    csd_demo_make_password (worker->username, password);
    if (!csd_server_add_login (server, agency->id, &account, error))
      return false;
    report (&made, data);
    sodium_memzero (password, sizeof password);
  }
  return true;
}

static bool
load_agency (CsdServer *server,
             CsdDemoWorld *world,
             const char *key,
             CsdDemoAccountFunc report,
             gpointer data,
             GError **error)
{
  g_autoptr (CslRecord) organisation = csd_demo_make_organisation (world, key);
  g_autoptr (GPtrArray) records =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_free);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) imports = g_array_new (FALSE, FALSE, sizeof (CsdImport));
  Loading loading = { server, organisation->id, records, imports, texts };
  g_autoptr (CsdDemoAgency) agency = NULL;
  CsdDemoCount count;

  if (!csd_server_add_organisation_record (server, organisation, error))
    return false;
  world->sink = import_cb;
  world->sink_data = &loading;
  agency = csd_demo_make (world, key, organisation->id, &size_of_each, &count);
  if (agency == NULL) {
    g_propagate_error (error, g_steal_pointer (&world->error));
    return false;
  }
  return flush (&loading, error) && add_accounts (server, agency, report, data, error);
}

bool
csd_demo_load (CsdServer *server,
               const CslSchema *schema,
               guint32 seed,
               gint64 now_ms,
               CsdDemoAccountFunc report,
               gpointer data,
               GError **error)
{
  g_autoptr (CsdDemoCorpus) corpus = csd_demo_corpus_load (error);
  g_autofree const char **keys = NULL;
  CsdDemoWorld world;
  bool done = true;

  if (corpus == NULL)
    return false;
  keys = csd_demo_list_agencies (corpus);
  csd_demo_world_init (&world, schema, corpus, seed, now_ms);
  for (guint i = 0; done && keys[i] != NULL; i++)
    done = load_agency (server, &world, keys[i], report, data, error);
  csd_demo_world_clear (&world);
  return done;
}
