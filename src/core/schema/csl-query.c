/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-query.c: which records of one type, in which order. */
#include "core/schema/csl-query.h"

static void
clear_filter (gpointer data)
{
  csl_value_clear (&((CslFilter *) data)->value);
}

/**
 * csl_query_new:
 * @type: must outlive the query
 *
 * Returns: (transfer full): all records of @type, newest first
 */
CslQuery *
csl_query_new (const CslRecordType *type)
{
  CslQuery *self = g_new0 (CslQuery, 1);

  self->type = type;
  self->filters = g_array_new (FALSE, TRUE, sizeof (CslFilter));
  g_array_set_clear_func (self->filters, clear_filter);
  self->sort_field = -1;
  return self;
}

CslQuery *
csl_query_copy (const CslQuery *self)
{
  CslQuery *copy = csl_query_new (self->type);

  for (guint i = 0; i < self->filters->len; i++) {
    const CslFilter *from = &g_array_index (self->filters, CslFilter, i);
    CslFilter filter = { .kind = from->kind, .field = from->field };

    csl_value_copy (&filter.value, &from->value);
    g_array_append_val (copy->filters, filter);
  }
  copy->search = g_strdup (self->search);
  copy->via = g_strdup (self->via);
  copy->sort_field = self->sort_field;
  copy->descending = self->descending;
  copy->by_attention = self->by_attention;
  copy->limit = self->limit;
  return copy;
}

void
csl_query_free (CslQuery *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->filters);
  g_free (self->search);
  g_free (self->via);
  g_free (self);
}

/* Lists for IN and canonical texts stay as they are; numbers and truths are read. */
static void
read_value (const CslField *field, CslFilterKind kind, const char *text, CslValue *value)
{
  bool is_list = kind == CSL_FILTER_IN || kind == CSL_FILTER_NOT_IN;

  if (is_list || field->kind->value_type == CSL_VALUE_TEXT ||
      field->kind->value_type == CSL_VALUE_JSON) {
    csl_value_set_text (value, text);
  } else if (text != NULL) {
    g_autoptr (CslProblems) problems = csl_problems_new ();

    if (!field->kind->parse (field, text, value, problems))
      g_critical ("a filter on %s cannot be \"%s\"", field->name, text);
  }
}

/**
 * csl_query_add_text:
 * @field: name of a field; an unknown one is a programmer error
 * @text: (nullable): the canonical text to compare with; comma-separated for %CSL_FILTER_IN and
 *   %CSL_FILTER_NOT_IN; not looked at for %CSL_FILTER_SET and %CSL_FILTER_UNSET
 *
 * Adds a condition; all conditions must hold.
 */
void
csl_query_add_text (CslQuery *self,
                    const char *field,
                    CslFilterKind kind,
                    const char *text)
{
  const CslField *found = csl_record_type_lookup_field (self->type, field);
  CslFilter filter = { .kind = kind };

  if (found == NULL) {
    g_critical ("record type %s has no field %s", self->type->name, field);
    return;
  }
  filter.field = found->index;
  if (kind != CSL_FILTER_SET && kind != CSL_FILTER_UNSET)
    read_value (found, kind, text, &filter.value);
  g_array_append_val (self->filters, filter);
}

/**
 * csl_query_set_search:
 * @search: (nullable): words, each the beginning of one in the record; "" is %NULL
 */
void
csl_query_set_search (CslQuery *self, const char *search)
{
  g_free (self->search);
  self->search = search != NULL && *search != '\0' ? g_strdup (search) : NULL;
}

/**
 * csl_query_set_sort:
 * @field: (nullable): name of a field; %NULL: newest first
 */
void
csl_query_set_sort (CslQuery *self, const char *field, bool descending)
{
  const CslField *found = field != NULL ? csl_record_type_lookup_field (self->type, field)
                                        : NULL;

  if (field != NULL && found == NULL)
    g_critical ("record type %s has no field %s", self->type->name, field);
  self->sort_field = found != NULL ? (int) found->index : -1;
  self->descending = descending;
}

/**
 * csl_query_set_attention:
 *
 * First what needs somebody (something of it was refused, differs or is in review), then the longest without contact. In a
 * list too long to be worked through, the other order counts alone.
 */
void
csl_query_set_attention (CslQuery *self)
{
  self->by_attention = true;
}
