/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/draft/csl-drafts-page.h"

#include "client/ui/shell/csl-navigation.h"
#include "client/ui/text/csl-display-time.h"
#include "client/ui/text/csl-display.h"
#include "client/ui/wrap/csl-question.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslDraftsPage
{
  CslPage parent_instance;

  GListModel *drafts; /* (owned) */
  GtkStack *stack;    /* (unowned): template child */
  GtkListBox *list;   /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslDraftsPage, csl_drafts_page, CSL_TYPE_PAGE)

/* What each form is called, which page goes on with it, and whether it stands for itself in the list. */
static const struct
{
  const char *form, *label, *page;
  bool listed;
} forms[] = {
  { "note", N_ ("Note"), "note", true },
  { "visit_note", N_ ("Home visit"), "visit", true },
  { "intake", N_ ("New client"), "client", true },
  { "record", NULL, NULL, true },
  { "visit", NULL, NULL, false },
  { "visit_client", NULL, NULL, false },
  { "visit_next", NULL, NULL, false },
  { "intake_case", NULL, NULL, false },
  { "intake_appointment", NULL, NULL, false },
};

static guint
find_form (CslRecordItem *draft)
{
  const char *form = csl_record_item_get_text (draft, "form_type");

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (g_strcmp0 (forms[i].form, form) == 0)
      return i;
  return 3;
}

/* The person a record is about, or the record's own title. */
static char *
dup_subject (CslSession *session, CslRecordItem *entity)
{
  const CslRecordType *type = csl_record_item_get_record_type (entity);
  const CslRecord *record = csl_record_item_get_record (entity);
  const char *client = type->client_field >= 0
                         ? csl_value_get_text (&record->values[type->client_field])
                         : NULL;

  if (client != NULL)
    return csl_display_reference (session, "client", client);
  return g_strdup (csl_record_item_get_title (entity));
}

/* What a draft is about: the record it changes, else the case or client a new record is for. */
static CslRecordItem *
lookup_entity (CslSession *session, const char *type, const char *id)
{
  const char *const owners[] = { type, "case", "client" };

  for (guint i = 0; id != NULL && i < G_N_ELEMENTS (owners); i++) {
    CslRecordItem *found = owners[i] != NULL ? csl_session_lookup (session, owners[i], id)
                                             : NULL;

    if (found != NULL)
      return found;
  }
  return NULL;
}

char *
csl_draft_dup_title (CslSession *session, CslRecordItem *draft)
{
  guint form = find_form (draft);
  const char *entity_type = csl_record_item_get_text (draft, "entity_type");
  const char *entity_id = csl_record_item_get_text (draft, "entity_id");
  const CslRecordType *type =
    entity_type != NULL
      ? csl_schema_lookup_type (csl_session_get_schema (session), entity_type)
      : NULL;
  g_autoptr (CslRecordItem) entity =
    lookup_entity (session, type != NULL ? type->name : NULL, entity_id);
  const char *label = forms[form].label != NULL ? _ (forms[form].label)
                      : type != NULL            ? csl_label_type (type)
                                                : _ ("Draft");
  g_autofree char *subject = entity != NULL ? dup_subject (session, entity) : NULL;

  return subject != NULL ? g_strdup_printf ("%s · %s", label, subject) : g_strdup (label);
}

void
csl_draft_open (GtkWidget *from, CslSession *session, CslRecordItem *draft)
{
  guint form = find_form (draft);
  CslPageRequest request = { .draft = csl_record_item_get_id (draft) };

  (void) session;
  request.type = forms[form].page != NULL
                   ? forms[form].page
                   : csl_record_item_get_text (draft, "entity_type");
  csl_navigation_write (from, &request);
}

static gboolean
is_listed (gpointer item, gpointer data)
{
  (void) data;
  return forms[find_form (CSL_RECORD_ITEM (item))].listed;
}

GListModel *
csl_draft_list (CslSession *session)
{
  const CslRecordType *type =
    csl_schema_lookup_type (csl_session_get_schema (session), "form_draft");
  g_autoptr (CslQuery) query = csl_query_new (type);

  return G_LIST_MODEL (
    gtk_filter_list_model_new (csl_session_list (session, query),
                               GTK_FILTER (
                                 gtk_custom_filter_new (is_listed, NULL, NULL))));
}

static void
delete_answer_cb (GtkWidget *row, const char *answer)
{
  CslRecordItem *draft = g_object_get_data (G_OBJECT (row), "draft");
  CslPage *page = CSL_PAGE (gtk_widget_get_ancestor (row, CSL_TYPE_PAGE));

  if (g_strcmp0 (answer, "go") == 0 && page != NULL)
    csl_session_delete_draft (csl_page_get_session (page),
                              csl_record_item_get_id (draft));
}

static void
delete_cb (GtkWidget *row)
{
  const CslQuestion question = {
    .title = _ ("Discard This Draft?"),
    .body = _ ("What you have written there has not been finished and "
               "will be gone from this computer."),
    .stay = _ ("_Keep Draft"),
    .go = _ ("_Discard"),
    .is_destructive = TRUE,
  };
  GtkWidget *dialog =
    csl_question_new (GTK_WINDOW (gtk_widget_get_root (row)), &question);

  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_answer_cb), row,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
activated_cb (GtkWidget *row)
{
  CslPage *page = CSL_PAGE (gtk_widget_get_ancestor (row, CSL_TYPE_PAGE));

  csl_draft_open (row, csl_page_get_session (page),
                  g_object_get_data (G_OBJECT (row), "draft"));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer data)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (data));
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *discard = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *title = csl_draft_dup_title (session, item);
  const char *changed = csl_record_item_get_text (item, "updated_at");
  g_autofree char *when =
    changed != NULL ? csl_display_instant (changed, csl_session_get_now_ms (session))
                    : NULL;
  g_autofree char *label = g_strdup_printf (_ ("Discard draft: %s"), title);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), when != NULL ? when : "");
  gtk_widget_set_valign (discard, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (discard, "flat");
  gtk_widget_set_tooltip_text (discard, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (discard), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), discard);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "draft", g_object_ref (item), g_object_unref);
  g_signal_connect_object (discard, "clicked", G_CALLBACK (delete_cb), row,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "activated", G_CALLBACK (activated_cb), row,
                           G_CONNECT_SWAPPED);
  return row;
}

static void
items_changed_cb (CslDraftsPage *self)
{
  gtk_stack_set_visible_child_name (self->stack,
                                    g_list_model_get_n_items (self->drafts) > 0
                                      ? "list"
                                      : "empty");
}

static void
dispose (GObject *object)
{
  CslDraftsPage *self = CSL_DRAFTS_PAGE (object);

  g_clear_object (&self->drafts);
  G_OBJECT_CLASS (csl_drafts_page_parent_class)->dispose (object);
}

static void
csl_drafts_page_class_init (CslDraftsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/draft/csl-drafts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslDraftsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, CslDraftsPage, list);
}

static void
csl_drafts_page_init (CslDraftsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CslPage *
csl_drafts_page_new (CslSession *session)
{
  CslDraftsPage *self =
    g_object_new (CSL_TYPE_DRAFTS_PAGE, "session", session, "title", _ ("Drafts"), NULL);

  self->drafts = csl_draft_list (session);
  gtk_list_box_bind_model (self->list, self->drafts, create_row_cb, self, NULL);
  g_signal_connect_object (self->drafts, "items-changed", G_CALLBACK (items_changed_cb),
                           self, G_CONNECT_SWAPPED);
  items_changed_cb (self);
  return CSL_PAGE (self);
}
