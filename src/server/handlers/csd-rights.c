/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-rights.c: what a member may see and do. */
#include "config.h"

#include "server/handlers/csd-rights.h"

#include <string.h>

static guint
stranded_bit (const CsdOrganisation *organisation)
{
  for (guint i = 0; i < organisation->n_tiers; i++)
    if (strcmp (organisation->tiers[i], "stranded") == 0)
      return 2u << i;
  return 0;
}

static bool
is_own_case (const CsdMember *member, const CsdCaseInfo *info)
{
  if (strcmp (info->created_by, member->id) == 0 ||
      strcmp (info->advisor, member->id) == 0)
    return true;
  for (guint i = 0; i < info->assigned->len; i++)
    if (strcmp (g_ptr_array_index (info->assigned, i), member->id) == 0)
      return true;
  return false;
}

static bool
covers_centre (const CsdMembership *membership, const char *centre)
{
  return *membership->centre == '\0' || strcmp (membership->centre, centre) == 0;
}

static bool
scope_covers_case (const CsdOrganisation *organisation,
                   const CsdMember *member,
                   const CsdMembership *membership,
                   CslScope scope,
                   const CsdCaseInfo *info)
{
  switch (scope) {
  case CSL_SCOPE_NONE:
    return false;
  case CSL_SCOPE_OWN:
    return is_own_case (member, info);
  case CSL_SCOPE_TEAM:
    return is_own_case (member, info) ||
           (*info->team != '\0' &&
            csd_directory_is_in_team (organisation->directory, info->team, member->id));
  case CSL_SCOPE_CENTRE:
    return covers_centre (membership, info->centre);
  case CSL_SCOPE_ORGANISATION:
    return true;
  }
  return false;
}

static bool
scope_covers_client (const CsdMember *member,
                     const CsdMembership *membership,
                     CslScope scope,
                     const CsdClientInfo *info,
                     bool sees_case)
{
  switch (scope) {
  case CSL_SCOPE_NONE:
    return false;
  case CSL_SCOPE_OWN:
  case CSL_SCOPE_TEAM:
    return sees_case || strcmp (info->created_by, member->id) == 0 ||
           strcmp (info->primary_worker, member->id) == 0;
  case CSL_SCOPE_CENTRE:
    return sees_case || covers_centre (membership, info->centre);
  case CSL_SCOPE_ORGANISATION:
    return true;
  }
  return false;
}

/* A part of a file is for those who read the file; but for work that waits for a decision, which somebody must be able to
 * take who reads no files. */
static guint
without_file (const CsdOrganisation *organisation, guint mask)
{
  return (mask & 1) != 0 ? mask : mask & stranded_bit (organisation);
}

guint
csd_rights_case_mask (const CsdOrganisation *organisation,
                      const CsdMember *member,
                      const CsdCaseInfo *info)
{
  guint mask = 0;

  for (guint i = 0; i < member->memberships->len; i++) {
    const CsdMembership *membership =
      &g_array_index (member->memberships, CsdMembership, i);

    for (guint bit = 0; bit <= organisation->n_tiers; bit++) {
      CslGrant grant =
        csl_role_get_grant (membership->role,
                            bit == 0 ? "cases" : organisation->tiers[bit - 1]);

      if ((grant.actions & CSL_ACTION_READ) != 0 &&
          scope_covers_case (organisation, member, membership, grant.scope, info))
        mask |= 1u << bit;
    }
  }
  return without_file (organisation, mask);
}

guint
csd_rights_client_mask (const CsdOrganisation *organisation,
                        const CsdMember *member,
                        const CsdClientInfo *info,
                        bool sees_case)
{
  guint mask = 0;

  for (guint i = 0; i < member->memberships->len; i++) {
    const CsdMembership *membership =
      &g_array_index (member->memberships, CsdMembership, i);

    for (guint bit = 0; bit <= organisation->n_tiers; bit++) {
      CslGrant grant =
        csl_role_get_grant (membership->role,
                            bit == 0 ? "clients" : organisation->tiers[bit - 1]);

      if ((grant.actions & CSL_ACTION_READ) != 0 &&
          scope_covers_client (member, membership, grant.scope, info, sees_case))
        mask |= 1u << bit;
    }
  }
  return without_file (organisation, mask);
}

bool
csd_rights_sees_stranded (const CsdOrganisation *organisation, const CsdMember *member)
{
  for (guint i = 0; i < member->memberships->len; i++) {
    const CsdMembership *membership =
      &g_array_index (member->memberships, CsdMembership, i);
    CslGrant grant = csl_role_get_grant (membership->role, "stranded");

    if ((grant.actions & CSL_ACTION_READ) != 0 &&
        (grant.scope == CSL_SCOPE_ORGANISATION ||
         (grant.scope == CSL_SCOPE_CENTRE && *membership->centre == '\0')))
      return true;
  }
  return false;
}

guint
csd_rights_common_mask (const CsdOrganisation *organisation, const CsdMember *member)
{
  return 1 |
         (csd_rights_sees_stranded (organisation, member) ? stranded_bit (organisation)
                                                          : 0);
}

/* Lists and people: reading and writing by role; "own" reaches what names the member. */
static bool
scope_covers_directory (const CsdMember *member, CslScope scope, const CslRecord *record)
{
  const CslField *field = NULL;

  if (scope != CSL_SCOPE_OWN)
    return scope != CSL_SCOPE_NONE;
  if (record == NULL)
    return false;
  if (strcmp (record->id, member->id) == 0)
    return true;
  field = csl_record_type_lookup_field (record->type, "user");
  if (field != NULL &&
      g_strcmp0 (csl_value_get_text (&record->values[field->index]), member->id) == 0)
    return true;
  return g_strcmp0 (csl_record_get_text (record, "created_by"), member->id) == 0;
}

typedef struct
{
  CsdOrganisation *organisation; /* (unowned) */
  const CsdMember *member;       /* (unowned) */
  bool found;
} OwnSearch;

static void
search_own_cb (const char *id, gpointer data)
{
  OwnSearch *search = data;
  const CsdCaseInfo *info = NULL;

  if (search->found)
    return;
  info = csd_organisation_get_case (search->organisation, id);
  search->found = info != NULL && is_own_case (search->member, info);
}

static bool
has_own_case (CsdOrganisation *organisation, const CsdMember *member, const char *client)
{
  OwnSearch search = { .organisation = organisation, .member = member };

  return organisation->storage->list_client_cases (organisation->storage, client,
                                                   search_own_cb, &search, NULL) &&
         search.found;
}

typedef struct
{
  char kind; /* 'a' 'u' 'c' 'p' */
  const char *id;
  const CsdCaseInfo *case_info;
  const CsdClientInfo *client_info;
  bool sees_case;
  const CslRecord *record;
} Place;

static bool
scope_covers (CsdOrganisation *organisation,
              const CsdMember *member,
              const CsdMembership *membership,
              CslScope scope,
              const Place *place)
{
  switch (place->kind) {
  case 'c':
    return place->case_info != NULL &&
           scope_covers_case (organisation, member, membership, scope, place->case_info);
  case 'p':
    return place->client_info != NULL &&
           scope_covers_client (member, membership, scope, place->client_info,
                                place->sees_case);
  case 'u':
    return scope != CSL_SCOPE_NONE && strcmp (place->id, member->id) == 0;
  case 'a':
    return scope_covers_directory (member, scope, place->record);
  default:
    return false;
  }
}

bool
csd_rights_may (CsdOrganisation *organisation,
                const CsdMember *member,
                const char *area,
                CslAction action,
                const char *bucket,
                const CslRecord *record)
{
  char base[CSD_BUCKET_SIZE];
  Place place = { .kind = bucket[0], .record = record };

  csd_organisation_split_bucket (organisation, bucket, base);
  place.id = base + 2;
  if (place.kind == 'c')
    place.case_info = csd_organisation_get_case (organisation, place.id);
  if (place.kind == 'p') {
    place.client_info = csd_organisation_get_client (organisation, place.id);
    place.sees_case = has_own_case (organisation, member, place.id);
  }
  for (guint i = 0; i < member->memberships->len; i++) {
    const CsdMembership *membership =
      &g_array_index (member->memberships, CsdMembership, i);
    CslGrant grant = csl_role_get_grant (membership->role, area);

    if ((grant.actions & action) != 0 &&
        scope_covers (organisation, member, membership, grant.scope, &place))
      return true;
  }
  return false;
}
