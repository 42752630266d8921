/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-enum-load.c: reading a reference list from its file. */
#include "core/schema/csl-schema-internal.h"

#define MOST_VALUES 500

static const char *const styles[] = {
  "success", "warning", "error", "accent", "dim", NULL
};

static void
load_value (CslEnum *self, const CslSpec *spec)
{
  static const char *const members[] = { "value", "label",   "style",
                                         "icon",  "retired", NULL };
  CslEnumValue *value = &self->values[self->n_values];

  if (!csl_spec_check_object (spec, members))
    return;
  CslSpec name = csl_spec_member (spec, "value"), label = csl_spec_member (spec, "label");
  CslSpec style = csl_spec_member (spec, "style"), icon = csl_spec_member (spec, "icon");
  CslSpec retired = csl_spec_member (spec, "retired");
  g_autofree char *text = csl_spec_dup_identifier (&name);
  g_autofree char *words = csl_spec_dup_text (&label, 120);
  if (text == NULL || words == NULL)
    return;
  if (csl_enum_lookup (self, text) != NULL) {
    csl_spec_problem (&name, "“%s” is in the list twice", text);
    return;
  }
  int position = csl_spec_get_choice (&style, styles, -1);
  *value = (CslEnumValue){
    .value = g_steal_pointer (&text),
    .label = g_steal_pointer (&words),
    .style = position >= 0 ? g_strdup (styles[position]) : NULL,
    .icon = csl_spec_dup_optional (&icon, 120),
    .retired = csl_spec_get_bool (&retired, false),
  };
  self->n_values++;
}

CslEnum *
csl_enum_load (const CslSpec *spec)
{
  static const char *const members[] = { "enum", "values", "seed", NULL };

  if (!csl_spec_check_object (spec, members))
    return NULL;
  CslSpec name = csl_spec_member (spec, "enum"),
          values = csl_spec_member (spec, "values");
  CslEnum *self = g_new0 (CslEnum, 1);
  guint n = csl_spec_get_length (&values);
  if (n == 0 || n > MOST_VALUES)
    csl_spec_problem (&values, "needs between 1 and %d values", MOST_VALUES);
  n = MIN (n, MOST_VALUES);
  self->name = csl_spec_dup_identifier (&name);
  self->values = g_new0 (CslEnumValue, MAX (n, 1));
  for (guint i = 0; i < n; i++) {
    CslSpec value = csl_spec_element (&values, i);
    load_value (self, &value);
  }
  if (self->name == NULL)
    g_clear_pointer (&self, csl_enum_free);
  return self;
}

void
csl_enum_free (CslEnum *self)
{
  for (guint i = 0; i < self->n_values; i++) {
    g_free (self->values[i].value);
    g_free (self->values[i].label);
    g_free (self->values[i].style);
    g_free (self->values[i].icon);
  }
  g_free (self->values);
  g_free (self->name);
  g_free (self);
}
