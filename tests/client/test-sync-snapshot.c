/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-sync-snapshot.c: what a person reads about sync. */
#include "client/app/csl-sync-info-private.h"

#define TODAY_MS G_GINT64_CONSTANT (1795183380000) /* Fri 20 Nov 2026, 14:03 UTC */
#define HOUR_MS  G_GINT64_CONSTANT (3600000)
#define DAY_MS   (24 * HOUR_MS)

typedef struct
{
  CslSyncSnapshot snapshot;
  const char *sentence, *icon;
} Case;

typedef struct
{
  CslSyncSnapshot snapshot;
  const char *words;
} Words;

static const Case cases[] = {
  { { CSL_SYNC_STATUS_STARTING, 0, 0, 0, 0, 0, -1, 0, false },
    "Checking for changes…",
    "emblem-synchronizing-symbolic" },
  { { CSL_SYNC_STATUS_STARTING, 2, 0, 0, 0, 0, -1, 0, false },
    "2 changes on this computer only",
    "emblem-synchronizing-symbolic" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 0, 0, 0, TODAY_MS, 0, -1, 0, false },
    "Saved on the server 14:03",
    "emblem-ok-symbolic" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 0, 0, 0, TODAY_MS - DAY_MS, 0, -1, 0, false },
    "Saved on the server yesterday 14:03",
    "emblem-ok-symbolic" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 0, 0, 0, TODAY_MS - 3 * DAY_MS, 0, -1, 0, false },
    "Saved on the server Tue 17 Nov 14:03",
    "emblem-ok-symbolic" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 0, 1, 0, TODAY_MS, 0, -1, 0, false },
    "1 needs your attention",
    "dialog-warning-symbolic" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 0, 2, 0, TODAY_MS, 0, -1, 0, false },
    "2 need your attention",
    "dialog-warning-symbolic" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 3, 1, 0, TODAY_MS, 0, -1, 0, false },
    "3 changes on this computer only, 1 needs your attention",
    "dialog-warning-symbolic" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 1, 0, 0, TODAY_MS, 0, -1, 0, false },
    "1 change on this computer only",
    "document-save-symbolic" },
  { { CSL_SYNC_STATUS_SENDING, 3, 0, 0, TODAY_MS, 0, -1, 0, false },
    "Sending 3 changes…",
    "emblem-synchronizing-symbolic" },
  { { CSL_SYNC_STATUS_RECEIVING, 0, 0, 0, TODAY_MS, 0, -1, 0, false },
    "Saved on the server 14:03",
    "emblem-ok-symbolic" },
  { { CSL_SYNC_STATUS_RECEIVING, 0, 0, 0, 0, 0, 0.409, 0, false },
    "Getting your cases… 40 %",
    "emblem-synchronizing-symbolic" },
  { { CSL_SYNC_STATUS_OFFLINE, 7, 0, 0, TODAY_MS, TODAY_MS, -1, 0, false },
    "Working offline. 7 changes on this computer only",
    "network-offline-symbolic" },
  { { CSL_SYNC_STATUS_OFFLINE, 0, 0, 0, TODAY_MS, TODAY_MS, -1, 0, false },
    "Working offline. Up to date as of 14:03",
    "network-offline-symbolic" },
  { { CSL_SYNC_STATUS_OFFLINE, 0, 0, 0, 0, TODAY_MS, -1, 0, false },
    "Working offline",
    "network-offline-symbolic" },
  { { CSL_SYNC_STATUS_PAUSED, 1, 0, 0, 0, 0, -1, 0, false },
    "Working offline. 1 change on this computer only",
    "network-offline-symbolic" },
  { { CSL_SYNC_STATUS_SIGN_IN, 1, 0, 0, 0, 0, -1, 0, false },
    "Please sign in again. 1 change on this computer only",
    "dialog-password-symbolic" },
  { { CSL_SYNC_STATUS_CERTIFICATE, 0, 0, 0, 0, 0, -1, 0, false },
    "The server could not prove who it is",
    "dialog-warning-symbolic" },
  { { CSL_SYNC_STATUS_TROUBLE, 0, 2, 0, 0, 0, -1, 0, false },
    "The server has a problem, trying again. 2 need your attention",
    "dialog-warning-symbolic" },
  { { CSL_SYNC_STATUS_DISK, 0, 0, 0, TODAY_MS, 0, -1, 0, false },
    "This computer’s disk is full or cannot be written",
    "dialog-warning-symbolic" },
};

static void
test_sentences (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *sentence =
      csl_sync_snapshot_dup_sentence (&cases[i].snapshot, TODAY_MS + HOUR_MS, utc);

    g_assert_cmpstr (sentence, ==, cases[i].sentence);
    g_assert_cmpstr (csl_sync_snapshot_get_icon_name (&cases[i].snapshot), ==,
                     cases[i].icon);
  }
}

static const Words words[] = {
  { { CSL_SYNC_STATUS_STARTING, 0, 0, 0, 0, 0, -1, 0, false }, "…" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 0, 0, 0, TODAY_MS, 0, -1, 0, false }, "Saved" },
  { { CSL_SYNC_STATUS_RECEIVING, 0, 0, 0, 0, 0, 0.409, 0, false }, "40 %" },
  { { CSL_SYNC_STATUS_OFFLINE, 0, 0, 0, TODAY_MS, 0, -1, 0, false }, "Offline" },
  { { CSL_SYNC_STATUS_OFFLINE, 7, 0, 0, TODAY_MS, 0, -1, 0, false }, "7 unsent" },
  { { CSL_SYNC_STATUS_SENDING, 1, 0, 0, TODAY_MS, 0, -1, 0, false }, "1 unsent" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 3, 1, 0, TODAY_MS, 0, -1, 0, false }, "1 needs you" },
  { { CSL_SYNC_STATUS_UP_TO_DATE, 0, 2, 0, TODAY_MS, 0, -1, 0, false }, "2 need you" },
  { { CSL_SYNC_STATUS_DISK, 0, 0, 0, TODAY_MS, 0, -1, 0, false }, "Disk full" },
};

static void
test_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autofree char *text = csl_sync_snapshot_dup_words (&words[i].snapshot);

    g_assert_cmpstr (text, ==, words[i].words);
  }
}

/* Whatever the state: "saved on the server" never stands beside unsent or refused work. */
static void
test_never_claims_too_much (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  for (int status = CSL_SYNC_STATUS_STARTING; status <= CSL_SYNC_STATUS_DISK; status++)
    for (guint bits = 1; bits < 4; bits++) {
      CslSyncSnapshot snapshot = {
        (CslSyncStatus) status, bits & 1, bits >> 1, 0, TODAY_MS, 0, -1, 0, false
      };
      g_autofree char *sentence =
        csl_sync_snapshot_dup_sentence (&snapshot, TODAY_MS, utc);
      g_autofree char *short_words = csl_sync_snapshot_dup_words (&snapshot);

      g_assert_null (g_strstr_len (sentence, -1, "Saved on"));
      g_assert_cmpstr (short_words, !=, "Saved");
    }
}

static gint64
wall_cb (gpointer data)
{
  return TODAY_MS;
}

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer data)
{
  GString *names = data;

  g_string_append_printf (names, "%s ", pspec->name);
}

static void
test_info_notifies_what_differs (void)
{
  CslEnv env = { .wall_ms = wall_cb };
  CslSyncInfo *info = csl_sync_info_new (&env);
  CslSyncSnapshot snapshot = CSL_SYNC_SNAPSHOT_INIT;
  g_autoptr (GString) names = g_string_new (NULL);

  g_signal_connect (info, "notify", G_CALLBACK (count_cb), names);
  csl_sync_info_renew (info, &snapshot);
  g_assert_cmpstr (names->str, ==, "");
  snapshot.last_success_ms = TODAY_MS;
  snapshot.status = CSL_SYNC_STATUS_UP_TO_DATE;
  csl_sync_info_renew (info, &snapshot);
  g_assert_cmpstr (csl_sync_info_get_sentence (info), ==, "Saved on the server 14:03");
  g_assert_nonnull (g_strstr_len (names->str, -1, "sentence "));
  g_assert_nonnull (g_strstr_len (names->str, -1, "status "));
  g_assert_null (g_strstr_len (names->str, -1, "waiting "));
  g_string_truncate (names, 0);
  csl_sync_info_renew (info, &snapshot);
  g_assert_cmpstr (names->str, ==, "");
  g_assert_finalize_object (info);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client/sync-snapshot/sentences", test_sentences);
  g_test_add_func ("/client/sync-snapshot/words", test_words);
  g_test_add_func ("/client/sync-snapshot/never-claims-too-much",
                   test_never_claims_too_much);
  g_test_add_func ("/client/sync-snapshot/info-notifies-what-differs",
                   test_info_notifies_what_differs);
  return g_test_run ();
}
