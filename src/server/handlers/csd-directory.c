/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-directory.c: the people of an organisation with their roles in force. */
#include "config.h"

#include "server/handlers/csd-directory.h"

static void
member_free (gpointer data)
{
  CsdMember *member = data;

  g_array_unref (member->memberships);
  g_ptr_array_unref (member->roles);
  g_free (member);
}

static CsdMember *
get_member (CsdDirectory *self, const char *user)
{
  CsdMember *member = g_hash_table_lookup (self->members, user);

  if (member != NULL)
    return member;
  member = g_new0 (CsdMember, 1);
  g_strlcpy (member->id, user, sizeof member->id);
  member->memberships = g_array_new (FALSE, TRUE, sizeof (CsdMembership));
  member->roles = g_ptr_array_new ();
  g_hash_table_insert (self->members, member->id, member);
  return member;
}

static void
add_row (CsdDirectory *self, const CslSchema *schema, const CsdMembershipRow *row)
{
  CsdMember *member = get_member (self, row->user);
  CsdMembership membership = { .role = csl_schema_lookup_role (schema, row->role) };

  if (membership.role == NULL)
    return;
  g_strlcpy (membership.centre, row->centre, sizeof membership.centre);
  g_array_append_val (member->memberships, membership);
  g_ptr_array_add (member->roles, (gpointer) membership.role);
}

CsdDirectory *
csd_directory_load (CsdStorage *storage,
                    const CslSchema *schema,
                    const char *today,
                    GError **error)
{
  g_autoptr (CsdDirectory) self = g_new0 (CsdDirectory, 1);
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (CsdMembershipRow));
  GHashTableIter iter;
  gpointer member = NULL;

  self->members = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, member_free);
  self->teams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!storage->load_directory (storage, today, rows, self->teams, error))
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    add_row (self, schema, &g_array_index (rows, CsdMembershipRow, i));
  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, NULL, &member))
    g_ptr_array_add (((CsdMember *) member)->roles, NULL);
  return g_steal_pointer (&self);
}

void
csd_directory_free (CsdDirectory *self)
{
  g_clear_pointer (&self->members, g_hash_table_unref);
  g_clear_pointer (&self->teams, g_hash_table_unref);
  g_free (self);
}

const CsdMember *
csd_directory_lookup (const CsdDirectory *self, const char *user)
{
  return g_hash_table_lookup (self->members, user);
}

bool
csd_directory_is_in_team (const CsdDirectory *self, const char *team, const char *user)
{
  char key[96];

  g_snprintf (key, sizeof key, "%s %s", team, user);
  return g_hash_table_contains (self->teams, key);
}
