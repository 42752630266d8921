/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Structs behind the schema, shared by its loader. Internal to core/schema. */
#pragma once

#include "core/schema/csl-schema.h"
#include "core/schema/csl-spec.h"

G_BEGIN_DECLS

struct _CslSchema
{
  gatomicrefcount ref_count;
  GPtrArray *types;      /* (owned) of CslRecordType, by rank and name */
  GHashTable *by_name;   /* (owned) name → type, borrowed from @types */
  GHashTable *enums;     /* (owned) name → CslEnum */
  GHashTable *roles;     /* (owned) name → CslRole */
  GHashTable *workflows; /* (owned) name → CslWorkflow */
  GMutex lock;           /* of what was derived */
  GHashTable *notes;     /* (owned) function → text: see csl_schema_derive() */
};

CslSchema *csl_schema_new_empty (void) G_GNUC_WARN_UNUSED_RESULT;

/* One definition file, guarded and parsed. */
typedef struct
{
  char *path;     /* (owned): "types/core/client.json" */
  JsonNode *root; /* (owned) */
} CslDefinitionFile;

GPtrArray *csl_definition_files_new (void) G_GNUC_WARN_UNUSED_RESULT;
/* Guards and parses the text of one file, and adds it, or a problem. */
void csl_definition_files_add (GPtrArray *files,
                               const char *path,
                               const char *text,
                               gsize length,
                               CslProblems *problems);
/* All files below types/<module>/, enums/, roles/ and workflows/, sorted by path; what cannot be
 * read is a problem. (transfer full): array of CslDefinitionFile. */
GPtrArray *csl_definition_files_from_folder (const char *path, CslProblems *problems)
  G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *csl_definition_files_from_resource (GResource *resource, CslProblems *problems)
  G_GNUC_WARN_UNUSED_RESULT;

/* Reads @files (of CslDefinitionFile) into an empty @self; FALSE with problems. */
bool csl_schema_load (CslSchema *self, GPtrArray *files, CslProblems *problems)
  G_GNUC_WARN_UNUSED_RESULT;

/* The loader's parts. Each reads one root object and reports what is wrong; NULL when it has no
 * name to be known by. */
CslEnum *csl_enum_load (const CslSpec *spec) G_GNUC_WARN_UNUSED_RESULT;
void csl_enum_free (CslEnum *self);
CslRole *csl_role_load (const CslSpec *spec) G_GNUC_WARN_UNUSED_RESULT;
void csl_role_free (CslRole *self);
CslWorkflow *csl_workflow_load (const CslSpec *spec, const CslSchema *schema)
  G_GNUC_WARN_UNUSED_RESULT;
void csl_workflow_free (CslWorkflow *self);
const char *csl_workflow_get_name (const CslWorkflow *self);
const CslRecordType *csl_workflow_get_type (const CslWorkflow *self);

/* A type in three steps, because types name each other: its name; its fields; the rest, which
 * names fields. */
CslRecordType *csl_record_type_load_name (const CslSpec *spec) G_GNUC_WARN_UNUSED_RESULT;
void csl_record_type_load_fields (CslRecordType *self,
                                  const CslSpec *spec,
                                  const CslSchema *schema);
void csl_record_type_load_layout (CslRecordType *self, const CslSpec *spec);
void csl_record_type_free (CslRecordType *self);
/* Reads one element of "fields"; @self is zeroed memory but for its context. */
void csl_field_load (CslField *self, const CslSpec *spec, const CslSchema *schema);
void csl_field_clear (CslField *self);

G_END_DECLS
