/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the csl-ddl-*.c files share. */
#pragma once

#include "store/csl-ddl.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;     /* (owned) "_ix_note.case.occurred_at" */
  GArray *fields; /* (owned) of guint; empty: the bucket */
  bool unique;
  bool nocase;  /* sorted without regard to case */
  bool partial; /* only rows where the first column has a value */
} CslDdlIndex;

void csl_ddl_append_column (GString *sql,
                            const CslField *field,
                            CslSide side,
                            bool added);
void csl_ddl_append_search_table (GString *sql, const CslRecordType *type);
/* (element-type CslDdlIndex), with a free function. */
GPtrArray *csl_ddl_list_indexes (const CslRecordType *type, CslSide side)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_ddl_append_index (GString *sql,
                           const CslRecordType *type,
                           const CslDdlIndex *index);

G_END_DECLS
