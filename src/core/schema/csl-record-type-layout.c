/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-type-layout.c: reading what a type says about its fields: where its records live,
 * titles, lists, forms, indexes, checks. The fields are complete by now.
 */
#include "core/schema/csl-schema-internal.h"

#include <string.h>

#define MOST_ENTRIES 100

/* Indices of the named fields. */
static guint *
load_names (const CslRecordType *self, const CslSpec *list, guint *ret_n)
{
  guint n = csl_spec_get_length (list), found = 0;

  if (n > MOST_ENTRIES)
    csl_spec_problem (list, "has more than %d entries", MOST_ENTRIES);
  n = MIN (n, MOST_ENTRIES);
  guint *fields = g_new (guint, n + 1);
  for (guint i = 0; i < n; i++) {
    CslSpec name = csl_spec_element (list, i);
    const CslField *field = csl_spec_get_field (&name, self);
    for (guint k = 0; field != NULL && k < found; k++) {
      if (fields[k] == field->index)
        csl_spec_problem (&name, "“%s” is in the list twice", field->name);
    }
    if (field != NULL)
      fields[found++] = field->index;
  }
  fields[found] = (guint) -1;
  *ret_n = found;
  return fields;
}

/* Whether @field can say whose bucket it is: a reference to the type of the scope. */
static void
check_bucket_field (const CslRecordType *self,
                    const CslSpec *spec,
                    const char *scope,
                    const CslField *field)
{
  if (field == NULL ? strcmp (self->name, scope) != 0
                    : field->target == NULL || strcmp (field->target->name, scope) != 0)
    csl_spec_problem (spec, "a bucket of scope %s needs a reference to %s", scope, scope);
}

static void
load_bucket_rule (const CslRecordType *self, const CslSpec *spec, CslBucketRule *rule)
{
  static const char *const members[] = { "scope", "field", NULL };
  static const char *const scopes[] = { "organisation", "user", "case", "client", NULL };

  rule->field = -1;
  if (!csl_spec_check_object (spec, members))
    return;
  CslSpec scope = csl_spec_member (spec, "scope"), name = csl_spec_member (spec, "field");
  if (scope.node == NULL)
    csl_spec_problem (&scope, "is missing");
  rule->scope =
    (CslBucketScope) csl_spec_get_choice (&scope, scopes, CSL_BUCKET_ORGANISATION);
  if (rule->scope == CSL_BUCKET_ORGANISATION) {
    if (name.node != NULL)
      csl_spec_problem (&name, "the organisation needs no field");
    return;
  }
  g_autofree char *text = csl_spec_dup_identifier (&name);
  if (text == NULL)
    return;
  const CslField *field = strcmp (text, "id") != 0 ? csl_spec_get_field (&name, self)
                                                   : NULL;
  if (field != NULL)
    rule->field = (int) field->index;
  if (field != NULL || strcmp (text, "id") == 0)
    check_bucket_field (self, &name, scopes[rule->scope], field);
}

/* Every valid record must have a bucket: one rule has to give one whatever the record holds. */
static void
check_bucket_is_certain (const CslRecordType *self, const CslSpec *list)
{
  for (guint i = 0; i < self->n_buckets; i++) {
    int field = self->buckets[i].field;
    if (field < 0 || (self->fields[field].flags & CSL_FIELD_REQUIRED) != 0)
      return;
  }
  csl_spec_problem (
    list, "a record could be in no bucket: the last rule needs a required field");
}

static void
load_buckets (CslRecordType *self, const CslSpec *spec)
{
  CslSpec list = csl_spec_member (spec, "bucket");
  guint n = csl_spec_get_length (&list);

  if (n == 0 || n > MOST_ENTRIES) {
    csl_spec_problem (&list, "needs at least one rule");
    return;
  }
  self->buckets = g_new0 (CslBucketRule, n);
  self->n_buckets = n;
  for (guint i = 0; i < n; i++) {
    CslSpec rule = csl_spec_element (&list, i);
    load_bucket_rule (self, &rule, &self->buckets[i]);
  }
  check_bucket_is_certain (self, &list);
}

static void
load_list (CslRecordType *self, const CslSpec *spec)
{
  static const char *const members[] = { "fields", "sort", "attention", NULL };
  CslSpec list = csl_spec_member (spec, "list");

  if (!csl_spec_check_object (&list, members))
    return;
  CslSpec fields = csl_spec_member (&list, "fields"),
          sort = csl_spec_member (&list, "sort"),
          attention = csl_spec_member (&list, "attention");
  self->by_attention = csl_spec_get_bool (&attention, false);
  self->list_fields = load_names (self, &fields, &self->n_list_fields);
  if (self->n_list_fields == 0)
    csl_spec_problem (&fields, "needs at least one field");
  g_autofree char *name = csl_spec_dup_optional (&sort, 64);
  if (name == NULL)
    return;
  self->sort_descending = *name == '-';
  const CslField *field =
    csl_record_type_lookup_field (self, name + self->sort_descending);
  if (field == NULL)
    csl_spec_problem (&sort, "“%s” has no field “%s”", self->name,
                      name + self->sort_descending);
  else
    self->sort_field = (int) field->index;
}

/* Without a form: one section with every field a person fills in. */
static void
make_form (CslRecordType *self)
{
  CslFormSection *section = self->sections = g_new0 (CslFormSection, 1);

  self->n_sections = 1;
  section->fields = g_new (guint, self->n_fields);
  for (guint i = 0; i < self->n_fields; i++) {
    if ((self->fields[i].flags & (CSL_FIELD_HIDDEN | CSL_FIELD_SERVER)) == 0)
      section->fields[section->n_fields++] = i;
  }
}

static void
load_section (CslRecordType *self,
              const CslSpec *spec,
              CslFormSection *section,
              bool *used)
{
  static const char *const members[] = { "title", "fields", "more", NULL };

  if (!csl_spec_check_object (spec, members))
    return;
  CslSpec title = csl_spec_member (spec, "title"),
          fields = csl_spec_member (spec, "fields");
  CslSpec more = csl_spec_member (spec, "more");
  section->title = csl_spec_dup_optional (&title, 120);
  section->more = csl_spec_get_bool (&more, false);
  section->fields = load_names (self, &fields, &section->n_fields);
  for (guint i = 0; i < section->n_fields; i++) {
    const CslField *field = &self->fields[section->fields[i]];
    if (used[field->index])
      csl_spec_problem (&fields, "“%s” is in two sections", field->name);
    if ((field->flags & CSL_FIELD_HIDDEN) != 0)
      csl_spec_problem (&fields, "“%s” is hidden", field->name);
    used[field->index] = true;
  }
}

static void
load_form (CslRecordType *self, const CslSpec *spec)
{
  CslSpec form = csl_spec_member (spec, "form");
  guint n = MIN (csl_spec_get_length (&form), MOST_ENTRIES);
  g_autofree bool *used = g_new0 (bool, self->n_fields);

  if (n == 0) {
    make_form (self);
    return;
  }
  self->sections = g_new0 (CslFormSection, n);
  self->n_sections = n;
  for (guint i = 0; i < n; i++) {
    CslSpec section = csl_spec_element (&form, i);
    load_section (self, &section, &self->sections[i], used);
  }
}

static void
load_indexes (CslRecordType *self, const CslSpec *spec)
{
  CslSpec list = csl_spec_member (spec, "indexes");
  guint n = MIN (csl_spec_get_length (&list), MOST_ENTRIES);

  self->indexes = g_new0 (guint *, MAX (n, 1));
  self->n_indexes = n;
  for (guint i = 0; i < n; i++) {
    CslSpec names = csl_spec_element (&list, i);
    guint n_names;
    self->indexes[i] = load_names (self, &names, &n_names);
    if (n_names == 0)
      csl_spec_problem (&names, "an index needs at least one field");
  }
}

static void
load_check (CslRecordType *self, const CslSpec *spec)
{
  static const char *const members[] = { "code", "field", "message", "require", NULL };

  if (!csl_spec_check_object (spec, members))
    return;
  CslSpec code = csl_spec_member (spec, "code"), name = csl_spec_member (spec, "field");
  CslSpec message = csl_spec_member (spec, "message"),
          require = csl_spec_member (spec, "require");
  const CslField *field = csl_spec_get_field (&name, self);
  CslTypeCheck check = {
    .code = csl_spec_dup_text (&code, 63),
    .message = csl_spec_dup_text (&message, 300),
    .field = field != NULL ? field->index : 0,
    .condition = csl_condition_parse_spec (self, &require),
  };
  self->checks[self->n_checks++] = check;
}

static void
load_checks (CslRecordType *self, const CslSpec *spec)
{
  CslSpec list = csl_spec_member (spec, "checks");
  guint n = MIN (csl_spec_get_length (&list), MOST_ENTRIES);

  self->checks = g_new0 (CslTypeCheck, MAX (n, 1));
  for (guint i = 0; i < n; i++) {
    CslSpec check = csl_spec_element (&list, i);
    load_check (self, &check);
  }
}

/* {"field": boolean, "open": [fields that may change even then]} */
static void
load_finished (CslRecordType *self, const CslSpec *spec)
{
  static const char *const members[] = { "field", "open", NULL };
  CslSpec finished = csl_spec_member (spec, "finished");

  if (finished.node == NULL || !csl_spec_check_object (&finished, members))
    return;
  CslSpec name = csl_spec_member (&finished, "field"),
          open = csl_spec_member (&finished, "open");
  const CslField *field = csl_spec_get_field (&name, self);
  if (field != NULL && field->kind->value_type != CSL_VALUE_BOOL) {
    csl_spec_problem (&name, "“%s” is neither true nor false", field->name);
    return;
  }
  guint n;
  g_autofree guint *fields = load_names (self, &open, &n);
  self->open_when_finished = g_new0 (bool, self->n_fields);
  for (guint i = 0; i < n; i++)
    self->open_when_finished[fields[i]] = true;
  self->finished_field = field != NULL ? (int) field->index : -1;
}

void
csl_record_type_load_layout (CslRecordType *self, const CslSpec *spec)
{
  CslSpec title = csl_spec_member (spec, "title"), when = csl_spec_member (spec, "when");

  load_buckets (self, spec);
  self->title_fields = load_names (self, &title, &self->n_title_fields);
  if (self->n_title_fields == 0)
    csl_spec_problem (&title, "needs at least one field");
  const CslField *moment = when.node != NULL ? csl_spec_get_field (&when, self) : NULL;
  if (moment != NULL && strcmp (moment->kind->name, "instant") != 0)
    csl_spec_problem (&when, "“%s” is no instant", moment->name);
  if (moment != NULL)
    self->when_field = (int) moment->index;
  if (self->contact && self->when_field < 0)
    csl_spec_problem (&when, "is missing: “contact” needs a moment");
  load_list (self, spec);
  load_form (self, spec);
  load_indexes (self, spec);
  load_checks (self, spec);
  load_finished (self, spec);
}
