/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslAnswer: the server's verdict on one operation.
 *
 * {"op":…,"n":913,"r":"ok","seq":49001,"rev":49001}
 * r: ok · merged (d = fields that differ from what was sent) · dup (the same answer again) · conflict (conflict =
 *    id of the sync_conflict record) · rejected (code, field, msg; by = n when only the group was refused)
 *    · held (by = n) · escrow · redirect (to)
 * Whole-push refusals: {"t":"gap","last_n":17}, {"t":"device_rewound","last_n":17}, {"t":"busy","retry":2},
 * {"t":"epoch","epoch":"…"}
 */
#pragma once

#include "core/schema/csl-schema.h"

G_BEGIN_DECLS

typedef enum {
  CSL_VERDICT_OK,
  CSL_VERDICT_MERGED,
  CSL_VERDICT_CONFLICT,
  CSL_VERDICT_REJECTED,
  CSL_VERDICT_HELD,
  CSL_VERDICT_ESCROW,
  CSL_VERDICT_REDIRECT,
  CSL_VERDICT_GAP,            /* whole push: resend from last_n + 1 */
  CSL_VERDICT_DEVICE_REWOUND, /* whole push: take a new incarnation, resend with the same op ids */
  CSL_VERDICT_BUSY,
  CSL_VERDICT_EPOCH, /* whole push: the server was restored, see epoch */
} CslVerdict;

typedef struct
{
  CslVerdict verdict;
  bool dup; /* "dup":true: this operation had been answered before */
  char op[40];
  gint64 n, seq, rev;
  char *code;        /* (owned) (nullable) stable machine code */
  char *field;       /* (owned) (nullable) */
  char *message;     /* (owned) (nullable) a sentence */
  gint64 held_by;    /* n of the operation it waits for, or 0 */
  char conflict[40]; /* id of the sync_conflict record, or "" */
  char to[40];       /* REDIRECT: id of the record it was joined into, or "" */
  char epoch[40];    /* EPOCH: the server's */
  char *d;           /* (owned) (nullable) JSON object of merged members */
  gint64 last_n;
  guint retry_s;
} CslAnswer;

void csl_answer_clear (CslAnswer *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslAnswer, csl_answer_clear)
bool csl_answer_parse (CslAnswer *ret_answer,
                       const char *line,
                       gsize length,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *csl_answer_print (const CslAnswer *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
