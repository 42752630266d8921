/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdDirectory: the people of an organisation with their roles in force; kept in memory, made anew when a role, a user or
 * a team changes, and when a new day begins.
 */
#pragma once

#include "core/schema/csl-schema.h"
#include "server/store/csd-storage.h"

G_BEGIN_DECLS

typedef struct
{
  const CslRole *role; /* (unowned) */
  char centre[40];     /* "": the whole organisation */
} CsdMembership;

typedef struct
{
  char id[40];
  GArray *memberships; /* (owned) of CsdMembership */
  GPtrArray *roles;    /* (owned) of const CslRole*, NULL-terminated */
} CsdMember;

typedef struct
{
  GHashTable *members; /* (owned) user id → CsdMember */
  GHashTable *teams;   /* (owned) set of "<team> <user>" */
} CsdDirectory;

/* NULL with @error when the storage fails. */
CsdDirectory *csd_directory_load (CsdStorage *storage,
                                  const CslSchema *schema,
                                  const char *today,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csd_directory_free (CsdDirectory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdDirectory, csd_directory_free)
/* NULL: nobody with a role in force. */
const CsdMember *csd_directory_lookup (const CsdDirectory *self, const char *user);
bool csd_directory_is_in_team (const CsdDirectory *self,
                               const char *team,
                               const char *user);

G_END_DECLS
