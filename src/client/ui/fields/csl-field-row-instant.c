/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day and a time in this computer's zone. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-when-row.h"
#include "client/ui/fields/csl-when-text.h"

#include <glib/gi18n.h>

static const CslWhenRow kind = {
  .to_value = csl_when_text_to_instant,
  .to_text = csl_when_text_from_instant,
  .problem = N_ ("Write the day and the time as 20/11/2026 15:30 or tomorrow 9:00."),
  .with_clock = true,
};

GtkWidget *
csl_field_row_instant_new (CslFieldBinding *binding)
{
  return csl_when_row_new (binding, &kind);
}
