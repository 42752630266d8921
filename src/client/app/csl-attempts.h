/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long somebody must wait who has typed wrong PINs; kept in a small file, so that starting again does not help. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

/* This many may be wrong without a wait; then 5 seconds, doubling to 15 minutes. */
#define CSL_ATTEMPTS_FREE 3

gint64 csl_attempts_get_wait_ms (const char *path, gint64 now_ms);
/* Before each try: whoever ends the program in the middle has tried. FALSE: it could not be written. */
bool csl_attempts_add (const char *path, gint64 now_ms) G_GNUC_WARN_UNUSED_RESULT;
void csl_attempts_clear (const char *path);

G_END_DECLS
