/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of any kind inside the elements of a list: what differs, what was written. */
#pragma once

#include "core/schema/csl-record.h"

G_BEGIN_DECLS

/* Appends the member @name with the JSON text of @value, as a string; nothing when there is no value. */
void csd_differences_append_text (GString *out,
                                  const char *name,
                                  const CslField *field,
                                  const CslValue *value);
/* Sets the object_list @field of @record from the text of an array, whose elements carry their members in byte order, as
 * the canonical form wants. FALSE: it cannot be read. */
bool csd_differences_set (CslRecord *record, const char *field, const char *json)
  G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
