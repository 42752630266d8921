/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csd-fixture.c: clients of a server in this process, that write the protocol by hand. */
#include "config.h"

#include "server/csd-fixture.h"

#include "core/base/csl-id.h"
#include "core/base/csl-json-scan.h"
#include "core/base/csl-json-write.h"

#include <sodium.h>
#include <string.h>

void
new_id (Fixture *fixture, char id[40])
{
  CslId made = csl_id_new (&fixture->env);

  g_strlcpy (id, made.text, 40);
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  csd_test_agency_init (fixture, false);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  csd_test_agency_clear (fixture);
}

Reply *
reply_new (Fixture *fixture,
           const char *method,
           const char *path,
           const char *access,
           const char *body)
{
  Reply *reply = g_new0 (Reply, 1);
  g_autofree char *authorization = access != NULL ? g_strconcat ("Bearer ", access, NULL)
                                                  : NULL;
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  const CsdRequest request = { .method = method,
                               .path = path,
                               .authorization = authorization,
                               .body = bytes,
                               .remote = "192.0.2.1" };
  CsdResponse response;

  reply->body = g_string_new (NULL);
  csd_test_ask (fixture->server, &request, &response, reply->body);
  reply->status = response.status;
  reply->retry_after_s = response.retry_after_s;
  g_strlcpy (reply->code, response.code, sizeof reply->code);
  return reply;
}

void
reply_free (Reply *reply)
{
  g_string_free (reply->body, TRUE);
  g_free (reply);
}

static char **
split_lines (const char *text)
{
  char **lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);

  if (n > 0 && *lines[n - 1] == '\0')
    g_clear_pointer (&lines[n - 1], g_free);
  return lines;
}

char **
reply_lines (const Reply *reply)
{
  return split_lines (reply->body->str);
}

char *
json_get (const char *object, const char *member)
{
  g_auto (CslJson) json = { 0 };
  guint token = 0;

  csl_json_init (&json);
  g_assert_true (
    csl_json_scan (&json, object, strlen (object), &csl_json_limits_line, NULL));
  token = csl_json_member (&json, 0, member);
  if (token == 0)
    return NULL;
  if (csl_json_token (&json, token)->kind == CSL_JSON_STRING)
    return csl_json_dup_string (&json, token);
  return csl_json_dup_source (&json, token);
}

Reply *
client_sign_in (Client *client, const char *username, const char *password)
{
  g_autoptr (GString) body = g_string_new ("{");
  guint8 public_key[32];
  char key[64];

  crypto_sign_ed25519_sk_to_pk (public_key, client->secret);
  sodium_bin2base64 (key, sizeof key, public_key, sizeof public_key,
                     sodium_base64_VARIANT_ORIGINAL);
  csl_json_write_member_string (body, "organisation", client->fixture->signs_in_at);
  csl_json_write_member_string (body, "username", username);
  csl_json_write_member_string (body, "password", password);
  csl_json_write_member_string (body, "device", client->device);
  csl_json_write_member_string (body, "device_name", "Laptop 14");
  csl_json_write_member_string (body, "public_key", key);
  g_string_append_c (body, '}');
  return reply_new (client->fixture, "POST", "/v1/auth/sign-in", NULL, body->str);
}

Reply *
client_refresh (Client *client, const char *token)
{
  g_autofree char *text = g_strconcat ("refresh\n", client->device, "\n", token, NULL);
  g_autofree char *body = NULL;
  guint8 signature[crypto_sign_BYTES];
  char base64[128];

  crypto_sign_detached (signature, NULL, (const guint8 *) text, strlen (text),
                        client->secret);
  sodium_bin2base64 (base64, sizeof base64, signature, sizeof signature,
                     sodium_base64_VARIANT_ORIGINAL);
  body =
    g_strdup_printf ("{\"refresh_token\":\"%s\",\"device\":\"%s\",\"signature\":\"%s\"}",
                     token, client->device, base64);
  return reply_new (client->fixture, "POST", "/v1/auth/refresh", NULL, body);
}

void
client_take_tokens (Client *client, const Reply *reply)
{
  g_assert_cmpuint (reply->status, ==, 200);
  g_free (client->access);
  g_free (client->refresh);
  client->access = json_get (reply->body->str, "access_token");
  client->refresh = json_get (reply->body->str, "refresh_token");
}

Client *
client_new (Fixture *fixture, const char *username)
{
  Client *client = g_new0 (Client, 1);
  g_autoptr (Reply) reply = NULL;
  g_autofree char *user = NULL;
  guint8 public_key[32];

  client->fixture = fixture;
  new_id (fixture, client->device);
  new_id (fixture, client->inc);
  crypto_sign_keypair (public_key, client->secret);
  if (username == NULL)
    return client;
  reply = client_sign_in (client, username, PASSWORD);
  client_take_tokens (client, reply);
  user = json_get (reply->body->str, "user");
  g_strlcpy (client->user, user, sizeof client->user);
  return client;
}

void
client_free (Client *client)
{
  g_free (client->access);
  g_free (client->refresh);
  g_free (client);
}

Reply *
client_post (Client *client, const char *path, const char *body)
{
  return reply_new (client->fixture, "POST", path, client->access, body);
}

char *
client_op_full (Client *client,
                const char *group,
                const char *place,
                const char *more,
                const char *act,
                const char *type,
                const char *id,
                gint64 base,
                const char *set,
                const char *was)
{
  char op[40];

  new_id (client->fixture, op);
  return g_strdup_printf (
    "{\"op\":\"%s\",\"n\":%" G_GINT64_FORMAT ",\"g\":\"%s\",\"gn\":%s,\"k\":\"%s\","
    "\"id\":\"%s\",\"act\":\"%s\",\"base\":%" G_GINT64_FORMAT ",\"set\":%s,\"was\":%s,%s"
    "\"schema\":1,\"at\":{\"wall\":\"2026-11-20T15:02:11.000Z[Europe/London]\","
    "\"mono\":1},\"by\":\"%s\"}",
    op, ++client->n, group != NULL ? group : op, place, type, id, act, base, set,
    was != NULL ? was : "{}", more, client->user);
}

char *
client_op (Client *client,
           const char *act,
           const char *type,
           const char *id,
           gint64 base,
           const char *set,
           const char *was)
{
  return client_op_full (client, NULL, "[1,1]", "", act, type, id, base, set, was);
}

char **
client_push (Client *client, const char *line, ...)
{
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (Reply) reply = NULL;
  va_list lines;

  g_string_printf (body, "{\"t\":\"push\",\"device\":\"%s\",\"inc\":\"%s\"}\n",
                   client->device, client->inc);
  va_start (lines, line);
  for (; line != NULL; line = va_arg (lines, const char *))
    g_string_append_printf (body, "%s\n", line);
  va_end (lines);
  reply = client_post (client, "/v1/sync/push", body->str);
  if (reply->status != 200)
    g_test_message ("%u %s", reply->status, reply->body->str);
  g_assert_cmpuint (reply->status, ==, 200);
  return reply_lines (reply);
}

char *
client_send (Client *client, char *op)
{
  g_autofree char *taken = op;
  g_auto (GStrv) answers = client_push (client, taken, NULL);

  g_assert_cmpuint (g_strv_length (answers), ==, 1);
  return g_steal_pointer (&answers[0]);
}

void
client_expect (Client *client, char *op, const char *result)
{
  g_autofree char *answer = client_send (client, op);
  g_autofree char *got = json_get (answer, "r");

  if (g_strcmp0 (got, result) != 0)
    g_test_message ("%s", answer);
  g_assert_cmpstr (got, ==, result);
}

void
client_pull_page (Client *client,
                  gint64 since,
                  gint64 page_bytes,
                  char **resume,
                  GString *all)
{
  g_autofree char *body =
    g_strdup_printf ("{\"device\":\"%s\",\"inc\":\"%s\",\"since\":%" G_GINT64_FORMAT
                     ",\"schema\":1,\"max_bytes\":%" G_GINT64_FORMAT "%s%s}",
                     client->device, client->inc, since, page_bytes,
                     *resume != NULL ? ",\"resume\":" : "",
                     *resume != NULL ? *resume : "");
  g_autoptr (Reply) reply = client_post (client, "/v1/sync/pull", body);
  g_auto (GStrv) lines = reply_lines (reply);
  const char *page = find_line (lines, "t", "page", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_string_append (all, reply->body->str);
  g_clear_pointer (resume, g_free);
  if (page != NULL)
    *resume = json_get (page, "resume");
}

char **
client_pull (Client *client, gint64 since, gint64 page_bytes, guint *ret_pages)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autofree char *resume = NULL;
  guint pages = 0;

  do {
    client_pull_page (client, since, page_bytes, &resume, all);
    g_assert_cmpuint (++pages, <, 10000);
  } while (resume != NULL);
  if (ret_pages != NULL)
    *ret_pages = pages;
  return split_lines (all->str);
}

static bool
has_members (const char *line, va_list members)
{
  const char *name = NULL;

  while ((name = va_arg (members, const char *)) != NULL) {
    const char *expected = va_arg (members, const char *);
    g_autofree char *value = json_get (line, name);

    if (g_strcmp0 (value, expected) != 0)
      return false;
  }
  return true;
}

const char *
find_line (char **lines, ...)
{
  for (guint i = 0; lines[i] != NULL; i++) {
    va_list members;
    bool found = false;

    va_start (members, lines);
    found = has_members (lines[i], members);
    va_end (members);
    if (found)
      return lines[i];
  }
  return NULL;
}

guint
count_lines (char **lines, const char *t)
{
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++) {
    g_autofree char *value = json_get (lines[i], "t");

    n += g_strcmp0 (value, t) == 0 ? 1 : 0;
  }
  return n;
}

bool
any_contains (char **lines, const char *text)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], text) != NULL)
      return true;
  return false;
}

gint64
get_head (Fixture *fixture)
{
  CsdOrganisation *organisation =
    csd_server_get_organisation (fixture->server, fixture->organisation, NULL);

  return organisation->storage->get_head (organisation->storage);
}

char *
dup_person_set (Fixture *fixture)
{
  return g_strdup_printf (
    "{\"first_name\":\"Jo\",\"last_name\":\"Smith\",\"centre\":\"%s\"}",
    fixture->centre_a);
}

char *
client_dup_case_lines (Client *client, char client_id[40], char case_id[40])
{
  Fixture *fixture = client->fixture;
  g_autofree char *person_set = dup_person_set (fixture);
  g_autofree char *case_set = NULL;
  g_autofree char *person = NULL;
  g_autofree char *file = NULL;

  new_id (fixture, client_id);
  new_id (fixture, case_id);
  case_set = g_strdup_printf (
    "{\"client\":\"%s\",\"title\":\"Rent arrears\",\"status\":\"new\","
    "\"priority\":\"medium\",\"centre\":\"%s\","
    "\"case_type\":\"debt_advice\",\"description\":\"Behind with rent\"}",
    client_id, fixture->centre_a);
  person = client_op (client, "create", "client", client_id, 0, person_set, NULL);
  file = client_op (client, "create", "case", case_id, 0, case_set, NULL);
  return g_strdup_printf ("%s\n%s\n", person, file);
}

void
client_make_case (Client *client, char client_id[40], char case_id[40])
{
  g_autofree char *both = client_dup_case_lines (client, client_id, case_id);
  g_auto (GStrv) lines = split_lines (both);
  g_auto (GStrv) answers = client_push (client, lines[0], lines[1], NULL);

  g_assert_cmpuint (g_strv_length (answers), ==, 2);
  for (guint i = 0; i < 2; i++)
    if (strstr (answers[i], "\"r\":\"ok\"") == NULL)
      g_error ("%s", answers[i]);
}
