/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-apply-offer.c: what replicas offer a server that was restored from a backup (docs/protocol.md part 13).
 *
 * An offer is a `restore` of the whole record as its replica last saw it, based on the point that the lost and the new history
 * have in common. Nobody wrote it: it brings nothing back that was deleted since, and asks nobody to choose between an old
 * version and the one its own author made of it.
 */
#include "config.h"

#include "core/base/csl-json-scan.h"
#include "server/handlers/csd-apply-private.h"

#include <string.h>

bool
csd_step_is_offer (const CsdStep *step)
{
  CsdStorage *storage = step->apply->organisation->storage;
  gint64 common = storage->get_common (storage);

  return step->op->act == CSL_ACT_RESTORE && common > 0 && step->op->base == common &&
         *step->op->resolves == '\0';
}

/* I15: it is nobody's wish to bring back what somebody has deleted since. */
bool
csd_step_is_offer_of_deleted (CsdStep *step, bool *ret_is, GError **error)
{
  bool own = false;

  *ret_is = csd_step_is_offer (step) && step->stored.deleted &&
            step->stored.rev > step->op->base;
  if (!*ret_is)
    return true;
  if (!csd_step_is_own_commit (step, step->stored.rev, &own, error))
    return false;
  *ret_is = !own;
  return true;
}

/* -- what the server has had since -- */

typedef struct
{
  const char *name; /* of the field */
  const char *mine; /* its value, as the history prints it */
  gint64 common;
  bool found;
} Search;

static bool
is_value (const CslJson *json, guint entry, const char *member, const char *value)
{
  guint at = csl_json_member (json, entry, member);
  g_autofree char *source = at != 0 ? csl_json_dup_source (json, at) : NULL;

  return g_strcmp0 (source, value) == 0;
}

/* @fields: [{"f":"phone","was":"…","now":"…"}] */
static bool
tells_of (const char *fields, const Search *search)
{
  g_auto (CslJson) json = { 0 };
  bool found = false;

  csl_json_init (&json);
  if (!csl_json_scan (&json, fields, strlen (fields), &csl_json_limits_line, NULL) ||
      csl_json_token (&json, 0)->kind != CSL_JSON_ARRAY)
    return false;
  for (guint at = 1; !found && at < json.tokens->len;
       at = csl_json_token (&json, at)->next)
    found = csl_json_equals (&json, csl_json_member (&json, at, "f"), search->name) &&
            (is_value (&json, at, "was", search->mine) ||
             is_value (&json, at, "now", search->mine));
  return found;
}

static bool
history_cb (const CsdHistory *entry, gpointer data)
{
  Search *search = data;

  if (entry->seq <= search->common)
    return false;
  search->found = entry->fields != NULL && tells_of (entry->fields, search);
  return !search->found;
}

static bool
is_known (CsdStep *step, const CslDifference *difference, bool *ret_known, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  const CslField *field = &step->op->type->fields[difference->field];
  g_autoptr (GString) mine = g_string_new (NULL);
  Search search = { .name = field->name, .common = step->op->base };

  *ret_known = (field->flags & CSL_FIELD_SERVER) != 0;
  if (*ret_known || csl_value_is_null (&difference->mine))
    return true;
  field->kind->to_json (field, &difference->mine, mine);
  search.mine = mine->str;
  if (!storage->list_history (storage, step->stored.key, G_MAXINT64, G_MAXUINT,
                              history_cb, &search, error))
    return false;
  *ret_known = search.found;
  return true;
}

bool
csd_step_forget_known (CsdStep *step, CslMergeResult *result, GError **error)
{
  if (!csd_step_is_offer (step))
    return true;
  for (guint i = result->differences->len; i > 0; i--) {
    bool known = false;

    if (!is_known (step, &g_array_index (result->differences, CslDifference, i - 1),
                   &known, error))
      return false;
    if (!known)
      continue;
    g_array_remove_index (result->differences, i - 1);
    result->merged = true;
  }
  return true;
}
