/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-backup.c: `backup`: a copy of the data. */
#include "config.h"

#include "server/cli/csd-cli.h"

int
csd_cli_backup (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = NULL;
  GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };

  if (!csd_cli_parse (entries, "DIR TO",
                      "Copies the data of the server in DIR into the new folder TO.",
                      &argc, &argv))
    return CSD_EXIT_USAGE;
  server = csd_cli_open (argv[1], &error);
  if (server == NULL || !csd_server_back_up (server, argv[2], &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}
