/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-outbox-base.c: what an operation may say its author was looking at.
 *
 *   server's version   phone 2 (rev 7)      a colleague's, it came with a pull
 *   waiting            phone 1 → 3 (base 4) its answer was lost, so it is still laid over
 *   what people see    phone 3              rev 7
 *
 * Who changes the phone now has never seen 2. With base 7 the server would take it for known and replace it without a
 * word (I16). The base of the operation that hides it is the newest version in which that field was seen.
 */
#include "core/outbox/csl-outbox.h"

/* Does the operation put its author's own value into the group of that field, or remove the record? */
static bool
touches (const CslOp *op, guint field)
{
  int group = op->type->fields[field].group;

  if (op->act == CSL_ACT_DELETE)
    return true;
  for (guint i = 0; i < op->set->len; i++) {
    guint other = g_array_index (op->set, CslFieldValue, i).field;

    if (other == field || (group >= 0 && op->type->fields[other].group == group))
      return true;
  }
  return false;
}

static bool
is_value (const CslValue *value, const CslValue *wanted)
{
  return value != NULL && csl_value_equal (value, wanted);
}

/* Has this replica written the value into that field, or over it? */
static bool
was_met (const GPtrArray *own, guint field, const CslValue *value)
{
  for (guint i = 0; i < own->len; i++) {
    const CslOp *op = own->pdata[i];

    if (is_value (csl_op_lookup_set (op, field), value) ||
        is_value (csl_op_lookup_was (op, field), value))
      return true;
  }
  return false;
}

/* What was seen is neither the server's nor in any line when a line said it that was folded into a later one: then it may
 * have been any line of that field. */
static gint64
lowest_base_of (const GPtrArray *own, guint field, const CslValue *seen, gint64 base)
{
  gint64 lowest = base;
  bool found = false;

  for (guint i = 0; i < own->len; i++) {
    const CslOp *op = own->pdata[i];
    const CslValue *set = csl_op_lookup_set (op, field);

    if (set != NULL)
      lowest = MIN (lowest, op->base);
    if (!is_value (set, seen))
      continue;
    base = MIN (base, op->base);
    found = true;
  }
  return found ? base : lowest;
}

/**
 * csl_op_find_base:
 * @op: what its author does to @seen
 * @seen: the version they were looking at, with waiting operations laid over it
 * @server: the server's version under them
 * @own: (element-type CslOp): operations of this replica on the same record that are known
 *
 * Returns: the base for @op: its own, or a lower one if an operation of @own hid from its author what the server has
 */
gint64
csl_op_find_base (const CslOp *op,
                  const CslRecord *seen,
                  const CslRecord *server,
                  const GPtrArray *own)
{
  gint64 base = op->base;

  for (guint i = 0; i < op->type->n_fields; i++)
    if ((op->type->fields[i].flags & CSL_FIELD_SERVER) == 0 && touches (op, i) &&
        !csl_value_equal (&seen->values[i], &server->values[i]) &&
        !was_met (own, i, &server->values[i]))
      base = lowest_base_of (own, i, &seen->values[i], base);
  return base;
}
