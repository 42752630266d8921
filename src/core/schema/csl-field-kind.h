/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field kind: a const vtable, one file per kind in kinds/. No other file switches over kinds.
 *
 * Kinds: text, long_text, integer, money, decimal, boolean, date, instant, duration, enum,
 * reference, enum_set, object_list, email, phone, address, signature, file.
 */
#pragma once

#include "core/base/csl-json-scan.h"
#include "core/base/csl-problem.h"
#include "core/schema/csl-types.h"
#include "core/value/csl-value.h"

G_BEGIN_DECLS

typedef enum {
  CSL_KIND_NEEDS_OPTIONS = 1 << 0, /* "options": an enum name is required */
  CSL_KIND_NEEDS_TARGET = 1 << 1,  /* "to": record types are required */
  CSL_KIND_SEARCHABLE = 1 << 2,    /* may take part in full-text search */
  CSL_KIND_LONG = 1 << 3,          /* long prose: never merged by machine, own form row */
  CSL_KIND_SET = 1 << 4,           /* set-valued: merged per element (add/remove) */
  CSL_KIND_SORTABLE = 1 << 5,
  CSL_KIND_NEEDS_COLUMNS = 1 << 6, /* "columns": element fields are required */
} CslFieldKindFlags;

struct _CslFieldKind
{
  const char *name;
  CslValueType value_type;
  CslFieldKindFlags flags;
  /* Text a person typed → value. Empty text gives NULL. Adds a problem and returns FALSE when the
   * text is not acceptable. */
  bool (*parse) (const CslField *field,
                 const char *text,
                 CslValue *ret_value,
                 CslProblems *problems);
  /* Value → plain text in the neutral form parse() accepts; "" for NULL. Localised display is the
   * client's matter. Caller frees. */
  char *(*format) (const CslField *field, const CslValue *value);
  /* Limits and form of a non-NULL value (length, range, enum membership, pattern). */
  void (*validate) (const CslField *field, const CslValue *value, CslProblems *problems);
  /* Wire → value; must accept exactly what to_json writes (JSON null is handled by the caller).
   * FALSE: wrong JSON type or form, *ret_value untouched. Canonicalises. */
  bool (*from_json) (const CslField *field,
                     const CslJson *json,
                     guint index,
                     CslValue *ret_value);
  /* Appends the canonical JSON of a non-NULL value. */
  void (*to_json) (const CslField *field, const CslValue *value, GString *out);
  /* Appends an SQL CHECK expression over the quoted column @column, or appends nothing. May be NULL. */
  void (*sql_check) (const CslField *field, const char *column, GString *out);
  /* Order for sorting two non-NULL values. */
  int (*compare) (const CslValue *a, const CslValue *b);
};

/* NULL-terminated table of all kinds, in a fixed order; the client's row registry has the same order. */
extern const CslFieldKind *const csl_field_kinds[];
guint csl_field_kinds_get_size (void);
const CslFieldKind *csl_field_kind_lookup (const char *name);

G_END_DECLS
