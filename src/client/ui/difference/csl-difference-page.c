/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/difference/csl-difference-page.h"

#include "client/ui/difference/csl-difference-group.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-navigation.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslDifferencePage
{
  CslPage parent_instance;

  CslDifferenceSheet *sheet; /* (owned) */

  /* widgets */
  GtkLabel *heading;
  GtkLabel *explanation;
  GtkBox *groups;
  GtkLabel *problem;
  GtkLabel *progress;
  GtkButton *later;
  GtkButton *apply;
};

G_DEFINE_FINAL_TYPE (CslDifferencePage, csl_difference_page, CSL_TYPE_PAGE)

static void
show_progress (CslDifferencePage *self)
{
  guint size = csl_difference_sheet_get_size (self->sheet);
  guint done = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < size; i++)
    if (csl_difference_sheet_get (self->sheet, i)->choice != CSL_CHOICE_NONE)
      done++;
  text = g_strdup_printf (
    ngettext ("%u of %u decided · nothing is lost: both stay in the history",
              "%u of %u decided · nothing is lost: all stay in the history", size),
    done, size);
  gtk_label_set_label (self->progress, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply),
                            csl_difference_sheet_get_complete (self->sheet));
}

static void
sheet_changed_cb (CslDifferencePage *self)
{
  show_progress (self);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslDifferencePage) self = data;

  gtk_widget_set_sensitive (GTK_WIDGET (self->apply), TRUE);
  if (!csl_session_save_finish (CSL_SESSION (source), result, NULL)) {
    gtk_label_set_label (
      self->problem,
      _ ("Your decision could not be saved on this computer. Check that the disk "
         "is not full, then apply it again."));
    gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
    return;
  }
  csl_navigation_toast (GTK_WIDGET (self),
                        _ ("Settled. Both versions stay in the history."));
  csl_navigation_back (GTK_WIDGET (self));
}

static void
apply_cb (CslDifferencePage *self)
{
  g_autoptr (CslEdit) edit = NULL;
  g_autoptr (CslProblems) problems = NULL;
  CslSession *session = csl_page_get_session (CSL_PAGE (self));

  if (!csl_difference_sheet_get_complete (self->sheet))
    return;
  edit = csl_difference_sheet_dup_edit (self->sheet);
  problems = csl_session_check (session, edit);
  if (csl_problems_get_size (problems) > 0) {
    g_autofree char *text = csl_problems_dup_text (problems);
    gtk_label_set_label (self->problem, text);
    gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
    return;
  }
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply), FALSE);
  csl_session_save_async (session, edit, NULL, saved_cb, g_object_ref (self));
}

static void
later_cb (CslDifferencePage *self)
{
  csl_navigation_back (GTK_WIDGET (self));
}

static void
apply_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  apply_cb (CSL_DIFFERENCE_PAGE (widget));
}

static char *
dup_heading (CslDifferencePage *self)
{
  guint size = csl_difference_sheet_get_size (self->sheet);
  CslRecordItem *item = csl_difference_sheet_get_item (self->sheet);
  const char *about = item != NULL ? csl_record_item_get_title (item)
                                   : _ ("A record that was deleted");

  if (size == 1)
    /* Translators: a field's label, then whom or what it is about: "Phone was changed in two places · Amina Rahman" */
    return g_strdup_printf (_ ("%s was changed in two places · %s"),
                            csl_label_field (
                              csl_difference_sheet_get (self->sheet, 0)->field),
                            about);
  /* Translators: whom or what it is about */
  return g_strdup_printf (_ ("Changed in two places · %s"), about);
}

/* Who comes in begins at the first choice, also before the page has been laid out. */
static gboolean
focus (GtkWidget *widget, GtkDirectionType direction)
{
  CslDifferencePage *self = CSL_DIFFERENCE_PAGE (widget);
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self->groups));

  if (direction == GTK_DIR_TAB_FORWARD && first != NULL &&
      gtk_widget_get_focus_child (widget) == NULL)
    return csl_difference_group_focus (first);
  return GTK_WIDGET_CLASS (csl_difference_page_parent_class)->focus (widget, direction);
}

static void
dispose (GObject *object)
{
  CslDifferencePage *self = CSL_DIFFERENCE_PAGE (object);

  g_clear_object (&self->sheet);
  G_OBJECT_CLASS (csl_difference_page_parent_class)->dispose (object);
}

static void
csl_difference_page_class_init (CslDifferencePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->focus = focus;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/difference/csl-difference-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslDifferencePage, heading);
  gtk_widget_class_bind_template_child (widget_class, CslDifferencePage, explanation);
  gtk_widget_class_bind_template_child (widget_class, CslDifferencePage, groups);
  gtk_widget_class_bind_template_child (widget_class, CslDifferencePage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslDifferencePage, progress);
  gtk_widget_class_bind_template_child (widget_class, CslDifferencePage, later);
  gtk_widget_class_bind_template_child (widget_class, CslDifferencePage, apply);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, later_cb);
  gtk_widget_class_install_action (widget_class, "difference.apply", NULL,
                                   apply_action_cb);
}

static void
csl_difference_page_init (CslDifferencePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_command_bind_first (GTK_WIDGET (self), "difference.apply");
}

CslPage *
csl_difference_page_new (CslSession *session, const CslPageRequest *request)
{
  g_autoptr (CslDifferenceSheet) sheet =
    request->id != NULL ? csl_difference_sheet_new (session, request->id) : NULL;
  CslDifferencePage *self;
  g_autofree char *heading = NULL;

  if (sheet == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_DIFFERENCE_PAGE, "session", session, "title",
                       _ ("Two Versions"), NULL);
  self->sheet = g_steal_pointer (&sheet);
  heading = dup_heading (self);
  gtk_label_set_label (self->heading, heading);
  for (guint i = 0; i < csl_difference_sheet_get_size (self->sheet); i++)
    gtk_box_append (self->groups, csl_difference_group_new (session, self->sheet, i));
  g_signal_connect_object (self->sheet, "changed", G_CALLBACK (sheet_changed_cb), self,
                           G_CONNECT_SWAPPED);
  show_progress (self);
  return CSL_PAGE (self);
}
