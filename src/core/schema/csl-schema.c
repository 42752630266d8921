/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-schema.c: the loaded schema: reference counting and look-up. Nothing in it changes after
 * loading, so any thread may read it; what is derived from it is made once and kept.
 */
#include "core/schema/csl-schema.h"

#include "core/schema/csl-definitions.h"
#include "core/schema/csl-schema-internal.h"

#define SCHEMA_VERSION 1

CslSchema *
csl_schema_new_empty (void)
{
  CslSchema *self = g_new0 (CslSchema, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->notes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->types = g_ptr_array_new_with_free_func ((GDestroyNotify) csl_record_type_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->enums =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) csl_enum_free);
  self->roles =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) csl_role_free);
  self->workflows = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                           (GDestroyNotify) csl_workflow_free);
  return self;
}

static CslSchema *
new_from_files (GPtrArray *files, CslProblems *problems)
{
  g_autoptr (CslSchema) self = csl_schema_new_empty ();
  bool read = csl_problems_get_size (problems) == 0;

  return csl_schema_load (self, files, problems) && read ? g_steal_pointer (&self) : NULL;
}

/**
 * csl_schema_new_builtin:
 *
 * Loads the definitions compiled into the program. They are checked by the build's tests; should
 * they be wrong all the same, the program ends.
 *
 * Returns: (transfer full): the schema
 */
CslSchema *
csl_schema_new_builtin (void)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_autoptr (GPtrArray) files =
    csl_definition_files_from_resource (csl_definitions_get_resource (), problems);
  CslSchema *self = new_from_files (files, problems);

  if (self == NULL) {
    g_autofree char *text = csl_problems_dup_text (problems);
    g_error ("built-in definitions:\n%s", text);
  }
  return self;
}

/**
 * csl_schema_new_from_folder:
 * @path: a folder with types/, enums/, roles/ and workflows/
 * @problems: an empty list; everything that is wrong is added
 *
 * Returns: (transfer full) (nullable): the schema, or %NULL after adding problems
 */
CslSchema *
csl_schema_new_from_folder (const char *path, CslProblems *problems)
{
  g_autoptr (GPtrArray) files = csl_definition_files_from_folder (path, problems);

  return new_from_files (files, problems);
}

CslSchema *
csl_schema_ref (CslSchema *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
csl_schema_unref (CslSchema *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->notes);
  g_mutex_clear (&self->lock);
  g_hash_table_unref (self->workflows);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->types);
  g_hash_table_unref (self->roles);
  g_hash_table_unref (self->enums);
  g_free (self);
}

guint
csl_schema_get_n_types (const CslSchema *self)
{
  return self->types->len;
}

/**
 * csl_schema_get_type:
 * @position: below csl_schema_get_n_types(); parents come before children
 *
 * Returns: (transfer none): the type
 */
const CslRecordType *
csl_schema_get_type (const CslSchema *self, guint position)
{
  g_return_val_if_fail (position < self->types->len, NULL);
  return g_ptr_array_index (self->types, position);
}

const CslRecordType *
csl_schema_lookup_type (const CslSchema *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

const CslEnum *
csl_schema_lookup_enum (const CslSchema *self, const char *name)
{
  return g_hash_table_lookup (self->enums, name);
}

const CslRole *
csl_schema_lookup_role (const CslSchema *self, const char *name)
{
  return g_hash_table_lookup (self->roles, name);
}

const CslWorkflow *
csl_schema_lookup_workflow (const CslSchema *self, const char *name)
{
  return g_hash_table_lookup (self->workflows, name);
}

guint
csl_schema_get_version (const CslSchema *self)
{
  return SCHEMA_VERSION;
}

/**
 * csl_schema_derive:
 * @derive: makes a text of nothing but the schema, by always the same steps
 *
 * Any thread may ask; it is made once.
 *
 * Returns: (transfer none): what @derive made, as long as the schema lives
 */
const char *
csl_schema_derive (const CslSchema *self, CslSchemaDeriveFunc derive)
{
  GMutex *lock = &((CslSchema *) self)->lock;
  char *text;

  g_mutex_lock (lock);
  text = g_hash_table_lookup (self->notes, derive);
  if (text == NULL) {
    text = derive (self);
    g_hash_table_insert (self->notes, derive, text);
  }
  g_mutex_unlock (lock);
  return text;
}
