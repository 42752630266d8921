/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslField: one declared field of a record type; immutable after loading. */
#pragma once

#include "core/schema/csl-field-kind.h"

G_BEGIN_DECLS

typedef enum {
  CSL_FIELD_REQUIRED = 1 << 0,
  CSL_FIELD_SERVER =
    1 << 1, /* set by the server only (created_at, references, …); never in "set" */
  CSL_FIELD_PROTECTED = 1 << 2, /* a differing edit always needs a person's decision */
  CSL_FIELD_SEARCH = 1 << 3,    /* part of the full-text index */
  CSL_FIELD_UNIQUE = 1 << 4,
  CSL_FIELD_HIDDEN = 1 << 5, /* not in generated forms */
  CSL_FIELD_READ_ONLY =
    1 << 6,                /* shown but not edited in generated forms (set by commands) */
  CSL_FIELD_ONCE = 1 << 7, /* fixed at creation */
} CslFieldFlags;

typedef enum {
  CSL_MERGE_ASK,   /* both changed differently: first stays, a person decides */
  CSL_MERGE_FIRST, /* both changed: the first committed stays, silently */
} CslMergePolicy;

struct _CslField
{
  char *name;  /* (owned) [a-z][a-z0-9_]* */
  char *label; /* (owned) */
  char *help;  /* (owned) (nullable) */
  char *unit;  /* (owned) (nullable) */
  const char
    *context; /* (unowned): name of its type, under which its words are translated */
  char *sensitivity; /* (owned): normal | personal | special | secret */
  const CslFieldKind *kind;
  guint index; /* position in the type */
  CslFieldFlags flags;
  CslMergePolicy policy;
  int group;                   /* merge group number, or -1 */
  const CslEnum *options;      /* (unowned) (nullable) */
  const CslRecordType *target; /* (unowned) (nullable) for references */
  gint64 min, max;             /* numbers; G_MININT64 / G_MAXINT64 when unset */
  guint max_length;            /* characters of text; 0 = kind's default */
  guint decimals;              /* decimal kind */
  CslField *columns;           /* (owned) (nullable) object_list: element fields */
  guint n_columns;
  CslValue default_value;
  char *default_expr; /* (owned) (nullable): "today", "now", "me", "my_centre" */
};

/* Values as JSON by themselves, and as strings inside the elements of an object_list. */
bool csl_field_read_json (const CslField *self, const char *json, CslValue *ret_value)
  G_GNUC_WARN_UNUSED_RESULT;
bool csl_field_read_member (const CslField *self,
                            const CslJson *json,
                            guint object,
                            const char *name,
                            CslValue *ret_value);
void csl_field_write_member (const CslField *self,
                             GString *out,
                             const char *name,
                             const CslValue *value);

G_END_DECLS
