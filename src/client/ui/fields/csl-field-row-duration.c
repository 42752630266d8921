/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A length of time. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"

GtkWidget *
csl_field_row_duration_new (CslFieldBinding *binding)
{
  return csl_field_entry_row_new (binding, GTK_INPUT_PURPOSE_FREE_FORM);
}
