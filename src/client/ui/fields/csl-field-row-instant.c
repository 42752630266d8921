/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day and a time in this computer's zone. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-when-row.h"
#include "client/ui/fields/csl-when-text.h"

#include <glib/gi18n.h>

static char *
dup_problem (void)
{
  g_autofree char *numbers = csl_when_text_dup_example (CSL_REGION_DAY_NUMBERS, true);

  /* Translators: a day with a time of day, "20/11/2026 15:30". */
  return g_strdup_printf (_ ("Write the day and the time as %s or tomorrow 9:00."),
                          numbers);
}

static const CslWhenRow kind = {
  .to_value = csl_when_text_to_instant,
  .to_text = csl_when_text_from_instant,
  .dup_problem = dup_problem,
  .with_clock = true,
};

GtkWidget *
csl_field_row_instant_new (CslFieldBinding *binding)
{
  return csl_when_row_new (binding, &kind);
}
