/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of a pull answer (docs/protocol.md). put lines keep the tape so that the record is read in place. */
#pragma once

#include "core/base/csl-json-scan.h"

G_BEGIN_DECLS

typedef enum {
  CSL_LINE_HEAD,
  CSL_LINE_DROP,
  CSL_LINE_OPEN,
  CSL_LINE_PUT,
  CSL_LINE_GONE,
  CSL_LINE_COMMIT,
  CSL_LINE_SUM,
  CSL_LINE_PAGE,
  CSL_LINE_DONE,
  CSL_LINE_RECONCILE,
  CSL_LINE_EPOCH,
  CSL_LINE_ROW,     /* manifest: id, rev, h */
  CSL_LINE_MISS,    /* fetch: not there (any more) */
  CSL_LINE_UNKNOWN, /* a later protocol's line: skipped */
} CslPullLineKind;

/* Short texts are copied; "" when absent. */
typedef struct
{
  CslPullLineKind kind;
  char bucket[112], type[64], id[40], epoch[40];
  gint64 since, until, seq, rev, count, bytes, safe_seq;
  guint64 sum; /* also h of a ROW line */
  bool fill;
  char why[24]; /* del | mv | erase | unassigned | … */
  char *resume; /* (owned) (nullable) PAGE: JSON to send back verbatim */
  char time[40];
  CslJson json; /* (owned) tape of the line; valid until the next parse */
  guint d;      /* PUT: index of the content object in json */
} CslPullLine;

void csl_pull_line_init (CslPullLine *self);
void csl_pull_line_clear (CslPullLine *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslPullLine, csl_pull_line_clear)
/* Reuses @self's memory. @line must stay alive while json is read. */
bool csl_pull_line_parse (CslPullLine *self,
                          const char *line,
                          gsize length,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writers append one line with its newline. */
void csl_pull_write_head (GString *out,
                          const char *epoch,
                          gint64 since,
                          gint64 until,
                          guint schema,
                          gint64 safe_seq,
                          const char *time);
void csl_pull_write_drop (GString *out, const char *bucket, gint64 seq, const char *why);
void csl_pull_write_open (GString *out,
                          const char *bucket,
                          gint64 count,
                          gint64 bytes,
                          bool fill);
/* @doc: canonical JSON object, copied verbatim. */
void csl_pull_write_put (GString *out,
                         const char *bucket,
                         const char *type,
                         const char *id,
                         gint64 rev,
                         const char *doc);
void csl_pull_write_gone (GString *out,
                          const char *bucket,
                          const char *type,
                          const char *id,
                          gint64 rev,
                          const char *why);
void csl_pull_write_commit (GString *out, gint64 seq);
void csl_pull_write_sum (GString *out, const char *bucket, gint64 count, guint64 sum);
void csl_pull_write_page (GString *out, const char *resume_json);
void csl_pull_write_done (GString *out, gint64 seq);
void csl_pull_write_row (GString *out,
                         const char *type,
                         const char *id,
                         gint64 rev,
                         guint64 hash);

/* Only line of a pull under another epoch. */
void csl_pull_write_epoch (GString *out, const char *epoch);
/* Last line when the cursor is below the horizon. */
void csl_pull_write_reconcile (GString *out, gint64 seq);
/* @why: (nullable) "erase": it was erased by law. */
void csl_pull_write_miss (GString *out,
                          const char *type,
                          const char *id,
                          const char *why);

G_END_DECLS
