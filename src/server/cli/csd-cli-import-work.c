/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-import-work.c: `import-work`: a sealed copy of work that its author could not send. */
#include "config.h"

#include "core/base/csl-json-scan.h"
#include "server/cli/csd-cli.h"
#include "store/csl-sealed.h"

#include <sodium.h>
#include <string.h>

typedef struct
{
  guint done, before, differ, review, refused, waiting;
} Tally;

/* Counts the answer and says it in words. */
static const char *
count (Tally *tally, const CslAnswer *answer)
{
  switch (answer->verdict) {
  case CSL_VERDICT_OK:
  case CSL_VERDICT_MERGED:
  case CSL_VERDICT_REDIRECT:
    if (answer->dup)
      tally->before++;
    else
      tally->done++;
    return answer->dup ? "was here before" : "taken in";
  case CSL_VERDICT_CONFLICT:
    tally->differ++;
    return "differs from what others wrote; kept as a difference";
  case CSL_VERDICT_ESCROW:
    tally->review++;
    return "the author has no access any more; kept for review";
  case CSL_VERDICT_HELD:
    tally->waiting++;
    return "not taken in: depends on a change that was refused";
  case CSL_VERDICT_REJECTED:
  case CSL_VERDICT_GAP:
  case CSL_VERDICT_DEVICE_REWOUND:
  case CSL_VERDICT_BUSY:
  case CSL_VERDICT_EPOCH:
    break;
  }
  tally->refused++;
  return "refused";
}

static char *
dup_member (const CslJson *json, const char *name)
{
  char *text = csl_json_member_dup_string (json, 0, name);

  return text != NULL ? text : g_strdup ("?");
}

/* Ids and the server's own sentences: what people wrote does not belong on a terminal. */
static void
taken_in_cb (const CslAnswer *answer, const char *line, gpointer data)
{
  const char *words = count (data, answer);
  g_auto (CslJson) json = { 0 };
  g_autofree char *type = NULL, *id = NULL, *act = NULL;

  csl_json_init (&json);
  if (csl_json_scan (&json, line, strlen (line), &csl_json_limits_line, NULL)) {
    type = dup_member (&json, "k");
    id = dup_member (&json, "id");
    act = dup_member (&json, "act");
  }
  g_print ("%" G_GINT64_FORMAT "\t%s %s %s\t%s", answer->n, act, type, id, words);
  if (answer->verdict == CSL_VERDICT_REJECTED)
    g_print (": %s%s%s (%s)", answer->field != NULL ? answer->field : "",
             answer->field != NULL ? ": " : "",
             answer->message != NULL ? answer->message : "", answer->code);
  g_print ("\n");
}

static int
print_tally (const Tally *tally)
{
  guint left = tally->refused + tally->waiting;

  g_print (
    "%u taken in, %u here before, %u differ, %u for review, %u refused, %u waiting\n",
    tally->done, tally->before, tally->differ, tally->review, tally->refused,
    tally->waiting);
  return left == 0 ? CSD_EXIT_DONE : CSD_EXIT_FAILED;
}

static GBytes *
read_sealed (const char *path, const char *passphrase_file, GError **error)
{
  char *text = NULL;
  gsize length = 0;
  g_autoptr (GBytes) file = NULL;
  GBytes *content = NULL;
  char *passphrase;
  CslSealedLock lock;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  file = g_bytes_new_take (text, length);
  /* Nobody is asked for a passphrase when it would be of no use. */
  if (!csl_sealed_get_lock (file, &lock, error))
    return NULL;
  passphrase = passphrase_file != NULL
                 ? csd_cli_read_password (passphrase_file, error)
                 : csd_cli_ask_password ("Passphrase of the sealed copy: ", error);
  if (passphrase == NULL)
    return NULL;
  content = csl_sealed_read (passphrase, file, error);
  sodium_memzero (passphrase, strlen (passphrase));
  g_free (passphrase);
  return content;
}

bool
csd_cli_take_in (CsdServer *server, GBytes *content, int *ret_exit, GError **error)
{
  g_auto (CslWorkCopy) copy = { 0 };
  Tally tally = { 0 };

  if (!csl_work_copy_parse (&copy, g_bytes_get_data (content, NULL),
                            g_bytes_get_size (content), error) ||
      !csd_server_take_in (server, &copy, taken_in_cb, &tally, error))
    return false;
  *ret_exit = print_tally (&tally);
  if (copy.drafts->len > 0)
    g_print (
      "%u drafts stay in the copy: nobody pressed Save, and only their author takes "
      "them in\n",
      copy.drafts->len);
  return true;
}

static int
import_work (const char *folder, const char *path, const char *passphrase_file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = csd_cli_open (folder, &error);
  g_autoptr (GBytes) content = NULL;
  int status = CSD_EXIT_FAILED;

  if (server == NULL)
    return csd_cli_fail (error);
  content = read_sealed (path, passphrase_file, &error);
  if (content == NULL || !csd_cli_take_in (server, content, &status, &error))
    return csd_cli_fail (error);
  return status;
}

int
csd_cli_import_work (int argc, char **argv)
{
  g_autofree char *passphrase_file = NULL;
  GOptionEntry entries[] = {
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file,
      "File with the passphrase, - for standard input; asked for when missing", "FILE" },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (entries, "DIR FILE",
                      "Takes the unsent work in the sealed copy FILE into the server in "
                      "DIR, in its author's name.",
                      &argc, &argv))
    return CSD_EXIT_USAGE;
  return import_work (argv[1], argv[2], passphrase_file);
}
