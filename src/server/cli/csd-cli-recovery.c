/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-recovery.c: `recovery-key`: the key to which lost computers seal what they could not send. */
#include "config.h"

#include "server/cli/csd-cli.h"
#include "server/csd-devices.h"

#include <sodium.h>
#include <string.h>

#define FIRST_LINE "caseload-recovery-key 1"

typedef struct
{
  char *data, *code, *passphrase_file, *to; /* (owned) (nullable) */
  char *organisation; /* (owned) (nullable): id, once the server is open */
  gboolean forget;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->code);
  g_free (options->organisation);
  g_free (options->passphrase_file);
  g_free (options->to);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static CsdServer *
start (Options *options, const char *summary, int argc, char **argv, GError **error)
{
  GOptionEntry entries[] = {
    CSD_CLI_DATA (&options->data),
    CSD_CLI_ORGANISATION (&options->code),
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &options->passphrase_file,
      "File with the passphrase, - for standard input", "FILE" },
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &options->to, "export: the new file", "FILE" },
    { "forget", 0, 0, G_OPTION_ARG_NONE, &options->forget,
      "export: keep the private key in that file only", NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (entries, "", summary, &argc, &argv))
    return NULL;
  return csd_cli_open_organisation (options->data, options->code, &options->organisation,
                                    error);
}

bool
csd_cli_make_recovery_key (CsdServer *server,
                           const char *organisation,
                           const char *passphrase_file,
                           GError **error)
{
  g_autofree char *passphrase = csd_cli_get_password (passphrase_file, error);

  if (passphrase == NULL ||
      !csd_server_make_recovery_key (server, organisation, passphrase, error))
    return false;
  if (passphrase_file == NULL)
    g_print ("Recovery passphrase, shown this once: %s\n"
             "It opens the unsent work of lost computers. Keep it on paper, away from "
             "this server.\n",
             passphrase);
  return true;
}

static int
key_make (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options,
           "Makes the recovery key of an organisation that has none (from before there "
           "were recovery keys).",
           argc, argv, &error);

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (!csd_cli_make_recovery_key (server, options.organisation, options.passphrase_file,
                                  &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}

static bool
write_key (const char *path,
           const guint8 private_key[CSD_RECOVERY_KEY_SIZE],
           GError **error)
{
  g_autofree char *base64 = g_base64_encode (private_key, CSD_RECOVERY_KEY_SIZE);
  g_autofree char *text = g_strdup_printf (FIRST_LINE "\n%s\n", base64);
  bool written = g_file_set_contents_full (path, text, -1,
                                           G_FILE_SET_CONTENTS_CONSISTENT |
                                             G_FILE_SET_CONTENTS_DURABLE,
                                           0600, error);

  sodium_memzero (base64, strlen (base64));
  sodium_memzero (text, strlen (text));
  return written;
}

static int
key_export (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options, "Writes the private recovery key into a file, for a safe place.",
           argc, argv, &error);
  guint8 key[CSD_RECOVERY_KEY_SIZE];
  bool done = false;

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (options.to == NULL || options.passphrase_file == NULL)
    return csd_cli_usage ("--passphrase-file and --to are needed");
  if (!csd_cli_open_recovery_key (server, options.organisation, options.passphrase_file,
                                  NULL, key, &error))
    return csd_cli_fail (error);
  done = write_key (options.to, key, &error) &&
         (!options.forget ||
          csd_server_forget_private_recovery_key (server, options.organisation, &error));
  sodium_memzero (key, sizeof key);
  return done ? CSD_EXIT_DONE : csd_cli_fail (error);
}

static bool
read_key_file (const char *path,
               guint8 ret_private[CSD_RECOVERY_KEY_SIZE],
               GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length = 0;
  bool good = false;

  if (!g_file_get_contents (path, &text, NULL, error))
    return false;
  lines = g_strsplit (text, "\n", 3);
  good = g_strv_length (lines) >= 2 && strcmp (lines[0], FIRST_LINE) == 0 &&
         sodium_base642bin (ret_private, CSD_RECOVERY_KEY_SIZE, lines[1],
                            strlen (lines[1]), NULL, &length, NULL,
                            sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length == CSD_RECOVERY_KEY_SIZE;
  sodium_memzero (text, strlen (text));
  for (guint i = 0; lines[i] != NULL; i++)
    sodium_memzero (lines[i], strlen (lines[i]));
  if (!good)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "%s: this is no exported recovery key", path);
  return good;
}

bool
csd_cli_open_recovery_key (CsdServer *server,
                           const char *organisation,
                           const char *passphrase_file,
                           const char *key_file,
                           guint8 ret_private[CSD_RECOVERY_KEY_SIZE],
                           GError **error)
{
  g_autofree char *passphrase = NULL;

  if (key_file != NULL)
    return read_key_file (key_file, ret_private, error);
  passphrase = csd_cli_read_password (passphrase_file, error);
  return passphrase != NULL &&
         csd_server_open_recovery_key (server, organisation, passphrase, ret_private,
                                       error);
}

int
csd_cli_recovery_key (int argc, char **argv)
{
  static const CsdCommand commands[] = {
    { "make", "Make the recovery key of an organisation", key_make },
    { "export", "Write the private key into a file", key_export },
    { NULL, NULL, NULL },
  };

  return csd_cli_run (commands, "caseload-server recovery-key", argc, argv);
}
