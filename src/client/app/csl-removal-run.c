/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-removal-run.c: goes on with a removal from its journal, as far as disk, keyring and network allow.
 *
 *   1 hand in the boxes, one attempt: while nothing is destroyed yet they are not the only copy
 *   2 destroy: keys first, whatever is left then is noise; then every other file of the folder
 *   3 hand in what was not handed in
 *   4 tell the server, and note that it knows: what it takes to tell it goes next
 *   5 the rest, the journal and the folder go
 *
 * Each step may be done again.
 */
#include "config.h"

#include "client/app/csl-account-private.h"
#include "client/app/csl-aside.h"
#include "client/app/csl-key-file.h"
#include "client/app/csl-keyring.h"
#include "client/app/csl-removal-private.h"
#include "client/net/csl-net-transport.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-json-write.h"

#include <glib/gstdio.h>
#include <string.h>

#define PART_BYTES (256 * 1024)
#define TIMEOUT_S  15

typedef struct
{
  const char *folder;        /* (unowned) */
  GKeyFile *journal;         /* (owned) */
  CslTransport *transport;   /* (owned) (nullable) */
  GCancellable *cancellable; /* (unowned) (nullable) */
} Removal;

static void
removal_clear (Removal *removal)
{
  g_clear_pointer (&removal->journal, g_key_file_unref);
  g_clear_pointer (&removal->transport, csl_net_transport_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Removal, removal_clear)

static char *
read_head (const Removal *removal, const char *name)
{
  return g_key_file_get_string (removal->journal, CSL_REMOVAL_GROUP, name, NULL);
}

static bool
open_transport (Removal *removal)
{
  g_autofree char *server = read_head (removal, "server");
  g_autofree char *ca_file = read_head (removal, "ca_file");
  CslNetOptions options = { .server = server,
                            .ca_file = ca_file,
                            .user_agent = "Caseload/" CSL_VERSION,
                            .timeout_s = TIMEOUT_S };

  if (server != NULL && removal->transport == NULL)
    removal->transport = csl_net_transport_new (&options, NULL);
  return removal->transport != NULL;
}

static void
write_text (GString *out, GKeyFile *journal, const char *group, const char *name)
{
  g_autofree char *text = g_key_file_get_string (journal, group, name, NULL);

  csl_json_write_member_string (out, name, text != NULL ? text : "");
}

static void
write_number (GString *out, GKeyFile *journal, const char *group, const char *name)
{
  csl_json_write_member_int (out, name,
                             g_key_file_get_int64 (journal, group, name, NULL));
}

static bool
post (Removal *removal,
      const char *path,
      GString *body,
      CslLineFunc on_line,
      gpointer data)
{
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (body);
  const CslExchange request = { .method = "POST",
                                .path = path,
                                .body = bytes,
                                .anonymous = true };
  g_auto (CslExchangeReply) reply = { 0 };

  return removal->transport->exchange (removal->transport, &request, &reply, on_line,
                                       data, removal->cancellable, NULL);
}

/* -- handing in -- */

typedef struct
{
  gint64 parts;
  bool complete;
} Progress;

static bool
progress_line_cb (const char *line, gsize length, gpointer data, GError **error)
{
  Progress *progress = data;
  g_auto (CslJson) json = { 0 };
  guint complete = 0;

  csl_json_init (&json);
  if (!csl_json_scan (&json, line, length, &csl_json_limits_request, error))
    return false;
  progress->parts = csl_json_member_int (&json, 0, "parts", 0);
  complete = csl_json_member (&json, 0, "complete");
  progress->complete = complete != 0 &&
                       csl_json_token (&json, complete)->kind == CSL_JSON_TRUE;
  return true;
}

static GString *
make_body (Removal *removal, const char *group)
{
  GString *body = g_string_new ("{");

  write_text (body, removal->journal, CSL_REMOVAL_GROUP, "device");
  write_text (body, removal->journal, CSL_REMOVAL_GROUP, "user");
  write_text (body, removal->journal, group, "hash");
  write_number (body, removal->journal, group, "size");
  write_number (body, removal->journal, group, "entries");
  write_text (body, removal->journal, group, "signature");
  return body;
}

static void
write_part (GString *body, const char *box, gsize length, gint64 part)
{
  gsize from = (gsize) part * PART_BYTES;
  gsize size = from < length ? MIN (PART_BYTES, length - from) : 0;
  g_autofree char *base64 = g_base64_encode ((const guint8 *) box + from, size);

  csl_json_write_member_int (body, "part", part);
  csl_json_write_member_string (body, "data", base64);
}

/* The server says which part comes next: after a cut it goes on there. */
static bool
hand_in_box (Removal *removal, const char *group, const char *box, gsize length)
{
  guint limit = 2 * (guint) (length / PART_BYTES + 2);
  Progress progress = { 0 };

  for (guint i = 0; i < limit; i++) {
    GString *body = make_body (removal, group);

    if (i > 0 && (gsize) progress.parts * PART_BYTES < length)
      write_part (body, box, length, progress.parts);
    g_string_append_c (body, '}');
    if (!post (removal, "/v1/device/sealed", body, progress_line_cb, &progress))
      return false;
    if (progress.complete)
      return true;
  }
  return false;
}

static bool
hand_in (Removal *removal, guint n)
{
  g_autofree char *path = csl_removal_dup_box_path (removal->folder, n);
  g_autofree char *group = csl_removal_dup_box_group (n);
  g_autofree char *box = NULL;
  gsize length = 0;

  if (g_key_file_get_boolean (removal->journal, group, "sent", NULL))
    return true;
  if (!open_transport (removal) || !g_file_get_contents (path, &box, &length, NULL) ||
      !hand_in_box (removal, group, box, length))
    return false;
  g_key_file_set_boolean (removal->journal, group, "sent", TRUE);
  return csl_removal_store_journal (removal->folder, removal->journal, NULL);
}

static guint
count_boxes (const Removal *removal)
{
  for (guint n = 0;; n++) {
    g_autofree char *group = csl_removal_dup_box_group (n);

    if (!g_key_file_has_group (removal->journal, group))
      return n;
  }
}

static bool
hand_in_all (Removal *removal)
{
  const guint boxes = count_boxes (removal);
  bool sent = true;

  for (guint n = 0; n < boxes && sent; n++)
    sent = hand_in (removal, n);
  return sent;
}

/* -- destroying -- */

static bool
destroy_keys (Removal *removal)
{
  g_autofree char *account = g_path_get_basename (removal->folder);
  g_autofree char *path = g_build_filename (removal->folder, "keys", NULL);
  bool wrapped = csl_key_file_destroy_sync (path, NULL);
  bool kept = csl_keyring_clear_all_sync (account, removal->cancellable, NULL);

  return wrapped && kept;
}

/* The certificate is nobody's secret, and without it the server cannot be told. */
static bool
is_kept (const char *name)
{
  return strcmp (name, CSL_REMOVAL_JOURNAL) == 0 ||
         strcmp (name, CSL_ACCOUNT_CA_NAME) == 0 ||
         (g_str_has_prefix (name, "box-") && g_str_has_suffix (name, ".sealed"));
}

/* The lock file goes like everything else: nobody opens this folder again. */
static bool
destroy_files (Removal *removal, bool all)
{
  g_autoptr (GDir) dir = g_dir_open (removal->folder, 0, NULL);
  const char *name;
  bool destroyed = dir != NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (removal->folder, name, NULL);

    if (all ? strcmp (name, CSL_REMOVAL_JOURNAL) != 0 : !is_kept (name))
      destroyed = g_unlink (path) == 0 && destroyed;
  }
  return destroyed;
}

/* A name is a folder beside this one, whatever stands there. */
static bool
destroy_asides (Removal *removal)
{
  g_autofree char *parent = g_path_get_dirname (removal->folder);
  g_auto (GStrv) names = g_key_file_get_string_list (removal->journal, CSL_REMOVAL_GROUP,
                                                     CSL_REMOVAL_ASIDE, NULL, NULL);
  bool destroyed = true;

  for (guint i = 0; names != NULL && names[i] != NULL; i++) {
    g_autofree char *name = g_path_get_basename (names[i]);
    g_autofree char *path = g_build_filename (parent, name, NULL);

    if (csl_aside_is (path))
      destroyed = csl_aside_destroy (path, CSL_ASIDE_ALL, removal->cancellable, NULL) &&
                  destroyed;
  }
  return destroyed;
}

static bool
destroy (Removal *removal)
{
  /* Files go also when the keyring does not answer: then the key opens nothing, and goes later. */
  bool keys = destroy_keys (removal);
  bool files = destroy_files (removal, false);
  bool asides = destroy_asides (removal);

  return keys && files && asides;
}

/* -- telling -- */

static bool
tell (Removal *removal)
{
  GString *body = NULL;
  g_autofree char *receipt = read_head (removal, "receipt");

  if (g_key_file_get_boolean (removal->journal, CSL_REMOVAL_GROUP, "told", NULL))
    return true;
  if (!open_transport (removal))
    return false;
  body = g_string_new ("{");
  write_text (body, removal->journal, CSL_REMOVAL_GROUP, "device");
  write_text (body, removal->journal, CSL_REMOVAL_GROUP, "user");
  write_number (body, removal->journal, CSL_REMOVAL_GROUP, "counter");
  csl_json_write_member_string (body, "signature", receipt != NULL ? receipt : "");
  g_string_append_c (body, '}');
  if (!post (removal, "/v1/device/wiped", body, NULL, NULL))
    return false;
  g_key_file_set_boolean (removal->journal, CSL_REMOVAL_GROUP, "told", TRUE);
  return csl_removal_store_journal (removal->folder, removal->journal, NULL);
}

static bool
finish (Removal *removal)
{
  g_autofree char *path = csl_removal_dup_journal_path (removal->folder);

  return tell (removal) && destroy_files (removal, true) && g_unlink (path) == 0 &&
         g_rmdir (removal->folder) == 0;
}

/* -- public -- */

static guint
count_entries (const Removal *removal)
{
  const guint boxes = count_boxes (removal);
  guint entries = 0;

  for (guint n = 0; n < boxes; n++) {
    g_autofree char *group = csl_removal_dup_box_group (n);

    entries += (guint) g_key_file_get_uint64 (removal->journal, group, "entries", NULL);
  }
  return entries;
}

void
csl_removal_state_clear (CslRemovalState *state)
{
  g_clear_pointer (&state->organisation, g_free);
}

bool
csl_removal_is_pending (const char *folder)
{
  g_autofree char *path = csl_removal_dup_journal_path (folder);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

void
csl_removal_state_free (CslRemovalState *state)
{
  csl_removal_state_clear (state);
  g_free (state);
}

GPtrArray *
csl_removal_list (const char *folder)
{
  GPtrArray *pending = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (csl_removal_is_pending (path))
      g_ptr_array_add (pending, g_steal_pointer (&path));
  }
  return pending;
}

void
csl_removal_run_sync (const char *folder,
                      CslRemovalState *ret_state,
                      GCancellable *cancellable)
{
  g_auto (Removal) removal = { .folder = folder,
                               .journal = g_key_file_new (),
                               .cancellable = cancellable };
  g_autofree char *path = csl_removal_dup_journal_path (folder);

  *ret_state = (CslRemovalState){ 0 };
  if (!g_key_file_load_from_file (removal.journal, path, G_KEY_FILE_NONE, NULL))
    return;
  ret_state->organisation = read_head (&removal, "organisation");
  ret_state->entries = count_entries (&removal);
  ret_state->sent = hand_in_all (&removal);
  ret_state->destroyed = destroy (&removal);
  if (!ret_state->sent)
    ret_state->sent = hand_in_all (&removal);
  ret_state->finished = ret_state->sent && ret_state->destroyed && finish (&removal);
}
