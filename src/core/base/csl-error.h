/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Error domains of the core. Codes say what the caller can do, not where it broke. */
#pragma once

#include <glib.h>
#include <stdbool.h>

G_BEGIN_DECLS

#define CSL_JSON_ERROR   (csl_json_error_quark ())
#define CSL_SCHEMA_ERROR (csl_schema_error_quark ())
#define CSL_WIRE_ERROR   (csl_wire_error_quark ())
#define CSL_NET_ERROR    (csl_net_error_quark ())

typedef enum {
  CSL_JSON_ERROR_SYNTAX,    /* not JSON (RFC 8259), bad UTF-8, NUL, number out of range */
  CSL_JSON_ERROR_LIMIT,     /* too deep, too long, too many nodes */
  CSL_JSON_ERROR_DUPLICATE, /* the same member twice in one object */
} CslJsonError;

typedef enum {
  CSL_SCHEMA_ERROR_INVALID, /* a definition file is wrong; details are in the problem list */
} CslSchemaError;

typedef enum {
  CSL_WIRE_ERROR_SYNTAX,  /* not a line of this protocol */
  CSL_WIRE_ERROR_UNKNOWN, /* a message or record type this version does not know */
  CSL_WIRE_ERROR_VALUE,   /* a member has the wrong type or range */
} CslWireError;

typedef enum {
  CSL_NET_ERROR_OFFLINE, /* no route, no name, connection refused: wait for the network */
  CSL_NET_ERROR_TIMEOUT, /* no answer in time: try again later */
  CSL_NET_ERROR_CUT,     /* the answer stopped in the middle: try again now */
  CSL_NET_ERROR_CERTIFICATE,  /* not our server: tell the user, send nothing */
  CSL_NET_ERROR_UNAUTHORIZED, /* 401: sign in again, keep everything */
  CSL_NET_ERROR_REFUSED,      /* other 4xx: a programming or version difference */
  CSL_NET_ERROR_TOO_LARGE,    /* 413: send less at once */
  CSL_NET_ERROR_BUSY,         /* 408, 425, 429, 5xx: wait (Retry-After) and try again */
  CSL_NET_ERROR_GARBAGE,      /* 200 with something else, e.g. a captive portal */
} CslNetError;

/* Hands *@local on to @error. TRUE: there is none. For loops that end without more rows, or by an error. */
bool csl_error_pass (GError **local, GError **error);

GQuark csl_json_error_quark (void);
GQuark csl_schema_error_quark (void);
GQuark csl_wire_error_quark (void);
GQuark csl_net_error_quark (void);

/* Files with unsent work (src/store/csl-sealed.h). */
#define CSL_SEALED_ERROR (csl_sealed_error_quark ())
typedef enum {
  CSL_SEALED_ERROR_FOREIGN,   /* not a sealed file at all */
  CSL_SEALED_ERROR_NEWER,     /* made by a newer program */
  CSL_SEALED_ERROR_DAMAGED,   /* cut, or a bit has flipped */
  CSL_SEALED_ERROR_LOCK,      /* it has the other kind of lock */
  CSL_SEALED_ERROR_WRONG_KEY, /* whole, but this passphrase or key does not open it */
  CSL_SEALED_ERROR_OTHERS,    /* opened, but it holds somebody else's work */
  CSL_SEALED_ERROR_MEMORY,    /* the passphrase cannot be tried here: not enough memory */
} CslSealedError;
GQuark csl_sealed_error_quark (void);

G_END_DECLS
