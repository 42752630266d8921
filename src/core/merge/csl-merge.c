/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-merge.c: what one person's operation does to a record that others have changed since.
 *
 * The unit is the merge group: fields that only make sense together, or one field alone. For each
 * group the operation touches, decide() picks one of four outcomes for the whole group:
 *
 *   TAKE        nobody else changed it since, or what they did amounts to the same
 *   ELEMENTS    a set or list: both sides' additions and removals
 *   KEEP        the first stays, by policy of every field in the group
 *   DIFFERENCE  the first stays, the second is kept in full for a person to decide
 *
 * A field of the group that the operation does not set is "the same" only if it has not been changed
 * since the operation's base: otherwise half of one person's group would meet half of another's (I17).
 */
#include "core/merge/csl-merge.h"

#include "core/base/csl-mut.h"
#include "core/merge/csl-merge-set.h"
#include "core/wire/csl-wire-record.h"

typedef enum {
  TAKE,
  ELEMENTS,
  KEEP,
  DIFFERENCE,
} Decision;

/* A merge under way. */
typedef struct
{
  CslRecord *record;      /* (unowned) */
  const gint64 *frev;     /* (unowned) */
  const CslOp *op;        /* (unowned) */
  CslMergeResult *result; /* (unowned) */
} Merge;

static void
difference_clear (gpointer data)
{
  CslDifference *difference = data;

  csl_value_clear (&difference->was);
  csl_value_clear (&difference->server);
  csl_value_clear (&difference->mine);
}

/**
 * csl_merge_result_init:
 * @self: uninitialised memory; release with csl_merge_result_clear()
 */
void
csl_merge_result_init (CslMergeResult *self)
{
  self->changed = g_array_new (FALSE, FALSE, sizeof (guint));
  self->differences = g_array_new (FALSE, FALSE, sizeof (CslDifference));
  g_array_set_clear_func (self->differences, difference_clear);
  self->merged = false;
}

void
csl_merge_result_clear (CslMergeResult *self)
{
  g_clear_pointer (&self->changed, g_array_unref);
  g_clear_pointer (&self->differences, g_array_unref);
}

static const CslField *
get_field (const Merge *self, guint index)
{
  return &self->record->type->fields[index];
}

static bool
in_group (const Merge *self, const CslField *first, guint index)
{
  return index == first->index ||
         (first->group >= 0 && get_field (self, index)->group == first->group);
}

/* Has nobody else touched the group since the operation's base? */
static bool
untouched (const Merge *self, const CslField *first)
{
  for (guint i = 0; i < self->record->type->n_fields; i++) {
    if (in_group (self, first, i) && self->frev[i] > self->op->base)
      return false;
  }
  return true;
}

/* Is the group now as the operation wants it (@want), or as its author saw it? */
static bool
stands_as (const Merge *self, const CslField *first, bool want)
{
  for (guint i = 0; i < self->record->type->n_fields; i++) {
    if (!in_group (self, first, i))
      continue;
    const CslValue *value = want ? csl_op_lookup_set (self->op, i)
                                 : csl_op_lookup_was (self->op, i);
    bool same = value != NULL ? csl_value_equal (&self->record->values[i], value)
                              : self->frev[i] <= self->op->base;
    if (!same)
      return false;
  }
  return true;
}

static bool
is_alone (const Merge *self, const CslField *first)
{
  for (guint i = 0; i < self->record->type->n_fields; i++) {
    if (i != first->index && in_group (self, first, i))
      return false;
  }
  return true;
}

static bool
is_list (const CslField *field)
{
  return (field->kind->flags & CSL_KIND_SET) != 0 || field->n_columns > 0;
}

static bool
is_protected (const Merge *self, const CslField *first)
{
  for (guint i = 0; i < self->record->type->n_fields; i++) {
    if (in_group (self, first, i) && csl_op_lookup_set (self->op, i) != NULL &&
        (get_field (self, i)->flags & CSL_FIELD_PROTECTED) != 0)
      return true;
  }
  return false;
}

static bool
first_stays (const Merge *self, const CslField *first)
{
  for (guint i = 0; i < self->record->type->n_fields; i++) {
    if (in_group (self, first, i) && get_field (self, i)->policy != CSL_MERGE_FIRST)
      return false;
  }
  return true;
}

static Decision
decide (const Merge *self, const CslField *first)
{
  if (untouched (self, first) || stands_as (self, first, true) || CSL_MUT (35))
    return TAKE;
  if (is_protected (self, first))
    return DIFFERENCE;
  if (stands_as (self, first, false))
    return TAKE;
  if (is_list (first) && is_alone (self, first))
    return ELEMENTS;
  return first_stays (self, first) ? KEEP : DIFFERENCE;
}

static void
note_difference (const Merge *self, const CslFieldValue *set)
{
  const CslValue *was = csl_op_lookup_was (self->op, set->field);
  CslDifference difference = {
    .field = set->field,
    .server_rev = self->frev[set->field],
    .was = CSL_VALUE_INIT,
    .server = CSL_VALUE_INIT,
    .mine = CSL_VALUE_INIT,
  };

  if (was != NULL)
    csl_value_copy (&difference.was, was);
  csl_value_copy (&difference.server, &self->record->values[set->field]);
  csl_value_copy (&difference.mine, &set->value);
  g_array_append_val (self->result->differences, difference);
}

static void
change (const Merge *self, guint field, CslValue *value)
{
  CslValue *held = &self->record->values[field];

  if (csl_value_equal (held, value))
    return;
  csl_value_move (held, value);
  g_array_append_val (self->result->changed, field);
}

static void
merge_elements (const Merge *self, const CslFieldValue *set)
{
  const CslField *field = get_field (self, set->field);
  const CslValue *was = csl_op_lookup_was (self->op, set->field);
  g_auto (CslValue) value = CSL_VALUE_INIT;
  static const CslValue nothing = CSL_VALUE_INIT;

  csl_value_copy (&value, &self->record->values[set->field]);
  if (!csl_merge_elements (&value, was != NULL ? was : &nothing, &set->value,
                           (field->kind->flags & CSL_KIND_SET) != 0))
    note_difference (self, set);
  change (self, set->field, &value);
}

static void
merge_field (const Merge *self, Decision decision, const CslFieldValue *set)
{
  g_auto (CslValue) value = CSL_VALUE_INIT;

  switch (decision) {
  case TAKE:
    csl_value_copy (&value, &set->value);
    change (self, set->field, &value);
    break;
  case ELEMENTS:
    merge_elements (self, set);
    break;
  case KEEP:
    break;
  case DIFFERENCE:
    if (!csl_value_equal (&self->record->values[set->field], &set->value) &&
        !CSL_MUT (36))
      note_difference (self, set);
    break;
  }
  if (!csl_value_equal (&self->record->values[set->field], &set->value))
    self->result->merged = true;
}

/* Is this field the first of its group that the operation sets? Each group is decided once. */
static bool
leads_group (const Merge *self, const CslField *field)
{
  for (guint i = 0; i < field->index; i++) {
    if (in_group (self, field, i) && csl_op_lookup_set (self->op, i) != NULL)
      return false;
  }
  return true;
}

static void
merge_group (const Merge *self, const CslField *first)
{
  Decision decision = decide (self, first);
  const GArray *sets = self->op->set;

  for (guint i = 0; i < sets->len; i++) {
    const CslFieldValue *set = &g_array_index (sets, CslFieldValue, i);
    if (in_group (self, first, set->field))
      merge_field (self, decision, set);
  }
}

/**
 * csl_merge:
 * @record: current content; changed in place
 * @frev: stamp of the commit that last changed each field of the type
 * @op: an update or restore of the same record
 * @result: initialised and empty
 *
 * Merges what @op sets into @record. @result names the changed fields and keeps every value that was
 * not taken. Members of @op this version does not know are laid over the record as they are.
 */
void
csl_merge (CslRecord *record, const gint64 *frev, const CslOp *op, CslMergeResult *result)
{
  Merge merge = { record, frev, op, result };

  g_return_if_fail (record->type == op->type);
  for (guint i = 0; i < op->set->len; i++) {
    const CslField *field =
      get_field (&merge, g_array_index (op->set, CslFieldValue, i).field);
    if (leads_group (&merge, field))
      merge_group (&merge, field);
  }
  if (op->rest_set != NULL) {
    char *rest = csl_wire_rest_overlay (record->rest, op->rest_set);
    g_free (record->rest);
    record->rest = rest;
  }
}
