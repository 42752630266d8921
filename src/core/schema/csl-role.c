/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-role.c: what a role may do. */
#include "core/schema/csl-role.h"

#include "core/schema/csl-schema-internal.h"

#include <string.h>

typedef struct
{
  char *name; /* (owned) */
  CslGrant grant;
} Area;

struct _CslRole
{
  char *name;    /* (owned) */
  char *label;   /* (owned) */
  GArray *areas; /* (owned) of Area */
};

static void
area_clear_cb (gpointer data)
{
  g_free (((Area *) data)->name);
}

void
csl_role_free (CslRole *self)
{
  g_free (self->name);
  g_free (self->label);
  g_array_unref (self->areas);
  g_free (self);
}

const char *
csl_role_get_name (const CslRole *self)
{
  return self->name;
}

const char *
csl_role_get_label (const CslRole *self)
{
  return self->label;
}

CslGrant
csl_role_get_grant (const CslRole *self, const char *area)
{
  for (guint i = 0; i < self->areas->len; i++) {
    const Area *known = &g_array_index (self->areas, Area, i);
    if (strcmp (known->name, area) == 0)
      return known->grant;
  }
  return (CslGrant){ CSL_SCOPE_NONE, 0 };
}

static CslGrant
load_grant (const CslSpec *spec)
{
  static const char *const members[] = { "scope", "actions", NULL };
  static const char *const scopes[] = { "own", "team", "centre", "organisation", NULL };
  static const char *const actions[] = { "read",    "create", "update", "delete",
                                         "approve", "assign", NULL };
  CslGrant grant = { CSL_SCOPE_NONE, 0 };

  if (!csl_spec_check_object (spec, members))
    return grant;
  CslSpec scope = csl_spec_member (spec, "scope"),
          list = csl_spec_member (spec, "actions");
  if (scope.node == NULL || list.node == NULL)
    csl_spec_problem (spec, "needs “scope” and “actions”");
  grant.scope = (CslScope) (csl_spec_get_choice (&scope, scopes, -1) + 1);
  for (guint i = 0; i < csl_spec_get_length (&list); i++) {
    CslSpec element = csl_spec_element (&list, i);
    int action = csl_spec_get_choice (&element, actions, -1);
    if (action >= 0)
      grant.actions |= 1 << action;
  }
  return grant;
}

static void
load_areas (CslRole *self, const CslSpec *areas)
{
  JsonObjectIter iter;
  const char *name;

  if (areas->node == NULL || !JSON_NODE_HOLDS_OBJECT (areas->node)) {
    csl_spec_problem (areas, "must be an object");
    return;
  }
  json_object_iter_init_ordered (&iter, json_node_get_object (areas->node));
  while (json_object_iter_next_ordered (&iter, &name, NULL)) {
    CslSpec spec = csl_spec_member (areas, name);
    if (!csl_spec_is_identifier (name))
      csl_spec_problem (areas, "“%.63s” is not a name", name);
    Area area = { g_strdup (name), load_grant (&spec) };
    g_array_append_val (self->areas, area);
  }
}

CslRole *
csl_role_load (const CslSpec *spec)
{
  static const char *const members[] = { "role", "label", "areas", "seed", NULL };

  if (!csl_spec_check_object (spec, members))
    return NULL;
  CslSpec name = csl_spec_member (spec, "role"), label = csl_spec_member (spec, "label");
  CslSpec areas = csl_spec_member (spec, "areas");
  CslRole *self = g_new0 (CslRole, 1);
  self->name = csl_spec_dup_identifier (&name);
  self->label = csl_spec_dup_text (&label, 120);
  self->areas = g_array_new (FALSE, FALSE, sizeof (Area));
  g_array_set_clear_func (self->areas, area_clear_cb);
  load_areas (self, &areas);
  if (self->name == NULL)
    g_clear_pointer (&self, csl_role_free);
  return self;
}
