/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row of each field kind: a table with the same order as csl_field_kinds (a test walks both). */
#pragma once

#include "client/app/csl-field-binding.h"

#include <adwaita.h>

G_BEGIN_DECLS

typedef GtkWidget *(*CslFieldRowFunc) (CslFieldBinding *binding);

typedef struct
{
  const char *kind;
  CslFieldRowFunc create;
} CslFieldRowEntry;

extern const CslFieldRowEntry csl_field_rows[];
guint csl_field_rows_get_size (void);

/* The row for the binding's kind, ready to go into a boxed list. */
GtkWidget *csl_field_row_new (CslFieldBinding *binding);
/* Adds the row and, under it, the place where its problem appears. */
void csl_field_row_add (AdwPreferencesGroup *group, CslFieldBinding *binding);

GtkWidget *csl_field_row_text_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_long_text_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_integer_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_money_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_decimal_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_boolean_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_date_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_instant_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_duration_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_enum_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_reference_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_enum_set_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_object_list_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_email_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_phone_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_address_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_signature_new (CslFieldBinding *binding);
GtkWidget *csl_field_row_file_new (CslFieldBinding *binding);

G_END_DECLS
