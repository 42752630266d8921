/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-recovered.c: `recovered`: the unsent work of lost computers. */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/base/csl-time.h"
#include "server/cli/csd-cli.h"
#include "server/csd-devices.h"

#include <sodium.h>
#include <string.h>

typedef struct
{
  char *data, *passphrase_file, *key_file, *output; /* (owned) (nullable) */
  gboolean json, import;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->passphrase_file);
  g_free (options->key_file);
  g_free (options->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* @words: "ID" when the command takes one; argv[1] is it then. */
static CsdServer *
start (Options *options,
       const char *summary,
       const char *words,
       int *argc,
       char ***argv,
       GError **error)
{
  GOptionEntry entries[] = {
    CSD_CLI_DATA (&options->data),
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &options->passphrase_file,
      "open: file with the recovery passphrase, - for standard input", "FILE" },
    { "key-file", 0, 0, G_OPTION_ARG_FILENAME, &options->key_file,
      "open: an exported recovery key, in place of the passphrase", "FILE" },
    { "output", 0, 0, G_OPTION_ARG_FILENAME, &options->output,
      "open: write the work into this new file in place of showing it", "FILE" },
    { "import", 0, 0, G_OPTION_ARG_NONE, &options->import,
      "open: take it in as if its author had sent it, with the author's rights", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json,
      "list: print JSON, one object a line", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (entries, words, summary, argc, argv))
    return NULL;
  return csd_cli_open (options->data, error);
}

/* -- list -- */

typedef struct
{
  GHashTable *names; /* (unowned) user id → user name */
  bool json;
} List;

static const char *
get_state (const CsdSealed *sealed)
{
  if (sealed->imported_ms != 0)
    return "imported";
  return sealed->complete_ms != 0 ? "complete" : "arriving";
}

static void
print_sealed_cb (const CsdSealed *sealed, gpointer data)
{
  List *list = data;
  g_autofree char *begun = csl_instant_format (sealed->begun_ms, NULL);
  const char *name = g_hash_table_lookup (list->names, sealed->user);
  g_autoptr (GString) out = g_string_new ("{");

  if (!list->json) {
    g_print ("%s\t%s\t%s\t%" G_GINT64_FORMAT "\t%s\t%s\n", sealed->id,
             name != NULL ? name : sealed->user, sealed->device, sealed->entries, begun,
             get_state (sealed));
    return;
  }
  csl_json_write_member_string (out, "id", sealed->id);
  csl_json_write_member_string (out, "user", name != NULL ? name : sealed->user);
  csl_json_write_member_string (out, "device", sealed->device);
  csl_json_write_member_int (out, "entries", sealed->entries);
  csl_json_write_member_string (out, "begun_at", begun);
  csl_json_write_member_string (out, "state", get_state (sealed));
  g_print ("%s}\n", out->str);
}

static int
recovered_list (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = start (&options,
                                        "Lists the sealed work of lost computers.", "",
                                        &argc, &argv, &error);
  g_autoptr (GHashTable) names = NULL;
  List list = { .json = options.json };

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (!options.json)
    g_print ("ID\tUSER\tDEVICE\tENTRIES\tBEGUN\tSTATE\n");
  list.names = names = csd_cli_list_names (server, &error);
  if (names == NULL || !csd_server_list_sealed (server, print_sealed_cb, &list, &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}

/* -- open -- */

typedef struct
{
  const char *id;
  char organisation[40];
} Search;

static void
find_organisation_cb (const CsdSealed *sealed, gpointer data)
{
  Search *search = data;

  if (g_strcmp0 (sealed->id, search->id) == 0)
    g_strlcpy (search->organisation, sealed->organisation, sizeof search->organisation);
}

static GBytes *
open_work (CsdServer *server,
           const Options *options,
           const char *id,
           CsdSealed *ret_sealed,
           GError **error)
{
  Search search = { .id = id };
  guint8 key[CSD_RECOVERY_KEY_SIZE] = { 0 };
  GBytes *work = NULL;

  if (!csd_server_list_sealed (server, find_organisation_cb, &search, error))
    return NULL;
  if (*search.organisation == '\0') {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no sealed work “%s”",
                 id);
    return NULL;
  }
  if (!csd_cli_open_recovery_key (server, search.organisation, options->passphrase_file,
                                  options->key_file, key, error))
    return NULL;
  work = csd_server_open_sealed (server, id, key, ret_sealed, error);
  sodium_memzero (key, sizeof key);
  return work;
}

static int
show (GBytes *work, const char *output, GError **error)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (work, &length);

  if (output != NULL)
    return g_file_set_contents_full (output, text, (gssize) length,
                                     G_FILE_SET_CONTENTS_CONSISTENT, 0600, error)
             ? CSD_EXIT_DONE
             : CSD_EXIT_FAILED;
  g_print ("%.*s", (int) length, text);
  return CSD_EXIT_DONE;
}

/* Drafts are no operations, nobody pressed Save: a person reads them. */
static int
take_in (CsdServer *server, GBytes *work, const CsdSealed *sealed, GError **error)
{
  static const char drafts[] = "{\"t\":\"drafts\"";
  gsize length = 0;
  const char *text = g_bytes_get_data (work, &length);
  int status = CSD_EXIT_FAILED;

  if (length >= strlen (drafts) && strncmp (text, drafts, strlen (drafts)) == 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         "these are drafts: open them without --import to read them");
    return CSD_EXIT_FAILED;
  }
  if (!csd_cli_take_in (server, work, &status, error) ||
      !csd_server_mark_imported (server, sealed, error))
    return CSD_EXIT_FAILED;
  return status;
}

static int
recovered_open (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options,
           "Opens the sealed work of a lost computer and shows it, or takes it in.", "ID",
           &argc, &argv, &error);
  g_autoptr (GBytes) work = NULL;
  CsdSealed sealed;
  int status = CSD_EXIT_FAILED;

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (options.passphrase_file == NULL && options.key_file == NULL)
    return csd_cli_usage ("--passphrase-file or --key-file is needed");
  work = open_work (server, &options, argv[1], &sealed, &error);
  if (work == NULL)
    return csd_cli_fail (error);
  status = options.import ? take_in (server, work, &sealed, &error)
                          : show (work, options.output, &error);
  return error != NULL ? csd_cli_fail (error) : status;
}

int
csd_cli_recovered (int argc, char **argv)
{
  static const CsdCommand commands[] = {
    { "list", "List the sealed work of lost computers", recovered_list },
    { "open", "Open and show it", recovered_open },
    { NULL, NULL, NULL },
  };

  return csd_cli_run (commands, "caseload-server recovered", argc, argv);
}
