/* SPDX-License-Identifier: GPL-3.0-or-later */
/* main.c: the command line of the central server. */
#include "config.h"

#include "server/cli/csd-cli.h"

#include <locale.h>
#include <sodium.h>
#include <string.h>

static int
print_version (int argc, char **argv)
{
  g_print ("caseload-server %s\n", CSL_VERSION);
  return CSD_EXIT_DONE;
}

int
main (int argc, char **argv)
{
  static const CsdCommand commands[] = {
    { "init", "Make a new server with one organisation", csd_cli_init },
    { "serve", "Run the server", csd_cli_serve },
    { "user", "Accounts and roles", csd_cli_user },
    { "lock", "How computers of workers are locked", csd_cli_lock },
    { "import-work", "Take in a sealed copy of unsent work", csd_cli_import_work },
    { "device", "Computers, and what becomes of lost ones", csd_cli_device },
    { "recovery-key", "The key that opens the work of lost computers",
      csd_cli_recovery_key },
    { "recovered", "The unsent work of lost computers", csd_cli_recovered },
    { "demo", "Make a server full of invented agencies", csd_cli_demo },
    { "backup", "Copy the data of a server", csd_cli_backup },
    { "erase", "Erase a client with everything about them", csd_cli_erase },
    { "erased", "Erased clients, and computers that have not heard of it",
      csd_cli_erased },
    { "status", "Is what was taken away still in force", csd_cli_status },
    { "ledger", "What was taken away, when the file of it was lost", csd_cli_ledger },
    { "verify", "Check the data of a server", csd_cli_verify },
    { "--version", "Print the version", print_version },
    { NULL, NULL, NULL },
  };

  setlocale (LC_ALL, "");
  /* Logs and answers are English, whatever the administrator speaks: clients have their own words. */
  setlocale (LC_MESSAGES, "C");
  if (sodium_init () < 0)
    return csd_cli_fail (NULL);
  return csd_cli_run (commands, "caseload-server", argc, argv);
}
