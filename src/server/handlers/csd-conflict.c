/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-conflict.c: both versions of what two people changed, kept as a record. */
#include "config.h"

#include "server/handlers/csd-conflict.h"

#include "core/base/csl-id.h"
#include "core/base/csl-json-write.h"

#include <string.h>

/* The record must fit into one line of a pull, or nobody could read past it. */
#define MAX_FIELDS (CSD_MAX_DOC - 4096)

typedef struct
{
  CsdCommit *commit;       /* (unowned) */
  const CsdStored *stored; /* (unowned) */
  const CslRecordType *type;
  GString *out; /* (unowned) */
  bool
    only_mine; /* both other versions are on the server; this one may be nowhere else */
} Writer;

void
csd_conflict_clear (CsdConflict *conflict)
{
  g_clear_pointer (&conflict->record, csl_record_free);
}

static void
append_author (Writer *writer, gint64 rev)
{
  CsdStorage *storage = writer->commit->storage;
  char who[40];
  char at[64];

  if (!storage->find_author (storage, writer->stored->key, rev, who, at, NULL))
    return;
  csl_json_write_member_string (writer->out, "server_at", at);
  csl_json_write_member_string (writer->out, "server_by", who);
}

static void
append_difference (Writer *writer,
                   const CslField *field,
                   const CslValue *was,
                   const CslValue *server,
                   const CslValue *mine,
                   gint64 rev)
{
  if (writer->out->len > 1)
    g_string_append_c (writer->out, ',');
  g_string_append_c (writer->out, '{');
  csl_json_write_member_string (writer->out, "id", field->name);
  csl_field_write_member (field, writer->out, "mine", mine);
  csl_json_write_member_string (writer->out, "name", field->name);
  if (!writer->only_mine)
    csl_field_write_member (field, writer->out, "server", server);
  append_author (writer, rev);
  if (!writer->only_mine)
    csl_field_write_member (field, writer->out, "was", was);
  g_string_append_c (writer->out, '}');
}

static void
append_differences (Writer *writer, const GArray *differences)
{
  for (guint i = 0; i < differences->len; i++) {
    const CslDifference *difference = &g_array_index (differences, CslDifference, i);

    append_difference (writer, &writer->type->fields[difference->field], &difference->was,
                       &difference->server, &difference->mine, difference->server_rev);
  }
}

static void
append_operation (Writer *writer, const CslOp *op, const CslRecord *now)
{
  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);

    append_difference (writer, &writer->type->fields[set->field],
                       csl_op_lookup_was (op, set->field), &now->values[set->field],
                       &set->value, writer->stored->rev);
  }
}

static void
write_fields (Writer *writer,
              const CslOp *op,
              const CslRecord *now,
              const GArray *differences)
{
  g_string_assign (writer->out, "[");
  if (differences != NULL && differences->len > 0)
    append_differences (writer, differences);
  else
    append_operation (writer, op, now);
  g_string_append_c (writer->out, ']');
}

static void
set_place (CslRecord *conflict, const CslRecord *now)
{
  if (strcmp (now->type->name, "case") == 0)
    csl_record_set_text (conflict, "case", now->id);
  else if (now->type->case_field >= 0)
    csl_record_set_text (conflict, "case",
                         csl_value_get_text (&now->values[now->type->case_field]));
  if (strcmp (now->type->name, "client") == 0)
    csl_record_set_text (conflict, "client", now->id);
  else if (now->type->client_field >= 0)
    csl_record_set_text (conflict, "client",
                         csl_value_get_text (&now->values[now->type->client_field]));
}

char *
csd_conflict_dup_bucket (const CslRecord *conflict, const CsdOrganisation *organisation)
{
  const char *about = csl_record_get_text (conflict, "record_type");
  const CslRecordType *type =
    about != NULL ? csl_schema_lookup_type (organisation->schema, about) : NULL;
  g_autofree char *bucket = csl_record_dup_bucket (conflict, organisation->id);

  if (bucket == NULL || type == NULL || type->tier == NULL)
    return g_steal_pointer (&bucket);
  return g_strconcat (bucket, ":", type->tier, NULL);
}

bool
csd_conflict_prepare (CsdConflict *conflict,
                      CsdCommit *commit,
                      const CsdStored *stored,
                      const CslRecord *now,
                      const CslOp *op,
                      const char *kind,
                      const GArray *differences,
                      const char *user,
                      const char *device)
{
  const CslRecordType *type =
    csl_schema_lookup_type (commit->organisation->schema, "sync_conflict");
  CslId id = csl_id_new (commit->organisation->env);
  g_autoptr (GString) fields = g_string_new (NULL);
  Writer writer = { commit, stored, now->type, fields, false };

  csd_conflict_clear (conflict);
  conflict->record = csl_record_new (type, id.text);
  g_strlcpy (conflict->bucket, stored->bucket, sizeof conflict->bucket);
  csl_record_set_text (conflict->record, "record_type", now->type->name);
  csl_record_set_text (conflict->record, "record", now->id);
  csl_record_set_text (conflict->record, "kind", kind);
  csl_record_set_text (conflict->record, "op", op->op);
  csl_record_set_text (conflict->record, "author", user);
  csl_record_set_text (conflict->record, "device", device);
  csl_record_set_text (conflict->record, "state", "open");
  set_place (conflict->record, now);
  write_fields (&writer, op, now, differences);
  if (fields->len > MAX_FIELDS) {
    writer.only_mine = true;
    write_fields (&writer, op, now, differences);
  }
  if (fields->len <= MAX_FIELDS &&
      csl_record_set_json (conflict->record, "fields", fields->str))
    return true;
  csd_conflict_clear (conflict);
  return false;
}

bool
csd_conflict_write (CsdConflict *conflict,
                    CsdCommit *commit,
                    const char *user,
                    GError **error)
{
  g_auto (CsdStored) stored = { .type = conflict->record->type };
  const CsdChange change = { .who = user, .act = "create" };

  g_strlcpy (stored.id, conflict->record->id, sizeof stored.id);
  g_strlcpy (stored.bucket, conflict->bucket, sizeof stored.bucket);
  return csd_commit_write (commit, &stored, conflict->record, &change, error);
}
