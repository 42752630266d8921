/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-demo.c: `demo`: a server full of invented agencies. Passwords are random and shown once. */
#include "config.h"

#include "server/cli/csd-cli.h"
#include "server/demo/csd-demo-load.h"
#include "store/csl-env-system.h"

static void
print_account_cb (const CsdDemoAccount *account, gpointer data)
{
  g_print ("%s\t%s\t%s\t%s\t%s\n", account->organisation_code, account->username,
           account->role, account->password,
           account->centre_name != NULL ? account->centre_name : "");
}

int
csd_cli_demo (int argc, char **argv)
{
  int seed = 1;
  g_autoptr (GError) error = NULL;
  g_autoptr (CslSchema) schema = NULL;
  g_autoptr (CsdServer) server = NULL;
  CsdServerConfig config;
  GOptionEntry entries[] = {
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "The same seed makes the same people", "N" },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (
        entries, "DIR",
        "Makes a new server in DIR with invented agencies. Prints organisation, "
        "user name, role, password and centre of everybody.",
        &argc, &argv))
    return CSD_EXIT_USAGE;
  if (seed < 0)
    return csd_cli_usage ("--seed must not be negative");
  if (!csd_server_create (argv[1], csl_env_system (), &error))
    return csd_cli_fail (error);
  /* Demo passwords are random; they need no expensive hash. */
  csd_server_config_init (&config);
  config.password_cost = (CsdPasswordCost){ 2, 19 * 1024 * 1024 };
  schema = csl_schema_new_builtin ();
  server = csd_server_open (argv[1], schema, csl_env_system (), &config, &error);
  if (server == NULL ||
      !csd_demo_load (server, csd_server_get_schema (server), (guint32) seed,
                      csl_env_wall_ms (csl_env_system ()), print_account_cb, NULL,
                      &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}
