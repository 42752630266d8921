/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-prose.h: text views that show all of their text. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lets @view, which scrolls with its page and not by itself, be as high as its text needs in every width. */
void csl_prose_grow (GtkTextView *view);

G_END_DECLS
