/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslRecordType: one declared record type (data/types/<module>/<type>.json); immutable. */
#pragma once

#include "core/schema/csl-condition.h"
#include "core/schema/csl-enum.h"
#include "core/schema/csl-field.h"

G_BEGIN_DECLS

/* Where a record lives: the first rule whose field has a value names the bucket
 *   organisation → "a:<organisation>"   user → "u:<id>"   case → "c:<id>"   client → "p:<id>"
 * field "id" means the record itself. A tier appends ":<tier>" (e.g. "c:<id>:notes"). */
typedef enum {
  CSL_BUCKET_ORGANISATION,
  CSL_BUCKET_USER,
  CSL_BUCKET_CASE,
  CSL_BUCKET_CLIENT,
} CslBucketScope;

typedef struct
{
  CslBucketScope scope;
  int field; /* field index; -1 = the record's own id (or none for organisation) */
} CslBucketRule;

typedef struct
{
  char *title;   /* (owned) (nullable) */
  guint *fields; /* (owned) field indices */
  guint n_fields;
  bool more; /* behind "More" */
} CslFormSection;

typedef struct
{
  char *code;              /* (owned): "R-64" */
  char *message;           /* (owned): full sentence */
  guint field;             /* the field the message is shown at */
  CslCondition *condition; /* (owned): must hold */
} CslTypeCheck;

struct _CslRecordType
{
  char *name, *module, *label, *label_plural; /* (owned) */
  char *icon;                                 /* (owned) (nullable) icon name */
  char *area;       /* (owned) permission area: clients, cases, notes, … */
  char *tier;       /* (owned) (nullable) bucket tier */
  guint position;   /* index in the schema */
  guint rank;       /* parents before children in fills */
  bool local;       /* never leaves the replica (drafts) */
  bool append_only; /* create, and nothing else */
  bool no_history;
  bool contact;     /* having one means that there was contact, at its "when" */
  CslField *fields; /* (owned) declared fields, then the common ones */
  guint n_fields;
  guint *wire_order; /* (owned) all field indices, sorted by the bytes of the names */
  guint n_groups;
  char **group_names; /* (owned) */
  CslBucketRule *buckets;
  guint n_buckets;
  guint *title_fields; /* what names the record to a person */
  guint n_title_fields;
  guint *list_fields;
  guint n_list_fields;
  int sort_field; /* -1: by creation */
  bool sort_descending;
  bool
    by_attention; /* its list begins with what needs somebody; then the longest without contact */
  CslFormSection *sections;
  guint n_sections;
  CslTypeCheck *checks;
  guint n_checks;
  guint **indexes; /* each a -1-terminated list of field indices (as guint) */
  guint n_indexes;
  int finished_field;           /* boolean; true: the content is fixed. -1: never */
  bool *open_when_finished;     /* (owned) (nullable) by field: may change even then */
  const CslWorkflow *workflow;  /* (unowned) (nullable) */
  int when_field;               /* instant for the timeline, or -1 */
  int client_field, case_field; /* reference to client / case, or -1 */
};

/* Common fields every type ends with; all CSL_FIELD_SERVER | CSL_FIELD_HIDDEN except sensitivity:
 * created_at, created_by, updated_at, updated_by, sensitivity. */
const CslField *csl_record_type_lookup_field (const CslRecordType *self,
                                              const char *name);
bool csl_record_type_is_searchable (const CslRecordType *self);

G_END_DECLS
