/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-import.c: bulk import through the same commits as a push.
 *
 * Every record is read back from its wire form first, by what reads a push and what clients read with: a text that only
 * the server kept its spaces of would make their checksums differ for good.
 */
#include "config.h"

#include "core/wire/csl-wire-record.h"
#include "server/csd-admin.h"
#include "server/csd-server-private.h"
#include "server/handlers/csd-commit.h"

#include <string.h>

#define PER_COMMIT 1000

static bool
refuse_record (const CslRecord *record, const CslProblems *problems, GError **error)
{
  const CslProblem *problem = csl_problems_get (problems, 0);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s %s: %s: %s (%s)",
               record->type->name, record->id, problem->path, problem->message,
               problem->code);
  return false;
}

/* @record as everybody else will read it; NULL when nobody could. */
static CslRecord *
dup_normal (const CslRecord *record, GError **error)
{
  g_autoptr (CslRecord) normal = csl_record_new (record->type, record->id);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) reason = NULL;
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  csl_wire_record_write (record, text);
  if (csl_json_scan (&json, text->str, text->len, &csl_json_limits_line, &reason) &&
      csl_wire_record_read (normal, &json, 0, &reason))
    return g_steal_pointer (&normal);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s %s: %s",
               record->type->name, record->id, reason->message);
  return NULL;
}

static bool
write_record (CsdCommit *commit,
              CslRecord *record,
              const CsdImport *import,
              GError **error)
{
  g_autoptr (CslProblems) problems = csl_problems_new ();
  g_auto (CsdStored) stored = { .type = record->type };
  g_autofree char *bucket = csl_record_dup_bucket (record, commit->organisation->id);
  const CsdChange change = { .who = import->created_by != NULL ? import->created_by
                                                               : commit->organisation->id,
                             .act = "create",
                             .created_at = import->created_at,
                             .created_by = import->created_by };

  csl_record_validate (record, problems);
  if (csl_problems_get_size (problems) == 0 && bucket == NULL)
    csl_problems_add (problems, "id", "bucket", "It is not clear whose record this is.");
  if (csl_problems_get_size (problems) > 0)
    return refuse_record (record, problems, error);
  g_strlcpy (stored.id, record->id, sizeof stored.id);
  g_strlcpy (stored.bucket, bucket, sizeof stored.bucket);
  if (csd_commit_write (commit, &stored, record, &change, error))
    return true;
  g_prefix_error (error, "%s %s: ", record->type->name, record->id);
  return false;
}

static bool
import_one (CsdCommit *commit, const CsdImport *import, GError **error)
{
  g_autoptr (CslRecord) record = dup_normal (import->record, error);

  return record != NULL && write_record (commit, record, import, error);
}

static bool
import_slice (CsdOrganisation *organisation,
              const CsdImport *records,
              guint n_records,
              GError **error)
{
  g_auto (CsdCommit) commit = { 0 };
  bool good = false;

  if (!csd_commit_begin (&commit, organisation, error))
    return false;
  good = csd_commit_open (&commit, error);
  for (guint i = 0; good && i < n_records; i++)
    good = import_one (&commit, &records[i], error);
  if (good && csd_commit_close (&commit, error))
    return csd_commit_finish (&commit, error);
  csd_commit_abandon (&commit);
  return false;
}

bool
csd_server_import (CsdServer *self,
                   const char *organisation_id,
                   const CsdImport *records,
                   guint n_records,
                   GError **error)
{
  CsdOrganisation *organisation =
    csd_server_get_organisation (self, organisation_id, error);
  bool good = organisation != NULL;

  if (!good)
    return false;
  csd_organisation_lock (organisation);
  for (guint done = 0; good && done < n_records; done += PER_COMMIT)
    good = import_slice (organisation, records + done, MIN (PER_COMMIT, n_records - done),
                         error);
  csd_organisation_unlock (organisation);
  return good;
}

bool
csd_server_verify (CsdServer *self,
                   const char *organisation_id,
                   GPtrArray *findings,
                   GError **error)
{
  CsdOrganisation *organisation =
    csd_server_get_organisation (self, organisation_id, error);
  bool good = false;

  if (organisation == NULL)
    return false;
  csd_organisation_lock (organisation);
  good = organisation->storage->verify (organisation->storage, findings, error);
  csd_organisation_unlock (organisation);
  return good;
}
