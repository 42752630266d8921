/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of caseload-server. Exit codes: 0 done, 1 failed (one sentence on standard error), 2 not understood. */
#pragma once

#include "server/csd-admin.h"

G_BEGIN_DECLS

#define CSD_EXIT_DONE   0
#define CSD_EXIT_FAILED 1
#define CSD_EXIT_USAGE  2

/* @argv starts with the name of the command. */
typedef int (*CsdCommandFunc) (int argc, char **argv);

typedef struct
{
  const char *name, *summary;
  CsdCommandFunc func;
} CsdCommand;

int csd_cli_init (int argc, char **argv);
int csd_cli_serve (int argc, char **argv);
int csd_cli_user (int argc, char **argv);
int csd_cli_lock (int argc, char **argv);
int csd_cli_backup (int argc, char **argv);
int csd_cli_verify (int argc, char **argv);
int csd_cli_demo (int argc, char **argv);
int csd_cli_import_work (int argc, char **argv);
int csd_cli_device (int argc, char **argv);
int csd_cli_recovery_key (int argc, char **argv);
int csd_cli_recovered (int argc, char **argv);
int csd_cli_erase (int argc, char **argv);
int csd_cli_erased (int argc, char **argv);
int csd_cli_ledger (int argc, char **argv);
int csd_cli_status (int argc, char **argv);

/* Runs the command named by argv[1] out of a NULL-terminated table. */
int csd_cli_run (const CsdCommand *commands, const char *program, int argc, char **argv);
/* Options that most commands take, as entries of a table; (owned) (nullable) text. */
#define CSD_CLI_DATA(text)                                                               \
  {                                                                                      \
    "data", 0, 0, G_OPTION_ARG_FILENAME, (text), "Folder of the server", "DIR"           \
  }
#define CSD_CLI_ORGANISATION(text)                                                       \
  {                                                                                      \
    "organisation", 0, 0, G_OPTION_ARG_STRING, (text), "Short name of the organisation", \
      "CODE"                                                                             \
  }

/* Reads options and exactly the words that @words names, "DIR FILE" or "": they are argv[1] and on. FALSE: said what is
 * wrong. */
bool csd_cli_parse (GOptionEntry *entries,
                    const char *words,
                    const char *summary,
                    int *argc,
                    char ***argv) G_GNUC_WARN_UNUSED_RESULT;
/* "caseload-server: …" on standard error. Always CSD_EXIT_FAILED. */
int csd_cli_fail (const GError *error);
int csd_cli_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Opens the server of @folder with the built-in definitions; the schema lives as long as the program. Without a @folder
 * it says that one is needed and sets no @error. */
CsdServer *csd_cli_open (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, and *ret_id is the id of the organisation with the short name @code; it says too that both are needed. */
CsdServer *csd_cli_open_organisation (const char *folder,
                                      const char *code,
                                      char **ret_id,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a command ends with that has no server: says why, unless that was said when there was no @error. */
int csd_cli_not_opened (const GError *error);
/* (transfer full): user id → user name of every account */
GHashTable *csd_cli_list_names (CsdServer *server, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Takes in the content of sealed work (docs/sealed-copy.md), a line on standard output for every operation. *ret_exit: DONE
 * when the server answers for each of them now. */
bool csd_cli_take_in (CsdServer *server, GBytes *content, int *ret_exit, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Makes the key; shows its passphrase, unless @passphrase_file (nullable) has it. */
bool csd_cli_make_recovery_key (CsdServer *server,
                                const char *organisation,
                                const char *passphrase_file,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The private half (32 bytes) by the passphrase, or out of an exported file when @key_file is there. */
bool csd_cli_open_recovery_key (CsdServer *server,
                                const char *organisation,
                                const char *passphrase_file,
                                const char *key_file,
                                guint8 ret_private[32],
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* First line of @path ("-": standard input); without a @path (nullable) a random password a person can type. Caller
 * frees. */
char *csd_cli_get_password (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks on the terminal, without showing what is typed; without a terminal the first line of standard input. */
char *csd_cli_ask_password (const char *prompt, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* First line of @path ("-": standard input). Caller frees. */
char *csd_cli_read_password (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
