/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-groups-view.c: groups of rows in a scrolled column. */
#define G_LOG_DOMAIN "csl-groups-view"

#include "config.h"

#include "client/ui/list/csl-groups-view.h"

#include "client/ui/case/csl-case-row.h"
#include "client/ui/list/csl-record-row.h"
#include "client/ui/list/csl-row-group.h"
#include "client/ui/task/csl-task-row.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

#define GROUP_LIMIT 20
#define PAGE_WIDTH  960 /* as in the pages around it */

struct _CslGroupsView
{
  AdwBin parent_instance;
  GtkBox *box; /* (unowned): child */
};

G_DEFINE_FINAL_TYPE (CslGroupsView, csl_groups_view, ADW_TYPE_BIN)

static GType
row_type (const char *type)
{
  if (g_str_equal (type, "task"))
    return CSL_TYPE_TASK_ROW;
  return g_str_equal (type, "case") ? CSL_TYPE_CASE_ROW : CSL_TYPE_RECORD_ROW;
}

/* All records of @type of the case or client, in the order of the type. */
static GListModel *
list_related (CslSession *session,
              const CslRecordType *type,
              const CslPageRequest *request,
              const CslGroupEntry *entry)
{
  g_autoptr (CslQuery) query = csl_query_new (type);

  if (entry->field != NULL)
    csl_query_add_text (query, entry->field, CSL_FILTER_IN, entry->values);
  if (type->case_field >= 0 && request->case_id != NULL)
    csl_query_add_text (query, type->fields[type->case_field].name, CSL_FILTER_IS,
                        request->case_id);
  else
    csl_query_add_text (query, type->fields[type->client_field].name, CSL_FILTER_IS,
                        request->client);
  if (type->sort_field >= 0)
    csl_query_set_sort (query, type->fields[type->sort_field].name,
                        type->sort_descending);
  return csl_session_list (session, query);
}

static void
add_group (CslGroupsView *self,
           CslSession *session,
           const CslPageRequest *request,
           const CslGroupEntry *entry)
{
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (session), entry->type);
  g_autoptr (GListModel) model = NULL;
  GtkWidget *group;

  if (type == NULL || !csl_session_may (session, type->area, CSL_ACTION_READ) ||
      (type->client_field < 0 && (type->case_field < 0 || request->case_id == NULL)))
    return;
  model = list_related (session, type, request, entry);
  group = g_object_new (CSL_TYPE_ROW_GROUP, "title", csl_label_types (type), "empty-text",
                        entry->empty_text != NULL ? _ (entry->empty_text) : NULL, "limit",
                        GROUP_LIMIT, NULL);
  csl_row_group_set_model (CSL_ROW_GROUP (group), session, model, row_type (entry->type));
  if (csl_session_may (session, type->area, CSL_ACTION_CREATE)) {
    g_autofree char *label = csl_label_dup_new (type);

    csl_row_group_set_new (CSL_ROW_GROUP (group), label,
                           &(CslPageRequest){ .type = type->name,
                                              .client = request->client,
                                              .case_id = request->case_id });
  }
  gtk_box_append (self->box, group);
}

static void
csl_groups_view_class_init (CslGroupsViewClass *klass)
{
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_groups_view_init (CslGroupsView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *clamp = adw_clamp_new ();

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 18));
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "pane-body");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), PAGE_WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), PAGE_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->box));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), clamp);
  adw_bin_set_child (ADW_BIN (self), scroller);
}

void
csl_groups_view_fill (CslGroupsView *self,
                      CslSession *session,
                      const CslPageRequest *request,
                      const CslGroupEntry *entries,
                      guint n_entries)
{
  GtkWidget *child;

  g_return_if_fail (CSL_IS_GROUPS_VIEW (self));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  for (guint i = 0; i < n_entries; i++)
    add_group (self, session, request, &entries[i]);
}
