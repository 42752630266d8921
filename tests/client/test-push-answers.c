/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to a push as they come: lines of a later protocol among them. */
#include "client/app/csl-session-private.h"
#include "client/app/csl-sync-context.h"
#include "csl-test-session.h"
#include "store/csl-env-system.h"

/* Answers each operation with "ok", and says something else before and after. */
typedef struct
{
  CslTransport base;
  const char *before, *after; /* (nullable): lines */
} Server;

static bool
answer_op (const char *line, CslLineFunc on_line, gpointer data, GError **error)
{
  g_auto (CslJson) json = { 0 };
  g_autofree char *op = NULL;
  g_autofree char *answer = NULL;
  gint64 n;

  csl_json_init (&json);
  g_assert_true (csl_json_scan (&json, line, strlen (line), &csl_json_limits_line, NULL));
  op = csl_json_member_dup_string (&json, 0, "op");
  n = csl_json_member_int (&json, 0, "n", 0);
  answer = g_strdup_printf ("{\"op\":\"%s\",\"n\":%" G_GINT64_FORMAT
                            ",\"r\":\"ok\",\"seq\":%" G_GINT64_FORMAT
                            ",\"rev\":%" G_GINT64_FORMAT "}",
                            op, n, 1 + n, 1 + n);
  return on_line (answer, strlen (answer), data, error);
}

static bool
say (const char *line, CslLineFunc on_line, gpointer data, GError **error)
{
  return line == NULL || on_line (line, strlen (line), data, error);
}

static bool
exchange (CslTransport *transport,
          const CslExchange *request,
          CslExchangeReply *reply,
          CslLineFunc on_line,
          gpointer data,
          GCancellable *cancellable,
          GError **error)
{
  const Server *server = (const Server *) transport;
  gsize length;
  const char *body = g_bytes_get_data (request->body, &length);
  g_autofree char *text = g_strndup (body, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  reply->status = 200;
  if (!say (server->before, on_line, data, error))
    return false;
  for (guint i = 1; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !answer_op (lines[i], on_line, data, error))
      return false;
  return say (server->after, on_line, data, error);
}

/* What is not acknowledged after two notes were sent to @server. */
static guint
push_two (Server *server)
{
  CslTestSession test;
  CslSyncContext context = { .env = csl_env_system (), .transport = &server->base };
  guint left;

  server->base.exchange = exchange;
  csl_test_session_init (&test, NULL);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (CslRecord) note = csl_session_new_record (test.session, "note");
    g_autoptr (CslEdit) edit = csl_edit_new ();

    csl_record_set_text (note, "client", test.client->id);
    csl_record_set_text (note, "case", test.other_case->id);
    csl_record_set_text (note, "content", "She showed the notice.");
    csl_edit_add (edit, NULL, note);
    csl_test_session_save (&test, edit);
  }
  context.vault = test.session->vault;
  g_assert_cmpuint (csl_sync_context_count (&context), ==, 2);
  csl_sync_context_push (&context, 500);
  left = csl_sync_context_count (&context);
  csl_test_session_clear (&test);
  return left;
}

/* A reader ignores lines whose kind it does not know: nothing waits for ever because the server has learnt something. */
static void
test_unknown_line (void)
{
  Server server = { .before = "{\"t\":\"notice\",\"text\":\"Down for an hour.\"}",
                    .after = "{\"t\":\"bill\",\"ops\":2}" };

  g_assert_cmpuint (push_two (&server), ==, 0);
}

/* Something that is no answer at all ends the exchange; what came before it counts. */
static void
test_garbage (void)
{
  Server first = { .before = "<html>" }, last = { .after = "<html>" };

  g_assert_cmpuint (push_two (&first), ==, 2);
  g_assert_cmpuint (push_two (&last), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/push/I23/unknown-line", test_unknown_line);
  g_test_add_func ("/sync/push/garbage", test_garbage);
  return g_test_run ();
}
