/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-field-load.c: reading one field of a record type. The merge group is the type's matter. */
#include "core/schema/csl-schema-internal.h"

#include <string.h>

#define MOST_COLUMNS 40
#define LONGEST_TEXT 1000000
#define LIMIT_MOST   G_GINT64_CONSTANT (1000000000000) /* times 10^6 still fits */

/* Columns the tables of the store have beside the fields. */
static const char *const reserved[] = { "id", "rev", "rest", NULL };

static void
load_flags (CslField *self, const CslSpec *spec)
{
  static const struct
  {
    const char *member;
    CslFieldFlags flag;
  } flags[] = {
    { "required", CSL_FIELD_REQUIRED },   { "server", CSL_FIELD_SERVER },
    { "protected", CSL_FIELD_PROTECTED }, { "search", CSL_FIELD_SEARCH },
    { "unique", CSL_FIELD_UNIQUE },       { "hidden", CSL_FIELD_HIDDEN },
    { "read_only", CSL_FIELD_READ_ONLY }, { "once", CSL_FIELD_ONCE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++) {
    CslSpec member = csl_spec_member (spec, flags[i].member);
    if (csl_spec_get_bool (&member, false))
      self->flags |= flags[i].flag;
  }
  CslSpec search = csl_spec_member (spec, "search");
  if ((self->flags & CSL_FIELD_SEARCH) != 0 &&
      (self->kind->flags & CSL_KIND_SEARCHABLE) == 0)
    csl_spec_problem (&search, "a field of kind %s cannot be searched", self->kind->name);
}

/* @name: the member that holds the name; @needed: the kind has no meaning without it. */
static char *
dup_link (const CslField *self, const CslSpec *name, bool needed)
{
  if (needed)
    return csl_spec_dup_identifier (name);
  if (name->node != NULL)
    csl_spec_problem (name, "a field of kind %s does not take it", self->kind->name);
  return NULL;
}

static void
load_links (CslField *self, const CslSpec *spec, const CslSchema *schema)
{
  CslSpec options = csl_spec_member (spec, "options"), to = csl_spec_member (spec, "to");
  g_autofree char *list =
    dup_link (self, &options, (self->kind->flags & CSL_KIND_NEEDS_OPTIONS) != 0);
  g_autofree char *type =
    dup_link (self, &to, (self->kind->flags & CSL_KIND_NEEDS_TARGET) != 0);

  if (list != NULL) {
    self->options = csl_schema_lookup_enum (schema, list);
    if (self->options == NULL)
      csl_spec_problem (&options, "there is no enum “%s”", list);
  }
  if (type != NULL) {
    self->target = csl_schema_lookup_type (schema, type);
    if (self->target == NULL)
      csl_spec_problem (&to, "there is no record type “%s”", type);
  }
}

static void
load_limits (CslField *self, const CslSpec *spec)
{
  CslSpec min = csl_spec_member (spec, "min"), max = csl_spec_member (spec, "max");
  CslSpec length = csl_spec_member (spec, "length"),
          decimals = csl_spec_member (spec, "decimals");
  CslValueType type = self->kind->value_type;
  bool number = type == CSL_VALUE_INT || type == CSL_VALUE_MONEY;

  if (!number && (min.node != NULL || max.node != NULL))
    csl_spec_problem (spec, "a field of kind %s has no “min” or “max”", self->kind->name);
  if (length.node != NULL && type != CSL_VALUE_TEXT)
    csl_spec_problem (&length, "a field of kind %s has no length", self->kind->name);
  if (decimals.node != NULL && type != CSL_VALUE_INT)
    csl_spec_problem (&decimals, "a field of kind %s has no decimals", self->kind->name);
  self->min = csl_spec_get_int (&min, -LIMIT_MOST, LIMIT_MOST, G_MININT64);
  self->max = csl_spec_get_int (&max, -LIMIT_MOST, LIMIT_MOST, G_MAXINT64);
  self->max_length = (guint) csl_spec_get_int (&length, 1, LONGEST_TEXT, 0);
  self->decimals = (guint) csl_spec_get_int (&decimals, 0, 6, 2);
  if (self->min > self->max)
    csl_spec_problem (&min, "is above “max”");
}

/* "=today" and the like fit one kind each. */
static void
load_expression (CslField *self, const CslSpec *spec, const char *expression)
{
  static const struct
  {
    const char *name, *kind, *target;
  } expressions[] = { { "today", "date", NULL },
                      { "now", "instant", NULL },
                      { "me", "reference", "user" },
                      { "my_centre", "reference", "centre" } };

  for (guint i = 0; i < G_N_ELEMENTS (expressions); i++) {
    if (strcmp (expressions[i].name, expression) != 0)
      continue;
    if (strcmp (expressions[i].kind, self->kind->name) != 0 ||
        (self->target != NULL &&
         g_strcmp0 (expressions[i].target, self->target->name) != 0))
      csl_spec_problem (spec, "“=%s” does not fit a field of kind %s", expression,
                        self->kind->name);
    self->default_expr = g_strdup (expression);
    return;
  }
  csl_spec_problem (spec, "“=%.63s” is no expression (=today, =now, =me, =my_centre)",
                    expression);
}

static void
load_default (CslField *self, const CslSpec *spec)
{
  CslSpec literal = csl_spec_member (spec, "default");

  if (literal.node == NULL)
    return;
  const char *text =
    JSON_NODE_HOLDS_VALUE (literal.node) ? json_node_get_string (literal.node) : NULL;
  if (text != NULL && *text == '=')
    load_expression (self, &literal, text + 1);
  else
    csl_spec_get_value (&literal, self, &self->default_value);
}

static void
load_columns (CslField *self, const CslSpec *spec, const CslSchema *schema)
{
  CslSpec columns = csl_spec_member (spec, "columns");
  guint n = csl_spec_get_length (&columns);
  bool list = (self->kind->flags & CSL_KIND_NEEDS_COLUMNS) != 0;

  if (list ? n == 0 || n > MOST_COLUMNS : n > 0) {
    csl_spec_problem (&columns, list ? "needs between 1 and 40 columns"
                                     : "this kind has no columns");
    return;
  }
  self->columns = n > 0 ? g_new0 (CslField, n) : NULL;
  self->n_columns = n;
  for (guint i = 0; i < n; i++) {
    CslSpec column = csl_spec_element (&columns, i);
    CslField *field = &self->columns[i];
    field->context = self->context;
    csl_field_load (field, &column, schema);
    field->index = i;
    if (field->n_columns > 0)
      csl_spec_problem (&column, "a list in a list is not possible");
    for (guint k = 0; k < i; k++) {
      if (g_strcmp0 (field->name, self->columns[k].name) == 0)
        csl_spec_problem (&column, "there is another column “%s”", field->name);
    }
  }
}

static void
load_words (CslField *self, const CslSpec *spec)
{
  static const char *const classes[] = { "normal", "personal", "special", "secret",
                                         NULL };
  static const char *const policies[] = { "ask", "first", NULL };
  CslSpec label = csl_spec_member (spec, "label"), help = csl_spec_member (spec, "help");
  CslSpec unit = csl_spec_member (spec, "unit"), merge = csl_spec_member (spec, "merge");
  CslSpec sensitivity = csl_spec_member (spec, "sensitivity");

  self->label = csl_spec_dup_text (&label, 120);
  self->help = csl_spec_dup_optional (&help, 500);
  self->unit = csl_spec_dup_optional (&unit, 20);
  self->sensitivity = g_strdup (classes[csl_spec_get_choice (&sensitivity, classes, 0)]);
  self->policy = (CslMergePolicy) csl_spec_get_choice (&merge, policies, CSL_MERGE_ASK);
}

static const CslFieldKind *
load_kind (const CslSpec *spec)
{
  CslSpec member = csl_spec_member (spec, "kind");
  g_autofree char *name = csl_spec_dup_text (&member, 63);
  const CslFieldKind *kind = name != NULL ? csl_field_kind_lookup (name) : NULL;

  if (name != NULL && kind == NULL)
    csl_spec_problem (&member, "“%s” is no field kind", name);
  return kind != NULL ? kind : csl_field_kinds[0];
}

static void
load_rest (CslField *self, const CslSpec *spec, const CslSchema *schema)
{
  load_words (self, spec);
  load_flags (self, spec);
  load_links (self, spec, schema);
  load_limits (self, spec);
  load_columns (self, spec, schema);
  load_default (self, spec);
}

void
csl_field_load (CslField *self, const CslSpec *spec, const CslSchema *schema)
{
  static const char *const members[] = {
    "name",   "kind",   "label",       "required", "once",     "server",  "read_only",
    "hidden", "unique", "protected",   "search",   "group",    "merge",   "options",
    "to",     "min",    "max",         "length",   "decimals", "columns", "default",
    "unit",   "help",   "sensitivity", NULL,
  };

  CslSpec name = csl_spec_member (spec, "name");
  self->group = -1;
  self->kind = csl_field_kinds[0];
  if (csl_spec_check_object (spec, members)) {
    self->name = csl_spec_dup_identifier (&name);
    self->kind = load_kind (spec);
    load_rest (self, spec, schema);
  }
  if (self->name != NULL && g_strv_contains (reserved, self->name))
    csl_spec_problem (&name, "“%s” is reserved", self->name);
  /* Whatever was missing has been reported; the rest of the loader needs a name and a label. */
  if (self->name == NULL)
    self->name = g_strdup ("");
  if (self->label == NULL)
    self->label = g_strdup (self->name);
}

void
csl_field_clear (CslField *self)
{
  for (guint i = 0; i < self->n_columns; i++)
    csl_field_clear (&self->columns[i]);
  g_free (self->columns);
  g_free (self->name);
  g_free (self->label);
  g_free (self->help);
  g_free (self->unit);
  g_free (self->sensitivity);
  g_free (self->default_expr);
  csl_value_clear (&self->default_value);
}
