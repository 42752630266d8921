/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the csl-reader-*.c files share. */
#pragma once

#include "store/csl-reader.h"
#include "store/csl-record-table.h"

G_BEGIN_DECLS

/* Most matches of a search that sets no limit: nobody scrolls further, and each costs a look at its row. */
#define CSL_READER_MOST_HITS 1000

struct _CslReader
{
  CslDb *db;               /* (owned) unless it is borrowed */
  bool borrowed;           /* @db is somebody else's */
  const CslSchema *schema; /* (unowned) */
  CslRecordTable **tables; /* (owned) by type position */
  guint n_types;
  GHashTable *statements; /* (owned) SQL text → CslStmt */
};

/* Numbers of a CslRecordState. */
enum {
  CSL_READER_SYNCED,
  CSL_READER_WAITING,
  CSL_READER_SENT,
  CSL_READER_DIFFERS,
  CSL_READER_REFUSED,
  CSL_READER_REVIEW,
};

/* A reader on the writer's connection, for a world in one thread: what it reads must be committed. @db outlives it. */
CslReader *csl_reader_new_borrowing (CslDb *db, const CslSchema *schema, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* Of two, the one a person must know about first. */
guint csl_reader_more_urgent (guint a, guint b);
/* @state: of an entry of the outbox */
guint csl_reader_state_of (const char *state);

/* A statement for generated SQL, kept for the next time; borrowed, reset it when done. */
CslStmt *csl_reader_prepare (CslReader *self, const char *sql, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

/* The full-text expression for words that a person typed: all of them, each a prefix. NULL when there are none. */
char *csl_reader_dup_match (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Pattern for the digits of a phone number, when the text is the beginning or part of one; else NULL. */
char *csl_reader_dup_phone_pattern (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* Are there rows of @type with words the full-text index does not know yet? Not when there are so many that searching
 * would take long: until the index is ready those are found by what they said before. */
bool csl_reader_has_stale (CslReader *self, const CslRecordType *type);
/* Appends SELECT "_row" … for the rows of @type that hold the words (:match), in any order; ORDER BY f."rowid" DESC
 * may follow. @without_stale: as the index says, but for rows it is wrong about. */
void csl_reader_append_matching (GString *sql,
                                 const CslRecordType *type,
                                 bool without_stale);
/* Appends SELECT * … for the newest @limit of them (a number or parameter), whatever the index knows, in any order. */
void csl_reader_append_newest (CslReader *self,
                               GString *sql,
                               const CslRecordType *type,
                               const char *limit);
/* Appends UNION SELECT "_row" … for each phone field of @type (:phone). */
void csl_reader_append_phones (GString *sql, const CslRecordType *type);
/* Is the query to be ordered by attention, and short enough for it? */
bool csl_reader_may_rank (CslReader *self, const CslQuery *query);
/* Appends the terms of that order, each with a comma; the table is called t. */
void csl_reader_append_attention (CslReader *self,
                                  GString *sql,
                                  const CslRecordType *type);
bool csl_reader_has_phones (const CslRecordType *type);

G_END_DECLS
