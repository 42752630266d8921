/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One version of a value, whole, and whose it is. */
#pragma once

#include "client/app/csl-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* @who: "Before", "Saved by Maria Lopez, Tuesday 14:02". */
GtkWidget *csl_version_row_new (const char *value, const char *who);
/* The value as it is shown; "Empty" when there is none. */
char *csl_version_dup_shown (CslSession *session,
                             const CslField *field,
                             const CslValue *value) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
