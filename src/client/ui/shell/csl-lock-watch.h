/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslLockWatch: notices when nobody is at the computer any more: idle for a while, the desktop locks, the computer goes to
 * sleep. Signal "lock". */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CSL_TYPE_LOCK_WATCH (csl_lock_watch_get_type ())
G_DECLARE_FINAL_TYPE (CslLockWatch, csl_lock_watch, CSL, LOCK_WATCH, GObject)

CslLockWatch *csl_lock_watch_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Listens to the desktop's session bus and to the system's bus, where there are any. */
void csl_lock_watch_listen (CslLockWatch *self);
/* 0: idling does not lock. */
void csl_lock_watch_set_idle_ms (CslLockWatch *self, gint64 idle_ms);
/* Somebody is there. Keys and movements in any window of this program call it by themselves. */
void csl_lock_watch_touch (CslLockWatch *self);
/* Minutes that hold: the worker's choice (1 to 60), but not more than the organisation's (0: it does not say). */
guint csl_lock_watch_get_minutes (guint chosen, guint most);

G_END_DECLS
