/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslTypeSet: a set of record types of one schema; a plain value. */
#pragma once

#include "core/schema/csl-record-type.h"

#include <string.h>

G_BEGIN_DECLS

#define CSL_TYPE_SET_SIZE 512 /* types of a schema, generously */

typedef struct
{
  guint32 bits[CSL_TYPE_SET_SIZE / 32];
} CslTypeSet;

static inline void
csl_type_set_add (CslTypeSet *self, const CslRecordType *type)
{
  g_assert (type->position < CSL_TYPE_SET_SIZE);
  self->bits[type->position / 32] |= 1u << (type->position % 32);
}

static inline void
csl_type_set_add_all (CslTypeSet *self)
{
  memset (self->bits, 0xff, sizeof self->bits);
}

static inline void
csl_type_set_add_set (CslTypeSet *self, const CslTypeSet *other)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->bits); i++)
    self->bits[i] |= other->bits[i];
}

static inline bool
csl_type_set_has (const CslTypeSet *self, const CslRecordType *type)
{
  return (self->bits[type->position / 32] >> (type->position % 32) & 1) != 0;
}

static inline bool
csl_type_set_is_empty (const CslTypeSet *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->bits); i++)
    if (self->bits[i] != 0)
      return false;
  return true;
}

G_END_DECLS
