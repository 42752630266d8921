/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordForm: the generated form of a record draft: the type's sections as boxed lists, two columns when wide. */
#pragma once

#include "client/app/csl-record-draft.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CSL_TYPE_RECORD_FORM (csl_record_form_get_type ())
G_DECLARE_FINAL_TYPE (CslRecordForm, csl_record_form, CSL, RECORD_FORM, GtkBox)

/* @skip: NULL-terminated names of fields the page already settles (client, case, …), or NULL. */
GtkWidget *csl_record_form_new (CslRecordDraft *draft, const char *const *skip);
/* Moves the focus to the row of @binding. */
void csl_record_form_focus (CslRecordForm *self, CslFieldBinding *binding);

G_END_DECLS
