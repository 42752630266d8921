/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Notes as caseworkers write them: words of the demo's stories, as often as they come there, with sums of money and
 * dates in between. The same seed gives the same notes. Ids are in order of time.
 */
#pragma once

#include "core/base/csl-env.h"
#include "core/schema/csl-record.h"
#include "core/schema/csl-schema.h"

G_BEGIN_DECLS

#define BENCH_NOTE_TEXT 500 /* bytes of a note */

typedef struct
{
  CslEnv env; /* its clock moves a minute with each id */
  gint64 now_ms;
  GRand *random;    /* (owned) */
  GPtrArray *words; /* (owned) of char* */
  char *stories;    /* (owned): what the words point into */
} BenchNotes;

void bench_notes_init (BenchNotes *self, guint32 seed);
void bench_notes_clear (BenchNotes *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchNotes, bench_notes_clear)

/* A new id, a minute younger than the one before. */
void bench_notes_new_id (BenchNotes *self, char ret_id[40]);
/* @length bytes of text, or a few less. Caller frees. */
char *bench_notes_dup_text (BenchNotes *self, gsize length) G_GNUC_WARN_UNUSED_RESULT;
/* A word that is not rare; borrowed. */
const char *bench_notes_pick_word (BenchNotes *self);
/* A note about @case_id of @client_id by @author. */
CslRecord *bench_notes_new_note (BenchNotes *self,
                                 const CslSchema *schema,
                                 const char *client_id,
                                 const char *case_id,
                                 const char *author) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
