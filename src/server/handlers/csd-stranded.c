/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-stranded.c: work whose author had lost access when it came, as a record.
 *
 * It holds what its author wrote, and what they saw before they wrote it; nothing else of the file: who decides reads the
 * file itself, or may not.
 */
#include "config.h"

#include "server/handlers/csd-stranded.h"

#include "core/base/csl-id.h"
#include "core/base/csl-json-write.h"
#include "core/base/csl-time.h"

#include <string.h>

/* The record must fit into one line of a pull. */
#define MAX_CHANGES (CSD_MAX_DOC - 4096)

/* How much of what was written is shown when it is too much for one record. The lines themselves are kept whole. */
typedef enum {
  SHOW_ALL,
  SHOW_MINE,
  SHOW_NAMES,
  N_SHOWN,
} Shown;

/* Members in byte order, as the canonical form wants. */
static void
append_change (GString *out, const CslOp *op, const CslFieldValue *set, Shown shown)
{
  const CslField *field = set != NULL ? &op->type->fields[set->field] : NULL;
  g_autofree char *id =
    g_strdup_printf ("%03u-%s", op->group_position, field != NULL ? field->name : "");

  if (out->len > 1)
    g_string_append_c (out, ',');
  g_string_append_c (out, '{');
  csl_json_write_member_string (out, "act", csl_act_to_text (op->act));
  csl_json_write_member_string (out, "id", id);
  if (field != NULL && shown != SHOW_NAMES)
    csl_field_write_member (field, out, "mine", &set->value);
  if (field != NULL)
    csl_json_write_member_string (out, "name", field->name);
  csl_json_write_member_string (out, "record", op->id);
  csl_json_write_member_string (out, "record_type", op->type->name);
  if (field != NULL && shown == SHOW_ALL)
    csl_field_write_member (field, out, "was", csl_op_lookup_was (op, set->field));
  g_string_append_c (out, '}');
}

static char *
print_changes (const GPtrArray *ops, Shown shown)
{
  GString *out = g_string_new ("[");

  for (guint i = 0; i < ops->len; i++) {
    const CslOp *op = ops->pdata[i];

    if (op->set->len == 0)
      append_change (out, op, NULL, shown);
    for (guint k = 0; k < op->set->len; k++)
      append_change (out, op, &g_array_index (op->set, CslFieldValue, k), shown);
  }
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

static void
set_changes (CslRecord *record, const GPtrArray *ops)
{
  for (Shown shown = SHOW_ALL; shown < N_SHOWN; shown++) {
    g_autofree char *json = print_changes (ops, shown);

    if (strlen (json) <= MAX_CHANGES && csl_record_set_json (record, "changes", json))
      return;
  }
}

/* The file that decides who reads it. What is about no file is for those who decide about everybody. */
static void
set_place (CslRecord *record, CsdOrganisation *organisation, const char *bucket)
{
  char base[CSD_BUCKET_SIZE];
  const CsdCaseInfo *info = NULL;

  csd_organisation_split_bucket (organisation, bucket, base);
  if (base[0] == 'p')
    csl_record_set_text (record, "client", base + 2);
  if (base[0] != 'c')
    return;
  csl_record_set_text (record, "case", base + 2);
  info = csd_organisation_get_case (organisation, base + 2);
  if (info != NULL && *info->client != '\0')
    csl_record_set_text (record, "client", info->client);
}

static bool
has_role (CsdOrganisation *organisation, const char *user)
{
  const CsdDirectory *directory = csd_organisation_get_directory (organisation, NULL);

  return directory != NULL && csd_directory_lookup (directory, user) != NULL;
}

static CslRecord *
record_new (CsdCommit *commit, const char *type, const char *bundle, const char *author)
{
  CslId id = csl_id_new (commit->organisation->env);
  CslRecord *record =
    csl_record_new (csl_schema_lookup_type (commit->organisation->schema, type), id.text);

  csl_record_set_text (record, "bundle", bundle);
  csl_record_set_text (record, "author", author);
  return record;
}

static bool
write_new (CsdCommit *commit, CslRecord *record, const char *who, GError **error)
{
  g_auto (CsdStored) stored = { .type = record->type };
  g_autofree char *bucket = csl_record_dup_bucket (record, commit->organisation->id);
  const CsdChange change = { .who = who, .act = "create" };

  g_strlcpy (stored.id, record->id, sizeof stored.id);
  g_strlcpy (stored.bucket, bucket, sizeof stored.bucket);
  return csd_commit_write (commit, &stored, record, &change, error);
}

bool
csd_stranded_write (const CsdStranded *self, GError **error)
{
  CsdOrganisation *organisation = self->commit->organisation;
  const CslOp *first = self->ops->pdata[0];
  g_autoptr (CslRecord) record =
    record_new (self->commit, "stranded_work", first->group, self->user);

  csl_record_set_text (record, "device", self->device);
  csl_record_set_text (record, "state", "open");
  csl_record_set_text (record, "why",
                       has_role (organisation, self->user) ? "no_access" : "no_role");
  if (first->wall != NULL && csl_instant_parse (first->wall, NULL, NULL))
    csl_record_set_text (record, "written_at", first->wall);
  set_place (record, organisation, self->bucket);
  set_changes (record, self->ops);
  return write_new (self->commit, record, self->user, error);
}

bool
csd_stranded_answer (CsdCommit *commit,
                     const CslRecord *work,
                     const char *decider,
                     GError **error)
{
  g_autoptr (CslRecord) record = record_new (commit, "stranded_answer",
                                             csl_record_get_text (work, "bundle"),
                                             csl_record_get_text (work, "author"));

  csl_record_set_text (record, "state", csl_record_get_text (work, "state"));
  csl_record_set_text (record, "reason", csl_record_get_text (work, "reason"));
  csl_record_set_text (record, "decided_by", decider);
  csl_record_set_text (record, "decided_at", commit->at);
  return write_new (commit, record, decider, error);
}
