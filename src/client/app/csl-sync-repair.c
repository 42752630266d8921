/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync-repair.c: brings single buckets, or all of them, back to what the server has, by
 * differences. Waiting work is not touched. */
#include "client/app/csl-sync-context.h"
#include "core/base/csl-json-write.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-pull-line.h"
#include "store/csl-replica-repair.h"

#include <string.h>

#define FETCH_IDS 500

typedef struct
{
  const char *bucket;
  const GString *text;
  GPtrArray *found; /* (owned) (nullable): keys to fetch, or buckets that differ */
  gint64 seq;
  bool may;
} Repair;

static void
note_all_types (CslVaultChanges *changes)
{
  csl_type_set_add_all (&changes->types);
  changes->outbox = true;
}

static bool
ask_may_repair (CslReplica *replica,
                gpointer data,
                CslVaultChanges *changes,
                GError **error)
{
  Repair *repair = data;

  return csl_replica_may_repair (replica, repair->bucket, &repair->may, error) &&
         (!CSL_MUT (30) || csl_replica_count_repair (replica, repair->bucket, error));
}

static bool
count_repair (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  return csl_replica_count_repair (replica, ((Repair *) data)->bucket, error);
}

static bool
write_manifest (CslReplica *replica,
                gpointer data,
                CslVaultChanges *changes,
                GError **error)
{
  Repair *repair = data;

  repair->found = csl_replica_apply_manifest (replica, repair->bucket, repair->text->str,
                                              repair->text->len, error);
  note_all_types (changes);
  return repair->found != NULL;
}

static bool
write_fetched (CslReplica *replica,
               gpointer data,
               CslVaultChanges *changes,
               GError **error)
{
  Repair *repair = data;
  g_auto (CslPageResult) result = { 0 };

  note_all_types (changes);
  return csl_replica_apply_fetch (replica, repair->text->str, repair->text->len, &result,
                                  error);
}

static bool
write_bucket_list (CslReplica *replica,
                   gpointer data,
                   CslVaultChanges *changes,
                   GError **error)
{
  Repair *repair = data;

  repair->found = csl_replica_apply_bucket_list (replica, repair->text->str,
                                                 repair->text->len, &repair->seq, error);
  note_all_types (changes);
  return repair->found != NULL;
}

static bool
write_reconciled (CslReplica *replica,
                  gpointer data,
                  CslVaultChanges *changes,
                  GError **error)
{
  return csl_replica_finish_reconcile (replica, ((Repair *) data)->seq, error);
}

static GString *
print_bucket (const char *bucket)
{
  GString *body = g_string_new ("{");

  csl_json_write_member_string (body, "bucket", bucket);
  g_string_append_c (body, '}');
  return body;
}

static GString *
print_ids (const GPtrArray *keys, guint start, guint end)
{
  GString *body = g_string_new ("{\"ids\":[");

  for (guint i = start; i < end; i++) {
    const CslRecordKey *key = keys->pdata[i];

    g_string_append (body, i > start ? ",[" : "[");
    csl_json_write_string (body, key->type);
    g_string_append_c (body, ',');
    csl_json_write_string (body, key->id);
    g_string_append_c (body, ']');
  }
  g_string_append (body, "]}");
  return body;
}

/* Was the server restored meanwhile? Then its answer begins with the epoch of another history. */
static bool
is_of_other_epoch (CslSyncContext *self, const GString *text)
{
  CslReplicaIdentity identity = csl_sync_context_get_identity (self);
  const char *end = memchr (text->str, '\n', text->len);
  g_auto (CslPullLine) line;

  csl_pull_line_init (&line);
  return end != NULL && *identity.epoch != '\0' &&
         csl_pull_line_parse (&line, text->str, (gsize) (end - text->str), NULL) &&
         line.kind == CSL_LINE_HEAD && strcmp (line.epoch, identity.epoch) != 0;
}

/* POSTs @body (takes) and has the answer written by @func. */
static bool
ask_and_write (CslSyncContext *self,
               const char *path,
               GString *body,
               CslVaultFunc func,
               Repair *repair,
               CslExchangeReply *reply,
               GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  csl_exchange_reply_clear (reply);
  repair->text = text;
  if (!csl_sync_context_fetch_text (self, path, body, text, reply, error))
    return false;
  if (csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, func, repair, error))
    return true;
  self->other_epoch = is_of_other_epoch (self, text);
  return false;
}

/* What was refused because it is of another history is news, not trouble. */
static CslSyncEvent
failed (CslSyncContext *self, const GError *error, const CslExchangeReply *reply)
{
  CslSyncEvent event;

  if (!self->other_epoch || CSL_MUT (26))
    return csl_sync_context_failed (error, reply);
  self->other_epoch = false;
  event = csl_sync_context_ok (self);
  event.epoch_changed = true;
  return event;
}

static bool
repair_bucket (CslSyncContext *self,
               const char *bucket,
               CslExchangeReply *reply,
               GError **error)
{
  g_autoptr (GPtrArray) keys = NULL;
  Repair repair = { .bucket = bucket };

  if (!ask_and_write (self, "/v1/sync/manifest", print_bucket (bucket), write_manifest,
                      &repair, reply, error))
    /* No longer ours: the next pull says so. */
    return g_strcmp0 (reply->error_code, "no_bucket") == 0 ? (g_clear_error (error), true)
                                                           : false;
  keys = repair.found;
  for (guint start = 0; start < keys->len; start += FETCH_IDS)
    if (!ask_and_write (self, "/v1/sync/fetch",
                        print_ids (keys, start, MIN (start + FETCH_IDS, keys->len)),
                        write_fetched, &repair, reply, error))
      return false;
  return true;
}

static bool
list_written_about (CslReplica *replica,
                    gpointer data,
                    CslVaultChanges *changes,
                    GError **error)
{
  Repair *repair = data;

  repair->found = csl_replica_list_written_about (replica, error);
  return repair->found != NULL;
}

static bool
write_erased (CslReplica *replica,
              gpointer data,
              CslVaultChanges *changes,
              GError **error)
{
  Repair *repair = data;

  note_all_types (changes);
  return csl_replica_apply_erased (replica, repair->text->str, repair->text->len, error);
}

/* Who was away for too long, or hears of another history, is not told what was erased: they ask. */
static bool
ask_for_erased (CslSyncContext *self, CslExchangeReply *reply, GError **error)
{
  g_autoptr (GPtrArray) keys = NULL;
  Repair repair = { 0 };

  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, list_written_about, &repair,
                      error))
    return false;
  keys = repair.found;
  for (guint start = 0; start < keys->len; start += FETCH_IDS)
    if (!ask_and_write (self, "/v1/sync/fetch",
                        print_ids (keys, start, MIN (start + FETCH_IDS, keys->len)),
                        write_erased, &repair, reply, error))
      return false;
  return true;
}

CslSyncEvent
csl_sync_context_repair (CslSyncContext *self)
{
  g_auto (CslExchangeReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  CslSyncEvent event;
  guint repaired = 0;

  while (self->bad_buckets->len > 0) {
    const char *bucket = self->bad_buckets->pdata[self->bad_buckets->len - 1];
    Repair repair = { .bucket = bucket };

    if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, ask_may_repair, &repair,
                        &error))
      return csl_sync_context_failed (error, NULL);
    if (repair.may && !repair_bucket (self, bucket, &reply, &error))
      return failed (self, error, &reply);
    if (repair.may && !csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, count_repair,
                                      &repair, &error))
      return csl_sync_context_failed (error, NULL);
    repaired += repair.may;
    g_ptr_array_set_size (self->bad_buckets, (int) self->bad_buckets->len - 1);
  }
  event = csl_sync_context_ok (self);
  event.repaired = repaired;
  return event;
}

CslSyncEvent
csl_sync_context_reconcile (CslSyncContext *self)
{
  g_auto (CslExchangeReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) buckets = NULL;
  Repair all = { 0 };

  if (!ask_and_write (self, "/v1/sync/manifest", g_string_new ("{}"), write_bucket_list,
                      &all, &reply, &error))
    return failed (self, error, &reply);
  buckets = all.found;
  for (guint i = 0; i < buckets->len; i++)
    if (!repair_bucket (self, buckets->pdata[i], &reply, &error))
      return failed (self, error, &reply);
  if (!CSL_MUT (50) && !ask_for_erased (self, &reply, &error))
    return failed (self, error, &reply);
  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, write_reconciled, &all,
                      &error))
    return csl_sync_context_failed (error, NULL);
  return csl_sync_context_ok (self);
}
