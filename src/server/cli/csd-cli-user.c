/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-user.c: `user`: accounts and roles. */
#include "config.h"

#include "server/cli/csd-cli.h"

#include <string.h>

typedef struct
{
  char *data, *organisation, *name, *role, *centre, *password_file, *first, *last, *email;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->organisation);
  g_free (options->name);
  g_free (options->role);
  g_free (options->centre);
  g_free (options->password_file);
  g_free (options->first);
  g_free (options->last);
  g_free (options->email);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Every sub-command takes the same options; which it needs it says itself. */
static CsdServer *
start (Options *options, const char *summary, int argc, char **argv, GError **error)
{
  GOptionEntry entries[] = {
    CSD_CLI_DATA (&options->data),
    CSD_CLI_ORGANISATION (&options->organisation),
    { "name", 0, 0, G_OPTION_ARG_STRING, &options->name, "User name", "USER" },
    { "first-name", 0, 0, G_OPTION_ARG_STRING, &options->first, "First name", "TEXT" },
    { "last-name", 0, 0, G_OPTION_ARG_STRING, &options->last, "Last name", "TEXT" },
    { "email", 0, 0, G_OPTION_ARG_STRING, &options->email, "E-mail address", "ADDRESS" },
    { "role", 0, 0, G_OPTION_ARG_STRING, &options->role, "Role, such as caseworker",
      "ROLE" },
    { "centre", 0, 0, G_OPTION_ARG_STRING, &options->centre, "Id of the centre", "ID" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file,
      "File with the password, - for standard input; made and shown when missing",
      "FILE" },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (entries, "", summary, &argc, &argv))
    return NULL;
  return csd_cli_open (options->data, error);
}

static int
user_add (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options, "Adds a person with an account and a role.", argc, argv, &error);
  g_autofree char *organisation = NULL;
  g_autofree char *password = NULL;
  CsdNewAccount account = { 0 };
  char user[40];

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (options.name == NULL || options.role == NULL || options.organisation == NULL)
    return csd_cli_usage ("--organisation, --name and --role are needed");
  organisation = csd_server_dup_organisation_id (server, options.organisation, &error);
  password = organisation != NULL ? csd_cli_get_password (options.password_file, &error)
                                  : NULL;
  if (password == NULL)
    return csd_cli_fail (error);
  account = (CsdNewAccount){ .username = options.name,
                             .first_name = options.first,
                             .last_name = options.last,
                             .email = options.email,
                             .password = password,
                             .role = options.role,
                             .centre = options.centre,
                             .must_change = options.password_file == NULL };
  if (!csd_server_add_account (server, organisation, &account, user, &error))
    return csd_cli_fail (error);
  g_print ("%s %s\n", user, options.name);
  if (options.password_file == NULL)
    g_print ("Password, shown this once: %s\n", password);
  return CSD_EXIT_DONE;
}

static void
print_account_cb (const CsdAccount *account, gpointer data)
{
  g_print ("%s\t%s\t%s\t%s\n", account->user, account->username, account->display_name,
           account->disabled ? "disabled" : "active");
}

static int
user_list (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options, "Lists the accounts.", argc, argv, &error);

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (!csd_server_list_accounts (server, print_account_cb, NULL, &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}

static int
set_disabled (int argc, char **argv, bool disabled)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options,
           disabled ? "Ends all sessions of an account and refuses new ones."
                    : "Lets an account sign in again.",
           argc, argv, &error);

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (options.name == NULL)
    return csd_cli_usage ("--name is needed");
  if (!csd_server_set_disabled (server, options.organisation, options.name, disabled,
                                &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}

static int
user_disable (int argc, char **argv)
{
  return set_disabled (argc, argv, true);
}

static int
user_enable (int argc, char **argv)
{
  return set_disabled (argc, argv, false);
}

static int
user_passwd (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options, "Gives an account a new password.", argc, argv, &error);
  g_autofree char *password = NULL;

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (options.name == NULL)
    return csd_cli_usage ("--name is needed");
  password = csd_cli_get_password (options.password_file, &error);
  if (password == NULL ||
      !csd_server_set_password (server, options.organisation, options.name, password,
                                options.password_file == NULL, &error))
    return csd_cli_fail (error);
  if (options.password_file == NULL)
    g_print ("Password, shown this once: %s\n", password);
  return CSD_EXIT_DONE;
}

static int
user_assign (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options, "Gives a person one more role.", argc, argv, &error);
  g_autofree char *user = NULL;
  g_autofree char *organisation = NULL;

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (options.name == NULL || options.role == NULL || options.organisation == NULL)
    return csd_cli_usage ("--organisation, --name and --role are needed");
  organisation = csd_server_dup_organisation_id (server, options.organisation, &error);
  if (organisation == NULL)
    return csd_cli_fail (error);
  user = csd_server_dup_user_id (server, options.organisation, options.name, &error);
  if (user == NULL || !csd_server_add_membership (server, organisation, user,
                                                  options.role, options.centre, &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}

int
csd_cli_user (int argc, char **argv)
{
  static const CsdCommand commands[] = {
    { "add", "Add a person with an account and a role", user_add },
    { "list", "List the accounts", user_list },
    { "disable", "Refuse an account", user_disable },
    { "enable", "Let an account in again", user_enable },
    { "passwd", "Give an account a new password", user_passwd },
    { "assign", "Give a person one more role", user_assign },
    { NULL, NULL, NULL },
  };

  return csd_cli_run (commands, "caseload-server user", argc, argv);
}
