/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-lock.c: `lock`: how the computers of an organisation's workers are locked. */
#include "config.h"

#include "server/cli/csd-cli.h"

#include <sodium.h>

typedef struct
{
  char *data, *organisation; /* (owned) (nullable) */
  int lease_days, lock_minutes;
  gboolean recover, no_recover;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->organisation);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static bool
parse (Options *options, int *argc, char ***argv)
{
  GOptionEntry entries[] = {
    CSD_CLI_DATA (&options->data),
    CSD_CLI_ORGANISATION (&options->organisation),
    { "lease-days", 0, 0, G_OPTION_ARG_INT, &options->lease_days,
      "Days that a computer opens its records without the server, 0 for ever", "N" },
    { "lock-minutes", 0, 0, G_OPTION_ARG_INT, &options->lock_minutes,
      "Most minutes until an idle client locks", "N" },
    { "recovery", 0, 0, G_OPTION_ARG_NONE, &options->recover,
      "The password opens records whose PIN is forgotten", NULL },
    { "no-recovery", 0, 0, G_OPTION_ARG_NONE, &options->no_recover,
      "Nothing opens records whose PIN is forgotten", NULL },
    G_OPTION_ENTRY_NULL,
  };

  return csd_cli_parse (entries, "",
                        "Shows or changes how computers of an organisation are locked.",
                        argc, argv);
}

static void
take_options (CsdLockPolicy *policy, const Options *options)
{
  if (options->lease_days >= 0)
    policy->lease_days = options->lease_days;
  if (options->lock_minutes >= 0)
    policy->lock_minutes = options->lock_minutes;
  if (options->recover)
    policy->may_recover = true;
  if (options->no_recover)
    policy->may_recover = false;
}

int
csd_cli_lock (int argc, char **argv)
{
  g_auto (Options) options = { .lease_days = -1, .lock_minutes = -1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = NULL;
  g_autofree char *organisation = NULL;
  CsdLockPolicy policy = { 0 };

  if (!parse (&options, &argc, &argv))
    return CSD_EXIT_USAGE;
  server =
    csd_cli_open_organisation (options.data, options.organisation, &organisation, &error);
  if (server == NULL)
    return csd_cli_not_opened (error);
  if (!csd_server_get_lock (server, organisation, &policy, &error))
    return csd_cli_fail (error);
  take_options (&policy, &options);
  if (!csd_server_set_lock (server, organisation, &policy, &error))
    return csd_cli_fail (error);
  g_print ("lease-days %" G_GINT64_FORMAT "\nlock-minutes %" G_GINT64_FORMAT
           "\nrecovery %s\n",
           policy.lease_days, policy.lock_minutes, policy.may_recover ? "yes" : "no");
  sodium_memzero (&policy, sizeof policy);
  return CSD_EXIT_DONE;
}
