/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-transport.c: a network that loses, repeats, delays and cuts. */
#include "client/net/csl-line-reader.h"
#include "client/net/csl-net-session.h"
#include "core/base/csl-json-scan.h"
#include "sim/csl-sim-world.h"

#include <string.h>

#define MAX_LATE 8

typedef struct
{
  CslTransport base;
  CslSimWorld *world;
  char *(*token) (gpointer);
  gpointer data;
} SimTransport;

/* A copy of a request, for the server. */
typedef struct
{
  char *method, *path, *authorization; /* (owned) */
  GBytes *body;                        /* (owned) (nullable) */
} Message;

static void
message_free (Message *message)
{
  g_free (message->method);
  g_free (message->path);
  g_free (message->authorization);
  g_clear_pointer (&message->body, g_bytes_unref);
  g_free (message);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Message, message_free)

void
csl_sim_message_free (gpointer message)
{
  message_free (message);
}

static Message *
message_new (SimTransport *self, const CslExchange *request)
{
  Message *message = g_new0 (Message, 1);
  g_autofree char *token = request->anonymous ? NULL : self->token (self->data);

  message->method = g_strdup (request->method);
  message->path = g_strdup (request->path);
  message->authorization = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;
  message->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  return message;
}

static Message *
message_copy (const Message *message)
{
  Message *copy = g_new0 (Message, 1);

  copy->method = g_strdup (message->method);
  copy->path = g_strdup (message->path);
  copy->authorization = g_strdup (message->authorization);
  copy->body = message->body != NULL ? g_bytes_ref (message->body) : NULL;
  return copy;
}

typedef struct
{
  CsdResponse head;
  GString *body; /* (owned) */
} Answer;

static void
answer_write_cb (CsdResponse *response, const char *text, gsize length, gpointer data)
{
  g_string_append_len (((Answer *) data)->body, text, (gssize) length);
}

static void
deliver (CslSimWorld *world, const Message *message, Answer *answer)
{
  CsdRequest request = { .method = message->method,
                         .path = message->path,
                         .authorization = message->authorization,
                         .body = message->body,
                         .remote = "192.0.2.1" };

  g_string_truncate (answer->body, 0);
  csd_response_init (&answer->head, answer_write_cb, answer);
  csd_server_handle (world->server, &request, &answer->head);
}

/* Old copies arrive in any order. */
static void
deliver_late (CslSimWorld *world, Answer *answer)
{
  while (world->late->len > 0 && csl_sim_world_chance (world, 300)) {
    g_autoptr (Message) message =
      g_ptr_array_steal_index (world->late, csl_sim_world_pick (world, world->late->len));

    deliver (world, message, answer);
  }
}

static bool
fail (CslSimWorld *world, GError **error, CslNetError code)
{
  world->faulted++;
  g_set_error (error, CSL_NET_ERROR, (int) code, "simulated fault %d", (int) code);
  return false;
}

static bool
refuse (const Answer *answer, CslExchangeReply *reply, GError **error)
{
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  if (csl_json_scan (&json, answer->body->str, answer->body->len,
                     &csl_json_limits_request, NULL)) {
    reply->error_code = csl_json_member_dup_string (&json, 0, "code");
    reply->error_text = csl_json_member_dup_string (&json, 0, "message");
  }
  reply->retry_after_s = answer->head.retry_after_s;
  g_set_error (error, CSL_NET_ERROR, (int) csl_net_error_from_status (reply->status),
               "status %u, code %s", reply->status,
               reply->error_code != NULL ? reply->error_code : "none");
  return false;
}

static bool
feed (const Answer *answer,
      gsize length,
      CslLineFunc on_line,
      gpointer data,
      GError **error)
{
  g_auto (CslLineReader) reader = { 0 };

  if (strcmp (answer->head.content_type, CSD_TYPE_JSON) == 0)
    return on_line (answer->body->str, length, data, error);
  csl_line_reader_init (&reader, 2 * 1024 * 1024, 64 * 1024 * 1024, on_line, data);
  return csl_line_reader_push (&reader, answer->body->str, length, error) &&
         csl_line_reader_finish (&reader, error);
}

static bool
give_answer (CslSimWorld *world,
             const Answer *answer,
             CslExchangeReply *reply,
             CslLineFunc on_line,
             gpointer data,
             GError **error)
{
  gsize length = answer->body->len;

  if (csl_sim_world_chance (world, world->faults.lose_reply))
    return fail (world, error, CSL_NET_ERROR_TIMEOUT);
  reply->status = answer->head.status;
  reply->server_time_ms = world->now_ms;
  reply->bytes_received = length;
  if (reply->status == 204)
    return true;
  if (reply->status != 200)
    return refuse (answer, reply, error);
  if (!csl_sim_world_chance (world, world->faults.cut))
    return feed (answer, length, on_line, data, error);
  /* Cut at any byte; HTTP notices it or, with a chunked body, does not. */
  if (!feed (answer, csl_sim_world_pick (world, (guint) length + 1), on_line, data,
             error))
    return false;
  return csl_sim_world_chance (world, 300) || fail (world, error, CSL_NET_ERROR_CUT);
}

static bool
sim_exchange (CslTransport *transport,
              const CslExchange *request,
              CslExchangeReply *reply,
              CslLineFunc on_line,
              gpointer data,
              GCancellable *cancellable,
              GError **error)
{
  SimTransport *self = (SimTransport *) transport;
  CslSimWorld *world = self->world;
  g_autoptr (Message) message = message_new (self, request);
  Answer answer = { .body = g_string_new (NULL) };
  bool done;

  *reply = (CslExchangeReply){ 0 };
  world->exchanges++;
  world->now_ms += 5 + csl_sim_world_pick (world, 40);
  deliver_late (world, &answer);
  if (csl_sim_world_chance (world, world->faults.drop))
    done = fail (world, error, CSL_NET_ERROR_OFFLINE);
  else if (csl_sim_world_chance (world, world->faults.garbage))
    done = fail (world, error, CSL_NET_ERROR_GARBAGE);
  else if (csl_sim_world_chance (world, world->faults.busy)) {
    reply->status = 503;
    reply->retry_after_s = 1 + csl_sim_world_pick (world, 5);
    done = fail (world, error, CSL_NET_ERROR_BUSY);
  } else {
    /* TLS lets nobody replay a refresh; an old one would rightly look like theft. */
    if (csl_sim_world_chance (world, world->faults.late) && world->late->len < MAX_LATE &&
        !g_str_has_prefix (message->path, "/v1/auth/"))
      g_ptr_array_add (world->late, message_copy (message));
    deliver (world, message, &answer);
    if (csl_sim_world_chance (world, world->faults.repeat))
      deliver (world, message, &answer);
    done = give_answer (world, &answer, reply, on_line, data, error);
  }
  g_string_free (answer.body, TRUE);
  return done;
}

CslTransport *
csl_sim_transport_new (CslSimWorld *world, char *(*token) (gpointer), gpointer data)
{
  SimTransport *self = g_new0 (SimTransport, 1);

  self->base.exchange = sim_exchange;
  self->world = world;
  self->token = token;
  self->data = data;
  return &self->base;
}

void
csl_sim_transport_free (CslTransport *transport)
{
  g_free (transport);
}
