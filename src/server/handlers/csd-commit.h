/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdCommit: the one way to write records. A commit holds pieces (groups); a piece is kept or undone as a whole.
 *
 *   csd_commit_begin          the organisation's lock is held
 *     csd_commit_open         a piece
 *       csd_commit_write …    records with history; access that follows from them is remembered
 *     csd_commit_close        computes that access, keeps the piece       or   csd_commit_undo
 *   csd_commit_finish         raises head, durable                        or   csd_commit_abandon
 */
#pragma once

#include "server/handlers/csd-organisation.h"

G_BEGIN_DECLS

typedef struct
{
  CsdOrganisation *organisation; /* (unowned) */
  CsdStorage *storage;           /* (unowned) */
  gint64 seq;
  char at[64]; /* instant of the server */
  /* of the open piece: what access depends on */
  GHashTable *cases, *clients, *users; /* (owned) sets of ids */
  bool directory_changed;
  GHashTable *
    decided; /* (owned) set of "user bucket" and "user *": access given by who knew what a restore brought */
  /* of the whole commit: who is told */
  GHashTable *buckets;        /* (owned) set of base buckets that changed */
  GHashTable *access_changed; /* (owned) set of users */
} CsdCommit;

/* Content of a record, so that its line of a pull stays below the limit of a line. */
#define CSD_MAX_DOC (1024 * 1024 - 4096)

/* One change of one record. */
typedef struct
{
  const char *who;         /* user id */
  const char *op, *device; /* (nullable) */
  const char *accepted_by; /* (nullable): user who took over what @who had written */
  const char *act;         /* "create", "update", "delete", "restore", "import" */
  const GArray
    *changed; /* (nullable) of guint: fields whose value differs from @before */
  const CslRecord *before; /* (nullable) */
  const char *created_at;  /* (nullable): instead of now (imports) */
  const char *created_by;  /* (nullable) */
  bool from_before;        /* it may come from a history that a restore has ended */
} CsdChange;

bool csd_commit_begin (CsdCommit *self, CsdOrganisation *organisation, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
bool csd_commit_open (CsdCommit *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool csd_commit_close (CsdCommit *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csd_commit_undo (CsdCommit *self);
/* Durable when TRUE; rolled back when FALSE. */
bool csd_commit_finish (CsdCommit *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csd_commit_abandon (CsdCommit *self);
void csd_commit_clear (CsdCommit *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CsdCommit, csd_commit_clear)

/* Fills the server's fields of @record, gives references, writes it with its history. @stored: key, type, id and bucket
 * set; frev is brought up to date from change->changed. */
bool csd_commit_write (CsdCommit *self,
                       CsdStored *stored,
                       CslRecord *record,
                       const CsdChange *change,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Users to be told of this commit, NULL-terminated. */
char **csd_commit_list_users (CsdCommit *self) G_GNUC_WARN_UNUSED_RESULT;

/* Stamp of each field: stored->frev over created_rev. (transfer full), type->n_fields entries. */
gint64 *csd_frev_read (const CsdStored *stored) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
