/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copying what belongs to a case. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* As long as a copy may be pasted. */
#define CSL_CLIPBOARD_SECONDS 30

/* Copies @text, marked so that clipboard managers do not keep it, and takes it back after @seconds if nobody has copied
 * anything else. */
void csl_clipboard_copy (GdkClipboard *clipboard, const char *text, guint seconds);
/* Takes back at once what was copied, for example when the worker leaves. */
void csl_clipboard_clear (GdkClipboard *clipboard);

G_END_DECLS
