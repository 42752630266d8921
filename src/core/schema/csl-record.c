/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record.c: the content of one record, and what its type says about it. */
#include "config.h"

#include "core/schema/csl-record.h"

#include "core/base/csl-time.h"
#include "core/schema/csl-label.h"
#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * csl_record_new:
 * @type: its type; must outlive the record
 * @id: (nullable): its id
 *
 * Returns: (transfer full): a record without values
 */
CslRecord *
csl_record_new (const CslRecordType *type, const char *id)
{
  CslRecord *self = g_new0 (CslRecord, 1);

  self->type = type;
  self->values = g_new0 (CslValue, type->n_fields);
  g_strlcpy (self->id, id != NULL ? id : "", sizeof self->id);
  return self;
}

/**
 * csl_record_copy:
 *
 * Returns: (transfer full): an independent record with the same content
 */
CslRecord *
csl_record_copy (const CslRecord *self)
{
  CslRecord *copy = csl_record_new (self->type, self->id);

  copy->rev = self->rev;
  copy->rest = g_strdup (self->rest);
  for (guint i = 0; i < self->type->n_fields; i++)
    csl_value_copy (&copy->values[i], &self->values[i]);
  return copy;
}

void
csl_record_free (CslRecord *self)
{
  if (self == NULL)
    return;
  csl_record_reset (self, NULL);
  g_free (self->values);
  g_free (self);
}

/**
 * csl_record_reset:
 * @id: (nullable): the next id
 *
 * Makes the record empty, for another one of the same type.
 */
void
csl_record_reset (CslRecord *self, const char *id)
{
  for (guint i = 0; i < self->type->n_fields; i++)
    csl_value_clear (&self->values[i]);
  g_clear_pointer (&self->rest, g_free);
  self->rev = 0;
  if (id != self->id)
    g_strlcpy (self->id, id != NULL ? id : "", sizeof self->id);
}

static CslValue *
lookup_value (const CslRecord *self, const char *name)
{
  const CslField *field = csl_record_type_lookup_field (self->type, name);

  if (field == NULL)
    g_critical ("record type %s has no field %s", self->type->name, name);
  return field != NULL ? &self->values[field->index] : NULL;
}

const CslValue *
csl_record_get (const CslRecord *self, const char *field)
{
  static const CslValue none = CSL_VALUE_INIT;
  const CslValue *value = lookup_value (self, field);

  return value != NULL ? value : &none;
}

const char *
csl_record_get_text (const CslRecord *self, const char *field)
{
  return csl_value_get_text (csl_record_get (self, field));
}

bool
csl_record_get_bool (const CslRecord *self, const char *field)
{
  const CslValue *value = csl_record_get (self, field);

  return value->type == CSL_VALUE_BOOL && value->number != 0;
}

/**
 * csl_record_set_text:
 * @field: name of a field whose values are text
 * @text: (nullable): canonical text; "" and %NULL remove the value
 */
void
csl_record_set_text (CslRecord *self, const char *field, const char *text)
{
  CslValue *value = lookup_value (self, field);

  if (value != NULL)
    csl_value_set_text (value, text);
}

void
csl_record_set_int (CslRecord *self, const char *field, gint64 number)
{
  CslValue *value = lookup_value (self, field);

  if (value != NULL)
    csl_value_set_int (value, number);
}

void
csl_record_set_bool (CslRecord *self, const char *field, bool truth)
{
  CslValue *value = lookup_value (self, field);

  if (value != NULL)
    csl_value_set_bool (value, truth);
}

bool
csl_record_set_json (CslRecord *self, const char *field, const char *json)
{
  CslValue *value = lookup_value (self, field);

  return value != NULL &&
         csl_field_read_json (csl_record_type_lookup_field (self->type, field), json,
                              value);
}

/* Words for one value, or NULL when it says nothing to a person (ids, drawings, files). */
static char *
dup_words (const CslField *field, const CslValue *value)
{
  if (csl_value_is_null (value) || field->target != NULL || value->type == CSL_VALUE_JSON)
    return NULL;
  if (field->options != NULL)
    return g_strdup (csl_label_value (field->options, value->text));
  return field->kind->format (field, value);
}

/**
 * csl_record_dup_title:
 *
 * Returns: (transfer full): the words that name the record to a person; the type's label when its
 *   title fields are empty
 */
char *
csl_record_dup_title (const CslRecord *self)
{
  g_autoptr (GString) title = g_string_new (NULL);

  for (guint i = 0; i < self->type->n_title_fields; i++) {
    guint index = self->type->title_fields[i];
    g_autofree char *words = dup_words (&self->type->fields[index], &self->values[index]);
    if (words != NULL && *words != '\0')
      g_string_append_printf (title, "%s%s", title->len > 0 ? " " : "", words);
  }
  if (title->len == 0)
    g_string_append (title, g_dgettext (GETTEXT_PACKAGE, self->type->label));
  return g_string_free (g_steal_pointer (&title), FALSE);
}

/**
 * csl_record_dup_bucket:
 * @organisation: id of the organisation
 *
 * Returns: (transfer full) (nullable): name of the bucket; %NULL when no rule of the type finds a
 *   value, which cannot happen to a valid record: the loader wants one rule that is certain
 */
char *
csl_record_dup_bucket (const CslRecord *self, const char *organisation)
{
  static const char letters[] = { [CSL_BUCKET_ORGANISATION] = 'a',
                                  [CSL_BUCKET_USER] = 'u',
                                  [CSL_BUCKET_CASE] = 'c',
                                  [CSL_BUCKET_CLIENT] = 'p' };
  const char *tier = self->type->tier;

  for (guint i = 0; i < self->type->n_buckets; i++) {
    const CslBucketRule *rule = &self->type->buckets[i];
    const char *owner = rule->scope == CSL_BUCKET_ORGANISATION ? organisation
                        : rule->field < 0
                          ? self->id
                          : csl_value_get_text (&self->values[rule->field]);
    if (owner != NULL && *owner != '\0')
      return g_strdup_printf ("%c:%s%s%s", letters[rule->scope], owner,
                              tier != NULL ? ":" : "", tier != NULL ? tier : "");
  }
  return NULL;
}

static void
validate_field (const CslRecord *self, const CslField *field, CslProblems *problems)
{
  const CslValue *value = &self->values[field->index];
  bool needed = (field->flags & CSL_FIELD_REQUIRED) != 0 &&
                (field->flags & CSL_FIELD_SERVER) == 0;

  if (csl_value_is_null (value)) {
    if (needed)
      csl_problems_add (problems, field->name, "required", _ ("%s: please fill this in."),
                        csl_kind_label (field));
  } else if (value->type != field->kind->value_type) {
    csl_problems_add (problems, field->name, "form",
                      _ ("%s: this is not filled in correctly."), csl_kind_label (field));
  } else {
    field->kind->validate (field, value, problems);
  }
}

/**
 * csl_record_is_finished:
 *
 * Whether the content is fixed: a final note is not changed any more, a correction is a new note.
 */
bool
csl_record_is_finished (const CslRecord *self)
{
  const CslValue *value =
    self->type->finished_field >= 0 ? &self->values[self->type->finished_field] : NULL;

  return value != NULL && value->type == CSL_VALUE_BOOL && value->number != 0;
}

/* What is finished stays as it is, but for the fields the type leaves open. */
static void
validate_finished (const CslRecord *before, const CslRecord *after, CslProblems *problems)
{
  const CslRecordType *type = after->type;

  if (before == NULL || !csl_record_is_finished (before))
    return;
  for (guint i = 0; i < type->n_fields; i++)
    if (!type->open_when_finished[i] && (type->fields[i].flags & CSL_FIELD_SERVER) == 0 &&
        !csl_value_equal (&before->values[i], &after->values[i]))
      csl_problems_add (
        problems, type->fields[i].name, "finished",
        _ ("This is finished and stays as it is. Write a correction instead."));
}

/**
 * csl_record_validate:
 * @problems: what is not acceptable is added here, one path per field
 *
 * Required fields, the rules of each field's kind, then the checks of the type; the checks only
 * when every field is good, since they compare fields with each other. The same on the client and
 * on the server.
 */
void
csl_record_validate (const CslRecord *self, CslProblems *problems)
{
  csl_record_validate_change (NULL, self, problems);
}

/**
 * csl_record_validate_change:
 * @before: (nullable): the record as it is; %NULL when it is being created
 * @after: the record as it would be
 * @problems: what the change makes unacceptable is added here
 *
 * Like csl_record_validate() of @after, but what was so before is left alone: a value a newer
 * version wrote or an import brought in must not keep people from changing something else.
 */
void
csl_record_validate_change (const CslRecord *before,
                            const CslRecord *after,
                            CslProblems *problems)
{
  const CslRecordType *type = after->type;
  guint n = csl_problems_get_size (problems);

  validate_finished (before, after, problems);
  for (guint i = 0; i < type->n_fields; i++) {
    if (before == NULL || !csl_value_equal (&before->values[i], &after->values[i]))
      validate_field (after, &type->fields[i], problems);
  }
  if (csl_problems_get_size (problems) != n)
    return;
  for (guint i = 0; i < type->n_checks; i++) {
    const CslTypeCheck *check = &type->checks[i];
    if (!csl_condition_holds (check->condition, after) &&
        (before == NULL || csl_condition_holds (check->condition, before)))
      csl_problems_add (problems, type->fields[check->field].name, check->code, "%s",
                        g_dgettext (GETTEXT_PACKAGE, check->message));
  }
}

/* The day it is for the person. */
static char *
dup_today (const CslDefaults *defaults)
{
  g_autoptr (GTimeZone) zone =
    defaults->zone != NULL ? g_time_zone_new_identifier (defaults->zone) : NULL;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (defaults->now_ms / 1000);
  g_autoptr (GDateTime) local =
    utc != NULL && zone != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  GDateTime *day = local != NULL ? local : utc;

  return day != NULL ? g_date_time_format (day, "%Y-%m-%d") : NULL;
}

static char *
dup_expression (const char *expression, const CslDefaults *defaults)
{
  if (strcmp (expression, "today") == 0)
    return dup_today (defaults);
  if (strcmp (expression, "now") == 0)
    return csl_instant_format (defaults->now_ms, defaults->zone);
  if (strcmp (expression, "me") == 0)
    return g_strdup (defaults->user);
  return g_strdup (defaults->centre); /* "my_centre": the loader knows no other */
}

/**
 * csl_record_apply_defaults:
 * @defaults: what the expressions stand for; absent members give no value
 *
 * Fills the defaults of the type into fields that have no value.
 */
void
csl_record_apply_defaults (CslRecord *self, const CslDefaults *defaults)
{
  for (guint i = 0; i < self->type->n_fields; i++) {
    const CslField *field = &self->type->fields[i];
    CslValue *value = &self->values[i];
    if (!csl_value_is_null (value))
      continue;
    if (field->default_expr != NULL)
      csl_value_take_text (value, dup_expression (field->default_expr, defaults));
    else
      csl_value_copy (value, &field->default_value);
  }
}
