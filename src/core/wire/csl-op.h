/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslOp: one operation of the outbox, and its wire line.
 *
 * {"op":"0197…","n":913,"g":"0197…","gn":[1,3],"k":"note","id":"0197…","act":"update","base":48120,
 *  "set":{…},"was":{…},"reason":"…","resolves":"0197…","fixes":"0197…","schema":1,
 *  "at":{"wall":"2026-11-20T15:02:11.000Z[Europe/London]","mono":88123441},"by":"0197…"}
 *
 * set and was are objects of wire values; null clears. was holds the old values of exactly the fields in set.
 */
#pragma once

#include "core/schema/csl-schema.h"

G_BEGIN_DECLS

#define CSL_OP_GROUP_MAX 500 /* operations of one group, and of one push */

typedef enum {
  CSL_ACT_CREATE,
  CSL_ACT_UPDATE,
  CSL_ACT_DELETE,
  CSL_ACT_RESTORE,
} CslAct;

/* As the line says it: "create", … */
const char *csl_act_to_text (CslAct act);

typedef struct
{
  guint field;
  CslValue value; /* NULL clears */
} CslFieldValue;

typedef struct
{
  char op[40], group[40], id[40];
  gint64 n; /* position in the outbox, dense from 1 per incarnation */
  guint group_position, group_size; /* 1-based */
  const CslRecordType *type;        /* (unowned) */
  CslAct act;
  gint64 base;                  /* rev the person was looking at; 0 for create */
  GArray *set, *was;            /* (owned) of CslFieldValue, sorted by field */
  char *rest_set;               /* (owned) (nullable) unknown members of set, verbatim */
  char *reason;                 /* (owned) (nullable) */
  char resolves[40], fixes[40]; /* "" when none */
  guint schema;
  char *wall; /* (owned) instant text */
  gint64 mono;
  char by[40];
} CslOp;

CslOp *csl_op_new (void) G_GNUC_WARN_UNUSED_RESULT;
CslOp *csl_op_copy (const CslOp *self) G_GNUC_WARN_UNUSED_RESULT;
void csl_op_free (CslOp *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslOp, csl_op_free)

/* CSL_WIRE_ERROR_{SYNTAX,UNKNOWN,VALUE}; on UNKNOWN/VALUE *ret_head still carries op, n, g, gn when readable, so
 * that one operation can be refused alone. */
CslOp *csl_op_parse (const CslSchema *schema,
                     const char *line,
                     gsize length,
                     CslOp **ret_head,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from a tape that is needed for more than that. */
CslOp *csl_op_read (const CslSchema *schema,
                    const CslJson *json,
                    CslOp **ret_head,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One line without its newline; byte-equal for equal operations. */
char *csl_op_print (const CslOp *self) G_GNUC_WARN_UNUSED_RESULT;
/* Appends a stored line with another value of a number member ("n", "base"); every other byte stays as it was written.
 * CSL_WIRE_ERROR_SYNTAX, or CSL_WIRE_ERROR_VALUE without such a member. */
bool csl_op_line_append (GString *out,
                         const char *line,
                         const char *member,
                         gint64 number,
                         GError **error);
/* Value set for @field, or NULL when the operation does not touch it. */
const CslValue *csl_op_lookup_set (const CslOp *self, guint field);
const CslValue *csl_op_lookup_was (const CslOp *self, guint field);
/* Both arrays stay sorted; @was may be NULL (then a NULL value is kept). */
void csl_op_put (CslOp *self, guint field, const CslValue *set, const CslValue *was);
/* As if it did not touch @field. */
void csl_op_drop (CslOp *self, guint field);

G_END_DECLS
