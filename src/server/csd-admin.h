/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an administrator and the demo do with a server that is open in this process: organisations, accounts, bulk
 * import, verification. Everything goes through the same commits as a push.
 */
#pragma once

#include "core/schema/csl-record.h"
#include "core/wire/csl-answer.h"
#include "core/wire/csl-work-copy.h"
#include "server/csd-server.h"

G_BEGIN_DECLS

/* One account with the record of the person and, optionally, a role. */
typedef struct
{
  const char
    *user; /* (nullable) id of the person's record; made when NULL or not there yet */
  const char *username, *first_name, *last_name, *email;
  const char *password;
  const char *role;   /* (nullable): role of a first membership */
  const char *centre; /* (nullable): id, for the membership */
  bool must_change;
} CsdNewAccount;

/* A record to import, with its author and time. Server fields that are set already (references) are kept. */
typedef struct
{
  CslRecord *record;      /* (unowned): gets its server fields */
  const char *created_by; /* (nullable) user id */
  const char *created_at; /* instant text */
} CsdImport;

/* Makes the organisation's file and its organisation record. @code: letters, digits and hyphens, at most 63; signing
 * in compares it in small letters. @ret_id: its id. */
bool csd_server_add_organisation (CsdServer *self,
                                  const char *code,
                                  const char *name,
                                  char ret_id[40],
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with a whole organisation record (its id, code and name set). */
bool csd_server_add_organisation_record (CsdServer *self,
                                         CslRecord *record,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csd_server_list_organisations (CsdServer *self,
                                    CsdOrganisationFunc func,
                                    gpointer data,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csd_server_list_accounts (CsdServer *self,
                               CsdAccountFunc func,
                               gpointer data,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The id of the person with this user name. @code may be NULL. Caller frees. */
char *csd_server_dup_user_id (CsdServer *self,
                              const char *code,
                              const char *username,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The id of the organisation with this short name; G_IO_ERROR_NOT_FOUND. Caller frees. */
char *csd_server_dup_organisation_id (CsdServer *self, const char *code, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Adds person, membership and account. @ret_user may be NULL. G_IO_ERROR_INVALID_ARGUMENT for bad input,
 * G_IO_ERROR_EXISTS when the user name is taken. */
bool csd_server_add_account (CsdServer *self,
                             const char *organisation,
                             const CsdNewAccount *account,
                             char ret_user[40],
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Only the account, for a person whose record was imported. */
bool csd_server_add_login (CsdServer *self,
                           const char *organisation,
                           const CsdNewAccount *account,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives a person a role. */
bool csd_server_add_membership (CsdServer *self,
                                const char *organisation,
                                const char *user,
                                const char *role,
                                const char *centre,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Disabled accounts cannot sign in, and their sessions end at once. */
bool csd_server_set_disabled (CsdServer *self,
                              const char *organisation_code,
                              const char *username,
                              bool disabled,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* New password; ends the sessions. */
bool csd_server_set_password (CsdServer *self,
                              const char *organisation_code,
                              const char *username,
                              const char *password,
                              bool must_change,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
#define CSD_MOST_LEASE_DAYS   30
#define CSD_MOST_LOCK_MINUTES 60
/* How the replicas of the organisation's workers are locked. @organisation: its id. The secret is never changed. The
 * second: G_IO_ERROR_INVALID_ARGUMENT beyond the bounds. */
bool csd_server_get_lock (CsdServer *self,
                          const char *organisation,
                          CsdLockPolicy *ret_policy,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csd_server_set_lock (CsdServer *self,
                          const char *organisation,
                          const CsdLockPolicy *policy,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All records in one commit each thousand; parents before children. Values are brought into the form in which clients
 * read them (text trimmed, sets sorted) and validated; a record that is not acceptable, or cannot be read back, fails the
 * import with G_IO_ERROR_INVALID_DATA naming it, and nothing of its thousand is kept. */
bool csd_server_import (CsdServer *self,
                        const char *organisation,
                        const CsdImport *records,
                        guint n_records,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One operation that was taken in. */
typedef void (*CsdTakenInFunc) (const CslAnswer *answer, const char *line, gpointer data);
/* Unsent work out of a sealed copy, judged as if its author had sent it now; each operation has one effect however often it
 * comes. @func hears of each in order. G_IO_ERROR_NOT_FOUND: another server's organisation or person; nothing changed. */
bool csd_server_take_in (CsdServer *self,
                         const CslWorkCopy *copy,
                         CsdTakenInFunc func,
                         gpointer data,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Copies registry and organisations into @folder, which is made and must be empty or new; the keys are not copied. From
 * then on devices know that everything up to that moment is safe. May run beside a serving process. */
bool csd_server_back_up (CsdServer *self, const char *folder, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
/* Feed = tables = sums. @findings (of char*) stays empty when all is well. */
bool csd_server_verify (CsdServer *self,
                        const char *organisation,
                        GPtrArray *findings,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
