/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of small objects (agenda lines, …), edited in place: one expander per element, Add and Remove. Elements keep
 * their id, so that edits on two computers merge per element. */
#define G_LOG_DOMAIN "caseload"

#include "client/ui/fields/csl-field-row-common.h"
#include "client/ui/wrap/csl-expander.h"
#include "core/base/csl-json-write.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

/* One element being edited. */
typedef struct
{
  char *id;            /* (owned) */
  GPtrArray *bindings; /* (owned) of CslFieldBinding, in column order */
  GtkWidget *row;      /* (unowned) */
} Element;

/* Everything behind the row; freed with it. */
typedef struct
{
  CslFieldBinding *binding; /* (owned) */
  GPtrArray *elements;      /* (owned) of Element */
  GtkWidget *row;           /* (unowned) */
  bool writing;
} List;

static void
element_free (gpointer data)
{
  Element *element = data;

  g_free (element->id);
  g_ptr_array_unref (element->bindings);
  g_free (element);
}

static void
list_free (gpointer data)
{
  List *list = data;

  g_object_unref (list->binding);
  g_ptr_array_unref (list->elements);
  g_free (list);
}

static List *
get_list (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "list");
}

static void
write_element (GString *json, const CslField *field, const Element *element)
{
  g_string_append_c (json, '{');
  csl_json_write_member_string (json, "id", element->id);
  for (guint i = 0; i < field->n_columns; i++) {
    const CslField *column = &field->columns[i];
    const CslValue *value = csl_field_binding_get_value (element->bindings->pdata[i]);

    if (csl_value_is_null (value))
      continue;
    csl_json_write_name (json, column->name);
    column->kind->to_json (column, value, json);
  }
  g_string_append_c (json, '}');
}

static void
show_summary (List *list)
{
  g_autofree char *text = NULL;

  for (guint i = 0; i < list->elements->len; i++) {
    Element *element = list->elements->pdata[i];
    const char *title = element->bindings->len > 0
                          ? csl_field_binding_get_text (element->bindings->pdata[0])
                          : "";
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (element->row),
                                   title[0] != '\0' ? title : _ ("New line"));
  }
  text = list->elements->len == 0
           ? g_strdup (_ ("Nothing yet"))
           : g_strdup_printf (ngettext ("%u line", "%u lines", list->elements->len),
                              list->elements->len);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (list->row), text);
}

static void
write_list (List *list)
{
  const CslField *field = csl_field_binding_get_field (list->binding);
  g_autoptr (GString) json = g_string_new ("[");
  g_auto (CslValue) value = CSL_VALUE_INIT;

  for (guint i = 0; i < list->elements->len; i++) {
    if (i > 0)
      g_string_append_c (json, ',');
    write_element (json, field, list->elements->pdata[i]);
  }
  g_string_append_c (json, ']');
  csl_value_take_json (&value, csl_field_row_dup_canonical (json->str));
  list->writing = true;
  csl_field_binding_set_value (list->binding, &value);
  list->writing = false;
  show_summary (list);
}

static void
element_changed_cb (GtkWidget *row)
{
  write_list (get_list (row));
}

static void
remove_cb (GtkWidget *button)
{
  Element *element = g_object_get_data (G_OBJECT (button), "element");
  List *list = g_object_get_data (G_OBJECT (button), "list");

  adw_expander_row_remove (ADW_EXPANDER_ROW (list->row), element->row);
  g_ptr_array_remove (list->elements, element);
  write_list (list);
}

static GtkWidget *
remove_button_new (List *list, Element *element)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Remove this line"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Remove this line"), -1);
  g_object_set_data (G_OBJECT (button), "element", element);
  g_object_set_data (G_OBJECT (button), "list", list);
  /* The button lives inside the row that owns list and element. */
  g_signal_connect (button, "clicked", G_CALLBACK (remove_cb), NULL);
  return button;
}

/* Adds the widgets of one element; @json NULL for an empty one. */
static void
add_element (List *list, const char *id, const CslJson *json, guint object)
{
  const CslField *field = csl_field_binding_get_field (list->binding);
  CslSession *session = csl_field_binding_get_session (list->binding);
  Element *element = g_new0 (Element, 1);

  element->id = g_strdup (id);
  element->bindings = g_ptr_array_new_with_free_func (g_object_unref);
  element->row = adw_expander_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (element->row), FALSE);
  for (guint i = 0; i < field->n_columns; i++) {
    CslFieldBinding *binding = csl_field_binding_new (session, &field->columns[i]);
    guint member = json != NULL ? csl_json_member (json, object, field->columns[i].name)
                                : 0;
    g_auto (CslValue) value = CSL_VALUE_INIT;

    if (member != 0 &&
        field->columns[i].kind->from_json (&field->columns[i], json, member, &value))
      csl_field_binding_set_value (binding, &value);
    g_ptr_array_add (element->bindings, binding);
    adw_expander_row_add_row (ADW_EXPANDER_ROW (element->row),
                              csl_field_row_new (binding));
    g_signal_connect_object (binding, "value-changed", G_CALLBACK (element_changed_cb),
                             list->row, G_CONNECT_SWAPPED);
  }
  csl_expander_add_button (ADW_EXPANDER_ROW (element->row),
                           remove_button_new (list, element));
  g_ptr_array_add (list->elements, element);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (list->row), element->row);
}

static void
add_cb (GtkWidget *row)
{
  List *list = get_list (row);
  /* Any new record's id serves: it is used for nothing else. */
  g_autoptr (CslRecord) fresh =
    csl_session_new_record (csl_field_binding_get_session (list->binding), "form_draft");
  Element *element;

  add_element (list, fresh->id, NULL, 0);
  element = list->elements->pdata[list->elements->len - 1];
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (list->row), TRUE);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (element->row), TRUE);
  write_list (list);
}

static void
read_list (List *list)
{
  const char *text = csl_value_get_text (csl_field_binding_get_value (list->binding));
  g_auto (CslJson) json = { 0 };

  for (guint i = 0; i < list->elements->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (list->row),
                             ((Element *) list->elements->pdata[i])->row);
  g_ptr_array_set_size (list->elements, 0);
  csl_json_init (&json);
  if (text != NULL &&
      csl_json_scan (&json, text, strlen (text), &csl_json_limits_line, NULL))
    for (guint i = 1; i < json.tokens->len; i = csl_json_token (&json, i)->next) {
      g_autofree char *id = csl_json_member_dup_string (&json, i, "id");
      if (id != NULL)
        add_element (list, id, &json, i);
    }
  show_summary (list);
}

static void
text_changed_cb (GtkWidget *row)
{
  List *list = get_list (row);

  if (!list->writing)
    read_list (list);
}

GtkWidget *
csl_field_row_object_list_new (CslFieldBinding *binding)
{
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *add = gtk_button_new_from_icon_name ("list-add-symbolic");
  List *list = g_new0 (List, 1);

  list->binding = g_object_ref (binding);
  list->elements = g_ptr_array_new_with_free_func (element_free);
  list->row = row;
  g_object_set_data_full (G_OBJECT (row), "list", list, list_free);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 csl_label_field (csl_field_binding_get_field (binding)));
  gtk_widget_set_valign (add, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (add, "flat");
  gtk_widget_set_tooltip_text (add, _ ("Add a line"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add a line"), -1);
  g_signal_connect_object (add, "clicked", G_CALLBACK (add_cb), row, G_CONNECT_SWAPPED);
  csl_expander_add_button (ADW_EXPANDER_ROW (row), add);
  read_list (list);
  g_signal_connect_object (binding, "notify::text", G_CALLBACK (text_changed_cb), row,
                           G_CONNECT_SWAPPED);
  csl_field_row_prepare (row, row, binding);
  return row;
}
