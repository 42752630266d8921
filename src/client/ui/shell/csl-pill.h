/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslPill: a state as icon and word, never colour alone. Hidden while it has nothing to say. */
#pragma once

#include "client/app/csl-record-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_PILL (csl_pill_get_type ())
G_DECLARE_FINAL_TYPE (CslPill, csl_pill, CSL, PILL, AdwBin)

/* @style: success, warning, error, accent, dim or NULL. @word NULL hides it. */
void csl_pill_set (CslPill *self,
                   const char *style,
                   const char *icon_name,
                   const char *word);
/* The label and style of an enum value; NULL hides it. */
void csl_pill_set_enum (CslPill *self, const CslEnum *options, const char *value);
/* Where a record stands with the server; what is in step shows nothing. */
void csl_pill_set_state (CslPill *self, CslRecordState state);

G_END_DECLS
