/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the account share. */
#pragma once

#include "client/app/csl-account.h"
#include "client/app/csl-keyring.h"
#include "client/app/csl-session-private.h"
#include "core/wire/csl-transport.h"

G_BEGIN_DECLS

/* Of the certificate in the account's folder; account.ini holds the name alone, so that the folder may be moved. */
#define CSL_ACCOUNT_CA_NAME "ca.pem"

struct _CslAccount
{
  GObject parent_instance;

  char *folder;                                     /* (owned): of this account */
  char *id;                                         /* (owned): its name */
  char *server, *ca_file, *username, *display_name; /* (owned), ca_file (nullable) */
  char *organisation, *organisation_name, *user;    /* (owned): ids and a name */
  char *
    organisation_code; /* (owned) (nullable): its short name, where the worker typed it */
  char *device;        /* (owned) (nullable): id; known since there is a PIN */
  CslSecret *
    damaged_key; /* (owned) (nullable): of a replica that could not be opened because it is damaged */
};

/* The definitions built in: read once, immutable, and there until the program ends, because records
 * that pages still hold point to their types. */
CslSchema *csl_account_ref_schema (void) G_GNUC_WARN_UNUSED_RESULT;
/* The folder of all accounts. */
char *csl_account_dup_default_folder (void) G_GNUC_WARN_UNUSED_RESULT;
/* NULL when there is no readable account.ini in @folder, or it was set aside. */
CslAccount *csl_account_load (const char *folder) G_GNUC_WARN_UNUSED_RESULT;
/* Writes account.ini, whole or not at all. CSL_ACCOUNT_ERROR_DISK. */
bool csl_account_store (CslAccount *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *csl_account_dup_replica_path (CslAccount *self) G_GNUC_WARN_UNUSED_RESULT;
/* Of the wrapped key (csl-key-file.h): who destroys that file first leaves nothing that can be opened. */
char *csl_account_dup_keys_path (CslAccount *self) G_GNUC_WARN_UNUSED_RESULT;

char *csl_account_dup_lease_path (CslAccount *self) G_GNUC_WARN_UNUSED_RESULT;
char *csl_account_dup_attempts_path (CslAccount *self) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps the server's share that came with @tokens. CSL_ACCOUNT_ERROR_DISK. */
bool csl_account_take_lease (CslAccount *self, const CslTokens *tokens, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;

typedef struct
{
  const char *address, *ca_file; /* (unowned), the second (nullable) */
  const CslSchema *schema;       /* (unowned) */
  CslSignIn sign_in;
} CslAccountServer;
/* Signs in, on this thread, with a transport of its own. */
bool csl_account_ask_server (const CslAccountServer *server,
                             CslCredentials *credentials,
                             CslTokens *tokens,
                             GCancellable *cancellable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens what is there into @parts: lock, keys, replica, reader. Changes nothing when it fails. On the
 * database thread. */
bool csl_account_open_parts (CslAccount *self,
                             CslSessionParts *parts,
                             GCancellable *cancellable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with a key that is known already. @parts may have credentials that have just signed in. */
bool csl_account_open_with_key (CslAccount *self,
                                CslSecret *key,
                                CslSessionParts *parts,
                                GCancellable *cancellable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes the lock of the account's folder; -1 with CSL_ACCOUNT_ERROR_IN_USE or DISK. */
int csl_account_lock (CslAccount *self, GError **error);
bool csl_account_open_reader (CslAccount *self,
                              CslSecret *key,
                              CslSessionParts *parts,
                              GError **error);
void csl_account_fill_parts (CslAccount *self, CslSessionParts *parts);

/* CSL_ACCOUNT_ERROR_* for errors of the keyring, the store and the network (takes @raw). */
void csl_account_propagate_error (GError **error, GError *raw);
/* The same for a sign-in, where the server's code says more. */
void csl_account_propagate_sign_in_error (GError **error,
                                          GError *raw,
                                          const CslExchangeReply *reply);

G_END_DECLS
