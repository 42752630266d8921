/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-today-page.c: the worker's day. All lists are live; the greeting follows the clock when the
 * page is shown again. */
#define G_LOG_DOMAIN "csl-today-page"

#include "config.h"

#include "client/ui/today/csl-today-page.h"

#include "client/ui/list/csl-row-group.h"
#include "client/ui/record/csl-columns.h"
#include "client/ui/shell/csl-notice.h"
#include "client/ui/task/csl-task-row.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/today/csl-appointment-row.h"
#include "client/ui/today/csl-attention-row.h"
#include "client/ui/today/csl-today-queries.h"

#include <glib/gi18n.h>

#define NOON    12
#define EVENING 18

struct _CslTodayPage
{
  CslPage parent_instance;

  GSignalGroup *user_signals; /* (owned): of the worker's own record */

  GSignalGroup *sync_signals; /* (owned): of the sync info */

  CslNotice *arriving;    /* (unowned): template child */
  GtkWidget *columns;     /* (unowned): template child */
  GtkLabel *greeting;     /* (unowned): template child */
  GtkLabel *date;         /* (unowned): template child */
  CslRowGroup *next;      /* (unowned): template child */
  CslRowGroup *attention; /* (unowned): template child */
  CslRowGroup *overdue;   /* (unowned): template child */
  CslRowGroup *due_today; /* (unowned): template child */
  CslRowGroup *due_week;  /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslTodayPage, csl_today_page, CSL_TYPE_PAGE)

static const char *
greeting_format (gint64 now_ms)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (now_ms / 1000);
  const int hour = g_date_time_get_hour (now);

  /* Translators: the first name of the worker follows. */
  if (hour < NOON)
    return _ ("Good morning, %s.");
  return hour < EVENING ? _ ("Good afternoon, %s.") : _ ("Good evening, %s.");
}

static void
greet_cb (CslTodayPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  CslRecordItem *user = csl_session_get_user (session);
  const gint64 now_ms = csl_session_get_now_ms (session);
  const char *name = user != NULL ? csl_record_item_get_text (user, "first_name") : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (now_ms / 1000);
  g_autofree char *date = g_date_time_format (now, C_ ("day heading", "%A %-e %B"));
  g_autoptr (GString) text = g_string_new (greeting_format (now_ms));

  g_string_replace (text, "%s", name != NULL ? name : _ ("colleague"), 1);
  gtk_label_set_label (self->greeting, text->str);
  gtk_label_set_label (self->date, date);
}

/* While the first records arrive, work can begin: say so, and how far it is. */
static void
progress_cb (CslTodayPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  double progress = -1;
  int percent;
  g_autofree char *text = NULL;

  g_object_get (csl_session_get_sync_info (session), "progress", &progress, NULL);
  percent = (int) (MAX (progress, 0) * 100);
  text =
    percent > 0
      ? g_strdup_printf (_ ("Your caseload is arriving, the newest first: %d %%. You can "
                            "begin to work now."),
                         percent)
      : g_strdup (_ ("Your caseload is arriving. On a slow connection the first of it "
                     "takes some minutes."));
  csl_notice_set_kind (self->arriving, CSL_NOTICE_INFORMATION);
  csl_notice_set_text (self->arriving, text);
  gtk_widget_set_visible (GTK_WIDGET (self->arriving), progress >= 0);
  /* Before the first of it is here, "nothing is planned" would be wrong. */
  gtk_widget_set_visible (self->columns, progress < 0 || percent > 0);
}

static void
fill_tasks (CslTodayPage *self, CslRowGroup *group, CslTodayDue due)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autoptr (CslQuery) query = csl_today_query_tasks (session, due, due);
  g_autoptr (GListModel) model = csl_session_list (session, query);

  csl_row_group_set_model (group, session, model, CSL_TYPE_TASK_ROW);
}

static void
fill (CslTodayPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autoptr (CslQuery) query = csl_today_query_appointments (session);
  g_autoptr (GListModel) appointments = csl_session_list (session, query);
  g_autoptr (GListModel) attention = csl_attention_list (session);

  g_signal_group_set_target (self->user_signals, csl_session_get_user (session));
  greet_cb (self);
  g_signal_group_set_target (self->sync_signals, csl_session_get_sync_info (session));
  progress_cb (self);
  csl_row_group_set_model (self->next, session, appointments, CSL_TYPE_APPOINTMENT_ROW);
  csl_row_group_set_model (self->attention, session, attention, CSL_TYPE_ATTENTION_ROW);
  fill_tasks (self, self->overdue, CSL_TODAY_OVERDUE);
  fill_tasks (self, self->due_today, CSL_TODAY_DUE_TODAY);
  fill_tasks (self, self->due_week, CSL_TODAY_DUE_WEEK);
  csl_row_group_set_new (self->due_today, _ ("New Task"),
                         &(CslPageRequest){ .type = "task" });
  csl_row_group_set_new (self->next, _ ("New Appointment"),
                         &(CslPageRequest){ .type = "appointment" });
}

static void
csl_today_page_dispose (GObject *object)
{
  g_clear_object (&CSL_TODAY_PAGE (object)->user_signals);
  g_clear_object (&CSL_TODAY_PAGE (object)->sync_signals);
  G_OBJECT_CLASS (csl_today_page_parent_class)->dispose (object);
}

static void
csl_today_page_class_init (CslTodayPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = csl_today_page_dispose;
  g_type_ensure (CSL_TYPE_COLUMNS);
  g_type_ensure (CSL_TYPE_NOTICE);
  g_type_ensure (CSL_TYPE_ROW_GROUP);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/today/csl-today-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, arriving);
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, columns);
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, greeting);
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, date);
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, next);
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, attention);
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, overdue);
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, due_today);
  gtk_widget_class_bind_template_child (widget_class, CslTodayPage, due_week);
}

static void
csl_today_page_init (CslTodayPage *self)
{
  self->user_signals = g_signal_group_new (CSL_TYPE_RECORD_ITEM);
  g_signal_group_connect_swapped (self->user_signals, "notify::revision",
                                  G_CALLBACK (greet_cb), self);
  self->sync_signals = g_signal_group_new (CSL_TYPE_SYNC_INFO);
  g_signal_group_connect_swapped (self->sync_signals, "notify::progress",
                                  G_CALLBACK (progress_cb), self);
  gtk_widget_init_template (GTK_WIDGET (self));
}

CslPage *
csl_today_page_new (CslSession *session)
{
  CslTodayPage *self = g_object_new (CSL_TYPE_TODAY_PAGE, "session", session, NULL);

  fill (self);
  return CSL_PAGE (self);
}
