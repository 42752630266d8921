/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-relaunch.c: execve() of this very program. Threads, memory and every file that is marked so end with it. */
#define G_LOG_DOMAIN "csl-relaunch"

#include "config.h"

#include "client/ui/shell/csl-relaunch.h"

#include <unistd.h>

#define SELF        "/proc/self/exe"
#define RELEASE_MS  500
#define MAX_OPTIONS 16

/* The new process asks for the same name: the bus must not find the old one still there. */
static void
release_name (GApplication *application)
{
  GDBusConnection *connection = g_application_get_dbus_connection (application);
  g_autoptr (GVariant) answer = NULL;

  if (connection == NULL)
    return;
  answer =
    g_dbus_connection_call_sync (connection, "org.freedesktop.DBus",
                                 "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                 "ReleaseName",
                                 g_variant_new ("(s)", g_application_get_application_id (
                                                         application)),
                                 NULL, G_DBUS_CALL_FLAGS_NONE, RELEASE_MS, NULL, NULL);
}

void
csl_relaunch (GApplication *application, const char *const *arguments)
{
  const char *argv[MAX_OPTIONS + 2] = { "caseload" };

  for (guint i = 0; arguments[i] != NULL && i < MAX_OPTIONS; i++)
    argv[i + 1] = arguments[i];
  release_name (application);
  execv (SELF, (char *const *) argv);
  /* Better no window than one that was to be locked. */
  _exit (1);
}
