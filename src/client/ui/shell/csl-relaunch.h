/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replacing the process by itself: what it held in memory is gone, whoever copied it where. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* @arguments: NULL-terminated, from the first option on; they are visible to everybody and hold nothing of any record.
 * Does not return: when the program cannot be started again the process ends. */
void csl_relaunch (GApplication *application,
                   const char *const *arguments) G_GNUC_NORETURN;

G_END_DECLS
