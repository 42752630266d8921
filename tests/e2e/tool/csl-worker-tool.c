/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-worker-tool.c: a worker without a screen, through the same session as the pages use. The account must be closed.
 *
 *   csl-worker-tool FOLDER PIN tasks CASE COUNT BAD   saves COUNT tasks on a case; the title of number BAD is too long
 *   csl-worker-tool FOLDER PIN key                    prints the replica's key; the account may be open
 *   csl-worker-tool FOLDER PIN damage                 breaks a page without which the replica does not open, though its outbox
 *                                                     can be read
 *   csl-worker-tool FOLDER PIN dump                   prints every record of the replica: type, id and content, a line each
 */
#include "client/app/csl-account-private.h"
#include "client/app/csl-key-file.h"
#include "client/app/csl-lease.h"
#include "core/schema/csl-query.h"
#include "core/wire/csl-wire-record.h"
#include "store/csl-env-system.h"
#include "store/csl-replica-rescue.h"
#include "store/csl-store-error.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#define PAGE 4096

typedef struct
{
  CslSession *session; /* (owned) (nullable) */
  GError *error;
  guint waiting;
} Worker;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Worker *worker = data;

  worker->session =
    csl_account_unlock_finish (CSL_ACCOUNT (source), result, &worker->error);
  worker->waiting--;
}

static void
wait_for_all (Worker *worker)
{
  while (worker->waiting > 0)
    g_main_context_iteration (NULL, TRUE);
}

static bool
open_session (Worker *worker, const char *folder, const char *pin)
{
  g_autoptr (GListModel) accounts = csl_account_list (folder);
  g_autoptr (CslAccount) account = g_list_model_get_item (accounts, 0);

  if (account == NULL) {
    g_printerr ("nobody works in %s\n", folder);
    return false;
  }
  worker->waiting++;
  csl_account_unlock_async (account, &(CslUnlockFactors){ .pin = pin }, NULL, opened_cb,
                            worker);
  wait_for_all (worker);
  if (worker->session == NULL)
    g_printerr ("%s\n", worker->error->message);
  return worker->session != NULL;
}

/* -- tasks -- */

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Worker *worker = data;

  worker->waiting--;
  if (!csl_session_save_finish (CSL_SESSION (source), result,
                                worker->error == NULL ? &worker->error : NULL))
    g_printerr ("not saved\n");
}

static void
save_task (Worker *worker, CslRecordItem *about, int number, bool bad)
{
  g_autoptr (CslRecord) task = csl_session_new_record (worker->session, "task");
  g_autoptr (CslEdit) edit = csl_edit_new ();
  g_autofree char *title = g_strdup_printf ("Task number %d", number);
  g_autofree char *rest = g_strnfill (bad ? 600 : 0, 'x');
  g_autofree char *whole = g_strconcat (title, bad ? " " : "", rest, NULL);

  csl_record_set_text (task, "title", whole);
  csl_record_set_text (task, "case", csl_record_item_get_id (about));
  csl_record_set_text (task, "client", csl_record_item_get_text (about, "client"));
  csl_edit_add (edit, NULL, task);
  worker->waiting++;
  csl_session_save_async (worker->session, edit, NULL, saved_cb, worker);
  wait_for_all (worker);
}

static bool
save_tasks (Worker *worker, const char *case_id, int count, int bad)
{
  g_autoptr (CslRecordItem) about = csl_session_lookup (worker->session, "case", case_id);

  if (about == NULL) {
    g_printerr ("no such case\n");
    return false;
  }
  for (int i = 1; i <= count && worker->error == NULL; i++)
    save_task (worker, about, i, i == bad);
  return worker->error == NULL;
}

/* -- dump -- */

static void
dump_type (CslSession *session, const CslRecordType *type)
{
  g_autoptr (CslQuery) query = csl_query_new (type);
  g_autoptr (GListModel) records = csl_session_list (session, query);

  for (guint i = 0; i < g_list_model_get_n_items (records); i++) {
    g_autoptr (CslRecordItem) item = g_list_model_get_item (records, i);
    g_autoptr (GString) content = g_string_new (NULL);

    csl_wire_record_write (csl_record_item_get_record (item), content);
    printf ("%s\t%s\t%s\n", type->name, csl_record_item_get_id (item), content->str);
  }
}

static bool
dump (Worker *worker)
{
  const CslSchema *schema = csl_session_get_schema (worker->session);

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++)
    dump_type (worker->session, csl_schema_get_type (schema, i));
  return true;
}

/* -- key -- */

static CslSecret *
look_up_key (CslAccount *account, const char *pin)
{
  g_autofree char *keys = csl_account_dup_keys_path (account);
  g_autofree char *lease = csl_account_dup_lease_path (account);
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSecret) typed = csl_secret_new ((const guint8 *) pin, strlen (pin));
  g_autoptr (CslSecret) share =
    csl_lease_lookup_sync (lease, g_get_real_time () / 1000, NULL);
  g_autoptr (CslSecret) part = csl_keyring_lookup_sync (csl_account_get_id (account),
                                                        CSL_KEYRING_LOCK_SECRET, NULL,
                                                        &error);
  CslKeyFactors factors = { .keyring = part, .pin = typed, .share = share };
  CslSecret *key = NULL;

  if (part != NULL)
    key = csl_key_file_unwrap_sync (keys, CSL_KEY_SLOT_PIN, &factors, &error);
  if (key == NULL)
    g_printerr ("%s\n", error->message);
  return key;
}

static bool
print_key (const char *folder, const char *pin)
{
  g_autoptr (GListModel) accounts = csl_account_list (folder);
  g_autoptr (CslAccount) account = g_list_model_get_item (accounts, 0);
  g_autoptr (CslSecret) key = look_up_key (account, pin);

  for (gsize i = 0; key != NULL && i < csl_secret_get_length (key); i++)
    printf ("%02x", csl_secret_get_bytes (key)[i]);
  return key != NULL;
}

/* -- damage -- */

/* What becomes of the replica when these are its bytes. */
static bool
is_rescue_case (const char *path, CslSecret *key, const char *bytes, gsize length)
{
  g_autoptr (CslSchema) schema = csl_account_ref_schema ();
  g_auto (CslWorkCopy) copy = { 0 };
  g_autoptr (GError) error = NULL;
  CslReplica *replica = NULL;
  bool complete = false;

  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  replica = csl_replica_open (path, csl_secret_get_bytes (key), schema, csl_env_system (),
                              &error);
  csl_replica_free (replica);
  return g_error_matches (error, CSL_STORE_ERROR, CSL_STORE_ERROR_DAMAGED) &&
         csl_replica_rescue (path, csl_secret_get_bytes (key), schema, csl_env_system (),
                             &copy, &complete, NULL) &&
         complete && copy.lines->len > 0;
}

static bool
damage (const char *folder, const char *pin)
{
  g_autoptr (GListModel) accounts = csl_account_list (folder);
  g_autoptr (CslAccount) account = g_list_model_get_item (accounts, 0);
  g_autofree char *path = csl_account_dup_replica_path (account);
  g_autoptr (CslSecret) key = look_up_key (account, pin);
  g_autofree char *whole = NULL;
  gsize length = 0;

  if (key == NULL || !g_file_get_contents (path, &whole, &length, NULL))
    return false;
  for (gsize at = PAGE; at + PAGE <= length; at += PAGE) {
    g_autofree char *broken = g_memdup2 (whole, length);

    memset (broken + at + PAGE / 2, 0x5a, 64);
    if (is_rescue_case (path, key, broken, length))
      return true;
  }
  g_printerr ("no page is of that kind\n");
  return false;
}

int
main (int argc, char **argv)
{
  Worker worker = { 0 };
  bool done = false;

  if (argc == 4 && g_str_equal (argv[3], "key"))
    return print_key (argv[1], argv[2]) ? 0 : 1;
  if (argc == 4 && g_str_equal (argv[3], "damage"))
    return damage (argv[1], argv[2]) ? 0 : 1;
  if (argc < 4 || !open_session (&worker, argv[1], argv[2]))
    return 1;
  if (g_str_equal (argv[3], "dump"))
    done = dump (&worker);
  else if (g_str_equal (argv[3], "tasks") && argc == 7)
    done = save_tasks (&worker, argv[4], (int) g_ascii_strtoll (argv[5], NULL, 10),
                       (int) g_ascii_strtoll (argv[6], NULL, 10));
  g_object_unref (worker.session);
  g_clear_error (&worker.error);
  return done ? 0 : 1;
}
