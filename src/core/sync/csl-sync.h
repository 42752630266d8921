/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sync engine: a pure state machine. The driver performs the one action it asks for and feeds the
 * outcome back. What it does when, with its invariants, is told at the top of csl-sync.c.
 *
 * No clock: waits go out as milliseconds and come back as TIMER. Randomness only for jitter, from CslEnv.
 */
#pragma once

#include "core/base/csl-env.h"

#include <stdbool.h>

G_BEGIN_DECLS

typedef enum {
  CSL_SYNC_EVENT_START,      /* replica open, tokens at hand */
  CSL_SYNC_EVENT_WAKE,       /* local edit committed, "Sync now", network came back */
  CSL_SYNC_EVENT_POKE,       /* live channel: seq */
  CSL_SYNC_EVENT_TIMER,      /* the wait asked for is over */
  CSL_SYNC_EVENT_OK,         /* the action asked for succeeded; see the fields */
  CSL_SYNC_EVENT_FAILED,     /* it failed: failure, retry_after_ms */
  CSL_SYNC_EVENT_SIGNED_IN,  /* the person signed in again */
  CSL_SYNC_EVENT_GO_OFFLINE, /* the person chose to work offline */
  CSL_SYNC_EVENT_STOP,
} CslSyncEventKind;

typedef enum {
  CSL_SYNC_FAILURE_OFFLINE,
  CSL_SYNC_FAILURE_TRANSIENT, /* cut, timeout, 5xx, 429, garbage */
  CSL_SYNC_FAILURE_UNAUTHORIZED,
  CSL_SYNC_FAILURE_TOO_LARGE,
  CSL_SYNC_FAILURE_CERTIFICATE,
  CSL_SYNC_FAILURE_REFUSED, /* protocol or version difference */
  CSL_SYNC_FAILURE_STORE,   /* local disk: full, read-only, damaged */
} CslSyncFailure;

typedef struct
{
  CslSyncEventKind kind;
  CslSyncFailure failure;
  guint retry_after_ms;
  gint64 seq;   /* POKE */
  gint64 head;  /* OK of HELLO/PULL */
  guint queued; /* START, SIGNED_IN, WAKE, OK: operations that can be sent now */
  bool more;    /* OK of PULL: a page line came, more is waiting */
  bool epoch_changed;
  bool reconcile;
  guint bad_buckets; /* OK of PULL: sums that differ */
  guint repaired;    /* OK of REPAIR: buckets it compared; each counts twice a day */
} CslSyncEvent;

typedef enum {
  CSL_SYNC_ACTION_NONE, /* wait for an event; a WAIT told before goes on */
  CSL_SYNC_ACTION_HELLO,
  CSL_SYNC_ACTION_REFRESH, /* new access token */
  CSL_SYNC_ACTION_PUSH,    /* up to max_ops operations */
  CSL_SYNC_ACTION_PULL,
  CSL_SYNC_ACTION_REPAIR,
  CSL_SYNC_ACTION_REOFFER,
  CSL_SYNC_ACTION_RECONCILE,
  CSL_SYNC_ACTION_WAIT, /* wait_ms, or an event */
} CslSyncActionKind;

typedef struct
{
  CslSyncActionKind kind;
  guint wait_ms;
  guint max_ops;
} CslSyncAction;

/* What the person is told. */
typedef enum {
  CSL_SYNC_STATUS_STARTING,
  CSL_SYNC_STATUS_UP_TO_DATE,
  CSL_SYNC_STATUS_SENDING,
  CSL_SYNC_STATUS_RECEIVING,
  CSL_SYNC_STATUS_OFFLINE,
  CSL_SYNC_STATUS_PAUSED,  /* offline by choice */
  CSL_SYNC_STATUS_SIGN_IN, /* needs the password again */
  CSL_SYNC_STATUS_CERTIFICATE,
  CSL_SYNC_STATUS_TROUBLE, /* server answers, but wrongly; keeps trying */
  CSL_SYNC_STATUS_DISK,
} CslSyncStatus;

typedef struct _CslSync CslSync;

CslSync *csl_sync_new (const CslEnv *env) G_GNUC_WARN_UNUSED_RESULT;
void csl_sync_free (CslSync *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CslSync, csl_sync_free)
CslSyncAction csl_sync_step (CslSync *self, const CslSyncEvent *event);
CslSyncStatus csl_sync_get_status (const CslSync *self);

G_END_DECLS
