/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day: an entry that understands how people write dates, with a calendar beside it. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-when-row.h"
#include "client/ui/fields/csl-when-text.h"

#include <glib/gi18n.h>

static char *
to_value (const char *text, const char *today, const char *zone)
{
  (void) zone;
  return csl_when_text_to_date (text, today);
}

static char *
to_text (const char *value, const char *zone)
{
  (void) zone;
  return csl_when_text_from_date (value);
}

static char *
dup_problem (void)
{
  g_autofree char *numbers = csl_when_text_dup_example (CSL_REGION_DAY_NUMBERS, false);
  g_autofree char *words = csl_when_text_dup_example (CSL_REGION_DAY_YEAR, false);

  /* Translators: two ways to write the same day, "20/11/2026" and "20 Nov 2026". */
  return g_strdup_printf (_ ("Write the date as %s or %s."), numbers, words);
}

static const CslWhenRow kind = {
  .to_value = to_value,
  .to_text = to_text,
  .dup_problem = dup_problem,
};

GtkWidget *
csl_field_row_date_new (CslFieldBinding *binding)
{
  return csl_when_row_new (binding, &kind);
}
