/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filling a new server with the demo agencies. */
#pragma once

#include "server/csd-server.h"

G_BEGIN_DECLS

#define CSD_DEMO_PASSWORD_SIZE 24

/* A random password that the server takes for @username. */
void csd_demo_make_password (const char *username,
                             char ret_password[CSD_DEMO_PASSWORD_SIZE]);

/* An account that was made; the password is shown this once. */
typedef struct
{
  const char *organisation_code, *organisation_name, *centre_name; /* centre (nullable) */
  const char *first_name, *last_name, *username, *role, *password;
} CsdDemoAccount;

typedef void (*CsdDemoAccountFunc) (const CsdDemoAccount *account, gpointer data);

/* Two agencies with 400 clients, at least 600 cases and 8,000 notes together, appointments around @now_ms. Records follow
 * from @seed and the day; passwords are random. @report gets every account. */
bool csd_demo_load (CsdServer *server,
                    const CslSchema *schema,
                    guint32 seed,
                    gint64 now_ms,
                    CsdDemoAccountFunc report,
                    gpointer data,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
