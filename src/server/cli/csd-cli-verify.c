/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-verify.c: `verify`: feed, typed tables and sums say the same. */
#include "config.h"

#include "server/cli/csd-cli.h"

typedef struct
{
  CsdServer *server;   /* (unowned) */
  GPtrArray *findings; /* (unowned) */
  GError *error;
  guint n;
} Verify;

static void
verify_cb (const CsdOrganisationRow *row, gpointer data)
{
  Verify *verify = data;

  verify->n++;
  if (verify->error == NULL &&
      !csd_server_verify (verify->server, row->id, verify->findings, &verify->error))
    g_prefix_error (&verify->error, "%s: ", row->code);
}

int
csd_cli_verify (int argc, char **argv)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = NULL;
  Verify verify = { .findings = findings };
  GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };

  if (!csd_cli_parse (entries, "DIR", "Checks every record of every organisation.", &argc,
                      &argv))
    return CSD_EXIT_USAGE;
  verify.server = server = csd_cli_open (argv[1], &error);
  if (server == NULL ||
      !csd_server_list_organisations (server, verify_cb, &verify, &error))
    return csd_cli_fail (error);
  if (verify.error != NULL) {
    g_propagate_error (&error, verify.error);
    return csd_cli_fail (error);
  }
  for (guint i = 0; i < findings->len; i++)
    g_printerr ("%s\n", (const char *) g_ptr_array_index (findings, i));
  g_print ("%u organisations, %u differences\n", verify.n, findings->len);
  return findings->len == 0 ? CSD_EXIT_DONE : CSD_EXIT_FAILED;
}
