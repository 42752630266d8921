/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-sync-calls.c: hello, manifest, fetch, history. */
#include "config.h"

#include "core/base/csl-error.h"
#include "core/base/csl-json-write.h"
#include "core/wire/csl-pull-line.h"
#include "core/wire/csl-pull-request.h"
#include "server/handlers/csd-call.h"
#include "server/handlers/csd-digest.h"

#include <string.h>

#define PROTOCOL       1
#define PUSH_OPS       500
#define PUSH_BYTES     (1024 * 1024)
#define FETCH_IDS      500
#define HISTORY_MAX    1000
#define HISTORY_NORMAL 200
#define FLUSH_SIZE     (64 * 1024)

void
csd_call_hello (CsdCall *call)
{
  CsdStorage *storage = call->storage;
  g_auto (CslHello) hello = {
    .protocol_min = PROTOCOL,
    .protocol_max = PROTOCOL,
    .schema_min = CSD_SCHEMA_MIN,
    .schema = csl_schema_get_version (call->server->schema),
    .epoch = g_strdup (storage->get_epoch (storage)),
    .epoch_head = storage->get_common (storage),
    .head = storage->get_head (storage),
    .horizon = storage->get_horizon (storage),
    .safe_seq = storage->get_safe_seq (storage),
    .time = csd_call_dup_now (call->server),
    .page_bytes = call->server->config.page_bytes,
    .push_ops = PUSH_OPS,
    .push_bytes = PUSH_BYTES,
  };
  g_autofree char *text = csl_hello_print (&hello);

  csd_response_json (call->response, 200, text);
}

static bool
scan (CsdCall *call, CslJson *json)
{
  csl_json_init (json);
  if (csl_json_scan (json, call->body, call->length, &csl_json_limits_request, NULL) &&
      csl_json_token (json, 0)->kind == CSL_JSON_OBJECT)
    return true;
  csd_response_error (call->response, 400, "bad_request",
                      "The body is not a JSON object.");
  return false;
}

typedef struct
{
  CsdCall *call;               /* (unowned) */
  GString *out;                /* (owned) */
  char *after_type, *after_id; /* (owned) (nullable) */
} Lines;

static void
lines_clear (Lines *lines)
{
  g_string_free (lines->out, TRUE);
  g_free (lines->after_type);
  g_free (lines->after_id);
}

static void
flush (Lines *lines)
{
  if (lines->out->len >= FLUSH_SIZE)
    csd_response_flush (lines->call->response, lines->out);
}

static bool
manifest_row_cb (const CsdStored *row, gpointer data)
{
  Lines *lines = data;

  if (lines->after_type != NULL) {
    int order = strcmp (row->type->name, lines->after_type);

    if (order < 0 || (order == 0 && strcmp (row->id, lines->after_id) <= 0))
      return true;
  }
  csl_pull_write_row (lines->out, row->type->name, row->id, row->rev, row->hash);
  flush (lines);
  return true;
}

static bool
write_all_sums (Lines *lines, GError **error)
{
  g_autoptr (GArray) states = csd_digest_list (lines->call, error);

  if (states == NULL)
    return false;
  for (guint i = 0; i < states->len; i++) {
    const CsdBucketState *state = &g_array_index (states, CsdBucketState, i);

    csl_pull_write_sum (lines->out, state->bucket, state->count, state->sum);
    flush (lines);
  }
  return true;
}

static bool
write_manifest (Lines *lines, const char *bucket, GError **error)
{
  CsdStorage *storage = lines->call->storage;
  CsdBucketState state = { 0 };

  if (!storage->list_manifest (storage, bucket, manifest_row_cb, lines, error))
    return false;
  if (!storage->get_bucket (storage, bucket, &state, error) && error != NULL &&
      *error != NULL)
    return false;
  csl_pull_write_sum (lines->out, bucket, state.count, state.sum);
  return true;
}

static void
read_after (Lines *lines, const CslJson *json)
{
  guint after = csl_json_member (json, 0, "after");

  if (after == 0 || csl_json_token (json, after)->kind != CSL_JSON_ARRAY ||
      csl_json_token (json, after)->count != 2)
    return;
  lines->after_type = csl_json_dup_string (json, after + 1);
  lines->after_id = csl_json_dup_string (json, after + 2);
  if (lines->after_id == NULL)
    g_clear_pointer (&lines->after_type, g_free);
}

/* Runs @body between head and done, in one snapshot. */
static void
begin_lines (Lines *lines)
{
  gint64 head = lines->call->storage->get_head (lines->call->storage);

  csd_response_begin (lines->call->response, 200, CSD_TYPE_NDJSON);
  csd_call_write_head (lines->call, lines->out, 0, head);
}

static void
end_lines (Lines *lines, bool good)
{
  if (good)
    csl_pull_write_done (lines->out,
                         lines->call->storage->get_head (lines->call->storage));
  csd_response_flush (lines->call->response, lines->out);
}

void
csd_call_manifest (CsdCall *call)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *bucket = NULL;
  g_autoptr (GError) error = NULL;
  Lines lines = { .call = call };

  if (!scan (call, &json))
    return;
  bucket = csl_json_member_dup_string (&json, 0, "bucket");
  if (bucket == NULL && csl_json_member (&json, 0, "bucket") != 0) {
    csd_response_error (call->response, 400, "bad_request", "The bucket must be a text.");
    return;
  }
  if (bucket != NULL && !csd_call_sees (call, bucket, G_MAXINT64)) {
    csd_response_error (call->response, 404, "no_bucket", "You do not have this bucket.");
    return;
  }
  if (!call->storage->begin_read (call->storage, &error)) {
    csd_call_fail (call->response, error);
    return;
  }
  lines.out = g_string_new (NULL);
  read_after (&lines, &json);
  begin_lines (&lines);
  end_lines (&lines, bucket == NULL ? write_all_sums (&lines, &error)
                                    : write_manifest (&lines, bucket, &error));
  call->storage->end_read (call->storage);
  lines_clear (&lines);
}

static bool
fetch_one (Lines *lines, const char *type, const char *id, GError **error)
{
  CsdStorage *storage = lines->call->storage;
  g_auto (CsdStored) stored = { 0 };
  GError *load_error = NULL;
  bool found = storage->load (storage, id, &stored, &load_error);

  if (!csl_error_pass (&load_error, error))
    return false;
  if (found && !stored.deleted && strcmp (stored.type->name, type) == 0 &&
      csd_call_sees (lines->call, stored.bucket, G_MAXINT64))
    csl_pull_write_put (lines->out, stored.bucket, type, id, stored.rev, stored.doc);
  else
    csl_pull_write_miss (lines->out, type, id, found && stored.erased ? "erase" : NULL);
  flush (lines);
  return true;
}

static bool
fetch_all (Lines *lines, const CslJson *json, guint ids, GError **error)
{
  guint at = ids + 1;

  for (guint n = csl_json_token (json, ids)->count; n > 0; n--) {
    g_autofree char *type = csl_json_dup_string (json, at + 1);
    g_autofree char *id = csl_json_dup_string (json, at + 2);

    if (type != NULL && id != NULL && !fetch_one (lines, type, id, error))
      return false;
    at = csl_json_token (json, at)->next;
  }
  return true;
}

/* [["note","0197…"],…] */
static bool
are_pairs (const CslJson *json, guint ids)
{
  guint at = ids + 1;

  if (ids == 0 || csl_json_token (json, ids)->kind != CSL_JSON_ARRAY ||
      csl_json_token (json, ids)->count > FETCH_IDS)
    return false;
  for (guint n = csl_json_token (json, ids)->count; n > 0; n--) {
    const CslJsonToken *pair = csl_json_token (json, at);

    if (pair->kind != CSL_JSON_ARRAY || pair->count != 2 ||
        csl_json_token (json, at + 1)->kind != CSL_JSON_STRING ||
        csl_json_token (json, at + 2)->kind != CSL_JSON_STRING)
      return false;
    at = pair->next;
  }
  return true;
}

void
csd_call_fetch (CsdCall *call)
{
  g_auto (CslJson) json = { 0 };
  g_autoptr (GError) error = NULL;
  Lines lines = { .call = call };
  guint ids = 0;

  if (!scan (call, &json))
    return;
  ids = csl_json_member (&json, 0, "ids");
  if (!are_pairs (&json, ids)) {
    csd_response_error (call->response, 400, "bad_request",
                        "ids must be at most 500 pairs of type and id.");
    return;
  }
  if (!call->storage->begin_read (call->storage, &error)) {
    csd_call_fail (call->response, error);
    return;
  }
  lines.out = g_string_new (NULL);
  begin_lines (&lines);
  end_lines (&lines, fetch_all (&lines, &json, ids, &error));
  call->storage->end_read (call->storage);
  lines_clear (&lines);
}

static bool
history_cb (const CsdHistory *entry, gpointer data)
{
  Lines *lines = data;
  GString *out = lines->out;

  g_string_append_c (out, '{');
  csl_json_write_member_string (out, "t", "hist");
  csl_json_write_member_int (out, "seq", entry->seq);
  csl_json_write_member_string (out, "at", entry->at);
  csl_json_write_member_string (out, "by", entry->who);
  if (entry->accepted_by != NULL)
    csl_json_write_member_string (out, "accepted_by", entry->accepted_by);
  if (entry->op != NULL)
    csl_json_write_member_string (out, "op", entry->op);
  csl_json_write_member_string (out, "act", entry->act);
  csl_json_write_name (out, "fields");
  g_string_append (out, entry->fields != NULL ? entry->fields : "[]");
  g_string_append (out, "}\n");
  flush (lines);
  return true;
}

static bool
find_visible (CsdCall *call, const CslJson *json, CsdStored *stored)
{
  g_autofree char *type = csl_json_member_dup_string (json, 0, "k");
  g_autofree char *id = csl_json_member_dup_string (json, 0, "id");

  if (type != NULL && id != NULL &&
      call->storage->load (call->storage, id, stored, NULL) && !stored->erased &&
      strcmp (stored->type->name, type) == 0 &&
      csd_call_sees (call, stored->bucket, G_MAXINT64))
    return true;
  csd_response_error (call->response, 404, "no_record", "There is no such record.");
  return false;
}

void
csd_call_history (CsdCall *call)
{
  g_auto (CslJson) json = { 0 };
  g_auto (CsdStored) stored = { 0 };
  g_autoptr (GError) error = NULL;
  Lines lines = { .call = call };
  gint64 before = 0;
  gint64 limit = 0;
  bool good = false;

  if (!scan (call, &json) || !find_visible (call, &json, &stored))
    return;
  before = csl_json_member_int (&json, 0, "before", G_MAXINT64);
  limit = csl_json_member_int (&json, 0, "limit", HISTORY_NORMAL);
  lines.out = g_string_new (NULL);
  csd_response_begin (call->response, 200, CSD_TYPE_NDJSON);
  good = call->storage->list_history (call->storage, stored.key, before,
                                      (guint) CLAMP (limit, 1, HISTORY_MAX), history_cb,
                                      &lines, &error);
  end_lines (&lines, good);
  lines_clear (&lines);
}
