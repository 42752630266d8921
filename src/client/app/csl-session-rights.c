/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session-rights.c: what the worker may do, as far as it can be known here. The server has the
 * last word; this spares people answers they would not like. */
#include "config.h"

#include "client/app/csl-session-private.h"
#include "core/base/csl-id.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
csl_session_forget_rights (CslSession *self)
{
  g_clear_pointer (&self->roles, g_ptr_array_unref);
  g_clear_pointer (&self->centre, g_free);
}

static bool
is_valid_today (const CslRecord *membership, const char *today)
{
  const char *from = csl_record_get_text (membership, "valid_from");
  const char *to = csl_record_get_text (membership, "valid_to");

  return (from == NULL || strcmp (from, today) <= 0) &&
         (to == NULL || strcmp (to, today) >= 0);
}

static void
add_membership (CslSession *self, const CslRecord *membership)
{
  const char *name = csl_record_get_text (membership, "role");
  const CslRole *role = name != NULL ? csl_schema_lookup_role (self->parts.schema, name)
                                     : NULL;
  const char *centre = csl_record_get_text (membership, "centre");

  if (role != NULL)
    g_ptr_array_add (self->roles, (gpointer) role);
  if (centre != NULL &&
      (self->centre == NULL || csl_record_get (membership, "is_primary")->number != 0)) {
    g_free (self->centre);
    self->centre = g_strdup (centre);
  }
}

static char *
dup_today (CslSession *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) utc =
    g_date_time_new_from_unix_utc (csl_env_wall_ms (self->parts.env) / 1000);
  g_autoptr (GDateTime) local = g_date_time_to_timezone (utc, zone);

  return g_date_time_format (local, "%Y-%m-%d");
}

static void
read_memberships (CslSession *self)
{
  const CslRecordType *type = csl_schema_lookup_type (self->parts.schema, "membership");
  g_autoptr (CslQuery) query = csl_query_new (type);
  g_autoptr (GArray) rows = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autofree char *today = dup_today (self);

  self->roles = g_ptr_array_new ();
  csl_query_add_text (query, "user", CSL_FILTER_IS, self->parts.user);
  csl_query_add_text (query, "status", CSL_FILTER_IS, "active");
  rows = csl_reader_list (self->parts.reader, query, NULL);
  if (rows != NULL)
    records = csl_reader_get_rows (self->parts.reader, type,
                                   (const gint64 *) (gpointer) rows->data, rows->len,
                                   NULL);
  for (guint i = 0; records != NULL && i < records->len; i++)
    if (records->pdata[i] != NULL && is_valid_today (records->pdata[i], today))
      add_membership (self, records->pdata[i]);
  /* None at all: rather is this computer's date wrong than a worker without a role signed in. The server knows. */
  for (guint i = 0; records != NULL && self->roles->len == 0 && i < records->len; i++)
    if (records->pdata[i] != NULL)
      add_membership (self, records->pdata[i]);
  g_ptr_array_add (self->roles, NULL);
}

CslActor
csl_session_get_actor (CslSession *self)
{
  if (self->roles == NULL)
    read_memberships (self);
  return (CslActor){ .user = self->parts.user,
                     .roles = (const CslRole *const *) self->roles->pdata };
}

const char *
csl_session_get_centre (CslSession *self)
{
  if (self->roles == NULL)
    read_memberships (self);
  return self->centre;
}

bool
csl_session_may (CslSession *self, const char *area, CslAction action)
{
  CslActor actor;

  g_return_val_if_fail (CSL_IS_SESSION (self), false);
  actor = csl_session_get_actor (self);
  for (guint i = 0; actor.roles[i] != NULL; i++) {
    CslGrant grant = csl_role_get_grant (actor.roles[i], area);

    if (grant.scope != CSL_SCOPE_NONE && (grant.actions & action) != 0)
      return true;
  }
  return false;
}

GPtrArray *
csl_session_list_transitions (CslSession *self, const CslRecord *record)
{
  CslActor actor;

  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  if (record->type->workflow == NULL)
    return g_ptr_array_new ();
  actor = csl_session_get_actor (self);
  return csl_workflow_list_transitions (record->type->workflow, record, &actor);
}

CslRecord *
csl_session_new_record (CslSession *self, const char *type)
{
  const CslRecordType *found;
  CslDefaults defaults;
  CslRecord *record;
  CslId id;

  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  found = csl_schema_lookup_type (self->parts.schema, type);
  g_return_val_if_fail (found != NULL, NULL);
  id = csl_id_new (self->parts.env);
  record = csl_record_new (found, id.text);
  defaults = (CslDefaults){ .now_ms = csl_env_wall_ms (self->parts.env),
                            .zone = self->zone,
                            .user = self->parts.user,
                            .centre = csl_session_get_centre (self) };
  csl_record_apply_defaults (record, &defaults);
  return record;
}

static bool
sets_fixed_field (const CslRecord *before, const CslRecord *after, guint *ret_field)
{
  for (guint i = 0; i < after->type->n_fields; i++)
    if ((after->type->fields[i].flags & CSL_FIELD_ONCE) != 0 &&
        !csl_value_equal (&before->values[i], &after->values[i])) {
      *ret_field = i;
      return true;
    }
  return false;
}

static void
check_rights (CslSession *self,
              const CslRecord *before,
              const CslRecord *after,
              CslProblems *problems)
{
  const CslRecordType *type = after != NULL ? after->type : before->type;
  bool restores = before == NULL && after->rev > 0;
  CslAction action = restores         ? CSL_ACTION_UPDATE
                     : before == NULL ? CSL_ACTION_CREATE
                     : after == NULL  ? CSL_ACTION_DELETE
                                      : CSL_ACTION_UPDATE;
  guint field;

  if (type->append_only && before != NULL)
    csl_problems_add (problems, "", "append_only",
                      _ ("This cannot be changed once it is saved."));
  else if (!csl_session_may (self, type->area, action))
    csl_problems_add (problems, "", "forbidden", _ ("Your role does not allow this."));
  else if (before != NULL && after != NULL && sets_fixed_field (before, after, &field))
    csl_problems_add (problems, type->fields[field].name, "read_only",
                      _ ("This cannot be changed once it is saved."));
}

static void
check_change (CslSession *self,
              const CslRecord *before,
              const CslRecord *after,
              const char *reason,
              CslProblems *problems)
{
  const CslRecordType *type = after != NULL ? after->type : before->type;
  CslActor actor;

  if (type->local)
    return;
  check_rights (self, before, after, problems);
  if (after == NULL && csl_record_is_finished (before))
    csl_problems_add (problems, "", "finished",
                      _ ("This is finished and stays as it is."));
  if (after == NULL)
    return;
  /* What comes back was valid once, and may be known here in part only. */
  if (before == NULL && after->rev > 0)
    return;
  csl_record_validate_change (before, after, problems);
  if (type->workflow == NULL)
    return;
  actor = csl_session_get_actor (self);
  csl_workflow_check (type->workflow, before, after, &actor, reason, problems);
}

CslProblems *
csl_session_check (CslSession *self, const CslEdit *edit)
{
  CslProblems *problems;

  g_return_val_if_fail (CSL_IS_SESSION (self) && edit != NULL, NULL);
  problems = csl_problems_new ();
  for (guint i = 0; i < csl_edit_get_size (edit); i++)
    check_change (self, csl_edit_get_before (edit, i), csl_edit_get_after (edit, i),
                  csl_edit_get_reason (edit), problems);
  return problems;
}
