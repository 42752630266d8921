/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslEnum: a reference list (data/enums/<name>.json). Unknown stored values are shown as text. */
#pragma once

#include "core/schema/csl-types.h"

G_BEGIN_DECLS

typedef struct
{
  char *value; /* (owned) */
  char *label; /* (owned) English; translated through gettext by the client */
  char *style; /* (owned) (nullable): success | warning | error | accent | dim */
  char *icon;  /* (owned) (nullable) icon name */
  bool retired;
} CslEnumValue;

struct _CslEnum
{
  char *name; /* (owned) */
  CslEnumValue *values;
  guint n_values;
};

const CslEnumValue *csl_enum_lookup (const CslEnum *self, const char *value);
/* The label, or @value itself when unknown. */
const char *csl_enum_get_label (const CslEnum *self, const char *value);
int csl_enum_get_position (const CslEnum *self, const char *value);

G_END_DECLS
