/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-op.c: an operation as a plain struct: what one person changed in one record. Its wire line is
 * read and written in csl-op-line.c. */
#include "core/wire/csl-op.h"

static void
field_value_clear (gpointer data)
{
  csl_value_clear (&((CslFieldValue *) data)->value);
}

static GArray *
field_values_new (void)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (CslFieldValue));

  g_array_set_clear_func (values, field_value_clear);
  return values;
}

static GArray *
field_values_copy (const GArray *from)
{
  GArray *to = field_values_new ();

  for (guint i = 0; i < from->len; i++) {
    const CslFieldValue *member = &g_array_index (from, CslFieldValue, i);
    CslFieldValue copy = { member->field, CSL_VALUE_INIT };
    csl_value_copy (&copy.value, &member->value);
    g_array_append_val (to, copy);
  }
  return to;
}

/* Place of @field in the sorted @values, or where it belongs. */
static guint
find (const GArray *values, guint field, bool *ret_found)
{
  guint low = 0, high = values->len;

  *ret_found = false;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    guint found = g_array_index (values, CslFieldValue, middle).field;
    if (found == field) {
      *ret_found = true;
      return middle;
    }
    if (field < found)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

static void
put (GArray *values, guint field, const CslValue *value)
{
  CslFieldValue member = { field, CSL_VALUE_INIT };
  bool found;
  guint place = find (values, field, &found);

  if (value != NULL)
    csl_value_copy (&member.value, value);
  if (found) {
    CslFieldValue *held = &g_array_index (values, CslFieldValue, place);
    csl_value_clear (&held->value);
    held->value = member.value;
  } else {
    g_array_insert_val (values, place, member);
  }
}

static const CslValue *
lookup (const GArray *values, guint field)
{
  bool found;
  guint place = find (values, field, &found);

  return found ? &g_array_index (values, CslFieldValue, place).value : NULL;
}

/**
 * csl_op_new:
 *
 * Returns: (transfer full): an operation that is its own group and sets nothing
 */
CslOp *
csl_op_new (void)
{
  CslOp *self = g_new0 (CslOp, 1);

  self->group_position = self->group_size = 1;
  self->set = field_values_new ();
  self->was = field_values_new ();
  return self;
}

/**
 * csl_op_copy:
 *
 * Returns: (transfer full): a deep copy; the type is shared
 */
CslOp *
csl_op_copy (const CslOp *self)
{
  CslOp *copy = g_memdup2 (self, sizeof *self);

  copy->set = field_values_copy (self->set);
  copy->was = field_values_copy (self->was);
  copy->rest_set = g_strdup (self->rest_set);
  copy->reason = g_strdup (self->reason);
  copy->wall = g_strdup (self->wall);
  return copy;
}

void
csl_op_free (CslOp *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->set);
  g_array_unref (self->was);
  g_free (self->rest_set);
  g_free (self->reason);
  g_free (self->wall);
  g_free (self);
}

/**
 * csl_op_lookup_set:
 *
 * Returns: (nullable) (transfer none): the value @self sets @field to
 */
const CslValue *
csl_op_lookup_set (const CslOp *self, guint field)
{
  return lookup (self->set, field);
}

/**
 * csl_op_lookup_was:
 *
 * Returns: (nullable) (transfer none): what @field held when the person began to write
 */
const CslValue *
csl_op_lookup_was (const CslOp *self, guint field)
{
  return lookup (self->was, field);
}

/**
 * csl_op_put:
 * @field: index of the field in the type
 * @set: new value, copied
 * @was: (nullable): old value, copied; NULL keeps "no value"
 *
 * Makes @self set @field; replaces an earlier value.
 */
void
csl_op_put (CslOp *self, guint field, const CslValue *set, const CslValue *was)
{
  put (self->set, field, set);
  put (self->was, field, was);
}

static void
drop (GArray *values, guint field)
{
  for (guint i = values->len; i > 0; i--)
    if (g_array_index (values, CslFieldValue, i - 1).field == field)
      g_array_remove_index (values, i - 1);
}

/**
 * csl_op_drop:
 * @field: index of the field in the type
 *
 * Makes @self leave @field alone.
 */
void
csl_op_drop (CslOp *self, guint field)
{
  drop (self->set, field);
  drop (self->was, field);
}
