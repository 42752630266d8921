/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-status.c: `status`: whether what was taken away is still in force. */
#include "config.h"

#include "server/cli/csd-cli.h"
#include "server/csd-status.h"

static const char *
describe (const CsdStatus *status)
{
  if (status->damaged > 0)
    return "damaged";
  return status->gap > 0 ? "was lost" : "good";
}

static void
print_cb (const CsdStatus *status, gpointer data)
{
  bool *good = data;

  *good = *good && status->damaged == 0 && status->gap == 0;
  if (*status->code == '\0')
    g_print ("accounts\t-\t-\t-\t%s\n", describe (status));
  else
    g_print ("%s\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT "\t%s\n",
             status->code, status->head, status->restored, status->withheld,
             describe (status));
}

int
csd_cli_status (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = NULL;
  bool good = true;
  GOptionEntry entries[] = {
    CSD_CLI_DATA (&folder),
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (entries, "",
                      "How far the data has come, where a backup was put back, what is "
                      "withheld since, and the state of the ledgers. 1: one of them is "
                      "not what it was.",
                      &argc, &argv))
    return CSD_EXIT_USAGE;
  server = csd_cli_open (folder, &error);
  if (server == NULL)
    return csd_cli_not_opened (error);
  g_print ("ORGANISATION\tHEAD\tRESTORED AT\tWITHHELD\tLEDGER\n");
  if (!csd_server_list_status (server, print_cb, &good, &error))
    return csd_cli_fail (error);
  return good ? CSD_EXIT_DONE : CSD_EXIT_FAILED;
}
