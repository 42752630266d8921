/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handing work to the main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Any thread: @context runs @func with @data (taken) when it comes round to it, never before this returns. Unlike
 * g_main_context_invoke(), which runs it at once in the calling thread when nobody runs @context, as while the program
 * ends. */
void csd_queue (GMainContext *context,
                GSourceFunc func,
                gpointer data,
                GDestroyNotify notify);

G_END_DECLS
