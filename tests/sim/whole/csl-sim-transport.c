/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sim-transport.c: a network that loses, repeats, delays and cuts, between programs that die. */
#include "client/net/csl-net-session.h"
#include "direct/csl-direct-transport.h"
#include "server/csd-test-agency.h"
#include "sim/whole/csl-sim-twin.h"

#include <string.h>

#define MAX_LATE 8

typedef struct
{
  CslTransport base;
  CslSimLine line;
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
  g_autofree char *token = request->anonymous ? NULL : self->line.token (self->line.data);

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

static void
note (CslSimWorld *world, const Message *message, const CslDirectAnswer *answer)
{
  if (answer->head.status == 400)
    csl_sim_fail (world, "server", "protocol: %s is answered by %s", message->path,
                  answer->body->str);
  if (answer->head.status != 200)
    return;
  if (strcmp (message->path, "/v1/sync/push") == 0)
    csl_sim_note_push (world, message->body, answer->body);
  else if (strcmp (message->path, "/v1/sync/pull") == 0)
    csl_sim_note_pull (world, answer->body);
  else if (strcmp (message->path, "/v1/sync/manifest") == 0)
    csl_sim_world_count (world, CSL_SIM_MANIFEST_READ);
}

/* FALSE: the server died over it. */
static bool
deliver (CslSimWorld *world, const Message *message, CslDirectAnswer *answer)
{
  CsdRequest request = { .method = message->method,
                         .path = message->path,
                         .authorization = message->authorization,
                         .body = message->body,
                         .remote = "192.0.2.1" };
  g_autoptr (CslSimTwin) twin = csl_sim_twin_new (world, message->path);
  bool alive;

  g_string_truncate (answer->body, 0);
  csd_test_ask (world->server, &request, &answer->head, answer->body);
  alive = !csl_sim_server_recover (world);
  if (alive)
    note (world, message, answer);
  if (alive && twin != NULL && answer->head.status == 200)
    csl_sim_twin_compare (twin, message->authorization, message->body);
  return alive;
}

/* Old copies arrive in any order. */
static void
deliver_late (CslSimWorld *world, CslDirectAnswer *answer)
{
  while (world->late->len > 0 && csl_sim_world_chance (world, 300)) {
    g_autoptr (Message) message =
      g_ptr_array_steal_index (world->late, csl_sim_world_pick (world, world->late->len));

    csl_sim_world_count (world, CSL_SIM_NET_LATE);
    deliver (world, message, answer);
  }
}

static bool
fail (GError **error, CslNetError code)
{
  g_set_error (error, CSL_NET_ERROR, (int) code, "simulated fault %d", (int) code);
  return false;
}

/* Begins like the answer and goes on as something else. */
static bool
feed_garbage (CslSimWorld *world,
              const CslDirectAnswer *answer,
              const CslDirectTaker *taker,
              GError **error)
{
  gsize good = csl_sim_world_pick (world, (guint) answer->body->len + 1);
  g_autoptr (GString) text = g_string_new_len (answer->body->str, (gssize) good);

  csl_sim_world_count (world, CSL_SIM_NET_GARBAGE);
  g_string_append (text, "\n<html>\n{\"t\":\"done\"}\n[1,2\n");
  if (!csl_direct_answer_feed (answer, text->str, text->len, taker, error))
    return false;
  return fail (error, CSL_NET_ERROR_GARBAGE);
}

static bool
give_answer (CslSimWorld *world,
             const CslDirectAnswer *answer,
             const CslDirectTaker *taker,
             GError **error)
{
  CslExchangeReply *reply = taker->reply;
  gsize length = answer->body->len;

  if (csl_sim_world_chance (world, world->faults.lose_reply)) {
    csl_sim_world_count (world, CSL_SIM_NET_REPLY_LOST);
    return fail (error, CSL_NET_ERROR_TIMEOUT);
  }
  reply->status = answer->head.status;
  reply->server_time_ms = world->now_ms + world->server_skew_ms;
  reply->bytes_received = length;
  if (reply->status == 204)
    return true;
  if (reply->status != 200)
    return csl_direct_answer_refuse (answer, reply, error);
  if (csl_sim_world_chance (world, world->faults.garbage))
    return feed_garbage (world, answer, taker, error);
  if (!csl_sim_world_chance (world, world->faults.cut))
    return csl_direct_answer_feed (answer, answer->body->str, length, taker, error);
  /* Cut at any byte; HTTP notices it or, with a chunked body, does not. */
  csl_sim_world_count (world, CSL_SIM_NET_CUT);
  if (!csl_direct_answer_feed (answer, answer->body->str,
                               csl_sim_world_pick (world, (guint) length + 1), taker,
                               error))
    return false;
  return csl_sim_world_chance (world, 300) || fail (error, CSL_NET_ERROR_CUT);
}

/* Something on the way answers, not the server. */
static bool
is_intercepted (CslSimWorld *world, CslExchangeReply *reply, GError **error)
{
  static const struct
  {
    gsize chance; /* offset in CslSimFaults */
    guint status;
    CslNetError error;
    CslSimCount count;
  } others[] = {
    { G_STRUCT_OFFSET (CslSimFaults, drop), 0, CSL_NET_ERROR_OFFLINE,
      CSL_SIM_NET_DROPPED },
    { G_STRUCT_OFFSET (CslSimFaults, portal), 200, CSL_NET_ERROR_GARBAGE,
      CSL_SIM_NET_PORTAL },
    { G_STRUCT_OFFSET (CslSimFaults, expired), 401, CSL_NET_ERROR_UNAUTHORIZED,
      CSL_SIM_NET_401 },
    { G_STRUCT_OFFSET (CslSimFaults, limited), 429, CSL_NET_ERROR_BUSY, CSL_SIM_NET_429 },
    { G_STRUCT_OFFSET (CslSimFaults, broken), 500, CSL_NET_ERROR_BUSY, CSL_SIM_NET_500 },
    { G_STRUCT_OFFSET (CslSimFaults, busy), 503, CSL_NET_ERROR_BUSY, CSL_SIM_NET_503 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    if (!csl_sim_world_chance (world,
                               G_STRUCT_MEMBER (guint, &world->faults, others[i].chance)))
      continue;
    csl_sim_world_count (world, others[i].count);
    reply->status = others[i].status;
    if (others[i].error == CSL_NET_ERROR_BUSY)
      reply->retry_after_s = csl_sim_world_pick (world, 5);
    fail (error, others[i].error);
    return true;
  }
  return false;
}

/* What asks which rows there are does not come through. */
static bool
is_list_lost (CslSimWorld *world, const char *path)
{
  if ((strcmp (path, "/v1/sync/manifest") != 0 && strcmp (path, "/v1/sync/fetch") != 0) ||
      !csl_sim_world_chance (world, world->faults.lists))
    return false;
  csl_sim_world_count (world, CSL_SIM_NET_LIST_LOST);
  return true;
}

static bool
carry (SimTransport *self,
       const Message *message,
       const CslDirectTaker *taker,
       GError **error)
{
  CslSimWorld *world = self->line.world;
  CslDirectAnswer answer = { .body = g_string_new (NULL) };
  bool done;

  deliver_late (world, &answer);
  /* TLS lets nobody replay a refresh; an old one would rightly look like theft. */
  if (csl_sim_world_chance (world, world->faults.late) && world->late->len < MAX_LATE &&
      !g_str_has_prefix (message->path, "/v1/auth/"))
    g_ptr_array_add (world->late, message_copy (message));
  if (csl_sim_world_chance (world, world->faults.repeat)) {
    csl_sim_world_count (world, CSL_SIM_NET_REPEATED);
    deliver (world, message, &answer);
  }
  if (deliver (world, message, &answer))
    done = give_answer (world, &answer, taker, error);
  else
    done = fail (error, CSL_NET_ERROR_TIMEOUT);
  if (!g_str_has_prefix (message->path, "/v1/auth/"))
    csl_sim_world_say (world, "  %s %s %u %" G_GSIZE_FORMAT " %d", self->line.name,
                       message->path, answer.head.status, answer.body->len, done);
  g_string_free (answer.body, TRUE);
  return done;
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
  CslSimWorld *world = self->line.world;
  g_autoptr (Message) message = message_new (self, request);
  CslDirectTaker taker = { reply, on_line, data };

  *reply = (CslExchangeReply){ 0 };
  if (csl_sim_disk_is_dead (self->line.disk))
    return fail (error, CSL_NET_ERROR_OFFLINE);
  csl_sim_world_count (world, CSL_SIM_EXCHANGES);
  world->now_ms += 5 + csl_sim_world_pick (world, 40);
  if (world->restore_in > 0 && --world->restore_in == 0)
    csl_sim_server_restore (world);
  if (is_list_lost (world, request->path))
    return fail (error, CSL_NET_ERROR_TIMEOUT);
  if (is_intercepted (world, reply, error)) {
    if (reply->status == 401 && g_str_has_prefix (message->path, "/v1/auth/"))
      *self->line.ask_allowed = true;
    return false;
  }
  return carry (self, message, &taker, error);
}

CslTransport *
csl_sim_transport_new (const CslSimLine *line)
{
  SimTransport *self = g_new0 (SimTransport, 1);

  self->base.exchange = sim_exchange;
  self->line = *line;
  return &self->base;
}

void
csl_sim_transport_free (CslTransport *transport)
{
  g_free (transport);
}
