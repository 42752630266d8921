/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small messages: pull request, push head, hello answer, tokens. One table per message {member, kind,
 * offset, flags} drives reading (from the guarded tape) and printing. Unknown members are ignored. */
#pragma once

#include "core/base/csl-error.h"

#include <stdbool.h>

G_BEGIN_DECLS

typedef struct
{
  char *device;      /* (owned) */
  char *inc, *epoch; /* (owned) (nullable) */
  gint64 since;
  gint64 schema;
  char *resume;     /* (owned) (nullable) JSON from a page line, verbatim */
  gint64 max_bytes; /* of one page; 0 = server's default */
  gint64 acked;     /* 0 = since */
  char *sums;       /* (owned) (nullable) 16 hex digits over the replica's bucket sums */
  gint64 unsent;    /* operations waiting on this device, for the office's view */
} CslPullRequest;

/* First line of a push: {"t":"push","device":…,"inc":…,"epoch":…} */
typedef struct
{
  char *device, *inc; /* (owned) */
  char *epoch;        /* (owned) (nullable) */
} CslPushHead;

typedef struct
{
  gint64 protocol_min, protocol_max, schema_min, schema;
  char *epoch;
  gint64 head, horizon, safe_seq;
  gint64 epoch_head; /* head a backup was restored at; 0 in the first epoch */
  char *time;
  gint64 page_bytes, push_ops, push_bytes;
  char *order; /* (owned) (nullable): relogin | reconcile */
} CslHello;

/* POST /v1/auth/sign-in {organisation?, username, password, device, device_name, public_key} and
 * POST /v1/auth/refresh {refresh_token, device, signature} both answer CslTokens. */
typedef struct
{
  char *access_token, *refresh_token;
  gint64 expires_in; /* seconds */
  char *organisation, *organisation_name, *user, *display_name;
  char *must_change;               /* (nullable) "password" */
  char *share, *recovery_share;    /* (nullable) base64: parts of the replica's key */
  gint64 lease_days, lock_minutes; /* 0: no end; no rule */
  char *time;                      /* (nullable) instant of the server */
  /* Keys of the organisation, base64: pinned by the device. (nullable) */
  char *order_key;      /* checks orders */
  char *recovery_key;   /* unsent work of a lost computer is sealed to it */
  gint64 order_counter; /* newest counter of this device's orders: older ones are void */
} CslTokens;

/* An order of the organisation to one device, signed with its order key. It comes as "order" beside "code" and "message"
 * of a refusal. */
typedef struct
{
  char *kind;                         /* wipe */
  char *organisation, *device, *user; /* whose copy on which computer */
  gint64 counter;                     /* rises with every order */
  char *time;                         /* instant: for people, decides nothing */
  char *recovery_key;                 /* base64: what to seal unsent work to */
  char *signature; /* base64, Ed25519 over csl_order_dup_signed_text() */
} CslOrder;

void csl_pull_request_clear (CslPullRequest *self);
void csl_push_head_clear (CslPushHead *self);
void csl_hello_clear (CslHello *self);
void csl_tokens_clear (CslTokens *self);
void csl_order_clear (CslOrder *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslPullRequest, csl_pull_request_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslPushHead, csl_push_head_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslHello, csl_hello_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslTokens, csl_tokens_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CslOrder, csl_order_clear)
bool csl_pull_request_parse (CslPullRequest *ret,
                             const char *text,
                             gsize length,
                             GError **error);
char *csl_pull_request_print (const CslPullRequest *self);
/* Without its newline. */
bool csl_push_head_parse (CslPushHead *ret,
                          const char *text,
                          gsize length,
                          GError **error);
char *csl_push_head_print (const CslPushHead *self);
bool csl_hello_parse (CslHello *ret, const char *text, gsize length, GError **error);
char *csl_hello_print (const CslHello *self);
bool csl_tokens_parse (CslTokens *ret, const char *text, gsize length, GError **error);
char *csl_tokens_print (const CslTokens *self);
bool csl_order_parse (CslOrder *ret, const char *text, gsize length, GError **error);
char *csl_order_print (const CslOrder *self);
/* What the signature is over: every other member on a line of its own. Caller frees. */
char *csl_order_dup_signed_text (const CslOrder *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
