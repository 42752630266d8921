/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslReferenceChooser: a popover that finds one record of a type by typing. Signal "chosen" (CslRecordItem, NULL for none). */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_REFERENCE_CHOOSER (csl_reference_chooser_get_type ())
G_DECLARE_FINAL_TYPE (CslReferenceChooser,
                      csl_reference_chooser,
                      CSL,
                      REFERENCE_CHOOSER,
                      GtkPopover)

GtkWidget *csl_reference_chooser_new (CslSession *session,
                                      const CslRecordType *type,
                                      bool with_none);

G_END_DECLS
