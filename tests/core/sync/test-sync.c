/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sync engine as conversations: what happens, and what it asks for next. Then every event in every
 * state, the bounds of waiting, and random histories that must come to rest once faults stop. */
#include "core/sync/csl-sync.h"

#include <stdlib.h>
#include <string.h>

/* A seeded source of jitter. */
typedef struct
{
  guint64 state;
} Dice;

static guint32
dice_roll (Dice *dice)
{
  dice->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  guint64 z = dice->state;
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (guint32) (z >> 32);
}

static void
dice_random (gpointer data, guint8 *buffer, gsize length)
{
  for (gsize i = 0; i < length; i++)
    buffer[i] = (guint8) dice_roll (data);
}

/* Short names for the tables. */
#define START(q)                                                                         \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_START, .queued = (q)                                          \
  }
#define WAKE(q)                                                                          \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_WAKE, .queued = (q)                                           \
  }
#define POKE(s)                                                                          \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_POKE, .seq = (s)                                              \
  }
#define TIMER                                                                            \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_TIMER                                                         \
  }
#define OK(q)                                                                            \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_OK, .queued = (q)                                             \
  }
#define PULLED(h, q)                                                                     \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_OK, .head = (h), .queued = (q)                                \
  }
#define PAGE(q)                                                                          \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_OK, .more = true, .queued = (q)                               \
  }
#define REPAIRED(n)                                                                      \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_OK, .repaired = (n)                                           \
  }
#define BAD(h, n)                                                                        \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_OK, .head = (h), .bad_buckets = (n)                           \
  }
#define EPOCH(q)                                                                         \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_OK, .epoch_changed = true, .queued = (q)                      \
  }
#define RECONCILE                                                                        \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_OK, .reconcile = true                                         \
  }
#define FAILED(f)                                                                        \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_FAILED, .failure = CSL_SYNC_FAILURE_##f                       \
  }
#define BUSY(ms)                                                                         \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_FAILED, .failure = CSL_SYNC_FAILURE_TRANSIENT,                \
    .retry_after_ms = (ms)                                                               \
  }
#define SIGNED_IN(q)                                                                     \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_SIGNED_IN, .queued = (q)                                      \
  }
#define GO_OFFLINE                                                                       \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_GO_OFFLINE                                                    \
  }
#define STOP                                                                             \
  {                                                                                      \
    .kind = CSL_SYNC_EVENT_STOP                                                          \
  }

#define DO_NONE      CSL_SYNC_ACTION_NONE
#define DO_HELLO     CSL_SYNC_ACTION_HELLO
#define DO_REFRESH   CSL_SYNC_ACTION_REFRESH
#define DO_PUSH      CSL_SYNC_ACTION_PUSH
#define DO_PULL      CSL_SYNC_ACTION_PULL
#define DO_REPAIR    CSL_SYNC_ACTION_REPAIR
#define DO_REOFFER   CSL_SYNC_ACTION_REOFFER
#define DO_RECONCILE CSL_SYNC_ACTION_RECONCILE
#define DO_WAIT      CSL_SYNC_ACTION_WAIT

#define STARTING    CSL_SYNC_STATUS_STARTING
#define UP_TO_DATE  CSL_SYNC_STATUS_UP_TO_DATE
#define SENDING     CSL_SYNC_STATUS_SENDING
#define RECEIVING   CSL_SYNC_STATUS_RECEIVING
#define OFFLINE     CSL_SYNC_STATUS_OFFLINE
#define PAUSED      CSL_SYNC_STATUS_PAUSED
#define SIGN_IN     CSL_SYNC_STATUS_SIGN_IN
#define CERTIFICATE CSL_SYNC_STATUS_CERTIFICATE
#define TROUBLE     CSL_SYNC_STATUS_TROUBLE
#define DISK        CSL_SYNC_STATUS_DISK

typedef struct
{
  CslSyncEvent event;
  CslSyncActionKind action;
  CslSyncStatus status;
} Line;

typedef struct
{
  const char *name;
  Line lines[40]; /* up to the first after STOP, or all zero */
} Conversation;

/* clang-format off */
static const Conversation conversations[] = {
  { "start-and-rest", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "start-with-work", {
    { START (3), DO_HELLO, STARTING },
    { OK (3), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (9, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "edit", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { WAKE (1), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (8, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "edits-while-busy-are-one-more-push", {
    { START (1), DO_HELLO, STARTING },
    { OK (1), DO_PUSH, SENDING },
    { WAKE (2), DO_NONE, SENDING },
    { WAKE (3), DO_NONE, SENDING },
    { WAKE (4), DO_NONE, SENDING },
    { OK (3), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (9, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "edit-during-pull", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { WAKE (1), DO_NONE, RECEIVING },
    { PULLED (7, 1), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (8, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "sync-now-twice-is-one-pull", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { WAKE (0), DO_PULL, RECEIVING },
    { WAKE (0), DO_NONE, RECEIVING },
    { WAKE (0), DO_NONE, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "poke-during-push-is-not-lost", {
    { START (1), DO_HELLO, STARTING },
    { OK (1), DO_PUSH, SENDING },
    { POKE (12), DO_NONE, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (12, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "poke-during-pull-pulls-again", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { POKE (8), DO_NONE, RECEIVING },
    { PULLED (7, 0), DO_PULL, RECEIVING },
    { PULLED (8, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "poke-already-known", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { POKE (7), DO_NONE, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { POKE (6), DO_NONE, UP_TO_DATE },
    { POKE (7), DO_NONE, UP_TO_DATE },
    { POKE (8), DO_PULL, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "I4-poke-beyond-the-head", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { POKE (1000), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { POKE (1000), DO_PULL, RECEIVING },
    { POKE (1001), DO_NONE, RECEIVING },
    { PULLED (7, 0), DO_PULL, RECEIVING },
    { PULLED (8, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "access-changed-during-pull", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { POKE (0), DO_NONE, RECEIVING },
    { PULLED (7, 0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "pages", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { PAGE (0), DO_PULL, RECEIVING },
    { PAGE (1), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { PAGE (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "many-batches", {
    { START (1200), DO_HELLO, STARTING },
    { OK (1200), DO_PUSH, SENDING },
    { OK (700), DO_PUSH, SENDING },
    { OK (200), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "offline-and-back", {
    { START (0), DO_HELLO, STARTING },
    { FAILED (OFFLINE), DO_WAIT, OFFLINE },
    { TIMER, DO_HELLO, OFFLINE },
    { FAILED (OFFLINE), DO_WAIT, OFFLINE },
    { WAKE (1), DO_HELLO, OFFLINE },
    { OK (1), DO_PUSH, SENDING },
    { FAILED (OFFLINE), DO_WAIT, OFFLINE },
    { TIMER, DO_PULL, OFFLINE },
    { FAILED (OFFLINE), DO_WAIT, OFFLINE },
    { TIMER, DO_PULL, OFFLINE },
    { PULLED (7, 1), DO_PUSH, OFFLINE },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (8, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "a-push-that-fails-does-not-block-receiving", {
    { START (1), DO_HELLO, STARTING },
    { OK (1), DO_PUSH, SENDING },
    { FAILED (TRANSIENT), DO_WAIT, OFFLINE },
    { TIMER, DO_PULL, OFFLINE },
    { PAGE (1), DO_PULL, OFFLINE },
    { PULLED (7, 1), DO_PUSH, OFFLINE },
    { FAILED (TRANSIENT), DO_WAIT, TROUBLE },
    { TIMER, DO_PULL, TROUBLE },
    { PULLED (7, 1), DO_PUSH, TROUBLE },
    { OK (0), DO_PULL, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "refresh-then-where-it-was", {
    { START (1), DO_HELLO, STARTING },
    { OK (1), DO_PUSH, SENDING },
    { FAILED (UNAUTHORIZED), DO_REFRESH, RECEIVING },
    { OK (1), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { FAILED (UNAUTHORIZED), DO_REFRESH, RECEIVING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "refresh-refused-then-signed-in", {
    { START (1), DO_HELLO, STARTING },
    { FAILED (UNAUTHORIZED), DO_REFRESH, STARTING },
    { FAILED (UNAUTHORIZED), DO_NONE, SIGN_IN },
    { WAKE (2), DO_NONE, SIGN_IN },
    { POKE (5), DO_NONE, SIGN_IN },
    { TIMER, DO_NONE, SIGN_IN },
    { SIGNED_IN (2), DO_HELLO, STARTING },
    { OK (2), DO_PUSH, SENDING },
    { STOP, DO_NONE, STARTING } } },
  { "refresh-without-network", {
    { START (0), DO_HELLO, STARTING },
    { FAILED (UNAUTHORIZED), DO_REFRESH, STARTING },
    { FAILED (OFFLINE), DO_WAIT, OFFLINE },
    { TIMER, DO_REFRESH, OFFLINE },
    { OK (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "fresh-tokens-refused-again-and-again", {
    { START (0), DO_HELLO, STARTING },
    { FAILED (UNAUTHORIZED), DO_REFRESH, STARTING },
    { OK (0), DO_HELLO, STARTING },
    { FAILED (UNAUTHORIZED), DO_REFRESH, STARTING },
    { OK (0), DO_HELLO, STARTING },
    { FAILED (UNAUTHORIZED), DO_WAIT, STARTING },
    { TIMER, DO_REFRESH, STARTING },
    { OK (0), DO_HELLO, STARTING },
    { FAILED (UNAUTHORIZED), DO_WAIT, STARTING },
    { STOP, DO_NONE, STARTING } } },
  { "restored-server-at-hello", {
    { START (1), DO_HELLO, STARTING },
    { EPOCH (1), DO_REOFFER, RECEIVING },
    { OK (4), DO_RECONCILE, RECEIVING },
    { OK (4), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (3, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "restored-server-at-pull", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (90, 0), DO_NONE, UP_TO_DATE },
    { POKE (91), DO_PULL, RECEIVING },
    { EPOCH (0), DO_REOFFER, RECEIVING },
    { FAILED (STORE), DO_WAIT, DISK },
    { TIMER, DO_REOFFER, DISK },
    { OK (0), DO_RECONCILE, RECEIVING },
    { FAILED (TRANSIENT), DO_WAIT, OFFLINE },
    /* It may have been restored once more. */
    { TIMER, DO_HELLO, OFFLINE },
    { EPOCH (0), DO_REOFFER, RECEIVING },
    { OK (0), DO_RECONCILE, RECEIVING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (3, 0), DO_NONE, UP_TO_DATE },
    { POKE (4), DO_PULL, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "restored-server-at-push", {
    { START (2), DO_HELLO, STARTING },
    { OK (2), DO_PUSH, SENDING },
    { EPOCH (2), DO_REOFFER, RECEIVING },
    { OK (5), DO_RECONCILE, RECEIVING },
    { OK (5), DO_PUSH, SENDING },
    { STOP, DO_NONE, STARTING } } },
  { "below-the-horizon", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { RECONCILE, DO_RECONCILE, RECEIVING },
    { OK (0), DO_PULL, RECEIVING },
    { RECONCILE, DO_RECONCILE, RECEIVING },
    { OK (0), DO_PULL, RECEIVING },
    { RECONCILE, DO_WAIT, TROUBLE },
    { TIMER, DO_RECONCILE, RECEIVING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (9, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "repair-is-bounded", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { BAD (7, 2), DO_REPAIR, RECEIVING },
    { OK (0), DO_PULL, RECEIVING },
    { BAD (7, 1), DO_REPAIR, RECEIVING },
    { OK (0), DO_PULL, RECEIVING },
    { BAD (7, 1), DO_NONE, UP_TO_DATE },
    { WAKE (0), DO_PULL, RECEIVING },
    { BAD (7, 1), DO_NONE, UP_TO_DATE },
    { WAKE (0), DO_PULL, RECEIVING },
    { PULLED (8, 0), DO_NONE, UP_TO_DATE },
    { WAKE (0), DO_PULL, RECEIVING },
    { BAD (9, 1), DO_REPAIR, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "repairs-that-find-something-go-on", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { BAD (7, 2), DO_REPAIR, RECEIVING },
    { REPAIRED (2), DO_PULL, RECEIVING },
    { BAD (7, 1), DO_REPAIR, RECEIVING },
    { REPAIRED (1), DO_PULL, RECEIVING },
    { BAD (7, 3), DO_REPAIR, RECEIVING },
    { REPAIRED (3), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "repair-that-fails-is-tried-again", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { BAD (7, 1), DO_REPAIR, RECEIVING },
    { FAILED (TRANSIENT), DO_WAIT, OFFLINE },
    { TIMER, DO_REPAIR, OFFLINE },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "offline-by-choice", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { GO_OFFLINE, DO_NONE, PAUSED },
    { WAKE (1), DO_NONE, PAUSED },
    { POKE (9), DO_NONE, PAUSED },
    { TIMER, DO_NONE, PAUSED },
    { START (1), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "started-offline-by-choice", {
    { GO_OFFLINE, DO_NONE, PAUSED },
    { WAKE (1), DO_NONE, PAUSED },
    { START (1), DO_HELLO, STARTING },
    { OK (1), DO_PUSH, SENDING },
    { STOP, DO_NONE, STARTING } } },
  { "offline-by-choice-while-busy", {
    { START (1), DO_HELLO, STARTING },
    { OK (1), DO_PUSH, SENDING },
    { GO_OFFLINE, DO_NONE, PAUSED },
    { START (1), DO_NONE, SENDING },
    { GO_OFFLINE, DO_NONE, PAUSED },
    { FAILED (TRANSIENT), DO_NONE, PAUSED },
    { START (1), DO_PUSH, SENDING },
    { STOP, DO_NONE, STARTING } } },
  { "retry-after-is-not-cut-short", {
    { START (0), DO_HELLO, STARTING },
    { BUSY (5000), DO_WAIT, OFFLINE },
    { WAKE (1), DO_NONE, OFFLINE },
    { POKE (3), DO_NONE, OFFLINE },
    { TIMER, DO_HELLO, OFFLINE },
    { OK (1), DO_PUSH, SENDING },
    { STOP, DO_NONE, STARTING } } },
  { "certificate", {
    { START (0), DO_HELLO, STARTING },
    { FAILED (CERTIFICATE), DO_WAIT, CERTIFICATE },
    { TIMER, DO_HELLO, CERTIFICATE },
    { OK (0), DO_PULL, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "disk-full", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { FAILED (STORE), DO_WAIT, DISK },
    { TIMER, DO_PULL, DISK },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
  { "pull-refused-but-push-goes-on", {
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { FAILED (REFUSED), DO_WAIT, TROUBLE },
    { WAKE (1), DO_PUSH, TROUBLE },
    { OK (0), DO_PULL, RECEIVING },
    { FAILED (REFUSED), DO_WAIT, TROUBLE },
    { STOP, DO_NONE, STARTING } } },
  { "a-push-that-gets-nothing-through", {
    { START (2), DO_HELLO, STARTING },
    { OK (2), DO_PUSH, SENDING },
    { OK (2), DO_PUSH, SENDING },
    { OK (2), DO_PUSH, SENDING },
    { OK (2), DO_WAIT, TROUBLE },
    { TIMER, DO_PULL, RECEIVING },
    { PULLED (7, 2), DO_PUSH, SENDING },
    { OK (2), DO_WAIT, TROUBLE },
    { TIMER, DO_PULL, RECEIVING },
    { PULLED (7, 2), DO_PUSH, SENDING },
    { OK (1), DO_PUSH, SENDING },
    { OK (0), DO_PULL, RECEIVING },
    { STOP, DO_NONE, STARTING } } },
  { "an-answer-nobody-waits-for", {
    { OK (0), DO_NONE, STARTING },
    { FAILED (OFFLINE), DO_NONE, STARTING },
    { START (0), DO_HELLO, STARTING },
    { OK (0), DO_PULL, RECEIVING },
    { PULLED (7, 0), DO_NONE, UP_TO_DATE },
    { OK (0), DO_NONE, UP_TO_DATE },
    { FAILED (OFFLINE), DO_NONE, UP_TO_DATE },
    { STOP, DO_NONE, STARTING } } },
};
/* clang-format on */

static void
test_conversation (gconstpointer data)
{
  const Conversation *conversation = data;
  Dice dice = { 1 };
  CslEnv env = { .random = dice_random, .data = &dice };
  g_autoptr (CslSync) sync = csl_sync_new (&env);

  for (guint i = 0; i < G_N_ELEMENTS (conversation->lines); i++) {
    const Line *line = &conversation->lines[i];
    CslSyncAction action = csl_sync_step (sync, &line->event);
    CslSyncStatus status = csl_sync_get_status (sync);
    if (action.kind != line->action || status != line->status)
      g_error ("%s, line %u: action %d instead of %d, status %d instead of %d",
               conversation->name, i + 1, (int) action.kind, (int) line->action,
               (int) status, (int) line->status);
    if (line->event.kind == CSL_SYNC_EVENT_STOP)
      return;
  }
  g_assert_not_reached ();
}

static CslSyncAction
step (CslSync *sync, CslSyncEvent event)
{
  return csl_sync_step (sync, &event);
}

static void
test_too_large_halves (void)
{
  Dice dice = { 2 };
  CslEnv env = { .random = dice_random, .data = &dice };
  g_autoptr (CslSync) sync = csl_sync_new (&env);
  static const guint sizes[] = { 250, 125, 62, 31, 15, 7, 3, 1 };

  step (sync, (CslSyncEvent) START (900));
  CslSyncAction action = step (sync, (CslSyncEvent) OK (900));
  g_assert_cmpuint (action.max_ops, ==, 500);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    action = step (sync, (CslSyncEvent) FAILED (TOO_LARGE));
    g_assert_cmpint (action.kind, ==, CSL_SYNC_ACTION_PUSH);
    g_assert_cmpuint (action.max_ops, ==, sizes[i]);
  }
  /* The driver has set the one operation aside. */
  action = step (sync, (CslSyncEvent) OK (899));
  g_assert_cmpuint (action.max_ops, ==, 2);
  /* A driver that does not must not spin. */
  step (sync, (CslSyncEvent) FAILED (TOO_LARGE));
  action = step (sync, (CslSyncEvent) FAILED (TOO_LARGE));
  g_assert_cmpint (action.kind, ==, CSL_SYNC_ACTION_WAIT);
}

static void
test_backoff_bounds (void)
{
  guint longest = 0;

  for (guint seed = 0; seed < 400; seed++) {
    Dice dice = { seed };
    CslEnv env = { .random = dice_random, .data = &dice };
    g_autoptr (CslSync) sync = csl_sync_new (&env);
    guint limit = 500;

    step (sync, (CslSyncEvent) START (0));
    for (guint k = 0; k < 26; k++) {
      CslSyncAction action = step (sync, (CslSyncEvent) FAILED (TRANSIENT));
      g_assert_cmpint (action.kind, ==, CSL_SYNC_ACTION_WAIT);
      g_assert_cmpuint (action.wait_ms, <=, limit);
      longest = MAX (longest, action.wait_ms);
      if (k < 2 || k >= 14)
        limit = MIN (limit * 2, 300000);
      step (sync, (CslSyncEvent) TIMER);
    }
  }
  g_assert_cmpuint (longest, >, 250000); /* the whole range is used */
}

static void
test_retry_after_bounds (void)
{
  for (guint seed = 0; seed < 200; seed++) {
    Dice dice = { seed };
    CslEnv env = { .random = dice_random, .data = &dice };
    g_autoptr (CslSync) sync = csl_sync_new (&env);

    step (sync, (CslSyncEvent) START (0));
    CslSyncAction action = step (sync, (CslSyncEvent) BUSY (30000));
    g_assert_cmpuint (action.wait_ms, >=, 30000);
    g_assert_cmpuint (action.wait_ms, <=, 30500);
  }
}

/* A success makes the next failure wait shortly again. */
static void
test_backoff_resets (void)
{
  Dice dice = { 3 };
  CslEnv env = { .random = dice_random, .data = &dice };
  g_autoptr (CslSync) sync = csl_sync_new (&env);

  step (sync, (CslSyncEvent) START (0));
  for (guint k = 0; k < 10; k++) {
    step (sync, (CslSyncEvent) FAILED (TRANSIENT));
    step (sync, (CslSyncEvent) TIMER);
  }
  step (sync, (CslSyncEvent) OK (0));
  CslSyncAction action = step (sync, (CslSyncEvent) FAILED (TRANSIENT));
  g_assert_cmpuint (action.wait_ms, <=, 500);
}

/* Ten notes written without a network are ten tries, and no reason to wait longer when it is back. */
static void
test_backoff_ignores_wakes (void)
{
  for (guint seed = 0; seed < 100; seed++) {
    Dice dice = { seed };
    CslEnv env = { .random = dice_random, .data = &dice };
    g_autoptr (CslSync) sync = csl_sync_new (&env);

    step (sync, (CslSyncEvent) START (0));
    CslSyncAction action = step (sync, (CslSyncEvent) FAILED (OFFLINE));
    for (guint k = 0; k < 10; k++) {
      step (sync, (CslSyncEvent) WAKE (k + 1));
      action = step (sync, (CslSyncEvent) FAILED (OFFLINE));
      g_assert_cmpint (action.kind, ==, CSL_SYNC_ACTION_WAIT);
      g_assert_cmpuint (action.wait_ms, <=, 1000);
    }
  }
}

static const CslSyncEvent every_event[] = {
  START (0),
  START (2),
  WAKE (0),
  WAKE (1),
  POKE (0),
  POKE (50),
  TIMER,
  OK (0),
  OK (2),
  PULLED (60, 0),
  PAGE (1),
  BAD (61, 1),
  EPOCH (1),
  RECONCILE,
  FAILED (OFFLINE),
  FAILED (TRANSIENT),
  FAILED (UNAUTHORIZED),
  FAILED (TOO_LARGE),
  FAILED (CERTIFICATE),
  FAILED (REFUSED),
  FAILED (STORE),
  BUSY (1000),
  SIGNED_IN (1),
  GO_OFFLINE,
  STOP,
};

/* What every step promises, whatever came before. */
typedef struct
{
  bool busy; /* an action was asked for and its outcome has not been told */
} Promise;

static CslSyncAction
checked_step (CslSync *sync, Promise *promise, const CslSyncEvent *event)
{
  if (event->kind == CSL_SYNC_EVENT_OK || event->kind == CSL_SYNC_EVENT_FAILED)
    promise->busy = false;
  CslSyncAction action = csl_sync_step (sync, event);
  CslSyncStatus status = csl_sync_get_status (sync);
  bool works = action.kind != CSL_SYNC_ACTION_NONE && action.kind != CSL_SYNC_ACTION_WAIT;

  g_assert_false (works && promise->busy); /* one action at a time */
  g_assert_true ((action.kind == CSL_SYNC_ACTION_PUSH) == (action.max_ops > 0));
  g_assert_cmpuint (action.max_ops, <=, 500);
  g_assert_cmpint (status, >=, CSL_SYNC_STATUS_STARTING);
  g_assert_cmpint (status, <=, CSL_SYNC_STATUS_DISK);
  if (event->kind == CSL_SYNC_EVENT_STOP || event->kind == CSL_SYNC_EVENT_GO_OFFLINE)
    g_assert_cmpint (action.kind, ==, CSL_SYNC_ACTION_NONE);
  promise->busy |= works;
  return action;
}

/* Every event after every pair of events after every line of every conversation: all states there
 * are, and no assertion fails in any. */
static void
test_every_event_in_every_state (void)
{
  Dice dice = { 4 };
  CslEnv env = { .random = dice_random, .data = &dice };
  guint n = 0;

  for (guint c = 0; c < G_N_ELEMENTS (conversations); c++) {
    for (guint length = 0;
         conversations[c].lines[length].event.kind != CSL_SYNC_EVENT_STOP; length++) {
      for (guint pair = 0; pair < G_N_ELEMENTS (every_event) * G_N_ELEMENTS (every_event);
           pair++) {
        g_autoptr (CslSync) sync = csl_sync_new (&env);
        Promise promise = { false };
        for (guint i = 0; i < length; i++)
          checked_step (sync, &promise, &conversations[c].lines[i].event);
        checked_step (sync, &promise, &every_event[pair / G_N_ELEMENTS (every_event)]);
        checked_step (sync, &promise, &every_event[pair % G_N_ELEMENTS (every_event)]);
        n++;
      }
    }
  }
  g_test_message ("%u histories", n);
}

/* The far end, and the driver between: how much waits, what the replica has. */
typedef struct
{
  guint queued, batch;
  gint64 head, pulled;
  guint pages;
  bool other_epoch, below_horizon, broken_bucket, repairable, signed_out;
} World;

static CslSyncEvent
outcome (World *world, const CslSyncAction *action)
{
  CslSyncEvent event = { .kind = CSL_SYNC_EVENT_OK };

  switch (action->kind) {
  case CSL_SYNC_ACTION_NONE:
  case CSL_SYNC_ACTION_WAIT:
    event.kind = CSL_SYNC_EVENT_TIMER;
    break;
  case CSL_SYNC_ACTION_REFRESH:
    if (world->signed_out)
      event = (CslSyncEvent) FAILED (UNAUTHORIZED);
    break;
  case CSL_SYNC_ACTION_HELLO:
    event.epoch_changed = world->other_epoch;
    break;
  case CSL_SYNC_ACTION_REOFFER:
    world->other_epoch = false;
    world->queued += 2;
    break;
  case CSL_SYNC_ACTION_RECONCILE:
    world->below_horizon = false;
    break;
  case CSL_SYNC_ACTION_REPAIR:
    world->broken_bucket = world->broken_bucket && !world->repairable;
    break;
  case CSL_SYNC_ACTION_PUSH:
    world->queued -= MIN (world->queued, MIN (world->batch, action->max_ops));
    world->head++;
    break;
  case CSL_SYNC_ACTION_PULL:
    event.epoch_changed = world->other_epoch;
    event.reconcile = world->below_horizon && !world->other_epoch;
    event.more = !event.epoch_changed && !event.reconcile && world->pages > 0;
    world->pages -= event.more ? 1 : 0;
    event.bad_buckets = world->broken_bucket ? 1 : 0;
    if (!event.more && !event.epoch_changed && !event.reconcile)
      world->pulled = event.head = world->head;
    break;
  }
  event.queued = world->queued;
  return event;
}

/* Random events and faults; what the world holds changes under way. */
static CslSyncEvent
anything (World *world, Dice *dice, const CslSyncAction *running)
{
  guint32 roll = dice_roll (dice) % 100;

  if (roll < 8) {
    world->queued++;
    return (CslSyncEvent) WAKE (world->queued);
  }
  if (roll < 16)
    return (CslSyncEvent) POKE (++world->head);
  if (roll < 18)
    return (CslSyncEvent) POKE (0);
  if (roll < 20)
    return (CslSyncEvent) GO_OFFLINE;
  if (roll < 24)
    return (CslSyncEvent) START (world->queued);
  if (roll < 26)
    return (CslSyncEvent) SIGNED_IN (world->queued);
  if (roll < 30)
    return (CslSyncEvent) TIMER;
  if (roll < 32)
    world->other_epoch = true;
  if (roll < 34)
    world->below_horizon = true;
  if (roll < 37)
    world->broken_bucket = true;
  if (roll < 40)
    world->pages += 3;
  if (running->kind == CSL_SYNC_ACTION_NONE || running->kind == CSL_SYNC_ACTION_WAIT)
    return (CslSyncEvent) TIMER;
  if (roll < 65) {
    CslSyncEvent failed = { .kind = CSL_SYNC_EVENT_FAILED };
    failed.failure = (CslSyncFailure) (dice_roll (dice) % (CSL_SYNC_FAILURE_STORE + 1));
    failed.retry_after_ms = dice_roll (dice) % 4 == 0 ? dice_roll (dice) % 10000 : 0;
    return failed;
  }
  return outcome (world, running);
}

static void
keep_running (CslSyncAction *running, CslSyncAction action, const CslSyncEvent *event)
{
  bool outcome_told = event->kind == CSL_SYNC_EVENT_OK ||
                      event->kind == CSL_SYNC_EVENT_FAILED;

  if (outcome_told || action.kind != CSL_SYNC_ACTION_NONE)
    *running = action;
}

static void
come_to_rest (guint64 seed)
{
  Dice dice = { seed }, jitter_dice = { ~seed };
  CslEnv env = { .random = dice_random, .data = &jitter_dice };
  g_autoptr (CslSync) sync = csl_sync_new (&env);
  World world = { .batch = 1 + dice_roll (&dice) % 500,
                  .repairable = dice_roll (&dice) % 2 };
  CslSyncAction running = { CSL_SYNC_ACTION_NONE, 0, 0 };
  Promise promise = { false };

  for (guint i = 0; i < 120; i++) {
    CslSyncEvent event = anything (&world, &dice, &running);
    bool busy = promise.busy;
    CslSyncAction action = checked_step (sync, &promise, &event);
    if (busy && promise.busy && action.kind == CSL_SYNC_ACTION_NONE)
      continue;
    keep_running (&running, action, &event);
  }

  /* Faults stop; the person is signed in and wants to be online. */
  CslSyncEvent event = START (world.queued);
  CslSyncAction action = checked_step (sync, &promise, &event);
  keep_running (&running, action, &event);
  guint steps = 0;
  while (csl_sync_get_status (sync) != CSL_SYNC_STATUS_UP_TO_DATE || promise.busy) {
    if (++steps > 200 + world.queued)
      g_error ("seed %" G_GUINT64_FORMAT ": not at rest", seed);
    event = outcome (&world, &running);
    action = checked_step (sync, &promise, &event);
    keep_running (&running, action, &event);
  }
  g_assert_cmpuint (world.queued, ==, 0);
  g_assert_cmpint (world.pulled, ==, world.head);
  g_assert_false (world.other_epoch);
  g_assert_false (world.below_horizon);
  g_assert_false (world.broken_bucket && world.repairable);
}

static guint64
choose_seed (void)
{
  const char *text = g_getenv ("CSL_TEST_SEED");

  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : 20261121;
}

static void
test_liveness (void)
{
  guint64 seed = choose_seed ();

  g_test_message ("seed %" G_GUINT64_FORMAT " (CSL_TEST_SEED)", seed);
  for (guint i = 0; i < 50000; i++)
    come_to_rest (seed + i);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (conversations); i++) {
    g_autofree char *path = g_strconcat ("/sync/", conversations[i].name, NULL);
    g_test_add_data_func (path, &conversations[i], test_conversation);
  }
  g_test_add_func ("/sync/too-large-halves", test_too_large_halves);
  g_test_add_func ("/sync/backoff-bounds", test_backoff_bounds);
  g_test_add_func ("/sync/retry-after-bounds", test_retry_after_bounds);
  g_test_add_func ("/sync/backoff-resets", test_backoff_resets);
  g_test_add_func ("/sync/backoff-ignores-wakes", test_backoff_ignores_wakes);
  g_test_add_func ("/sync/every-event-in-every-state", test_every_event_in_every_state);
  g_test_add_func ("/sync/L1-L4-comes-to-rest", test_liveness);
  return g_test_run ();
}
