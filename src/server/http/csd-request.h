/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One request and its answer, independent of how they travel: the listener fills them from HTTP, tests by hand.
 * Knows nothing of storage.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

typedef struct
{
  const char *method;        /* "GET", "POST", … */
  const char *path;          /* decoded, without query */
  const char *authorization; /* (nullable) value of the header */
  const char *encoding;      /* (nullable) Content-Encoding of the body */
  const char *protocol;      /* (nullable) Caseload-Protocol */
  const char *remote; /* (nullable) address as the proxy saw it; for back-off only */
  GBytes *body;       /* (nullable) */
  bool too_large;     /* the body was longer than it may be, and was not kept */
  char id[17];        /* request id for the log */
} CsdRequest;

typedef struct _CsdResponse CsdResponse;

/* Takes one piece of the answer's body. Called in the thread of the handler. */
typedef void (*CsdWriteFunc) (CsdResponse *response,
                              const char *text,
                              gsize length,
                              gpointer data);

struct _CsdResponse
{
  guint status;             /* 0 until the answer begins */
  const char *content_type; /* (unowned): static text */
  guint retry_after_s;
  gsize written; /* bytes so far */
  char code[32]; /* machine code of an error, for the log */
  CsdWriteFunc write;
  gpointer data;
};

#define CSD_TYPE_JSON   "application/json"
#define CSD_TYPE_NDJSON "application/x-ndjson"

void csd_response_init (CsdResponse *response, CsdWriteFunc write, gpointer data);
/* Sets status and type once; later calls change nothing. */
void csd_response_begin (CsdResponse *response, guint status, const char *content_type);
void csd_response_write (CsdResponse *response, const char *text, gsize length);
/* Writes what @text holds and empties it. */
void csd_response_flush (CsdResponse *response, GString *text);
/* A whole JSON answer. */
void csd_response_json (CsdResponse *response, guint status, const char *json);
/* {"code":…,"message":…}; nothing when the answer has begun. */
void csd_response_error (CsdResponse *response,
                         guint status,
                         const char *code,
                         const char *message);
/* The same with "order", JSON, when there is one (nullable). */
void csd_response_refuse (CsdResponse *response,
                          guint status,
                          const char *code,
                          const char *message,
                          const char *order);
bool csd_response_has_begun (const CsdResponse *response);

G_END_DECLS
