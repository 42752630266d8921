/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-queue.c: handing work to the main thread. */
#include "config.h"

#include "server/http/csd-queue.h"

void
csd_queue (GMainContext *context, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, notify);
  g_source_attach (source, context);
}
