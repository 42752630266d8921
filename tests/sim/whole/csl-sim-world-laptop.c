/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-world-laptop.c: a computer that is lost, and comes by a network once more. It gets the order to remove its copy;
 * what was never sent from it is sealed first, and taken in from there: the author, on a new computer, misses no word. */
#include "client/app/csl-removal.h"
#include "server/csd-devices.h"
#include "server/csd-test-agency.h"
#include "sim/whole/csl-sim-act.h"
#include "sim/whole/csl-sim-check.h"
#include "sim/whole/csl-sim-worlds.h"
#include "store/csl-sealed.h"

#include <sodium.h>
#include <string.h>

#define LAPTOP     1 /* the device */
#define NEW_NUMBER 3
#define UNSENT     12 /* acts */
#define PASSPHRASE "correct horse battery staple"

static void
expect (CslSimClient *client, bool good, const char *what, const GError *error)
{
  if (!good)
    csl_sim_fail (client->world, client->name, "removal: %s: %s", what,
                  error != NULL ? error->message : "it is not so");
}

static bool
pin_work (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_removal_pin_keys (replica, data, true, error);
}

/* The organisation's keys come with the password. */
static void
learn_keys (CslSimClient *client)
{
  const CslSignIn form = { .username = client->person->username,
                           .organisation = csl_sim_codes[client->organisation],
                           .password = CSD_TEST_PASSWORD,
                           .device_name = client->name };
  g_auto (CslExchangeReply) reply = { 0 };
  g_auto (CslTokens) tokens = { 0 };
  g_autoptr (GError) error = NULL;

  expect (client,
          csl_credentials_sign_in (client->credentials, &form, client->transport, &tokens,
                                   &reply, NULL, &error),
          "signing in", error);
  expect (client, csl_vault_run (client->vault, 0, pin_work, &tokens, &error),
          "the keys are not kept", error);
}

static bool
ordered_work (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  *(bool *) data = csl_removal_is_ordered (replica);
  return true;
}

static bool
prepare_work (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  return csl_removal_prepare (replica, data, error);
}

/* The order comes and is obeyed; returns the box. */
static GBytes *
remove_copy (CslSimClient *client)
{
  g_autofree char *folder = g_path_get_dirname (client->path);
  g_autofree char *path = g_build_filename (folder, "box-0.sealed", NULL);
  CslRemovalPlace place = { .folder = folder,
                            .server = "https://caseload.example.org",
                            .organisation = "Riverside",
                            .credentials = client->credentials };
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  bool ordered = false;

  csl_sim_client_sync (client);
  expect (client,
          csl_vault_run (client->vault, 0, ordered_work, &ordered, NULL) && ordered,
          "no order came", NULL);
  expect (client, csl_vault_run (client->vault, 0, prepare_work, &place, &error),
          "nothing is sealed", error);
  expect (client, g_file_get_contents (path, &content, &length, &error), "the box",
          error);
  expect (client, g_strstr_len (content, (gssize) length, "zqtk") == NULL,
          "I12: the box can be read", NULL);
  return g_bytes_new_take (g_steal_pointer (&content), length);
}

typedef struct
{
  CslSimClient *author;
  guint n;
} Taken;

/* What the server refuses is told to whoever opened the box, with its words; it is still in there. */
static void
taken_in_cb (const CslAnswer *answer, const char *line, gpointer data)
{
  Taken *taken = data;
  g_autoptr (GHashTable) words =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer word;

  taken->n++;
  if (answer->verdict != CSL_VERDICT_REJECTED && answer->verdict != CSL_VERDICT_HELD)
    return;
  csl_sim_check_collect_words (line, "box", words);
  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    csl_sim_act_forget_word (taken->author, word);
}

/* Whoever has the passphrase opens the box, and the server judges what is in it as if its author had sent it now. */
static void
take_in (CslSimClient *client, GBytes *box, guint unsent)
{
  CslSimWorld *world = client->world;
  const char *organisation = world->organisations[client->organisation].id;
  guint8 private_key[CSD_RECOVERY_KEY_SIZE];
  guint8 public_key[CSD_RECOVERY_KEY_SIZE];
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (CslWorkCopy) copy = { 0 };
  gsize length = 0;
  const char *text;
  Taken taken = { client, 0 };

  expect (client,
          csd_server_open_recovery_key (world->server, organisation, PASSPHRASE,
                                        private_key, &error),
          "the key does not open", error);
  crypto_scalarmult_base (public_key, private_key);
  content = csl_sealed_read_with_key (public_key, private_key, box, &error);
  expect (client, content != NULL, "the box does not open", error);
  text = g_bytes_get_data (content, &length);
  expect (client, csl_work_copy_parse (&copy, text, length, &error), "the box is no copy",
          error);
  expect (client, copy.lines->len == unsent, "I2: the box has not all", NULL);
  expect (client, csd_server_take_in (world->server, &copy, taken_in_cb, &taken, &error),
          "the copy is not taken in", error);
  expect (client, taken.n == unsent, "I2: not all was answered", NULL);
}

/* The same person on a new computer, who remembers every word. */
static CslSimClient *
replace (CslSimClient *lost)
{
  CslSimClient *fresh = csl_sim_client_new (lost->world, lost->schema,
                                            (guint) (lost->person - csl_sim_people),
                                            NEW_NUMBER);

  for (guint i = 0; i < lost->tokens->len; i++)
    g_ptr_array_add (fresh->tokens, g_strdup (lost->tokens->pdata[i]));
  fresh->saved_tokens = fresh->tokens->len;
  csl_sim_client_free (lost);
  return fresh;
}

void
csl_sim_world_laptop_play (CslSimWorld *world, CslSimClient **clients)
{
  CslSimClient *laptop = clients[LAPTOP];
  const char *organisation = world->organisations[laptop->organisation].id;
  g_autoptr (GBytes) box = NULL;
  g_autoptr (GError) error = NULL;
  CslOutboxCounts counts;

  expect (laptop,
          csd_server_make_recovery_key (world->server, organisation, PASSPHRASE, &error),
          "no recovery key", error);
  learn_keys (laptop);
  /* The laptop has sent something: the numbers of its box are others. */
  for (guint i = 0; i < CSL_SIM_DEVICES; i++) {
    csl_sim_client_act (clients[i]);
    csl_sim_client_sync (clients[i]);
  }
  csl_sim_client_sync (laptop);
  for (guint i = 0; i < UNSENT; i++)
    csl_sim_client_act (laptop);
  counts = csl_sim_client_count (laptop);
  expect (laptop,
          csd_server_set_device_status (world->server, laptop->device, NULL,
                                        CSD_DEVICE_WIPE_PENDING, &error),
          "no order is given", error);
  box = remove_copy (laptop);
  take_in (laptop, box,
           counts.queued + counts.sent + counts.held + counts.rejected + counts.conflict);
  clients[LAPTOP] = replace (laptop);
}
