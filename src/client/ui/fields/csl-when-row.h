/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entry row with a calendar that dates and moments share. */
#pragma once

#include "client/ui/fields/csl-field-rows.h"

G_BEGIN_DECLS

/* How one kind of moment is read and written; const tables. Both functions return new text or NULL. */
typedef struct
{
  char *(*to_value) (const char *text, const char *today, const char *zone);
  char *(*to_text) (const char *value, const char *zone);
  char *(*dup_problem) (void); /* a sentence for what cannot be read */
  bool with_clock;             /* a time of day belongs to it */
} CslWhenRow;

GtkWidget *csl_when_row_new (CslFieldBinding *binding, const CslWhenRow *kind);

G_END_DECLS
