/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync.c: the sync engine as a state machine without clock, network or disk.
 *
 * The state is a set of needs ("hello", "pull", …), the action the driver is performing, and what
 * went wrong last. One function, choose(), turns needs into the next action, in a fixed order:
 *
 *     ┌──────── stopped ◄── STOP            paused ◄── GO_OFFLINE        signed out ◄── refresh refused
 *     │ START                                │ START                      │ SIGNED_IN, START
 *     ▼                                      ▼                            ▼
 *   choose():  wait running? ─► WAIT         (absorb(): an outcome changes the needs)
 *              refresh       ─► REFRESH      401                → + refresh, the action stays needed
 *              hello         ─► HELLO        ok                 → − hello, + pull
 *              reoffer       ─► REOFFER      an epoch differs   → + reoffer, reconcile, pull
 *              reconcile     ─► RECONCILE    hello, pull say so → + reconcile, pull
 *              queued > 0    ─► PUSH         ok                 → + pull, queued as reported
 *              repair        ─► REPAIR       sums differ        → + repair (twice at most in vain)
 *                               a failed RECONCILE                → + hello: was it restored once more?
 *              pull          ─► PULL         done               → − pull, unless a newer poke came
 *              nothing       ─► NONE         failed             → a wait, and the need stays
 *
 * Invariants (cited where they are kept):
 *  I1 At most one action is with the driver; every action but WAIT ends with OK or FAILED before the
 *     next one is asked for.
 *  I2 A need goes away only by the success of its own action. Failures, pauses and signing out keep
 *     it, so nothing is forgotten (a poke during a push, an edit during a pull).
 *  I3 Trouble with sending never blocks receiving: after a failed push the pull goes first.
 *  I4 Nothing repeats without bound: a refresh twice without any success in between, a reconcile twice
 *     without a clean pull in between, a repair that found no bucket it may compare twice, a push that gets nothing through → a wait that
 *     grows.
 *  I5 Retry-After is a lower bound that only time ends; every other wait ends early when something
 *     happens.
 */
#include "core/sync/csl-sync.h"

#include "core/base/csl-mut.h"

#define PUSH_OPS_MAX       500
#define BACKOFF_FIRST_MS   500
#define BACKOFF_SHORT      2  /* doublings for a cut that is soon over */
#define BACKOFF_PATIENCE   12 /* failures for which the wait grows no further then */
#define BACKOFF_MAX_MS     (5 * 60 * 1000)
#define BACKOFF_DOUBLINGS  10
#define RETRY_AFTER_MAX_MS (60 * 60 * 1000)
#define REPEATS_MAX        2
#define TROUBLE_AFTER                                                                    \
  2 /* failures in a row before the person hears of a server in trouble */

typedef enum {
  LIFE_STOPPED,
  LIFE_RUNNING,
  LIFE_PAUSED,
  LIFE_SIGNED_OUT,
} Life;

typedef enum {
  NEED_REFRESH = 1 << 0,
  NEED_HELLO = 1 << 1,
  NEED_REOFFER = 1 << 2,
  NEED_RECONCILE = 1 << 3,
  NEED_REPAIR = 1 << 4,
  NEED_PULL = 1 << 5,
} Need;

struct _CslSync
{
  const CslEnv *env; /* (unowned) */
  Life life;
  guint needs; /* of Need */
  guint queued;
  guint max_ops;
  CslSyncActionKind running; /* with the driver; NONE: nothing */
  bool waiting;
  bool wait_is_told; /* the driver knows of it */
  bool wait_is_hard; /* Retry-After */
  guint wait_ms;
  bool poked;        /* while a pull was running: something came after it began */
  gint64 poked_seq;  /* newest commit heard of */
  gint64 asked_seq;  /* as it was when the pull began */
  gint64 pulled_seq; /* everything up to here is in the replica */
  bool pull_first;   /* I3 */
  guint failures, push_failures; /* in a row */
  bool woken; /* somebody wrote something: this try is not the timer's */
  guint refreshes, reconciles, repairs,
    idle_pushes; /* I4: since the last real progress */
  bool greeted;  /* hello answered since START */
  bool troubled; /* the last outcome was a failure */
  CslSyncFailure failure;
};

/**
 * csl_sync_new:
 * @env: randomness for jitter; must outlive the engine
 *
 * Returns: (transfer full): a stopped engine
 */
CslSync *
csl_sync_new (const CslEnv *env)
{
  CslSync *self = g_new0 (CslSync, 1);

  self->env = env;
  self->max_ops = PUSH_OPS_MAX;
  return self;
}

void
csl_sync_free (CslSync *self)
{
  g_free (self);
}

/* Evenly distributed in [0, limit]; the bias of the remainder is far below what matters here. */
static guint
jitter (CslSync *self, guint limit)
{
  guint32 bits;

  csl_env_random (self->env, (guint8 *) &bits, sizeof bits);
  return (guint) ((guint64) bits * ((guint64) limit + 1) >> 32);
}

/* Most cuts last seconds: for some of them the wait stays short, so that what waits leaves as soon as they are over. */
static guint
count_doublings (guint failures)
{
  guint doublings = failures > 0 ? failures - 1 : 0;

  if (doublings <= BACKOFF_SHORT)
    return doublings;
  if (doublings <= BACKOFF_SHORT + BACKOFF_PATIENCE)
    return BACKOFF_SHORT;
  return MIN (doublings - BACKOFF_PATIENCE, BACKOFF_DOUBLINGS);
}

/* 0.5 s · 2ᵏ, k = count_doublings(), at most five minutes, of which a random part. */
static void
start_wait (CslSync *self, guint failures, guint retry_after_ms)
{
  guint doublings = count_doublings (failures);
  guint limit = MIN ((guint) BACKOFF_FIRST_MS << doublings, (guint) BACKOFF_MAX_MS);

  self->waiting = true;
  self->wait_is_told = false;
  self->wait_is_hard = retry_after_ms > 0;
  if (CSL_MUT (24))
    self->life = LIFE_PAUSED;
  self->wait_ms = MIN (retry_after_ms, (guint) RETRY_AFTER_MAX_MS) + jitter (self, limit);
}

static void
end_wait (CslSync *self)
{
  self->waiting = false;
  self->wait_is_hard = false;
}

static bool
needs (const CslSync *self, Need need)
{
  return (self->needs & need) != 0;
}

static CslSyncActionKind
choose_kind (CslSync *self)
{
  bool push = self->queued > 0;

  if (needs (self, NEED_REFRESH))
    return CSL_SYNC_ACTION_REFRESH;
  if (needs (self, NEED_HELLO))
    return CSL_SYNC_ACTION_HELLO;
  if (needs (self, NEED_REOFFER))
    return CSL_SYNC_ACTION_REOFFER;
  if (needs (self, NEED_RECONCILE))
    return CSL_SYNC_ACTION_RECONCILE;
  if (push && !(self->pull_first && needs (self, NEED_PULL))) /* I3 */
    return CSL_SYNC_ACTION_PUSH;
  if (needs (self, NEED_REPAIR) && !needs (self, NEED_PULL))
    return CSL_SYNC_ACTION_REPAIR;
  if (needs (self, NEED_PULL))
    return CSL_SYNC_ACTION_PULL;
  return CSL_SYNC_ACTION_NONE;
}

static CslSyncAction
choose (CslSync *self)
{
  CslSyncAction action = { CSL_SYNC_ACTION_NONE, 0, 0 };

  if (self->life != LIFE_RUNNING || self->running != CSL_SYNC_ACTION_NONE) /* I1 */
    return action;
  if (self->waiting) {
    /* Told again, it would begin anew: pokes could prolong it for ever. */
    if (self->wait_is_told)
      return action;
    self->wait_is_told = true;
    action.kind = CSL_SYNC_ACTION_WAIT;
    action.wait_ms = self->wait_ms;
    return action;
  }
  action.kind = choose_kind (self);
  if (action.kind == CSL_SYNC_ACTION_PUSH)
    action.max_ops = self->max_ops;
  if (action.kind == CSL_SYNC_ACTION_PULL) {
    self->poked = false;
    self->asked_seq = self->poked_seq;
  }
  self->running = action.kind;
  return action;
}

/* The server was restored from a backup: offer what it lost, then compare everything. */
static void
note_other_history (CslSync *self, const CslSyncEvent *event)
{
  if (event->epoch_changed)
    self->needs |= NEED_REOFFER | NEED_RECONCILE | NEED_PULL;
  if (event->reconcile)
    self->needs |= NEED_RECONCILE | NEED_PULL;
  if (!event->epoch_changed && !event->reconcile)
    return;
  if (self->reconciles >= REPEATS_MAX) /* I4 */
    start_wait (self, self->reconciles, 0);
  /* Numbers of another history mean nothing. */
  self->pulled_seq = 0;
  self->poked_seq = event->epoch_changed ? 0 : self->poked_seq;
}

static void
absorb_push (CslSync *self, const CslSyncEvent *event, guint queued_before)
{
  if (!CSL_MUT (27))
    self->needs |= NEED_PULL;
  self->pull_first = false;
  self->push_failures = 0;
  self->max_ops = MIN (self->max_ops * 2, (guint) PUSH_OPS_MAX);
  if (event->queued < queued_before || event->queued == 0)
    self->idle_pushes = 0;
  else if (++self->idle_pushes > REPEATS_MAX) { /* I4 */
    start_wait (self, self->idle_pushes, 0);
    self->pull_first = true;
  }
}

static void
absorb_pull (CslSync *self, const CslSyncEvent *event)
{
  if (self->push_failures == 0 && self->idle_pushes == 0)
    self->pull_first = false;
  if (event->more || event->epoch_changed || event->reconcile)
    return;
  self->pulled_seq = event->head;
  /* A number above the head that was heard before is a mistake of the server: asking again does not bring it (I4). */
  if (!self->poked && self->poked_seq <= MAX (event->head, self->asked_seq))
    self->needs &= ~(guint) NEED_PULL;
  self->reconciles = 0;
  self->pull_first = false;
  self->needs &= ~(guint) NEED_REPAIR;
  if (event->bad_buckets == 0)
    self->repairs = 0;
  else if (self->repairs < REPEATS_MAX) /* I4 */
    self->needs |= NEED_REPAIR;
}

static void
absorb_ok (CslSync *self, CslSyncActionKind done, const CslSyncEvent *event)
{
  guint queued_before = self->queued;

  self->queued = event->queued;
  self->troubled = self->push_failures > 0 && done != CSL_SYNC_ACTION_PUSH;
  self->failures = 0;
  self->woken = false;
  if (done != CSL_SYNC_ACTION_REFRESH)
    self->refreshes = 0;
  switch (done) {
  case CSL_SYNC_ACTION_NONE:
  case CSL_SYNC_ACTION_WAIT:
    break;
  case CSL_SYNC_ACTION_REFRESH:
    self->needs &= ~(guint) NEED_REFRESH;
    break;
  case CSL_SYNC_ACTION_HELLO:
    self->needs = (self->needs & ~(guint) NEED_HELLO) | NEED_PULL;
    self->greeted = true;
    break;
  case CSL_SYNC_ACTION_REOFFER:
    self->needs &= ~(guint) NEED_REOFFER;
    break;
  case CSL_SYNC_ACTION_RECONCILE:
    self->needs = (self->needs & ~(guint) NEED_RECONCILE) | NEED_PULL;
    self->reconciles++;
    break;
  case CSL_SYNC_ACTION_PUSH:
    absorb_push (self, event, queued_before);
    break;
  case CSL_SYNC_ACTION_REPAIR:
    self->needs = (self->needs & ~(guint) NEED_REPAIR) | NEED_PULL;
    /* Other sums may turn out to be wrong one after the other; a bucket has a bound of its own. */
    self->repairs = event->repaired > 0 ? 0 : self->repairs + 1;
    break;
  case CSL_SYNC_ACTION_PULL:
    absorb_pull (self, event);
    break;
  }
  note_other_history (self, event);
}

static void
absorb_unauthorized (CslSync *self, CslSyncActionKind action)
{
  if (action == CSL_SYNC_ACTION_REFRESH || CSL_MUT (25)) {
    self->life = LIFE_SIGNED_OUT;
    self->needs &= ~(guint) NEED_REFRESH;
    return;
  }
  self->needs |= NEED_REFRESH;
  if (++self->refreshes > REPEATS_MAX) /* I4 */
    start_wait (self, self->refreshes, 0);
}

/* The same request, smaller; FALSE when it cannot get smaller. */
static bool
absorb_too_large (CslSync *self, CslSyncActionKind action)
{
  if (action != CSL_SYNC_ACTION_PUSH || self->max_ops <= 1)
    return false;
  self->max_ops /= 2;
  return true;
}

static void
absorb_failure (CslSync *self, CslSyncActionKind action, const CslSyncEvent *event)
{
  guint failures;

  if (event->failure == CSL_SYNC_FAILURE_UNAUTHORIZED) {
    absorb_unauthorized (self, action);
    return;
  }
  if (event->failure == CSL_SYNC_FAILURE_TOO_LARGE && absorb_too_large (self, action))
    return;
  if (event->failure == CSL_SYNC_FAILURE_REFUSED && action == CSL_SYNC_ACTION_REFRESH) {
    absorb_unauthorized (self, action);
    return;
  }
  self->troubled = true;
  if (CSL_MUT (23))
    self->needs &= ~(guint) NEED_PULL;
  self->failure = event->failure;
  /* Who writes ten notes without a network must not wait minutes when it is back. */
  if (!self->woken || event->failure != CSL_SYNC_FAILURE_OFFLINE || self->failures == 0)
    self->failures++;
  self->woken = false;
  failures = self->failures;
  /* Perhaps the lists are those of a server that was restored meanwhile: hello tells. */
  if (action == CSL_SYNC_ACTION_RECONCILE && !CSL_MUT (26))
    self->needs |= NEED_HELLO;
  if (action == CSL_SYNC_ACTION_PUSH) {
    self->push_failures++;
    failures = MAX (failures, self->push_failures);
    self->pull_first = true; /* I3 */
    self->needs |= NEED_PULL;
  }
  start_wait (self, failures, event->retry_after_ms);
}

static void
finish_action (CslSync *self, const CslSyncEvent *event)
{
  CslSyncActionKind action = self->running;

  self->running = CSL_SYNC_ACTION_NONE;
  if (action == CSL_SYNC_ACTION_NONE)
    return; /* an outcome nobody waits for */
  if (event->kind == CSL_SYNC_EVENT_OK)
    absorb_ok (self, action, event); /* I2 */
  else if (self->life == LIFE_RUNNING)
    absorb_failure (self, action, event);
}

static void
start (CslSync *self, const CslSyncEvent *event)
{
  bool from_pause = self->life == LIFE_PAUSED;

  self->life = LIFE_RUNNING;
  self->queued = event->queued;
  self->needs |= NEED_PULL;
  if (!from_pause || !self->greeted)
    self->needs |= NEED_HELLO;
  self->failures = self->push_failures = 0;
  self->refreshes = self->reconciles = self->repairs = self->idle_pushes = 0;
  self->troubled = false;
  end_wait (self);
}

/* A wait is over early because there is something new to try, unless the server asked for it (I5). */
static void
cut_wait (CslSync *self)
{
  if (!self->wait_is_hard)
    end_wait (self);
}

static void
absorb_poke (CslSync *self, gint64 seq)
{
  if (seq > 0 && seq <= self->pulled_seq)
    return;
  self->poked_seq = MAX (self->poked_seq, seq);
  self->needs |= NEED_PULL;
  if (seq == 0) /* access changed: no number to compare */
    self->poked = self->running == CSL_SYNC_ACTION_PULL;
  cut_wait (self);
}

static void
absorb_wake (CslSync *self, const CslSyncEvent *event)
{
  self->queued = event->queued;
  if (self->running != CSL_SYNC_ACTION_PULL)
    self->needs |= NEED_PULL;
  self->woken = true;
  cut_wait (self);
}

/**
 * csl_sync_step:
 * @event: what happened; @queued is the number of operations that can be sent now and is looked at
 *   for START, SIGNED_IN, WAKE and OK
 *
 * Moves the engine on. The driver performs the returned action and reports its outcome with OK or
 * FAILED; events may come in between and are answered with NONE. WAIT has no outcome: after
 * @wait_ms the driver sends TIMER. A new WAIT replaces an older one, any other action ends it, and
 * NONE leaves it running.
 *
 * A push with @max_ops 1 that is too large must not be reported as FAILED: the driver sets that
 * operation aside for the person to see and reports OK.
 *
 * Returns: the action to begin now, or %CSL_SYNC_ACTION_NONE
 */
CslSyncAction
csl_sync_step (CslSync *self, const CslSyncEvent *event)
{
  switch (event->kind) {
  case CSL_SYNC_EVENT_START:
    start (self, event);
    break;
  case CSL_SYNC_EVENT_SIGNED_IN:
    if (self->life == LIFE_SIGNED_OUT || self->life == LIFE_RUNNING) {
      self->needs &= ~(guint) NEED_REFRESH;
      self->greeted = false;
      start (self, event);
    }
    break;
  case CSL_SYNC_EVENT_WAKE:
    absorb_wake (self, event);
    break;
  case CSL_SYNC_EVENT_POKE:
    absorb_poke (self, event->seq);
    break;
  case CSL_SYNC_EVENT_TIMER:
    end_wait (self);
    break;
  case CSL_SYNC_EVENT_OK:
  case CSL_SYNC_EVENT_FAILED:
    finish_action (self, event);
    break;
  case CSL_SYNC_EVENT_GO_OFFLINE:
    if (self->life == LIFE_RUNNING || self->life == LIFE_STOPPED)
      self->life = LIFE_PAUSED;
    end_wait (self);
    break;
  case CSL_SYNC_EVENT_STOP:
    self->life = LIFE_STOPPED;
    self->greeted = false;
    end_wait (self);
    break;
  }
  return choose (self);
}

static CslSyncStatus
describe_failure (const CslSync *self)
{
  switch (self->failure) {
  case CSL_SYNC_FAILURE_CERTIFICATE:
    return CSL_SYNC_STATUS_CERTIFICATE;
  case CSL_SYNC_FAILURE_STORE:
    return CSL_SYNC_STATUS_DISK;
  case CSL_SYNC_FAILURE_OFFLINE:
    return CSL_SYNC_STATUS_OFFLINE;
  case CSL_SYNC_FAILURE_TRANSIENT:
    if (MAX (self->failures, self->push_failures) < TROUBLE_AFTER)
      return CSL_SYNC_STATUS_OFFLINE;
    return CSL_SYNC_STATUS_TROUBLE;
  case CSL_SYNC_FAILURE_UNAUTHORIZED:
  case CSL_SYNC_FAILURE_TOO_LARGE:
  case CSL_SYNC_FAILURE_REFUSED:
    break;
  }
  return CSL_SYNC_STATUS_TROUBLE;
}

static CslSyncStatus
describe_work (const CslSync *self)
{
  switch (self->running) {
  case CSL_SYNC_ACTION_PUSH:
    return CSL_SYNC_STATUS_SENDING;
  case CSL_SYNC_ACTION_PULL:
  case CSL_SYNC_ACTION_REPAIR:
  case CSL_SYNC_ACTION_REOFFER:
  case CSL_SYNC_ACTION_RECONCILE:
    return CSL_SYNC_STATUS_RECEIVING;
  case CSL_SYNC_ACTION_NONE:
  case CSL_SYNC_ACTION_WAIT:
  case CSL_SYNC_ACTION_HELLO:
  case CSL_SYNC_ACTION_REFRESH:
    break;
  }
  if (!self->greeted)
    return CSL_SYNC_STATUS_STARTING;
  if (self->waiting)
    return CSL_SYNC_STATUS_TROUBLE;
  return self->needs == 0 && self->queued == 0 ? CSL_SYNC_STATUS_UP_TO_DATE
                                               : CSL_SYNC_STATUS_RECEIVING;
}

/**
 * csl_sync_get_status:
 *
 * Returns: what to tell the person; a failure stays until something succeeds, so that retries do not
 *   make it flicker
 */
CslSyncStatus
csl_sync_get_status (const CslSync *self)
{
  switch (self->life) {
  case LIFE_STOPPED:
    return CSL_SYNC_STATUS_STARTING;
  case LIFE_PAUSED:
    return CSL_SYNC_STATUS_PAUSED;
  case LIFE_SIGNED_OUT:
    return CSL_SYNC_STATUS_SIGN_IN;
  case LIFE_RUNNING:
    break;
  }
  return self->troubled ? describe_failure (self) : describe_work (self);
}
