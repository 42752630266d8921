/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: what waits, what was answered. See core/outbox/csl-outbox.h for the states. */
#pragma once

#include "core/outbox/csl-outbox.h"
#include "store/csl-replica.h"

G_BEGIN_DECLS

typedef struct
{
  gint64
    n; /* its place in the outbox, for retry, withdraw, close; never changes (the wire's n does) */
  char op[40], group[40], id[40];
  char *type_name;           /* (owned) */
  const CslRecordType *type; /* (unowned) (nullable) */
  CslOutboxState state;
  guint tries;
  gint64 saved_ms;  /* wall clock when it was written */
  gint64 acked_seq; /* commit of the answer, 0: none */
  char *line;       /* (owned) the wire line */
  char *title;      /* (owned) (nullable) title of the record when it was written */
  /* The last answer, as far as there was one. */
  char *code, *field, *message; /* (owned) (nullable) */
  gint64 held_by;               /* n of the entry it waits for, 0: none */
  char conflict[40];
  /* What was decided about work that is with a manager: "accepted", "declined". */
  char *decision, *decided_by, *decision_reason; /* (owned) (nullable) */
} CslOutboxEntry;

typedef struct
{
  guint queued, sent, acked, held, rejected, conflict, escrow, withdrawn;
} CslOutboxCounts;

void csl_outbox_entry_free (CslOutboxEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslOutboxEntry, csl_outbox_entry_free)

/* What a person may want to see: everything but acknowledged lines and closed withdrawn ones, oldest first.
 * (element-type CslOutboxEntry), with a free function. NULL on an error. */
GPtrArray *csl_replica_list_outbox (CslReplica *self, GError **error)
  G_GNUC_WARN_UNUSED_RESULT;
bool csl_replica_count_outbox (CslReplica *self,
                               CslOutboxCounts *ret_counts,
                               GError **error);

/* The next operations to send, whole groups in order, as the body of a push (head line included); they become
 * "sent". A single group larger than the limits is taken alone. *ret_n_ops 0: nothing waits, the text is empty. */
GString *csl_replica_take_batch (CslReplica *self,
                                 guint max_ops,
                                 gsize max_bytes,
                                 guint *ret_n_ops,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Answers as they came, in one transaction; those of a last act that is answered only in part are left out. *ret_resend (nullable): a whole-push refusal was handled and sending again
 * helps at once (gap, rewound). */
bool csl_replica_apply_answers (CslReplica *self,
                                const CslAnswer *answers,
                                guint n_answers,
                                bool *ret_resend,
                                GError **error);
/* The exchange is over: what is still "sent" is unanswered and waits again. */
bool csl_replica_unsend (CslReplica *self, GError **error);

/* By the person. Retry: a refused or held operation waits again. Withdraw: given up by its author with everything of
 * its group, and with what builds on a record that is not made then; no longer laid over the record; the text stays listed until closed. Close: seen, remove it from the list
 * (rejected, conflict, escrow, withdrawn). */
bool csl_replica_retry (CslReplica *self, gint64 n, GError **error);
bool csl_replica_withdraw (CslReplica *self, gint64 n, GError **error);
bool csl_replica_close (CslReplica *self, gint64 n, GError **error);

/* Another history (a server restored from a backup that ended at @head): a new incarnation; operations acknowledged above @head wait again, with restore
 * operations for rows above @head that nothing else explains; then @epoch is the replica's and the cursor starts anew. */
bool csl_replica_change_epoch (CslReplica *self,
                               const char *epoch,
                               gint64 head,
                               GError **error);

G_END_DECLS
