/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-apply-stamps.c: what the author of an operation knew of a record.
 *
 * The base of an operation is the version the server had last told the author's replica. Written over it are the earlier
 * operations of the same replica, which the author sees too. So a field counts as known when its stamp is not above the
 * base, or when it was set by an earlier operation of the same incarnation, and nobody after that. What that operation
 * became when it was merged with somebody else's is not known: the author saw it as it was written. An update says itself
 * what its author saw of a field; for a delete the answers to the earlier operations say where they were merged.
 */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-answer.h"
#include "server/handlers/csd-apply-private.h"
#include "server/handlers/csd-incarnation.h"

#include <string.h>

/* One commit seldom changes a record more often. */
#define MAX_ENTRIES 16

typedef struct
{
  gint64 seq;
  GPtrArray *ops; /* (owned) of char*: that changed the record in this commit */
  bool offered;   /* one of them brought what others wrote */
} Search;

static bool
entry_cb (const CsdHistory *entry, gpointer data)
{
  Search *search = data;

  if (entry->seq != search->seq)
    return false;
  g_ptr_array_add (search->ops, g_strdup (entry->op != NULL ? entry->op : ""));
  search->offered |= strcmp (entry->act, CSD_ACT_OFFER) == 0;
  return true;
}

static bool
is_of_replica (CsdStep *step, const char *op, bool *ret_is, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  g_auto (CsdOpDone) done = { 0 };
  GError *find_error = NULL;

  *ret_is = storage->find_op (storage, op, &done, &find_error) &&
            csd_incarnation_is_same_replica (done.inc, step->apply->inc) &&
            strcmp (done.device, step->apply->device) == 0;
  return csl_error_pass (&find_error, error);
}

/* The operations that changed the record in that commit. @ret_offered: (nullable) */
static GPtrArray *
list_operations (CsdStep *step, gint64 seq, bool *ret_offered, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  g_autoptr (GPtrArray) ops = g_ptr_array_new_with_free_func (g_free);
  Search search = { .seq = seq, .ops = ops };

  if (!storage->list_history (storage, step->stored.key, seq + 1, MAX_ENTRIES, entry_cb,
                              &search, error))
    return NULL;
  if (ret_offered != NULL)
    *ret_offered = search.offered;
  return g_steal_pointer (&ops);
}

bool
csd_step_is_own_commit (CsdStep *step, gint64 seq, bool *ret_own, GError **error)
{
  g_autoptr (GPtrArray) ops = NULL;

  /* The group that is being applied: its operations have no answers yet. */
  *ret_own = seq == step->apply->commit->seq;
  if (*ret_own)
    return true;
  ops = list_operations (step, seq, NULL, error);
  if (ops == NULL)
    return false;
  *ret_own = ops->len > 0;
  for (guint i = 0; i < ops->len && *ret_own; i++)
    if (!is_of_replica (step, ops->pdata[i], ret_own, error))
      return false;
  return true;
}

/* Did the answer to the operation give the field another value than the operation had? */
static bool
is_merged (CsdStep *step, const char *op, const char *field, bool *ret_is, GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  g_auto (CsdOpDone) done = { 0 };
  g_auto (CslAnswer) answer = { 0 };
  g_auto (CslJson) json = { 0 };
  GError *find_error = NULL;

  *ret_is = false;
  if (!storage->find_op (storage, op, &done, &find_error)) {
    if (find_error != NULL)
      g_propagate_error (error, find_error);
    return find_error == NULL;
  }
  if (!csl_answer_parse (&answer, done.answer, strlen (done.answer), error))
    return false;
  if (answer.d == NULL)
    return true;
  csl_json_init (&json);
  if (!csl_json_scan (&json, answer.d, strlen (answer.d), &csl_json_limits_line, error))
    return false;
  *ret_is = csl_json_member (&json, 0, field) != 0;
  return true;
}

/* Is the field what own operations made of it in that commit, and nothing of somebody else's in it? What a replica offers a
 * server that was restored is what others wrote, and may have come to it after the author's delete. */
static bool
is_as_written (CsdStep *step, gint64 seq, guint field, bool *ret_is, GError **error)
{
  const char *name = step->op->type->fields[field].name;
  bool merged = false;
  g_autoptr (GPtrArray) ops = list_operations (step, seq, &merged, error);

  for (guint i = 0; ops != NULL && i < ops->len && !merged; i++)
    if (!is_merged (step, ops->pdata[i], name, &merged, error))
      return false;
  *ret_is = !merged;
  return ops != NULL;
}

/* Has the field the value that the author wrote it over? */
static bool
is_as_seen (const CsdStep *step, guint field)
{
  const CslValue *value = &step->before->values[field];
  const CslValue *set = csl_op_lookup_set (step->op, field);

  return set == NULL || csl_value_equal (value, set) ||
         csl_value_equal (value, csl_op_lookup_was (step->op, field));
}

/* Was the field changed after what the author looked at? On a server that was put back from a backup a base above that
 * point may be a number of the lost history; then only the values say it. */
static bool
is_newer (const CsdStep *step, guint field)
{
  CsdStorage *storage = step->apply->organisation->storage;
  gint64 common = storage->get_common (storage);
  gint64 base = step->op->base;

  if (step->frev[field] > base)
    return true;
  if (CSL_MUT (43) || common == 0 || base <= common || step->frev[field] <= common)
    return false;
  return base >= step->apply->commit->seq || !is_as_seen (step, field);
}

bool
csd_step_read_stamps (CsdStep *step, GError **error)
{
  gint64 asked = 0;
  bool own = false, known;

  step->frev = csd_frev_read (&step->stored);
  step->is_current = true;
  for (guint i = 0; i < step->op->type->n_fields; i++) {
    if (!is_newer (step, i))
      continue;
    if (step->frev[i] != asked &&
        !csd_step_is_own_commit (step, step->frev[i], &own, error))
      return false;
    asked = step->frev[i];
    known = own && is_as_seen (step, i);
    if (known && step->op->act == CSL_ACT_DELETE &&
        !is_as_written (step, asked, i, &known, error))
      return false;
    if (known)
      step->frev[i] = step->op->base;
    else {
      step->frev[i] = MAX (step->frev[i], step->op->base + 1);
      step->is_current = false;
    }
  }
  return true;
}
