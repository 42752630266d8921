/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslPassphraseBox: a passphrase in a dialog; typed twice when it is a new one. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_PASSPHRASE_BOX (csl_passphrase_box_get_type ())
G_DECLARE_FINAL_TYPE (CslPassphraseBox, csl_passphrase_box, CSL, PASSPHRASE_BOX, AdwBin)

/* Signal "changed": another passphrase; it may have become good enough. */
GtkWidget *csl_passphrase_box_new (gboolean is_new) G_GNUC_WARN_UNUSED_RESULT;
const char *csl_passphrase_box_get_text (CslPassphraseBox *self);
/* What was typed will do. */
gboolean csl_passphrase_box_get_ready (CslPassphraseBox *self);
/* What was typed before is wrong, and @sentence says why. */
void csl_passphrase_box_set_problem (CslPassphraseBox *self, const char *sentence);

G_END_DECLS
