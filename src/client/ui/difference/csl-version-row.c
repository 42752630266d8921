/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/difference/csl-version-row.h"

#include "client/ui/text/csl-display.h"

#include <glib/gi18n.h>

GtkWidget *
csl_version_row_new (const char *value, const char *who)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), value);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), who);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

char *
csl_version_dup_shown (CslSession *session, const CslField *field, const CslValue *value)
{
  char *text = csl_display_value (session, field, value);

  if (text[0] != '\0')
    return text;
  g_free (text);
  return g_strdup (_ ("Empty"));
}
