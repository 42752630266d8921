/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-agenda-page.c: appointments by day. */
#define G_LOG_DOMAIN "csl-agenda-page"

#include "config.h"

#include "client/ui/today/csl-agenda-page.h"

#include "client/ui/list/csl-row-group.h"
#include "client/ui/today/csl-appointment-row.h"
#include "client/ui/today/csl-today-queries.h"

#include <glib/gi18n.h>

struct _CslAgendaPage
{
  CslPage parent_instance;
  CslRowGroup *group; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslAgendaPage, csl_agenda_page, CSL_TYPE_PAGE)

static void
csl_agenda_page_class_init (CslAgendaPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  g_type_ensure (CSL_TYPE_ROW_GROUP);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/today/csl-agenda-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslAgendaPage, group);
}

static void
csl_agenda_page_init (CslAgendaPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CslPage *
csl_agenda_page_new (CslSession *session)
{
  CslAgendaPage *self = g_object_new (CSL_TYPE_AGENDA_PAGE, "session", session, NULL);
  g_autoptr (CslQuery) query = csl_today_query_appointments (session);
  g_autoptr (GListModel) model = csl_session_list (session, query);

  csl_row_group_set_model (self->group, session, model, CSL_TYPE_APPOINTMENT_ROW);
  csl_row_group_set_new (self->group, _ ("New Appointment"),
                         &(CslPageRequest){ .type = "appointment" });
  return CSL_PAGE (self);
}
