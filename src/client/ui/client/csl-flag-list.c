/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-flag-list.c: the flags of a client that are to be shown at the top. */
#define G_LOG_DOMAIN "csl-flag-list"

#include "config.h"

#include "client/ui/client/csl-flag-list.h"

#include "client/ui/shell/csl-notice.h"
#include "client/ui/text/csl-display.h"

#include <glib/gi18n.h>

struct _CslFlagList
{
  AdwBin parent_instance;

  char *client;          /* (owned) (nullable) */
  GSignalGroup *signals; /* (owned): of the model */
  GtkListBox *list;      /* (unowned): child */
};

G_DEFINE_FINAL_TYPE (CslFlagList, csl_flag_list, ADW_TYPE_BIN)

/* Heaviest first in looks: an error-styled kind stands out most. */
static CslNoticeKind
notice_kind (const CslRecord *flag)
{
  const CslField *field = csl_record_type_lookup_field (flag->type, "flag_type");
  const char *value = csl_record_get_text (flag, "flag_type");
  const CslEnumValue *kind = value != NULL ? csl_enum_lookup (field->options, value)
                                           : NULL;

  return kind != NULL && g_strcmp0 (kind->style, "error") == 0 ? CSL_NOTICE_ERROR
                                                               : CSL_NOTICE_WARNING;
}

static GtkWidget *
create_notice_cb (gpointer item, gpointer user_data)
{
  const CslRecord *flag = csl_record_item_get_record (CSL_RECORD_ITEM (item));
  const char *note = csl_record_get_text (flag, "note");
  g_autofree char *kind = csl_display_field (NULL, flag, "flag_type");
  g_autofree char *text =
    note != NULL && *kind != '\0'
      /* Translators: a kind of vulnerability, and a sentence about it. */
      ? g_strdup_printf (_ ("%s: %s"), kind, note)
      : g_strdup (note != NULL ? note : kind);
  GtkWidget *line = gtk_list_box_row_new ();

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (line),
                              csl_notice_new (notice_kind (flag), text));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (line), FALSE);
  gtk_widget_set_focusable (line, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (line), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
  return line;
}

static void
items_changed_cb (CslFlagList *self)
{
  g_autoptr (GListModel) model = g_signal_group_dup_target (self->signals);

  gtk_widget_set_visible (GTK_WIDGET (self),
                          model != NULL && g_list_model_get_n_items (model) > 0);
}

static void
csl_flag_list_dispose (GObject *object)
{
  CslFlagList *self = CSL_FLAG_LIST (object);

  g_clear_object (&self->signals);
  g_clear_pointer (&self->client, g_free);
  G_OBJECT_CLASS (csl_flag_list_parent_class)->dispose (object);
}

static void
csl_flag_list_class_init (CslFlagListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = csl_flag_list_dispose;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass),
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
csl_flag_list_init (CslFlagList *self)
{
  self->signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->signals, "items-changed",
                                  G_CALLBACK (items_changed_cb), self);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "flag-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What to be careful about"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->list));
}

void
csl_flag_list_set_client (CslFlagList *self, CslSession *session, const char *client)
{
  g_autoptr (CslQuery) query = NULL;
  g_autoptr (GListModel) model = NULL;

  g_return_if_fail (CSL_IS_FLAG_LIST (self));
  if (g_strcmp0 (self->client, client) == 0)
    return;
  g_free (self->client);
  self->client = g_strdup (client);
  query = csl_query_new (
    csl_schema_lookup_type (csl_session_get_schema (session), "client_flag"));
  csl_query_add_text (query, "client", CSL_FILTER_IS, client);
  csl_query_add_text (query, "show_as_banner", CSL_FILTER_IS, "true");
  csl_query_add_text (query, "cleared_at", CSL_FILTER_UNSET, NULL);
  csl_query_set_sort (query, "raised_at", true);
  model = csl_session_list (session, query);
  gtk_list_box_bind_model (self->list, model, create_notice_cb, NULL, NULL);
  g_signal_group_set_target (self->signals, model);
  items_changed_cb (self);
}
