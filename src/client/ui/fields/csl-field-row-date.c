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

static const CslWhenRow kind = {
  .to_value = to_value,
  .to_text = to_text,
  .problem = N_ ("Write the date as 20/11/2026 or 20 Nov 2026."),
};

GtkWidget *
csl_field_row_date_new (CslFieldBinding *binding)
{
  return csl_when_row_new (binding, &kind);
}
