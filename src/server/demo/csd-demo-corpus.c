/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "caseload-server"

#include "server/demo/csd-demo-corpus.h"

#include "core/base/csl-json-scan.h"

#include <gio/gio.h>

#define ROOT "/org/caseload/Caseload/demo"

GResource *csd_demo_texts_get_resource (void);

static const CslJsonLimits limits = {
  .max_bytes = 4 * 1024 * 1024,
  .max_depth = 32,
  .max_string = 64 * 1024,
  .max_nodes = 500000,
};

static JsonNode *
load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes =
    g_resource_lookup_data (csd_demo_texts_get_resource (), path, 0, error);
  gsize length;
  const char *text;
  JsonNode *node;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &length);
  node = csl_json_parse_guarded (text, length, &limits, error);
  if (node == NULL)
    g_prefix_error (error, "%s: ", path);
  return node;
}

static int
compare_stories (gconstpointer a, gconstpointer b)
{
  return strcmp (csd_demo_get_text (*(JsonObject *const *) a, "key"),
                 csd_demo_get_text (*(JsonObject *const *) b, "key"));
}

static bool
load_stories (CsdDemoCorpus *self, GError **error)
{
  g_auto (GStrv) files = g_resource_enumerate_children (csd_demo_texts_get_resource (),
                                                        ROOT "/stories", 0, error);

  if (files == NULL)
    return false;
  for (guint i = 0; files[i] != NULL; i++) {
    g_autofree char *path = g_strconcat (ROOT "/stories/", files[i], NULL);
    JsonNode *node = load (path, error);
    JsonArray *list;

    if (node == NULL)
      return false;
    g_ptr_array_add (self->story_nodes, node);
    list = csd_demo_get_array (json_node_get_object (node), "stories");
    for (guint k = 0; k < json_array_get_length (list); k++)
      g_ptr_array_add (self->stories, json_array_get_object_element (list, k));
  }
  g_ptr_array_sort (self->stories, compare_stories);
  return true;
}

CsdDemoCorpus *
csd_demo_corpus_load (GError **error)
{
  g_autoptr (CsdDemoCorpus) self = g_new0 (CsdDemoCorpus, 1);

  self->story_nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  self->stories = g_ptr_array_new ();
  self->names = load (ROOT "/names.json", error);
  if (self->names == NULL)
    return NULL;
  self->places = load (ROOT "/places.json", error);
  if (self->places == NULL)
    return NULL;
  self->agency = load (ROOT "/agency.json", error);
  if (self->agency == NULL)
    return NULL;
  self->templates = load (ROOT "/templates.json", error);
  if (self->templates == NULL)
    return NULL;
  self->pools = load (ROOT "/pools.json", error);
  if (self->pools == NULL || !load_stories (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
csd_demo_corpus_free (CsdDemoCorpus *self)
{
  g_clear_pointer (&self->names, json_node_unref);
  g_clear_pointer (&self->places, json_node_unref);
  g_clear_pointer (&self->agency, json_node_unref);
  g_clear_pointer (&self->pools, json_node_unref);
  g_clear_pointer (&self->templates, json_node_unref);
  g_clear_pointer (&self->stories, g_ptr_array_unref);
  g_clear_pointer (&self->story_nodes, g_ptr_array_unref);
  g_free (self);
}

const char *
csd_demo_get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

gint64
csd_demo_get_int (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64
           ? json_node_get_int (node)
           : fallback;
}

/* Borrowed; an empty one when the member, or the object, is missing. */
JsonArray *
csd_demo_get_array (JsonObject *object, const char *name)
{
  static JsonArray *empty = NULL;
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  if (g_once_init_enter (&empty))
    g_once_init_leave (&empty, json_array_new ());
  return empty;
}

JsonObject *
csd_demo_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node)
                                                       : NULL;
}
