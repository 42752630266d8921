/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-condition.c: reading and evaluating conditions.
 *
 * The guard's depth limit bounds the recursion of both. A comparison with an absent value is
 * false, except "after": while one end is open nothing is out of order.
 */
#include "core/schema/csl-condition.h"

#include "core/schema/csl-record.h"
#include "core/schema/csl-spec.h"

typedef enum {
  OP_ALL,
  OP_ANY,
  OP_NOT,
  OP_IN,
  OP_SET,
  OP_AFTER,
} Op;

struct _CslCondition
{
  Op op;
  GPtrArray *children; /* (owned) (nullable): OP_ALL, OP_ANY, OP_NOT */
  guint field;         /* the others */
  guint other;         /* OP_AFTER */
  GArray *values;      /* (owned) (nullable): OP_IN, of CslValue */
};

static CslCondition *parse (const CslRecordType *type, const CslSpec *spec);

static void
value_clear_cb (gpointer data)
{
  csl_value_clear (data);
}

static CslCondition *
condition_new (Op op)
{
  CslCondition *self = g_new0 (CslCondition, 1);

  self->op = op;
  return self;
}

void
csl_condition_free (CslCondition *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_array_unref);
  g_free (self);
}

static void
add_child (CslCondition *self, const CslRecordType *type, const CslSpec *spec)
{
  CslCondition *child = parse (type, spec);

  if (child != NULL)
    g_ptr_array_add (self->children, child);
}

static CslCondition *
parse_children (const CslRecordType *type, const CslSpec *list, Op op)
{
  g_autoptr (CslCondition) self = condition_new (op);

  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) csl_condition_free);
  if (op == OP_NOT) {
    add_child (self, type, list);
    return self->children->len > 0 ? g_steal_pointer (&self) : NULL;
  }
  guint n = csl_spec_get_length (list);
  if (n == 0) {
    csl_spec_problem (list, "the list of conditions is empty");
    return NULL;
  }
  for (guint i = 0; i < n; i++) {
    CslSpec element = csl_spec_element (list, i);
    add_child (self, type, &element);
  }
  return self->children->len == n ? g_steal_pointer (&self) : NULL;
}

static bool
add_value (CslCondition *self, const CslField *field, const CslSpec *literal)
{
  CslValue value = CSL_VALUE_INIT;

  if (!csl_spec_get_value (literal, field, &value))
    return false;
  g_array_append_val (self->values, value);
  return true;
}

static bool
parse_values (CslCondition *self,
              const CslField *field,
              const CslSpec *list,
              bool several)
{
  self->values = g_array_new (FALSE, FALSE, sizeof (CslValue));
  g_array_set_clear_func (self->values, value_clear_cb);
  if (!several)
    return add_value (self, field, list);
  guint n = csl_spec_get_length (list);
  if (n == 0)
    csl_spec_problem (list, "the list of values is empty");
  for (guint i = 0; i < n; i++) {
    CslSpec element = csl_spec_element (list, i);
    if (!add_value (self, field, &element))
      return false;
  }
  return n > 0;
}

static bool
parse_after (CslCondition *self,
             const CslRecordType *type,
             const CslField *field,
             const CslSpec *name)
{
  const CslField *other = csl_spec_get_field (name, type);

  if (other == NULL)
    return false;
  if (other->kind != field->kind || (field->kind->flags & CSL_KIND_SORTABLE) == 0) {
    csl_spec_problem (name, "“%s” and “%s” cannot be compared", field->name, other->name);
    return false;
  }
  self->other = other->index;
  return true;
}

/* "set": false is the opposite of "set": true. */
static CslCondition *
parse_set (CslCondition *self, const CslSpec *flag)
{
  g_autoptr (CslCondition) set = self;

  if (csl_spec_get_bool (flag, false))
    return g_steal_pointer (&set);
  CslCondition *negated = condition_new (OP_NOT);
  negated->children =
    g_ptr_array_new_with_free_func ((GDestroyNotify) csl_condition_free);
  g_ptr_array_add (negated->children, g_steal_pointer (&set));
  return negated;
}

static CslCondition *
parse_test (const CslRecordType *type, const CslSpec *spec)
{
  static const struct
  {
    const char *member;
    Op op;
  } tests[] = { { "is", OP_IN },
                { "in", OP_IN },
                { "set", OP_SET },
                { "after", OP_AFTER } };
  g_autoptr (CslCondition) self = NULL;
  CslSpec name = csl_spec_member (spec, "field");
  const CslField *field = csl_spec_get_field (&name, type);
  bool good = field != NULL;

  for (guint i = 0; good && i < G_N_ELEMENTS (tests); i++) {
    CslSpec argument = csl_spec_member (spec, tests[i].member);
    if (argument.node == NULL)
      continue;
    if (self != NULL) {
      csl_spec_problem (spec, "a condition tests one thing");
      return NULL;
    }
    self = condition_new (tests[i].op);
    self->field = field->index;
    if (tests[i].op == OP_IN)
      good = parse_values (self, field, &argument, i == 1);
    else if (tests[i].op == OP_AFTER)
      good = parse_after (self, type, field, &argument);
    else
      self = parse_set (g_steal_pointer (&self), &argument);
  }
  if (good && self == NULL)
    csl_spec_problem (spec, "the condition has no test (is, in, set, after)");
  return good ? g_steal_pointer (&self) : NULL;
}

static CslCondition *
parse (const CslRecordType *type, const CslSpec *spec)
{
  static const char *const members[] = { "all", "any", "not",   "field", "is",
                                         "in",  "set", "after", NULL };
  static const Op ops[] = { OP_ALL, OP_ANY, OP_NOT };

  if (!csl_spec_check_object (spec, members))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (ops); i++) {
    CslSpec list = csl_spec_member (spec, members[i]);
    if (list.node == NULL)
      continue;
    if (csl_spec_get_length (spec) == 1)
      return parse_children (type, &list, ops[i]);
    csl_spec_problem (spec, "“%s” stands alone", members[i]);
    return NULL;
  }
  return parse_test (type, spec);
}

/**
 * csl_condition_parse:
 * @type: the type whose fields the condition is about; its fields are complete
 * @node: (nullable): JSON of the condition
 * @path: where it stands, for problems
 * @problems: what is wrong is added here
 *
 * Returns: (transfer full) (nullable): the condition, or %NULL after adding problems
 */
CslCondition *
csl_condition_parse (const CslRecordType *type,
                     JsonNode *node,
                     const char *path,
                     CslProblems *problems)
{
  CslSpec root = { .file = path, .node = node, .problems = problems };
  guint before = csl_problems_get_size (problems);
  g_autoptr (CslCondition) self = parse (type, &root);

  return csl_problems_get_size (problems) == before ? g_steal_pointer (&self) : NULL;
}

/**
 * csl_condition_parse_spec:
 *
 * The same over an open spec, so that problems carry its full path.
 */
CslCondition *
csl_condition_parse_spec (const CslRecordType *type, const CslSpec *spec)
{
  guint before = csl_problems_get_size (spec->problems);
  g_autoptr (CslCondition) self = parse (type, spec);

  return csl_problems_get_size (spec->problems) == before ? g_steal_pointer (&self)
                                                          : NULL;
}

static bool
children_hold (const CslCondition *self, const CslRecord *record, bool wanted)
{
  for (guint i = 0; i < self->children->len; i++) {
    if (csl_condition_holds (g_ptr_array_index (self->children, i), record) != wanted)
      return false;
  }
  return true;
}

static bool
value_is_listed (const CslCondition *self, const CslValue *value)
{
  for (guint i = 0; i < self->values->len; i++) {
    if (csl_value_equal (&g_array_index (self->values, CslValue, i), value))
      return true;
  }
  return false;
}

/**
 * csl_condition_holds:
 * @record: a record of the type the condition was read for
 *
 * Returns: whether the condition is true of @record
 */
bool
csl_condition_holds (const CslCondition *self, const CslRecord *record)
{
  const CslValue *value = &record->values[self->field],
                 *other = &record->values[self->other];

  switch (self->op) {
  case OP_ALL:
    return children_hold (self, record, true);
  case OP_ANY:
    return !children_hold (self, record, false);
  case OP_NOT:
    return children_hold (self, record, false);
  case OP_IN:
    return value_is_listed (self, value);
  case OP_SET:
    return !csl_value_is_null (value);
  case OP_AFTER:
    return csl_value_is_null (value) || csl_value_is_null (other) ||
           record->type->fields[self->field].kind->compare (value, other) > 0;
  }
  g_assert_not_reached ();
}
