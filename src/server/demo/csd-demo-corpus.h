/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text the demo is made of (data/demo/, compiled in): names, places, agencies, word pools, storylines. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  JsonNode *names, *places, *agency, *pools, *templates; /* (owned) objects */
  GPtrArray *story_nodes; /* (owned) of JsonNode: keep the storylines alive */
  GPtrArray
    *stories; /* (owned) of JsonObject, borrowed from story_nodes, sorted by key */
} CsdDemoCorpus;

/* NULL with @error when a file is not readable. */
CsdDemoCorpus *csd_demo_corpus_load (GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csd_demo_corpus_free (CsdDemoCorpus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdDemoCorpus, csd_demo_corpus_free)

/* Members with a fallback, for storylines where most things are optional. */
const char *csd_demo_get_text (JsonObject *object, const char *name);
gint64 csd_demo_get_int (JsonObject *object, const char *name, gint64 fallback);
JsonArray *csd_demo_get_array (JsonObject *object, const char *name);
JsonObject *csd_demo_get_object (JsonObject *object, const char *name);

G_END_DECLS
