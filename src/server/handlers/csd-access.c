/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-access.c: which member sees which case and client, as intervals in the log.
 *
 *   a case, assignment changed   → the members of that case, then its client
 *   a client changed             → the members of that client
 *   a role, user, team changed   → all cases and clients, for that user only
 */
#include "config.h"

#include "server/handlers/csd-access.h"

#include "server/handlers/csd-rights.h"

#include <string.h>

/* Has somebody given it anew in this piece? */
static CsdDecided
get_decided (CsdCommit *commit, const char *user, const char *bucket)
{
  g_autofree char *one = g_strconcat (user, " ", bucket, NULL);
  g_autofree char *all = g_strconcat ("* ", bucket, NULL);
  g_autofree char *role = g_strconcat (user, " *", NULL);
  CsdDecided decided = 0;

  if (g_hash_table_contains (commit->decided, role))
    decided |= CSD_DECIDED_ROLE;
  if (g_hash_table_contains (commit->decided, one) ||
      g_hash_table_contains (commit->decided, all))
    decided |= CSD_DECIDED_FILE;
  return decided;
}

/* Whoever has a case has its client: then nothing of the client is withheld. */
static void
decide_client (CsdCommit *commit, const char *user, const char *bucket)
{
  if (commit->storage->withholds (commit->storage))
    g_hash_table_add (commit->decided, g_strconcat (user, " ", bucket, NULL));
}

static bool
set_mask (CsdCommit *commit,
          const char *user,
          const char *bucket,
          guint now,
          guint wanted,
          GError **error)
{
  CsdStorage *storage = commit->storage;
  const char *why = NULL;

  if (storage->withholds (storage) &&
      !storage->withhold (storage, user, bucket, get_decided (commit, user, bucket),
                          &wanted, error))
    return false;
  if (now == wanted)
    return true;
  if (wanted != 0 && now == 0)
    why = "assigned";
  else
    why = g_hash_table_contains (commit->users, user) ? CSD_WHY_ROLE : "unassigned";
  g_hash_table_add (commit->access_changed, g_strdup (user));
  return storage->set_access (storage, user, bucket, wanted, why, error);
}

/* Those who have access and are no members any more. */
static bool
close_strangers (CsdCommit *commit,
                 const CsdDirectory *directory,
                 const char *bucket,
                 GHashTable *now,
                 GError **error)
{
  GHashTableIter iter;
  gpointer user = NULL;
  gpointer mask = NULL;

  g_hash_table_iter_init (&iter, now);
  while (g_hash_table_iter_next (&iter, &user, &mask))
    if (csd_directory_lookup (directory, user) == NULL &&
        !set_mask (commit, user, bucket, GPOINTER_TO_UINT (mask), 0, error))
      return false;
  return true;
}

static bool
update_case (CsdCommit *commit,
             const CsdDirectory *directory,
             const char *id,
             GError **error)
{
  const CsdCaseInfo *info = csd_organisation_get_case (commit->organisation, id);
  g_autofree char *bucket = g_strconcat ("c:", id, NULL);
  g_autoptr (GHashTable) now = NULL;
  GHashTableIter iter;
  gpointer member = NULL;

  if (info == NULL)
    return true;
  now = commit->storage->list_bucket_users (commit->storage, bucket, error);
  if (now == NULL)
    return false;
  g_hash_table_iter_init (&iter, directory->members);
  while (g_hash_table_iter_next (&iter, NULL, &member)) {
    const CsdMember *person = member;
    guint mask = GPOINTER_TO_UINT (g_hash_table_lookup (now, person->id));

    if (!set_mask (commit, person->id, bucket, mask,
                   csd_rights_case_mask (commit->organisation, person, info), error))
      return false;
  }
  if (*info->client != '\0')
    g_hash_table_add (commit->clients, g_strdup (info->client));
  return close_strangers (commit, directory, bucket, now, error);
}

typedef struct
{
  CsdCommit *commit; /* (unowned) */
  GHashTable *users; /* (owned) set: see at least one of the client's cases */
  GError *error;
} CaseUsers;

static void
add_case_users_cb (const char *id, gpointer data)
{
  CaseUsers *search = data;
  g_autofree char *bucket = g_strconcat ("c:", id, NULL);
  g_autoptr (GHashTable) masks = NULL;
  GHashTableIter iter;
  gpointer user = NULL;
  gpointer mask = NULL;

  if (search->error != NULL)
    return;
  masks = search->commit->storage->list_bucket_users (search->commit->storage, bucket,
                                                      &search->error);
  if (masks == NULL)
    return;
  g_hash_table_iter_init (&iter, masks);
  while (g_hash_table_iter_next (&iter, &user, &mask))
    if ((GPOINTER_TO_UINT (mask) & 1) != 0)
      g_hash_table_add (search->users, g_strdup (user));
}

static bool
find_case_users (CsdCommit *commit, const char *client, GHashTable *users, GError **error)
{
  CaseUsers search = { .commit = commit, .users = users };
  bool good = commit->storage->list_client_cases (commit->storage, client,
                                                  add_case_users_cb, &search, error);

  if (search.error == NULL)
    return good;
  g_propagate_error (error, search.error);
  return false;
}

static bool
update_client (CsdCommit *commit,
               const CsdDirectory *directory,
               const char *id,
               GError **error)
{
  const CsdClientInfo *info = csd_organisation_get_client (commit->organisation, id);
  g_autofree char *bucket = g_strconcat ("p:", id, NULL);
  g_autoptr (GHashTable) see_case =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) now = NULL;
  GHashTableIter iter;
  gpointer member = NULL;

  if (info == NULL)
    return true;
  now = commit->storage->list_bucket_users (commit->storage, bucket, error);
  if (now == NULL || !find_case_users (commit, id, see_case, error))
    return false;
  g_hash_table_iter_init (&iter, directory->members);
  while (g_hash_table_iter_next (&iter, NULL, &member)) {
    const CsdMember *person = member;
    guint mask = GPOINTER_TO_UINT (g_hash_table_lookup (now, person->id));
    bool sees_case = g_hash_table_contains (see_case, person->id);
    guint wanted = csd_rights_client_mask (commit->organisation, person, info, sees_case);

    if (sees_case)
      decide_client (commit, person->id, bucket);
    if (!set_mask (commit, person->id, bucket, mask, wanted, error))
      return false;
  }
  return close_strangers (commit, directory, bucket, now, error);
}

/* Everything, for one user. */
typedef struct
{
  CsdCommit *commit;       /* (unowned) */
  const char *user;        /* (unowned) */
  const CsdMember *member; /* (unowned) (nullable) */
  GHashTable *now;         /* (unowned) bucket → mask */
  GError *error;
} UserUpdate;

static void
update_user_bucket (UserUpdate *update, const char *bucket, guint wanted)
{
  guint now = GPOINTER_TO_UINT (g_hash_table_lookup (update->now, bucket));

  if (update->error == NULL)
    (void) set_mask (update->commit, update->user, bucket, now, wanted, &update->error);
  g_hash_table_remove (update->now, bucket);
}

static void
update_user_case_cb (const char *id, gpointer data)
{
  UserUpdate *update = data;
  CsdOrganisation *organisation = update->commit->organisation;
  g_autofree char *bucket = g_strconcat ("c:", id, NULL);
  const CsdCaseInfo *info = csd_organisation_get_case (organisation, id);
  guint wanted = 0;

  if (update->member != NULL && info != NULL)
    wanted = csd_rights_case_mask (organisation, update->member, info);
  update_user_bucket (update, bucket, wanted);
}

typedef struct
{
  CsdOrganisation *organisation; /* (unowned) */
  const CsdMember *member;       /* (unowned) */
  bool sees;                     /* by the records */
  bool has;                      /* and nothing of it is withheld */
} SeesCase;

static bool
has_case (const SeesCase *search, const char *id)
{
  CsdStorage *storage = search->organisation->storage;
  g_autofree char *bucket = g_strconcat ("c:", id, NULL);

  return (storage->get_access (storage, search->member->id, bucket, G_MAXINT64) & 1) != 0;
}

static void
sees_case_cb (const char *id, gpointer data)
{
  SeesCase *search = data;
  const CsdCaseInfo *info = NULL;

  if (search->sees && search->has)
    return;
  info = csd_organisation_get_case (search->organisation, id);
  if (info == NULL ||
      (csd_rights_case_mask (search->organisation, search->member, info) & 1) == 0)
    return;
  search->sees = true;
  search->has =
    !search->organisation->storage->withholds (search->organisation->storage) ||
    has_case (search, id);
}

static void
update_user_client_cb (const char *id, gpointer data)
{
  UserUpdate *update = data;
  CsdOrganisation *organisation = update->commit->organisation;
  g_autofree char *bucket = g_strconcat ("p:", id, NULL);
  const CsdClientInfo *info = csd_organisation_get_client (organisation, id);
  SeesCase search = { .organisation = organisation, .member = update->member };
  guint wanted = 0;

  if (update->error != NULL)
    return;
  if (update->member != NULL && info != NULL &&
      organisation->storage->list_client_cases (organisation->storage, id, sees_case_cb,
                                                &search, &update->error))
    wanted = csd_rights_client_mask (organisation, update->member, info, search.sees);
  if (search.has)
    decide_client (update->commit, update->user, bucket);
  update_user_bucket (update, bucket, wanted);
}

static bool
list_all (CsdCommit *commit, const char *type, CsdIdFunc func, UserUpdate *update)
{
  return commit->storage->list_ids (commit->storage,
                                    csl_schema_lookup_type (commit->organisation->schema,
                                                            type),
                                    func, update, &update->error) &&
         update->error == NULL;
}

/* Files of deleted cases and clients are no file of any list, and still there. */
static bool
update_user_rest (UserUpdate *update)
{
  guint n = 0;
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (update->now, &n);
  g_autoptr (GPtrArray) buckets = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (buckets, g_strdup (keys[i]));
  for (guint i = 0; i < n; i++) {
    const char *bucket = g_ptr_array_index (buckets, i);

    if (g_str_has_prefix (bucket, "c:"))
      update_user_case_cb (bucket + 2, update);
    else if (g_str_has_prefix (bucket, "p:"))
      update_user_client_cb (bucket + 2, update);
  }
  return update->error == NULL;
}

static bool
update_user (CsdCommit *commit,
             const CsdDirectory *directory,
             const char *user,
             GError **error)
{
  g_autofree char *common = g_strconcat ("a:", commit->organisation->id, NULL);
  g_autofree char *personal = g_strconcat ("u:", user, NULL);
  g_autoptr (GHashTable) now =
    commit->storage->list_user_buckets (commit->storage, user, error);
  UserUpdate update = { .commit = commit,
                        .user = user,
                        .member = csd_directory_lookup (directory, user),
                        .now = now };
  guint mask = update.member != NULL ? 1 : 0;
  guint shared = update.member != NULL
                   ? csd_rights_common_mask (commit->organisation, update.member)
                   : 0;

  if (now == NULL)
    return false;
  update_user_bucket (&update, common, shared);
  update_user_bucket (&update, personal, mask);
  if (list_all (commit, "case", update_user_case_cb, &update) &&
      list_all (commit, "client", update_user_client_cb, &update) &&
      update_user_rest (&update))
    return true;
  g_propagate_error (error, update.error);
  return false;
}

typedef bool (*UpdateFunc) (CsdCommit *commit,
                            const CsdDirectory *directory,
                            const char *id,
                            GError **error);

static bool
update_each (CsdCommit *commit,
             const CsdDirectory *directory,
             GHashTable *set,
             UpdateFunc func,
             GError **error)
{
  GHashTableIter iter;
  gpointer id = NULL;

  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!func (commit, directory, id, error))
      return false;
  return true;
}

bool
csd_access_update (CsdCommit *commit, GError **error)
{
  const CsdDirectory *directory = NULL;

  if (g_hash_table_size (commit->users) == 0 && g_hash_table_size (commit->cases) == 0 &&
      g_hash_table_size (commit->clients) == 0)
    return true;
  directory = csd_organisation_get_directory (commit->organisation, error);
  return directory != NULL &&
         update_each (commit, directory, commit->users, update_user, error) &&
         update_each (commit, directory, commit->cases, update_case, error) &&
         update_each (commit, directory, commit->clients, update_client, error);
}
