/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/stranded/csl-stranded-page.h"

#include "client/ui/record/csl-reason-dialog.h"
#include "client/ui/shell/csl-command.h"
#include "client/ui/shell/csl-navigation.h"
#include "client/ui/stranded/csl-stranded-group.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"

#include <glib/gi18n.h>

struct _CslStrandedPage
{
  CslPage parent_instance;

  CslStrandedSheet *sheet; /* (owned) */
  bool accepts;            /* what is being saved */

  /* widgets */
  GtkLabel *heading;
  GtkLabel *explanation;
  GtkLabel *decision;
  GtkBox *groups;
  GtkLabel *problem;
  GtkWidget *bar;
  GtkWidget *outcome;
  GtkButton *decline;
  GtkButton *accept;
};

G_DEFINE_FINAL_TYPE (CslStrandedPage, csl_stranded_page, CSL_TYPE_PAGE)

static const char *
get_text (CslStrandedPage *self, const char *field)
{
  return csl_record_item_get_text (csl_stranded_sheet_get_work (self->sheet), field);
}

static char *
dup_moment (CslStrandedPage *self, const char *field)
{
  const char *instant = get_text (self, field);
  CslSession *session = csl_page_get_session (CSL_PAGE (self));

  return instant != NULL ? csl_display_instant (instant, csl_session_get_now_ms (session))
                         : NULL;
}

static char *
dup_heading (CslStrandedPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  const CslRecord *work =
    csl_record_item_get_record (csl_stranded_sheet_get_work (self->sheet));
  g_autofree char *author = csl_display_worker (session, get_text (self, "author"));
  g_autofree char *client = csl_display_field (session, work, "client");

  if (*client != '\0')
    /* Translators: who wrote something, and whom it is about */
    return g_strdup_printf (_ ("%s wrote this about %s"), author, client);
  /* Translators: who wrote something */
  return g_strdup_printf (_ ("%s wrote this"), author);
}

static char *
dup_explanation (CslStrandedPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autofree char *author = csl_display_worker (session, get_text (self, "author"));
  g_autofree char *written = dup_moment (self, "written_at");
  bool has_left = g_strcmp0 (get_text (self, "why"), "no_role") == 0;
  g_autofree char *why = g_strdup_printf (
    /* Translators: %s is a worker's name */
    has_left
      ? _ ("%s no longer works here, so it could not be put into the file.")
      : _ ("%s no longer has access to this file, so it could not be put into it."),
    author);

  if (written == NULL)
    return g_steal_pointer (&why);
  /* Translators: when it was written; then a sentence why it is here */
  return g_strdup_printf (_ ("Written: %s. %s"), written, why);
}

static char *
dup_decision (CslStrandedPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autofree char *who = csl_display_worker (session, get_text (self, "decided_by"));
  g_autofree char *when = dup_moment (self, "decided_at");
  const char *reason = get_text (self, "reason");

  if (g_strcmp0 (get_text (self, "state"), "declined") == 0)
    /* Translators: who decided, when, and why */
    return g_strdup_printf (_ ("Not taken over: %s, %s. %s"), who,
                            when != NULL ? when : "", reason != NULL ? reason : "");
  if (csl_stranded_sheet_get_differs (self->sheet))
    /* Translators: who decided, and when */
    return g_strdup_printf (
      _ ("Taken over: %s, %s. Some of it had been changed by others: "
         "see Differences."),
      who, when != NULL ? when : "");
  /* Translators: who decided, and when */
  return g_strdup_printf (_ ("Taken over: %s, %s."), who, when != NULL ? when : "");
}

static void
work_changed_cb (CslStrandedPage *self)
{
  bool open = csl_stranded_sheet_get_open (self->sheet);
  g_autofree char *decision = open ? NULL : dup_decision (self);

  gtk_widget_set_visible (self->bar, open);
  gtk_widget_set_visible (self->outcome, open);
  gtk_widget_set_visible (GTK_WIDGET (self->decision), !open);
  gtk_label_set_label (self->decision, decision != NULL ? decision : "");
}

static void
show_problem (CslStrandedPage *self, const char *text)
{
  gtk_label_set_label (self->problem, text);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), TRUE);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslStrandedPage) self = data;

  gtk_widget_set_sensitive (self->bar, TRUE);
  if (!csl_session_save_finish (CSL_SESSION (source), result, NULL)) {
    show_problem (self,
                  _ ("Your decision could not be saved on this computer. Check that "
                     "the disk is not full, then decide again."));
    return;
  }
  csl_navigation_toast (GTK_WIDGET (self),
                        self->accepts ? _ ("Taken over") : _ ("Not taken over"));
  csl_navigation_back (GTK_WIDGET (self));
}

static void
decide (CslStrandedPage *self, bool accept, const char *reason)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autoptr (CslEdit) edit = csl_stranded_sheet_dup_edit (self->sheet, accept, reason);
  g_autoptr (CslProblems) problems = csl_session_check (session, edit);

  if (csl_problems_get_size (problems) > 0) {
    g_autofree char *text = csl_problems_dup_text (problems);

    show_problem (self, text);
    return;
  }
  self->accepts = accept;
  gtk_widget_set_sensitive (self->bar, FALSE);
  csl_session_save_async (session, edit, NULL, saved_cb, g_object_ref (self));
}

static void
accept_cb (CslStrandedPage *self)
{
  if (csl_stranded_sheet_get_open (self->sheet) && gtk_widget_get_sensitive (self->bar))
    decide (self, true, NULL);
}

static void
reason_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (CslStrandedPage) self = data;
  g_autofree char *reason = csl_reason_dialog_run_finish (result, NULL);

  (void) source;
  if (reason != NULL)
    decide (self, false, reason);
}

static void
decline_cb (CslStrandedPage *self)
{
  const CslReasonRequest request = {
    .title = _ ("Why Not?"),
    .body =
      _ ("Whoever wrote it reads your words. Nothing is put into the file; the work "
         "stays readable here."),
    .action = _ ("_Decline"),
    .is_required = true,
  };

  csl_reason_dialog_run_async (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                               &request, reason_cb, g_object_ref (self));
}

static void
accept_action_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  (void) name;
  (void) parameter;
  accept_cb (CSL_STRANDED_PAGE (widget));
}

static void
dispose (GObject *object)
{
  CslStrandedPage *self = CSL_STRANDED_PAGE (object);

  g_clear_object (&self->sheet);
  G_OBJECT_CLASS (csl_stranded_page_parent_class)->dispose (object);
}

static void
csl_stranded_page_class_init (CslStrandedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/stranded/csl-stranded-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, heading);
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, explanation);
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, decision);
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, groups);
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, problem);
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, bar);
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, outcome);
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, decline);
  gtk_widget_class_bind_template_child (widget_class, CslStrandedPage, accept);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_bind_template_callback (widget_class, decline_cb);
  gtk_widget_class_install_action (widget_class, "stranded.accept", NULL,
                                   accept_action_cb);
}

static void
csl_stranded_page_init (CslStrandedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  csl_command_bind_first (GTK_WIDGET (self), "stranded.accept");
}

static void
add_groups (CslStrandedPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  guint size = csl_stranded_sheet_get_size (self->sheet);

  for (guint i = 0; i < size;) {
    GtkWidget *group = csl_stranded_group_new (session, self->sheet, i, &i);

    gtk_box_append (self->groups, group);
  }
}

CslPage *
csl_stranded_page_new (CslSession *session, const CslPageRequest *request)
{
  g_autoptr (CslStrandedSheet) sheet =
    request->id != NULL ? csl_stranded_sheet_new (session, request->id) : NULL;
  CslStrandedPage *self;
  g_autofree char *heading = NULL;
  g_autofree char *explanation = NULL;

  if (sheet == NULL)
    return NULL;
  self = g_object_new (CSL_TYPE_STRANDED_PAGE, "session", session, "title",
                       _ ("Take Over"), NULL);
  self->sheet = g_steal_pointer (&sheet);
  heading = dup_heading (self);
  explanation = dup_explanation (self);
  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->explanation, explanation);
  add_groups (self);
  work_changed_cb (self);
  g_signal_connect_object (csl_stranded_sheet_get_work (self->sheet), "notify::revision",
                           G_CALLBACK (work_changed_cb), self, G_CONNECT_SWAPPED);
  return CSL_PAGE (self);
}
