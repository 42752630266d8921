/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server as the store's tests need it: commits with numbers, buckets one may see, push answers and pull pages as
 * text of the protocol. It applies what it is sent as it is; merging is the real server's business. */
#pragma once

#include "core/wire/csl-answer.h"
#include "core/wire/csl-op.h"
#include "store/csl-replica.h"

G_BEGIN_DECLS

typedef struct
{
  CslRecord *record; /* (owned) (nullable): NULL when deleted */
  char *type, *id;   /* (owned) */
  char *bucket;      /* (owned) */
  gint64 seq;        /* of the last change */
} ModelRow;

typedef struct
{
  const CslSchema *schema;
  char epoch[40];
  gint64 head, safe_seq;
  GHashTable *rows;    /* (owned) id → ModelRow */
  GArray *gone;        /* (owned) of ModelGone */
  GHashTable *access;  /* (owned) bucket → array of intervals */
  GHashTable *answers; /* (owned) op id → answer text */
  char inc[40];
  gint64 last_n;
  guint page_rows; /* rows of a page; 0: all in one */
  /* What to answer the next operations with; NULL: ok. Returns the verdict for @op. */
  CslVerdict (*decide) (const CslOp *op, gpointer data);
  gpointer data;
} Model;

Model *model_new (const CslSchema *schema);
void model_free (Model *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Model, model_free)

void model_grant (Model *self, const char *bucket);
void model_revoke (Model *self, const char *bucket);
bool model_has_access (Model *self, const char *bucket);
/* One commit by somebody else. @record NULL: deleted. */
gint64 model_put (Model *self, const CslRecord *record, const char *bucket);
gint64 model_delete (Model *self, const char *id);
ModelRow *model_lookup (Model *self, const char *id);

/* Answers of a push; an array of CslAnswer with a clear function. */
GArray *model_push (Model *self, const char *body);
/* One page for what the replica would ask now. */
GString *model_pull (Model *self, CslReplica *replica);
GString *model_manifest (Model *self, const char *bucket);
GString *model_bucket_list (Model *self);
/* @keys: of CslRecordKey. */
GString *model_fetch (Model *self, const GPtrArray *keys);

G_END_DECLS
