/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One answer of lines being applied; shared by pull, fetch and manifest. */
#pragma once

#include "core/wire/csl-pull-line.h"
#include "store/csl-replica-private.h"
#include "store/csl-replica-pull.h"

G_BEGIN_DECLS

typedef struct
{
  CslReplica *replica;            /* (unowned) */
  CslPageResult *result;          /* (unowned) */
  CslPullLine line;               /* the current one */
  GPtrArray *records;             /* (owned) by type position, (nullable) each */
  const CslRecordType *last_type; /* (unowned) (nullable) */
  CslBucket *last_bucket;         /* (unowned) (nullable) */
  bool force;                     /* rows are taken whatever their rev was */
  bool begun, ended;              /* head seen; last line seen */
  bool left_sight; /* something was erased, or went where this person does not look */
  gpointer data;   /* of the caller */
} CslPage;

void csl_page_init (CslPage *page,
                    CslReplica *replica,
                    CslPageResult *result,
                    bool force);
void csl_page_clear (CslPage *page);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslPage, csl_page_clear)
bool csl_page_each_line (CslPage *page,
                         const char *text,
                         gsize length,
                         bool (*apply) (CslPage *page, GError **error),
                         GError **error);
/* Takes in the put line that page->line holds. */
bool csl_page_put (CslPage *page, GError **error);

G_END_DECLS
