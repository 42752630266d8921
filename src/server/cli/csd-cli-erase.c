/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-erase.c: `erase` and `erased`: a client with everything that hangs on it, and who has not heard of it yet. */
#include "config.h"

#include "server/cli/csd-cli.h"
#include "server/csd-erase.h"

typedef struct
{
  const char *words;  /* what the command takes: "CLIENT" or "" */
  char *data, *code;  /* (owned) (nullable) */
  char *organisation; /* (owned) (nullable): id, once the server is open */
  gboolean yes;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->code);
  g_free (options->organisation);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Words are argv[1] and on then. */
static CsdServer *
start (Options *options, const char *summary, int argc, char **argv, GError **error)
{
  GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &options->yes, "Do it", NULL },
    CSD_CLI_DATA (&options->data),
    CSD_CLI_ORGANISATION (&options->code),
    G_OPTION_ENTRY_NULL,
  };
  const bool changes = *options->words != '\0';

  if (!csd_cli_parse (changes ? entries : entries + 1, options->words, summary, &argc,
                      &argv))
    return NULL;
  return csd_cli_open_organisation (options->data, options->code, &options->organisation,
                                    error);
}

static void
print_type_cb (const char *type, guint n, gpointer data)
{
  g_print ("%s\t%u\n", type, n);
}

static bool
run (CsdServer *server,
     const char *organisation,
     const char *client,
     bool yes,
     GError **error)
{
  gint64 seq = 0;

  if (!csd_server_list_erasable (server, organisation, client, print_type_cb, NULL,
                                 error))
    return false;
  if (!yes) {
    g_print ("Nothing was erased. With --yes it is, and nobody can take it back.\n");
    return true;
  }
  if (!csd_server_erase (server, organisation, client, &seq, error))
    return false;
  g_print ("Erased by commit %" G_GINT64_FORMAT
           ". Backups that were made before still have it; `erased` tells which "
           "computers have not heard of it.\n",
           seq);
  return true;
}

int
csd_cli_erase (int argc, char **argv)
{
  g_auto (Options) options = { .words = "CLIENT" };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options,
           "Erases a client (an id) with all cases, notes and whatever else hangs on it, "
           "their history too: here, and on every computer when it next reaches the "
           "server. Without --yes it only says what would go.",
           argc, argv, &error);

  if (server == NULL)
    return csd_cli_not_opened (error);
  return run (server, options.organisation, argv[1], options.yes, &error)
           ? CSD_EXIT_DONE
           : csd_cli_fail (error);
}

typedef struct
{
  GHashTable *names; /* (owned) user id → user name */
  GPtrArray *lines;  /* (owned) of char*: a line for each erased client */
  GArray *seqs;      /* (owned) of gint64 */
  gint64 seq;        /* the one that is looked at */
  guint n_devices, n_pending;
} Report;

static void
report_clear (Report *report)
{
  g_clear_pointer (&report->names, g_hash_table_unref);
  g_clear_pointer (&report->lines, g_ptr_array_unref);
  g_clear_pointer (&report->seqs, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, report_clear)

static void
collect_cb (const char *client, gint64 seq, gpointer data)
{
  Report *report = data;

  g_ptr_array_add (report->lines, g_strdup (client));
  g_array_append_val (report->seqs, seq);
}

static void
count_cb (const CsdDevice *device, const CsdDeviceNote *note, gpointer data)
{
  Report *report = data;

  report->n_devices++;
  report->n_pending += csd_device_may_have (device, note, report->seq) ? 1 : 0;
}

static void
print_device_cb (const CsdDevice *device, const CsdDeviceNote *note, gpointer data)
{
  const Report *report = data;
  const char *user = g_hash_table_lookup (report->names, device->user);

  if (csd_device_may_have (device, note, report->seq))
    g_print ("\t%s\t%s\t%s\t%s\t%s\n", user != NULL ? user : device->user, device->id,
             device->name, note != NULL ? note->at : "never",
             csd_device_status_to_text (device->status));
}

static bool
print_erased (CsdServer *server, const char *organisation, Report *report, GError **error)
{
  for (guint i = 0; i < report->lines->len; i++) {
    report->seq = g_array_index (report->seqs, gint64, i);
    report->n_devices = report->n_pending = 0;
    if (!csd_server_list_devices (server, organisation, NULL, count_cb, report, error))
      return false;
    g_print ("%s\t%" G_GINT64_FORMAT "\t%u\t%u\n",
             (const char *) g_ptr_array_index (report->lines, i), report->seq,
             report->n_devices - report->n_pending, report->n_pending);
    if (!csd_server_list_devices (server, organisation, NULL, print_device_cb, report,
                                  error))
      return false;
  }
  return true;
}

int
csd_cli_erased (int argc, char **argv)
{
  g_auto (Options) options = { .words = "" };
  g_auto (Report) report = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server =
    start (&options,
           "Lists erased clients, how many computers have confirmed that, and below each "
           "the computers that have not.",
           argc, argv, &error);

  if (server == NULL)
    return csd_cli_not_opened (error);
  report.lines = g_ptr_array_new_with_free_func (g_free);
  report.seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
  report.names = csd_cli_list_names (server, &error);
  g_print ("CLIENT\tCOMMIT\tCONFIRMED\tPENDING\n");
  if (report.names == NULL ||
      !csd_server_list_erased (server, options.organisation, collect_cb, &report,
                               &error) ||
      !print_erased (server, options.organisation, &report, &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}
