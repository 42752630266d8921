/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CslSession: the composition root of a signed-in worker: replica, sync, current user. Everything the pages need.
 * Main thread. Reads come from the local database at once; saves go to the local database only; the network is never
 * waited for.
 */
#pragma once

#include "client/app/csl-edit.h"
#include "client/app/csl-outbox-item.h"
#include "client/app/csl-record-item.h"
#include "client/app/csl-sync-info.h"
#include "core/schema/csl-query.h"

G_BEGIN_DECLS

#define CSL_TYPE_SESSION (csl_session_get_type ())
G_DECLARE_FINAL_TYPE (CslSession, csl_session, CSL, SESSION, GObject)

/* Signal "changed": some records changed (own save or sync); lists refresh by themselves.
 * Signal "signed-out".
 * Signal "removed": the organisation ordered this copy to go; let pages write what they have, then
 * csl_session_remove_async(). */
const CslSchema *csl_session_get_schema (CslSession *self);
CslSyncInfo *csl_session_get_sync_info (CslSession *self);
CslRecordItem *csl_session_get_user (CslSession *self); /* the worker's own user record */
const char *csl_session_get_organisation_name (CslSession *self);
const char *csl_session_get_zone (CslSession *self); /* IANA zone of this computer */
gint64 csl_session_get_now_ms (CslSession *self);

/* -- reading -- */
/* The live item (shared while anybody holds it), or NULL when this replica does not hold the record. */
CslRecordItem *csl_session_lookup (CslSession *self, const char *type, const char *id)
  G_GNUC_WARN_UNUSED_RESULT;
/* Lazy GListModel of CslRecordItem that refreshes itself; the query is copied. */
GListModel *csl_session_list (CslSession *self, const CslQuery *query)
  G_GNUC_WARN_UNUSED_RESULT;
guint csl_session_count (CslSession *self, const CslQuery *query);
/* Where a case or client stands with all that belongs to it: the state somebody must look at first. */
CslRecordState csl_session_get_concern (CslSession *self, const CslRecord *record);
/* Everything that happened on a case (or client), newest first: GListModel of CslRecordItem of several types. */
GListModel *csl_session_list_timeline (CslSession *self, const char *type, const char *id)
  G_GNUC_WARN_UNUSED_RESULT;
/* Global search over all searchable types, newest first: GListModel of CslRecordItem. */
GListModel *csl_session_search (CslSession *self, const char *text, guint limit)
  G_GNUC_WARN_UNUSED_RESULT;

/* -- rights -- */
bool csl_session_may (CslSession *self, const char *area, CslAction action);
GPtrArray *csl_session_list_transitions (CslSession *self, const CslRecord *record)
  G_GNUC_WARN_UNUSED_RESULT;
/* A new record with defaults filled in (id, dates, me, my centre). */
CslRecord *csl_session_new_record (CslSession *self, const char *type)
  G_GNUC_WARN_UNUSED_RESULT;
/* Everything the server would refuse that can be known here: validation, workflow, rights. */
CslProblems *csl_session_check (CslSession *self, const CslEdit *edit)
  G_GNUC_WARN_UNUSED_RESULT;

/* -- writing: durable when the callback comes with TRUE (synchronous=FULL) -- */
void csl_session_save_async (CslSession *self,
                             const CslEdit *edit,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data);
gboolean csl_session_save_finish (CslSession *self, GAsyncResult *result, GError **error);

/* -- drafts (form_draft records; local only; autosaved) -- */
/* Finds the draft of @form_type for that entity, or NULL. */
CslRecord *csl_session_lookup_draft (CslSession *self,
                                     const char *form_type,
                                     const char *entity_type,
                                     const char *entity_id) G_GNUC_WARN_UNUSED_RESULT;
/* Writes (creates or replaces) @draft; durable when the callback comes. */
void csl_session_put_draft_async (CslSession *self,
                                  const CslRecord *draft,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
gboolean csl_session_put_draft_finish (CslSession *self,
                                       GAsyncResult *result,
                                       GError **error);
void csl_session_delete_draft (CslSession *self, const char *id);
/* Waits until whatever was saved, drafts too, is on the disk: before the program ends, which waits for nothing else. */
void csl_session_finish_saving_sync (CslSession *self);

/* -- unsent work -- */
GListModel *csl_session_list_outbox (CslSession *self)
  G_GNUC_WARN_UNUSED_RESULT; /* of CslOutboxItem, live; acked ones left out */
void csl_session_retry (CslSession *self, gint64 n);
/* Its author gives an operation up, with what builds on it; the text stays in the list until it is closed. */
void csl_session_withdraw (CslSession *self, gint64 n);
/* Its author has given it up, or has read that it was not taken over: it leaves the list. */
void csl_session_close_unsent (CslSession *self, gint64 n);

/* -- sealed copies of unsent work: docs/sealed-copy.md. Errors: CSL_SEALED_ERROR, G_IO_ERROR -- */
typedef struct
{
  guint n_changes; /* not answered by the server, or refused and not corrected */
  guint
    n_uncovered; /* of them: in no copy that was written and verified while signed in */
  guint n_drafts, n_uncovered_drafts;
} CslUnsent;
/* What is in a copy. */
typedef struct
{
  guint n_changes, n_drafts;
} CslCopied;
/* What has come from a copy: changes, changes that waited or were answered here before, drafts that are new or newer. */
typedef struct
{
  guint n_new, n_known, n_drafts;
} CslCopyTaken;
void csl_session_count_unsent_async (CslSession *self,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
gboolean csl_session_count_unsent_finish (CslSession *self,
                                          GAsyncResult *result,
                                          CslUnsent *ret_unsent,
                                          GError **error);
/* When it finishes with TRUE the file is on the disk, was read back and opened. Everything stays in the outbox too. */
void csl_session_save_copy_async (CslSession *self,
                                  GFile *file,
                                  const char *passphrase,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
gboolean csl_session_save_copy_finish (CslSession *self,
                                       GAsyncResult *result,
                                       CslCopied *ret_copied,
                                       GError **error);
/* The changes wait here, too, then, under their own ids, and the drafts are in the list of drafts. */
void csl_session_take_in_copy_async (CslSession *self,
                                     GFile *file,
                                     const char *passphrase,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
gboolean csl_session_take_in_copy_finish (CslSession *self,
                                          GAsyncResult *result,
                                          CslCopyTaken *ret_taken,
                                          GError **error);

/* -- sync -- */
void csl_session_sync_now (CslSession *self);
void csl_session_set_offline (CslSession *self, bool offline);
bool csl_session_get_offline (CslSession *self);
/* Password again after the server asked for it; local work needs none. */
void csl_session_sign_in_again_async (CslSession *self,
                                      const char *password,
                                      GAsyncReadyCallback callback,
                                      gpointer data);
gboolean csl_session_sign_in_again_finish (CslSession *self,
                                           GAsyncResult *result,
                                           GError **error);

/* Seals what was not sent. TRUE: the copy is as good as gone; the session is of no more use, and
 * csl_account_finish_removal_async() does the rest. */
void csl_session_remove_async (CslSession *self,
                               GAsyncReadyCallback callback,
                               gpointer data);
gboolean csl_session_remove_finish (CslSession *self,
                                    GAsyncResult *result,
                                    GError **error);

/* Ends the session on the server, if it can be reached; the caller gives this one up then. */
void csl_session_sign_out_async (CslSession *self,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
void csl_session_sign_out_finish (CslSession *self, GAsyncResult *result);

/* -- the lock (docs/adr/0010-lock.md) -- */
/* Has the worker chosen a PIN on this computer? */
bool csl_session_has_pin (CslSession *self);
/* Will the password help when the PIN is forgotten? */
bool csl_session_may_recover (CslSession *self);
const char *csl_session_get_account_id (CslSession *self); /* (nullable) in tests */
const char *csl_session_get_username (CslSession *self);
/* Minutes after which the organisation wants an idle client locked; 0: it does not say. */
guint csl_session_get_lock_minutes (CslSession *self);
/* Wraps the replica's key with @pin; @old_pin is needed when there is one. CSL_ACCOUNT_ERROR. */
void csl_session_set_pin_async (CslSession *self,
                                const char *old_pin,
                                const char *pin,
                                GAsyncReadyCallback callback,
                                gpointer data);
gboolean csl_session_set_pin_finish (CslSession *self,
                                     GAsyncResult *result,
                                     GError **error);
/* Writes what waits, stops the sync and closes the replica; the session is of no more use. @place: where to come back
 * to, kept inside the replica (nullable). Waits for it. */
void csl_session_close_sync (CslSession *self, const char *place);
/* Where the worker was when the session was locked; once. (nullable) */
char *csl_session_take_place (CslSession *self) G_GNUC_WARN_UNUSED_RESULT;

/* -- history of one record, newest first; from the server when reachable, else what was seen last, with unsent edits on top -- */
typedef struct
{
  char *when; /* instant text */
  char *user; /* id */
  char *
    accepted_by; /* (nullable) id: took over what @user had written after losing access */
  char *field;   /* field name */
  char *was, *now; /* canonical texts, (nullable) */
  bool unsent;
} CslHistoryEntry;
void csl_session_load_history_async (CslSession *self,
                                     const char *type,
                                     const char *id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer data);
/* (transfer full) GPtrArray of CslHistoryEntry with a free func; *ret_complete: the server was asked just now. */
GPtrArray *csl_session_load_history_finish (CslSession *self,
                                            GAsyncResult *result,
                                            bool *ret_complete,
                                            GError **error);

G_END_DECLS
