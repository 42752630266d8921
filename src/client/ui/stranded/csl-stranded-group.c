/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-stranded-group.c: a new record is shown as what was filled in; a change of a record as its versions. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/stranded/csl-stranded-group.h"

#include "client/ui/difference/csl-version-row.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
dup_author (CslSession *session, CslStrandedSheet *sheet)
{
  return csl_display_worker (session,
                             csl_record_item_get_text (csl_stranded_sheet_get_work (
                                                         sheet),
                                                       "author"));
}

/* Whom and which case it is about stands above; who wrote it too. */
static bool
is_shown (const CslStrandedChange *change)
{
  const CslField *field = change->field;

  return field != NULL && (field->flags & CSL_FIELD_HIDDEN) == 0 &&
         (int) field->index != change->type->client_field &&
         (int) field->index != change->type->case_field &&
         g_strcmp0 (field->default_expr, "me") != 0 &&
         (field->flags & CSL_FIELD_READ_ONLY) == 0 && !csl_value_is_null (&change->mine);
}

/* What was written at length says most, and stands first. */
static bool
is_long (const CslStrandedChange *change)
{
  return (change->field->kind->flags & CSL_KIND_LONG) != 0;
}

static bool
is_new (const CslStrandedChange *change)
{
  return strcmp (change->act, "create") == 0;
}

static void
set_title (GtkWidget *group, const char *title)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
}

static void
add_row (GtkWidget *group, const char *value, const char *who)
{
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                             csl_version_row_new (value, who));
}

static void
add_filled (GtkWidget *group, CslSession *session, const CslStrandedChange *change)
{
  g_autofree char *value = csl_version_dup_shown (session, change->field, &change->mine);

  add_row (group, value, csl_label_field (change->field));
}

/* The first change behind those of one new record. */
static guint
find_end (CslStrandedSheet *sheet, guint position)
{
  const char *record = csl_stranded_sheet_get (sheet, position)->record;
  guint size = csl_stranded_sheet_get_size (sheet);

  while (position < size && is_new (csl_stranded_sheet_get (sheet, position)) &&
         strcmp (csl_stranded_sheet_get (sheet, position)->record, record) == 0)
    position++;
  return position;
}

/* Everything filled in in one new record. */
static guint
add_new (GtkWidget *group, CslSession *session, CslStrandedSheet *sheet, guint position)
{
  const CslStrandedChange *first = csl_stranded_sheet_get (sheet, position);
  guint end = find_end (sheet, position);
  /* Translators: a kind of record: "New: Note" */
  g_autofree char *title = g_strdup_printf (_ ("New: %s"), csl_label_type (first->type));

  set_title (group, title);
  for (int pass = 0; pass < 2; pass++)
    for (guint i = position; i < end; i++) {
      const CslStrandedChange *change = csl_stranded_sheet_get (sheet, i);

      if (is_shown (change) && is_long (change) == (pass == 0))
        add_filled (group, session, change);
    }
  return end;
}

static void
add_versions (GtkWidget *group,
              CslSession *session,
              CslStrandedSheet *sheet,
              guint position)
{
  const CslStrandedChange *change = csl_stranded_sheet_get (sheet, position);
  g_autofree char *who = dup_author (session, sheet);
  const bool same = change->is_here && csl_value_equal (&change->mine, &change->now);
  g_autofree char *written =
    /* Translators: who wrote a value while away from the network, and somebody wrote the same meanwhile */
    same ? g_strdup_printf (_ ("Written by %s; the file says the same now"), who)
         /* Translators: who wrote a value while away from the network */
         : g_strdup_printf (_ ("Written by %s"), who);
  g_autofree char *was = csl_version_dup_shown (session, change->field, &change->was);
  g_autofree char *mine = csl_version_dup_shown (session, change->field, &change->mine);
  g_autofree char *now = csl_version_dup_shown (session, change->field, &change->now);
  g_autofree char *title =
    /* Translators: a kind of record and one of its fields: "Case: Priority" */
    g_strdup_printf (_ ("%s: %s"), csl_label_type (change->type),
                     csl_label_field (change->field));

  set_title (group, title);
  /* What was there is not sent along with work that had to leave its file. */
  if (!csl_value_is_null (&change->was) && !csl_value_equal (&change->was, &change->now))
    add_row (group, was, _ ("Before"));
  add_row (group, mine, written);
  if (change->is_here && !same)
    add_row (group, now, _ ("In the file now"));
}

static void
add_deleted (GtkWidget *group, CslSession *session, const CslStrandedChange *change)
{
  g_autofree char *title =
    csl_display_reference (session, change->type->name, change->record);

  set_title (group, csl_label_type (change->type));
  add_row (group, title, _ ("To be deleted"));
}

GtkWidget *
csl_stranded_group_new (CslSession *session,
                        CslStrandedSheet *sheet,
                        guint position,
                        guint *ret_next)
{
  const CslStrandedChange *change = csl_stranded_sheet_get (sheet, position);
  GtkWidget *group = adw_preferences_group_new ();

  *ret_next = position + 1;
  if (strcmp (change->act, "delete") == 0)
    add_deleted (group, session, change);
  else if (is_new (change))
    *ret_next = add_new (group, session, sheet, position);
  else if (change->field != NULL)
    add_versions (group, session, sheet, position);
  return group;
}
