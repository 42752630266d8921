/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync-driver.c: the loop around the sync engine.
 *
 * One thread owns the engine, the transport and the live channel. Other threads only raise flags
 * and wake its context:
 *
 *   wake, offline, signed in, stop ──flags──► sync thread: take flags → engine → perform → engine …
 *   live channel, timers ──────────sources──►                └────────── idle: iterate the context
 *
 * D1 Flags are turned into events before every action and before every outcome, so the engine
 *    hears of a stop or an edit before it chooses what comes next.
 * D2 Stopping and going offline cancel the exchange under way; what came of it is still reported.
 * D3 The report follows every step; it is the only thing that leaves this thread.
 */
#include "client/app/csl-sync-driver.h"

#include "client/app/csl-removal.h"
#include "client/app/csl-sync-context.h"
#include "client/net/csl-live.h"
#include "core/base/csl-mut.h"

#define POLL_MS         (60 * 1000)      /* without a live channel */
#define POLL_LIVE_MS    (10 * 60 * 1000) /* with one, to be sure */
#define LIVE_RETRY_MS   (15 * 1000)
#define LOST_MS         1000 /* after an open channel broke: is there a network at all? */
#define INDEX_ROWS      4000 /* a tenth of a second */
#define AUDIT_ROWS      200
#define KEEP_SUCCESS_MS (5 * 60 * 1000)

struct _CslSyncDriver
{
  CslSyncContext context;
  CslSync *engine; /* (owned) */
  CslLive *live;   /* (owned) (nullable) */
  bool has_live;
  CslSyncReportFunc report;
  gpointer data; /* (unowned) */
  CslSyncSnapshot snapshot;

  GThread *thread;            /* (owned) (nullable) */
  GMainContext *main_context; /* (owned) */
  void (*at_end) (gpointer);
  gpointer at_end_data; /* (unowned) */

  /* flags of other threads, and context.cancellable: under the lock */
  GMutex lock;
  bool woken, signed_in, stopping, offline, offline_changed;

  /* of the sync thread */
  bool started, ended;
  bool poked;             /* by the live channel */
  gint64 poked_seq;       /* 0: anything may be new */
  gint64 wait_until_ms;   /* mono; -1: no wait */
  gint64 poll_at_ms;      /* mono */
  bool live_opened;       /* the channel was open, until it says otherwise */
  gint64 live_at_ms;      /* mono: next attempt to connect */
  gint64 success_kept_ms; /* wall: last success written down */
  bool index_due, index_more;
};

/* -- reporting -- */

static void
update_snapshot (CslSyncDriver *self)
{
  const CslOutboxCounts *counts = &self->context.counts;
  CslSyncSnapshot *snapshot = &self->snapshot;
  bool was_offline = csl_sync_snapshot_is_offline (snapshot);

  snapshot->status = csl_sync_get_status (self->engine);
  snapshot->waiting = counts->queued + counts->sent + counts->held;
  snapshot->attention = counts->rejected + counts->conflict + counts->escrow;
  snapshot->differing = counts->conflict;
  snapshot->clock_difference_s = self->context.clock_difference_s;
  snapshot->removed = self->context.removed;
  snapshot->order_refused = self->context.order_refused;
  snapshot->progress = -1;
  if (self->context.first_sync)
    snapshot->progress = self->context.rows_expected > 0
                           ? MIN (1.0, (double) self->context.rows_received /
                                         (double) self->context.rows_expected)
                           : 0.0;
  if (!csl_sync_snapshot_is_offline (snapshot))
    snapshot->offline_since_ms = 0;
  else if (!was_offline)
    snapshot->offline_since_ms = csl_env_wall_ms (self->context.env);
}

static void
report (CslSyncDriver *self)
{
  update_snapshot (self);
  if (self->report != NULL)
    self->report (&self->snapshot, self->data);
}

static bool
keep_success (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  return csl_replica_put_setting (replica, "last_success", data, error);
}

/* What the last run left behind. */
static bool
read_kept (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  CslSyncDriver *self = data;
  g_autofree char *text = csl_replica_dup_setting (replica, "last_success");

  if (text != NULL)
    self->snapshot.last_success_ms = g_ascii_strtoll (text, NULL, 10);
  self->context.removed = csl_removal_is_ordered (replica);
  return true;
}

/* Everything was exchanged a moment ago. Written down now and then: it is only for the sentence. */
static void
note_success (CslSyncDriver *self)
{
  gint64 now = csl_env_wall_ms (self->context.env);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, now);

  self->snapshot.last_success_ms = now;
  if (!self->has_live || ABS (now - self->success_kept_ms) < KEEP_SUCCESS_MS)
    return;
  self->success_kept_ms = now;
  csl_vault_run (self->context.vault, CSL_VAULT_PRIORITY_IDLE, keep_success, text, NULL);
}

/* -- idle work in the database -- */

static bool
index_slice (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  CslSyncDriver *self = data;
  bool due = csl_replica_needs_index (replica);

  if (!csl_replica_index_slice (replica, INDEX_ROWS, &self->index_more, error))
    return false;
  /* Searches that found too little look again. */
  changes->words = due && !self->index_more;
  return true;
}

/* FALSE: nothing is left to index. */
static bool
index_some (CslSyncDriver *self)
{
  if (!self->index_due)
    return false;
  self->index_more = false;
  csl_vault_run (self->context.vault, CSL_VAULT_PRIORITY_IDLE, index_slice, self, NULL);
  self->index_due = self->index_more;
  return true;
}

static bool
audit_slice (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  return csl_replica_audit_slice (replica, AUDIT_ROWS, data, error);
}

/* -- flags of other threads -- */

typedef struct
{
  bool woken, signed_in, stopping, offline_changed, offline;
} Flags;

static Flags
take_flags (CslSyncDriver *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Flags flags = { self->woken, self->signed_in, self->stopping, self->offline_changed,
                  self->offline };

  self->woken = self->signed_in = self->offline_changed = false;
  if (!self->stopping && g_cancellable_is_cancelled (self->context.cancellable)) {
    g_object_unref (self->context.cancellable);
    self->context.cancellable = g_cancellable_new ();
  }
  return flags;
}

static bool
may_go_on (gpointer data)
{
  CslSyncDriver *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return !self->woken && !self->stopping && !self->offline_changed;
}

/* A first sync is one action, and long on a slow line: how far it is, is told in between. */
static void
arrived (gpointer data)
{
  report (data);
}

/* -- the engine -- */

static void handle (CslSyncDriver *self, CslSyncAction action);

static void
feed (CslSyncDriver *self, CslSyncEvent event)
{
  handle (self, csl_sync_step (self->engine, &event));
}

static void
feed_kind (CslSyncDriver *self, CslSyncEventKind kind)
{
  bool counts = kind == CSL_SYNC_EVENT_START || kind == CSL_SYNC_EVENT_WAKE ||
                kind == CSL_SYNC_EVENT_SIGNED_IN;

  feed (self,
        (CslSyncEvent){ .kind = kind,
                        .queued = counts ? csl_sync_context_count (&self->context) : 0 });
}

/* D1 */
static void
feed_flags (CslSyncDriver *self)
{
  Flags flags = take_flags (self);

  if (flags.stopping && !self->ended) {
    self->ended = true;
    feed_kind (self, CSL_SYNC_EVENT_STOP);
  }
  if (self->ended)
    return;
  if (flags.offline_changed && self->live != NULL && flags.offline)
    csl_live_disconnect (self->live);
  if (flags.offline_changed)
    feed_kind (self, flags.offline ? CSL_SYNC_EVENT_GO_OFFLINE : CSL_SYNC_EVENT_START);
  if (flags.signed_in)
    feed_kind (self, CSL_SYNC_EVENT_SIGNED_IN);
  if (flags.woken) {
    self->index_due = true;
    feed_kind (self, CSL_SYNC_EVENT_WAKE);
  }
  if (self->poked) {
    self->poked = false;
    feed (self, (CslSyncEvent){ .kind = CSL_SYNC_EVENT_POKE, .seq = self->poked_seq });
  }
}

static void
connect_live (CslSyncDriver *self)
{
  gint64 now = csl_env_mono_ms (self->context.env);

  if (self->live == NULL || csl_live_is_open (self->live) || now < self->live_at_ms)
    return;
  self->live_at_ms = now + LIVE_RETRY_MS;
  csl_live_connect (self->live);
}

static void
after_action (CslSyncDriver *self, CslSyncActionKind kind, const CslSyncEvent *event)
{
  if (event->kind != CSL_SYNC_EVENT_OK)
    return;
  self->index_due = true;
  if (kind != CSL_SYNC_ACTION_PULL || event->more || event->epoch_changed ||
      event->reconcile)
    return;
  note_success (self);
  connect_live (self);
}

static void
handle (CslSyncDriver *self, CslSyncAction action)
{
  while (action.kind != CSL_SYNC_ACTION_NONE && action.kind != CSL_SYNC_ACTION_WAIT) {
    CslSyncEvent event;

    self->wait_until_ms = -1;
    report (self); /* D3 */
    feed_flags (self);
    event = csl_sync_context_perform (&self->context, &action);
    /* What was cut may have changed the outbox before it was cut. */
    if (event.kind == CSL_SYNC_EVENT_FAILED && !CSL_MUT (28))
      csl_sync_context_count (&self->context);
    after_action (self, action.kind, &event);
    feed_flags (self);
    action = csl_sync_step (self->engine, &event); /* D2 */
  }
  if (action.kind == CSL_SYNC_ACTION_WAIT)
    self->wait_until_ms = csl_env_mono_ms (self->context.env) + action.wait_ms;
  report (self);
}

/* -- time and the live channel -- */

static void
plan_poll (CslSyncDriver *self)
{
  bool live = self->live != NULL && csl_live_is_open (self->live);

  self->poll_at_ms = csl_env_mono_ms (self->context.env) +
                     (live ? POLL_LIVE_MS : POLL_MS);
}

void
csl_sync_driver_look_around_sync (CslSyncDriver *self)
{
  csl_vault_run (self->context.vault, CSL_VAULT_PRIORITY_IDLE, audit_slice,
                 self->context.bad_buckets, NULL);
  feed (self, (CslSyncEvent){ .kind = CSL_SYNC_EVENT_POKE });
}

static void
feed_timers (CslSyncDriver *self)
{
  gint64 now = csl_env_mono_ms (self->context.env);

  if (self->wait_until_ms >= 0) {
    if (now < self->wait_until_ms)
      return;
    self->wait_until_ms = -1;
    feed_kind (self, CSL_SYNC_EVENT_TIMER);
    plan_poll (self);
  } else if (self->has_live && now >= self->poll_at_ms) {
    csl_sync_driver_look_around_sync (self);
    plan_poll (self);
  }
}

/* A channel that broke is the first sign of a lost network; one that never opened says nothing new. */
static void
live_closed (CslSyncDriver *self, guint retry_s)
{
  gint64 now = csl_env_mono_ms (self->context.env);
  gint64 wish = (gint64) retry_s * 1000;

  if (self->live_opened) {
    self->live_at_ms = now + wish;
    self->poll_at_ms = now + MAX (LOST_MS, wish);
  } else {
    self->live_at_ms = now + MAX (LIVE_RETRY_MS, wish);
    plan_poll (self);
  }
  self->live_opened = false;
}

static void
live_cb (const CslLiveEvent *event, gpointer data)
{
  CslSyncDriver *self = data;

  switch (event->kind) {
  case CSL_LIVE_POKED:
    /* "Anything" stays "anything". */
    self->poked_seq =
      self->poked && self->poked_seq == 0 ? 0 : MAX (self->poked_seq, event->seq);
    self->poked = true;
    plan_poll (self);
    break;
  case CSL_LIVE_OPENED:
    self->live_opened = true;
    G_GNUC_FALLTHROUGH;
  case CSL_LIVE_ACCESS:
  case CSL_LIVE_REVOKED:
    self->poked_seq = 0;
    self->poked = true;
    plan_poll (self);
    break;
  case CSL_LIVE_CLOSED:
    live_closed (self, event->retry_s);
    break;
  }
}

static gboolean
timer_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/* Sleeps until a flag, a frame or the time comes. */
static void
wait_for_something (CslSyncDriver *self)
{
  gint64 until = self->wait_until_ms >= 0 ? self->wait_until_ms : self->poll_at_ms;
  gint64 ms = MAX (0, until - csl_env_mono_ms (self->context.env));
  g_autoptr (GSource) timer = g_timeout_source_new ((guint) MIN (ms, POLL_LIVE_MS));

  g_source_set_static_name (timer, "csl-sync-timer");
  g_source_set_callback (timer, timer_cb, NULL, NULL);
  g_source_attach (timer, self->main_context);
  g_main_context_iteration (self->main_context, TRUE);
  g_source_destroy (timer);
}

static bool
has_flags (CslSyncDriver *self)
{
  return !may_go_on (self) || self->poked || self->signed_in;
}

/* A connection that is being made holds the channel until it hears of the end. */
static void
end_live (CslSyncDriver *self)
{
  CslLive *live = self->live;

  if (live == NULL)
    return;
  self->live = NULL;
  csl_live_disconnect (live);
  g_object_add_weak_pointer (G_OBJECT (live), (gpointer *) &live);
  g_object_unref (live);
  while (live != NULL)
    g_main_context_iteration (self->main_context, TRUE);
  while (g_main_context_iteration (self->main_context, FALSE))
    continue;
}

static gpointer
run_thread (gpointer data)
{
  CslSyncDriver *self = data;

  g_main_context_push_thread_default (self->main_context);
  csl_vault_run (self->context.vault, CSL_VAULT_PRIORITY_SYNC, read_kept, self, NULL);
  /* What waits is told from the first report on, also when nothing may be sent. */
  csl_sync_context_count (&self->context);
  plan_poll (self);
  feed_kind (self, self->offline ? CSL_SYNC_EVENT_GO_OFFLINE : CSL_SYNC_EVENT_START);
  while (!self->ended) {
    feed_flags (self);
    if (self->ended || has_flags (self))
      continue;
    feed_timers (self);
    if (!index_some (self) && !has_flags (self))
      wait_for_something (self);
  }
  end_live (self);
  if (self->at_end != NULL)
    self->at_end (self->at_end_data);
  g_main_context_pop_thread_default (self->main_context);
  return NULL;
}

static void
raise_flag (CslSyncDriver *self, bool *flag, bool cancel)
{
  g_autoptr (GCancellable) exchange = NULL;

  g_mutex_lock (&self->lock);
  *flag = true;
  if (cancel)
    exchange = g_object_ref (self->context.cancellable);
  g_mutex_unlock (&self->lock);
  g_cancellable_cancel (exchange);
  g_main_context_wakeup (self->main_context);
}

/* -- public -- */

CslSyncDriver *
csl_sync_driver_new (const CslSyncDriverOptions *options)
{
  CslSyncDriver *self = g_new0 (CslSyncDriver, 1);

  g_mutex_init (&self->lock);
  self->context.env = options->env;
  self->context.vault = g_object_ref (options->vault);
  self->context.transport = options->transport;
  self->context.credentials = csl_credentials_ref (options->credentials);
  self->context.cancellable = g_cancellable_new ();
  self->context.schema_version = options->schema_version;
  self->context.may_go_on = may_go_on;
  self->context.arrived = arrived;
  self->context.data = self;
  self->context.bad_buckets = g_ptr_array_new_with_free_func (g_free);
  self->engine = csl_sync_new (options->env);
  self->report = options->report;
  self->data = options->data;
  self->snapshot = (CslSyncSnapshot) CSL_SYNC_SNAPSHOT_INIT;
  self->main_context = g_main_context_new ();
  self->wait_until_ms = -1;
  self->index_due = true; /* the last run may have left something */
  self->has_live = options->live != NULL;
  if (options->live != NULL)
    self->live = csl_live_new (options->live, live_cb, self, NULL);
  return self;
}

void
csl_sync_driver_free (CslSyncDriver *self)
{
  if (self == NULL)
    return;
  g_assert (self->thread == NULL);
  g_clear_object (&self->live);
  csl_sync_free (self->engine);
  g_object_unref (self->context.vault);
  csl_credentials_unref (self->context.credentials);
  g_object_unref (self->context.cancellable);
  g_ptr_array_unref (self->context.bad_buckets);
  g_main_context_unref (self->main_context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
csl_sync_driver_start (CslSyncDriver *self)
{
  g_return_if_fail (self->thread == NULL);
  self->thread = g_thread_new ("csl-sync", run_thread, self);
}

void
csl_sync_driver_wake (CslSyncDriver *self)
{
  raise_flag (self, &self->woken, false);
}

void
csl_sync_driver_set_offline (CslSyncDriver *self, bool offline)
{
  g_mutex_lock (&self->lock);
  self->offline = offline;
  g_mutex_unlock (&self->lock);
  raise_flag (self, &self->offline_changed, offline);
}

void
csl_sync_driver_signed_in (CslSyncDriver *self)
{
  raise_flag (self, &self->signed_in, false);
}

void
csl_sync_driver_stop_sync (CslSyncDriver *self, void (*at_end) (gpointer), gpointer data)
{
  g_return_if_fail (self->thread != NULL);
  self->at_end = at_end;
  self->at_end_data = data;
  raise_flag (self, &self->stopping, true);
  g_thread_join (g_steal_pointer (&self->thread));
}

gint64
csl_sync_driver_run_until_idle_sync (CslSyncDriver *self)
{
  g_return_val_if_fail (self->thread == NULL, -1);
  if (!self->started) {
    self->started = true;
    feed_kind (self, CSL_SYNC_EVENT_START);
  }
  do {
    feed_flags (self);
    feed_timers (self);
  } while (has_flags (self) || index_some (self));
  return self->wait_until_ms < 0
           ? -1
           : MAX (0, self->wait_until_ms - csl_env_mono_ms (self->context.env));
}

const CslSyncSnapshot *
csl_sync_driver_get_snapshot (CslSyncDriver *self)
{
  return &self->snapshot;
}
