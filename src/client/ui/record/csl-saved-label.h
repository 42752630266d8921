/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSavedLabel: "Saved on this computer 14:02", or that it could not be; the proof of autosave beside the text. */
#pragma once

#include "client/app/csl-draft-keeper.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_SAVED_LABEL (csl_saved_label_get_type ())
G_DECLARE_FINAL_TYPE (CslSavedLabel, csl_saved_label, CSL, SAVED_LABEL, AdwBin)

void csl_saved_label_set_keeper (CslSavedLabel *self, CslDraftKeeper *keeper);

G_END_DECLS
