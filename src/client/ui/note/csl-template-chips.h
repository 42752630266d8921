/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The organisation's templates for notes, as chips above the text of a note. */
#pragma once

#include "client/app/csl-record-draft.h"
#include "client/ui/shell/csl-wrap-box.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Fills @box with a chip for each template; a pressed one puts its text into @content, where the cursor is, and itself and
 * its kind into @note. A visit gets
 * those for visits only. Hides @box when there is no template. */
void csl_template_chips_add (CslWrapBox *box, CslRecordDraft *note, GtkTextView *content);

G_END_DECLS
