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
fill (CslAgendaPage *self)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  CslRecordItem *client = csl_page_get_client (CSL_PAGE (self));
  g_autoptr (CslQuery) query = csl_today_query_appointments (session);
  g_autoptr (GListModel) model = NULL;
  CslPageRequest request = { .type = "appointment" };

  if (client != NULL) {
    request.client = csl_record_item_get_id (client);
    csl_query_add_text (query, "client", CSL_FILTER_IS, request.client);
  }
  model = csl_session_list (session, query);
  csl_row_group_set_model (self->group, session, model, CSL_TYPE_APPOINTMENT_ROW);
  csl_row_group_set_new (self->group, _ ("New Appointment"), &request);
}

static void
csl_agenda_page_client_changed (CslPage *page)
{
  fill (CSL_AGENDA_PAGE (page));
}

static void
csl_agenda_page_class_init (CslAgendaPageClass *klass)
{
  CSL_PAGE_CLASS (klass)->client_changed = csl_agenda_page_client_changed;
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

  fill (self);
  return CSL_PAGE (self);
}
