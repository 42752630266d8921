/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-ledger.c: `ledger`: a ledger that was lost or damaged is begun anew, once somebody has looked through what it said. */
#include "config.h"

#include "server/cli/csd-cli.h"
#include "server/csd-status.h"

typedef struct
{
  char *data, *code; /* (owned) (nullable) */
  gboolean yes;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->code);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
print_renewal_cb (const char *code, const CsdRenewal *renewal, gpointer data)
{
  g_print ("%s\t%s\t%" G_GINT64_FORMAT "\t%s\t%u\n", *code != '\0' ? code : "accounts",
           renewal->at, renewal->head, renewal->gap > 0 ? "lost" : "-", renewal->damaged);
}

static int
ledger_list (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = NULL;
  GOptionEntry entries[] = { CSD_CLI_DATA (&options.data), G_OPTION_ENTRY_NULL };

  if (!csd_cli_parse (entries, "",
                      "Lists when ledgers were begun anew, and what was wrong with them.",
                      &argc, &argv))
    return CSD_EXIT_USAGE;
  server = csd_cli_open (options.data, &error);
  if (server == NULL)
    return csd_cli_not_opened (error);
  g_print ("ORGANISATION\tAT\tHEAD\tLOST\tUNREADABLE LINES\n");
  return csd_server_list_renewals (server, print_renewal_cb, NULL, &error)
           ? CSD_EXIT_DONE
           : csd_cli_fail (error);
}

/* What nobody knows any more, and what to look through because of it. */
static void
warn (const CsdStatus *status)
{
  const bool accounts = *status->code == '\0';

  if (status->gap > 0 && accounts)
    g_print (
      "The ledger of accounts was lost: an account that was blocked, or a computer "
      "that was refused, may be let in again.\n");
  else if (status->gap > 0)
    g_print (
      "The ledger was missing when a backup was put back at commit %" G_GINT64_FORMAT
      ": whoever lost access after that backup may have it again, and clients "
      "erased after it may be back.\n",
      status->gap);
  if (status->damaged > 0)
    g_print ("%u lines cannot be read. What they said may not be in force.\n",
             status->damaged);
  g_print (
    accounts
      ? "First look through `user list` and `device list`.\n"
      : "First look through parts in cases, roles and `erased`, with the people who "
        "decided about them.\n");
}

static bool
renew (CsdServer *server, const Options *options, GError **error)
{
  CsdStatus status;

  if (!csd_server_check_ledger (server, options->code, &status, error))
    return false;
  warn (&status);
  if (!options->yes) {
    g_print ("Nothing was changed. With --yes the ledger is begun anew from what the "
             "database knows, and nobody is warned of this any more.\n");
    return true;
  }
  if (!csd_server_renew_ledger (server, options->code, error))
    return false;
  g_print ("The ledger was begun anew from what the database knows. `ledger list` "
           "remembers it.\n");
  return true;
}

static int
ledger_renew (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = NULL;
  GOptionEntry entries[] = {
    CSD_CLI_DATA (&options.data),
    CSD_CLI_ORGANISATION (&options.code),
    { "yes", 0, 0, G_OPTION_ARG_NONE, &options.yes, "Do it", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (
        entries, "",
        "Begins a ledger that was lost or damaged anew, from what the "
        "database knows: of an organisation, or, without one, that of "
        "accounts and computers. Without --yes it only says what that means.",
        &argc, &argv))
    return CSD_EXIT_USAGE;
  server = csd_cli_open (options.data, &error);
  if (server == NULL)
    return csd_cli_not_opened (error);
  return renew (server, &options, &error) ? CSD_EXIT_DONE : csd_cli_fail (error);
}

int
csd_cli_ledger (int argc, char **argv)
{
  static const CsdCommand commands[] = {
    { "list", "List ledgers that were begun anew", ledger_list },
    { "renew", "Begin a ledger that was lost anew", ledger_renew },
    { NULL, NULL, NULL },
  };

  return csd_cli_run (commands, "caseload-server ledger", argc, argv);
}
