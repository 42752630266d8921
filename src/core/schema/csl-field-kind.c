/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-field-kind.c: the table of all kinds. */
#include "core/schema/csl-field-kind.h"

#include "core/schema/kinds/csl-kinds.h"

#include <string.h>

const CslFieldKind *const csl_field_kinds[] = {
  &csl_kind_text,
  &csl_kind_long_text,
  &csl_kind_integer,
  &csl_kind_money,
  &csl_kind_decimal,
  &csl_kind_boolean,
  &csl_kind_date,
  &csl_kind_instant,
  &csl_kind_duration,
  &csl_kind_enum,
  &csl_kind_reference,
  &csl_kind_enum_set,
  &csl_kind_object_list,
  &csl_kind_email,
  &csl_kind_phone,
  &csl_kind_address,
  &csl_kind_signature,
  &csl_kind_file,
  NULL,
};

guint
csl_field_kinds_get_size (void)
{
  return G_N_ELEMENTS (csl_field_kinds) - 1;
}

/**
 * csl_field_kind_lookup:
 *
 * Returns: (transfer none) (nullable): the kind called @name
 */
const CslFieldKind *
csl_field_kind_lookup (const char *name)
{
  for (guint i = 0; csl_field_kinds[i] != NULL; i++) {
    if (strcmp (csl_field_kinds[i]->name, name) == 0)
      return csl_field_kinds[i];
  }
  return NULL;
}
