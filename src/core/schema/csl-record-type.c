/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-type.c: questions to a loaded record type. */
#include "core/schema/csl-record-type.h"

#include <string.h>

/**
 * csl_record_type_lookup_field:
 * @name: field name
 *
 * Returns: (transfer none) (nullable): the field called @name, common ones included
 */
const CslField *
csl_record_type_lookup_field (const CslRecordType *self, const char *name)
{
  guint low = 0, high = self->n_fields;

  while (low < high) {
    guint middle = (low + high) / 2;
    const CslField *field = &self->fields[self->wire_order[middle]];
    int order = strcmp (name, field->name);
    if (order == 0)
      return field;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

/**
 * csl_record_type_is_searchable:
 *
 * Returns: whether any field takes part in full-text search
 */
bool
csl_record_type_is_searchable (const CslRecordType *self)
{
  for (guint i = 0; i < self->n_fields; i++) {
    if ((self->fields[i].flags & CSL_FIELD_SEARCH) != 0)
      return true;
  }
  return false;
}
