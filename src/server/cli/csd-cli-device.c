/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-cli-device.c: `device`: the computers people work on, and what becomes of lost ones. */
#include "config.h"

#include "core/base/csl-json-write.h"
#include "core/base/csl-time.h"
#include "server/cli/csd-cli.h"
#include "server/csd-devices.h"

typedef struct
{
  char *data, *organisation, *name, *device; /* (owned) (nullable) */
  gboolean json;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->organisation);
  g_free (options->name);
  g_free (options->device);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static CsdServer *
start (Options *options, const char *summary, int argc, char **argv, GError **error)
{
  GOptionEntry entries[] = {
    CSD_CLI_DATA (&options->data),
    CSD_CLI_ORGANISATION (&options->organisation),
    { "name", 0, 0, G_OPTION_ARG_STRING, &options->name, "Only this user's", "USER" },
    { "device", 0, 0, G_OPTION_ARG_STRING, &options->device,
      "Id of the computer (see device list)", "ID" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Print JSON, one object a line",
      NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!csd_cli_parse (entries, "", summary, &argc, &argv))
    return NULL;
  return csd_cli_open (options->data, error);
}

/* -- list -- */

typedef struct
{
  GHashTable *names; /* (unowned) user id → user name */
  bool json;
} List;

static const char *
lookup_name (List *list, const CsdDevice *device)
{
  const char *name = g_hash_table_lookup (list->names, device->user);

  return name != NULL ? name : device->user;
}

static void
print_json (List *list, const CsdDevice *device, const CsdDeviceNote *note)
{
  g_autoptr (GString) out = g_string_new ("{");

  csl_json_write_member_string (out, "user", lookup_name (list, device));
  csl_json_write_member_string (out, "device", device->id);
  csl_json_write_member_string (out, "name", device->name);
  csl_json_write_member_string (out, "platform", device->platform);
  csl_json_write_member_string (out, "app", device->app);
  if (note != NULL) {
    csl_json_write_member_string (out, "last_sync_at", note->at);
    csl_json_write_member_int (out, "last_seq", note->acked);
    csl_json_write_member_int (out, "unsent", note->unsent);
  }
  csl_json_write_member_string (out, "status",
                                csd_device_status_to_text (device->status));
  g_print ("%s}\n", out->str);
}

static void
print_device_cb (const CsdDevice *device, const CsdDeviceNote *note, gpointer data)
{
  List *list = data;
  g_autofree char *seq = NULL;
  g_autofree char *unsent = NULL;

  if (list->json) {
    print_json (list, device, note);
    return;
  }
  seq = note != NULL ? g_strdup_printf ("%" G_GINT64_FORMAT, note->acked)
                     : g_strdup ("-");
  unsent = note != NULL ? g_strdup_printf ("%" G_GINT64_FORMAT, note->unsent)
                        : g_strdup ("-");
  g_print ("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", lookup_name (list, device), device->id,
           device->name, *device->platform != '\0' ? device->platform : "-",
           *device->app != '\0' ? device->app : "-", note != NULL ? note->at : "never",
           seq, unsent, csd_device_status_to_text (device->status));
}

static bool
print_devices (CsdServer *server, const Options *options, GError **error)
{
  g_autoptr (GHashTable) names = csd_cli_list_names (server, error);
  List list = { names, options->json };
  g_autofree char *organisation = NULL;
  g_autofree char *user = NULL;

  if (names == NULL)
    return false;
  if (options->organisation != NULL) {
    organisation = csd_server_dup_organisation_id (server, options->organisation, error);
    if (organisation == NULL)
      return false;
  }
  if (options->name != NULL) {
    user = csd_server_dup_user_id (server, options->organisation, options->name, error);
    if (user == NULL)
      return false;
  }
  if (!options->json)
    g_print ("USER\tDEVICE\tNAME\tPLATFORM\tAPP\tLAST SYNC\tSEQ\tUNSENT\tSTATUS\n");
  return csd_server_list_devices (server, user == NULL ? organisation : NULL, user,
                                  print_device_cb, &list, error);
}

static int
device_list (int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = start (
    &options,
    "Lists computers. UNSENT: entries that waited on it when it was last in contact.",
    argc, argv, &error);

  if (server == NULL)
    return csd_cli_not_opened (error);
  return print_devices (server, &options, &error) ? CSD_EXIT_DONE : csd_cli_fail (error);
}

/* -- changing -- */

static int
change (int argc, char **argv, const char *summary, CsdDeviceStatus status)
{
  g_auto (Options) options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) server = start (&options, summary, argc, argv, &error);
  g_autofree char *user = NULL;

  if (server == NULL)
    return csd_cli_not_opened (error);
  if (options.device == NULL)
    return csd_cli_usage ("--device is needed");
  if (options.name != NULL) {
    user = csd_server_dup_user_id (server, options.organisation, options.name, &error);
    if (user == NULL)
      return csd_cli_fail (error);
  }
  if (!csd_server_set_device_status (server, options.device, user, status, &error))
    return csd_cli_fail (error);
  return CSD_EXIT_DONE;
}

static int
device_revoke (int argc, char **argv)
{
  return change (
    argc, argv,
    "For a lost computer, or one whose user has left: it is refused from now on. When it "
    "comes back it seals what was not sent to the recovery key, hands that in, and "
    "destroys its copy.",
    CSD_DEVICE_WIPE_PENDING);
}

static int
device_suspend (int argc, char **argv)
{
  return change (argc, argv,
                 "Refuses a computer until `device resume`; nothing on it is touched.",
                 CSD_DEVICE_SUSPENDED);
}

static int
device_resume (int argc, char **argv)
{
  return change (argc, argv,
                 "Lets a computer in again, also one whose order to wipe has not reached "
                 "it.",
                 CSD_DEVICE_ENROLLED);
}

int
csd_cli_device (int argc, char **argv)
{
  static const CsdCommand commands[] = {
    { "list", "List computers", device_list },
    { "revoke", "Refuse a computer for good and have its copy wiped", device_revoke },
    { "wipe", "The same as revoke", device_revoke },
    { "suspend", "Refuse a computer for now", device_suspend },
    { "resume", "Let a computer in again", device_resume },
    { NULL, NULL, NULL },
  };

  return csd_cli_run (commands, "caseload-server device", argc, argv);
}
