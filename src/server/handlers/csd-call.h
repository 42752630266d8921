/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One authenticated call: what every handler of /v1/sync gets, and helpers they share. */
#pragma once

#include "server/csd-server-private.h"

G_BEGIN_DECLS

/* The oldest version of the record types that records are given out to. */
#define CSD_SCHEMA_MIN 1

typedef struct
{
  CsdServer *server;             /* (unowned) */
  CsdOrganisation *organisation; /* (unowned): locked */
  CsdStorage *storage;           /* (unowned) */
  CsdClaims claims;
  const char *body; /* (unowned): "" when there is none */
  gsize length;
  CsdResponse *response; /* (unowned) */
} CsdCall;

typedef void (*CsdCallFunc) (CsdCall *call);

void csd_call_sign_in (CsdServer *server,
                       const CsdRequest *request,
                       CsdResponse *response);
void csd_call_refresh (CsdServer *server,
                       const CsdRequest *request,
                       CsdResponse *response);
void csd_call_sign_out (CsdServer *server,
                        const CsdClaims *claims,
                        CsdResponse *response);
void csd_call_password (CsdServer *server,
                        const CsdClaims *claims,
                        const CsdRequest *request,
                        CsdResponse *response);

/* What a computer that was ordered to wipe its copy says: signed, without a token. */
void csd_call_device_sealed (CsdServer *server,
                             const CsdRequest *request,
                             CsdResponse *response);
void csd_call_device_wiped (CsdServer *server,
                            const CsdRequest *request,
                            CsdResponse *response);

void csd_call_devices (CsdServer *server, const CsdClaims *claims, CsdResponse *response);
void csd_call_device_status (CsdServer *server,
                             const CsdClaims *claims,
                             const CsdRequest *request,
                             CsdResponse *response);

/* Answers a token that is not good, or not any more. */
void csd_call_refuse_token (CsdServer *server,
                            const CsdRequest *request,
                            CsdResponse *response);

void csd_call_hello (CsdCall *call);
void csd_call_push (CsdCall *call);
/* The body is lines without a head, numbered in the incarnation @inc, which is one of copies (csd-incarnation.h). */
void csd_call_push_file (CsdCall *call, const char *inc);
void csd_call_pull (CsdCall *call);
void csd_call_manifest (CsdCall *call);
void csd_call_fetch (CsdCall *call);
void csd_call_history (CsdCall *call);

/* Reads the body, a JSON object, into @json, which the caller clears. FALSE: 400 is answered. */
bool csd_call_scan_body (const CsdRequest *request,
                         const CslJsonLimits *limits,
                         CslJson *json,
                         CsdResponse *response) G_GNUC_WARN_UNUSED_RESULT;
/* Answers 400: the body lacks something. */
void csd_call_refuse_members (CsdResponse *response);
/* Logs @error and answers 500. */
void csd_call_fail (CsdResponse *response, const GError *error);
/* The instant now, as text. */
char *csd_call_dup_now (const CsdServer *server) G_GNUC_WARN_UNUSED_RESULT;
/* Mask of the caller for a whole bucket name at @seq (G_MAXINT64: now): TRUE when it is among them. */
bool csd_call_sees (CsdCall *call, const char *bucket, gint64 seq);
/* Appends the head line. */
void csd_call_write_head (CsdCall *call, GString *out, gint64 since, gint64 until);

G_END_DECLS
