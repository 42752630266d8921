/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in, refreshing, signing out. */
#include "server/csd-fixture.h"

#include <string.h>

static void
test_sign_in (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, NULL);
  g_autoptr (Reply) good = client_sign_in (client, "AMINA", PASSWORD);
  g_autoptr (Reply) wrong = client_sign_in (client, "amina", "not this one");
  g_autoptr (Reply) nobody = client_sign_in (client, "nobody", PASSWORD);

  g_assert_cmpuint (good->status, ==, 200);
  assert_json (good->body->str, "user", fixture->amina);
  assert_json (good->body->str, "organisation_name", "Riverside Advice");
  assert_json (good->body->str, "expires_in", "600");
  g_assert_cmpuint (wrong->status, ==, 401);
  g_assert_cmpuint (nobody->status, ==, 401);
  g_assert_cmpstr (wrong->body->str, ==, nobody->body->str);
}

static void
test_guessing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, NULL);
  guint evaluated = 0;

  for (guint i = 0; i < 100; i++) {
    g_autoptr (Reply) reply =
      client_sign_in (client, i % 2 == 0 ? "amina" : "Amina", "guess");

    if (reply->status == 401)
      evaluated++;
    else
      g_assert_cmpuint (reply->status, ==, 429);
    fixture->now_ms += 100;
  }
  g_assert_cmpuint (evaluated, <=, 10);
  g_assert_cmpuint (evaluated, >=, 3);
  {
    g_autoptr (Reply) locked = client_sign_in (client, "amina", PASSWORD);

    g_assert_cmpuint (locked->status, ==, 429);
    g_assert_cmpuint (locked->retry_after_s, >, 0);
  }
  fixture->now_ms += 301 * 1000;
  {
    g_autoptr (Reply) again = client_sign_in (client, "amina", PASSWORD);

    g_assert_cmpuint (again->status, ==, 200);
  }
}

/* S21: wide letters are letters, and another spelling of a name is no other account. */
static void
test_guessing_spellings (Fixture *fixture, gconstpointer data)
{
  static const char *const spellings[] = { "amina",
                                           "\357\275\201mina",
                                           "a\357\275\215ina",
                                           "am\357\275\211na",
                                           "ami\357\275\216a",
                                           "amin\342\223\220",
                                           "\357\274\241\357\274\255INA" };
  g_autoptr (Client) client = client_new (fixture, NULL);
  guint evaluated = 0;

  {
    g_autoptr (Reply) found = client_sign_in (client, spellings[1], PASSWORD);

    g_assert_cmpuint (found->status, ==, 200);
  }
  for (guint i = 0; i < 70; i++) {
    g_autoptr (Reply) reply =
      client_sign_in (client, spellings[i % G_N_ELEMENTS (spellings)], "guess");

    if (reply->status == 401)
      evaluated++;
    else
      g_assert_cmpuint (reply->status, ==, 429);
  }
  g_assert_cmpuint (evaluated, <=, 10);
}

static void
test_tokens (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *forged = g_strdup (client->access);
  g_autoptr (Reply) good =
    reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);
  g_autoptr (Reply) none = reply_new (fixture, "GET", "/v1/sync/hello", NULL, NULL);
  g_autoptr (Reply) bad = NULL;
  g_autoptr (Reply) late = NULL;

  forged[strlen (forged) - 3] ^= 1;
  bad = reply_new (fixture, "GET", "/v1/sync/hello", forged, NULL);
  g_assert_cmpuint (good->status, ==, 200);
  g_assert_cmpuint (none->status, ==, 401);
  g_assert_cmpuint (bad->status, ==, 401);
  g_assert_cmpstr (bad->code, ==, "unauthorized");
  fixture->now_ms += 601 * 1000;
  late = reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);
  g_assert_cmpuint (late->status, ==, 401);
}

/* A lost answer costs nothing; a copy that is used later ends the family. */
static void
test_refresh (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autofree char *first = g_strdup (client->refresh);
  g_autofree char *second = NULL;
  g_autofree char *again = NULL;
  g_autoptr (Reply) one = client_refresh (client, first);
  g_autoptr (Reply) two = client_refresh (client, first);

  g_assert_cmpuint (one->status, ==, 200);
  g_assert_cmpuint (two->status, ==, 200);
  second = json_get (one->body->str, "refresh_token");
  again = json_get (two->body->str, "refresh_token");
  g_assert_cmpstr (second, ==, again);
  g_assert_cmpstr (second, !=, first);
  client_take_tokens (client, two);
  {
    g_autoptr (Reply) hello =
      reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);
    g_autoptr (Reply) reused = client_refresh (client, first);
    g_autoptr (Reply) dead = client_refresh (client, second);
    g_autoptr (Reply) refused =
      reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);

    g_assert_cmpuint (hello->status, ==, 200);
    g_assert_cmpuint (reused->status, ==, 401);
    g_assert_cmpstr (reused->code, ==, "reused");
    g_assert_cmpstr (dead->code, ==, "expired");
    g_assert_cmpuint (refused->status, ==, 401);
  }
}

/* Many lost answers, no sign-out. */
static void
test_refresh_losses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");

  for (guint i = 0; i < 200; i++) {
    g_autoptr (Reply) lost = client_refresh (client, client->refresh);
    g_autoptr (Reply) got = client_refresh (client, client->refresh);

    g_assert_cmpuint (lost->status, ==, 200);
    client_take_tokens (client, got);
    fixture->now_ms += 60 * 1000;
  }
}

static void
test_refresh_other_key (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Client) thief = client_new (fixture, NULL);
  g_autoptr (Reply) stolen = NULL;
  g_autoptr (Reply) good = NULL;

  g_strlcpy (thief->device, client->device, sizeof thief->device);
  stolen = client_refresh (thief, client->refresh);
  g_assert_cmpuint (stolen->status, ==, 401);
  g_assert_cmpstr (stolen->code, ==, "signature");
  good = client_refresh (client, client->refresh);
  g_assert_cmpuint (good->status, ==, 200);
}

static void
test_sign_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Reply) out = client_post (client, "/v1/auth/sign-out", NULL);
  g_autoptr (Reply) twice = client_post (client, "/v1/auth/sign-out", NULL);
  g_autoptr (Reply) refused =
    reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);
  g_autoptr (Reply) refresh = client_refresh (client, client->refresh);

  g_assert_cmpuint (out->status, ==, 204);
  g_assert_cmpuint (twice->status, ==, 204);
  g_assert_cmpuint (refused->status, ==, 401);
  g_assert_cmpstr (refresh->code, ==, "expired");
}

static void
test_disabled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (GError) error = NULL;
  g_autoptr (Reply) refused = NULL;
  g_autoptr (Reply) sign_in = NULL;

  g_assert_true (
    csd_server_set_disabled (fixture->server, "riverside", "amina", true, &error));
  g_assert_no_error (error);
  refused = reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);
  sign_in = client_sign_in (client, "amina", PASSWORD);
  g_assert_cmpuint (refused->status, ==, 401);
  g_assert_cmpuint (sign_in->status, ==, 403);
  g_assert_cmpstr (sign_in->code, ==, "locked");
}

static void
test_password (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Reply) weak = client_post (client, "/v1/auth/password",
                                        "{\"password\":\"" PASSWORD
                                        "\",\"new_password\":\"short\"}");
  g_autoptr (Reply) wrong =
    client_post (client, "/v1/auth/password",
                 "{\"password\":\"no\",\"new_password\":\"a much longer one\"}");
  g_autoptr (Reply) good = client_post (client, "/v1/auth/password",
                                        "{\"password\":\"" PASSWORD
                                        "\",\"new_password\":\"a much longer one\"}");
  g_autoptr (Reply) sign_in = client_sign_in (client, "amina", "a much longer one");

  g_assert_cmpuint (weak->status, ==, 422);
  g_assert_cmpuint (wrong->status, ==, 401);
  g_assert_cmpuint (good->status, ==, 204);
  g_assert_cmpuint (sign_in->status, ==, 200);
}

static Reply *
change_password (Client *client, const char *from, const char *to)
{
  g_autofree char *body =
    g_strdup_printf ("{\"password\":\"%s\",\"new_password\":\"%s\"}", from, to);

  return client_post (client, "/v1/auth/password", body);
}

/* Whoever changes a password thinks somebody else may know it. */
static void
test_password_ends_sessions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Client) other = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (Reply) changed = change_password (client, PASSWORD, "a much longer one");
  g_autoptr (Reply) mine =
    reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);
  g_autoptr (Reply) refreshed = client_refresh (client, client->refresh);
  g_autoptr (Reply) ended =
    reply_new (fixture, "GET", "/v1/sync/hello", other->access, NULL);
  g_autoptr (Reply) dead = client_refresh (other, other->refresh);
  g_autoptr (Reply) hers =
    reply_new (fixture, "GET", "/v1/sync/hello", maria->access, NULL);

  g_assert_cmpuint (changed->status, ==, 204);
  g_assert_cmpuint (mine->status, ==, 200);
  g_assert_cmpuint (refreshed->status, ==, 200);
  g_assert_cmpuint (ended->status, ==, 401);
  g_assert_cmpuint (dead->status, ==, 401);
  g_assert_cmpstr (dead->code, ==, "expired");
  g_assert_cmpuint (hers->status, ==, 200);
}

/* What an administrator does while a password is being hashed, as the registry is asked for the account. */
typedef struct
{
  CsdRegistry before; /* as it was */
  CsdAccount account;
  guint n; /* changes it has made */
} Meanwhile;

static Meanwhile meanwhile;

static void
change_meanwhile (CsdRegistry *registry)
{
  CsdAccount changed;

  if (meanwhile.n++ > 0)
    return;
  g_assert_true (
    meanwhile.before.find_account (registry, meanwhile.account.user, &changed, NULL));
  g_strlcpy (changed.hash, meanwhile.account.hash, sizeof changed.hash);
  g_assert_true (registry->put_account (registry, &changed, NULL));
  g_assert_true (registry->revoke_sessions (registry, changed.user, NULL, NULL, NULL));
}

static bool
find_accounts_meanwhile (CsdRegistry *registry,
                         const char *code,
                         const char *username,
                         CsdAccountFunc func,
                         gpointer data,
                         GError **error)
{
  bool good =
    meanwhile.before.find_accounts (registry, code, username, func, data, error);

  change_meanwhile (registry);
  return good;
}

static bool
find_account_meanwhile (CsdRegistry *registry,
                        const char *user,
                        CsdAccount *ret_account,
                        GError **error)
{
  bool found = meanwhile.before.find_account (registry, user, ret_account, error);

  change_meanwhile (registry);
  return found;
}

static void
prepare_meanwhile (Fixture *fixture, const char *new_password)
{
  meanwhile = (Meanwhile){ .before = *fixture->server->registry };
  g_strlcpy (meanwhile.account.user, fixture->amina, sizeof meanwhile.account.user);
  g_assert_true (csd_password_hash (new_password, &fixture->config.password_cost,
                                    meanwhile.account.hash));
}

/* S20, S21: whoever signs in with the old password while it is being changed gets no session that outlives it. */
static void
test_sign_in_meanwhile (Fixture *fixture, gconstpointer data)
{
  CsdRegistry *registry = fixture->server->registry;
  g_autoptr (Client) thief = client_new (fixture, NULL);
  g_autoptr (Reply) late = NULL;
  g_autoptr (Reply) good = NULL;

  prepare_meanwhile (fixture, "a much longer one");
  registry->find_accounts = find_accounts_meanwhile;
  late = client_sign_in (thief, "amina", PASSWORD);
  g_assert_cmpuint (meanwhile.n, >, 0);
  g_assert_cmpuint (late->status, ==, 401);
  g_assert_cmpstr (late->code, ==, "credentials");
  good = client_sign_in (thief, "amina", "a much longer one");
  g_assert_cmpuint (good->status, ==, 200);
}

/* S20: nor is a password that an administrator has just given replaced by whoever had the old one. */
static void
test_password_meanwhile (Fixture *fixture, gconstpointer data)
{
  CsdRegistry *registry = fixture->server->registry;
  g_autoptr (Client) thief = client_new (fixture, "amina");
  g_autoptr (Client) amina = client_new (fixture, NULL);
  g_autoptr (Reply) late = NULL;
  g_autoptr (Reply) his = NULL;
  g_autoptr (Reply) good = NULL;

  prepare_meanwhile (fixture, "a much longer one");
  registry->find_account = find_account_meanwhile;
  late = change_password (thief, PASSWORD, "one of the thief");
  g_assert_cmpuint (meanwhile.n, >, 0);
  g_assert_cmpuint (late->status, ==, 401);
  his = client_sign_in (amina, "amina", "one of the thief");
  g_assert_cmpuint (his->status, ==, 401);
  good = client_sign_in (amina, "amina", "a much longer one");
  g_assert_cmpuint (good->status, ==, 200);
}

/* A token in the wrong hands is no way to try passwords, and does not make signing in easier to guess. */
static void
test_password_guessing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  guint evaluated = 0;

  for (guint i = 0; i < 100; i++) {
    g_autoptr (Reply) reply = change_password (client, "guess", "a much longer one");

    if (reply->status == 401)
      evaluated++;
    else {
      g_assert_cmpuint (reply->status, ==, 429);
      g_assert_cmpuint (reply->retry_after_s, >, 0);
    }
    fixture->now_ms += 100;
  }
  g_assert_cmpuint (evaluated, <=, 10);
  g_assert_cmpuint (evaluated, >=, 3);
  {
    g_autoptr (Reply) right = change_password (client, PASSWORD, "a much longer one");
    g_autoptr (Reply) sign_in = client_sign_in (client, "amina", PASSWORD);

    g_assert_cmpuint (right->status, ==, 429);
    g_assert_cmpuint (sign_in->status, ==, 429);
  }
  fixture->now_ms += 301 * 1000;
  {
    g_autoptr (Reply) right = change_password (client, PASSWORD, "a much longer one");

    g_assert_cmpuint (right->status, ==, 204);
  }
}

/* An administrator's command, beside the running server. */
static void
test_disabled_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autoptr (GError) error = NULL;
  g_autoptr (CsdServer) other = csd_server_open (fixture->folder, fixture->schema,
                                                 &fixture->env, &fixture->config, &error);
  gint64 before = csd_server_get_registry_version (fixture->server);
  g_autoptr (Reply) refused = NULL;
  CsdClaims claims[2];

  g_assert_true (
    csd_token_verify (&fixture->server->secrets, amina->access, 0, &claims[0]));
  g_assert_true (
    csd_token_verify (&fixture->server->secrets, maria->access, 0, &claims[1]));
  g_assert_no_error (error);
  g_assert_true (csd_server_has_session (fixture->server, claims[0].session));
  g_assert_cmpint (csd_server_get_registry_version (fixture->server), ==, before);
  g_assert_true (csd_server_set_disabled (other, "riverside", "amina", true, &error));
  g_assert_no_error (error);
  g_assert_cmpint (csd_server_get_registry_version (fixture->server), !=, before);
  g_assert_false (csd_server_has_session (fixture->server, claims[0].session));
  g_assert_true (csd_server_has_session (fixture->server, claims[1].session));
  refused = reply_new (fixture, "GET", "/v1/sync/hello", amina->access, NULL);
  g_assert_cmpuint (refused->status, ==, 401);
}

/* The same computer, two people. */
static void
test_shared_computer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) client = client_new (fixture, "amina");
  g_autoptr (Reply) other = client_sign_in (client, "maria", PASSWORD);
  g_autoptr (Reply) first =
    reply_new (fixture, "GET", "/v1/sync/hello", client->access, NULL);

  g_assert_cmpuint (other->status, ==, 200);
  g_assert_cmpuint (first->status, ==, 200);
}

static char *
sign_in_and_get (Client *client, const char *username, const char *name)
{
  g_autoptr (Reply) reply = client_sign_in (client, username, PASSWORD);

  g_assert_cmpuint (reply->status, ==, 200);
  client_take_tokens (client, reply);
  return json_get (reply->body->str, name);
}

/* The same person on the same device gets the same shares; the one for a forgotten PIN only for the password. */
static void
test_shares (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (Client) maria = client_new (fixture, "maria");
  g_autofree char *share = sign_in_and_get (amina, "amina", "share");
  g_autofree char *again = sign_in_and_get (amina, "amina", "share");
  g_autofree char *recovery = sign_in_and_get (amina, "amina", "recovery_share");
  g_autofree char *other = sign_in_and_get (maria, "maria", "share");
  g_autoptr (Reply) refreshed = client_refresh (amina, amina->refresh);
  g_autofree char *renewed = json_get (refreshed->body->str, "share");

  g_assert_cmpuint (strlen (share), ==, 44);
  g_assert_cmpstr (again, ==, share);
  g_assert_cmpstr (renewed, ==, share);
  g_assert_cmpstr (other, !=, share);
  g_assert_cmpstr (recovery, !=, share);
  g_assert_null (strstr (refreshed->body->str, "recovery_share"));
  g_assert_nonnull (strstr (refreshed->body->str, "\"lease_days\":7"));
  g_assert_nonnull (strstr (refreshed->body->str, "\"lock_minutes\":60"));
}

/* An organisation that wants no end of leases and no recovery; out of bounds nothing changes. */
static void
test_lock_policy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Client) amina = client_new (fixture, "amina");
  g_autoptr (GError) error = NULL;
  g_autofree char *organisation =
    csd_server_dup_organisation_id (fixture->server, "riverside", &error);
  g_autoptr (Reply) reply = NULL;
  CsdLockPolicy policy;

  g_assert_null (csd_server_dup_organisation_id (fixture->server, "nowhere", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (csd_server_get_lock (fixture->server, organisation, &policy, &error));
  policy.lease_days = CSD_MOST_LEASE_DAYS + 1;
  g_assert_false (csd_server_set_lock (fixture->server, organisation, &policy, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  policy.lease_days = 0;
  policy.lock_minutes = 5;
  policy.may_recover = false;
  g_assert_true (csd_server_set_lock (fixture->server, organisation, &policy, &error));
  reply = client_sign_in (amina, "amina", PASSWORD);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body->str, "\"share\""));
  g_assert_null (strstr (reply->body->str, "recovery_share"));
  g_assert_null (strstr (reply->body->str, "lease_days"));
  g_assert_nonnull (strstr (reply->body->str, "\"lock_minutes\":5"));
}

#define ADD(path, func)                                                                  \
  g_test_add ("/server/auth/" path, Fixture, NULL, fixture_set_up, func,                 \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sign-in", test_sign_in);
  ADD ("guessing", test_guessing);
  ADD ("S21-guessing-spellings", test_guessing_spellings);
  ADD ("tokens", test_tokens);
  ADD ("refresh", test_refresh);
  ADD ("refresh-losses", test_refresh_losses);
  ADD ("refresh-other-key", test_refresh_other_key);
  ADD ("sign-out", test_sign_out);
  ADD ("disabled", test_disabled);
  ADD ("password", test_password);
  ADD ("password-ends-sessions", test_password_ends_sessions);
  ADD ("S20-sign-in-meanwhile", test_sign_in_meanwhile);
  ADD ("S20-password-meanwhile", test_password_meanwhile);
  ADD ("password-guessing", test_password_guessing);
  ADD ("disabled-elsewhere", test_disabled_elsewhere);
  ADD ("shared-computer", test_shared_computer);
  ADD ("shares", test_shares);
  ADD ("lock-policy", test_lock_policy);
  return g_test_run ();
}
