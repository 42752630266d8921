/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CsdDemoWorld: what making demo records needs: the definitions, the text, one seeded source of chance, the moment it is now,
 * and where finished records go. The same seed and day give the same records. */
#pragma once

#include "core/base/csl-env.h"
#include "core/schema/csl-schema.h"
#include "server/demo/csd-demo-corpus.h"

G_BEGIN_DECLS

#define CSD_DEMO_HOUR_MS G_GINT64_CONSTANT (3600000)
#define CSD_DEMO_DAY_MS  (24 * CSD_DEMO_HOUR_MS)

/* Takes a finished record. @by: user id. FALSE with @error stops the demo. */
typedef bool (*CsdDemoSink) (CslRecord *record,
                             const char *created_at,
                             const char *created_by,
                             gpointer data,
                             GError **error);

typedef struct
{
  const CslSchema *schema;     /* (unowned) */
  const CsdDemoCorpus *corpus; /* (unowned) */
  GRand *chance;               /* (owned) */
  gint64 now_ms;
  gint64 clock_ms;    /* moment the record being made belongs to: ids are ordered by it */
  CslEnv env;         /* clock_ms and chance, for ids */
  const char *locale; /* (unowned): "uk" or "us" */
  const char *zone;   /* (unowned): IANA */
  GTimeZone *held_zone; /* (owned) (nullable): kept so that GLib need not read it again */
  const char *currency;
  CsdDemoSink sink;
  gpointer sink_data;
  GError *error; /* (owned): the first one; nothing is made after it */
} CsdDemoWorld;

void csd_demo_world_init (CsdDemoWorld *self,
                          const CslSchema *schema,
                          const CsdDemoCorpus *corpus,
                          guint32 seed,
                          gint64 now_ms);
void csd_demo_world_clear (CsdDemoWorld *self);
/* "uk" or "us". */
void csd_demo_world_set_locale (CsdDemoWorld *self, const char *locale);

/* 0 ≤ result < @size. */
guint csd_demo_pick (CsdDemoWorld *self, guint size);
bool csd_demo_chance (CsdDemoWorld *self, guint percent);
/* A text of an array; "" when it is empty. */
const char *csd_demo_pick_text (CsdDemoWorld *self, JsonArray *texts);

/* Moment of @days from today (negative: past) at @hour:@minute in the zone of the locale. */
gint64 csd_demo_moment (CsdDemoWorld *self, int days, int hour, int minute);
/* Canonical texts. */
char *csd_demo_dup_date (CsdDemoWorld *self, gint64 ms) G_GNUC_WARN_UNUSED_RESULT;
char *csd_demo_dup_instant (CsdDemoWorld *self, gint64 ms) G_GNUC_WARN_UNUSED_RESULT;

/* A record with its defaults, as made at @ms by @user. */
CslRecord *csd_demo_record_new (CsdDemoWorld *self,
                                const char *type,
                                gint64 ms,
                                const char *user) G_GNUC_WARN_UNUSED_RESULT;
void csd_demo_set_instant (CsdDemoWorld *self,
                           CslRecord *record,
                           const char *field,
                           gint64 ms);
void csd_demo_set_date (CsdDemoWorld *self,
                        CslRecord *record,
                        const char *field,
                        gint64 ms);
/* Hands the record over (it is freed). */
void csd_demo_emit (CsdDemoWorld *self, CslRecord *record, gint64 ms, const char *user);

G_END_DECLS
