/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-status-button.c: the status and, as a menu, the steps this worker may take from it. */
#define G_LOG_DOMAIN "csl-status-button"

#include "config.h"

#include "client/ui/case/csl-status-button.h"

#include "client/ui/case/csl-status-change.h"
#include "client/ui/shell/csl-pill.h"
#include "client/ui/text/csl-display.h"
#include "core/schema/csl-label.h"
#include "core/schema/csl-workflow.h"

struct _CslStatusButton
{
  AdwBin parent_instance;

  CslSession *session; /* (owned) (nullable) */
  CslRecordItem *item; /* (owned) (nullable) */

  GtkMenuButton *button; /* (unowned): template child */
  CslPill *pill;         /* (unowned): template child */
};

G_DEFINE_FINAL_TYPE (CslStatusButton, csl_status_button, ADW_TYPE_BIN)

static GMenuModel *
create_menu (CslSession *session, const CslRecord *record)
{
  g_autoptr (GPtrArray) transitions = csl_session_list_transitions (session, record);
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < transitions->len; i++) {
    const CslTransition *transition = g_ptr_array_index (transitions, i);
    g_autoptr (GMenuItem) item =
      g_menu_item_new (csl_label_transition (transition), NULL);

    g_menu_item_set_action_and_target (item, "status.change", "s", transition->to);
    g_menu_append_item (menu, item);
  }
  return G_MENU_MODEL (menu);
}

static void
change_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  CslStatusButton *self = CSL_STATUS_BUTTON (widget);

  if (self->item != NULL)
    csl_status_change_start (widget, self->session, self->item,
                             g_variant_get_string (parameter, NULL));
}

static void
csl_status_button_dispose (GObject *object)
{
  CslStatusButton *self = CSL_STATUS_BUTTON (object);

  g_clear_object (&self->item);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (csl_status_button_parent_class)->dispose (object);
}

static void
csl_status_button_class_init (CslStatusButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = csl_status_button_dispose;
  g_type_ensure (CSL_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/org/caseload/Caseload/case/csl-status-button.ui");
  gtk_widget_class_bind_template_child (widget_class, CslStatusButton, button);
  gtk_widget_class_bind_template_child (widget_class, CslStatusButton, pill);
  gtk_widget_class_install_action (widget_class, "status.change", "s", change_action);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_status_button_init (CslStatusButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
csl_status_button_set_item (CslStatusButton *self,
                            CslSession *session,
                            CslRecordItem *item)
{
  const CslRecord *record;
  const CslField *field;
  g_autoptr (GMenuModel) menu = NULL;

  g_return_if_fail (CSL_IS_STATUS_BUTTON (self));
  g_set_object (&self->session, session);
  g_set_object (&self->item, item);
  if (item == NULL)
    return;
  record = csl_record_item_get_record (item);
  field = csl_workflow_get_field (record->type->workflow);
  csl_pill_set_enum (self->pill, field->options,
                     csl_record_get_text (record, field->name));
  menu = create_menu (session, record);
  gtk_menu_button_set_menu_model (self->button, menu);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button),
                            g_menu_model_get_n_items (menu) > 0);
}
