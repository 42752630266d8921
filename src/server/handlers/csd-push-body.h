/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of a push, read group by group: lines, their operations, their identity. */
#pragma once

#include "core/wire/csl-answer.h"
#include "core/wire/csl-op.h"

G_BEGIN_DECLS

/* One line of the body. */
typedef struct
{
  const char *text; /* (unowned) */
  gsize length;
  CslOp *op;        /* (owned) (nullable): NULL when it cannot be read */
  CslOp *head;      /* (owned) (nullable): what could be read of it */
  char *problem;    /* (owned) (nullable) */
  const char *code; /* (unowned): of the refusal when op is NULL */
  guint64 hash;     /* of the line without its number */
  bool known;       /* the operation has been here */
  bool dup;         /* answered before, and not held */
  bool reused;      /* known with another body */
  bool moved;       /* held under another number than this one */
  char inc[40];     /* when known: the incarnation it has its number in */
  gint64 n;         /* and that number */
  CslAnswer answer;
} CsdPushLine;

typedef struct
{
  const CslSchema *schema; /* (unowned) */
  const char *next;        /* (unowned): rest of the body */
  const char *end;         /* (unowned) */
} CsdPushBody;

/* The next line, without its newline. FALSE at the end. */
bool csd_push_body_next_text (CsdPushBody *self,
                              const char **ret_text,
                              gsize *ret_length);
/* The next whole group, of CsdPushLine; NULL at the end of the body, inside a group, or at a line that cannot be read:
 * then *ret_status is the status for it. */
GPtrArray *csd_push_body_next_group (CsdPushBody *self, guint *ret_status)
  G_GNUC_WARN_UNUSED_RESULT;

/* Its operation, or what could be read of it. */
const CslOp *csd_push_line_get_identity (const CsdPushLine *self);
/* Writes who is answered. */
void csd_push_line_start_answer (CsdPushLine *self);

G_END_DECLS
