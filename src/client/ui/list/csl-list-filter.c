/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-list-filter.c: what a list can be narrowed by and ordered by. Most questions come from the
 * enums among the list fields of the type; cases have their own. */
#define G_LOG_DOMAIN "csl-list-filter"

#include "config.h"

#include "client/ui/list/csl-list-filter.h"

#include "client/ui/list/csl-record-summary.h"
#include "client/ui/text/csl-display.h"
#include "core/domain/csl-case-rules.h"
#include "core/schema/csl-label.h"

#include <glib/gi18n.h>

#define MAX_ENUM_FILTERS 3

/* One answer: a condition, an order, or (all NULL) everything. */
typedef struct
{
  char *field; /* (owned) (nullable): the condition is about */
  CslFilterKind kind;
  char *value; /* (owned) (nullable) */
  char *sort;  /* (owned) (nullable): order by this field */
  bool descending, attention;
} Choice;

struct _CslListFilter
{
  GObject parent_instance;

  char *title;           /* (owned) */
  GtkStringList *labels; /* (owned) */
  GArray *choices;       /* (owned) of Choice, as many as labels */
  guint selected;
};

G_DEFINE_FINAL_TYPE (CslListFilter, csl_list_filter, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_LABELS,
  PROP_SELECTED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
choice_clear (gpointer data)
{
  Choice *choice = data;

  g_free (choice->field);
  g_free (choice->value);
  g_free (choice->sort);
}

static CslListFilter *
filter_new (const char *title)
{
  CslListFilter *self = g_object_new (CSL_TYPE_LIST_FILTER, NULL);

  self->title = g_strdup (title);
  return self;
}

static void
add_all (CslListFilter *self, const char *label)
{
  const Choice choice = { 0 };

  gtk_string_list_append (self->labels, label);
  g_array_append_val (self->choices, choice);
}

static void
add_condition (CslListFilter *self,
               const char *label,
               const char *field,
               CslFilterKind kind,
               const char *value)
{
  const Choice choice = { .field = g_strdup (field),
                          .kind = kind,
                          .value = g_strdup (value) };

  gtk_string_list_append (self->labels, label);
  g_array_append_val (self->choices, choice);
}

static void
add_order (CslListFilter *self, const char *label, const char *field, bool descending)
{
  const Choice choice = { .sort = g_strdup (field), .descending = descending };

  gtk_string_list_append (self->labels, label);
  g_array_append_val (self->choices, choice);
}

/* What needs somebody first, then the longest without contact. */
static void
add_attention_order (CslListFilter *self, const CslRecordType *type)
{
  const char *sort = type->sort_field >= 0 ? type->fields[type->sort_field].name : NULL;
  const Choice choice = { .sort = g_strdup (sort),
                          .descending = type->sort_descending,
                          .attention = true };

  gtk_string_list_append (self->labels, _ ("Needs attention"));
  g_array_append_val (self->choices, choice);
}

static void
add_open_filter (GListStore *store)
{
  g_autoptr (CslListFilter) filter = filter_new (_ ("State"));
  g_autofree char *open = g_strjoinv (",", (char **) csl_case_list_open_statuses ());

  add_condition (filter, _ ("Open"), "status", CSL_FILTER_IN, open);
  add_condition (filter, _ ("Closed"), "status", CSL_FILTER_NOT_IN, open);
  add_all (filter, _ ("Open and closed"));
  g_list_store_append (store, filter);
}

static void
add_mine_filter (GListStore *store, CslSession *session, const char *field)
{
  g_autoptr (CslListFilter) filter = filter_new (_ ("Whose"));
  CslRecordItem *user = csl_session_get_user (session);

  add_condition (filter, _ ("Mine"), field, CSL_FILTER_IS, csl_record_item_get_id (user));
  add_all (filter, _ ("All I may see"));
  g_list_store_append (store, filter);
}

static void
add_enum_filter (GListStore *store, const CslField *field)
{
  g_autoptr (CslListFilter) filter = filter_new (csl_label_field (field));

  add_all (filter, _ ("Any"));
  for (guint i = 0; i < field->options->n_values; i++)
    if (!field->options->values[i].retired)
      add_condition (filter,
                     csl_label_value (field->options, field->options->values[i].value),
                     field->name, CSL_FILTER_IS, field->options->values[i].value);
  g_list_store_append (store, filter);
}

static void
add_task_filter (GListStore *store)
{
  g_autoptr (CslListFilter) filter = filter_new (_ ("State"));

  add_condition (filter, _ ("To do"), "status", CSL_FILTER_IN, "pending,in_progress");
  add_condition (filter, _ ("Done or not needed"), "status", CSL_FILTER_NOT_IN,
                 "pending,in_progress");
  add_all (filter, _ ("All"));
  g_list_store_append (store, filter);
}

static void
add_decision_filter (GListStore *store)
{
  g_autoptr (CslListFilter) filter = filter_new (_ ("State"));

  add_condition (filter, _ ("Needs a decision"), "state", CSL_FILTER_IS, "open");
  add_condition (filter, _ ("Decided"), "state", CSL_FILTER_NOT_IN, "open");
  add_all (filter, _ ("All"));
  g_list_store_append (store, filter);
}

static void
add_order_filter (GListStore *store, const CslRecordType *type)
{
  g_autoptr (CslListFilter) filter = filter_new (_ ("Order"));

  if (type->by_attention)
    add_attention_order (filter, type);
  if (type->sort_field >= 0)
    add_order (filter, csl_label_field (&type->fields[type->sort_field]),
               type->fields[type->sort_field].name, type->sort_descending);
  add_order (filter, _ ("Newest first"), NULL, false);
  for (guint i = 0; i < type->n_list_fields; i++) {
    const CslField *field = &type->fields[type->list_fields[i]];

    if ((field->kind->flags & CSL_KIND_SORTABLE) != 0 && field->target == NULL &&
        (int) field->index != type->sort_field)
      add_order (filter, csl_label_field (field), field->name, false);
  }
  g_list_store_append (store, filter);
}

static void
csl_list_filter_finalize (GObject *object)
{
  CslListFilter *self = CSL_LIST_FILTER (object);

  g_free (self->title);
  g_object_unref (self->labels);
  g_array_unref (self->choices);
  G_OBJECT_CLASS (csl_list_filter_parent_class)->finalize (object);
}

static void
csl_list_filter_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslListFilter *self = CSL_LIST_FILTER (object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_LABELS:
    g_value_set_object (value, self->labels);
    break;
  case PROP_SELECTED:
    g_value_set_uint (value, self->selected);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_list_filter_set_property (GObject *object,
                              guint id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  CslListFilter *self = CSL_LIST_FILTER (object);

  if (id != PROP_SELECTED) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  } else if (self->selected != g_value_get_uint (value)) {
    self->selected = g_value_get_uint (value);
    g_object_notify_by_pspec (object, properties[PROP_SELECTED]);
  }
}

static void
csl_list_filter_class_init (CslListFilterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = csl_list_filter_finalize;
  object_class->get_property = csl_list_filter_get_property;
  object_class->set_property = csl_list_filter_set_property;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LABELS] =
    g_param_spec_object ("labels", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTED] = g_param_spec_uint ("selected", NULL, NULL, 0, G_MAXUINT, 0,
                                                 G_PARAM_READWRITE |
                                                   G_PARAM_EXPLICIT_NOTIFY |
                                                   G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
csl_list_filter_init (CslListFilter *self)
{
  self->labels = gtk_string_list_new (NULL);
  self->choices = g_array_new (FALSE, FALSE, sizeof (Choice));
  g_array_set_clear_func (self->choices, choice_clear);
}

/* The types whose first question is what is still open; returns the field it is about. */
static const char *
add_special_filters (GListStore *store, CslSession *session, const CslRecordType *type)
{
  if (g_str_equal (type->name, "case")) {
    add_open_filter (store);
    add_mine_filter (store, session, "advisor");
    return "status";
  }
  if (g_str_equal (type->name, "task")) {
    add_task_filter (store);
    add_mine_filter (store, session, "assigned_to");
    return "status";
  }
  if (g_str_equal (type->name, "sync_conflict") ||
      g_str_equal (type->name, "stranded_work")) {
    add_decision_filter (store);
    return "state";
  }
  if (g_str_equal (type->name, "appointment"))
    add_mine_filter (store, session, "advisor");
  return NULL;
}

GListStore *
csl_list_filters_create (CslSession *session, const CslRecordType *type)
{
  GListStore *store = g_list_store_new (CSL_TYPE_LIST_FILTER);
  const char *special = add_special_filters (store, session, type);
  guint count = 0;

  for (guint i = 0; i < type->n_list_fields && count < MAX_ENUM_FILTERS; i++) {
    const CslField *field = &type->fields[type->list_fields[i]];

    if (field->options == NULL || g_strcmp0 (field->name, special) == 0)
      continue;
    add_enum_filter (store, field);
    count++;
  }
  add_order_filter (store, type);
  return store;
}

const char *
csl_list_filter_get_title (CslListFilter *self)
{
  g_return_val_if_fail (CSL_IS_LIST_FILTER (self), NULL);
  return self->title;
}

GListModel *
csl_list_filter_get_labels (CslListFilter *self)
{
  g_return_val_if_fail (CSL_IS_LIST_FILTER (self), NULL);
  return G_LIST_MODEL (self->labels);
}

const char *
csl_list_filter_get_summary (CslListFilter *self)
{
  const Choice *choice;

  g_return_val_if_fail (CSL_IS_LIST_FILTER (self), NULL);
  choice = &g_array_index (self->choices, Choice, self->selected);
  return choice->field != NULL ? gtk_string_list_get_string (self->labels, self->selected)
                               : NULL;
}

void
csl_list_filter_apply (CslListFilter *self, CslQuery *query)
{
  const Choice *choice;

  g_return_if_fail (CSL_IS_LIST_FILTER (self));
  choice = &g_array_index (self->choices, Choice, self->selected);
  if (choice->field != NULL)
    csl_query_add_text (query, choice->field, choice->kind, choice->value);
  if (choice->sort != NULL)
    csl_query_set_sort (query, choice->sort, choice->descending);
  if (choice->attention)
    csl_query_set_attention (query);
}
