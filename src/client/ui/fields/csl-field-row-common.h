/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every field row shares: name, label, help, problem marks, settling when the focus leaves. */
#pragma once

#include "client/ui/fields/csl-field-rows.h"

G_BEGIN_DECLS

/* @row: the list row. @control: the widget that takes the focus. The row's widget name becomes "field-<name>". */
void csl_field_row_prepare (GtkWidget *row, GtkWidget *control, CslFieldBinding *binding);
/* The control of a prepared row: what carries the field's state for screen readers. */
GtkWidget *csl_field_row_get_control (GtkWidget *row);
/* The label that says what is wrong with a prepared row; it lives as long as the row. */
void csl_field_row_set_sentence (GtkWidget *row, GtkWidget *sentence);
/* An entry row bound to the binding's text. */
GtkWidget *csl_field_entry_row_new (CslFieldBinding *binding, GtkInputPurpose purpose);
/* A flat icon button for a row's end, opening @popover. */
GtkWidget *csl_field_row_popover_button (const char *icon,
                                         const char *label,
                                         GtkWidget *popover);

/* Canonical form of a JSON text made here; NULL when it is not JSON. Caller frees. */
char *csl_field_row_dup_canonical (const char *json);
/* Today's canonical date where the person is. Caller frees. */
char *csl_field_row_dup_today (CslFieldBinding *binding);

G_END_DECLS
