/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pull on its way: what its parts share.
 *
 *   csd-pull.c          the request, and which parts a page has
 *   csd-pull-commits.c  drops and commits
 *   csd-pull-fills.c    buckets as they are
 *   csd-pull-page.c     how full the page is, and where the next one goes on
 */
#pragma once

#include "core/wire/csl-pull-request.h"
#include "server/handlers/csd-call.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 until;
  gint64 seq;       /* commits up to here were sent */
  bool fills;       /* the commits are done */
  gint64 from, key; /* interval */
  guint bit;        /* 0: the interval is done */
  gint64 rank;
  char id[40];
  gint64 was; /* `until` of a pull that this one began anew, or 0 */
} CsdPullPosition;

typedef struct
{
  CsdCall *call; /* (unowned) */
  CslPullRequest request;
  CsdPullPosition at;
  gint64 head;
  GString *out;        /* (owned) */
  GHashTable *seen;    /* (owned) bucket → GINT_TO_POINTER (1 hidden, 2 shown) */
  GHashTable *touched; /* (owned) set of buckets with lines in this page */
  gint64 max_bytes, deadline_ms;
  guint lines;      /* since the last look at the clock */
  gsize page_bytes; /* of rows so far */
  bool full;        /* the page ends here */
  bool
    restarted; /* a pull that was begun cannot go on: the replica may hold what it brought */
  bool open_commit; /* lines of at.seq were sent, its commit line not yet */
  gint64 commit_seq;
  /* of the interval being filled */
  const CsdAccess *access; /* (unowned) */
} CsdPull;

/* csd-pull-page.c */
void csd_pull_flush (CsdPull *pull);
/* Is the page as large, or as late, as it may be? */
bool csd_pull_is_full (CsdPull *pull);
/* A row was written; the page was @before bytes long. */
void csd_pull_count_row (CsdPull *pull, gsize before);
/* The sum of @bucket, unless it changed after @position. */
void csd_pull_write_sum (CsdPull *pull, const char *bucket, gint64 position);
void csd_pull_write_resume (CsdPull *pull);
/* A position of another history, beyond the head, or from before access was lost starts again from `since`. */
void csd_pull_read_resume (CsdPull *pull);

/* csd-pull-commits.c */
bool csd_pull_send_drops (CsdPull *pull, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csd_pull_send_commits (CsdPull *pull, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* csd-pull-fills.c */
bool csd_pull_send_fills (CsdPull *pull, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
