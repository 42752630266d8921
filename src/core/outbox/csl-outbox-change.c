/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-outbox-change.c: from what a person changed to an operation, and from an operation to what they
 * see. */
#include "core/outbox/csl-outbox.h"
#include "core/wire/csl-wire-record.h"

#include <string.h>

static const CslValue nothing = CSL_VALUE_INIT;

static CslOp *
op_new (const CslRecord *record, CslAct act)
{
  CslOp *op = csl_op_new ();

  op->type = record->type;
  op->act = act;
  g_strlcpy (op->id, record->id, sizeof op->id);
  return op;
}

/* Fields of @after that differ from @before (or are there at all, without one). */
static void
put_changes (CslOp *op, const CslRecord *before, const CslRecord *after)
{
  for (guint i = 0; i < after->type->n_fields; i++) {
    const CslValue *was = before != NULL ? &before->values[i] : &nothing;
    bool server = (after->type->fields[i].flags & CSL_FIELD_SERVER) != 0;
    if (!server && !csl_value_equal (was, &after->values[i]))
      csl_op_put (op, i, &after->values[i], was);
  }
}

/**
 * csl_op_from_change:
 * @before: (nullable): what the person was looking at
 * @after: (nullable): what they made of it; of the same type and id. With a rev and without @before: a record that
 *   was deleted comes back
 *
 * Returns: (transfer full) (nullable): the operation, or %NULL when nothing differs
 */
CslOp *
csl_op_from_change (const CslRecord *before, const CslRecord *after)
{
  g_return_val_if_fail (before != NULL || after != NULL, NULL);
  g_return_val_if_fail (before == NULL || after == NULL || before->type == after->type,
                        NULL);
  if (after == NULL) {
    CslOp *op = op_new (before, CSL_ACT_DELETE);
    op->base = before->rev;
    return op;
  }
  CslAct act = CSL_ACT_UPDATE;
  if (before == NULL)
    act = after->rev > 0 ? CSL_ACT_RESTORE : CSL_ACT_CREATE;
  g_autoptr (CslOp) op = op_new (after, act);
  op->base = before != NULL ? before->rev : after->rev;
  put_changes (op, before, after);
  if (before != NULL && op->set->len == 0)
    return NULL;
  return g_steal_pointer (&op);
}

/**
 * csl_op_apply:
 * @record: (nullable) (transfer full): the version under the operation
 * @op: an operation on it
 *
 * Lays @op over @record as its author sees it. A create or restore over a record that is there already
 * changes that one; an update of a record that is gone does not bring it back.
 *
 * Returns: (transfer full) (nullable): the version to show, @record itself where there was one;
 *   %NULL when there is none
 */
CslRecord *
csl_op_apply (CslRecord *record, const CslOp *op)
{
  if (op->act == CSL_ACT_DELETE) {
    csl_record_free (record);
    return NULL;
  }
  if (record == NULL && op->act == CSL_ACT_UPDATE)
    return NULL;
  if (record == NULL)
    record = csl_record_new (op->type, op->id);
  for (guint i = 0; i < op->set->len; i++) {
    const CslFieldValue *set = &g_array_index (op->set, CslFieldValue, i);
    csl_value_copy (&record->values[set->field], &set->value);
  }
  if (op->rest_set != NULL) {
    char *rest = csl_wire_rest_overlay (record->rest, op->rest_set);
    g_free (record->rest);
    record->rest = rest;
  }
  return record;
}

/* Stands for itself: part of a longer act, an answer to something, or a step that is checked on its own
 * (a status, a signature, anything a person must decide on). */
static bool
is_final (const CslOp *op)
{
  if (op->group_size > 1 || op->reason != NULL || op->rest_set != NULL ||
      op->resolves[0] != '\0' || op->fixes[0] != '\0')
    return true;
  for (guint i = 0; i < op->set->len; i++) {
    const CslField *field =
      &op->type->fields[g_array_index (op->set, CslFieldValue, i).field];
    bool governed = op->type->workflow != NULL &&
                    csl_workflow_get_field (op->type->workflow) == field;
    if (op->act != CSL_ACT_CREATE &&
        (governed || (field->flags & (CSL_FIELD_PROTECTED | CSL_FIELD_READ_ONLY)) != 0))
      return true;
  }
  return false;
}

static void
fold (CslOp *older, const CslOp *newer)
{
  for (guint i = 0; i < newer->set->len; i++) {
    const CslFieldValue *set = &g_array_index (newer->set, CslFieldValue, i);
    const CslValue *was = csl_op_lookup_was (older, set->field);
    if (was == NULL)
      was = older->act == CSL_ACT_CREATE ? &nothing
                                         : csl_op_lookup_was (newer, set->field);
    g_auto (CslValue) copy = CSL_VALUE_INIT;
    csl_value_copy (&copy, was);
    csl_op_put (older, set->field, &set->value, &copy);
  }
  g_free (older->wall);
  older->wall = g_strdup (newer->wall);
  older->mono = newer->mono;
}

/**
 * csl_op_squash:
 * @older: an operation that waits and was never sent; changed when it returns %TRUE
 * @newer: a later one, next on the same record
 *
 * Folds a person's next edit into the one before, so that an hour of typing is one operation.
 *
 * Returns: whether it was done; otherwise @newer stays an operation of its own
 */
bool
csl_op_squash (CslOp *older, const CslOp *newer)
{
  if (older->type != newer->type || strcmp (older->id, newer->id) != 0 ||
      newer->act != CSL_ACT_UPDATE || older->type->append_only ||
      (older->act != CSL_ACT_CREATE && older->act != CSL_ACT_UPDATE))
    return false;
  if (older->act == CSL_ACT_UPDATE && older->base != newer->base)
    return false;
  if (is_final (older) || is_final (newer))
    return false;
  fold (older, newer);
  return true;
}

static bool
is_set_by_any (const GPtrArray *ops, guint field)
{
  for (guint i = 0; i < ops->len; i++)
    if (csl_op_lookup_set (g_ptr_array_index (ops, i), field) != NULL)
      return true;
  return false;
}

/* May @field be what was wrong? An answer that names a field is about that one; "group" is about another operation. */
static bool
is_blamed (const CslAnswer *why, const CslField *field)
{
  if (why->field != NULL)
    return strcmp (why->field, field->name) == 0;
  return g_strcmp0 (why->code, "group") != 0;
}

/* What of @newer belongs into the refused operation. */
static CslOp *
copy_correction (const CslOp *newer, const GPtrArray *later, const CslAnswer *why)
{
  CslOp *op = csl_op_copy (newer);

  for (guint i = op->set->len; i > 0; i--) {
    guint field = g_array_index (op->set, CslFieldValue, i - 1).field;

    if (is_set_by_any (later, field) && !is_blamed (why, &op->type->fields[field]))
      csl_op_drop (op, field);
  }
  return op;
}

/**
 * csl_op_correct:
 * @refused: an operation the server has refused; changed when it returns %TRUE
 * @newer: what its author changes now, on the same record; what is left of it must be sent by itself
 * @later: (element-type CslOp): what its author did to the record between the two
 * @why: the answer to @refused
 *
 * Puts a correction into the refused operation, which then goes again under a new id. A field that an operation of
 * @later sets stays in @newer: in front of that operation it would be written over, here and by the server. It is put
 * into the refused one, too, if it may be what was wrong there.
 *
 * Returns: whether it was done; otherwise @newer is no correction of it
 */
bool
csl_op_correct (CslOp *refused,
                CslOp *newer,
                const GPtrArray *later,
                const CslAnswer *why)
{
  g_autoptr (CslOp) part = NULL;

  if (refused->type != newer->type || strcmp (refused->id, newer->id) != 0 ||
      newer->act != CSL_ACT_UPDATE || newer->rest_set != NULL ||
      (refused->act != CSL_ACT_CREATE && refused->act != CSL_ACT_UPDATE))
    return false;
  part = copy_correction (newer, later, why);
  if (part->set->len == 0)
    return false;
  fold (refused, part);
  for (guint i = newer->set->len; i > 0; i--) {
    guint field = g_array_index (newer->set, CslFieldValue, i - 1).field;

    if (!is_set_by_any (later, field))
      csl_op_drop (newer, field);
  }
  return true;
}
