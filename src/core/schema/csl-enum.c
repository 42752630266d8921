/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-enum.c: looking values up in a reference list. Lists are short: a walk is fastest. */
#include "core/schema/csl-enum.h"

#include <string.h>

/**
 * csl_enum_get_position:
 * @value: (nullable): a stored value
 *
 * Returns: the place of @value in the list, or -1 when it is unknown
 */
int
csl_enum_get_position (const CslEnum *self, const char *value)
{
  for (guint i = 0; value != NULL && i < self->n_values; i++) {
    if (strcmp (self->values[i].value, value) == 0)
      return (int) i;
  }
  return -1;
}

/**
 * csl_enum_lookup:
 * @value: (nullable): a stored value
 *
 * Returns: (transfer none) (nullable): its entry
 */
const CslEnumValue *
csl_enum_lookup (const CslEnum *self, const char *value)
{
  int position = csl_enum_get_position (self, value);

  return position >= 0 ? &self->values[position] : NULL;
}

const char *
csl_enum_get_label (const CslEnum *self, const char *value)
{
  const CslEnumValue *known = csl_enum_lookup (self, value);

  return known != NULL ? known->label : value;
}
