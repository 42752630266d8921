/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-admin.c: organisations and accounts. */
#include "config.h"

#include "server/csd-admin.h"

#include "core/base/csl-id.h"
#include "core/base/csl-time.h"
#include "server/csd-server-private.h"
#include "server/store/sqlite/csd-sqlite-storage.h"

#include <string.h>

static bool fail (GError **error, GIOErrorEnum code, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

static bool
fail (GError **error, GIOErrorEnum code, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (G_IO_ERROR, code, format, args);
  va_end (args);
  return false;
}

static bool
is_code (const char *code)
{
  gsize length = strlen (code);

  if (length == 0 || length > 63 || *code == '-')
    return false;
  for (const char *p = code; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-')
      return false;
  return true;
}

static bool
import_record (CsdServer *self,
               const char *organisation,
               CslRecord *record,
               const char *by,
               GError **error)
{
  g_autofree char *now = csl_instant_format (csl_env_wall_ms (self->env), NULL);
  const CsdImport import = { record, by, now };

  return csd_server_import (self, organisation, &import, 1, error);
}

/* The file of the organisation and its line in the registry. */
static bool
add_organisation_file (CsdServer *self, const CsdOrganisationRow *row, GError **error)
{
  g_autofree char *path = csd_server_dup_organisation_path (self, row->id);
  CsdStorage *storage =
    csd_sqlite_storage_open (path, self->schema, self->env, true, error);
  bool added = false;

  if (storage == NULL)
    return false;
  csd_storage_free (storage);
  csd_registry_lock (self->registry);
  added = self->registry->add_organisation (self->registry, row, error);
  csd_registry_unlock (self->registry);
  return added;
}

bool
csd_server_add_organisation_record (CsdServer *self, CslRecord *record, GError **error)
{
  const char *code = csl_record_get_text (record, "code");
  const char *name = csl_record_get_text (record, "name");
  CsdOrganisationRow row = { 0 };

  if (code == NULL || !is_code (code))
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” is no short name: use letters, digits and hyphens",
                 code != NULL ? code : "");
  g_strlcpy (row.id, record->id, sizeof row.id);
  for (gsize i = 0; i < strlen (code); i++)
    row.code[i] = g_ascii_tolower (code[i]);
  g_strlcpy (row.name, name != NULL ? name : code, sizeof row.name);
  return add_organisation_file (self, &row, error) &&
         import_record (self, record->id, record, record->id, error);
}

bool
csd_server_add_organisation (CsdServer *self,
                             const char *code,
                             const char *name,
                             char ret_id[40],
                             GError **error)
{
  const CslRecordType *type = csl_schema_lookup_type (self->schema, "organisation");
  CslId id = csl_id_new (self->env);
  g_autoptr (CslRecord) record = csl_record_new (type, id.text);

  csl_record_set_text (record, "name", name);
  csl_record_set_text (record, "code", code);
  csl_record_set_text (record, "status", "active");
  g_strlcpy (ret_id, id.text, 40);
  return csd_server_add_organisation_record (self, record, error);
}

bool
csd_server_list_organisations (CsdServer *self,
                               CsdOrganisationFunc func,
                               gpointer data,
                               GError **error)
{
  bool good = false;

  csd_registry_lock (self->registry);
  good = self->registry->list_organisations (self->registry, func, data, error);
  csd_registry_unlock (self->registry);
  return good;
}

bool
csd_server_list_accounts (CsdServer *self,
                          CsdAccountFunc func,
                          gpointer data,
                          GError **error)
{
  bool good = false;

  csd_registry_lock (self->registry);
  good = self->registry->list_accounts (self->registry, func, data, error);
  csd_registry_unlock (self->registry);
  return good;
}

typedef struct
{
  const char *code;
  char *id;
} CodeSearch;

static void
match_code_cb (const CsdOrganisationRow *row, gpointer data)
{
  CodeSearch *search = data;

  if (search->id == NULL && g_ascii_strcasecmp (row->code, search->code) == 0)
    search->id = g_strdup (row->id);
}

char *
csd_server_dup_organisation_id (CsdServer *self, const char *code, GError **error)
{
  CodeSearch search = { .code = code };
  bool listed;

  csd_registry_lock (self->registry);
  listed =
    self->registry->list_organisations (self->registry, match_code_cb, &search, error);
  csd_registry_unlock (self->registry);
  if (listed && search.id == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no organisation “%s”",
                 code);
  return search.id;
}

static void
collect_cb (const CsdAccount *account, gpointer data)
{
  g_array_append_vals (data, account, 1);
}

/* Accounts of this name in @organisation (an id). */
static bool
is_name_taken (CsdServer *self, const char *organisation, const char *username)
{
  g_autoptr (GArray) accounts = g_array_new (FALSE, TRUE, sizeof (CsdAccount));

  csd_registry_lock (self->registry);
  self->registry->find_accounts (self->registry, NULL, username, collect_cb, accounts,
                                 NULL);
  csd_registry_unlock (self->registry);
  for (guint i = 0; i < accounts->len; i++)
    if (strcmp (g_array_index (accounts, CsdAccount, i).organisation, organisation) == 0)
      return true;
  return false;
}

static bool
check_account (CsdServer *self,
               const char *organisation,
               const CsdNewAccount *account,
               GError **error)
{
  const char *refusal = csd_password_refuse (account->password, account->username);

  if (*account->username == '\0' || strlen (account->username) > 120 ||
      !g_utf8_validate (account->username, -1, NULL))
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "this is no user name");
  if (refusal != NULL)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "%s", refusal);
  if (account->role != NULL &&
      csl_schema_lookup_role (self->schema, account->role) == NULL)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "there is no role “%s”",
                 account->role);
  if (is_name_taken (self, organisation, account->username))
    return fail (error, G_IO_ERROR_EXISTS, "the user name “%s” is taken",
                 account->username);
  return true;
}

bool
csd_server_add_login (CsdServer *self,
                      const char *organisation,
                      const CsdNewAccount *account,
                      GError **error)
{
  CsdAccount row = { .must_change = account->must_change };
  bool done = false;

  if (!check_account (self, organisation, account, error))
    return false;
  if (!csd_password_hash (account->password, &self->auth.cost, row.hash))
    return fail (error, G_IO_ERROR_NO_SPACE, "not enough memory for the password hash");
  g_strlcpy (row.user, account->user, sizeof row.user);
  g_strlcpy (row.organisation, organisation, sizeof row.organisation);
  g_strlcpy (row.username, account->username, sizeof row.username);
  g_snprintf (row.display_name, sizeof row.display_name, "%s %s",
              account->first_name != NULL ? account->first_name : "",
              account->last_name != NULL ? account->last_name : "");
  g_strstrip (row.display_name);
  if (*row.display_name == '\0')
    g_strlcpy (row.display_name, row.username, sizeof row.display_name);
  csd_registry_lock (self->registry);
  done = self->registry->put_account (self->registry, &row, error);
  csd_registry_unlock (self->registry);
  return done;
}

static CslRecord *
make_person (CsdServer *self, const CsdNewAccount *account, const char *id)
{
  CslRecord *record = csl_record_new (csl_schema_lookup_type (self->schema, "user"), id);
  g_autofree char *email = g_strconcat (account->username, "@example.invalid", NULL);

  csl_record_set_text (record, "username", account->username);
  csl_record_set_text (record, "email", account->email != NULL ? account->email : email);
  csl_record_set_text (record, "first_name", account->first_name);
  csl_record_set_text (record, "last_name", account->last_name);
  csl_record_set_bool (record, "is_active", true);
  return record;
}

bool
csd_server_add_membership (CsdServer *self,
                           const char *organisation,
                           const char *user,
                           const char *role,
                           const char *centre,
                           GError **error)
{
  CslId id = csl_id_new (self->env);
  g_autoptr (CslRecord) record =
    csl_record_new (csl_schema_lookup_type (self->schema, "membership"), id.text);

  if (csl_schema_lookup_role (self->schema, role) == NULL)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "there is no role “%s”", role);
  csl_record_set_text (record, "user", user);
  csl_record_set_text (record, "organisation", organisation);
  csl_record_set_text (record, "role", role);
  csl_record_set_text (record, "status", "active");
  if (centre != NULL)
    csl_record_set_text (record, "centre", centre);
  return import_record (self, organisation, record, user, error);
}

bool
csd_server_add_account (CsdServer *self,
                        const char *organisation,
                        const CsdNewAccount *account,
                        char ret_user[40],
                        GError **error)
{
  CsdNewAccount copy = *account;
  CslId id = csl_id_new (self->env);
  g_autoptr (CslRecord) person = NULL;

  if (!check_account (self, organisation, account, error))
    return false;
  if (copy.user == NULL)
    copy.user = id.text;
  person = make_person (self, account, copy.user);
  if (!import_record (self, organisation, person, copy.user, error))
    return false;
  if (account->role != NULL &&
      !csd_server_add_membership (self, organisation, copy.user, account->role,
                                  account->centre, error))
    return false;
  if (ret_user != NULL)
    g_strlcpy (ret_user, copy.user, 40);
  return csd_server_add_login (self, organisation, &copy, error);
}

/* Exactly one account. @code may be NULL when the name is in one organisation only. */
static bool
find_one (CsdServer *self,
          const char *code,
          const char *username,
          CsdAccount *ret_account,
          GError **error)
{
  g_autoptr (GArray) accounts = g_array_new (FALSE, TRUE, sizeof (CsdAccount));
  bool good = false;

  csd_registry_lock (self->registry);
  good = self->registry->find_accounts (self->registry, code, username, collect_cb,
                                        accounts, error);
  csd_registry_unlock (self->registry);
  if (!good)
    return false;
  if (accounts->len == 0)
    return fail (error, G_IO_ERROR_NOT_FOUND, "there is no user “%s”", username);
  if (accounts->len > 1)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT,
                 "“%s” is in several organisations; say which", username);
  *ret_account = g_array_index (accounts, CsdAccount, 0);
  return true;
}

char *
csd_server_dup_user_id (CsdServer *self,
                        const char *code,
                        const char *username,
                        GError **error)
{
  CsdAccount account;

  return find_one (self, code, username, &account, error) ? g_strdup (account.user)
                                                          : NULL;
}

/* Writes the account and ends its sessions. */
static bool
change_account (CsdServer *self, const CsdAccount *account, GError **error)
{
  bool good = false;

  csd_registry_lock (self->registry);
  good =
    self->registry->put_account (self->registry, account, error) &&
    self->registry->revoke_sessions (self->registry, account->user, NULL, NULL, error);
  csd_registry_unlock (self->registry);
  return good;
}

bool
csd_server_set_disabled (CsdServer *self,
                         const char *organisation_code,
                         const char *username,
                         bool disabled,
                         GError **error)
{
  CsdAccount account;

  if (!find_one (self, organisation_code, username, &account, error))
    return false;
  account.disabled = disabled;
  return change_account (self, &account, error);
}

bool
csd_server_set_password (CsdServer *self,
                         const char *organisation_code,
                         const char *username,
                         const char *password,
                         bool must_change,
                         GError **error)
{
  CsdAccount account;
  const char *refusal = csd_password_refuse (password, username);

  if (!find_one (self, organisation_code, username, &account, error))
    return false;
  if (refusal != NULL)
    return fail (error, G_IO_ERROR_INVALID_ARGUMENT, "%s", refusal);
  if (!csd_password_hash (password, &self->auth.cost, account.hash))
    return fail (error, G_IO_ERROR_NO_SPACE, "not enough memory for the password hash");
  account.must_change = must_change;
  return change_account (self, &account, error);
}
