/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-types-page.c: the kinds of records that have no place of their own in the sidebar. */
#define G_LOG_DOMAIN "csl-types-page"

#include "config.h"

#include "client/ui/list/csl-types-page.h"

#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

struct _CslTypesPage
{
  CslPage parent_instance;
  AdwPreferencesPage *page; /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslTypesPage, csl_types_page, CSL_TYPE_PAGE)

/* Order and names of the modules; others follow under their own name. */
static const struct
{
  const char *module, *title;
} modules[] = {
  { "casework", N_ ("Casework") },
  { "scheduling", N_ ("Appointments and tasks") },
  { "debt", N_ ("Debt advice") },
  { "benefits", N_ ("Benefits") },
  { "housing", N_ ("Housing search") },
  { "supported", N_ ("Supported housing") },
  { "legal", N_ ("Legal") },
  { "employment", N_ ("Work and training") },
  { "services", N_ ("Services directory") },
  { "care", N_ ("Care") },
  { "finance", N_ ("Finance") },
  { "compliance", N_ ("Compliance and privacy") },
  { "workforce", N_ ("Staff") },
  { "engagement", N_ ("Messages and surveys") },
  { "automation", N_ ("Automation") },
  { "reporting", N_ ("Reports and outcomes") },
  { "insights", N_ ("Insights") },
  { "core", N_ ("People and organisation") },
  { "ops", N_ ("Operation") },
};

/* Not those with a place of their own. */
static bool
is_listed (CslSession *session, const CslRecordType *type)
{
  static const char *const elsewhere[] = {
    "case",          "client",          "task", "appointment", "sync_conflict",
    "stranded_work", "stranded_answer", NULL
  };

  return !type->local && !g_strv_contains (elsewhere, type->name) &&
         csl_session_may (session, type->area, CSL_ACTION_READ);
}

static GtkWidget *
create_row (const CslRecordType *type)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), csl_label_types (type));
  if (type->icon != NULL)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name (type->icon));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "nav.list");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", type->name);
  return row;
}

static void
add_module (CslTypesPage *self, const char *module, const char *title)
{
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  const CslSchema *schema = csl_session_get_schema (session);
  GtkWidget *group = NULL;

  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const CslRecordType *type = csl_schema_get_type (schema, i);

    if (!g_str_equal (type->module, module) || !is_listed (session, type))
      continue;
    if (group == NULL) {
      group = adw_preferences_group_new ();
      adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
      adw_preferences_page_add (self->page, ADW_PREFERENCES_GROUP (group));
    }
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), create_row (type));
  }
}

static bool
is_known_module (const char *module)
{
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    if (g_str_equal (modules[i].module, module))
      return true;
  return false;
}

static void
csl_types_page_constructed (GObject *object)
{
  CslTypesPage *self = CSL_TYPES_PAGE (object);
  CslSession *session = csl_page_get_session (CSL_PAGE (self));
  g_autoptr (GHashTable) added = g_hash_table_new (g_str_hash, g_str_equal);
  const CslSchema *schema;

  G_OBJECT_CLASS (csl_types_page_parent_class)->constructed (object);
  if (session == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    add_module (self, modules[i].module, _ (modules[i].title));
  schema = csl_session_get_schema (session);
  for (guint i = 0; i < csl_schema_get_n_types (schema); i++) {
    const char *module = csl_schema_get_type (schema, i)->module;

    if (!is_known_module (module) && g_hash_table_add (added, (gpointer) module))
      add_module (self, module, module);
  }
}

static void
csl_types_page_class_init (CslTypesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = csl_types_page_constructed;
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/list/csl-types-page.ui");
  gtk_widget_class_bind_template_child (widget_class, CslTypesPage, page);
}

static void
csl_types_page_init (CslTypesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

CslPage *
csl_types_page_new (CslSession *session)
{
  return g_object_new (CSL_TYPE_TYPES_PAGE, "session", session, NULL);
}
