/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-take-in.c: unsent work that an administrator brings by file (docs/sealed-copy.md).
 *
 * It takes the road of a push, in the author's name: the same rights, rules, merging and differences, the same answers
 * kept under the same operation ids. Whatever the device sends later is known then, and the other way round.
 */
#include "config.h"

#include "core/base/csl-json-scan.h"
#include "core/wire/csl-op.h"
#include "server/csd-admin.h"
#include "server/csd-server-private.h"
#include "server/handlers/csd-call.h"
#include "server/handlers/csd-incarnation.h"

#include <string.h>

typedef struct
{
  const char *id;
  bool found;
} Search;

static void
search_cb (const CsdOrganisationRow *row, gpointer data)
{
  Search *search = data;

  search->found |= strcmp (row->id, search->id) == 0;
}

static bool
not_found (GError **error, const char *sentence)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, sentence);
  return false;
}

static CsdOrganisation *
find_organisation (CsdServer *self, const char *id, GError **error)
{
  Search search = { .id = id };

  if (!csd_server_list_organisations (self, search_cb, &search, error))
    return NULL;
  if (search.found)
    return csd_server_get_organisation (self, id, error);
  not_found (error, "the copy is of an organisation that is not on this server");
  return NULL;
}

/* A base above the end of the restored backup was a number of the history that is lost. */
static bool
append_line (GString *body,
             const char *line,
             gint64 n,
             gint64 highest_base,
             GError **error)
{
  g_autoptr (GString) numbered = g_string_new (NULL);
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (!csl_op_line_append (numbered, line, "n", n, error) ||
      !csl_json_scan (&json, numbered->str, numbered->len, &csl_json_limits_line, error))
    return false;
  if (csl_json_member_int (&json, 0, "base", 0) <= highest_base)
    g_string_append_len (body, numbered->str, (gssize) numbered->len);
  else if (!csl_op_line_append (body, numbered->str, "base", highest_base, error))
    return false;
  g_string_append_c (body, '\n');
  return true;
}

/* Numbered after what was taken in from this replica before: @inc is that row of numbers. */
static GString *
make_body (CsdStorage *storage, const CslWorkCopy *copy, const char *inc, GError **error)
{
  g_autoptr (GString) body = g_string_new (NULL);
  const gint64 last_n = storage->get_last_n (storage, copy->device, inc);
  bool same = copy->epoch == NULL || *copy->epoch == '\0' ||
              strcmp (copy->epoch, storage->get_epoch (storage)) == 0;
  gint64 highest_base = same ? G_MAXINT64 : storage->get_common (storage);

  for (guint i = 0; i < copy->lines->len; i++)
    if (!append_line (body, copy->lines->pdata[i], last_n + 1 + i, highest_base, error))
      return NULL;
  return g_steal_pointer (&body);
}

static void
collect_cb (CsdResponse *response, const char *text, gsize length, gpointer data)
{
  g_string_append_len (data, text, (gssize) length);
}

/* Answers come in the order of the lines; a last one without an operation says why the rest was not taken. */
static bool
tell (const CslWorkCopy *copy,
      char **answers,
      CsdTakenInFunc func,
      gpointer data,
      GError **error)
{
  for (guint i = 0; i < copy->lines->len; i++) {
    g_auto (CslAnswer) answer = { 0 };

    if (answers[i] == NULL || *answers[i] == '\0' ||
        !csl_answer_parse (&answer, answers[i], strlen (answers[i]), NULL) ||
        *answer.op == '\0') {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "only %u of %u changes were taken in; do it again", i,
                   copy->lines->len);
      return false;
    }
    func (&answer, copy->lines->pdata[i], data);
  }
  return true;
}

static bool
take_in (CsdServer *self,
         CsdOrganisation *organisation,
         const CslWorkCopy *copy,
         GString *answers,
         GError **error)
{
  CsdStorage *storage = organisation->storage;
  const CslRecordType *user = csl_schema_lookup_type (self->schema, "user");
  g_autoptr (GString) body = NULL;
  g_autoptr (GError) local = NULL;
  char inc[CSD_INCARNATION_SIZE];
  CsdResponse response;
  CsdCall call = { .server = self,
                   .organisation = organisation,
                   .storage = storage,
                   .response = &response };

  if (!csd_organisation_has_record (organisation, user, copy->user, &local)) {
    if (local != NULL)
      g_propagate_error (error, g_steal_pointer (&local));
    else
      not_found (error, "the author of the copy is not a person of this organisation");
    return false;
  }
  csd_incarnation_name_copies (copy->inc, inc);
  body = make_body (storage, copy, inc, error);
  if (body == NULL)
    return false;
  g_strlcpy (call.claims.user, copy->user, sizeof call.claims.user);
  g_strlcpy (call.claims.organisation, organisation->id, sizeof call.claims.organisation);
  g_strlcpy (call.claims.device, copy->device, sizeof call.claims.device);
  call.body = body->str;
  call.length = body->len;
  csd_response_init (&response, collect_cb, answers);
  csd_call_push_file (&call, inc);
  return true;
}

bool
csd_server_take_in (CsdServer *self,
                    const CslWorkCopy *copy,
                    CsdTakenInFunc func,
                    gpointer data,
                    GError **error)
{
  CsdOrganisation *organisation = find_organisation (self, copy->organisation, error);
  g_autoptr (GString) answers = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  bool done;

  if (organisation == NULL)
    return false;
  csd_organisation_lock (organisation);
  done = take_in (self, organisation, copy, answers, error);
  csd_organisation_unlock (organisation);
  if (!done)
    return false;
  lines = g_strsplit (answers->str, "\n", -1);
  return tell (copy, lines, func, data, error);
}
