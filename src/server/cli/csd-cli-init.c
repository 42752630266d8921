/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-init.c: `init`: a new server with one organisation and its administrator. */
#include "config.h"

#include "server/cli/csd-cli.h"
#include "store/csl-env-system.h"

#include <string.h>

/* "Riverside Advice" → "riverside-advice" */
static char *
make_code (const char *name)
{
  GString *code = g_string_new (NULL);

  for (const char *p = name; *p != '\0' && code->len < 40; p++) {
    if (g_ascii_isalnum (*p))
      g_string_append_c (code, g_ascii_tolower (*p));
    else if (code->len > 0 && code->str[code->len - 1] != '-')
      g_string_append_c (code, '-');
  }
  while (code->len > 0 && code->str[code->len - 1] == '-')
    g_string_truncate (code, code->len - 1);
  return g_string_free (code, FALSE);
}

static bool
fill (CsdServer *server,
      const char *code,
      const char *name,
      const CsdNewAccount *admin,
      char ret_organisation[40],
      GError **error)
{
  return csd_server_add_organisation (server, code, name, ret_organisation, error) &&
         csd_server_add_account (server, ret_organisation, admin, NULL, error);
}

int
csd_cli_init (int argc, char **argv)
{
  g_autofree char *organisation = NULL;
  g_autofree char *code = NULL;
  g_autofree char *admin = NULL;
  g_autofree char *password_file = NULL;
  g_autofree char *recovery_file = NULL;
  g_autofree char *password = NULL;
  char id[40];
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = NULL;
  CsdNewAccount account = { .role = "admin" };
  GOptionEntry entries[] = {
    { "organisation", 0, 0, G_OPTION_ARG_STRING, &organisation,
      "Name of the organisation", "NAME" },
    { "code", 0, 0, G_OPTION_ARG_STRING, &code,
      "Its short name, for signing in (made from the name when missing)", "CODE" },
    { "admin", 0, 0, G_OPTION_ARG_STRING, &admin, "User name of the administrator",
      "USER" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
      "File with the administrator's password, - for standard input; made and shown when "
      "missing",
      "FILE" },
    { "recovery-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &recovery_file,
      "File with the passphrase of the recovery key; made and shown when missing",
      "FILE" },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (entries, "DIR", "Makes a new server in the folder DIR.", &argc,
                      &argv))
    return CSD_EXIT_USAGE;
  if (organisation == NULL || admin == NULL)
    return csd_cli_usage ("--organisation and --admin are needed");
  if (code == NULL)
    code = make_code (organisation);
  password = csd_cli_get_password (password_file, &error);
  if (password == NULL)
    return csd_cli_fail (error);
  account.username = account.first_name = admin;
  account.password = password;
  account.must_change = password_file == NULL;
  if (!csd_server_create (argv[1], csl_env_system (), &error))
    return csd_cli_fail (error);
  server = csd_cli_open (argv[1], &error);
  if (server == NULL || !fill (server, code, organisation, &account, id, &error))
    return csd_cli_fail (error);
  g_print ("Organisation %s (%s) is ready. User: %s\n", organisation, code, admin);
  if (password_file == NULL)
    g_print ("Password, shown this once: %s\n", password);
  if (!csd_cli_make_recovery_key (server, id, recovery_file, &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}
