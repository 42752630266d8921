/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-row-source.c: the three kinds of record lists: a query, a timeline, a search. */
#include "client/app/csl-row-source.h"

typedef struct
{
  CslRowSource base;
  CslQuery *query; /* (owned) */
} QuerySource;

/* A timeline, or with @limit a search for @text. */
typedef struct
{
  CslRowSource base;
  char *type, *text; /* (owned) (nullable) */
  guint limit;
} HitSource;

static GArray *
query_source_list (CslRowSource *source, CslReader *reader, GError **error)
{
  QuerySource *self = (QuerySource *) source;
  GArray *keys = csl_reader_list (reader, self->query, error);

  for (guint i = 0; keys != NULL && i < keys->len; i++) {
    gint64 *row = &g_array_index (keys, gint64, i);

    *row = csl_row_key (self->query->type, *row);
  }
  return keys;
}

static bool
query_source_concerns (CslRowSource *source, const CslTypeSet *types)
{
  QuerySource *self = (QuerySource *) source;

  /* "via" looks into the client of a case, attention at all that belongs to it. */
  return self->query->via != NULL || self->query->by_attention ||
         csl_type_set_has (types, self->query->type);
}

static void
query_source_free (CslRowSource *source)
{
  csl_query_free (((QuerySource *) source)->query);
  g_free (source);
}

CslRowSource *
csl_row_source_new_query (const CslQuery *query)
{
  QuerySource *self = g_new0 (QuerySource, 1);

  self->base.list = query_source_list;
  self->base.concerns = query_source_concerns;
  self->base.free = query_source_free;
  self->base.by_words = query->search != NULL || query->via != NULL;
  self->query = csl_query_copy (query);
  return &self->base;
}

static GArray *
make_keys (const GArray *hits)
{
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (gint64), hits->len);

  for (guint i = 0; i < hits->len; i++) {
    const CslReaderHit *hit = &g_array_index (hits, CslReaderHit, i);
    gint64 key = csl_row_key (hit->type, hit->row);

    g_array_append_val (keys, key);
  }
  return keys;
}

static GArray *
timeline_source_list (CslRowSource *source, CslReader *reader, GError **error)
{
  HitSource *self = (HitSource *) source;
  g_autoptr (GArray) hits =
    csl_reader_list_timeline (reader, self->type, self->text, error);

  return hits != NULL ? make_keys (hits) : NULL;
}

static GArray *
search_source_list (CslRowSource *source, CslReader *reader, GError **error)
{
  HitSource *self = (HitSource *) source;
  g_autoptr (GArray) hits = csl_reader_search (reader, self->text, self->limit, error);

  return hits != NULL ? make_keys (hits) : NULL;
}

static bool
hit_source_concerns (CslRowSource *source, const CslTypeSet *types)
{
  return true;
}

static void
hit_source_free (CslRowSource *source)
{
  HitSource *self = (HitSource *) source;

  g_free (self->type);
  g_free (self->text);
  g_free (self);
}

static HitSource *
hit_source_new (const char *text)
{
  HitSource *self = g_new0 (HitSource, 1);

  self->base.concerns = hit_source_concerns;
  self->base.free = hit_source_free;
  self->text = g_strdup (text);
  return self;
}

CslRowSource *
csl_row_source_new_timeline (const char *type, const char *id)
{
  HitSource *self = hit_source_new (id);

  self->base.list = timeline_source_list;
  self->type = g_strdup (type);
  return &self->base;
}

CslRowSource *
csl_row_source_new_search (const char *text, guint limit)
{
  HitSource *self = hit_source_new (text);

  self->base.list = search_source_list;
  self->base.by_words = true;
  self->limit = limit;
  return &self->base;
}
