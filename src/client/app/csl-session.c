/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-session.c: the composition root of a signed-in worker.
 *
 *   main thread      CslSession, lists, items ──read──► CslReader (own connection)
 *   database thread  CslVault ──write──► CslReplica
 *   sync thread      CslSyncDriver ──► network, and through the vault the replica
 *   network thread   requests on demand (history, signing in again)
 *
 * Other threads leave what changed under the lock and ask for one look at it on the main thread;
 * bursts become one refresh per frame, and during a first sync ten a second.
 */
#include "config.h"

#include "client/app/csl-record-item-private.h"
#include "client/app/csl-record-list.h"
#include "client/app/csl-session-private.h"
#include "client/net/csl-net-transport.h"

#include <unistd.h>

/* Not more often than this while changes keep coming. */
/* Kept in the replica while the worker chose to be offline. */
#define OFFLINE_SETTING "offline"
#define FLUSH_US        (100 * 1000)

G_DEFINE_FINAL_TYPE (CslSession, csl_session, G_TYPE_OBJECT)

enum { CHANGED, SIGNED_OUT, REMOVED, N_SIGNALS };

static guint signals[N_SIGNALS];

void
csl_session_parts_clear (CslSessionParts *parts)
{
  g_clear_pointer (&parts->reader, csl_reader_free);
  g_clear_pointer (&parts->replica, csl_replica_free);
  /* A failed opening may drop the last reference on the database thread itself. */
  if (parts->database != NULL && csl_worker_is_current (parts->database))
    csl_worker_shutdown_async (parts->database, NULL, NULL);
  else if (parts->database != NULL)
    csl_worker_shutdown_sync (parts->database);
  g_clear_object (&parts->database);
  g_clear_pointer (&parts->credentials, csl_credentials_unref);
  g_clear_pointer (&parts->schema, csl_schema_unref);
  g_clear_pointer (&parts->folder, g_free);
  g_clear_pointer (&parts->server, g_free);
  g_clear_pointer (&parts->ca_file, g_free);
  g_clear_pointer (&parts->username, g_free);
  g_clear_pointer (&parts->display_name, g_free);
  g_clear_pointer (&parts->organisation_name, g_free);
  g_clear_object (&parts->account);
  g_clear_pointer (&parts->key, csl_secret_unref);
  g_clear_pointer (&parts->recovery, csl_secret_unref);
  if (parts->lock >= 0)
    close (parts->lock);
  parts->lock = -1;
}

/* -- what other threads tell -- */

static gboolean
idle_cb (gpointer data)
{
  csl_session_flush (data);
  return G_SOURCE_REMOVE;
}

/* Under the lock. */
static void
ask_for_look (CslSession *self)
{
  gint64 wait_us = self->flushed_us + FLUSH_US - g_get_monotonic_time ();

  if (self->idle != NULL)
    return;
  self->idle = wait_us > 0 ? g_timeout_source_new ((guint) (wait_us / 1000) + 1)
                           : g_idle_source_new ();
  /* Before the next frame is laid out. */
  g_source_set_priority (self->idle, G_PRIORITY_HIGH_IDLE);
  g_source_set_static_name (self->idle, "csl-session-changes");
  g_source_set_callback (self->idle, idle_cb, self, NULL);
  g_source_attach (self->idle, NULL);
}

static void
vault_changed (const CslVaultChanges *changes, gpointer data)
{
  CslSession *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  csl_type_set_add_set (&self->changes.types, &changes->types);
  self->changes.outbox |= changes->outbox;
  self->changes.words |= changes->words;
  self->changed = true;
  ask_for_look (self);
}

static void
driver_reported (const CslSyncSnapshot *snapshot, gpointer data)
{
  CslSession *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->report = *snapshot;
  self->reported = true;
  self->removal |= snapshot->removed;
  ask_for_look (self);
}

void
csl_session_note_removal (CslSession *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->removal = true;
  ask_for_look (self);
}

/* -- main thread -- */

static void
refresh_lists (CslSession *self, const CslTypeSet *types)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (g_object_unref);

  /* Listeners may make and drop lists meanwhile. */
  for (guint i = 0; i < self->lists->len; i++)
    g_ptr_array_add (lists, g_object_ref (self->lists->pdata[i]));
  for (guint i = 0; i < lists->len; i++)
    csl_record_list_forget_items (lists->pdata[i]);
  csl_item_pool_refresh (self->pool, types);
  for (guint i = 0; i < lists->len && self->pool != NULL; i++)
    csl_record_list_refresh (lists->pdata[i], types);
}

/* Lists that search: what is found changed, the rows did not. */
static void
refresh_searches (CslSession *self)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->lists->len; i++)
    g_ptr_array_add (lists, g_object_ref (self->lists->pdata[i]));
  for (guint i = 0; i < lists->len && self->pool != NULL; i++)
    csl_record_list_refresh_search (lists->pdata[i]);
}

static void
show_snapshot (CslSession *self)
{
  CslSyncSnapshot shown = self->snapshot;
  guint open = csl_session_count_differences (self);

  shown.attention += MAX (open, shown.differing) - shown.differing;
  csl_sync_info_renew (self->info, &shown);
}

static void
take_in (CslSession *self, const CslVaultChanges *changes)
{
  const CslRecordType *membership =
    csl_schema_lookup_type (self->parts.schema, "membership");

  if (membership != NULL && csl_type_set_has (&changes->types, membership))
    csl_session_forget_rights (self);
  if (changes->outbox || !csl_type_set_is_empty (&changes->types))
    refresh_lists (self, &changes->types);
  if (changes->words)
    refresh_searches (self);
  if (changes->outbox)
    csl_outbox_list_refresh (self->outbox);
  if (!csl_type_set_is_empty (&changes->types)) {
    csl_session_close_decided (self);
    g_signal_emit (self, signals[CHANGED], 0);
  }
}

void
csl_session_flush (CslSession *self)
{
  g_autoptr (CslSession) held = g_object_ref (self);
  CslVaultChanges changes;
  bool changed, reported, removal;

  g_mutex_lock (&self->lock);
  if (self->idle != NULL)
    g_source_destroy (self->idle);
  g_clear_pointer (&self->idle, g_source_unref);
  changes = self->changes;
  self->changes = (CslVaultChanges){ 0 };
  changed = self->changed;
  reported = self->reported;
  self->changed = self->reported = false;
  removal = self->removal && !self->removal_told;
  if (reported)
    self->snapshot = self->report;
  self->flushed_us = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  if (self->pool == NULL)
    return;
  if (changed)
    take_in (self, &changes);
  if ((changed || reported) && self->pool != NULL)
    show_snapshot (self);
  if (removal && self->pool != NULL && self->parts.folder != NULL) {
    self->removal_told = true;
    g_signal_emit (self, signals[REMOVED], 0);
  }
}

void
csl_session_note_counts (CslSession *self, const CslOutboxCounts *counts)
{
  self->snapshot.waiting = counts->queued + counts->sent + counts->held;
  self->snapshot.attention = counts->rejected + counts->conflict + counts->escrow;
  self->snapshot.differing = counts->conflict;
  show_snapshot (self);
}

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, CslSession *self)
{
  if (self->driver != NULL)
    csl_sync_driver_wake (self->driver);
}

/* -- the end -- */

static void
free_transport (gpointer data)
{
  g_clear_pointer ((CslTransport **) data, csl_net_transport_free);
}

void
csl_session_stop (CslSession *self)
{
  if (self->driver != NULL && !self->parts.offline)
    csl_sync_driver_stop_sync (self->driver, free_transport, &self->transport);
  if (self->network != NULL) {
    csl_worker_run_sync (self->network, 0, free_transport, &self->demand);
    csl_worker_shutdown_sync (self->network);
  }
  g_clear_object (&self->network);
  g_clear_pointer (&self->driver, csl_sync_driver_free);
  g_clear_pointer (&self->transport, csl_net_transport_free);
  csl_vault_close_sync (self->vault);
}

static void
list_gone_cb (gpointer data, GObject *list)
{
  g_ptr_array_remove_fast (((CslSession *) data)->lists, list);
}

static void
detach_lists (CslSession *self)
{
  while (self->lists->len > 0) {
    CslRecordList *list = g_ptr_array_remove_index_fast (self->lists, 0);

    g_object_weak_unref (G_OBJECT (list), list_gone_cb, self);
    csl_record_list_detach (list);
  }
}

static void
csl_session_dispose (GObject *object)
{
  CslSession *self = CSL_SESSION (object);

  if (self->pool != NULL) {
    csl_session_stop (self);
    detach_lists (self);
    csl_outbox_list_detach (self->outbox);
    g_clear_pointer (&self->pool, csl_item_pool_free);
  }
  if (self->idle != NULL)
    g_source_destroy (self->idle);
  g_clear_pointer (&self->idle, g_source_unref);
  g_clear_object (&self->outbox);
  g_clear_object (&self->info);
  g_clear_object (&self->user);
  g_clear_object (&self->vault);
  csl_session_parts_clear (&self->parts);
  G_OBJECT_CLASS (csl_session_parent_class)->dispose (object);
}

static void
csl_session_finalize (GObject *object)
{
  CslSession *self = CSL_SESSION (object);

  csl_session_forget_rights (self);
  g_ptr_array_unref (self->lists);
  g_clear_pointer (&self->copied, g_hash_table_unref);
  g_free (self->zone);
  g_free (self->place);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (csl_session_parent_class)->finalize (object);
}

static void
csl_session_class_init (CslSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = csl_session_dispose;
  object_class->finalize = csl_session_finalize;
  signals[CHANGED] = g_signal_new ("changed", CSL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNED_OUT] = g_signal_new ("signed-out", CSL_TYPE_SESSION, G_SIGNAL_RUN_LAST,
                                      0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVED] = g_signal_new ("removed", CSL_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
csl_session_init (CslSession *self)
{
  g_mutex_init (&self->lock);
  self->parts.lock = -1;
  self->lists = g_ptr_array_new ();
  self->snapshot = (CslSyncSnapshot) CSL_SYNC_SNAPSHOT_INIT;
}

/* -- making one -- */

/* Before the first sync the worker is only a name. */
static CslRecordItem *
make_user (CslSession *self)
{
  const CslRecordType *type = csl_schema_lookup_type (self->parts.schema, "user");
  CslRecordItem *item = csl_item_pool_lookup (self->pool, type, self->parts.user);
  CslRecord *record;

  if (item != NULL)
    return item;
  record = csl_record_new (type, self->parts.user);
  csl_record_set_text (record, "first_name", self->parts.display_name);
  csl_record_set_text (record, "username", self->parts.username);
  return csl_item_pool_take (self->pool, record);
}

static CslNetOptions
net_options (CslSession *self)
{
  return (CslNetOptions){ .server = self->parts.server,
                          .ca_file = self->parts.ca_file,
                          .user_agent = "Caseload/" CSL_VERSION,
                          .schema = csl_schema_get_version (self->parts.schema),
                          .token = csl_credentials_dup_access,
                          .data = self->parts.credentials };
}

static void
start_driver (CslSession *self)
{
  CslNetOptions live = net_options (self);
  CslSyncDriverOptions options = { .env = self->parts.env,
                                   .vault = self->vault,
                                   .transport = self->transport,
                                   .credentials = self->parts.credentials,
                                   .schema_version =
                                     csl_schema_get_version (self->parts.schema),
                                   .live = &live,
                                   .report = driver_reported,
                                   .data = self };

  self->driver = csl_sync_driver_new (&options);
  if (self->offline)
    csl_sync_driver_set_offline (self->driver, true);
  if (self->parts.offline)
    return;
  csl_sync_driver_start (self->driver);
  self->monitor = g_network_monitor_get_default ();
  g_signal_connect_object (self->monitor, "network-changed",
                           G_CALLBACK (network_changed_cb), self, 0);
}

CslSession *
csl_session_new (CslSessionParts *parts, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  CslSession *self;
  g_autofree char *chosen_offline = NULL;
  CslNetOptions options;
  CslTransport *transport;

  self = g_object_new (CSL_TYPE_SESSION, NULL);
  self->parts = *parts;
  *parts = (CslSessionParts){ .lock = -1 };
  options = net_options (self);
  transport = csl_net_transport_new (&options, error);
  if (transport == NULL) {
    g_object_unref (self);
    return NULL;
  }
  self->transport = transport;
  self->zone = g_strdup (g_time_zone_get_identifier (zone));
  csl_session_read_place (self);
  chosen_offline = csl_replica_dup_setting (self->parts.replica, OFFLINE_SETTING);
  self->vault =
    csl_vault_new (g_steal_pointer (&self->parts.replica), self->parts.database);
  csl_vault_set_changed_func (self->vault, vault_changed, self);
  self->pool = csl_item_pool_new (self->parts.reader);
  self->info = csl_sync_info_new (self->parts.env);
  self->outbox = csl_outbox_list_new (self->vault, self->pool);
  self->user = make_user (self);
  self->offline = chosen_offline != NULL && chosen_offline[0] != '\0';
  start_driver (self);
  return self;
}

void
csl_session_queue_network (CslSession *self, GTask *task, GTaskThreadFunc func)
{
  if (self->network == NULL)
    self->network = csl_worker_new ("csl-network");
  csl_worker_queue (self->network, G_PRIORITY_DEFAULT, task, func);
}

CslTransport *
csl_session_get_demand_transport (CslSession *self, GError **error)
{
  CslNetOptions options = net_options (self);

  g_assert (csl_worker_is_current (self->network));
  if (self->demand == NULL)
    self->demand = csl_net_transport_new (&options, error);
  return self->demand;
}

/* -- public -- */

const CslSchema *
csl_session_get_schema (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  return self->parts.schema;
}

CslSyncInfo *
csl_session_get_sync_info (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  return self->info;
}

CslRecordItem *
csl_session_get_user (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  return self->user;
}

const char *
csl_session_get_organisation_name (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  return self->parts.organisation_name;
}

const char *
csl_session_get_zone (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), NULL);
  return self->zone;
}

gint64
csl_session_get_now_ms (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), 0);
  return csl_env_wall_ms (self->parts.env);
}

/* -- reading -- */

static GListModel *
make_list (CslSession *self, CslRowSource *source)
{
  CslRecordList *list = csl_record_list_new (self->parts.schema, self->pool, source);

  g_object_weak_ref (G_OBJECT (list), list_gone_cb, self);
  g_ptr_array_add (self->lists, list);
  return G_LIST_MODEL (list);
}

CslRecordItem *
csl_session_lookup (CslSession *self, const char *type, const char *id)
{
  const CslRecordType *found;

  g_return_val_if_fail (CSL_IS_SESSION (self) && type != NULL, NULL);
  found = csl_schema_lookup_type (self->parts.schema, type);
  if (found == NULL || id == NULL || self->pool == NULL)
    return NULL;
  return csl_item_pool_lookup (self->pool, found, id);
}

GListModel *
csl_session_list (CslSession *self, const CslQuery *query)
{
  g_return_val_if_fail (CSL_IS_SESSION (self) && self->pool != NULL, NULL);
  return make_list (self, csl_row_source_new_query (query));
}

CslRecordState
csl_session_get_concern (CslSession *self, const CslRecord *record)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), CSL_RECORD_STATE_SYNCED);
  return (CslRecordState) csl_reader_get_concern (self->parts.reader, record);
}

guint
csl_session_count (CslSession *self, const CslQuery *query)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), 0);
  if (self->parts.reader == NULL)
    return 0;
  return (guint) MAX (0, csl_reader_count (self->parts.reader, query, NULL));
}

GListModel *
csl_session_list_timeline (CslSession *self, const char *type, const char *id)
{
  g_return_val_if_fail (CSL_IS_SESSION (self) && self->pool != NULL, NULL);
  return make_list (self, csl_row_source_new_timeline (type, id));
}

GListModel *
csl_session_search (CslSession *self, const char *text, guint limit)
{
  g_return_val_if_fail (CSL_IS_SESSION (self) && self->pool != NULL, NULL);
  return make_list (self, csl_row_source_new_search (text, limit));
}

/* -- sync -- */

void
csl_session_sync_now (CslSession *self)
{
  g_return_if_fail (CSL_IS_SESSION (self));
  csl_sync_driver_wake (self->driver);
}

/* On the database thread. */
static bool
keep_choice (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  (void) changes;
  return csl_replica_put_setting (replica, OFFLINE_SETTING,
                                  GPOINTER_TO_INT (data) != 0 ? "chosen" : "", error);
}

/* The choice outlives the program: "until you switch this off". */
void
csl_session_set_offline (CslSession *self, bool offline)
{
  g_return_if_fail (CSL_IS_SESSION (self));
  if (self->offline == offline)
    return;
  self->offline = offline;
  csl_sync_driver_set_offline (self->driver, offline);
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_PERSON, keep_choice,
                       GINT_TO_POINTER (offline ? 1 : 0), NULL, NULL, NULL);
}

bool
csl_session_get_offline (CslSession *self)
{
  g_return_val_if_fail (CSL_IS_SESSION (self), false);
  return self->offline;
}
