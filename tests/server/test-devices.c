/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computers: refused, ordered to wipe, their sealed work, and who may see and remove them. */
#include "core/wire/csl-pull-request.h"
#include "server/csd-devices.h"
#include "server/csd-fixture.h"
#include "store/csl-sealed.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define PASSPHRASE "three small grey herons"

static void
set_status (Fixture *fixture, const Client *client, CsdDeviceStatus status)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
    csd_server_set_device_status (fixture->server, client->device, NULL, status, &error));
  g_assert_no_error (error);
}

static void
make_key (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (csd_server_make_recovery_key (fixture->server, fixture->organisation,
                                               PASSPHRASE, &error));
  g_assert_no_error (error);
}

static Reply *
hello (Fixture *fixture, const Client *client)
{
  return reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);
}

/* The order out of a refusal. */
static void
read_order (const Reply *reply, CslOrder *order)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *text = NULL;
  guint index = 0;

  g_assert_cmpuint (reply->status, ==, 403);
  g_assert_cmpstr (reply->code, ==, "device");
  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, reply->body->str, reply->body->len,
                                &csl_json_limits_request, NULL));
  index = csl_json_member (&json, 0, "order");
  g_assert_cmpuint (index, !=, 0);
  text = csl_json_dup_source (&json, index);
  g_assert_true (csl_order_parse (order, text, strlen (text), NULL));
}

static bool
is_signed (const CslOrder *order, const char *key)
{
  g_autofree char *text = csl_order_dup_signed_text (order);
  gsize length = 0;
  g_autofree guint8 *public_key = g_base64_decode (key, &length);
  g_autofree guint8 *signature = g_base64_decode (order->signature, &length);

  return length == crypto_sign_BYTES &&
         crypto_sign_verify_detached (signature, (const guint8 *) text, strlen (text),
                                      public_key) == 0;
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  g_auto (CslOrder) first = { 0 };
  g_auto (CslOrder) second = { 0 };

  make_key (fixture);
  {
    g_autoptr (Reply) tokens = client_sign_in (client, "amina", PASSWORD);
    g_autofree char *recovery = json_get (tokens->body->str, "recovery_key");

    key = json_get (tokens->body->str, "order_key");
    g_assert_nonnull (recovery);
    client_take_tokens (client, tokens);
  }
  set_status (fixture, client, CSD_DEVICE_WIPE_PENDING);
  {
    g_autoptr (Reply) refused = hello (fixture, client);
    g_autoptr (Reply) refreshed = client_refresh (client, client->refresh);
    g_autoptr (Reply) again = client_sign_in (client, "amina", PASSWORD);
    g_auto (CslOrder) other = { 0 };
    g_auto (CslOrder) third = { 0 };

    read_order (refused, &first);
    read_order (refreshed, &other);
    read_order (again, &third);
  }
  g_assert_true (is_signed (&first, key));
  g_assert_cmpstr (first.kind, ==, "wipe");
  g_assert_cmpstr (first.device, ==, client->device);
  g_assert_cmpstr (first.user, ==, fixture->amina);
  g_assert_cmpint (first.counter, ==, 1);
  /* Any other content is not signed. */
  first.counter++;
  g_assert_false (is_signed (&first, key));
  /* Taken back: what was open goes on, and the next order has a higher counter. */
  set_status (fixture, client, CSD_DEVICE_ENROLLED);
  {
    g_autoptr (Reply) good = hello (fixture, client);
    g_autoptr (Reply) tokens = client_refresh (client, client->refresh);

    g_assert_cmpuint (good->status, ==, 200);
    assert_json (tokens->body->str, "order_counter", "2");
  }
  set_status (fixture, client, CSD_DEVICE_WIPE_PENDING);
  {
    g_autoptr (Reply) refused = client_refresh (client, client->refresh);

    read_order (refused, &second);
    g_assert_cmpint (second.counter, ==, 3);
  }
  /* Long after the tokens have expired the order still waits. */
  fixture->now_ms += 400 * 24 * 3600 * G_GINT64_CONSTANT (1000);
  {
    g_autoptr (Reply) late = client_refresh (client, client->refresh);
    g_auto (CslOrder) order = { 0 };

    read_order (late, &order);
  }
}

/* Nobody else is told, and nobody else's computer is touched. */
static void
test_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) lost = client_new (fixture, "amina");
  g_autoptr (Client) other = client_new (fixture, "amina");
  g_autoptr (Client) thief = client_new (fixture, NULL);

  make_key (fixture);
  set_status (fixture, lost, CSD_DEVICE_WIPE_PENDING);
  g_strlcpy (thief->device, lost->device, sizeof thief->device);
  {
    g_autoptr (Reply) stolen = client_refresh (thief, lost->refresh);
    g_autoptr (Reply) good = hello (fixture, other);

    g_assert_cmpuint (stolen->status, ==, 401);
    g_assert_cmpstr (stolen->code, ==, "signature");
    g_assert_cmpuint (good->status, ==, 200);
  }
}

static void
test_no_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (GError) error = NULL;

  g_assert_false (csd_server_set_device_status (fixture->server, client->device, NULL,
                                                CSD_DEVICE_WIPE_PENDING, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_INITIALIZED);
}

static void
test_suspend (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");

  set_status (fixture, client, CSD_DEVICE_SUSPENDED);
  {
    g_autoptr (Reply) refused = hello (fixture, client);
    g_autoptr (Reply) refreshed = client_refresh (client, client->refresh);

    g_assert_cmpuint (refused->status, ==, 403);
    g_assert_cmpuint (refreshed->status, ==, 403);
    g_assert_null (strstr (refused->body->str, "order"));
  }
  set_status (fixture, client, CSD_DEVICE_ENROLLED);
  {
    g_autoptr (Reply) good = client_refresh (client, client->refresh);

    g_assert_cmpuint (good->status, ==, 200);
  }
}

/* -- sealed work -- */

static char *
dup_signed (const Client *client, const char *text)
{
  guint8 signature[crypto_sign_BYTES];

  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text),
                        client->secret);
  return g_base64_encode (signature, sizeof signature);
}

static Reply *
hand_in (Client *client, GBytes *box, guint part, gsize from, gsize to)
{
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, box);
  g_autofree char *text = g_strdup_printf ("sealed\n%s\n%s\n%s\n%" G_GSIZE_FORMAT "\n2",
                                           client->device, client->fixture->amina, hash,
                                           g_bytes_get_size (box));
  g_autofree char *signature = dup_signed (client, text);
  g_autofree char *base64 =
    g_base64_encode ((const guint8 *) g_bytes_get_data (box, NULL) + from, to - from);
  g_autofree char *body = g_strdup_printf (
    "{\"device\":\"%s\",\"user\":\"%s\",\"hash\":\"%s\",\"size\":%" G_GSIZE_FORMAT
    ",\"entries\":2,\"signature\":\"%s\",\"part\":%u,\"data\":\"%s\"}",
    client->device, client->fixture->amina, hash, g_bytes_get_size (box), signature, part,
    base64);

  return reply_new (client->fixture, "POST", "/v1/device/sealed", NULL, body);
}

static void
assert_progress (Reply *reply, const char *parts, const char *complete)
{
  g_autoptr (Reply) owned = reply;

  g_assert_cmpuint (owned->status, ==, 200);
  assert_json (owned->body->str, "parts", parts);
  g_assert_nonnull (strstr (owned->body->str, complete));
}

static void
copy_sealed_cb (const CsdSealed *sealed, gpointer data)
{
  *(CsdSealed *) data = *sealed;
}

static void
assert_opens (Fixture *fixture, const char *id, const char *passphrase, const char *text)
{
  guint8 key[CSD_RECOVERY_KEY_SIZE];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = NULL;
  CsdSealed sealed;

  if (!csd_server_open_recovery_key (fixture->server, fixture->organisation, passphrase,
                                     key, &error)) {
    g_assert_error (error, CSL_SEALED_ERROR, CSL_SEALED_ERROR_WRONG_KEY);
    g_assert_null (text);
    return;
  }
  content = csd_server_open_sealed (fixture->server, id, key, &sealed, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), text,
                   strlen (text));
}

static void
test_sealed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Client) other = client_new (fixture, "amina");
  g_autoptr (GBytes) content = g_bytes_new_static ("what was not sent", 17);
  g_autoptr (GBytes) box = NULL;
  g_auto (CsdRecoveryKey) key = { 0 };
  CsdSealed sealed = { 0 };
  gsize size = 0;

  make_key (fixture);
  g_assert_true (
    csd_server_find_recovery_key (fixture->server, fixture->organisation, &key, NULL));
  box = csl_sealed_write_to_key (&fixture->env, key.public_key, content, NULL);
  size = g_bytes_get_size (box);
  {
    g_autoptr (Reply) early = hand_in (client, box, 0, 0, 100);

    g_assert_cmpuint (early->status, ==, 401);
  }
  set_status (fixture, client, CSD_DEVICE_WIPE_PENDING);
  assert_progress (hand_in (client, box, 1, 100, size), "0", "false");
  assert_progress (hand_in (client, box, 0, 0, 100), "1", "false");
  assert_progress (hand_in (client, box, 0, 0, 100), "1", "false");
  /* Wrong bytes: all that came is forgotten. */
  assert_progress (hand_in (client, box, 1, 0, size - 100), "0", "false");
  assert_progress (hand_in (client, box, 0, 0, 100), "1", "false");
  assert_progress (hand_in (client, box, 1, 100, size), "2", "true");
  assert_progress (hand_in (client, box, 1, 100, size), "2", "true");
  g_strlcpy (other->device, client->device, sizeof other->device);
  {
    g_autoptr (Reply) forged = hand_in (other, box, 0, 0, 100);

    g_assert_cmpuint (forged->status, ==, 401);
  }
  g_assert_true (csd_server_list_sealed (fixture->server, copy_sealed_cb, &sealed, NULL));
  g_assert_cmpint (sealed.entries, ==, 2);
  g_assert_cmpint (sealed.complete_ms, !=, 0);
  assert_opens (fixture, sealed.id, "another passphrase", NULL);
  assert_opens (fixture, sealed.id, PASSPHRASE, "what was not sent");
  /* Exported and forgotten here: the passphrase opens nothing any more. */
  g_assert_true (csd_server_forget_private_recovery_key (fixture->server,
                                                         fixture->organisation, NULL));
  {
    guint8 private_key[CSD_RECOVERY_KEY_SIZE];
    g_autoptr (GError) error = NULL;

    g_assert_false (csd_server_open_recovery_key (fixture->server, fixture->organisation,
                                                  PASSPHRASE, private_key, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  }
}

static Reply *
confirm (Client *client, const char *counter)
{
  g_autofree char *text = g_strdup_printf ("wiped\n%s\n%s\n%s", client->device,
                                           client->fixture->amina, counter);
  g_autofree char *signature = dup_signed (client, text);
  g_autofree char *body =
    g_strdup_printf ("{\"device\":\"%s\",\"user\":\"%s\",\"counter\":%s,"
                     "\"signature\":\"%s\"}",
                     client->device, client->fixture->amina, counter, signature);

  return reply_new (client->fixture, "POST", "/v1/device/wiped", NULL, body);
}

static void
test_receipt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (GError) error = NULL;

  make_key (fixture);
  set_status (fixture, client, CSD_DEVICE_WIPE_PENDING);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (Reply) receipt = confirm (client, "1");

    g_assert_cmpuint (receipt->status, ==, 204);
  }
  {
    g_autoptr (Reply) refused = client_sign_in (client, "amina", PASSWORD);
    g_autoptr (Reply) refreshed = client_refresh (client, client->refresh);

    g_assert_cmpuint (refused->status, ==, 403);
    g_assert_cmpstr (refused->code, ==, "locked");
    g_assert_cmpuint (refreshed->status, ==, 401);
  }
  g_assert_false (csd_server_set_device_status (fixture->server, client->device, NULL,
                                                CSD_DEVICE_ENROLLED, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* -- who may -- */

static guint
count_devices (Fixture *fixture, const Client *client)
{
  g_autoptr (Reply) reply =
    reply_new (fixture, "GET", "/v1/devices", client->access, NULL);
  g_auto (GStrv) lines = reply_lines (reply);

  g_assert_cmpuint (reply->status, ==, 200);
  return count_lines (lines, "device");
}

static guint
ask_status (Client *client, const Client *of, const char *user, const char *status)
{
  g_autofree char *body =
    g_strdup_printf ("{\"device\":\"%s\",\"user\":\"%s\",\"status\":\"%s\"}", of->device,
                     user, status);
  g_autoptr (Reply) reply =
    reply_new (client->fixture, "POST", "/v1/devices/status", client->access, body);

  return reply->status;
}

static void
test_rights (Fixture *fixture, gconstpointer data)
{
  const CsdNewAccount account = { .username = "root",
                                  .first_name = "Root",
                                  .password = PASSWORD,
                                  .role = "admin" };
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) laptop = client_new (fixture, "amina");
  g_autoptr (Client) bill = client_new (fixture, "bill");
  g_autoptr (Client) root = NULL;

  make_key (fixture);
  g_assert_true (csd_server_add_account (fixture->server, fixture->organisation, &account,
                                         NULL, NULL));
  root = client_new (fixture, "root");
  g_assert_cmpuint (count_devices (fixture, amina), ==, 2);
  g_assert_cmpuint (count_devices (fixture, bill), ==, 1);
  g_assert_cmpuint (count_devices (fixture, root), ==, 4);
  /* Nobody else's, not one's own back in, and nothing but the three. */
  g_assert_cmpuint (ask_status (bill, laptop, fixture->amina, "wipe_pending"), ==, 404);
  g_assert_cmpuint (ask_status (bill, laptop, fixture->bill, "wipe_pending"), ==, 404);
  g_assert_cmpuint (ask_status (amina, laptop, fixture->amina, "suspended"), ==, 404);
  g_assert_cmpuint (ask_status (root, laptop, fixture->amina, "wiped"), ==, 400);
  g_assert_cmpuint (ask_status (amina, laptop, fixture->amina, "wipe_pending"), ==, 204);
  g_assert_cmpuint (ask_status (amina, laptop, fixture->amina, "enrolled"), ==, 404);
  g_assert_cmpuint (ask_status (root, laptop, fixture->amina, "enrolled"), ==, 204);
  g_assert_cmpuint (ask_status (root, bill, fixture->bill, "suspended"), ==, 204);
  g_assert_cmpuint (ask_status (root, bill, fixture->bill, "enrolled"), ==, 204);
}

/* A folder from before there were orders. */
static void
test_old_secrets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *path = g_build_filename (fixture->folder, "secrets", NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *first = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_true (
    g_file_set_contents_full (path, bytes, 64, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  fixture_restart (fixture);
  {
    g_autoptr (Reply) good = hello (fixture, client);
    g_autoptr (Reply) tokens = client_refresh (client, client->refresh);

    g_assert_cmpuint (good->status, ==, 200);
    first = json_get (tokens->body->str, "order_key");
    g_assert_nonnull (first);
    client_take_tokens (client, tokens);
  }
  fixture_restart (fixture);
  {
    g_autoptr (Reply) tokens = client_refresh (client, client->refresh);

    assert_json (tokens->body->str, "order_key", first);
  }
}

static void
count_notes_cb (const CsdDevice *device, const CsdDeviceNote *note, gpointer data)
{
  if (note == NULL)
    return;
  g_assert_cmpstr (note->user, ==, device->user);
  ++*(guint *) data;
}

static void
pull_and_say (Client *client)
{
  g_auto (GStrv) lines = client_pull (client, 0, 0, NULL);

  g_assert_nonnull (find_line (lines, "t", "done", NULL));
}

/* Two people on one computer: the server knows of both copies how far they have come, whoever came last; or nobody could ever
 * say that what was erased is gone from there. */
static void
test_shared_computer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, NULL);
  g_autoptr (GError) error = NULL;
  char person[40], file[40];

  g_strlcpy (maria->device, amina->device, sizeof maria->device);
  {
    g_autoptr (Reply) reply = client_sign_in (maria, "maria", PASSWORD);

    client_take_tokens (maria, reply);
  }
  for (guint i = 0; i < 2; i++) {
    guint n = 0;

    pull_and_say (amina);
    pull_and_say (maria);
    g_assert_true (csd_server_list_devices (fixture->server, fixture->organisation, NULL,
                                            count_notes_cb, &n, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (n, ==, 2);
    /* Once more from the disk. */
    client_make_case (amina, person, file);
    fixture_restart (fixture);
    n = 0;
    g_assert_true (csd_server_list_devices (fixture->server, fixture->organisation, NULL,
                                            count_notes_cb, &n, &error));
    g_assert_cmpuint (n, ==, 2);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                  \
  g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD ("/devices/order", test_order);
  ADD ("/devices/others", test_others);
  ADD ("/devices/no-key", test_no_key);
  ADD ("/devices/suspend", test_suspend);
  ADD ("/devices/sealed", test_sealed);
  ADD ("/devices/receipt", test_receipt);
  ADD ("/devices/rights", test_rights);
  ADD ("/devices/old-secrets", test_old_secrets);
  ADD ("/devices/shared-computer", test_shared_computer);
  return g_test_run ();
}
