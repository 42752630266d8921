/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-record-type-load.c: reading a record type: its name, its fields, the common fields. */
#include "config.h"

#include "core/schema/csl-schema-internal.h"
#include "core/schema/kinds/csl-kinds.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_FIELDS 250
#define N_COMMON    5

CslRecordType *
csl_record_type_load_name (const CslSpec *spec)
{
  static const char *const members[] = {
    "type", "module",    "label",       "label_plural", "icon",
    "area", "tier",      "rank",        "bucket",       "title",
    "when", "local",     "append_only", "no_history",   "workflow",
    "seed", "retention", "fields",      "checks",       "indexes",
    "list", "form",      "finished",    "contact",      NULL,
  };

  if (!csl_spec_check_object (spec, members))
    return NULL;
  CslSpec type = csl_spec_member (spec, "type");
  g_autofree char *name = csl_spec_dup_identifier (&type);
  if (name == NULL)
    return NULL;
  CslRecordType *self = g_new0 (CslRecordType, 1);
  self->name = g_steal_pointer (&name);
  self->sort_field = self->when_field = self->client_field = self->case_field = -1;
  self->finished_field = -1;
  return self;
}

/* The fields every type ends with. */
static void
add_common (CslRecordType *self, const CslSpec *spec, const CslSchema *schema)
{
  static const struct
  {
    const char *name, *label;
    const CslFieldKind *kind;
  } common[N_COMMON] = {
    { "created_at", NC_ ("any record", "Created"), &csl_kind_instant },
    { "created_by", NC_ ("any record", "Created by"), &csl_kind_reference },
    { "updated_at", NC_ ("any record", "Changed"), &csl_kind_instant },
    { "updated_by", NC_ ("any record", "Changed by"), &csl_kind_reference },
    { "sensitivity", NC_ ("any record", "Who may see it"), &csl_kind_enum },
  };

  for (guint i = 0; i < N_COMMON; i++) {
    CslField *field = &self->fields[self->n_fields++];
    *field = (CslField){
      .name = g_strdup (common[i].name),
      .label = g_strdup (common[i].label),
      .context = "any record",
      .sensitivity = g_strdup ("normal"),
      .kind = common[i].kind,
      .flags = i < N_COMMON - 1 ? CSL_FIELD_SERVER | CSL_FIELD_HIDDEN : 0,
      .group = -1,
      .min = G_MININT64,
      .max = G_MAXINT64,
    };
    if (field->kind == &csl_kind_reference)
      field->target = csl_schema_lookup_type (schema, "user");
    if (field->kind == &csl_kind_enum)
      field->options = csl_schema_lookup_enum (schema, "sensitivity");
    if ((field->kind == &csl_kind_reference && field->target == NULL) ||
        (field->kind == &csl_kind_enum && field->options == NULL))
      csl_spec_problem (
        spec,
        "the common field “%s” needs the record type “user” and the enum “sensitivity”",
        field->name);
  }
}

static int
compare_names_cb (gconstpointer a, gconstpointer b, gpointer fields)
{
  const CslField *all = fields;

  return strcmp (all[*(const guint *) a].name, all[*(const guint *) b].name);
}

/* Sorts by name and reports doubles. */
static void
sort_fields (CslRecordType *self, const CslSpec *spec)
{
  self->wire_order = g_new (guint, self->n_fields);
  for (guint i = 0; i < self->n_fields; i++)
    self->wire_order[i] = self->fields[i].index = i;
  g_qsort_with_data (self->wire_order, (int) self->n_fields, sizeof (guint),
                     compare_names_cb, self->fields);
  for (guint i = 1; i < self->n_fields; i++) {
    const char *name = self->fields[self->wire_order[i]].name;
    if (*name != '\0' && strcmp (name, self->fields[self->wire_order[i - 1]].name) == 0)
      csl_spec_problem (spec, "there are two fields “%s”", name);
  }
}

/* Number of the group called @name, new ones added. */
static int
intern_group (CslRecordType *self, char *name)
{
  for (guint i = 0; i < self->n_groups; i++) {
    if (strcmp (self->group_names[i], name) == 0) {
      g_free (name);
      return (int) i;
    }
  }
  self->group_names = g_renew (char *, self->group_names, self->n_groups + 1);
  self->group_names[self->n_groups] = name;
  return (int) self->n_groups++;
}

static void
load_group (CslRecordType *self, CslField *field, const CslSpec *spec)
{
  CslSpec group = csl_spec_member (spec, "group");
  char *name = group.node != NULL ? csl_spec_dup_identifier (&group) : NULL;

  if (name != NULL)
    field->group = intern_group (self, name);
  if (name != NULL && (field->kind->flags & CSL_KIND_SET) != 0)
    csl_spec_problem (&group, "a set merges by itself");
}

static void
load_words (CslRecordType *self, const CslSpec *spec)
{
  CslSpec module = csl_spec_member (spec, "module"),
          label = csl_spec_member (spec, "label");
  CslSpec plural = csl_spec_member (spec, "label_plural"),
          icon = csl_spec_member (spec, "icon");
  CslSpec area = csl_spec_member (spec, "area"), tier = csl_spec_member (spec, "tier");
  CslSpec rank = csl_spec_member (spec, "rank"), local = csl_spec_member (spec, "local");
  CslSpec append_only = csl_spec_member (spec, "append_only");
  CslSpec no_history = csl_spec_member (spec, "no_history");
  CslSpec contact = csl_spec_member (spec, "contact");

  self->module = csl_spec_dup_identifier (&module);
  self->label = csl_spec_dup_text (&label, 120);
  self->label_plural = csl_spec_dup_text (&plural, 120);
  self->icon = csl_spec_dup_optional (&icon, 120);
  self->area = csl_spec_dup_identifier (&area);
  self->tier = tier.node != NULL ? csl_spec_dup_identifier (&tier) : NULL;
  self->rank = (guint) csl_spec_get_int (&rank, 0, 100000, 0);
  self->local = csl_spec_get_bool (&local, false);
  self->append_only = csl_spec_get_bool (&append_only, false);
  self->no_history = csl_spec_get_bool (&no_history, false);
  self->contact = csl_spec_get_bool (&contact, false);
  if (rank.node == NULL)
    csl_spec_problem (&rank, "is missing");
}

void
csl_record_type_load_fields (CslRecordType *self,
                             const CslSpec *spec,
                             const CslSchema *schema)
{
  CslSpec list = csl_spec_member (spec, "fields");
  guint n = csl_spec_get_length (&list);

  load_words (self, spec);
  if (n == 0 || n > MOST_FIELDS)
    csl_spec_problem (&list, "needs between 1 and %d fields", MOST_FIELDS);
  n = MIN (n, MOST_FIELDS);
  self->fields = g_new0 (CslField, n + N_COMMON);
  for (guint i = 0; i < n; i++) {
    CslSpec element = csl_spec_element (&list, i);
    CslField *field = &self->fields[self->n_fields++];
    field->context = self->name;
    csl_field_load (field, &element, schema);
    load_group (self, field, &element);
    if (self->client_field < 0 && field->target != NULL &&
        strcmp (field->target->name, "client") == 0)
      self->client_field = (int) i;
    if (self->case_field < 0 && field->target != NULL &&
        strcmp (field->target->name, "case") == 0)
      self->case_field = (int) i;
  }
  add_common (self, spec, schema);
  sort_fields (self, &list);
}

void
csl_record_type_free (CslRecordType *self)
{
  for (guint i = 0; i < self->n_checks; i++) {
    g_free (self->checks[i].code);
    g_free (self->checks[i].message);
    csl_condition_free (self->checks[i].condition);
  }
  for (guint i = 0; i < self->n_sections; i++) {
    g_free (self->sections[i].title);
    g_free (self->sections[i].fields);
  }
  for (guint i = 0; i < self->n_indexes; i++)
    g_free (self->indexes[i]);
  for (guint i = 0; i < self->n_groups; i++)
    g_free (self->group_names[i]);
  for (guint i = 0; i < self->n_fields; i++)
    csl_field_clear (&self->fields[i]);
  g_free (self->checks);
  g_free (self->sections);
  g_free (self->indexes);
  g_free (self->group_names);
  g_free (self->fields);
  g_free (self->wire_order);
  g_free (self->open_when_finished);
  g_free (self->buckets);
  g_free (self->title_fields);
  g_free (self->list_fields);
  g_free (self->name);
  g_free (self->module);
  g_free (self->label);
  g_free (self->label_plural);
  g_free (self->icon);
  g_free (self->area);
  g_free (self->tier);
  g_free (self);
}
