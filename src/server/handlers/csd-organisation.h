/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdOrganisation: one organisation while the server runs: its storage, its people, and small caches of what rights
 * depend on. Everything is used with `lock` held.
 */
#pragma once

#include "core/base/csl-env.h"
#include "server/handlers/csd-directory.h"

G_BEGIN_DECLS

#define CSD_MAX_TIERS 8

typedef struct _CsdOrganisation CsdOrganisation;
struct _CsdOrganisation
{
  char id[40];
  const CslSchema *schema; /* (unowned) */
  const CslEnv *env;       /* (unowned) */
  CsdStorage *storage;     /* (owned) */
  GMutex lock;
  bool told;               /* that the storage has failed and is not well yet */
  CsdDirectory *directory; /* (owned) (nullable): loaded when needed */
  char today[16];          /* the directory is of this day */
  char checked[16];        /* access was last computed for everybody on this day */
  gint64
    foreign; /* newest commit of another process that nobody here was told of; 0: none */
  const char *tiers[CSD_MAX_TIERS]; /* (unowned): bit i + 1 of an access mask */
  guint n_tiers;
  GHashTable *cases;   /* (owned) id → CsdCaseInfo */
  GHashTable *clients; /* (owned) id → CsdClientInfo */
  GHashTable *known;   /* (owned) set of record ids that are there, with their type */
  GHashTable *digests; /* (owned) user → CsdDigest */
};

/* A user's hash over all bucket sums, as of a commit. */
typedef struct
{
  gint64 seq;
  char sums[20];
} CsdDigest;

/* Takes @storage. */
CsdOrganisation *csd_organisation_new (const char *id,
                                       CsdStorage *storage,
                                       const CslSchema *schema,
                                       const CslEnv *env) G_GNUC_WARN_UNUSED_RESULT;
void csd_organisation_free (CsdOrganisation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CsdOrganisation, csd_organisation_free)

/* Around every use. Locking also takes in what another process has written, and puts another storage in the place of one that
 * has failed: pointers to the storage, and to what it has told, hold as long as the lock. */
void csd_organisation_lock (CsdOrganisation *self);
void csd_organisation_unlock (CsdOrganisation *self);
/* For whoever may not wait: FALSE when somebody else has it. */
bool csd_organisation_try_lock (CsdOrganisation *self) G_GNUC_WARN_UNUSED_RESULT;

/* The directory of today; NULL with @error. */
const CsdDirectory *csd_organisation_get_directory (CsdOrganisation *self,
                                                    GError **error);
void csd_organisation_forget_directory (CsdOrganisation *self);
/* NULL: there is no such case or client (or the storage failed). Borrowed until it is forgotten. */
const CsdCaseInfo *csd_organisation_get_case (CsdOrganisation *self, const char *id);
const CsdClientInfo *csd_organisation_get_client (CsdOrganisation *self, const char *id);
void csd_organisation_forget_case (CsdOrganisation *self, const char *id);
void csd_organisation_forget_client (CsdOrganisation *self, const char *id);
/* Is there such a record? Remembered when it is. FALSE with @error: the storage failed. */
bool csd_organisation_has_record (CsdOrganisation *self,
                                  const CslRecordType *type,
                                  const char *id,
                                  GError **error);
/* After a rollback: nothing in memory may be newer than the storage. */
void csd_organisation_forget_all (CsdOrganisation *self);

/* Splits "c:<id>:notes" into "c:<id>" and the bit of its tier (1 for none, 0 for a tier that is not known). */
guint csd_organisation_split_bucket (const CsdOrganisation *self,
                                     const char *bucket,
                                     char ret_base[CSD_BUCKET_SIZE]);
/* Name of the bucket of @base behind @bit. Caller frees. */
char *csd_organisation_join_bucket (const CsdOrganisation *self,
                                    const char *base,
                                    guint bit) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
