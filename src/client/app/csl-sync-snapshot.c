/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync-snapshot.c: the truth about sync in one sentence. */
#include "config.h"

#include "client/app/csl-sync-snapshot.h"

#include "client/app/csl-region.h"

#include <glib/gi18n-lib.h>

bool
csl_sync_snapshot_is_offline (const CslSyncSnapshot *self)
{
  switch (self->status) {
  case CSL_SYNC_STATUS_OFFLINE:
  case CSL_SYNC_STATUS_PAUSED:
  case CSL_SYNC_STATUS_SIGN_IN:
  case CSL_SYNC_STATUS_CERTIFICATE:
  case CSL_SYNC_STATUS_TROUBLE:
    return true;
  case CSL_SYNC_STATUS_STARTING:
  case CSL_SYNC_STATUS_UP_TO_DATE:
  case CSL_SYNC_STATUS_SENDING:
  case CSL_SYNC_STATUS_RECEIVING:
  case CSL_SYNC_STATUS_DISK:
    break;
  }
  return false;
}

static int
days_between (GDateTime *from, GDateTime *to)
{
  GDate a, b;

  g_date_clear (&a, 1);
  g_date_clear (&b, 1);
  g_date_set_dmy (&a, (GDateDay) g_date_time_get_day_of_month (from),
                  (GDateMonth) g_date_time_get_month (from),
                  (GDateYear) g_date_time_get_year (from));
  g_date_set_dmy (&b, (GDateDay) g_date_time_get_day_of_month (to),
                  (GDateMonth) g_date_time_get_month (to),
                  (GDateYear) g_date_time_get_year (to));
  return g_date_days_between (&a, &b);
}

/* "14:03", "yesterday 14:03", "Tue 24 Nov 14:03" */
static char *
dup_time (gint64 ms, gint64 now_ms, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ms / 1000);
  g_autoptr (GDateTime) now_utc = g_date_time_new_from_unix_utc (now_ms / 1000);
  g_autoptr (GDateTime) then = g_date_time_to_timezone (utc, zone);
  g_autoptr (GDateTime) now = g_date_time_to_timezone (now_utc, zone);
  g_autofree char *clock = csl_region_clock (then);
  g_autofree char *day = NULL;
  int days = days_between (then, now);

  if (days == 0)
    return g_steal_pointer (&clock);
  /* Translators: a time of day */
  if (days == 1)
    return g_strdup_printf (_ ("yesterday %s"), clock);
  day = csl_region_day (then, CSL_REGION_DAY_SHORT);
  /* Translators: day and time of day, "Tue 24 Nov 15:30". */
  return g_strdup_printf (C_ ("day, time", "%s %s"), day, clock);
}

static char *
dup_waiting (guint waiting)
{
  return g_strdup_printf (ngettext ("%u change on this computer only",
                                    "%u changes on this computer only", waiting),
                          waiting);
}

static char *
dup_attention (guint attention)
{
  return g_strdup_printf (ngettext ("%u needs your attention", "%u need your attention",
                                    attention),
                          attention);
}

/* What everything is about: is the work safe? */
static char *
dup_safe (const CslSyncSnapshot *self, gint64 now_ms, GTimeZone *zone)
{
  g_autofree char *time = NULL;
  g_autofree char *waiting = NULL;
  g_autofree char *attention = NULL;

  if (self->attention > 0)
    attention = dup_attention (self->attention);
  if (self->waiting > 0) {
    waiting = dup_waiting (self->waiting);
    /* Translators: what waits and what needs attention, "3 changes …, 1 needs your attention" */
    return attention != NULL
             ? g_strdup_printf (C_ ("two facts", "%s, %s"), waiting, attention)
             : g_steal_pointer (&waiting);
  }
  if (attention != NULL)
    return g_steal_pointer (&attention);
  if (self->last_success_ms == 0)
    return g_strdup (_ ("Checking for changes…"));
  time = dup_time (self->last_success_ms, now_ms, zone);
  /* Translators: a time, such as 14:03 or yesterday 14:03 */
  return g_strdup_printf (_ ("Saved on the server %s"), time);
}

/* @state, and what is still only here. */
static char *
dup_with_waiting (const CslSyncSnapshot *self,
                  const char *state,
                  gint64 now_ms,
                  GTimeZone *zone)
{
  g_autofree char *more = NULL;

  if (self->waiting > 0)
    more = dup_waiting (self->waiting);
  else if (self->attention > 0)
    more = dup_attention (self->attention);
  else if (self->last_success_ms != 0) {
    g_autofree char *time = dup_time (self->last_success_ms, now_ms, zone);

    /* Translators: a time, such as 14:03 or yesterday 14:03 */
    more = g_strdup_printf (_ ("Up to date as of %s"), time);
  }
  /* Translators: two short sentences after each other, "Working offline. All is up to date" */
  return more != NULL ? g_strdup_printf (C_ ("two sentences", "%s. %s"), state, more)
                      : g_strdup (state);
}

static char *
dup_receiving (const CslSyncSnapshot *self, gint64 now_ms, GTimeZone *zone)
{
  if (self->progress < 0)
    return dup_safe (self, now_ms, zone);
  /* Translators: how much of a person's cases has arrived, in percent */
  return g_strdup_printf (_ ("Getting your cases… %d %%"), (int) (self->progress * 100));
}

char *
csl_sync_snapshot_dup_sentence (const CslSyncSnapshot *self,
                                gint64 now_ms,
                                GTimeZone *zone)
{
  if (self->order_refused)
    return dup_with_waiting (self,
                             _ ("A false order to remove this computer was ignored. "
                                "Please tell your administrator"),
                             now_ms, zone);
  switch (self->status) {
  case CSL_SYNC_STATUS_STARTING:
  case CSL_SYNC_STATUS_UP_TO_DATE:
    return dup_safe (self, now_ms, zone);
  case CSL_SYNC_STATUS_SENDING:
    return g_strdup_printf (ngettext ("Sending %u change…", "Sending %u changes…",
                                      MAX (self->waiting, 1)),
                            MAX (self->waiting, 1));
  case CSL_SYNC_STATUS_RECEIVING:
    return dup_receiving (self, now_ms, zone);
  case CSL_SYNC_STATUS_OFFLINE:
  case CSL_SYNC_STATUS_PAUSED:
    return dup_with_waiting (self, _ ("Working offline"), now_ms, zone);
  case CSL_SYNC_STATUS_SIGN_IN:
    return dup_with_waiting (self, _ ("Please sign in again"), now_ms, zone);
  case CSL_SYNC_STATUS_CERTIFICATE:
    return dup_with_waiting (self, _ ("The server could not prove who it is"), now_ms,
                             zone);
  case CSL_SYNC_STATUS_TROUBLE:
    return dup_with_waiting (self, _ ("The server has a problem, trying again"), now_ms,
                             zone);
  case CSL_SYNC_STATUS_DISK:
    return g_strdup (_ ("This computer’s disk is full or cannot be written"));
  }
  g_assert_not_reached ();
}

char *
csl_sync_snapshot_dup_words (const CslSyncSnapshot *self)
{
  if (self->attention > 0)
    /* Translators: very short, how many things need the person */
    return g_strdup_printf (ngettext ("%u needs you", "%u need you", self->attention),
                            self->attention);
  if (self->waiting > 0)
    /* Translators: very short, how many changes were not sent yet */
    return g_strdup_printf (ngettext ("%u unsent", "%u unsent", self->waiting),
                            self->waiting);
  if (csl_sync_snapshot_is_offline (self))
    /* Translators: very short, there is no network */
    return g_strdup (_ ("Offline"));
  if (self->status == CSL_SYNC_STATUS_DISK)
    /* Translators: very short, nothing can be written to the disk */
    return g_strdup (_ ("Disk full"));
  if (self->status == CSL_SYNC_STATUS_RECEIVING && self->progress >= 0)
    return g_strdup_printf ("%d %%", (int) (self->progress * 100));
  /* Translators: very short, everything is on the server */
  return g_strdup (self->last_success_ms != 0 ? _ ("Saved") : "…");
}

const char *
csl_sync_snapshot_get_icon_name (const CslSyncSnapshot *self)
{
  switch (self->status) {
  case CSL_SYNC_STATUS_SENDING:
  case CSL_SYNC_STATUS_STARTING:
    return "emblem-synchronizing-symbolic";
  case CSL_SYNC_STATUS_RECEIVING:
    if (self->progress >= 0)
      return "emblem-synchronizing-symbolic";
    break;
  case CSL_SYNC_STATUS_OFFLINE:
  case CSL_SYNC_STATUS_PAUSED:
    return "network-offline-symbolic";
  case CSL_SYNC_STATUS_SIGN_IN:
    return "dialog-password-symbolic";
  case CSL_SYNC_STATUS_CERTIFICATE:
  case CSL_SYNC_STATUS_TROUBLE:
  case CSL_SYNC_STATUS_DISK:
    return "dialog-warning-symbolic";
  case CSL_SYNC_STATUS_UP_TO_DATE:
    break;
  }
  if (self->attention > 0)
    return "dialog-warning-symbolic";
  return self->waiting > 0 ? "document-save-symbolic" : "emblem-ok-symbolic";
}
