/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-apply-directory.c: who may change people, roles and teams. Whoever gives roles must not reach further by it than
 * before: not into another centre, not with a role that knows no centres, and not for themselves.
 */
#include "config.h"

#include "server/handlers/csd-apply-private.h"

#include <string.h>

static CslAction
action_of (const CslOp *op)
{
  return op->act == CSL_ACT_CREATE ? CSL_ACTION_CREATE : CSL_ACTION_UPDATE;
}

/* Text of a field, NULL also for types that do not have it. */
static const char *
get_text (const CslRecord *record, const char *field)
{
  return csl_record_type_lookup_field (record->type, field) != NULL
           ? csl_record_get_text (record, field)
           : NULL;
}

static bool
read_team_centre (CsdStep *step, const char *team, char ret_centre[40], GError **error)
{
  CsdStorage *storage = step->apply->organisation->storage;
  g_auto (CsdStored) stored = { 0 };
  g_auto (CslJson) json = { 0 };
  g_autofree char *centre = NULL;
  GError *load_error = NULL;

  *ret_centre = '\0';
  if (team == NULL || !storage->load (storage, team, &stored, &load_error)) {
    if (load_error != NULL)
      g_propagate_error (error, load_error);
    return load_error == NULL;
  }
  csl_json_init (&json);
  if (stored.doc == NULL || !csl_json_scan (&json, stored.doc, strlen (stored.doc),
                                            &csl_json_limits_line, error))
    return stored.doc == NULL;
  centre = csl_json_member_dup_string (&json, 0, "centre");
  g_strlcpy (ret_centre, centre != NULL ? centre : "", 40);
  return true;
}

/* Does the person work in the centre, or nowhere yet? */
static bool
works_in (CsdStep *step, const char *user, const char *centre)
{
  const CsdMember *member =
    csd_directory_lookup (step->apply->organisation->directory, user);

  for (guint i = 0; member != NULL && i < member->memberships->len; i++)
    if (strcmp (g_array_index (member->memberships, CsdMembership, i).centre, centre) ==
        0)
      return true;
  return member == NULL || member->memberships->len == 0;
}

static bool
is_in_centre (CsdStep *step,
              const CslRecord *record,
              const char *centre,
              bool *ret_in,
              GError **error)
{
  const char *type = record->type->name;
  char team_centre[40];

  *ret_in = false;
  if (strcmp (type, "user") == 0)
    *ret_in = works_in (step, record->id, centre);
  else if (strcmp (type, "centre") == 0)
    *ret_in = strcmp (record->id, centre) == 0;
  else if (strcmp (type, "team_member") == 0) {
    if (!read_team_centre (step, get_text (record, "team"), team_centre, error))
      return false;
    *ret_in = strcmp (team_centre, centre) == 0;
  } else {
    *ret_in = g_strcmp0 (get_text (record, "centre"), centre) == 0;
  }
  return true;
}

/* Everything the role may do is bounded by a centre; reading the directory and the lists is not counted. */
static bool
is_bounded (CsdStep *step, const char *role_name)
{
  const CslSchema *schema = step->apply->organisation->schema;
  const CslRole *role = role_name != NULL ? csl_schema_lookup_role (schema, role_name)
                                          : NULL;

  for (guint i = 0; role != NULL && i < csl_schema_get_n_types (schema); i++) {
    const char *area = csl_schema_get_type (schema, i)->area;
    CslGrant grant = csl_role_get_grant (role, area);
    bool common = strcmp (area, "directory") == 0 ||
                  strcmp (area, "reference_lists") == 0;

    if (grant.scope == CSL_SCOPE_ORGANISATION &&
        (!common || (grant.actions & ~(guint) CSL_ACTION_READ) != 0) &&
        strcmp (area, "reference_lists") != 0)
      return false;
  }
  return role != NULL;
}

static bool
refuse (CsdStep *step, const char *field, const char *message)
{
  return csd_step_refuse (step, "forbidden", field, message);
}

static bool
check_own_role (CsdStep *step)
{
  if (strcmp (step->op->type->name, "membership") != 0 ||
      g_strcmp0 (csl_record_get_text (step->record, "user"), step->apply->user) != 0)
    return true;
  return refuse (step, "user", "Nobody changes their own role.");
}

/* Is there a role of the author that covers the record before and after? */
static bool
is_covered (CsdStep *step, bool *ret_covered, GError **error)
{
  const CsdMember *member = step->apply->member;

  *ret_covered = false;
  for (guint i = 0; member != NULL && i < member->memberships->len && !*ret_covered;
       i++) {
    const CsdMembership *own = &g_array_index (member->memberships, CsdMembership, i);
    CslGrant grant = csl_role_get_grant (own->role, "directory");
    bool before = true;

    if ((grant.actions & action_of (step->op)) == 0)
      continue;
    if (grant.scope != CSL_SCOPE_CENTRE || *own->centre == '\0') {
      *ret_covered = true;
      continue;
    }
    if (step->before != NULL &&
        !is_in_centre (step, step->before, own->centre, &before, error))
      return false;
    if (before && !is_in_centre (step, step->record, own->centre, ret_covered, error))
      return false;
  }
  return true;
}

static bool
gives_all_roles (const CsdStep *step)
{
  const CsdMember *member = step->apply->member;

  for (guint i = 0; member != NULL && i < member->memberships->len; i++) {
    const CsdMembership *own = &g_array_index (member->memberships, CsdMembership, i);

    if (csl_role_get_grant (own->role, "directory").scope == CSL_SCOPE_ORGANISATION &&
        (csl_role_get_grant (own->role, "directory").actions & action_of (step->op)) != 0)
      return true;
  }
  return false;
}

bool
csd_step_check_directory (CsdStep *step, GError **error)
{
  bool covered = false;

  if (!check_own_role (step) || !is_covered (step, &covered, error))
    return false;
  if (!covered)
    return refuse (step, NULL, "This is not of your centre.");
  if (strcmp (step->op->type->name, "membership") == 0 && !gives_all_roles (step) &&
      !is_bounded (step, csl_record_get_text (step->record, "role")))
    return refuse (step, "role", "Only an administrator gives this role.");
  return true;
}
