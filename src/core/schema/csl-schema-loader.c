/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-schema-loader.c: definition files → schema, in the order the parts need each other:
 *
 *   enums, roles → names of types → fields of types → layouts, checks → workflows → cycles
 *
 * One wrong definition does not hide the next: each step skips what the one before it reported,
 * and the answer is the whole list of problems.
 */
#include "core/schema/csl-schema-internal.h"

#include <string.h>

/* A file whose definition got as far as a name. */
typedef struct
{
  CslSpec root;
  CslRecordType *type; /* (unowned): in the schema */
} TypeFile;

typedef struct
{
  CslSchema *schema;     /* (unowned) */
  GPtrArray *files;      /* (unowned) of CslDefinitionFile */
  GArray *types;         /* (owned) of TypeFile */
  CslProblems *problems; /* (unowned) */
} Loader;

static CslSpec
root_of (const Loader *self, guint position)
{
  const CslDefinitionFile *file = g_ptr_array_index (self->files, position);

  return (CslSpec){ .file = file->path, .node = file->root, .problems = self->problems };
}

/* The file of "client" in "types/core" is types/core/client.json. */
static void
check_path (const CslSpec *root, const char *folder, const char *name)
{
  g_autofree char *path = g_strconcat (folder, "/", name, ".json", NULL);

  if (strcmp (path, root->file) != 0)
    csl_spec_problem (root, "belongs into %s", path);
}

/* Adds to @table unless the name is taken, then FALSE. */
static bool
insert (GHashTable *table, const CslSpec *root, char *name, gpointer definition)
{
  if (g_hash_table_contains (table, name)) {
    csl_spec_problem (root, "“%s” is defined twice", name);
    return false;
  }
  g_hash_table_insert (table, name, definition);
  return true;
}

static void
load_enum (Loader *self, const CslSpec *root)
{
  CslEnum *list = csl_enum_load (root);

  if (list == NULL)
    return;
  check_path (root, "enums", list->name);
  if (!insert (self->schema->enums, root, list->name, list))
    csl_enum_free (list);
}

static void
load_role (Loader *self, const CslSpec *root)
{
  CslRole *role = csl_role_load (root);

  if (role == NULL)
    return;
  check_path (root, "roles", csl_role_get_name (role));
  if (!insert (self->schema->roles, root, (char *) csl_role_get_name (role), role))
    csl_role_free (role);
}

static void
load_type_name (Loader *self, const CslSpec *root)
{
  TypeFile file = { *root, csl_record_type_load_name (root) };

  if (file.type == NULL)
    return;
  if (!insert (self->schema->by_name, root, file.type->name, file.type)) {
    csl_record_type_free (file.type);
    return;
  }
  g_ptr_array_add (self->schema->types, file.type);
  g_array_append_val (self->types, file);
}

static void
load_workflow (Loader *self, const CslSpec *root)
{
  CslWorkflow *workflow = csl_workflow_load (root, self->schema);

  if (workflow == NULL)
    return;
  check_path (root, "workflows", csl_workflow_get_name (workflow));
  if (!insert (self->schema->workflows, root, (char *) csl_workflow_get_name (workflow),
               workflow))
    csl_workflow_free (workflow);
}

/* Calls @load for every file below @folder. */
static void
for_each (Loader *self,
          const char *folder,
          void (*load) (Loader *self, const CslSpec *root))
{
  for (guint i = 0; i < self->files->len; i++) {
    CslSpec root = root_of (self, i);
    if (g_str_has_prefix (root.file, folder))
      load (self, &root);
  }
}

static void
load_types (Loader *self)
{
  for (guint i = 0; i < self->types->len; i++) {
    TypeFile *file = &g_array_index (self->types, TypeFile, i);
    csl_record_type_load_fields (file->type, &file->root, self->schema);
    if (file->type->module == NULL)
      continue;
    g_autofree char *folder = g_strconcat ("types/", file->type->module, NULL);
    check_path (&file->root, folder, file->type->name);
  }
  for (guint i = 0; i < self->types->len; i++) {
    TypeFile *file = &g_array_index (self->types, TypeFile, i);
    csl_record_type_load_layout (file->type, &file->root);
  }
}

/* A type and its workflow must name each other. */
static void
link_workflows (Loader *self)
{
  for (guint i = 0; i < self->types->len; i++) {
    TypeFile *file = &g_array_index (self->types, TypeFile, i);
    CslSpec member = csl_spec_member (&file->root, "workflow");
    if (member.node == NULL)
      continue;
    g_autofree char *name = csl_spec_dup_identifier (&member);
    if (name == NULL)
      continue;
    file->type->workflow = csl_schema_lookup_workflow (self->schema, name);
    if (file->type->workflow == NULL)
      csl_spec_problem (&member, "there is no workflow “%s”", name);
    else if (csl_workflow_get_type (file->type->workflow) != file->type)
      csl_spec_problem (&member, "the workflow “%s” is for another record type", name);
  }
}

/* Whether any role may do anything in @area. */
static bool
is_granted (const CslSchema *schema, const char *area)
{
  GHashTableIter iter;
  gpointer role;

  g_hash_table_iter_init (&iter, schema->roles);
  while (g_hash_table_iter_next (&iter, NULL, &role)) {
    if (csl_role_get_grant (role, area).actions != 0)
      return true;
  }
  return false;
}

static void
check_area (const Loader *self, const CslSpec *root, const char *member, const char *area)
{
  CslSpec spec = csl_spec_member (root, member);

  if (area != NULL && !is_granted (self->schema, area))
    csl_spec_problem (&spec, "no role may do anything in “%s”", area);
}

/* An area or a tier nobody has would make records nobody can reach. */
static void
check_areas (Loader *self)
{
  for (guint i = 0; i < self->types->len; i++) {
    const TypeFile *file = &g_array_index (self->types, TypeFile, i);
    check_area (self, &file->root, "area", file->type->area);
    check_area (self, &file->root, "tier", file->type->tier);
  }
}

enum {
  NEW,
  OPEN,
  DONE,
};

/* Depth first over required references; @state per type position. Returns a type on a cycle. */
static const CslRecordType *
find_cycle (const CslRecordType *type, guint8 *state)
{
  if (state[type->position] != NEW)
    return state[type->position] == OPEN ? type : NULL;
  state[type->position] = OPEN;
  for (guint i = 0; i < type->n_fields; i++) {
    const CslField *field = &type->fields[i];
    bool needed = field->target != NULL && (field->flags & CSL_FIELD_REQUIRED) != 0;
    const CslRecordType *cycle = needed ? find_cycle (field->target, state) : NULL;
    if (cycle != NULL)
      return cycle;
  }
  state[type->position] = DONE;
  return NULL;
}

/* Records that need each other could never be created; with ranks that contradict references,
 * children would arrive before their parents. */
static void
check_references (Loader *self)
{
  g_autofree guint8 *state = g_new0 (guint8, self->types->len + 1);

  for (guint i = 0; i < self->types->len; i++) {
    const TypeFile *file = &g_array_index (self->types, TypeFile, i);
    CslSpec fields = csl_spec_member (&file->root, "fields");
    const CslRecordType *cycle = find_cycle (file->type, state);
    if (cycle != NULL) {
      csl_spec_problem (&fields, "required references lead from “%s” back to it",
                        cycle->name);
      return;
    }
    for (guint k = 0; k < file->type->n_fields; k++) {
      const CslField *field = &file->type->fields[k];
      if (field->target != NULL && (field->flags & CSL_FIELD_REQUIRED) != 0 &&
          field->target->rank >= file->type->rank)
        csl_spec_problem (&fields, "“%s” needs “%s”, whose rank must be lower",
                          field->name, field->target->name);
    }
  }
}

static int
compare_types_cb (gconstpointer a, gconstpointer b)
{
  const CslRecordType *first = *(const CslRecordType *const *) a;
  const CslRecordType *second = *(const CslRecordType *const *) b;
  int order = (first->rank > second->rank) - (first->rank < second->rank);

  return order != 0 ? order : strcmp (first->name, second->name);
}

static void
number_types (CslSchema *schema)
{
  g_ptr_array_sort (schema->types, compare_types_cb);
  for (guint i = 0; i < schema->types->len; i++)
    ((CslRecordType *) g_ptr_array_index (schema->types, i))->position = i;
}

bool
csl_schema_load (CslSchema *self, GPtrArray *files, CslProblems *problems)
{
  guint before = csl_problems_get_size (problems);
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (TypeFile));
  Loader loader = { self, files, types, problems };

  for_each (&loader, "enums/", load_enum);
  for_each (&loader, "roles/", load_role);
  for_each (&loader, "types/", load_type_name);
  load_types (&loader);
  number_types (self);
  for_each (&loader, "workflows/", load_workflow);
  link_workflows (&loader);
  check_areas (&loader);
  check_references (&loader);
  if (self->types->len == 0)
    csl_problems_add (problems, "types", "definition", "there are no record types");
  return csl_problems_get_size (problems) == before;
}
