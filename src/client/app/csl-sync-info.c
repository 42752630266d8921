/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-sync-info.c: the truth about sync as the header shows it. */
#include "client/app/csl-sync-info-private.h"

struct _CslSyncInfo
{
  GObject parent_instance;

  const CslEnv *env; /* (unowned) */
  GTimeZone *zone;   /* (owned) */
  CslSyncSnapshot snapshot;
  char *sentence; /* (owned) */
  char *words;    /* (owned) */
};

G_DEFINE_FINAL_TYPE (CslSyncInfo, csl_sync_info, G_TYPE_OBJECT)

enum {
  PROP_STATUS = 1,
  PROP_WAITING,
  PROP_ATTENTION,
  PROP_SENTENCE,
  PROP_WORDS,
  PROP_ICON_NAME,
  PROP_LAST_SUCCESS_MS,
  PROP_OFFLINE_SINCE_MS,
  PROP_PROGRESS,
  PROP_CLOCK_DIFFERENCE_S,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
csl_sync_info_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  CslSyncInfo *self = CSL_SYNC_INFO (object);

  switch (id) {
  case PROP_STATUS:
    g_value_set_uint (value, self->snapshot.status);
    break;
  case PROP_WAITING:
    g_value_set_uint (value, self->snapshot.waiting);
    break;
  case PROP_ATTENTION:
    g_value_set_uint (value, self->snapshot.attention);
    break;
  case PROP_SENTENCE:
    g_value_set_string (value, self->sentence);
    break;
  case PROP_WORDS:
    g_value_set_string (value, self->words);
    break;
  case PROP_ICON_NAME:
    g_value_set_static_string (value, csl_sync_snapshot_get_icon_name (&self->snapshot));
    break;
  case PROP_LAST_SUCCESS_MS:
    g_value_set_int64 (value, self->snapshot.last_success_ms);
    break;
  case PROP_OFFLINE_SINCE_MS:
    g_value_set_int64 (value, self->snapshot.offline_since_ms);
    break;
  case PROP_PROGRESS:
    g_value_set_double (value, self->snapshot.progress);
    break;
  case PROP_CLOCK_DIFFERENCE_S:
    g_value_set_int64 (value, self->snapshot.clock_difference_s);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
csl_sync_info_finalize (GObject *object)
{
  CslSyncInfo *self = CSL_SYNC_INFO (object);

  g_time_zone_unref (self->zone);
  g_free (self->sentence);
  g_free (self->words);
  G_OBJECT_CLASS (csl_sync_info_parent_class)->finalize (object);
}

static void
csl_sync_info_class_init (CslSyncInfoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = csl_sync_info_get_property;
  object_class->finalize = csl_sync_info_finalize;
  properties[PROP_STATUS] =
    g_param_spec_uint ("status", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_WAITING] =
    g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_ATTENTION] =
    g_param_spec_uint ("attention", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, "", flags);
  properties[PROP_WORDS] = g_param_spec_string ("words", NULL, NULL, "", flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, "", flags);
  properties[PROP_LAST_SUCCESS_MS] =
    g_param_spec_int64 ("last-success-ms", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_OFFLINE_SINCE_MS] =
    g_param_spec_int64 ("offline-since-ms", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PROGRESS] =
    g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_CLOCK_DIFFERENCE_S] = g_param_spec_int64 ("clock-difference-s", NULL,
                                                            NULL, G_MININT64, G_MAXINT64,
                                                            0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
csl_sync_info_init (CslSyncInfo *self)
{
  self->snapshot = (CslSyncSnapshot) CSL_SYNC_SNAPSHOT_INIT;
  self->zone = g_time_zone_new_local ();
}

static void
tell (CslSyncInfo *self, guint property, bool differs)
{
  if (differs)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

CslSyncInfo *
csl_sync_info_new (const CslEnv *env)
{
  CslSyncInfo *self = g_object_new (CSL_TYPE_SYNC_INFO, NULL);

  self->env = env;
  self->sentence =
    csl_sync_snapshot_dup_sentence (&self->snapshot, csl_env_wall_ms (env), self->zone);
  self->words = csl_sync_snapshot_dup_words (&self->snapshot);
  return self;
}

static void
renew_text (CslSyncInfo *self, char **text, char *now, guint property)
{
  if (g_strcmp0 (*text, now) == 0) {
    g_free (now);
    return;
  }
  g_free (*text);
  *text = now;
  tell (self, property, true);
}

void
csl_sync_info_renew (CslSyncInfo *self, const CslSyncSnapshot *snapshot)
{
  CslSyncSnapshot old;

  g_return_if_fail (CSL_IS_SYNC_INFO (self));
  old = self->snapshot;
  self->snapshot = *snapshot;
  g_object_freeze_notify (G_OBJECT (self));
  renew_text (self, &self->sentence,
              csl_sync_snapshot_dup_sentence (snapshot, csl_env_wall_ms (self->env),
                                              self->zone),
              PROP_SENTENCE);
  renew_text (self, &self->words, csl_sync_snapshot_dup_words (snapshot), PROP_WORDS);
  tell (self, PROP_STATUS, old.status != snapshot->status);
  tell (self, PROP_WAITING, old.waiting != snapshot->waiting);
  tell (self, PROP_ATTENTION, old.attention != snapshot->attention);
  tell (self, PROP_ICON_NAME,
        csl_sync_snapshot_get_icon_name (&old) !=
          csl_sync_snapshot_get_icon_name (snapshot));
  tell (self, PROP_LAST_SUCCESS_MS, old.last_success_ms != snapshot->last_success_ms);
  tell (self, PROP_OFFLINE_SINCE_MS, old.offline_since_ms != snapshot->offline_since_ms);
  tell (self, PROP_PROGRESS,
        old.progress < snapshot->progress || old.progress > snapshot->progress);
  tell (self, PROP_CLOCK_DIFFERENCE_S,
        old.clock_difference_s != snapshot->clock_difference_s);
  g_object_thaw_notify (G_OBJECT (self));
}

const CslSyncSnapshot *
csl_sync_info_get_snapshot (CslSyncInfo *self)
{
  g_return_val_if_fail (CSL_IS_SYNC_INFO (self), NULL);
  return &self->snapshot;
}

CslSyncStatus
csl_sync_info_get_status (CslSyncInfo *self)
{
  g_return_val_if_fail (CSL_IS_SYNC_INFO (self), CSL_SYNC_STATUS_STARTING);
  return self->snapshot.status;
}

gboolean
csl_sync_info_get_offline (CslSyncInfo *self)
{
  g_return_val_if_fail (CSL_IS_SYNC_INFO (self), TRUE);
  return csl_sync_snapshot_is_offline (&self->snapshot);
}

guint
csl_sync_info_get_waiting (CslSyncInfo *self)
{
  g_return_val_if_fail (CSL_IS_SYNC_INFO (self), 0);
  return self->snapshot.waiting;
}

guint
csl_sync_info_get_attention (CslSyncInfo *self)
{
  g_return_val_if_fail (CSL_IS_SYNC_INFO (self), 0);
  return self->snapshot.attention;
}

const char *
csl_sync_info_get_sentence (CslSyncInfo *self)
{
  g_return_val_if_fail (CSL_IS_SYNC_INFO (self), NULL);
  return self->sentence;
}
