/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli.c: what the commands share. */
#include "config.h"

#include "server/cli/csd-cli.h"

#include "store/csl-env-system.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void
print_commands (const CsdCommand *commands, const char *program)
{
  g_printerr ("Usage: %s COMMAND …\n\nCommands:\n", program);
  for (const CsdCommand *command = commands; command->name != NULL; command++)
    g_printerr ("  %-10s %s\n", command->name, command->summary);
  g_printerr ("\n%s COMMAND --help tells more.\n", program);
}

int
csd_cli_run (const CsdCommand *commands, const char *program, int argc, char **argv)
{
  if (argc < 2) {
    print_commands (commands, program);
    return CSD_EXIT_USAGE;
  }
  for (const CsdCommand *command = commands; command->name != NULL; command++)
    if (strcmp (command->name, argv[1]) == 0)
      return command->func (argc - 1, argv + 1);
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0) {
    print_commands (commands, program);
    return CSD_EXIT_DONE;
  }
  g_printerr ("%s: there is no command “%s”\n\n", program, argv[1]);
  print_commands (commands, program);
  return CSD_EXIT_USAGE;
}

static guint
count_words (const char *text)
{
  guint n = *text != '\0' ? 1 : 0;

  for (; *text != '\0'; text++)
    n += *text == ' ' ? 1 : 0;
  return n;
}

bool
csd_cli_parse (GOptionEntry *entries,
               const char *words,
               const char *summary,
               int *argc,
               char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (words);
  g_autoptr (GError) error = NULL;
  const guint n_words = count_words (words);

  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    csd_cli_usage ("%s", error->message);
    return false;
  }
  if ((guint) *argc == n_words + 1)
    return true;
  if ((guint) *argc > n_words + 1)
    csd_cli_usage ("“%s” is too much here; see --help", (*argv)[n_words + 1]);
  else
    csd_cli_usage ("something is missing: %s", words);
  return false;
}

int
csd_cli_fail (const GError *error)
{
  g_printerr ("caseload-server: %s\n", error != NULL ? error->message : "failed");
  return CSD_EXIT_FAILED;
}

int
csd_cli_usage (const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("caseload-server: %s\n", text);
  return CSD_EXIT_USAGE;
}

CsdServer *
csd_cli_open (const char *folder, GError **error)
{
  g_autoptr (CslSchema) schema = csl_schema_new_builtin ();
  CsdServerConfig config;

  if (folder == NULL) {
    csd_cli_usage ("--data is needed");
    return NULL;
  }
  csd_server_config_init (&config);
  return csd_server_open (folder, schema, csl_env_system (), &config, error);
}

CsdServer *
csd_cli_open_organisation (const char *folder,
                           const char *code,
                           char **ret_id,
                           GError **error)
{
  g_autoptr (CsdServer) server = NULL;
  char *id = NULL;

  if (folder == NULL || code == NULL) {
    csd_cli_usage ("--data and --organisation are needed");
    return NULL;
  }
  server = csd_cli_open (folder, error);
  if (server != NULL)
    id = csd_server_dup_organisation_id (server, code, error);
  if (id == NULL)
    return NULL;
  *ret_id = id;
  return g_steal_pointer (&server);
}

int
csd_cli_not_opened (const GError *error)
{
  return error != NULL ? csd_cli_fail (error) : CSD_EXIT_USAGE;
}

static void
collect_name_cb (const CsdAccount *account, gpointer data)
{
  g_hash_table_replace (data, g_strdup (account->user), g_strdup (account->username));
}

GHashTable *
csd_cli_list_names (CsdServer *server, GError **error)
{
  g_autoptr (GHashTable) names =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (!csd_server_list_accounts (server, collect_name_cb, names, error))
    return NULL;
  return g_steal_pointer (&names);
}

/* Four groups of five letters and digits that are not mistaken for each other: 98 bits. */
static char *
make_password (void)
{
  static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
  GString *password = g_string_new (NULL);

  for (guint i = 0; i < 20; i++) {
    if (i > 0 && i % 5 == 0)
      g_string_append_c (password, '-');
    g_string_append_c (password, alphabet[randombytes_uniform (sizeof alphabet - 1)]);
  }
  return g_string_free (password, FALSE);
}

static char *
read_line_of_input (GError **error)
{
  char line[512];

  if (fgets (line, sizeof line, stdin) != NULL)
    return g_strdup (line);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       "standard input holds no password");
  return NULL;
}

char *
csd_cli_read_password (const char *path, GError **error)
{
  char *text = NULL;

  if (strcmp (path, "-") == 0)
    text = read_line_of_input (error);
  else if (!g_file_get_contents (path, &text, NULL, error))
    text = NULL;
  if (text != NULL)
    text[strcspn (text, "\r\n")] = '\0';
  return text;
}

char *
csd_cli_get_password (const char *path, GError **error)
{
  return path != NULL ? csd_cli_read_password (path, error) : make_password ();
}

char *
csd_cli_ask_password (const char *prompt, GError **error)
{
  struct termios shown, hidden;
  char *text;

  if (!isatty (STDIN_FILENO) || tcgetattr (STDIN_FILENO, &shown) != 0)
    return csd_cli_read_password ("-", error);
  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  g_printerr ("%s", prompt);
  (void) tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  text = csd_cli_read_password ("-", error);
  (void) tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);
  g_printerr ("\n");
  return text;
}
