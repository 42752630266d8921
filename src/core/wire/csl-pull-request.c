/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-pull-request.c: the small messages. One table per message drives reading, printing and
 * clearing, so that a member cannot be forgotten in one of them. */
#include "core/wire/csl-pull-request.h"

#include "core/base/csl-json-write.h"
#include "core/wire/csl-wire-private.h"

#include <string.h>

typedef enum {
  FORM_TEXT,
  FORM_COUNT,
  FORM_OBJECT, /* kept as it is written */
} Form;

typedef struct
{
  const char *name;
  Form form;
  gsize offset;
  bool required;
} Member;

typedef struct
{
  const char *name; /* for messages */
  const char *kind; /* (nullable) value of "t" */
  gsize size;
  const Member *members;
  guint n_members;
} Message;

#define MEMBER(type, form, member, required)                                             \
  {                                                                                      \
#member, form, G_STRUCT_OFFSET(type, member), required                               \
  }
#define MESSAGE(name, kind, type, members)                                               \
  {                                                                                      \
    name, kind, sizeof (type), members, G_N_ELEMENTS (members)                           \
  }

static const Member pull_request_members[] = {
  MEMBER (CslPullRequest, FORM_TEXT, device, true),
  MEMBER (CslPullRequest, FORM_TEXT, inc, false),
  MEMBER (CslPullRequest, FORM_TEXT, epoch, false),
  MEMBER (CslPullRequest, FORM_COUNT, since, true),
  MEMBER (CslPullRequest, FORM_COUNT, schema, true),
  MEMBER (CslPullRequest, FORM_OBJECT, resume, false),
  MEMBER (CslPullRequest, FORM_COUNT, max_bytes, false),
  MEMBER (CslPullRequest, FORM_COUNT, acked, false),
  MEMBER (CslPullRequest, FORM_TEXT, sums, false),
  MEMBER (CslPullRequest, FORM_COUNT, unsent, false),
};
static const Message pull_request =
  MESSAGE ("pull", NULL, CslPullRequest, pull_request_members);

static const Member push_head_members[] = {
  MEMBER (CslPushHead, FORM_TEXT, device, true),
  MEMBER (CslPushHead, FORM_TEXT, inc, true),
  MEMBER (CslPushHead, FORM_TEXT, epoch, false),
};
static const Message push_head = MESSAGE ("push", "push", CslPushHead, push_head_members);

static const Member hello_members[] = {
  MEMBER (CslHello, FORM_COUNT, protocol_min, true),
  MEMBER (CslHello, FORM_COUNT, protocol_max, true),
  MEMBER (CslHello, FORM_COUNT, schema_min, true),
  MEMBER (CslHello, FORM_COUNT, schema, true),
  MEMBER (CslHello, FORM_TEXT, epoch, true),
  MEMBER (CslHello, FORM_COUNT, epoch_head, false),
  MEMBER (CslHello, FORM_COUNT, head, true),
  MEMBER (CslHello, FORM_COUNT, horizon, true),
  MEMBER (CslHello, FORM_COUNT, safe_seq, true),
  MEMBER (CslHello, FORM_TEXT, time, true),
  MEMBER (CslHello, FORM_COUNT, page_bytes, false),
  MEMBER (CslHello, FORM_COUNT, push_ops, false),
  MEMBER (CslHello, FORM_COUNT, push_bytes, false),
  MEMBER (CslHello, FORM_TEXT, order, false),
};
static const Message hello = MESSAGE ("hello", NULL, CslHello, hello_members);

static const Member tokens_members[] = {
  MEMBER (CslTokens, FORM_TEXT, access_token, true),
  MEMBER (CslTokens, FORM_TEXT, refresh_token, true),
  MEMBER (CslTokens, FORM_COUNT, expires_in, true),
  MEMBER (CslTokens, FORM_TEXT, organisation, true),
  MEMBER (CslTokens, FORM_TEXT, organisation_name, true),
  MEMBER (CslTokens, FORM_TEXT, user, true),
  MEMBER (CslTokens, FORM_TEXT, display_name, true),
  MEMBER (CslTokens, FORM_TEXT, must_change, false),
  MEMBER (CslTokens, FORM_TEXT, share, false),
  MEMBER (CslTokens, FORM_TEXT, recovery_share, false),
  MEMBER (CslTokens, FORM_COUNT, lease_days, false),
  MEMBER (CslTokens, FORM_COUNT, lock_minutes, false),
  MEMBER (CslTokens, FORM_TEXT, time, false),
  MEMBER (CslTokens, FORM_TEXT, order_key, false),
  MEMBER (CslTokens, FORM_TEXT, recovery_key, false),
  MEMBER (CslTokens, FORM_COUNT, order_counter, false),
};
static const Message tokens = MESSAGE ("tokens", NULL, CslTokens, tokens_members);

static const Member order_members[] = {
  MEMBER (CslOrder, FORM_TEXT, kind, true),
  MEMBER (CslOrder, FORM_TEXT, organisation, true),
  MEMBER (CslOrder, FORM_TEXT, device, true),
  MEMBER (CslOrder, FORM_TEXT, user, true),
  MEMBER (CslOrder, FORM_COUNT, counter, true),
  MEMBER (CslOrder, FORM_TEXT, time, true),
  MEMBER (CslOrder, FORM_TEXT, recovery_key, true),
  MEMBER (CslOrder, FORM_TEXT, signature, true),
};
static const Message order = MESSAGE ("order", NULL, CslOrder, order_members);

static void
message_clear (const Message *message, gpointer data)
{
  for (guint i = 0; i < message->n_members; i++) {
    const Member *member = &message->members[i];
    if (member->form != FORM_COUNT)
      g_free (G_STRUCT_MEMBER (char *, data, member->offset));
  }
  memset (data, 0, message->size);
}

static bool
read_member (const CslJson *json, guint value, const Member *member, gpointer data)
{
  gpointer at = G_STRUCT_MEMBER_P (data, member->offset);
  CslJsonKind kind = csl_json_token (json, value)->kind;

  switch (member->form) {
  case FORM_TEXT:
    *(char **) at = csl_json_dup_string (json, value);
    return *(char **) at != NULL && (!member->required || **(char **) at != '\0');
  case FORM_COUNT:
    return csl_wire_read_count (json, value, at);
  case FORM_OBJECT:
    *(char **) at = csl_json_dup_source (json, value);
    return kind == CSL_JSON_OBJECT;
  }
  return false;
}

static bool
read_members (const Message *message, const CslJson *json, gpointer data, GError **error)
{
  if (csl_json_token (json, 0)->kind != CSL_JSON_OBJECT)
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "%s: not an object",
                          message->name);
  if (message->kind != NULL) {
    guint kind = csl_json_member (json, 0, "t");
    if (kind == 0 || !csl_json_equals (json, kind, message->kind))
      return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "%s: another kind of message",
                            message->name);
  }
  for (guint i = 0; i < message->n_members; i++) {
    const Member *member = &message->members[i];
    guint value = csl_json_member (json, 0, member->name);
    bool absent = value == 0 || csl_json_token (json, value)->kind == CSL_JSON_NULL;
    if (absent ? member->required : !read_member (json, value, member, data))
      return csl_wire_fail (error, CSL_WIRE_ERROR_VALUE,
                            "%s.%s: missing or not of its form", message->name,
                            member->name);
  }
  return true;
}

static bool
message_parse (const Message *message,
               gpointer ret,
               const char *text,
               gsize length,
               GError **error)
{
  g_autoptr (GError) scan_error = NULL;
  g_auto (CslJson) json = { 0 };

  csl_json_init (&json);
  memset (ret, 0, message->size);
  if (!csl_json_scan (&json, text, length, &csl_json_limits_request, &scan_error))
    return csl_wire_fail (error, CSL_WIRE_ERROR_SYNTAX, "%s: %s", message->name,
                          scan_error->message);
  if (read_members (message, &json, ret, error))
    return true;
  message_clear (message, ret);
  return false;
}

/* Absent: NULL, or 0 where the member may be missing. */
static void
print_member (GString *out, const Member *member, gconstpointer data)
{
  gconstpointer at = (const char *) data + member->offset;
  gint64 number = member->form == FORM_COUNT ? *(const gint64 *) at : 0;
  const char *text = member->form != FORM_COUNT ? *(char *const *) at : NULL;

  switch (member->form) {
  case FORM_TEXT:
    if (text != NULL)
      csl_json_write_member_string (out, member->name, text);
    break;
  case FORM_COUNT:
    if (number != 0 || member->required)
      csl_json_write_member_int (out, member->name, number);
    break;
  case FORM_OBJECT:
    if (text != NULL) {
      csl_json_write_name (out, member->name);
      g_string_append (out, text);
    }
    break;
  }
}

static char *
message_print (const Message *message, gconstpointer data)
{
  GString *out = g_string_new ("{");

  if (message->kind != NULL)
    csl_json_write_member_string (out, "t", message->kind);
  for (guint i = 0; i < message->n_members; i++)
    print_member (out, &message->members[i], data);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

void
csl_pull_request_clear (CslPullRequest *self)
{
  message_clear (&pull_request, self);
}

void
csl_push_head_clear (CslPushHead *self)
{
  message_clear (&push_head, self);
}

void
csl_hello_clear (CslHello *self)
{
  message_clear (&hello, self);
}

void
csl_tokens_clear (CslTokens *self)
{
  message_clear (&tokens, self);
}

void
csl_order_clear (CslOrder *self)
{
  message_clear (&order, self);
}

/**
 * csl_pull_request_parse:
 * @ret: uninitialised memory; all zero after a failure
 * @error: CSL_WIRE_ERROR_SYNTAX or CSL_WIRE_ERROR_VALUE, also for the other messages
 */
bool
csl_pull_request_parse (CslPullRequest *ret,
                        const char *text,
                        gsize length,
                        GError **error)
{
  return message_parse (&pull_request, ret, text, length, error);
}

char *
csl_pull_request_print (const CslPullRequest *self)
{
  return message_print (&pull_request, self);
}

bool
csl_push_head_parse (CslPushHead *ret, const char *text, gsize length, GError **error)
{
  return message_parse (&push_head, ret, text, length, error);
}

char *
csl_push_head_print (const CslPushHead *self)
{
  return message_print (&push_head, self);
}

bool
csl_hello_parse (CslHello *ret, const char *text, gsize length, GError **error)
{
  return message_parse (&hello, ret, text, length, error);
}

char *
csl_hello_print (const CslHello *self)
{
  return message_print (&hello, self);
}

bool
csl_tokens_parse (CslTokens *ret, const char *text, gsize length, GError **error)
{
  return message_parse (&tokens, ret, text, length, error);
}

char *
csl_tokens_print (const CslTokens *self)
{
  return message_print (&tokens, self);
}

bool
csl_order_parse (CslOrder *ret, const char *text, gsize length, GError **error)
{
  return message_parse (&order, ret, text, length, error);
}

char *
csl_order_print (const CslOrder *self)
{
  return message_print (&order, self);
}

char *
csl_order_dup_signed_text (const CslOrder *self)
{
  return g_strdup_printf ("caseload-order\n%s\n%s\n%s\n%s\n%" G_GINT64_FORMAT "\n%s\n%s",
                          self->kind, self->organisation, self->device, self->user,
                          self->counter, self->time, self->recovery_key);
}
