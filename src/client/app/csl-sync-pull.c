/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync-pull.c: receives pages, one being read from the network while the one before it is
 * written to the database.
 *
 *   network   page 1 │ page 2 │ page 3 │
 *   database          │ page 1 │ page 2 │ page 3
 *
 * The next request needs only "resume" of the page just read. A page that cannot be written ends
 * the run: the page after it is thrown away, and the cursor in the database says where to go on.
 */
#include "client/app/csl-sync-context.h"
#include "core/base/csl-mut.h"
#include "core/wire/csl-pull-line.h"
#include "store/csl-store-error.h"

#include <string.h>

#define MIN_PAGE_BYTES     (16 * 1024)
#define DEFAULT_PAGE_BYTES (2 * 1024 * 1024)

/* One page on its way into the database. */
typedef struct
{
  GString *text; /* (owned) */
  CslPageResult result;
  GError *error; /* (owned) (nullable) */
  bool running, done;
} Page;

/* What a request needs from the database. */
typedef struct
{
  CslReplicaIdentity identity;
  char *resume, *sums; /* (owned) (nullable) */
  bool went_on;        /* the first page of the pull was before */
} Cursor;

static void
page_free (Page *page)
{
  g_assert (!page->running);
  g_string_free (page->text, TRUE);
  csl_page_result_clear (&page->result);
  g_clear_error (&page->error);
  g_free (page);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Page, page_free)

static void
cursor_clear (Cursor *cursor)
{
  g_free (cursor->resume);
  g_free (cursor->sums);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cursor, cursor_clear)

static bool
read_cursor (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  Cursor *cursor = data;

  if (!csl_replica_is_usable (replica, error))
    return false;
  cursor->identity = *csl_replica_get_identity (replica);
  cursor->resume = csl_replica_dup_resume (replica);
  cursor->sums = csl_replica_dup_sums (replica);
  return true;
}

static GString *
print_request (CslSyncContext *self, const Cursor *cursor)
{
  CslPullRequest request = {
    .device = (char *) cursor->identity.device,
    .epoch = (char *) cursor->identity.epoch,
    .since = cursor->identity.since,
    .schema = self->schema_version,
    .resume = cursor->resume,
    /* A full page is what the server sends unasked. */
    .max_bytes = self->max_bytes < self->page_bytes ? self->max_bytes : 0,
    .sums = cursor->sums,
    .unsent = self->counts.queued + self->counts.sent + self->counts.held,
  };
  g_autofree char *text = csl_pull_request_print (&request);

  return g_string_new (text);
}

/* "resume" of the last line when it is a page line, else NULL. */
static char *
dup_resume (const GString *text)
{
  g_auto (CslJson) json = { 0 };
  const char *start;
  guint resume;

  if (text->len < 2)
    return NULL;
  start = g_strrstr_len (text->str, (gssize) text->len - 1, "\n");
  start = start != NULL ? start + 1 : text->str;
  csl_json_init (&json);
  if (!csl_json_scan (&json, start, (gsize) (text->str + text->len - 1 - start),
                      &csl_json_limits_line, NULL) ||
      !csl_json_equals (&json, csl_json_member (&json, 0, "t"), "page"))
    return NULL;
  resume = csl_json_member (&json, 0, "resume");
  return resume != 0 ? csl_json_dup_source (&json, resume) : NULL;
}

/* -- writing a page, on the database thread -- */

static bool
write_page (CslReplica *replica, gpointer data, CslVaultChanges *changes, GError **error)
{
  Page *page = data;

  if (!csl_replica_apply_page (replica, page->text->str, page->text->len, &page->result,
                               error))
    return false;
  for (guint i = 0;
       page->result.changed_types != NULL && i < page->result.changed_types->len; i++)
    csl_type_set_add (&changes->types, page->result.changed_types->pdata[i]);
  changes->outbox = true;
  return true;
}

static void
page_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Page *page = data;

  page->done = csl_vault_run_finish (CSL_VAULT (source), result, &page->error);
  page->running = false;
}

static void
begin_page (CslSyncContext *self, Page *page)
{
  page->running = true;
  csl_vault_run_async (self->vault, CSL_VAULT_PRIORITY_SYNC, write_page, page, NULL,
                       page_written_cb, page);
}

static void
note_arrived (const CslSyncContext *self)
{
  if (self->first_sync && self->arrived != NULL)
    self->arrived (self->data);
}

static void
note_result (CslSyncContext *self, CslPageResult *result)
{
  for (guint i = 0; result->bad_buckets != NULL && i < result->bad_buckets->len; i++) {
    const char *bucket = result->bad_buckets->pdata[i];

    if (!g_ptr_array_find_with_equal_func (self->bad_buckets, bucket, g_str_equal, NULL))
      g_ptr_array_add (self->bad_buckets, g_strdup (bucket));
  }
  self->rows_received += result->n_put;
  note_arrived (self);
}

/* Waits until @page (nullable) is in the database. */
static bool
end_page (CslSyncContext *self, Page *page, GError **error)
{
  if (page == NULL)
    return true;
  while (page->running)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  if (!page->done) {
    g_propagate_error (error, g_steal_pointer (&page->error));
    return false;
  }
  note_result (self, &page->result);
  return true;
}

/* -- reading pages -- */

static Page *
read_page (CslSyncContext *self,
           const Cursor *cursor,
           CslExchangeReply *reply,
           GError **error)
{
  g_autoptr (Page) page = g_new0 (Page, 1);
  gint64 limit = self->page_bytes > 0 ? self->page_bytes : DEFAULT_PAGE_BYTES;

  page->text = g_string_new (NULL);
  if (self->max_bytes == 0)
    self->max_bytes = limit;
  csl_exchange_reply_clear (reply);
  if (!csl_sync_context_fetch_text (self, "/v1/sync/pull", print_request (self, cursor),
                                    page->text, reply, error))
    return NULL;
  self->max_bytes = MIN (self->max_bytes * 2, limit);
  return g_steal_pointer (&page);
}

/* Reads and writes pages until the last one or until something else wants to happen. The last page
 * that was written is left in *ret_page. */
static bool
run_pages (CslSyncContext *self,
           Cursor *cursor,
           Page **ret_page,
           CslExchangeReply *reply,
           GError **error)
{
  g_autoptr (Page) writing = NULL;

  while (true) {
    g_autoptr (Page) page = read_page (self, cursor, reply, error);
    g_autoptr (GError) write_error = NULL;

    /* The page before this one counts, whatever became of reading. */
    if (!end_page (self, writing, &write_error)) {
      g_clear_error (error);
      g_propagate_error (error, g_steal_pointer (&write_error));
      return false;
    }
    if (page == NULL)
      return false;
    g_free (cursor->resume);
    cursor->resume = dup_resume (page->text);
    begin_page (self, page);
    g_clear_pointer (&writing, page_free);
    writing = g_steal_pointer (&page);
    /* Only a request without a fill under way carries sums. */
    g_clear_pointer (&cursor->sums, g_free);
    /* A new replica learns its epoch with the first page. */
    if (cursor->resume == NULL || *cursor->identity.epoch == '\0' ||
        !self->may_go_on (self->data))
      break;
    cursor->went_on = true;
  }
  if (!end_page (self, writing, error))
    return false;
  *ret_page = g_steal_pointer (&writing);
  return true;
}

/* How much a first sync will bring; not knowing it is no failure. */
static void
ask_size (CslSyncContext *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (CslExchangeReply) reply = { 0 };
  g_auto (GStrv) lines = NULL;
  g_auto (CslPullLine) line = { 0 };

  self->rows_expected = self->rows_received = 0;
  if (!csl_sync_context_fetch_text (self, "/v1/sync/manifest", g_string_new ("{}"), text,
                                    &reply, NULL))
    return;
  csl_pull_line_init (&line);
  lines = g_strsplit (text->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (csl_pull_line_parse (&line, lines[i], strlen (lines[i]), NULL) &&
        line.kind == CSL_LINE_SUM)
      self->rows_expected += line.count;
}

/* A pull that went on after its first page, here or before it was cut, ends at the commit of that page. There may be more
 * since: even this device's own last push. */
static CslSyncEvent
conclude (CslSyncContext *self, const Page *page, const Cursor *cursor)
{
  gint64 since = cursor->identity.since;
  CslSyncEvent event = csl_sync_context_ok (self);

  event.more = page->result.more ||
               (cursor->went_on && page->result.done && !CSL_MUT (29));
  event.reconcile = page->result.reconcile;
  event.epoch_changed = page->result.epoch_changed;
  event.head = page->result.done ? page->result.until : since;
  event.bad_buckets = self->bad_buckets->len;
  if (page->result.done)
    self->first_sync = false;
  return event;
}

CslSyncEvent
csl_sync_context_pull (CslSyncContext *self)
{
  g_auto (Cursor) cursor = { 0 };
  g_auto (CslExchangeReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (Page) page = NULL;

  if (!csl_vault_run (self->vault, CSL_VAULT_PRIORITY_SYNC, read_cursor, &cursor, &error))
    return csl_sync_context_failed (error, NULL);
  if (cursor.identity.since == 0 && !self->first_sync) {
    self->first_sync = true;
    ask_size (self);
    note_arrived (self);
  }
  cursor.went_on = cursor.resume != NULL;
  if (run_pages (self, &cursor, &page, &reply, &error))
    return conclude (self, page, &cursor);
  if (g_error_matches (error, CSL_NET_ERROR, CSL_NET_ERROR_CUT))
    self->max_bytes = MAX (self->max_bytes / 2, MIN_PAGE_BYTES);
  return csl_sync_context_failed (error, &reply);
}
