/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/difference/csl-difference-group.h"

#include "client/ui/difference/csl-version-row.h"
#include "client/ui/fields/csl-field-rows.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

/* What the rows of one group share; freed with the group. */
typedef struct
{
  CslSession *session;       /* (unowned): outlives the window */
  CslDifferenceSheet *sheet; /* (owned) */
  guint position;
  CslFieldBinding *other; /* (owned): the typed alternative */
  GtkWidget *other_row;   /* (unowned) */
  GtkCheckButton *ticks[CSL_CHOICE_OTHER + 1];
} Group;

static void
group_free (gpointer data)
{
  Group *group = data;

  g_object_unref (group->sheet);
  g_clear_object (&group->other);
  g_free (group);
}

static void
toggled_cb (GtkWidget *widget)
{
  Group *group = g_object_get_data (G_OBJECT (widget), "group");
  CslChoice choice = CSL_CHOICE_NONE;

  for (guint i = CSL_CHOICE_THEIRS; i <= CSL_CHOICE_OTHER; i++)
    if (gtk_check_button_get_active (group->ticks[i]))
      choice = i;
  gtk_widget_set_visible (group->other_row, choice == CSL_CHOICE_OTHER);
  csl_difference_sheet_choose (group->sheet, group->position, choice,
                               csl_field_binding_get_value (group->other));
}

static char *
dup_shown (Group *group, const CslValue *value)
{
  return csl_version_dup_shown (group->session,
                                csl_difference_sheet_get (group->sheet, group->position)
                                  ->field,
                                value);
}

static GtkWidget *
choice_row_new (GtkWidget *owner,
                Group *group,
                CslChoice choice,
                const char *value,
                const char *who)
{
  static const char *const names[] = { "", "choose-theirs", "choose-mine",
                                       "choose-other" };
  GtkWidget *row = csl_version_row_new (value, who);
  GtkWidget *tick = gtk_check_button_new ();
  g_autofree char *label = g_strdup_printf ("%s, %s", value, who);

  if (choice != CSL_CHOICE_THEIRS)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (tick), group->ticks[CSL_CHOICE_THEIRS]);
  group->ticks[choice] = GTK_CHECK_BUTTON (tick);
  gtk_widget_set_name (tick, names[choice]);
  gtk_widget_set_valign (tick, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (tick), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), tick);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), tick);
  /* The value alone does not say whose it is. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (tick),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  g_signal_connect_object (tick, "toggled", G_CALLBACK (toggled_cb), owner,
                           G_CONNECT_SWAPPED);
  return row;
}

static char *
describe_theirs (Group *group)
{
  const CslFieldDifference *difference =
    csl_difference_sheet_get (group->sheet, group->position);
  gint64 now = csl_session_get_now_ms (group->session);
  g_autofree char *who = difference->theirs_by != NULL
                           ? csl_display_worker (group->session, difference->theirs_by)
                           : g_strdup (_ ("A colleague"));
  g_autofree char *when = difference->theirs_at != NULL
                            ? csl_display_instant (difference->theirs_at, now)
                            : NULL;

  /* Translators: who saved a value and when: "Saved by Maria Lopez, Tuesday 14:02" */
  return when != NULL ? g_strdup_printf (_ ("Saved by %s, %s"), who, when)
                      : g_strdup_printf (_ ("Saved by %s"), who);
}

static char *
describe_mine (Group *group)
{
  CslRecordItem *conflict = csl_difference_sheet_get_conflict (group->sheet);
  const char *author = csl_record_item_get_text (conflict, "author");
  const char *me = csl_record_item_get_id (csl_session_get_user (group->session));
  g_autofree char *who = NULL;

  if (g_strcmp0 (author, me) == 0)
    return g_strdup (_ ("Written by you"));
  who = csl_display_worker (group->session, author);
  /* Translators: who wrote a value while away from the network */
  return g_strdup_printf (_ ("Written by %s"), who);
}

static void
add_other (GtkWidget *owner, Group *group)
{
  const CslFieldDifference *difference =
    csl_difference_sheet_get (group->sheet, group->position);

  group->other = csl_field_binding_new (group->session, difference->field);
  csl_field_binding_set_editable (group->other, true);
  csl_field_binding_set_value (group->other, &difference->mine);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (owner),
                             choice_row_new (owner, group, CSL_CHOICE_OTHER,
                                             _ ("Write another…"),
                                             _ ("Something else is right")));
  group->other_row = csl_field_row_new (group->other);
  gtk_widget_set_visible (group->other_row, FALSE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (owner), group->other_row);
  g_signal_connect_object (group->other, "value-changed", G_CALLBACK (toggled_cb), owner,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
csl_difference_group_new (CslSession *session, CslDifferenceSheet *sheet, guint position)
{
  const CslFieldDifference *difference = csl_difference_sheet_get (sheet, position);
  GtkWidget *owner = adw_preferences_group_new ();
  Group *group = g_new0 (Group, 1);
  GtkWidget *before;
  g_autofree char *theirs_by = NULL;
  g_autofree char *mine_by = NULL;
  g_autofree char *was = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *mine = NULL;

  group->session = session;
  group->sheet = g_object_ref (sheet);
  group->position = position;
  g_object_set_data_full (G_OBJECT (owner), "group", group, group_free);
  theirs_by = describe_theirs (group);
  mine_by = describe_mine (group);
  was = dup_shown (group, &difference->was);
  theirs = dup_shown (group, &difference->theirs);
  mine = dup_shown (group, &difference->mine);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (owner),
                                   csl_label_field (difference->field));
  before = csl_version_row_new (was, _ ("Before"));
  g_object_set_data (G_OBJECT (owner), "before", before);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (owner), before);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (owner),
                             choice_row_new (owner, group, CSL_CHOICE_THEIRS, theirs,
                                             theirs_by));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (owner),
                             choice_row_new (owner, group, CSL_CHOICE_MINE, mine,
                                             mine_by));
  add_other (owner, group);
  return owner;
}

gboolean
csl_difference_group_focus (GtkWidget *group)
{
  return gtk_widget_grab_focus (g_object_get_data (G_OBJECT (group), "before"));
}
