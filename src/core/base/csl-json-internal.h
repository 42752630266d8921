/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared between the JSON files of this folder only. */
#pragma once

#include "core/base/csl-json-scan.h"

G_BEGIN_DECLS

/* Bytes of a member name; compared like memcmp, shorter first. */
typedef struct
{
  const char *text; /* (unowned): in the scanned text, or in an arena of decoded names */
  guint length;
  guint token; /* index of the name's token */
} CslJsonName;

int csl_json_name_compare (const CslJsonName *a, const CslJsonName *b);
/* Names of the object at @object in source order, appended to @names (of CslJsonName). Names
 * with escapes are decoded into @arena. */
void csl_json_collect_names (const CslJson *json,
                             guint object,
                             GArray *names,
                             GStringChunk **arena);
/* Whether no name occurs twice among @n names; reorders @names when there are many. */
bool csl_json_names_are_unique (CslJsonName *names, guint n);
/* Decodes the string token at @index into @buffer (at least end − start + 1 bytes); returns the
 * length without the NUL. */
gsize csl_json_decode (const CslJson *json, guint index, char *buffer);

G_END_DECLS
